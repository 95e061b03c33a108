import type { Verification } from '../model/run.ts';
import { quoteCode } from './quote-inline.ts';
import { renderExit } from './render-cause.ts';

/** The exact key that was judged, and the commands that were really run on it. */
export function renderVerification(verification: Verification): string {
  const { key, report } = verification;
  const rows = report.commands.map(
    (command) =>
      `| ${quoteCode(command.command)} | ${renderExit(command)} | ${(command.durationMs / 1000).toFixed(1)} s |`,
  );
  return [
    '| head | base | merged tree | policy | reviewers |',
    '|---|---|---|---|---|',
    `| \`${key.head}\` | \`${key.base}\` | \`${key.tree}\` | \`${key.policy.slice(0, 12)}\` | ${key.reviewers.join(', ') || 'none'} |`,
    '',
    '| command | result | time |',
    '|---|---|---|',
    ...rows,
  ].join('\n');
}
