// What people, agents and models write stays text: no heading, link, picture, HTML, row or mention stems from it.
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import type { Nodes } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { describe, expect, it } from 'vitest';
import type { SubjectRecord } from '../../../src/core/model/record.ts';
import type { Run } from '../../../src/core/model/run.ts';
import { renderHeadline } from '../../../src/core/reply/headline.ts';
import { renderCause } from '../../../src/core/reply/render-cause.ts';
import { renderExplain } from '../../../src/core/reply/render-explain.ts';
import { renderSettledRemarks } from '../../../src/core/reply/render-remarks.ts';
import { renderStatus } from '../../../src/core/reply/render-status.ts';
import { renderView } from '../../../src/core/reply/render-view.ts';
import { shareOf } from '../../support/share-of-runs.ts';
import { comment } from '../run/outcome.ts';
import { attempting } from '../run/place.ts';
import { hostileQuestions, hostileRecord, hostileReport, hostileRounds, listCauses } from './hostile-record.ts';

const pieces = [
  '@evil',
  '#666',
  'acme/errors#666',
  '<!-- ',
  ' -->',
  '<img src=x>',
  '<details><summary>',
  '</details>',
  '|',
  '\\|',
  '`',
  '```',
  '``` mermaid',
  '~~~',
  '\n',
  '\r\n\r\n',
  '\u2028',
  '\n# Heading\n',
  '# Heading',
  '---',
  '===',
  '\n---\n',
  '- ',
  '1. ',
  '> ',
  '* * *',
  '    ',
  '[x](https://evil.example)',
  '![x](https://evil.example/x.png)',
  '[x][y]',
  '\n[y]: https://evil.example\n',
  '<https://evil.example>',
  '<evil@evil.example>',
  '**',
  '_',
  '\\',
  '&#64;evil',
  '&lt;h1&gt;',
  '"]; click t0 "https://evil.example"',
  'a',
  ' ',
  'x'.repeat(250),
] as const;

const hostile = fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 6 }).map((parts) => parts.join(''));
const patience = { numRuns: shareOf(1000) };
/** Nine whole pages are read for each text: a tenth of a second. */
const wholePages = { numRuns: shareOf(150) };

/** Every Markdown text that the bot shows of a record. */
function renderAll(record: SubjectRecord): string[] {
  const { comments, checks, pull } = renderView(record);
  return [
    ...comments.map(({ body }) => body),
    ...checks.map(({ summary }) => summary),
    pull?.body ?? '',
    renderStatus(record, []),
    renderExplain(record, undefined).text,
    renderExplain(record, 't1').text,
  ];
}

const lively = ['heading', 'link', 'linkReference', 'image', 'imageReference', 'html', 'definition', 'code'];

interface Seen {
  /** How many of each kind of node there are that do more than show text, and how many rows of tables. */
  readonly markup: Record<string, number>;
  /** The text that is read for mentions and references: all but code. */
  readonly text: string;
}

function see(markdown: string): Seen {
  const markup: Record<string, number> = {};
  const lines = markdown.split('\n');
  const texts: string[] = [];
  const visit = (node: Nodes) => {
    // What stands in a fence is no row of a table.
    if (node.type === 'code' && node.position)
      for (let line = node.position.start.line; line <= node.position.end.line; line += 1) lines[line - 1] = '';
    if (lively.includes(node.type)) markup[node.type] = (markup[node.type] ?? 0) + 1;
    if (node.type === 'text' || node.type === 'html') texts.push(node.value);
    if ('children' in node) for (const child of node.children) visit(child);
  };
  visit(fromMarkdown(markdown));
  markup['rows'] = lines.filter((line) => /^\s*\|/.test(line)).length;
  return { markup, text: texts.join('\n') };
}

/** What would be more than text, each with the words around it. */
function findLive(text: string, live: RegExp): string[] {
  return [...text.matchAll(live)].map(({ index }) => text.slice(Math.max(0, index - 40), index + 20));
}

const graphLines = [
  /^graph LR$/,
  /^ {2}subgraph batch \d+$/,
  /^ {2}end$/,
  /^ {2,4}t\d+\["[\w-]*(?:: [\p{L}\p{N} ]+)?"\]$/u,
  /^ {2}t\d+ (?:-->|-\.-|x--x) t\d+$/,
];

/** What the bot says of a text of its own that became too long for one comment. */
const shortened = /^_… \d+ lines? \(\d+ characters\) left out\._$/m;

/** Throws with what is more than text. Plain comparisons: there are very many of them. */
function checkInert(markdown: string, harmless: Seen | undefined): void {
  const { markup, text } = see(markdown);
  if (shortened.test(markdown)) {
    const more = Object.entries(markup).filter(([kind, count]) => count > (harmless?.markup[kind] ?? 0));
    if (more.length > 0) expect(more).toEqual([]);
  } else if (!isDeepStrictEqual(markup, harmless?.markup)) expect(markup).toEqual(harmless?.markup);
  const live = findLive(text, /@evil|#666/gi);
  if (live.length > 0) expect(live).toEqual([]);
  for (const [, graph = ''] of markdown.matchAll(/```mermaid\n([\s\S]*?)\n```/g)) {
    const isOurs = graph.split('\n').every((line) => graphLines.some((ours) => ours.test(line)));
    if (!isOurs) throw new Error(`not a graph of ours: ${graph}`);
  }
}

/** Found by the property below: every field as long as it may be, so that the record's comment is shortened. */
const longest = `<details><summary>${'x'.repeat(250)}<evil@evil.example>&lt;h1&gt;`;

describe('hostile text', () => {
  it('in a record that is shown shortened is shortened as a whole', () => {
    const harmless = renderAll(hostileRecord(() => 'plain')).map(see);
    const shown = renderAll(hostileRecord(() => longest));
    expect(shown.some((markdown) => shortened.test(markdown))).toBe(true);
    for (const [index, markdown] of shown.entries()) checkInert(markdown, harmless[index]);
  });

  it('in every field of a record changes nothing but text', () => {
    const harmless = renderAll(hostileRecord(() => 'plain')).map(see);
    fc.assert(
      fc.property(hostile, (text) => {
        const shown = renderAll(hostileRecord(() => text));
        for (const [index, markdown] of shown.entries()) checkInert(markdown, harmless[index]);
      }),
      wholePages,
    );
  });

  it('in what an agent asks, and what it is answered, changes nothing but text', () => {
    const show = (text: string) => {
      const record = hostileRecord(
        () => 'plain',
        hostileQuestions(() => text),
      );
      return renderAll(record);
    };
    const harmless = show('plain').map(see);
    expect(show('plain').filter((markdown) => markdown.includes('**Question')).length).toBe(8);
    fc.assert(
      fc.property(hostile, (text) => {
        for (const [index, markdown] of show(text).entries()) checkInert(markdown, harmless[index]);
      }),
      wholePages,
    );
  });

  it('in what a review found changes nothing but text', () => {
    const show = (text: string) =>
      [true, false].flatMap((isListed) => {
        const write = () => text;
        return renderAll(hostileRecord(write, hostileReport(write, isListed)));
      });
    const harmless = show('plain').map(see);
    fc.assert(
      fc.property(hostile, (text) => {
        for (const [index, markdown] of show(text).entries()) checkInert(markdown, harmless[index]);
      }),
      wholePages,
    );
  });

  it('in what was found, mended, dismissed and taken from checks changes nothing but text', () => {
    const show = (text: string) =>
      renderAll(
        hostileRecord(
          () => 'plain',
          hostileRounds(() => text),
        ),
      );
    const harmless = show('plain').map(see);
    expect(show('plain').filter((markdown) => markdown.includes('Dismissed (1)')).length).toBeGreaterThan(1);
    expect(show('plain').filter((markdown) => markdown.includes('**not pushed**')).length).toBeGreaterThan(1);
    expect(show('plain').filter((markdown) => markdown.includes('takes from its checks')).length).toBeGreaterThan(1);
    fc.assert(
      fc.property(hostile, (text) => {
        for (const [index, markdown] of show(text).entries()) checkInert(markdown, harmless[index]);
        const { run } = hostileRecord(
          () => 'plain',
          hostileRounds(() => text),
        );
        for (const { body } of run ? renderSettledRemarks(run) : [])
          if (findLive(see(body).text, /@evil|#666/gi).length > 0) throw new Error(body);
      }),
      wholePages,
    );
  });

  it('in the reason of a hold changes nothing but text', () => {
    const held = (reason: string) => {
      const back = { kind: 'executing', phase: 'attempting' } as const;
      const { run } = hostileRecord(() => 'plain', { state: { kind: 'paused', since: 0, by: 'mona', reason, back } });
      return run ? renderHeadline(run) : '';
    };
    const harmless = see(held('plain'));
    fc.assert(
      fc.property(hostile, (text) => checkInert(held(text), harmless)),
      patience,
    );
  });

  it('in the cause of a failure changes nothing but text', () => {
    const harmless = listCauses(() => 'plain').map((cause) => see(`- ${renderCause(cause)}`));
    fc.assert(
      fc.property(hostile, (text) => {
        for (const [index, cause] of listCauses(() => text).entries())
          checkInert(`- ${renderCause(cause)}`, harmless[index]);
      }),
      patience,
    );
  });

  it('in a comment is quoted harmlessly by the answer', () => {
    const harmless = see('@mona plain');
    fc.assert(
      fc.property(hostile, fc.constantFrom('/pilot ', '/pilot run ', '/pilot stop ', '@gatepilot '), (text, prefix) => {
        const world = comment(attempting(), `${prefix}${text}`).settle();
        const replies = renderView(world.record).comments.filter(({ marker }) => marker.includes(':reply:'));
        for (const { body } of replies) checkInert(body, harmless);
      }),
      patience,
    );
  });
});

describe('what GitHub itself makes of text', () => {
  const text = 'Fixes #666 and GH-666 for @evil, see https://evil.example/a and www.evil.example';
  const shown = renderAll(hostileRecord(() => text)).map((markdown) => see(markdown).text);
  const find = (live: RegExp) => shown.flatMap((each) => findLive(each, live));

  const evil = { id: 6, login: 'evil', kind: 'person' } as const;
  const since = { since: 0, by: 'evil' };
  it.each<[string, Partial<Run>]>([
    ['stopping', { state: { kind: 'stopping', ...since } }],
    ['stopped', { state: { kind: 'stopped', ...since } }],
    ['closed', { state: { kind: 'closed', ...since } }],
    ['paused', { state: { kind: 'paused', ...since, back: { kind: 'planning' } } }],
    [
      'asked whether to end',
      { state: { kind: 'paused', ...since, back: { kind: 'planning' } }, proposal: { reason: '' } },
    ],
    ['about to pause', { pausing: { by: 'evil' } }],
    ['finishing', { finishing: { by: 'evil' } }],
  ])('is no mention of whoever is named in a run that is %s', (_, more) => {
    const record = hostileRecord(() => 'plain', { ...more, startedBy: evil });
    const told = renderAll(record).map((markdown) => see(markdown).text);
    expect(told.flatMap((text) => findLive(text, /@evil/gi))).toEqual([]);
    expect(told.join()).toContain('@\u200bevil');
  });

  it('is no mention and closes no issue', () => {
    expect(find(/@evil|fixes #666/gi)).toEqual([]);
  });

  it('is no reference to an issue of this repository', () => {
    expect(find(/\bGH-666/gi)).toEqual([]);
  });

  it('is no link', () => {
    expect(find(/https?:\/\/evil|www\.evil/gi)).toEqual([]);
  });
});
