import { cpus, loadavg, totalmem } from 'node:os';
import type { Stack } from '../../stack/start-stack.ts';
import type { Outage } from '../fault/inject-fault.ts';
import type { Services } from '../fault/open-services.ts';
import type { Kill } from '../fault/supervise.ts';
import type { Told } from '../load/play-story.ts';
import type { ChaosPlan, Fault } from '../plan/chaos-plan.ts';
import type { Rest } from '../verdict/await-rest.ts';
import { checkExchanges } from '../verdict/check-exchanges.ts';
import { findTakenBack } from '../verdict/find-taken-back.ts';
import type { Finding } from '../verdict/finding.ts';
import { listTold } from '../verdict/read-thread.ts';
import { countFaults, type FaultCounts } from './count-faults.ts';
import { type Latency, measureLatencies, summarise } from './measure-latencies.ts';

export interface ChaosResult {
  readonly seed: number;
  readonly machine: string;
  readonly wallSeconds: number;
  /** Of these, waiting for rest after the load. */
  readonly restSeconds: number;
  readonly runsAskedFor: number;
  readonly runsStarted: number;
  readonly pulls: number;
  readonly merged: number;
  readonly killsPlanned: number;
  readonly kills: readonly Kill[];
  readonly outagesPlanned: number;
  readonly outages: readonly Outage[];
  readonly faults: FaultCounts;
  readonly exchanges: number;
  readonly webhooks: number;
  readonly isLogWhole: boolean;
  readonly findings: readonly Finding[];
  readonly leftovers: readonly Finding[];
  readonly unsettled: readonly Finding[];
  readonly latencies: readonly Latency[];
  readonly stories: readonly Told[];
}

interface Parts {
  readonly plan: ChaosPlan;
  readonly stack: Stack;
  readonly services: Services;
  readonly rest: Rest;
  readonly startedAt: number;
  readonly kills: readonly Kill[];
  readonly outages: readonly Outage[];
  readonly told: readonly Told[];
}

export async function toResult(parts: Parts): Promise<ChaosResult> {
  const { plan, stack, rest, kills, outages, told } = parts;
  const [requests, deliveries] = await Promise.all([stack.control.readRequests({}), stack.control.readDeliveries({})]);
  const checked = checkExchanges(requests, deliveries);
  const bot = `${stack.app.slug}[bot]`;
  const { repositories } = rest;
  const runsStarted = repositories.flatMap(({ issues }) =>
    issues.flatMap((issue) => listTold(issue, bot).filter(({ kind }) => kind === 'sticky')),
  ).length;
  const pulls = repositories.flatMap((repository) => repository.pulls.filter(({ author }) => author === bot));
  const counts = countPlan(plan);
  const faults = countFaults(requests, deliveries);
  return {
    seed: plan.seed,
    machine: describeMachine(),
    wallSeconds: Math.round((Date.now() - parts.startedAt) / 1000),
    restSeconds: rest.seconds,
    ...counts,
    runsStarted,
    pulls: pulls.length,
    merged: pulls.filter(({ merged }) => merged !== null).length,
    kills,
    outages,
    faults,
    exchanges: checked.exchanges,
    webhooks: checked.webhooks,
    isLogWhole: checked.isWhole,
    findings: [
      ...rest.findings,
      ...checked.findings,
      ...findTakenBack(requests),
      ...findUnmet(plan, faults),
      ...findUnplayed(parts.services, { ...counts, kills: kills.length, outages, runsStarted }),
    ],
    leftovers: rest.leftovers,
    unsettled: rest.unsettled,
    latencies: [...measureLatencies(repositories, requests), ...measureDowntime(kills)],
    stories: told,
  };
}

function countPlan({ steps }: ChaosPlan): Pick<ChaosResult, 'runsAskedFor' | 'killsPlanned' | 'outagesPlanned'> {
  const countFaultSteps = (kind: Fault['kind']) =>
    steps.filter((step) => step.kind === 'fault' && step.fault.kind === kind).length;
  return {
    runsAskedFor: steps.filter((step) => step.kind === 'story' && step.story.kind === 'run').length,
    killsPlanned: countFaultSteps('kill'),
    outagesPlanned: countFaultSteps('outage'),
  };
}

/** A plan that was not carried out proves nothing, and a death that nobody planned is a fault of ours. */
export function findUnplayed(
  services: Pick<Services, 'all'>,
  of: Pick<ChaosResult, 'runsAskedFor' | 'killsPlanned' | 'outagesPlanned' | 'outages' | 'runsStarted'> & {
    readonly kills: number;
  },
): Finding[] {
  const found = services.all.flatMap(({ name, mishaps }) => mishaps.map((what) => ({ where: name, what })));
  if (of.kills !== of.killsPlanned)
    found.push({ where: 'the plan', what: `${of.killsPlanned} kills were planned, ${of.kills} were carried out` });
  const met = of.outages.filter((outage) => outage.met > 0).length;
  if (met !== of.outagesPlanned)
    found.push({ where: 'the plan', what: `${of.outagesPlanned} outages were planned, ${met} met a request` });
  if (of.runsStarted < of.runsAskedFor)
    found.push({ where: 'the load', what: `${of.runsAskedFor} runs were asked for, ${of.runsStarted} were started` });
  return found.map((finding): Finding => ({ kind: 'wrong', ...finding }));
}

/** Faults of deliveries and of answers that were planned, and of which no single one met anything. */
export function findUnmet({ steps }: Pick<ChaosPlan, 'steps'>, met: FaultCounts): Finding[] {
  const planned = steps.flatMap((step) => (step.kind === 'fault' ? [step.fault] : []));
  const isPlanned = (how: string) => planned.some((fault) => fault.kind === 'delivery' && fault.how === how);
  const answers = Object.entries(met.answers).filter(([kind]) => kind !== 'outage');
  const unmet = [
    ...(isPlanned('drop') && met.dropped === 0 ? ['deliveries were to be dropped, and none was'] : []),
    ...(isPlanned('double') && met.doubled === 0 ? ['deliveries were to be doubled, and none was'] : []),
    ...(planned.some(({ kind }) => kind === 'answer') && answers.length === 0
      ? ['answers of GitHub were to be broken, and none was']
      : []),
  ];
  return unmet.map((what): Finding => ({ kind: 'wrong', where: 'the plan', what }));
}

function measureDowntime(kills: readonly Kill[]): Latency[] {
  const services = [...new Set(kills.map(({ service }) => service))].sort();
  return services.map((service) => {
    const down = kills.flatMap((kill) => (kill.service === service && kill.downMs !== undefined ? [kill.downMs] : []));
    return summarise(`${service} killed until it serves again`, down);
  });
}

function describeMachine(): string {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 1024 ** 3);
  const load = loadavg()[0]?.toFixed(1);
  return `${cpus().length} × ${cpu?.model ?? 'unknown'}, ${memory} GiB, ${process.platform} ${process.arch}, Node ${process.version}, load ${load} at the end`;
}
