// npm run mutants -- [--only words of a name or a suite]: plants one bug at a time in a copy of the tree and requires the
// suite that is named with it to fail. A bug that nobody notices, or whose place is gone, fails the whole.
import { spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs, stripVTControlCharacters } from 'node:util';
import { acceptanceMutants } from './acceptance-mutants.ts';
import { conflictMutants } from './conflict-mutants.ts';
import { engineMutants } from './engine-mutants.ts';
import { pilotMutants } from './pilot-mutants.ts';
import { reviewMutants } from './review-mutants.ts';
import { setupMutants } from './setup-mutants.ts';
import { type Mutant, storeMutants } from './store-mutants.ts';

const root = resolve(import.meta.dirname, '../..');
const copied = [
  'src',
  'workers',
  'test',
  'bin',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'vitest.config.ts',
];

/** As test/endurance/more-histories.test.ts searches. */
const search = ['test/simulation/simulate-main.ts', '--histories', '1500', '--seed', '20261129', '--unshrunk'];

function toCommand(suite: string): string[] {
  return suite === 'simulation' ? search : ['node_modules/vitest/vitest.mjs', 'run', suite, '--testTimeout', '180000'];
}

/** A suite keeps one core busy. */
const atOnce = Math.min(4, availableParallelism());

const { values } = parseArgs({ options: { only: { type: 'string' } } });

type Verdict = 'caught' | 'SURVIVED' | 'PLACE NOT FOUND' | 'DOES NOT RUN';

interface Ran {
  readonly isGreen: boolean;
  /** What was noticed; empty when the suite did not even begin. */
  readonly noticed: string;
}

async function tryMutant(folder: string, mutant: Mutant): Promise<{ verdict: Verdict; noticed: string }> {
  const file = join(folder, mutant.file);
  const text = await readFile(file, 'utf8').catch(() => '');
  if (text.split(mutant.text).length !== 2) return { verdict: 'PLACE NOT FOUND', noticed: mutant.file };
  await writeFile(
    file,
    text.replace(mutant.text, () => mutant.replacement),
  );
  try {
    const { isGreen, noticed } = await runSuite(folder, mutant.suite);
    return { verdict: isGreen ? 'SURVIVED' : noticed === '' ? 'DOES NOT RUN' : 'caught', noticed };
  } finally {
    await writeFile(file, text);
  }
}

/** How a search and a test file say what does not hold. */
const noticing = /^NOT HELD: (.*)$|^ *FAIL +(.*)$/m;

async function runSuite(folder: string, suite: string): Promise<Ran> {
  const child = spawn(process.execPath, ['bin/launch.mjs', ...toCommand(suite)], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
    });
  }
  const code = await new Promise<number>((done, fail) => {
    child.on('error', fail);
    child.on('close', (exit) => done(exit ?? 1));
  });
  const [, notHeld, failed] = noticing.exec(stripVTControlCharacters(output)) ?? [];
  return { isGreen: code === 0, noticed: (notHeld ?? failed ?? '').slice(0, 110) };
}

async function copyTree(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mutants-'));
  for (const name of copied) await cp(join(root, name), join(folder, name), { recursive: true });
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

/** Each folder takes the next one as soon as it is free. */
async function share<T>(
  all: readonly T[],
  folders: readonly string[],
  carryOut: (folder: string, one: T) => Promise<void>,
): Promise<void> {
  const waiting = all.values();
  await Promise.all(
    folders.map(async (folder) => {
      for (const one of waiting) await carryOut(folder, one);
    }),
  );
}

async function main(): Promise<void> {
  const mutants = [
    ...engineMutants,
    ...acceptanceMutants,
    ...conflictMutants,
    ...reviewMutants,
    ...setupMutants,
    ...pilotMutants,
    ...storeMutants,
  ].filter(({ name, suite }) => `${suite}: ${name}`.includes(values.only ?? ''));
  const folders = await Promise.all(Array.from({ length: atOnce }, copyTree));
  try {
    // Of a suite that fails anyway nothing can be learnt.
    const suites = values.only === undefined ? [...new Set(mutants.map((mutant) => mutant.suite))] : [];
    await share(suites, folders, async (folder, suite) => {
      if (!(await runSuite(folder, suite)).isGreen)
        throw new Error(`the suite "${suite}" fails without any planted bug`);
    });
    let isGood = true;
    await share(mutants, folders, async (folder, mutant) => {
      const startedAt = Date.now();
      const { verdict, noticed } = await tryMutant(folder, mutant);
      isGood &&= verdict === 'caught';
      const seconds = ((Date.now() - startedAt) / 1_000).toFixed(0).padStart(4);
      process.stdout.write(
        `${verdict.padEnd(16)}${seconds} s  ${mutant.suite.padEnd(36)}${mutant.name}${noticed === '' ? '' : `: ${noticed}`}\n`,
      );
    });
    if (!isGood) process.exitCode = 1;
  } finally {
    await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
  }
}

await main();
