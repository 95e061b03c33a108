// What many records spend: reserved and settled by saves.
import type { Decision, PotState } from '../../../src/core/model/decision.ts';
import type { KeptPot } from './shelf.ts';

interface Pots {
  readonly pots: Map<string, KeptPot>;
  readonly now: number;
}

const keepMs = 3 * 86_400_000;

function copyOf(shelves: Pots, name: string): KeptPot {
  const pot = shelves.pots.get(name);
  if (!pot || pot.until <= shelves.now) return { reserved: new Map(), settled: new Map(), until: 0 };
  return { ...pot, reserved: new Map(pot.reserved), settled: new Map(pot.settled) };
}

function sumUp({ reserved, settled }: KeptPot): PotState {
  const open = [...reserved].reduce((sum, [id, amount]) => sum + (settled.has(id) ? 0 : amount), 0);
  const spent = [...settled.values()].reduce((sum, amount) => sum + amount, 0);
  return { committed: spent + open, open };
}

export function readPot(shelves: Pots, name: string): PotState {
  return sumUp(copyOf(shelves, name));
}

export function readPots(shelves: Pots, names: readonly string[]): Record<string, PotState> {
  return Object.fromEntries(names.map((name) => [name, readPot(shelves, name)]));
}

/** The pots as they would be, or the first that has not enough left. */
export function planPots(
  shelves: Pots,
  { settlements = [], reservations = [] }: Decision<unknown>,
): { readonly changed: ReadonlyMap<string, KeptPot> } | { readonly over: string } {
  const changed = new Map<string, KeptPot>();
  const change = (name: string, pot: KeptPot, keptMs = 0) => {
    pot.until = Math.max(pot.until, shelves.now + keepMs, shelves.now + keptMs);
    changed.set(name, pot);
  };
  const potOf = (name: string) => changed.get(name) ?? copyOf(shelves, name);
  for (const { pot: name, id, amount } of settlements) {
    const pot = potOf(name);
    if (!pot.reserved.has(id) || pot.settled.has(id)) continue;
    pot.settled.set(id, amount);
    change(name, pot);
  }
  for (const { pot: name, id, amount, cap, keepMs: keptMs } of reservations) {
    const pot = potOf(name);
    if (pot.reserved.has(id)) continue;
    if (sumUp(pot).committed + amount > cap) return { over: name };
    pot.reserved.set(id, amount);
    change(name, pot, keptMs);
  }
  return { changed };
}

export function fillPots(shelves: Pots, changed: ReadonlyMap<string, KeptPot>): void {
  for (const [name, pot] of changed) shelves.pots.set(name, pot);
}
