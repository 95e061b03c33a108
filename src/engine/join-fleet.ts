// Any worker may go on with what another one built, which it finds among the artifacts. A worker whose artifacts are in
// another place would fail runs that others began, one by one and late: it does not start, and says why.
import type { ClockPort } from './port/clock.ts';
import type { FleetMember, FleetPort } from './port/fleet.ts';
import type { LogPort } from './port/log.ts';

/** One that was killed is forgotten after this. */
const aliveMs = 30_000;
const announceMs = 10_000;
const lookMs = 1_000;

/** A living worker keeps its artifacts elsewhere: a mistake of whoever set the two up. */
export class ArtifactsApart extends Error {
  override readonly name = 'ArtifactsApart';

  constructor(own: string, other: string) {
    super(
      `The worker on ${other} keeps its artifacts in another place than this one on ${own}, so that neither could go on with what the other built: put GATEPILOT_DATA/artifacts on a volume that all workers share, then start this one again.`,
    );
  }
}

interface Ports {
  readonly fleet: FleetPort;
  readonly clock: ClockPort;
  readonly log: LogPort;
}

/** Resolves when nobody who lives has other artifacts; whoever was killed a moment ago is waited for. Throws `ArtifactsApart`. */
export async function joinFleet({ fleet, clock }: Omit<Ports, 'log'>, member: FleetMember): Promise<void> {
  const end = clock.now() + aliveMs + announceMs;
  for (;;) {
    // Before the look, so that of two that start at once at least one sees the other.
    await fleet.announce(member, aliveMs);
    const other = (await fleet.list()).find(({ artifacts }) => artifacts !== member.artifacts);
    if (!other) return;
    if (clock.now() >= end) {
      await fleet.withdraw(member);
      throw new ArtifactsApart(member.host, other.host);
    }
    await clock.sleep(lookMs);
  }
}

export async function stayInFleet(
  { fleet, clock, log }: Ports,
  member: FleetMember,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await clock.sleep(announceMs, signal);
    if (signal.aborted) break;
    await fleet.announce(member, aliveMs).catch((error: unknown) => {
      log.warn({ error: String(error) }, 'this worker could not say that it lives');
    });
  }
  await fleet.withdraw(member).catch(() => undefined);
}
