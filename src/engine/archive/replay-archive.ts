// Asks the gate anew about a run in a file, without a model, a repository or a store: does it say what it said then?
import { isDeepStrictEqual } from 'node:util';
import { evaluateGate } from '../../core/gate/evaluate-gate.ts';
import type { Verdict } from '../../core/gate/verdict.ts';
import { parseArchive } from './archive.ts';

export type Replayed =
  | {
      readonly kind: 'replayed';
      readonly run: string;
      readonly state: string;
      readonly verdict: Verdict;
      readonly recorded: unknown;
      readonly isSame: boolean;
      /** Logs of verify commands that the verdict rests on and the file does not hold. */
      readonly missing: readonly string[];
    }
  | { readonly kind: 'refused'; readonly why: string };

export function replayArchive(text: string): Replayed {
  const parsed = parseArchive(text);
  if (parsed.kind === 'refused') return parsed;
  const { run, verdict: recorded, artifacts } = parsed.archive;
  const verdict = evaluateGate(run);
  const held = new Set(artifacts.map(({ id }) => id));
  const logs = (run.verification?.report.commands ?? []).flatMap(({ log }) => (log === undefined ? [] : [log]));
  return {
    kind: 'replayed',
    run: run.id,
    state: run.state.kind,
    verdict,
    recorded,
    isSame: isDeepStrictEqual(JSON.parse(JSON.stringify(verdict)), recorded),
    missing: logs.filter((log) => !held.has(log)),
  };
}
