import { shortenWeakenings } from '../gate/shorten-weakenings.ts';
import type { Verification } from '../model/run.ts';
import type { Weakening } from '../model/weakening.ts';
import { joinSections } from './join-sections.ts';
import { quoteCode } from './quote-inline.ts';
import { renderCommands } from './render-verification.ts';

const told: Record<Weakening['kind'], string> = {
  fewer_pass: 'fewer tests pass than on the base alone',
  test_removed: 'tests are removed',
  tests_fewer: 'fewer tests',
  test_skipped: 'a test is skipped',
  assertions_fewer: 'fewer assertions',
  threshold_lowered: 'a threshold is lowered or gone',
  selection_changed: 'which tests are run is changed',
  unread: 'changes cannot be read',
  pipeline_changed: 'the pipeline is changed',
  command_changed: 'what a verify command runs is changed',
};

export function renderWeakening({ kind, path, detail }: Weakening): string {
  if (kind === 'fewer_pass') return `${told[kind]}, by what is printed: ${quoteCode(detail ?? '')}`;
  const counted = kind === 'tests_fewer' || kind === 'assertions_fewer' ? ` (by ${detail})` : '';
  const line = counted === '' && detail !== undefined ? `, ${quoteCode(detail, 170)}` : '';
  return `${told[kind]}${counted} in ${quoteCode(path, 320)}${line}`;
}

const shownAtMost = 20;

/** What a change takes from what checks it, and what the base's tests say of it. */
export function renderChecks({ weakened = [], baseTests }: Pick<Verification, 'weakened' | 'baseTests'>): string {
  const lines = shortenWeakenings(weakened, shownAtMost).map((one) => `- ${renderWeakening(one)}`);
  const more = weakened.length > shownAtMost ? `\n- and ${weakened.length - shownAtMost} more` : '';
  const paths = (baseTests?.paths ?? []).slice(0, 5).map((path) => quoteCode(path));
  const rest = (baseTests?.paths.length ?? 0) - paths.length;
  const which = `${paths.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
  return joinSections([
    lines.length === 0
      ? ''
      : `**What the change takes from its checks**, by names and lines alone:\n\n${lines.join('\n')}${more}`,
    baseTests?.kind === 'ran'
      ? `**The base's tests on what would be merged** (as the base has them: ${which}). The code under test runs beside what reports on it, so that this is evidence and no proof:\n\n${renderCommands(baseTests.report.commands)}`
      : '',
    baseTests?.kind === 'not_run'
      ? `**The base's tests were not run** on what would be merged (it changes ${which}).`
      : '',
  ]);
}

/** For a heading of its own where there is something to tell. */
export function renderChecksSection(verification: Verification | undefined): string {
  const text = verification ? renderChecks(verification) : '';
  return text === '' ? '' : `### Checks of the change\n\n${text}`;
}
