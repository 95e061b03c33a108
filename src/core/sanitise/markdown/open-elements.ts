// Follows blocks of raw HTML through a text and knows what is still open: Markdown goes on inside `<details>` or
// `<blockquote>` after a blank line, and people see it folded or quoted.

/** Elements that stay open until their end tag and that GitHub shows. Others are dropped or end by themselves. */
const elements = new Set(
  (
    'a abbr b bdo blockquote code del details div em h1 h2 h3 h4 h5 h6 i ins kbd mark ol pre q s samp small span ' +
    'strike strong sub summary sup table tt ul var'
  ).split(' '),
);

export class OpenElements {
  readonly #counts = new Map<string, number>();
  #isInComment = false;

  /** Takes the next piece of raw HTML. Tags are counted by name; attributes are not looked into. */
  read(html: string): void {
    for (const [token, slash, name = ''] of html.matchAll(/<!--|-->|<(\/?)([A-Za-z][A-Za-z0-9]*)/g)) {
      if (token === '-->') this.#isInComment = false;
      else if (this.#isInComment) continue;
      else if (token === '<!--') this.#isInComment = true;
      else this.#count(name.toLowerCase(), slash === '/' ? -1 : 1);
    }
  }

  /** Whether what follows stands inside an element or a comment. */
  isInside(): boolean {
    return this.#isInComment || [...this.#counts.values()].some((count) => count > 0);
  }

  isInComment(): boolean {
    return this.#isInComment;
  }

  countOpen(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  #count(name: string, step: 1 | -1): void {
    if (elements.has(name)) this.#counts.set(name, Math.max(0, this.countOpen(name) + step));
  }
}
