// The one way in which an agent asks: by the end of its last answer. What is not exactly that is no question.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderAsking } from '../../../src/core/prompt/render-asking.ts';
import { parseQuestion } from '../../../src/core/question/parse-question.ts';
import { attempting } from '../run/place.ts';

function block(value: unknown, marks = '```'): string {
  return `${marks}gatepilot-question\n${typeof value === 'string' ? value : JSON.stringify(value)}\n${marks}`;
}

const plain = { kind: 'asked', question: 'Tabs?', otherwise: 'Spaces.' };

describe('a question', () => {
  it.each([
    ['alone', block({ question: 'Tabs?', otherwise: 'Spaces.' })],
    ['after words', `I looked around.\n\n${block({ question: 'Tabs?', otherwise: 'Spaces.' })}\n\n`],
    ['in longer marks', block({ question: 'Tabs?', otherwise: 'Spaces.' }, '````')],
    ['over many lines', block(JSON.stringify({ question: 'Tabs?', otherwise: 'Spaces.' }, null, 2))],
    ['with line ends of another system', block({ question: 'Tabs?', otherwise: 'Spaces.' }).replaceAll('\n', '\r\n')],
    ['after another one', `${block({ question: 'Old?' })}\n${block({ question: 'Tabs?', otherwise: 'Spaces.' })}`],
  ])('%s', (_, answer) => expect(parseQuestion(answer)).toEqual(plain));

  it('may name no way to go on without an answer', () => {
    for (const value of [
      { question: 'Tabs?' },
      { question: 'Tabs?', otherwise: '' },
      { question: 'Tabs?', otherwise: null },
    ])
      expect(parseQuestion(block(value))).toEqual({ kind: 'asked', question: 'Tabs?' });
  });

  it('is what the agent is told to write', () => {
    const world = attempting();
    const [task] = world.run.tasks;
    const told = task ? renderAsking(world.run, task) : '';
    const example = told.slice(0, told.lastIndexOf('```') + 3);
    expect(parseQuestion(example)).toMatchObject({ kind: 'asked', question: 'What has to be known.' });
  });
});

it.each([
  ['nothing', ''],
  ['plain words', 'Shall I use tabs?'],
  ['what the agent goes on after', `${block({ question: 'Tabs?' })}\nNo, I know it: done.`],
  ['what is quoted', `> ${block({ question: 'Tabs?' }).replaceAll('\n', '\n> ')}`],
  ['another block', '```json\n{"question":"Tabs?"}\n```'],
  ['a block that does not end', '```gatepilot-question\n{"question":"Tabs?"}'],
])('%s is none', (_, answer) => expect(parseQuestion(answer)).toBeUndefined());

it.each([
  ['words', 'Tabs?'],
  ['a list', ['Tabs?']],
  ['nothing', { question: ' \u200b ' }],
  ['a number', { question: 7 }],
  ['an object as otherwise', { question: 'Tabs?', otherwise: {} }],
])('a block that holds %s cannot be read', (_, value) =>
  expect(parseQuestion(block(value))).toMatchObject({ kind: 'unreadable' }),
);

describe('what a hostile agent asks', () => {
  it('is cut', () => {
    const asked = parseQuestion(block({ question: 'Q'.repeat(1_000_000), otherwise: 'O'.repeat(1_000_000) }));
    if (asked?.kind !== 'asked') throw new Error('it was not read');
    expect(asked.question).toMatch(/^Q+\[… \d+ characters left out\]$/);
    expect(asked.question.length).toBeLessThanOrEqual(4_000);
    expect(asked.otherwise?.length).toBeLessThanOrEqual(1_000);
  });

  it('holds no key, also where the cut would halve it, and nothing that is not seen', () => {
    const key = `ghp_${'a1B2'.repeat(9)}`;
    const asked = parseQuestion(block({ question: `${'Q'.repeat(3_970)} ${key}`, otherwise: `${key}\u{e0041}\u202e` }));
    expect(JSON.stringify(asked)).not.toMatch(/ghp_|\u{e0041}|\u202e/u);
  });

  it('never breaks anything', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        parseQuestion(text);
        const asked = parseQuestion(block(text));
        if (!text.includes('```')) expect(asked).toBeDefined();
      }),
    );
  });
});
