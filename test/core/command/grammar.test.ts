import { describe, expect, it } from 'vitest';
import type { Command } from '../../../src/core/command/command.ts';
import { commandManual } from '../../../src/core/command/command-manual.ts';
import { grammar, verbNames } from '../../../src/core/command/grammar.ts';
import { findNearestName } from '../../../src/core/command/nearest-name.ts';
import { parseComment } from '../../../src/core/command/parse-comment.ts';
import { requiredAuthority } from '../../../src/core/command/required-authority.ts';
import { startsWork } from '../../../src/core/command/starts-work.ts';
import { examples } from './example.ts';

function parseCommand(written: string): Command {
  const parsed = parseComment(`/pilot ${written}`, { slash: 'pilot', mention: 'gatepilot' });
  if (parsed.kind !== 'command') throw new Error(`"${written}" is no command`);
  return parsed.command;
}

const commands = Object.values(examples).map(parseCommand);

describe('the authority that commands ask for', () => {
  it('is read for looking, maintain for overriding and write for the rest', () => {
    const byAuthority = Map.groupBy(commands, requiredAuthority);
    expect(byAuthority.get('read')?.map(({ kind }) => kind)).toEqual(['status', 'explain', 'help']);
    expect(byAuthority.get('maintain')?.map(({ kind }) => kind)).toEqual(['override']);
    expect(byAuthority.get('write')).toHaveLength(verbNames.length - 4);
  });
});

describe('starting and halting', () => {
  it('is known of every command', () => {
    expect(commands.filter(startsWork).map(({ kind }) => kind)).toEqual([
      'run',
      'plan',
      'approve',
      'deny',
      'answer',
      'resume',
      'continue',
      'retry',
      'review',
      'recheck',
      'fix',
      'rebase',
      'resolve',
      'vouch',
      'merge',
    ]);
    const halting = Object.entries(grammar).filter(([, { effect }]) => effect === 'halts');
    expect(halting.map(([verb]) => verb)).toEqual(['stop', 'finish', 'pause', 'unmerge', 'ignore']);
  });
});

describe('the manual', () => {
  it('has a usage and one sentence for every verb', () => {
    expect(commandManual.map(({ usage }) => usage.split(' ')[0])).toEqual(verbNames);
    for (const { sentence } of commandManual) expect(sentence).toMatch(/^[A-Z][^.]+\.$/);
  });

  it('shows usages that parse once their placeholders are filled in', () => {
    for (const { usage } of commandManual) {
      const filled = usage
        .replace(/<head-sha>|\[head-sha\]/, '0'.repeat(40))
        .replace(/<amount>/, '5')
        .replace(/<number\|all>/, '2')
        .replace(/<F-id>/, 'F-1')
        .replace('|F-id …', '')
        .replace(/[[\]<>]/g, '')
        .replace(/\|[a-z]+/g, '');
      expect(parseCommand(filled).kind).toBe(usage.split(' ')[0]);
    }
  });
});

describe('the nearest name', () => {
  it.each([
    ['rnu', 'run'],
    ['sttaus', 'status'],
    ['revieww', 'review'],
    ['STOPP', 'stop'],
    ['contineu', 'continue'],
    ['unmegre', 'unmerge'],
  ])('of %s is %s', (word, name) => {
    expect(findNearestName(word, verbNames)).toBe(name);
  });

  it.each(['', 'x', 'please', 'hello', 'xyz'])('of %j is none', (word) => {
    expect(findNearestName(word, verbNames)).toBeUndefined();
  });

  it('is not looked for when the word is longer than any name', () => {
    expect(findNearestName('run'.repeat(10_000), verbNames)).toBeUndefined();
  });
});
