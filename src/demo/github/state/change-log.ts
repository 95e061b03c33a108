// An ordered list of everything that happened, so that a page or a test can follow without polling the whole state.

/**
 * `kind` is `event.action` as in a webhook (`issues.opened`, `push`), or `resolved`, `unresolved`, `request`, `delivery`, `held`, `setup`.
 * A change only says that something happened; the state says what is.
 */
export interface Change {
  /** Counts from 1 without gaps. */
  readonly id: number;
  readonly at: number;
  readonly kind: string;
  readonly repository?: string;
  readonly number?: number;
  readonly actor?: string;
  readonly detail?: string;
}

const maxChanges = 50_000;

export class ChangeLog {
  readonly #changes: Change[] = [];
  readonly #waiting = new Set<() => void>();
  #last = 0;

  get last(): number {
    return this.#last;
  }

  add(change: Omit<Change, 'id'>): void {
    this.#last += 1;
    this.#changes.push({ id: this.#last, ...change });
    if (this.#changes.length > maxChanges) this.#changes.shift();
    for (const wake of [...this.#waiting]) wake();
  }

  after(id: number): readonly Change[] {
    return this.#changes.filter((change) => change.id > id);
  }

  /** Resolves when there is a change after `id`, or when the time is up. */
  async waitAfter(id: number, timeoutMs: number): Promise<readonly Change[]> {
    if (this.#last <= id && timeoutMs > 0) {
      await new Promise<void>((resolve) => {
        const done = () => {
          clearTimeout(timer);
          this.#waiting.delete(done);
          resolve();
        };
        const timer = setTimeout(done, timeoutMs);
        this.#waiting.add(done);
      });
    }
    return this.after(id);
  }
}
