// Two panels of bars: what was rescued, and what was wasted. Plain SVG, the same bytes for the same figures.
import { type ArmName, armNames } from './arms.ts';
import type { Measured } from './measure.ts';

const colours: Record<ArmName, string> = {
  pilot: '#0969da',
  replan: '#8c959f',
  'raw logs': '#bf8700',
  random: '#cf222e',
};

const labelWidth = 180;
const panelWidth = 300;
const gap = 40;
const barHeight = 9;
const groupHeight = armNames.length * barHeight + 14;
const top = 60;

export function renderPlot(rows: readonly Measured[]): string {
  const worlds = [...new Set(rows.map(({ world }) => world))];
  const height = top + worlds.length * groupHeight + 16;
  const width = labelWidth + 2 * panelWidth + gap + 60;
  const mostWasted = Math.max(1, ...rows.map(({ wasted }) => wasted));
  const panels = [
    { title: 'endangered tasks rescued (share)', at: labelWidth, share: shareRescued },
    {
      title: 'attempts wasted (fewer is better)',
      at: labelWidth + panelWidth + gap,
      share: ({ wasted }: Measured) => ({ share: wasted / mostWasted, label: figure(wasted) }),
    },
  ];
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="11">`,
    '<title>The gate pilot against three other arms</title>',
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...renderLegend(),
    ...worlds.map((world, at) => text(labelWidth - 10, top + at * groupHeight + groupHeight / 2, world, 'end')),
    ...panels.flatMap(({ title, at, share }) => [
      text(at, top - 12, title, 'start', 'bold'),
      ...worlds.flatMap((world, group) => renderGroup(rows, { world, group, at, share })),
    ]),
    '</svg>',
  ];
  return `${parts.join('\n')}\n`;
}

interface Bar {
  readonly share: number;
  readonly label: string;
}

function shareRescued({ rescued, endangered }: Measured): Bar {
  if (endangered === 0) return { share: 0, label: 'none in danger' };
  return { share: rescued / endangered, label: `${figure(rescued)}/${endangered}` };
}

interface Group {
  readonly world: string;
  readonly group: number;
  readonly at: number;
  readonly share: (row: Measured) => Bar;
}

function renderGroup(rows: readonly Measured[], { world, group, at, share }: Group): string[] {
  return armNames.flatMap((arm, index) => {
    const row = rows.find((candidate) => candidate.world === world && candidate.arm === arm);
    if (!row) return [];
    const bar = share(row);
    const y = top + group * groupHeight + index * barHeight;
    const length = Math.max(1, Math.round(bar.share * (panelWidth - 50)));
    return [
      `<rect x="${at}" y="${y}" width="${length}" height="${barHeight - 2}" fill="${colours[arm]}"/>`,
      text(at + length + 5, y + barHeight - 2, bar.label, 'start', 'normal', 8),
    ];
  });
}

function renderLegend(): string[] {
  return armNames.flatMap((arm, at) => [
    `<rect x="${labelWidth + at * 90}" y="14" width="10" height="10" fill="${colours[arm]}"/>`,
    text(labelWidth + at * 90 + 15, 23, arm, 'start'),
  ]);
}

function text(x: number, y: number, words: string, anchor: 'start' | 'end', weight = 'normal', size = 11): string {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}" font-weight="${weight}" font-size="${size}" fill="#1f2328">${words}</text>`;
}

function figure(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(1);
}
