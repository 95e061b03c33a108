// Any worker may go on with what another one built, which it finds among the artifacts. A worker whose artifacts are in
// another place would fail runs that others began, one by one and late: it does not start, and says why.
import { ExternalError } from './external-error.ts';
import type { ClockPort } from './port/clock.ts';
import type { FleetPort, HeldPlace } from './port/fleet.ts';
import type { LogPort } from './port/log.ts';

/** Whoever was killed is forgotten after this. */
const heldMs = 30_000;
const renewMs = 10_000;
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

/**
 * Resolves when the artifacts of this worker are those of all: whoever was killed with others is waited for, and so is a
 * Redis that is away. Throws `ArtifactsApart` when others are still held after that. An end of the process ends the wait.
 */
export async function joinFleet({ fleet, clock, log }: Ports, held: HeldPlace, signal?: AbortSignal): Promise<void> {
  let patienceMs = heldMs + renewMs;
  let told = '';
  const tell = (text: string) => {
    if (text !== told) log.warn({}, text);
    told = text;
  };
  while (!signal?.aborted) {
    try {
      const other = await fleet.holdPlace(held, heldMs);
      if (other === undefined) return;
      if (patienceMs <= 0) throw new ArtifactsApart(held.host, other);
      patienceMs -= lookMs;
      tell(
        `the artifacts of this worker are not those of ${other}; it may be gone, so this one waits for ${heldMs / 1_000} s`,
      );
    } catch (error) {
      if (!(error instanceof ExternalError)) throw error;
      tell(`${error.message}; this worker waits for it`);
    }
    await clock.sleep(lookMs, signal);
  }
}

/** Until the end of the process. Whoever hung for so long that others took over says so; its next start will be refused. */
export async function stayInFleet({ fleet, clock, log }: Ports, held: HeldPlace, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await clock.sleep(renewMs, signal);
    if (signal.aborted) return;
    try {
      const other = await fleet.holdPlace(held, heldMs);
      if (other !== undefined) log.error({ error: new ArtifactsApart(held.host, other).message }, 'workers are apart');
    } catch (error) {
      log.warn({ error: String(error) }, 'this worker could not say where its artifacts are');
    }
  }
}
