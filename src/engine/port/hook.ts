// Programs of the operator that are run around what the product does. Those before something may say no.

/** The names of the programs. Whatever comes before may be vetoed; what is told after is told, and no answer changes it. */
export const hookNames = [
  'before-plan',
  'before-attempt',
  'before-push',
  'before-merge',
  'before-forget',
  'after-archive',
] as const;
export type HookName = (typeof hookNames)[number];

export interface HookPort {
  /**
   * Passes at once where the operator has no program of this name. Never throws: a program that cannot be run, or does
   * not end in time, has failed. An abort ends the program, and counts as a failure.
   */
  run(name: HookName, facts: Readonly<Record<string, unknown>>, signal?: AbortSignal): Promise<HookAnswer>;
}

export type HookAnswer =
  | { readonly kind: 'passed' }
  /** `why` is text of the program, hostile like any other. */
  | { readonly kind: 'failed'; readonly why: string };
