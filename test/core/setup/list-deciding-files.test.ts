import { describe, expect, it } from 'vitest';
import { parsePolicy } from '../../../src/core/policy/parse-policy.ts';
import { listDecidingFiles, listNamedPaths, namedAtMost } from '../../../src/core/setup/list-deciding-files.ts';

describe('files that decide what a set-up leaves', () => {
  it('are known ones at the top, those that a command names, and known ones in folders that it names', () => {
    const files = listDecidingFiles([
      'cd server && npm ci',
      'pip install -r requirements/dev.txt; sh ./tools/prepare.sh "$GATEPILOT_DEPS"',
    ]);
    for (const path of [
      ...['package-lock.json', 'package.json', '.npmrc', 'pyproject.toml', 'go.mod', 'Makefile'],
      ...['server/package-lock.json', 'server/.npmrc', 'requirements/dev.txt', 'tools/prepare.sh'],
    ])
      expect(files).toContain(path);
  });

  it('are all that commands name, however many words stand before them', () => {
    const words = Array.from({ length: 250 }, (_, at) => `word${at}`).join(' ');
    expect(listDecidingFiles([`make ${words}`, 'pip install -r requirements/dev.txt'])).toContain(
      'requirements/dev.txt',
    );
  });

  it.each([
    ['npm ci --prefix web', 'web'],
    ['pip install -rdev.txt --constraint=pins.txt', 'dev.txt', 'pins.txt'],
    ['cd server && pip install -r dev.txt -r ../all.txt', 'server/dev.txt', 'all.txt'],
    ['cd a/b; cd ../c/ && make -f ./x.mk', 'a/c', 'a/c/x.mk'],
    ['pip install -r größe.txt', 'größe.txt'],
    ['sh tools/./x//y.sh', 'tools/x/y.sh'],
  ])('are found where a command names them like that: %s', (command, ...paths) => {
    expect(listNamedPaths([command]).paths).toEqual(expect.arrayContaining(paths));
  });

  it('are never outside of the repository, however a command is written', () => {
    const hostile = ['cat /etc/passwd ../../x a/../../b ./../c -- --flag', 'cd /tmp && cat x', 'cd a && cat ../../d'];
    const files = listDecidingFiles(hostile);
    expect(files.filter((path) => /^[/-]|\.\.|etc|tmp/.test(path))).toEqual([]);
    expect(listNamedPaths(hostile).paths).toEqual(['cat', 'x', 'a', 'a/cat']);
  });

  it('are never without end: settings that name more are refused', () => {
    const deep = `${'cd folder; '.repeat(360)}make`;
    expect(listNamedPaths(new Array(20).fill(deep)).isWhole).toBe(false);
    const settings = (count: number) =>
      parsePolicy(`setup: { commands: ["${Array.from({ length: count }, (_, at) => `w${at}`).join(' ')}", make] }`);
    expect(settings(namedAtMost - 1).mistakes).toEqual([]);
    expect(settings(namedAtMost).mistakes).toMatchObject([
      { kind: 'bad_value', path: 'setup.commands', expected: expect.stringContaining(`at most ${namedAtMost} `) },
    ]);
  });
});
