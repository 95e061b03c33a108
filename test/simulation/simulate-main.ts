// npm run simulate -- [--histories n] [--seed n] [--minutes m] [--path p] [--unshrunk]: a search of any size, on one core.
import { parseArgs } from 'node:util';
import { checkHistories } from './check-histories.ts';

const { values } = parseArgs({
  options: {
    histories: { type: 'string', default: '10000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
    minutes: { type: 'string' },
    path: { type: 'string' },
    unshrunk: { type: 'boolean', default: false },
  },
});

const startedAt = Date.now();
const seed = Number(values.seed);
process.stdout.write(`seed ${seed}\n`);
const { played, steps, reached, failure } = await checkHistories({
  seed,
  histories: Number(values.histories),
  isUnshrunk: values.unshrunk,
  ...(values.minutes === undefined ? {} : { limitMs: Number(values.minutes) * 60_000 }),
  ...(values.path === undefined ? {} : { path: values.path }),
});
const seconds = (Date.now() - startedAt) / 1_000;
const states = Object.entries(reached).map(([state, count]) => `${state} ${count}`);
process.stdout.write(
  `${played} histories, ${steps} steps, ${seconds.toFixed(0)} s, ${Math.round((played / seconds) * 60)} histories a minute\n` +
    `runs ended: ${states.join(', ')}\n`,
);
if (failure !== undefined) {
  process.stdout.write(`\nNOT HELD: ${failure}\n`);
  process.exitCode = 1;
}
