// Somebody who may write vouches for what others wrote: for exactly what stood there before that, and as long as it stands.
import { describe, expect, it } from 'vitest';
import type { StrangerText } from '../../../src/core/model/vouch.ts';
import { WorldOfDecisions } from '../../support/world-of-decisions.ts';
import { comment, edit, label, mona } from './outcome.ts';

const otto = { ...mona, id: 9, login: 'rita' };
/** When somebody vouches, by GitHub's clock. */
const at = 1_000_000_000_000;

const text = (id: string, more: Partial<StrangerText> = {}): StrangerText => ({
  id,
  author: 'mallory',
  hash: `hash of ${id}`,
  chars: 100,
  editedAt: at - 3_600_000,
  ...more,
});

function start(...texts: StrangerText[]): WorldOfDecisions {
  const world = new WorldOfDecisions();
  world.strangers = { texts, labelled: [] };
  return world;
}

function vouch(world: WorldOfDecisions, more: Parameters<typeof comment>[2] = {}): WorldOfDecisions {
  return comment(world, '/pilot vouch', { writtenAt: at, ...more }).settle();
}

const replyOf = ({ record }: WorldOfDecisions) => record.receipts.at(-1)?.reply ?? '';
const stateOf = ({ record }: WorldOfDecisions) => record.receipts.at(-1)?.state.kind;

describe('a vouch by a command', () => {
  it('is for exactly what stood there before it, and tells who and how much', () => {
    const world = vouch(start(text('thread'), text('5')));
    expect(world.record.vouch).toEqual({
      by: 'mona',
      since: at,
      texts: [
        { id: 'thread', author: 'mallory', hash: 'hash of thread' },
        { id: '5', author: 'mallory', hash: 'hash of 5' },
      ],
    });
    expect(stateOf(world)).toBe('done');
    expect(replyOf(world)).toContain('the text at the top by @\u200bmallory (100 characters)');
    expect(replyOf(world)).not.toContain('ten minutes');
  });

  it.each([
    ['later', at + 1_000],
    ['in the very second of it', at],
  ])('does not cover what was edited %s, and says so', (_, editedAt) => {
    const world = vouch(start(text('thread'), text('5', { editedAt })));
    expect(world.record.vouch?.texts.map(({ id }) => id)).toEqual(['thread']);
    expect(replyOf(world)).toContain('Not covered, since it is no older than that: [a comment](#issuecomment-5)');
  });

  it('covers what was edited in the minutes before, and names it', () => {
    const world = vouch(start(text('thread'), text('5', { editedAt: at - 60_000 })));
    expect(world.record.vouch?.texts).toHaveLength(2);
    expect(replyOf(world)).toMatch(/ten minutes before, so look at it once more: \[a comment\]\(#issuecomment-5\) by/);
  });

  it.each([
    ['of somebody who may only read', { actor: otto, association: 'NONE' }],
    ['on another thread than the one that agents read', { thread: 9 }],
    ['of which nobody knows when it was written', { writtenAt: undefined }],
  ])('%s vouches for nothing', (_, more) => {
    const world = vouch(start(text('thread')), more);
    expect(world.record.vouch).toBeUndefined();
    expect(stateOf(world)).toBe('refused');
  });

  it('vouches for nothing while GitHub does not say what stands there', () => {
    const world = start(text('thread'));
    world.strangers = undefined;
    expect(stateOf(vouch(world))).toBe('refused');
    expect(world.record.vouch).toBeUndefined();
  });

  it('vouches for nothing where all of it is younger', () => {
    const world = vouch(start(text('thread', { editedAt: at + 5_000 })));
    expect(world.record.vouch).toBeUndefined();
    expect(replyOf(world)).toContain('none here is older than that');
  });

  it('takes the place of the one before it', () => {
    const world = vouch(start(text('thread')));
    world.strangers = { texts: [text('thread', { hash: 'another', editedAt: at + 1_000 })], labelled: [] };
    vouch(world, { writtenAt: at + 60_000 });
    expect(world.record.vouch?.texts).toEqual([{ id: 'thread', author: 'mallory', hash: 'another' }]);
  });
});

describe('a later edit', () => {
  it.each([
    ['of what it says', { hash: 'another', editedAt: at + 60_000 }],
    ['that was taken back again', { editedAt: at + 60_000 }],
  ])('%s drops the vouch for that text, and for no other', (_, more) => {
    const world = vouch(start(text('thread'), text('5')));
    world.strangers = { texts: [text('thread', more), text('5')], labelled: [] };
    edit(world, 'issue-2').settle();
    expect(world.record.vouch?.texts.map(({ id }) => id)).toEqual(['5']);
    expect(world.log.join('\n')).toContain('vouch_dropped: 1 texts that @mona vouched for say something else by now');
  });

  it('drops all of it with the last text', () => {
    const world = vouch(start(text('thread')));
    world.strangers = { texts: [], labelled: [] };
    edit(world, 'issue-2').settle();
    expect(world.record.vouch).toBeUndefined();
  });
});

describe('the label', () => {
  const put = { label: 'pilot:ok-to-run', by: 'mona', at };

  it('vouches as of the moment when it was put on, in any case of letters, and is taken off again', () => {
    const world = start(text('thread'), text('5', { editedAt: at + 1_000 }));
    world.strangers = { texts: world.strangers?.texts ?? [], labelled: [{ ...put, at: at - 1_000 }, put] };
    label(world, 'Pilot:OK-to-run').settle();
    expect(world.record.vouch).toMatchObject({ by: 'mona', since: at, texts: [{ id: 'thread' }] });
    expect(world.record.receipts.at(-1)?.source).toEqual({ kind: 'label', label: 'Pilot:OK-to-run', thread: 1 });
  });

  it('of somebody who may not write vouches for nothing', () => {
    const world = start(text('thread'));
    world.strangers = { texts: [text('thread')], labelled: [put, { ...put, by: 'rita' }] };
    label(world, 'pilot:ok-to-run', otto).settle();
    expect(world.record.vouch).toBeUndefined();
    expect(stateOf(world)).toBe('refused');
  });

  it('of which GitHub does not say when that person put it on vouches for nothing', () => {
    const world = start(text('thread'));
    world.strangers = { texts: [text('thread')], labelled: [{ ...put, by: 'max' }] };
    label(world, 'pilot:ok-to-run').settle();
    expect(world.record.vouch).toBeUndefined();
  });
});

it('whoever asks is told what is read, what is withheld, of whom, and how much', () => {
  const world = vouch(start(text('thread'), text('5', { author: 'eve', editedAt: at + 1_000 })));
  comment(world, '/pilot explain').settle();
  expect(replyOf(world)).toMatch(
    /may be read, since @\u200bmona vouched for it \(.*\): the text at the top by @\u200bmallory/,
  );
  expect(replyOf(world)).toMatch(
    /withheld until .*`\/pilot vouch`\): \[a comment\]\(#issuecomment-5\) by @\u200beve \(100 characters\)/,
  );
});
