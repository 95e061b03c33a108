export interface ChaosArguments {
  readonly runs: number;
  readonly kills: number;
  readonly seed: number;
  readonly minutes: number;
  /** Where the report goes, without an ending: Markdown and JSON lie next to each other. */
  readonly report: string;
  readonly verbose: boolean;
}

export const usage = [
  'usage: npm run chaos -- [--runs n] [--kills n] [--seed n] [--minutes n] [--report file] [--verbose]',
  '  --runs      issues on which a run is asked for (30)',
  '  --kills     SIGKILLs of web, workers and Redis (20)',
  '  --seed      what happens in which order; the same seed gives the same plan (drawn, and told)',
  '  --minutes   how long all of it may take; what does not rest by then is stuck (30)',
  '  --report    where the report is written, as .md and .json (.cache/chaos/report)',
  '  --verbose   show the logs of web and workers',
].join('\n');

const numbers = { '--runs': 'runs', '--kills': 'kills', '--seed': 'seed', '--minutes': 'minutes' } as const;

/** A mistake is one sentence and the usage. `draw` gives the seed when none is named. */
export function parseArguments(args: readonly string[], draw: () => number): ChaosArguments | string {
  let parsed: ChaosArguments = {
    ...{ runs: 30, kills: 20, seed: draw(), minutes: 30 },
    ...{ report: '.cache/chaos/report', verbose: false },
  };
  const rest = [...args];
  for (let name = rest.shift(); name !== undefined; name = rest.shift()) {
    if (name === '--verbose') parsed = { ...parsed, verbose: true };
    else if (name === '--report') {
      const file = rest.shift();
      if (!file) return `--report takes a file name.\n${usage}`;
      parsed = { ...parsed, report: file.replace(/\.(?:md|json)$/, '') };
    } else if (isNumbered(name)) {
      const value = rest.shift() ?? '';
      if (!/^[1-9]\d{0,8}$/.test(value)) return `${name} takes a whole number above zero, not "${value}".\n${usage}`;
      parsed = { ...parsed, [numbers[name]]: Number(value) };
    } else return `"${name}" is not known.\n${usage}`;
  }
  return parsed;
}

function isNumbered(name: string): name is keyof typeof numbers {
  return name in numbers;
}
