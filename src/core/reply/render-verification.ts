import type { CommandReport } from '../model/cause.ts';
import type { DiffFacts } from '../model/result.ts';
import type { Verification } from '../model/run.ts';
import type { SetupNote } from '../model/setup-note.ts';
import { quoteCode, quoteInline } from './quote-inline.ts';
import { renderExit } from './render-cause.ts';

/** The exact key that was judged, and the commands that were really run on its tree. */
export function renderVerification(verification: Verification): string {
  const { key, report, unscanned = [], carried, diff } = verification;
  return [
    '| verified | |',
    '|---|---|',
    `| head | \`${key.head}\` |`,
    `| base | \`${key.base}\` |`,
    ...(diff ? [`| merge base | ${renderMergeBase(diff, key.base)} |`] : []),
    `| merged tree | \`${key.tree}\` |`,
    `| policy | \`${key.policy.slice(0, 12)}\` |`,
    `| reviewers | ${key.reviewers.join(', ') || 'none'} |`,
    ...(diff ? [`| change | ${renderDiff(diff, key.reviewers.length > 0)} |`] : []),
    ...(carried ? [`| carried over | ${renderCarried(carried)} |`] : []),
    ...(unscanned.length === 0 ? [] : [`| over 10 MB, not scanned for conflicts | ${listFiles(unscanned)} |`]),
    '',
    renderCommands(report.commands),
    ...renderSetup(report.setup),
  ].join('\n');
}

/** How far the branch is from the base that it was merged with to be looked at. */
function renderMergeBase({ mergeBase }: DiffFacts, base: string): string {
  if (mergeBase === undefined) return 'none: the branch and its base have no commit in common';
  return mergeBase === base ? `\`${mergeBase}\`, the base itself` : `\`${mergeBase}\`, behind the base`;
}

function renderDiff({ stat, hunks, shown, isCut }: DiffFacts, isReviewed: boolean): string {
  const { files, additions, deletions } = stat;
  const all = isCut ? `more than ${hunks}` : `${hunks}`;
  const told = isReviewed
    ? `${shown === hunks && !isCut ? 'all' : shown} of ${all} hunks shown to reviewers`
    : `${all} hunks`;
  return `${files} ${files === 1 ? 'file' : 'files'}, +${additions} −${deletions}; ${told}`;
}

function renderCarried({ from }: NonNullable<Verification['carried']>): string {
  const where = from
    ? `before, as \`${from.head}\` on \`${from.base}\``
    : 'before in this run, as its tasks were merged or at another head';
  return `nothing ran anew: this tree was verified with the same commands ${where}`;
}

const filesShown = 5;

function listFiles(paths: readonly string[]): string {
  const shown = paths.slice(0, filesShown).map((path) => quoteCode(path));
  return paths.length > filesShown ? `${shown.join(', ')} and ${paths.length - filesShown} more` : shown.join(', ');
}

export function renderCommands(commands: readonly CommandReport[]): string {
  const rows = commands.map(
    (command) =>
      `| ${quoteCode(command.command)} | ${renderExit(command)} | ${(command.durationMs / 1000).toFixed(1)} s |`,
  );
  return ['| command | result | time |', '|---|---|---|', ...rows].join('\n');
}

/** What the commands found prepared: a green verdict on a bare machine is another one than on prepared dependencies. */
function renderSetup(setup: SetupNote | undefined): string[] {
  if (!setup) return [];
  const why = setup.why === undefined ? '' : ` ${quoteInline(setup.why, 300)}`;
  if (setup.layer === undefined)
    return [
      '',
      `Dependencies: nothing was set up; the commands ran with what the machine and the repository bring.${why}`,
    ];
  const by = setup.source === 'settings' ? '`setup.commands`' : 'the lock files';
  const ran = setup.commands
    .slice(0, 5)
    .map((command) => quoteCode(command, 80))
    .join(', ');
  return ['', `Dependencies: set up from the base branch by ${by} (${ran}), layer \`${setup.layer}\`.${why}`];
}
