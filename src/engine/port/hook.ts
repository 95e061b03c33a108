// A command of the operator that is run before something happens, and that may say no.
export interface HookPort {
  /** Never throws: a command that cannot be run has failed. */
  run(facts: Readonly<Record<string, unknown>>): Promise<HookAnswer>;
}

export type HookAnswer =
  | { readonly kind: 'passed' }
  /** `why` is text of the command, hostile like any other. */
  | { readonly kind: 'failed'; readonly why: string };
