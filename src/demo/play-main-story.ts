// The main story: an issue is labelled, a pull request appears, the gate opens, a maintainer merges, the tree is proven.
import { Redis } from 'ioredis';
import { evaluateGate } from '../core/gate/evaluate-gate.ts';
import { type SubjectId, toSubjectId } from '../core/model/subject.ts';
import { isOfDay } from '../core/run/day-money.ts';
import type { ClockPort } from '../engine/port/clock.ts';
import type { LoggedEvent, StorePort } from '../engine/port/store.ts';
import { redisPrefix } from '../process/open-foundation.ts';
import { createStore } from '../store/create-store.ts';
import type { Stack } from './stack/start-stack.ts';
import { tellStory } from './story.ts';
import { maintainer, repository, type World } from './world/seed-world.ts';

interface Stage {
  readonly stack: Stack;
  readonly world: World;
  readonly clock: ClockPort;
  readonly print: (line: string) => void;
  /** How long one step of the story may take. */
  readonly stepMs: number;
  /** Nobody knows how often a real model asks and remarks: only a script gives one comment on each thread. */
  readonly isTidinessKnown: boolean;
}

/** True when the pull request was merged and its tree proven. */
export async function playMainStory(stage: Stage): Promise<boolean> {
  const { stack, world, clock, print } = stage;
  const { control, github } = stack;
  const redis = new Redis(stack.redis.url);
  const store = createStore(redis, { prefix: redisPrefix });
  const state = await control.readState();
  const id = state.repositories.find(({ fullName }) => fullName === repository)?.id ?? 0;
  const subject = toSubjectId(github.host, id, world.mainIssue);
  const page = `${github.controlUrl}/${repository}`;
  const ended = new AbortController();
  const linkOf = (event: LoggedEvent) => toLink(page, world.mainIssue, event);
  const told = tellStory({ store, subject, clock, print, linkOf }, ended.signal);
  try {
    print(`\nThe page: ${page}\nThe issue: ${page}/issues/${world.mainIssue}\n`);
    print(`@${maintainer} puts the label "pilot:run" on issue #${world.mainIssue}.`);
    await control.label({ as: maintainer, repository, number: world.mainIssue, label: 'pilot:run' });
    const number = await waitFor(stage, store, subject, 'ready');
    if (number === undefined) return false;
    if (!(await waitForGate(stage, { store, subject, number }))) return false;
    print(
      `\nThe gate is open: ${page}/pull/${number}\n@${maintainer} comments "/pilot merge" on pull request #${number}.`,
    );
    await control.comment({ as: maintainer, repository, number, body: '/pilot merge' });
    const merged = await waitFor(stage, store, subject, 'merged');
    await waitForAnswer(stage, number);
    const isProven = merged !== undefined && (await printProof(store, subject, print));
    return isProven && (!stage.isTidinessKnown || (await printTidiness(stage)));
  } finally {
    ended.abort();
    await told;
    redis.disconnect();
  }
}

/** The number of the pull request once the run is in the state, or undefined when it ended elsewhere. */
async function waitFor(
  { clock, print, stepMs }: Stage,
  store: StorePort,
  subject: SubjectId,
  kind: string,
): Promise<number | undefined> {
  const until = clock.now() + stepMs;
  while (clock.now() < until) {
    const run = (await store.load(subject).catch(() => undefined))?.record?.run;
    if (run?.state.kind === kind) return run.pullRequest?.number;
    if (run && ['failed', 'stopped', 'closed', 'superseded'].includes(run.state.kind)) {
      print(`The run ended as "${run.state.kind}".`);
      return undefined;
    }
    if (run?.state.kind === 'paused' && isOfDay(run.state.cause)) {
      print('The run is paused: what is left to spend is too little for its next step (--budget gives more).');
      return undefined;
    }
    await clock.sleep(200);
  }
  print(`The run did not become "${kind}" within ${stepMs / 1000} s.`);
  return undefined;
}

interface Watched {
  readonly store: StorePort;
  readonly subject: SubjectId;
  readonly number: number;
}

/** A person merges when GitHub shows the check, not when our record says so. What needs somebody does not settle by itself. */
async function waitForGate(stage: Stage, { store, subject, number }: Watched): Promise<boolean> {
  let shut: string | undefined;
  const isSettled = await waitUntil(stage, async () => {
    const run = (await store.load(subject).catch(() => undefined))?.record?.run;
    const verdict = run && evaluateGate(run);
    shut = verdict?.state.kind === 'closed' ? verdict.because : undefined;
    const pull = await readPull(stage, number);
    const isShown = pull?.checks.some(({ name, conclusion }) => name === 'gatepilot/gate' && conclusion === 'success');
    return shut !== undefined || (isShown ?? false);
  });
  if (shut !== undefined) stage.print(`\nThe gate of pull request #${number} is shut: ${shut}`);
  else if (!isSettled) stage.print(`\nThe gate of pull request #${number} did not open.`);
  return isSettled && shut === undefined;
}

async function waitForAnswer(stage: Stage, number: number): Promise<void> {
  await waitUntil(stage, async () => {
    const command = (await readPull(stage, number))?.comments.find(({ body }) => body === '/pilot merge');
    return command?.reactions.some(({ content }) => content === '+1' || content === 'confused') ?? false;
  });
}

async function readPull({ stack }: Stage, number: number) {
  const state = await stack.control.readState();
  const found = state.repositories.find(({ fullName }) => fullName === repository);
  return found?.pulls.find((pull) => pull.number === number);
}

async function waitUntil({ clock, stepMs }: Stage, isSo: () => Promise<boolean>): Promise<boolean> {
  const until = clock.now() + stepMs;
  while (clock.now() < until) {
    if (await isSo()) return true;
    await clock.sleep(200);
  }
  return false;
}

async function printProof(store: StorePort, subject: SubjectId, print: (line: string) => void): Promise<boolean> {
  const run = (await store.load(subject)).record?.run;
  if (run?.state.kind !== 'merged') return false;
  const { sha, tree, isProven } = run.state;
  print(`\nMerged as ${sha}.`);
  print(`  verified tree  ${run.verification?.key.tree ?? 'none'}`);
  print(`  merged tree    ${tree}   ${isProven ? 'the same: what was verified is what was merged' : 'NOT THE SAME'}`);
  return isProven;
}

/** Whatever was killed on the way: one pull request, and one comment of the bot on each thread. */
async function printTidiness({ stack, world, print }: Stage): Promise<boolean> {
  const state = await stack.control.readState();
  const { issues = [], pulls = [] } = state.repositories.find(({ fullName }) => fullName === repository) ?? {};
  const threads = [...issues.filter(({ number }) => number === world.mainIssue), ...pulls];
  const comments = threads.map((thread) => thread.comments.filter(({ authorIsBot }) => authorIsBot).length);
  const isTidy = pulls.length === 1 && comments.every((count) => count === 1);
  print(
    `  ${pulls.length} pull request, comments of the bot per thread: ${comments.join(' and ')}${isTidy ? '' : ' — THERE SHOULD BE ONE OF EACH'}`,
  );
  return isTidy;
}

function toLink(page: string, issue: number, event: LoggedEvent): string | undefined {
  if (event.kind === 'planned' || event.kind === 'boundary') return `${page}/issues/${issue}`;
  const number = event.data?.['number'];
  return event.kind === 'published' && typeof number === 'number' ? `${page}/pull/${number}` : undefined;
}
