// What a day and a month give. Beside the caps of a run, all runs of a repository share what one day and one month (UTC) may
// cost, and those of an installation what the operator says for a day. A part counts on the day on which it was asked for,
// and in its month. It is taken from these pots in the very save that asks for the action, and settled in the save that knows what was spent: see budget.ts.
import { type Cause, monthLimit } from '../model/cause.ts';
import type { Limits, Reserved, Run } from '../model/run.ts';
import type { Repository } from '../model/subject.ts';
import type { PotAccount } from '../reply/render-day.ts';
import type { Draft } from './draft.ts';
import { readRunPolicy } from './read-run-policy.ts';
import { spread } from './spread.ts';

const dayLimit = 'budget.day_usd';
const operatorDayLimit = 'GATEPILOT_DAY_USD_PER_INSTALLATION';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/** Others may give back what they reserved and did not spend. */
const othersMs = 10 * minuteMs;

/** A pot is remembered for three days beyond its month, for whoever settles late. */
const lateMs = 3 * dayMs;

interface Pot {
  readonly name: string;
  readonly span: 'day' | 'month';
  /** The setting that limits it. */
  readonly limit: string;
  readonly cap: number;
}

interface PotNames {
  readonly month: string;
  readonly day: string;
  readonly installed: string;
}

/** Names of the pots of a repository, and of its installation, at this moment. */
export function namePots(repository: Repository, now: number): PotNames {
  const { host, id } = repository;
  const own = `repository/${host}/${id}`;
  const date = toDay(now);
  return {
    month: `${own}/${date.slice(0, 'YYYY-MM'.length)}`,
    day: `${own}/${date}`,
    installed: nameInstallationPot(repository, now),
  };
}

export function nameInstallationPot(
  { host, installationId }: Pick<Repository, 'host' | 'installationId'>,
  now: number,
): string {
  return `installation/${host}/${installationId}/${toDay(now)}`;
}

function toDay(now: number): string {
  return new Date(now).toISOString().slice(0, 10);
}

/** Where nobody knows what models cost, nothing of it may look as if it were counted. */
export function isMoneyCounted({ snapshot }: Draft): boolean {
  return snapshot.facts.knowsPrices !== false;
}

/** The pots that a part of this run is taken from at this moment. */
function listPots(draft: Draft, { policy }: Run): Pot[] {
  if (!isMoneyCounted(draft)) return [];
  const { record, snapshot, now } = draft;
  const { month, day, installed } = namePots(record.repository, now);
  // The one that is the longest way off first: whoever waits is told of that.
  const pots = [
    { name: month, span: 'month', limit: monthLimit, cap: policy.monthMicroUsd },
    { name: day, span: 'day', limit: dayLimit, cap: policy.dayMicroUsd },
    { name: installed, span: 'day', limit: operatorDayLimit, cap: snapshot.facts.runLimits?.dayMicroUsd },
  ] as const;
  return pots.flatMap(({ cap, ...pot }) => (cap === undefined ? [] : [{ ...pot, cap }]));
}

/** A holder that dies, whose part counts as used, does not take the day with it: no part is more than a fifth of that. */
export function boundByDay(draft: Draft, run: Run, part: Limits): Limits {
  const most = Math.min(...listPots(draft, run).map(({ cap }) => Math.max(1, Math.floor(cap / 5))));
  return part.microUsd <= most ? part : { ...part, microUsd: most, isOfDay: true };
}

/** The pot that does not give as much, as far as this look knows: what it does not know, the save finds. */
export function findEmpty(draft: Draft, run: Run, { microUsd }: Limits): Pot | undefined {
  return listPots(draft, run).find((pot) => committedOf(draft, pot).committed + microUsd > pot.cap);
}

/** What is in a pot after what this decision does to it by now. */
function committedOf(draft: Draft, { name }: Pot): { readonly committed: number; readonly open: number } {
  const known = draft.snapshot.facts.pots?.[name];
  if (!known) return { committed: Number.NEGATIVE_INFINITY, open: 0 };
  const asked = draft.reservations.filter(({ pot }) => pot === name).reduce((sum, { amount }) => sum + amount, 0);
  const back = draft.settled.filter(({ pots }) => pots.includes(name));
  const open = known.open + asked - back.reduce((sum, { reserved }) => sum + reserved, 0);
  const spent = back.reduce((sum, { amount, reserved }) => sum + amount - reserved, 0);
  return { committed: known.committed + asked + spent, open };
}

/** Takes a part; the record keeps by which name, so that whoever settles it finds it. */
export function payFromDay(draft: Draft, run: Run, actionId: string, limits: Limits): Reserved {
  const pots = listPots(draft, run);
  if (pots.length === 0) return limits;
  const id = `${draft.snapshot.subject} ${actionId} ${draft.now}`;
  for (const { name, span, cap } of pots) {
    const kept = span === 'month' ? { keepMs: toReset(draft.now, span) - draft.now + lateMs } : {};
    draft.reservations.push({ pot: name, id, amount: limits.microUsd, cap, ...kept });
  }
  return { ...limits, paidFrom: { id, pots: pots.map(({ name }) => name) } };
}

export function settleWithDay(draft: Draft, { paidFrom, microUsd }: Reserved, spent: number): void {
  if (paidFrom) draft.settled.push({ ...paidFrom, amount: spent, reserved: microUsd });
}

/**
 * Nothing may start before the pot gives more: the run is held and goes on by itself. What others reserved may come back
 * any moment; what is spent is only there again with the next day, or month.
 */
export function holdForDay(draft: Draft, run: Run, pot: Pot, needed: Limits): void {
  // A person who holds it already says when it goes on.
  if (run.pausing && !run.pausing.cause) return;
  const { committed, open } = committedOf(draft, pot);
  const resetsAt = toReset(draft.now, pot.span);
  const anew = resetsAt + spread(minuteMs, [draft, run, 'day', 0]);
  const mayComeBack = committed - open + needed.microUsd <= pot.cap;
  const lookAt = mayComeBack ? Math.min(draft.now + spread(othersMs, [draft, run, 'day', 1]), anew) : anew;
  run.pausing = { by: 'gatepilot', cause: toDayCause(pot, committed, resetsAt), lookAt };
}

function toReset(now: number, span: Pot['span']): number {
  if (span === 'day') return (Math.floor(now / dayMs) + 1) * dayMs;
  const date = new Date(now);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}

/** What the pots gave so far, where this look knows it. */
export function listDayAccounts(draft: Draft, run: Run): PotAccount[] {
  return listPots(draft, run).flatMap((pot) => {
    if (!draft.snapshot.facts.pots?.[pot.name]) return [];
    const { committed, open } = committedOf(draft, pot);
    return [
      {
        span: pot.span,
        limit: pot.limit,
        capMicroUsd: pot.cap,
        committedMicroUsd: committed,
        openMicroUsd: open,
        resetsAt: toReset(draft.now, pot.span),
      },
    ];
  });
}

function toDayCause({ limit, cap }: Pot, committed: number, resetsAt: number): Cause {
  return { kind: 'budget', limit, value: cap / 1e6, spent: committed / 1e6, resetsAt };
}

/** Whether a hold is one of these. */
export function isOfDay(cause: Cause | undefined): boolean {
  return cause?.kind === 'budget' && cause.resetsAt !== undefined;
}

/** What the policy allows by now: a limit that was raised counts for whoever waits for it. */
export function adoptDayLimit(draft: Draft, run: Run): void {
  if (!draft.snapshot.facts.repository) return;
  const { dayMicroUsd, monthMicroUsd } = readRunPolicy(draft).policy;
  if (dayMicroUsd !== undefined) run.policy.dayMicroUsd = dayMicroUsd;
  if (monthMicroUsd === undefined) delete run.policy.monthMicroUsd;
  else run.policy.monthMicroUsd = monthMicroUsd;
}
