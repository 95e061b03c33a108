import type { Run } from '../model/run.ts';
import { quoteCode } from '../reply/quote-inline.ts';
import { closed, open, type Verdict, waiting } from './verdict.ts';

const gate = 'settings';

/** Whether the verdict was made by what the settings say. No part of the gate while they are those that the run started with. */
export function evaluateSettings(run: Run): Verdict[] {
  const { verification, settingsMoved, policyChanged, policy } = run;
  const branch = quoteCode(run.base.branch);
  const [first, ...others] = verification?.unclear ?? [];
  const verdicts: Verdict[] = [];
  if (first !== undefined)
    verdicts.push(
      closed(
        gate,
        'action_required',
        `The settings of ${branch} are others by now and cannot be followed: ${toLine(first)}${others.length === 0 ? '' : ` And ${others.length} more.`} When that is mended, \`/${policy.slash} recheck\` reads them again.`,
      ),
    );
  else if (settingsMoved && run.state.kind !== 'merged')
    verdicts.push(waiting(gate, `The settings of ${branch} may be others by now: it is verified with what they say.`));
  else if (policyChanged && verification)
    verdicts.push(
      open(
        gate,
        `The settings of ${branch} changed after the run started: it is verified with those of ${policyChanged.base.slice(0, 10)}.`,
      ),
    );
  return verdicts;
}

/** A list of mistakes, in one line. */
function toLine(text: string): string {
  const line = text.replaceAll(/\s*\n- /g, ' ');
  return /[.!?]$/.test(line) ? line : `${line}.`;
}
