import { describe, expect, it } from 'vitest';
import { ChoresStage, forbidden, longEnoughMs, lost, notesPolicy, policyPath, shared } from './chores-stage.ts';

const first = 'gatepilot/notes-1';
const [a, b, c] = [shared('First thing of all'), shared('Second thing', 2), shared('Third thing', 3)];
const callsAtMost = 16;

function open(notes = '# Notes\n', policy = notesPolicy): ChoresStage {
  return new ChoresStage({ [policyPath]: policy, 'NOTES.md': notes });
}

describe('what was learned', () => {
  it('is proposed, and everything that stands in the file stays', async () => {
    const stage = open('# Notes\n\nMind the gap.\n');
    expect(await stage.notes([a])).toEqual({ kind: 'proposed', pull: 1, rounds: 0, answered: [] });
    expect(stage.file('NOTES.md', first)).toBe(
      '# Notes\n\nMind the gap.\n\n## Learned by runs\n\n- `First thing of all`\n',
    );
    expect(stage.file('NOTES.md')).toBe('# Notes\n\nMind the gap.\n');
    expect(stage.pulls()).toMatchObject([{ branch: first, base: 'main', isOurs: true }]);
    expect(stage.calls).toBeLessThan(callsAtMost);
  });

  it('begins the file where there is none', async () => {
    const stage = new ChoresStage({ [policyPath]: notesPolicy });
    await stage.notes([a]);
    expect(stage.file('NOTES.md', first)).toContain('- `First thing of all`');
  });

  it('is added to the pull request that is open, also while no list shows it', async () => {
    const stage = open();
    await stage.notes([a]);
    // GitHub says that there is one, and nobody sees which: that is tried again.
    expect((await stage.notes([b])).kind).toBe('failed');
    stage.now += longEnoughMs;
    expect(await stage.notes([b])).toMatchObject({ kind: 'proposed', pull: 1 });
    expect(stage.pulls()).toHaveLength(1);
    expect(stage.file('NOTES.md', first)).toContain('- `First thing of all`\n- `Second thing`\n');
    expect(stage.pulls()[0]?.body).toMatch(/First thing of all \(run r1 of #1.*Second thing \(run r1 of #2/s);
  });

  it('is proposed anew in a pull request of its own when the one before is over, and what people answered is not', async () => {
    const stage = open();
    await stage.notes([a]);
    stage.now += longEnoughMs;
    stage.hub.closePull(1, 'maria');
    const again = await stage.notes([a]);
    expect(again).toMatchObject({ kind: 'unneeded', rounds: 1 });
    stage.record.notes = { ...stage.record.notes, ...(again.kind === 'unneeded' ? again : {}) };
    expect(await stage.notes([a, b])).toMatchObject({ kind: 'proposed', pull: 2, rounds: 1 });
    expect(stage.file('NOTES.md', 'gatepilot/notes-2')).not.toContain('First thing');
    // Merged without a line that people took out.
    stage.now += longEnoughMs;
    await stage.notes([b, c]);
    stage.write('gatepilot/notes-2', 'NOTES.md', '# Notes\n\n- `Second thing`\n');
    stage.hub.mergePull(2, 'maria');
    stage.now += longEnoughMs;
    expect(await stage.notes([b, c])).toMatchObject({ kind: 'unneeded', rounds: 2 });
  });

  it('that people took out of the open pull request is not put there again', async () => {
    const stage = open();
    await stage.notes([a, b]);
    stage.now += longEnoughMs;
    stage.write(first, 'NOTES.md', '# Notes\n\n## Learned by runs\n\n- `Second thing`\n');
    expect((await stage.notes([{ ...a, number: 9 }])).kind).toBe('unneeded');
    expect(stage.file('NOTES.md', first)).not.toContain('First thing');
  });

  it('goes into another one where the pull request ends while we write', async () => {
    const stage = open();
    await stage.notes([a]);
    stage.now += longEnoughMs;
    const { hub } = stage;
    let moves = 0;
    stage.changes = {
      moveBranch: async (_repository, { branch, from, to }) => {
        const at = hub.branches.get(branch);
        if (from === undefined ? at !== undefined : at !== from) return false;
        hub.push(branch, to, 'gatepilot[bot]');
        moves += 1;
        if (moves === 1) hub.closePull(1, 'maria');
        return true;
      },
    };
    expect(await stage.notes([b])).toMatchObject({ kind: 'proposed', pull: 2, rounds: 1 });
    expect(stage.file('NOTES.md', 'gatepilot/notes-2')).toContain('Second thing');
  });

  it.each([
    ['the settings name no file', 'budget: { run_usd: 1 }\n'],
    ['the settings do not want it', 'notes: { file: NOTES.md, propose: false }\n'],
  ])('is not written where %s', async (_, policy) => {
    const stage = open('# Notes\n', policy);
    expect((await stage.notes([a])).kind).toBe('refused');
    expect(stage.pulls()).toEqual([]);
  });

  it.each(['a link', 'a folder', 'no text'])('is not written where the path is %s', async (what) => {
    const stage = open();
    stage.changes = { readEntry: async () => ({ kind: 'other', what }) };
    expect(await stage.notes([a])).toEqual({ kind: 'refused', why: `NOTES.md is ${what}` });
  });

  it('that the file says already is not proposed', async () => {
    const stage = open('# Notes\n\nFirst THING of *all*.\n');
    expect((await stage.notes([a])).kind).toBe('unneeded');
  });

  it('that has no room is named, and opens nothing by itself', async () => {
    const full = open('x\n'.repeat(200));
    expect(await full.notes([a])).toMatchObject({ kind: 'unneeded', why: 'no room: NOTES.md is full' });
    const nearly = open('x\n'.repeat(196));
    expect((await nearly.notes([a, b])).kind).toBe('proposed');
    expect(nearly.pulls()[0]?.body).toContain('- Left out: Second thing (run r1 of #2');
    expect(nearly.file('NOTES.md', first)).not.toContain('Second thing');
  });

  it('is proposed once whoever died at whichever call', async () => {
    for (let diesAt = 1; diesAt < callsAtMost; diesAt += 1)
      for (const isDone of [false, true]) {
        const stage = open();
        await Promise.race([stage.notes([a], { diesAt, isDone }), new Promise((resolve) => setImmediate(resolve))]);
        stage.now += longEnoughMs;
        expect({ diesAt, isDone, ...(await stage.notes([a, b])) }).toMatchObject({ kind: 'proposed', pull: 1 });
        expect(stage.pulls()).toHaveLength(1);
        for (const { text } of [a, b]) {
          expect(stage.file('NOTES.md', first)?.split(text)).toHaveLength(2);
          expect(stage.pulls()[0]?.body.split(`- ${text} (run`)).toHaveLength(2);
        }
      }
  });

  it('is proposed once by two at the same time, whose answers are lost, and nothing of either is written over', async () => {
    for (let diesAt = 1; diesAt < callsAtMost; diesAt += 1) {
      const stage = open();
      const ends = await Promise.all([stage.notes([a], { diesAt, isDone: true, error: lost }), stage.notes([b])]);
      for (const end of ends) expect(['proposed', 'failed']).toContain(end.kind);
      stage.now += longEnoughMs;
      expect(await stage.notes([a])).toMatchObject({ kind: 'proposed', pull: 1 });
      expect(await stage.notes([b])).toMatchObject({ kind: 'proposed', pull: 1 });
      expect(stage.pulls()).toHaveLength(1);
      for (const { text } of [a, b]) expect(stage.file('NOTES.md', first)?.split(text)).toHaveLength(2);
    }
  });

  it.each(['createCommit', 'moveBranch', 'createPull'] as const)(
    'is let go where nobody may write (%s)',
    async (call) => {
      const stage = open();
      stage.changes = { [call]: () => Promise.reject(forbidden) };
      expect(await stage.notes([a])).toEqual({ kind: 'refused', why: 'write: GitHub answered 403' });
    },
  );
});
