// `npm run bench -- pilot [--json file] [--live] [--write-docs]`: see docs/pilot-benchmark.md.
// `npm run bench -- sandbox [--json file] [--rounds n] [--write-docs]`: the last one writes docs/sandbox-benchmark.md.
// `npm run bench -- large`: plays test/endurance/large-run.test.ts and shows the pull request that it ends with.
import { spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { EnvironmentMistake, readModelEnv } from '../src/env.ts';
import { keepLive, measureLive, readLive } from './pilot/live.ts';
import { renderPage } from './pilot/render-page.ts';
import { renderPlot } from './pilot/render-plot.ts';
import { renderTable } from './pilot/render-table.ts';
import { runBench } from './pilot/run-bench.ts';
import { renderFigures } from './sandbox/render-figures.ts';
import { renderPage as renderSandboxPage } from './sandbox/render-page.ts';
import { runBench as runSandboxBench } from './sandbox/run-bench.ts';

const root = join(import.meta.dirname, '..');
const usage =
  'usage: npm run bench -- pilot [--json file] [--live] [--write-docs]\n       npm run bench -- sandbox [--json file] [--rounds n] [--write-docs]\n       npm run bench -- large';
const say = (text: string) => void process.stdout.write(`${text}\n`);

async function main(): Promise<number> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'string' },
      rounds: { type: 'string', default: '9' },
      live: { type: 'boolean', default: false },
      'write-docs': { type: 'boolean', default: false },
    },
  });
  if (positionals.join(' ') === 'large') return await playLarge();
  const json = values.json ?? join(root, `.cache/bench/${positionals[0]}.json`);
  if (positionals.join(' ') === 'sandbox') return await measureSandboxes({ ...values, json });
  if (positionals[0] !== 'pilot' || positionals.length > 1) {
    process.stderr.write(`${usage}\n`);
    return 64;
  }
  const model = values.live ? readModelEnv() : undefined;
  const rows = await runBench();
  say(renderTable(rows));
  const measured = model ? await measureLive(model, new Date()) : undefined;
  say(measured ? `\n${measured.model}:\n${renderTable(measured.rows)}` : '\npilot with a real model: not measured');
  await keepJson(json, { rows, live: measured ?? 'not measured' });
  if (!values['write-docs']) return 0;
  if (measured) await keepLive(measured);
  await writeFile(join(root, 'docs/pilot-benchmark.md'), renderPage(rows, await readLive()));
  await writeFile(join(root, 'docs/images/pilot-benchmark.svg'), renderPlot(rows));
  return 0;
}

async function measureSandboxes(options: { json: string; rounds: string; 'write-docs': boolean }): Promise<number> {
  const rounds = Number(options.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) {
    process.stderr.write(`${usage}\n`);
    return 64;
  }
  const outcome = await runSandboxBench(rounds, (line) => process.stderr.write(`measuring ${line}\n`));
  say(renderFigures(outcome));
  for (const entry of outcome.sandboxes) if ('why' in entry) say(`${entry.provider}: ${entry.why}`);
  await keepJson(options.json, outcome);
  if (options['write-docs']) await writeFile(join(root, 'docs/sandbox-benchmark.md'), renderSandboxPage(outcome));
  return 0;
}

async function keepJson(path: string, value: unknown): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${JSON.stringify(value, null, 2)}\n`);
  say(`\nThe same as JSON: ${path}`);
}

async function playLarge(): Promise<number> {
  const startedAt = Date.now();
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', 'test/endurance/large-run.test.ts'];
  const child = spawn(process.execPath, vitest, { cwd: root, stdio: 'inherit' });
  const code = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exit) => resolve(exit ?? 1));
  });
  if (code !== 0) return code;
  say(await readFile(join(root, '.cache/bench/large-pull-request.md'), 'utf8'));
  say(`\nAll of it took ${Math.round((Date.now() - startedAt) / 1000)} s.`);
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  const isMistake = error instanceof EnvironmentMistake || (error instanceof TypeError && 'code' in error);
  if (!isMistake) throw error;
  process.stderr.write(`${error.message}\n${usage}\n`);
  process.exitCode = 64;
}
