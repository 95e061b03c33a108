import { listResolved } from '../conflict/list-resolved.ts';
import type { Resolution } from '../model/resolution.ts';
import type { Run } from '../model/run.ts';
import { fence } from '../sanitise/fence.ts';
import { quoteCode, quoteInline, quoteName } from './quote-inline.ts';

const shownAtMost = 5;
const filesShown = 20;

/** What was put in place of conflicts in the branch, by whom and how: whoever reviews it should look there. */
export function renderResolutions(run: Run): string {
  const all = listResolved({ ...run, broughtIn: undefined });
  if (all.length === 0) return '';
  const shown = all.slice(-shownAtMost);
  const older = all.length - shown.length;
  const parts = shown.map((one) => renderResolution(run, one));
  return [
    '### How conflicts were resolved',
    ...(older > 0 ? [`${older} earlier ${older === 1 ? 'one is' : 'ones are'} in the commits.`] : []),
    ...parts,
  ].join('\n\n');
}

type Resolved = ReturnType<typeof listResolved>[number];

function renderResolution(run: Run, resolution: Resolved): string {
  const { by, head, base, end, summary = '' } = resolution;
  const withBase = base === undefined ? '' : ` with ${quoteCode(run.base.branch)} at \`${base.slice(0, 10)}\``;
  const who = by.kind === 'agent' ? 'An agent settled' : `${listPeople(by)} resolved`;
  const also = end.secondary.length === 0 ? '' : `, and changed ${listFiles(end.secondary)} with that`;
  const gone = end.removed.length === 0 ? '' : `; what it added besides was taken away: ${listFiles(end.removed)}`;
  const said = summary === '' ? '' : `\n  ${quoteInline(summary, 300)}`;
  const edits =
    end.edits === ''
      ? ''
      : `\n\n<details><summary>What took the place of the marks</summary>\n\n${fence(end.edits, 'diff')}\n\n</details>`;
  return `- ${who} what conflicted in \`${head.slice(0, 10)}\`${withBase}: ${renderWhat(resolution)}${also}${gone}. Commit \`${end.commit}\`.${said}${edits}`;
}

function renderWhat({ by, end }: Resolved): string {
  if (by.kind === 'agent' || by.answers.length === 0) return listFiles(end.paths);
  const answers = by.answers.slice(0, filesShown).map(({ path, is }) => `${quoteCode(path)} (${is})`);
  const more = by.answers.length - answers.length;
  return `${answers.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function listPeople({ answers }: Extract<Resolution['by'], { kind: 'people' }>): string {
  return [...new Set(answers.map((one) => quoteName(one.by)))].join(', ') || 'People';
}

function listFiles(paths: readonly string[]): string {
  if (paths.length === 0) return 'nothing';
  const shown = paths.slice(0, filesShown).map((path) => quoteCode(path));
  return paths.length > filesShown ? `${shown.join(', ')} and ${paths.length - filesShown} more` : shown.join(', ');
}
