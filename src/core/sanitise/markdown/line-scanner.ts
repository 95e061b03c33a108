// The block structure of CommonMark, one line at a time: which quotes and list items go on, what the line opens, and
// what is left open for the next one.
import {
  type Fence,
  isFenceEnd,
  isHeading,
  isThematicBreak,
  isUnderline,
  parseFence,
  parseListMarker,
} from './block-start.ts';
import { type HtmlEnd, parseHtmlStart } from './html-block.ts';
import { LineCursor } from './line-cursor.ts';
import type { MarkdownLine, OpenBlock } from './scan-markdown.ts';

type LineKind = MarkdownLine['kind'];
type Container = { readonly kind: 'quote' } | { readonly kind: 'item'; readonly width: number; isEmpty: boolean };
/** What takes lines at the moment. Indented code is none: every line of it is recognised by itself. */
type Leaf =
  | { readonly kind: 'paragraph' }
  | { readonly kind: 'fence'; readonly fence: Fence }
  | { readonly kind: 'html'; readonly end: HtmlEnd };

/** Where the reading of a line stands among the containers. */
interface Place {
  readonly cursor: LineCursor;
  /** How many of the open containers the line is known to be in. */
  depth: number;
  /** The open paragraph that the line may continue, also lazily: from outside the quote or item that it is in. */
  paragraph: 'matched' | 'lazy' | 'none';
}

/** Deeper nesting is read as text: nobody writes it, and each level costs time on every line. */
const maxDepth = 64;

export class LineScanner {
  readonly #containers: Container[] = [];
  #leaf: Leaf | undefined;
  #leafLine = 0;
  #line = -1;
  #block = 0;

  scan(line: string): Omit<MarkdownLine, 'text' | 'start'> {
    this.#line += 1;
    const cursor = new LineCursor(line);
    const kind = this.#read(cursor);
    if (kind !== 'blank') this.#fillItems();
    const contentIndex = kind === 'code' || kind === 'html' ? cursor.index : cursor.peek().next;
    const isQuoted = this.#containers.some((container) => container.kind === 'quote');
    return { kind, contentIndex, isQuoted, block: this.#block };
  }

  findOpen(): OpenBlock | undefined {
    const leaf = this.#leaf;
    const place = { firstLine: this.#leafLine, isNested: this.#containers.length > 0 };
    if (leaf?.kind === 'fence') return { kind: 'fence', fence: leaf.fence, ...place };
    if (leaf?.kind === 'html' && leaf.end.kind === 'text') return { kind: 'html', closer: leaf.end.closer, ...place };
    return undefined;
  }

  #read(cursor: LineCursor): LineKind {
    const depth = this.#matchContainers(cursor);
    const isMatched = depth === this.#containers.length;
    const taken = isMatched ? this.#continueLeaf(cursor) : undefined;
    if (taken) return taken;
    const paragraph = this.#leaf?.kind !== 'paragraph' ? 'none' : isMatched ? 'matched' : 'lazy';
    const place: Place = { cursor, depth, paragraph };
    for (;;) {
      const kind = this.#openLeaf(place);
      if (kind) return kind;
      if (!this.#openContainer(place)) break;
    }
    return place.paragraph === 'none' ? this.#startBlock(place, 'paragraph', { kind: 'paragraph' }) : 'paragraph';
  }

  /** Consumes the markers of the containers that go on in this line and says how many there are. */
  #matchContainers(cursor: LineCursor): number {
    let depth = 0;
    for (const container of this.#containers) {
      const { indent, next, isBlank } = cursor.peek();
      if (container.kind === 'quote') {
        if (indent > 3 || cursor.text[next] !== '>') break;
        skipQuoteMarker(cursor);
      } else if (isBlank) {
        if (container.isEmpty) break;
      } else if (indent >= container.width) {
        cursor.skipIndent(container.width);
      } else {
        break;
      }
      depth += 1;
    }
    return depth;
  }

  /** Code and HTML take lines as they are, until their end. */
  #continueLeaf(cursor: LineCursor): LineKind | undefined {
    const leaf = this.#leaf;
    if (leaf === undefined || leaf.kind === 'paragraph') return undefined;
    const { indent, next, isBlank } = cursor.peek();
    const rest = cursor.text.slice(next);
    if (leaf.kind === 'fence') {
      if (indent <= 3 && isFenceEnd(rest, leaf.fence)) this.#leaf = undefined;
      return 'code';
    }
    if (leaf.end.kind === 'blank') return isBlank ? undefined : 'html';
    if (leaf.end.pattern.test(rest)) this.#leaf = undefined;
    return 'html';
  }

  /** The kind of the line when that is settled by how it begins. */
  #openLeaf(place: Place): LineKind | undefined {
    const { indent, next, isBlank } = place.cursor.peek();
    if (isBlank) return this.#startBlock(place, 'blank');
    if (indent > 3) return place.paragraph === 'none' ? this.#startBlock(place, 'code') : 'paragraph';
    const rest = place.cursor.text.slice(next);
    if (isHeading(rest)) return this.#startBlock(place, 'heading');
    const fence = parseFence(rest);
    if (fence) return this.#startBlock(place, 'code', { kind: 'fence', fence });
    const end = parseHtmlStart(rest, { interruptsParagraph: place.paragraph === 'matched' });
    if (end) {
      const isOver = end.kind === 'text' && end.pattern.test(rest);
      return this.#startBlock(place, 'html', isOver ? undefined : { kind: 'html', end });
    }
    if (place.paragraph === 'matched' && isUnderline(rest)) {
      this.#leaf = undefined;
      return 'underline';
    }
    return isThematicBreak(rest) ? this.#startBlock(place, 'break') : undefined;
  }

  /** Enters the quote or list item that begins here; false when none does. */
  #openContainer(place: Place): boolean {
    const { cursor } = place;
    if (place.depth >= maxDepth) return false;
    const rest = cursor.text.slice(cursor.peek().next);
    const marker = parseListMarker(rest, { interruptsParagraph: place.paragraph === 'matched' });
    if (rest[0] !== '>' && marker === undefined) return false;
    this.#closeTo(place);
    this.#fillItems();
    if (marker === undefined) {
      skipQuoteMarker(cursor);
      this.#containers.push({ kind: 'quote' });
    } else {
      this.#containers.push({ kind: 'item', width: skipListMarker(cursor, marker), isEmpty: true });
    }
    place.depth += 1;
    place.paragraph = 'none';
    return true;
  }

  #startBlock(place: Place, kind: LineKind, leaf?: Leaf): LineKind {
    this.#closeTo(place);
    this.#leaf = leaf;
    this.#leafLine = this.#line;
    this.#block += 1;
    return kind;
  }

  /** An item whose first line is empty ends with the next blank line, unless something came into it. */
  #fillItems(): void {
    for (const container of this.#containers) if (container.kind === 'item') container.isEmpty = false;
  }

  #closeTo(place: Place): void {
    this.#containers.length = place.depth;
    this.#leaf = undefined;
  }
}

function skipQuoteMarker(cursor: LineCursor): void {
  cursor.skipMarker(1);
  cursor.skipIndent(1);
}

/** Returns how far the lines of the item must be indented to belong to it. */
function skipListMarker(cursor: LineCursor, length: number): number {
  const { indent } = cursor.peek();
  cursor.skipMarker(length);
  const { indent: space, isBlank } = cursor.peek();
  const padding = isBlank || space > 4 ? 1 : space;
  cursor.skipIndent(padding);
  return indent + length + padding;
}
