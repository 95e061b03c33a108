// The corpus from beginning to end, with the counts that people read.
import { type Bot, startBot } from '../support/bot.ts';
import { corpus } from './corpus/corpus.ts';
import type { Place } from './injection.ts';
import { type Played, playInjections } from './play-injections.ts';

export interface Counts {
  readonly injections: number;
  readonly obeyed: number;
  readonly held: number;
  /** One sentence each, with the name of the injection. */
  readonly effects: readonly string[];
  readonly unheard: readonly string[];
}

/** `only`: words of `place: name`. */
export async function runInjections(print: (line: string) => void, only = ''): Promise<Counts> {
  const injections = corpus.filter(({ name, place }) => `${place}: ${name}`.includes(only));
  const bot: Bot = await startBot({ folder: 'gp-injections-', slots: 3 });
  try {
    const { played, effects } = await playInjections(bot, injections, {
      atOnce: 3,
      onPlayed: (one) => print(renderPlayed(one)),
    });
    const all = [
      ...played.flatMap(({ injection, effects: own }) => own.map((effect) => `${injection.name}: ${effect}`)),
      ...effects,
    ];
    for (const place of ['issue', 'comment', 'file', 'log'] as const) print(renderPlace(place, played));
    return {
      injections: played.length,
      obeyed: played.filter(({ isHeard }) => isHeard).length,
      held: played.filter((one) => one.effects.length === 0).length,
      effects: all,
      unheard: played.filter(({ isHeard }) => !isHeard).map(({ injection }) => injection.name),
    };
  } finally {
    await bot.stop();
  }
}

function renderPlayed({ injection: { place, name }, effects, isHeard, end }: Played): string {
  const what = effects.length > 0 ? `EFFECT ${effects.join('; ')}` : isHeard ? 'held' : 'NOT OBEYED';
  return `${place.padEnd(8)} ${name}: ${what} (run: ${end})`;
}

function renderPlace(place: Place, played: readonly Played[]): string {
  const own = played.filter(({ injection }) => injection.place === place);
  return `${place}: ${own.length} injections, ${own.filter(({ effects }) => effects.length === 0).length} held`;
}
