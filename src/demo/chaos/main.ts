// `npm run chaos`: the product under load while its processes are killed and GitHub misbehaves. See CONTRIBUTING.md.
import { randomInt } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { LogPort } from '../../engine/port/log.ts';
import { readSurroundings } from '../../env.ts';
import { ensurePrerequisites } from '../../prerequisite/ensure-prerequisites.ts';
import { parseArguments } from './arguments.ts';
import { planChaos } from './plan/plan-chaos.ts';
import { playChaos } from './play-chaos.ts';
import type { ChaosResult } from './report/chaos-result.ts';
import { isClean, renderReport, renderVerdict } from './report/render-report.ts';

const say = (line: string) => void process.stdout.write(`${line}\n`);

const quiet: LogPort = { debug() {}, info() {}, warn() {}, error() {} };

const seedsAtMost = 1_000_000;

async function main(): Promise<number> {
  const options = parseArguments(process.argv.slice(2), () => randomInt(1, seedsAtMost));
  if (typeof options === 'string') {
    process.stderr.write(`${options}\n`);
    return 64;
  }
  const found = await ensurePrerequisites({
    needs: ['git', 'redis', 'bubblewrap'],
    cacheFolder: join(import.meta.dirname, '../../../.cache/tools'),
    environment: readSurroundings(),
    out: say,
  });
  if (found.kind === 'missing') {
    for (const { what, mend } of found.problems) process.stderr.write(`${what} ${mend}\n`);
    return 69;
  }
  const { seed, runs, kills, minutes, verbose, report } = options;
  say(`${runs} runs, ${kills} kills, seed ${seed}, at most ${minutes} minutes.`);
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => interrupted.abort());
  const folder = await mkdtemp(join(tmpdir(), 'gp-chaos-'));
  await mkdir(dirname(report), { recursive: true });
  const logs = createWriteStream(`${report}.log`);
  try {
    const result = await playChaos({
      plan: planChaos({ seed, runs, kills }),
      folder,
      tools: found.tools,
      limitMs: minutes * 60_000,
      interrupted: interrupted.signal,
      log: quiet,
      print: say,
      onLog: (source, line) => {
        logs.write(`${source} ${line}\n`);
        if (verbose) say(`  [${source}] ${line}`);
      },
    });
    await writeReport(report, result);
    say(`\n${renderReport(result)}`);
    say(`Report: ${report}.md and ${report}.json; the logs of web and workers: ${report}.log`);
    say(renderVerdict(result));
    if (interrupted.signal.aborted) return 130;
    return isClean(result) ? 0 : 1;
  } finally {
    await new Promise<void>((resolve) => logs.end(resolve));
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function writeReport(file: string, result: ChaosResult): Promise<void> {
  await writeFile(`${file}.md`, renderReport(result));
  await writeFile(`${file}.json`, `${JSON.stringify(result, null, 2)}\n`);
}

process.exitCode = await main();
process.exit();
