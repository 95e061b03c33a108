import type { Finding } from '../verdict/finding.ts';
import type { ChaosResult } from './chaos-result.ts';

/** Findings of one kind, whoever found them; what the store holds is counted by itself. */
export function countFindings({ findings, leftovers }: ChaosResult, kind: Finding['kind']): number {
  return [...findings, ...leftovers].filter((finding) => finding.kind === kind).length;
}

export function isClean(result: ChaosResult): boolean {
  return result.findings.length === 0 && result.leftovers.length === 0 && result.unsettled.length === 0;
}

/** The line that a chaos run is started for. */
export function renderVerdict(result: ChaosResult): string {
  const count = (kind: Finding['kind']) => `${countFindings(result, kind)} ${kind}`;
  const wrong = countFindings(result, 'wrong');
  return [count('lost'), count('doubled'), count('stuck'), ...(wrong > 0 ? [`${wrong} wrong`] : [])].join(', ');
}

export function renderReport(result: ChaosResult): string {
  return [
    `# Chaos run, seed ${result.seed}`,
    `**${renderVerdict(result)}.** The store holds ${result.unsettled.length} unsettled entries.`,
    renderTable(['what', 'count'], countRows(result)),
    '## Latencies\n\nInformational: they depend on the machine and on what was broken. GitHub tells times to the second.',
    renderTable(
      ['what', 'count', 'median', 'longest'],
      result.latencies.map(({ what, count, medianMs, maxMs }) => [
        what,
        String(count),
        `${medianMs} ms`,
        `${maxMs} ms`,
      ]),
    ),
    ...renderFindings('Findings', result.findings),
    ...renderFindings('Left over', result.leftovers),
    ...renderFindings('In the store', result.unsettled),
    `## Stories\n\n${result.stories.map(({ where, end, seconds }) => `- ${where}${end} (${seconds} s)`).join('\n')}`,
    `<sub>${result.machine}. The seed decides what is done in which order; when each step happens is up to the machine.</sub>\n`,
  ].join('\n\n');
}

function countRows(result: ChaosResult): string[][] {
  const { faults, kills, outages } = result;
  const services = [...new Set(kills.map(({ service }) => service))].sort();
  const answers = Object.entries(faults.answers)
    .filter(([kind]) => kind !== 'outage')
    .sort(([a], [b]) => a.localeCompare(b));
  const rows: [string, number | string][] = [
    ['runs asked for', result.runsAskedFor],
    ['runs started', result.runsStarted],
    ['pull requests of runs', result.pulls],
    ['of these merged', result.merged],
    ['kills planned', result.killsPlanned],
    ['kills carried out', kills.length],
    ...services.map((name): [string, number] => [`· ${name}`, kills.filter(({ service }) => service === name).length]),
    ['outages of GitHub planned', result.outagesPlanned],
    ['outages of GitHub carried out', outages.length],
    ['· requests that met one', outages.reduce((sum, { met }) => sum + met, 0)],
    ...answers.map(([kind, count]): [string, number] => [`answers of GitHub broken: ${kind}`, count]),
    ['answers cut after the write', faults.cutAnswers],
    ['deliveries dropped', faults.dropped],
    ['deliveries doubled', faults.doubled],
    ['deliveries failed', faults.failed],
    ['deliveries sent again, asked for by the bot', faults.redelivered],
    [
      'exchanges held to the schemas',
      `${result.exchanges}${result.isLogWhole ? '' : ' (older ones had left the log)'}`,
    ],
    ['webhooks held to the schemas', result.webhooks],
    ['seconds in all', result.wallSeconds],
    ['seconds until all rested', result.restSeconds],
  ];
  return rows.map(([what, count]) => [what, String(count)]);
}

function renderTable(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}

function renderFindings(title: string, findings: readonly Finding[]): string[] {
  if (findings.length === 0) return [];
  const lines = findings.map(({ kind, where, what }) => `- **${kind}** ${where}: ${what.replaceAll('\n', ' ')}`);
  return [`## ${title}\n\n${lines.join('\n')}`];
}
