// Looks at a subject: observe -> decide -> save -> act.
import type { OfferedSandbox } from '../core/model/offered-sandbox.ts';
import type { SubjectRecord } from '../core/model/record.ts';
import type { RunLimits, Snapshot } from '../core/model/snapshot.ts';
import type { SubjectId } from '../core/model/subject.ts';
import type { NetworkPermit } from '../core/network/network-permit.ts';
import { decide } from '../core/run/decide.ts';
import { type AdvanceRecordPorts, advanceRecord } from './advance-record.ts';
import type { Looking } from './decide-soundly.ts';
import { handOverToRun } from './hand-over-to-run.ts';
import { observe } from './observe.ts';
import type { ClockPort } from './port/clock.ts';
import type { GitHubReader } from './port/github.ts';
import type { ResourcePort } from './port/resource.ts';

export interface AdvancePorts extends AdvanceRecordPorts {
  readonly github: GitHubReader;
  readonly clock: ClockPort;
  readonly hash: (text: string) => string;
  readonly resources: ResourcePort;
  readonly runLimits: RunLimits;
  /** Coding agents that the operator offers, the usual one first. */
  readonly agents: readonly string[];
  /** Models that the operator offers, the usual one first. */
  readonly models: readonly string[];
  /** Sandboxes that the operator offers, the usual one first. */
  readonly sandboxes: readonly OfferedSandbox[];
  /** Hosts that the operator lets repositories ask for. */
  readonly network: NetworkPermit;
  /** Whether a repository that has no settings may be offered some. */
  readonly proposesSettings: boolean;
  /** Whether the operator has said what models cost; absent: yes. */
  readonly knowsPrices?: boolean;
}

export async function advance(ports: AdvancePorts, subject: SubjectId): Promise<void> {
  const looking: Looking<SubjectRecord, Snapshot> = {
    async load() {
      const loaded = await ports.store.load(subject);
      return { ...loaded, inbox: await handOverToRun(ports, subject, loaded) };
    },
    observe: (loaded, learnt) => observe(ports, subject, { loaded, learnt }),
    decide,
  };
  await advanceRecord(ports, subject, looking);
}
