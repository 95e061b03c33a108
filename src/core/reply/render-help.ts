import type { ManualEntry } from '../command/command-manual.ts';

export function renderHelp(manual: readonly ManualEntry[], slash: string): string {
  const rows = manual.map(
    ({ usage, sentence, authority }) =>
      `| \`/${slash} ${usage.replaceAll('|', '\\|')}\` | ${sentence} | ${authority} |`,
  );
  return [
    'here is what I can be asked, one command per comment:',
    '',
    '| command | what it does | needs |',
    '|---|---|---|',
    ...rows,
  ].join('\n');
}
