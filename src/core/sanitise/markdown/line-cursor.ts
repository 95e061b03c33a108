/** Where the reading of one line stands. Columns count from 0 and a tab reaches to the next multiple of four. */
export class LineCursor {
  readonly text: string;
  index = 0;
  column = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** What lies ahead: the width of the white space, the index of what follows it, and whether anything does. */
  peek(): { readonly indent: number; readonly next: number; readonly isBlank: boolean } {
    let { index, column } = this;
    for (; index < this.text.length; index += 1) {
      const character = this.text[index];
      if (character === '\t') column = toTabStop(column);
      else if (character === ' ') column += 1;
      else break;
    }
    return { indent: column - this.column, next: index, isBlank: index === this.text.length };
  }

  /** Consumes white space of this width at most. Half a tab may stay: then the index rests on it. */
  skipIndent(width: number): void {
    const target = this.column + width;
    while (this.column < target) {
      const character = this.text[this.index];
      if (character === ' ') this.column += 1;
      else if (character === '\t' && toTabStop(this.column) <= target) this.column = toTabStop(this.column);
      else {
        if (character === '\t') this.column = target;
        return;
      }
      this.index += 1;
    }
  }

  /** Consumes the white space ahead and this many characters after it, none of which is a tab. */
  skipMarker(length: number): void {
    const { indent, next } = this.peek();
    this.index = next + length;
    this.column += indent + length;
  }
}

function toTabStop(column: number): number {
  return column + 4 - (column % 4);
}
