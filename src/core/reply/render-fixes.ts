import type { FixMatter, FixRound } from '../model/fix-round.ts';
import type { Run } from '../model/run.ts';
import { quoteCode, quoteInline } from './quote-inline.ts';
import { renderInput } from './render-strangers.ts';

/** What agents were asked to mend, and what became of it. */
export function renderFixes({ fixes = [], state }: Run): string {
  if (fixes.length === 0) return '';
  const isWaiting = ['executing', 'reviewing', 'paused', 'needs_input', 'stopped', 'failed', 'stopping'].includes(
    state.kind,
  );
  return `### Fixes\n\n${fixes.map((round) => renderRound(round, isWaiting)).join('\n')}`;
}

function renderRound(round: FixRound, isWaiting: boolean): string {
  const { number, by, head } = round;
  const who = by.startsWith('@') ? `asked for by ${quoteInline(by.slice(1), 60)}` : 'by the settings';
  return `- Round ${number}, ${who}, on ${renderTargets(round)} at \`${head.slice(0, 10)}\`: ${renderEnd(round, isWaiting)}${renderRead(round)}`;
}

function renderRead({ input }: FixRound): string {
  return input ? ` Of what others said: ${renderInput(input)}.` : '';
}

/** What a round works on. */
export function renderTargets({ targets, of }: Pick<FixRound, 'targets'> & { of?: FixMatter | undefined }): string {
  if (of) return of === 'comments' ? 'review comments' : 'failed checks of others';
  return targets.length === 0 ? 'what is red' : targets.map((id) => quoteCode(id)).join(', ');
}

function renderEnd({ end, before, after }: FixRound, isWaiting: boolean): string {
  if (!end) return isWaiting ? 'not over yet.' : 'it did not come to its end.';
  const why = quoteInline(end.why, 600);
  if (end.kind === 'pushed')
    return `**pushed** as \`${end.head?.slice(0, 10)}\` (${before} before, ${after ?? before} after): ${why}`;
  const kept = end.patch === undefined ? '' : ' What it made is kept, and an export of the run holds it.';
  return `**not pushed**: ${why}${kept}`;
}
