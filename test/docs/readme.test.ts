import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandManual } from '../../src/core/command/command-manual.ts';

const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');

/** Each command of the table, as it is written after the slash word, and what it needs. */
const shown = [...readme.matchAll(/^\| (`\/pilot [^|]*(?:\\\|[^|]*)*) \| .* \| (read|write|maintain) +\|$/gm)].flatMap(
  ([, commands = '', needs]) =>
    [...commands.matchAll(/`\/pilot ([^`]+)`/g)].map(([, usage = '']) => ({
      usage: usage.replaceAll('\\|', '|'),
      needs,
    })),
);

describe('the table of commands in the README', () => {
  it('has every command of the grammar, as the help shows it and with what it needs', () => {
    for (const { usage, authority } of commandManual) expect(shown).toContainEqual({ usage, needs: authority });
  });

  it('has nothing else, but for what stands for an example', () => {
    const known = commandManual.map(({ usage }) => usage);
    expect(shown.map(({ usage }) => usage).filter((usage) => !known.includes(usage))).toEqual([
      'run --workflow review',
    ]);
  });
});
