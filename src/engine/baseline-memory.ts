// What this process knows of trees that are green by themselves, so that runs which start from one base share the answer.
// A red one is not remembered: it may have been bad luck, and whoever asks again wants to know.
import { isGreen, type VerifyReport } from '../core/model/result.ts';
import type { ClockPort } from './port/clock.ts';

export interface BaselineMemory {
  /** `key`: everything that the answer depends on. */
  find(key: string): VerifyReport | undefined;
  keep(key: string, report: VerifyReport): void;
}

const forgottenAfterMs = 60 * 60_000;
const keptAtMost = 100;

export function createBaselineMemory(clock: Pick<ClockPort, 'now'>): BaselineMemory {
  const known = new Map<string, { readonly report: VerifyReport; readonly at: number }>();
  return {
    find(key) {
      const found = known.get(key);
      return found && clock.now() - found.at < forgottenAfterMs ? found.report : undefined;
    },
    keep(key, report) {
      if (!isGreen(report)) return;
      known.delete(key);
      known.set(key, { report, at: clock.now() });
      for (const oldest of [...known.keys()].slice(0, Math.max(0, known.size - keptAtMost))) known.delete(oldest);
    },
  };
}
