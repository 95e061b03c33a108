import type { Prefixes } from '../command/find-prefix.ts';
import { parseOwnLabel, usualPrefix } from '../command/own-label.ts';
import type { RunPolicy } from '../model/run.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { findForbidden } from '../network/network-permit.ts';
import { isMistakeOf } from '../policy/is-mistake-of.ts';
import { nameSandbox } from '../policy/name-sandbox.ts';
import { parseSettings } from '../policy/parse-settings.ts';
import type { Policy } from '../policy/policy.ts';
import type { PolicyMistake } from '../policy/policy-mistake.ts';
import { renderPolicyMistake } from '../reply/render-policy-mistake.ts';
import type { Draft } from './draft.ts';
import { toGatePolicy } from './to-gate-policy.ts';

export interface ReadPolicy {
  readonly policy: RunPolicy;
  readonly mistakes: string[];
  /** Mistakes where guessing would make the gate weaker than the repository asked for: no run starts on them. */
  readonly blocking: string[];
  /** Limits of money that it sets where nobody knows what models cost: nothing would hold them. */
  readonly uncountedLimits: string[];
  /** Coding agents that it names and that the operator does not offer: no other takes their place. */
  readonly absentAgents: string[];
  /** Models that it names and that the operator does not offer. */
  readonly absentModels: string[];
  /** The sandbox that it names and that the operator does not offer. */
  readonly absentSandbox: string | undefined;
  /** Hosts that agents or set-up commands are to reach and that the operator does not permit. */
  readonly forbiddenHosts: readonly string[];
  /** Whether drafts that no run made are read as well. */
  readonly readsDrafts: boolean;
}

/** The part of a picture that settings are read by. */
export interface SettingsPicture {
  readonly snapshot: {
    readonly facts: Pick<
      Snapshot['facts'],
      'repository' | 'slug' | 'agents' | 'models' | 'sandboxes' | 'network' | 'knowsPrices' | 'hash'
    >;
  };
}

/** The policy of the default branch as it is now, reduced to what runs use. */
export function readRunPolicy(draft: SettingsPicture): ReadPolicy {
  const facts = draft.snapshot.facts.repository;
  const { policy, mistakes, given } = parseSettings(facts ?? {});
  return {
    policy: toRunPolicy(draft, policy, facts?.packageText),
    mistakes: mistakes.map(renderPolicyMistake),
    blocking: mistakes.filter(isBlocking).map(renderPolicyMistake),
    uncountedLimits: draft.snapshot.facts.knowsPrices === false ? given.filter(isOfMoney).map(tellKey) : [],
    absentSandbox: findAbsentSandbox(
      policy,
      draft.snapshot.facts.sandboxes.map(({ name }) => name),
    ),
    forbiddenHosts: findForbidden([...policy.sandbox.network, ...policy.setup.network], draft.snapshot.facts.network),
    absentAgents: policy.agents.chain.filter((name) => !draft.snapshot.facts.agents.includes(name)),
    absentModels: findAbsentModels(draft, policy),
    readsDrafts: policy.review.drafts,
  };
}

function isOfMoney({ key }: { readonly key: string }): boolean {
  return key.startsWith('budget.') && key.endsWith('_usd');
}

export function tellKey({ key, file }: { readonly key: string; readonly file?: string }): string {
  return file === undefined ? key : `${key} (of ${file})`;
}

/** How the bot is spoken to. While GitHub cannot be asked it is what the newest run knows, so that a stop is heard. */
export function readPrefixes(draft: Draft): Prefixes {
  return { slash: readSlash(draft), mention: draft.snapshot.facts.slug ?? draft.record.run?.policy.mention ?? '' };
}

/** The word after the slash, as above. */
export function readSlash(draft: Draft): string {
  const { facts } = draft.snapshot;
  const known = facts.repository ? undefined : draft.record.run?.policy.slash;
  return known ?? readRunPolicy(draft).policy.slash;
}

/** What stands before the colon of our labels, as above; in an outage, and without a run, what is known of labels that are on. */
export function readLabelPrefix(draft: Draft): string {
  const { facts } = draft.snapshot;
  if (facts.repository) return readRunPolicy(draft).policy.labelPrefix ?? usualPrefix;
  const { run, held, ignored } = draft.record;
  if (run) return run.policy.labelPrefix ?? usualPrefix;
  const on = held?.label ?? ignored?.label;
  return (on && parseOwnLabel(on)?.prefix) ?? usualPrefix;
}

/** Which bots are heard; while GitHub cannot be asked, none: nothing that they may say ends what must end. */
export function readBots(draft: Draft): readonly string[] {
  return draft.snapshot.facts.repository ? readRunPolicy(draft).policy.bots : [];
}

/** Whoever says wrongly how to verify and what to protect would get less than was asked for. */
export const guardedSections = ['verify', 'gate', 'sandbox', 'setup', 'review', 'publish'] as const;

export function isBlocking(mistake: PolicyMistake): boolean {
  return isMistakeOf(mistake, guardedSections);
}

const minuteMs = 60_000;

function toRunPolicy(draft: SettingsPicture, policy: Policy, packageText: string | undefined): RunPolicy {
  const { hash, sandboxes, slug, agents } = draft.snapshot.facts;
  const { repository_usd: monthUsd } = policy.budget;
  const gate = toGatePolicy(policy, { packageText, usualSandbox: sandboxes[0]?.name, hash });
  return {
    ...gate,
    planApproval: policy.mode.plan_approval,
    checksBaseline: policy.verify.baseline,
    maxAttempts: policy.max_attempts,
    maxTasks: policy.max_tasks,
    maxSkipRatio: policy.pilot.max_skip_ratio,
    isAcceptanceEnabled: policy.acceptance.enabled,
    acceptanceMs: policy.acceptance.timeout_seconds * 1000,
    isPilotEnabled: policy.pilot.enabled,
    pilotMs: policy.pilot.timeout_seconds * 1000,
    agents: policy.agents.chain.length > 0 ? policy.agents.chain : agents.slice(0, 1),
    models: policy.models,
    attemptMs: policy.agents.timeout_minutes * minuteMs,
    ...(policy.agents.max_turns === undefined ? {} : { maxTurns: policy.agents.max_turns }),
    graceTurns: policy.agents.grace_turns,
    questionMs: policy.questions.timeout_minutes * minuteMs,
    maxQuestions: policy.questions.per_run,
    idleMs: policy.agents.idle_minutes * minuteMs,
    runMs: policy.budget.run_minutes * minuteMs,
    ...(policy.budget.run_tokens === undefined ? {} : { runTokens: policy.budget.run_tokens }),
    ...(policy.budget.run_attempts === undefined ? {} : { runAttempts: policy.budget.run_attempts }),
    runMicroUsd: Math.round(policy.budget.run_usd * 1_000_000),
    dayMicroUsd: Math.round(policy.budget.day_usd * 1_000_000),
    ...(monthUsd === undefined ? {} : { monthMicroUsd: Math.round(monthUsd * 1_000_000) }),
    // Named in the record, so that what a run worked in can be read there.
    sandbox: { ...gate.sandbox, network: policy.sandbox.network },
    slash: policy.command.slash,
    ...(slug === undefined ? {} : { mention: slug }),
    ...(policy.labels.prefix === usualPrefix ? {} : { labelPrefix: policy.labels.prefix }),
    ...(policy.mode.draft_prs ? { opensDrafts: true } : {}),
    showsState: policy.labels.state,
    bots: policy.command.bots,
    ...(policy.max_runs === undefined ? {} : { maxRuns: policy.max_runs }),
    ...(policy.notes.file === undefined ? {} : { notesFile: policy.notes.file }),
  };
}

function findAbsentModels(draft: SettingsPicture, { models }: Policy): string[] {
  const named = new Set([...models.agent, ...models.planner, ...models.pilot, ...models.reviewer]);
  return [...named].filter((name) => !draft.snapshot.facts.models.includes(name));
}

/** Nothing weaker and nothing else takes its place. */
export function findAbsentSandbox(policy: Policy, offered: readonly string[]): string | undefined {
  const name = nameSandbox(policy, undefined);
  return name === undefined || offered.includes(name) ? undefined : name;
}
