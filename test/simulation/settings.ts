// What the repository asks of the bot.
import type { History, Timer } from './history.ts';
import type { KnownTimer } from './invariant/timers.ts';
import { epoch } from './kernel.ts';

export const settingsPath = '.github/gatepilot.yml';
export const notesPath = 'NOTES.md';

/** Less than all runs of a long history might cost. */
export function dayMicroUsd(budgetCents: number): number {
  return 3 * budgetCents * 10_000;
}

/** What the settings of a tree have verified; no merge changes them but by the base that they stand on. */
export function readCommands(tree: ReadonlyMap<string, string>): readonly string[] {
  const [, list = '[]'] = /^verify: \{ commands: (\[.*?\])/.exec(tree.get(settingsPath) ?? '') ?? [];
  return JSON.parse(list) as string[];
}

/** One more than before has to pass. */
export function withCommand(settings: string, command: string): string {
  return settings.replace(/commands: \[.*?\]/, `commands: ["check", ${JSON.stringify(command)}]`);
}

export function renderSettings(
  {
    checksBaseline,
    maxAttempts,
    budgetCents,
    isApprovalRequired,
    isReviewed,
    isUpdated,
    isOnline,
    isDrafting,
  }: History,
  timers: ReadonlyMap<string, KnownTimer>,
): string {
  const mode = [...(isApprovalRequired ? ['plan_approval: required'] : []), ...(isDrafting ? ['draft_prs: true'] : [])];
  const left = [...timers].filter(([, { takenOutAt }]) => takenOutAt === undefined);
  return [
    `verify: { commands: ["check"], timeout_minutes: 1, baseline: ${checksBaseline} }`,
    'agents: { timeout_minutes: 1, idle_minutes: 1 }',
    `max_attempts: ${maxAttempts}`,
    `budget: { run_usd: ${budgetCents / 100}, day_usd: ${dayMicroUsd(budgetCents) / 1e6} }`,
    'pilot: { timeout_seconds: 30 }',
    'questions: { timeout_minutes: 1 }',
    `review: { enabled: ${isReviewed} }`,
    ...(isUpdated ? ['gate: { base_moved: update }'] : []),
    ...(isOnline ? ['sandbox: { network: [registry.example.com] }'] : []),
    `notes: { file: ${notesPath} }`,
    ...(mode.length > 0 ? [`mode: { ${mode.join(', ')} }`] : []),
    ...(left.length > 0 ? ['schedule:', ...left.map(([name, { timer }]) => renderTimer(name, timer))] : []),
  ].join('\n');
}

function renderTimer(name: string, timer: Timer): string {
  const timing =
    timer.kind === 'once'
      ? `once: "${new Date(epoch + timer.atS * 1_000).toISOString()}"`
      : `every_minutes: ${timer.minutes}`;
  return `  - { name: ${name}, text: Tidy up., ${timing} }`;
}
