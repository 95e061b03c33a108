/** When the worker is killed: right after the n-th saved decision, or right after the n-th write to GitHub. */
export type KillPlan = { readonly kind: 'save' | 'write'; readonly n: number };

/** `worker@7` or `worker@write:7`. Undefined for anything else. */
export function parseKillPlan(text: string): KillPlan | undefined {
  const [, write, n] = /^worker@(write:)?([1-9]\d{0,4})$/.exec(text) ?? [];
  return n === undefined ? undefined : { kind: write === undefined ? 'save' : 'write', n: Number(n) };
}
