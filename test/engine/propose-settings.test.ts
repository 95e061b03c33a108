import { describe, expect, it } from 'vitest';
import { parsePolicy } from '../../src/core/policy/parse-policy.ts';
import { ChoresStage, forbidden, longEnoughMs, lost, policyPath } from './chores-stage.ts';

const packageText = JSON.stringify({ scripts: { test: 'node --test' } });
const branch = 'gatepilot/settings';
/** More than it makes. */
const callsAtMost = 12;

describe('a repository without settings', () => {
  it('is offered some, with the command that its own files suggest', async () => {
    const stage = new ChoresStage({ 'package.json': packageText });
    expect(await stage.settings()).toEqual({ kind: 'proposed', pull: 1 });
    expect(stage.pulls()).toMatchObject([{ branch, base: 'main', state: 'open', isOurs: true }]);
    expect(stage.pulls()[0]?.body).toContain('`npm test`');
    const { policy, mistakes } = parsePolicy(stage.file(policyPath, branch));
    expect([policy.verify.commands, mistakes]).toEqual([['npm test'], []]);
    expect(stage.file(policyPath)).toBeUndefined();
    expect(stage.calls).toBeLessThan(callsAtMost);
  });

  it('is told the words by which its organisation wants the bot spoken to', async () => {
    const told = async (text?: string) => {
      const stage = new ChoresStage({ 'package.json': packageText });
      const home = { ...stage.record.repository, id: 12, name: '.github' };
      const readFile = async ({ id }: { id: number }, path: string) => (id === home.id ? text : stage.file(path));
      if (text !== undefined) stage.changes = { findSibling: async () => home, readFile };
      await stage.settings();
      return stage.pulls()[0]?.body;
    };
    expect(await told()).toContain('Label an issue `pilot:run`, or write `/pilot help` on one');
    expect(await told('labels: { prefix: crew }\ncommand: { slash: crew }\n')).toContain(
      'Label an issue `crew:run`, or write `/crew help` on one',
    );
  });

  it('is told where nothing suggests a command', async () => {
    const stage = new ChoresStage({ 'README.md': 'A garden.\n' });
    await stage.settings();
    expect(stage.pulls()[0]?.body).toContain('**Nothing here says how to verify a change**');
  });

  const withoutFile = 'All of that works without this file as well';
  const onlyWithCommands = 'A run that changes something starts only where such commands are set';

  it('is told that all works without the file where a run starts without it, and nowhere else', async () => {
    const detected = new ChoresStage({ 'package.json': packageText });
    await detected.settings();
    expect(detected.pulls()[0]?.body).toContain(withoutFile);
    expect(detected.pulls()[0]?.body).not.toContain(onlyWithCommands);
    // What is usual for such projects is a guess, on which no run starts; and nothing is no command at all.
    for (const name of ['go.mod', 'Cargo.toml', 'pyproject.toml', 'README.md']) {
      const stage = new ChoresStage({ [name]: 'As it is.\n' });
      await stage.settings();
      expect(stage.pulls()[0]?.body).not.toContain(withoutFile);
      expect(stage.pulls()[0]?.body).toContain(onlyWithCommands);
    }
  });

  it.each(['open', 'closed', 'merged'] as const)(
    'is offered none again where that pull request is %s',
    async (state) => {
      const stage = new ChoresStage({ 'README.md': 'A garden.\n' });
      await stage.settings();
      stage.now += longEnoughMs;
      if (state === 'closed') stage.hub.closePull(1, 'maria');
      if (state === 'merged') stage.hub.mergePull(1, 'maria');
      // Nobody remembers it, and its branch is gone: GitHub knows.
      if (state !== 'open') stage.hub.branches.delete(branch);
      if (state === 'merged') stage.write('main', policyPath, '');
      expect((await stage.settings()).kind).toBe(state === 'open' ? 'proposed' : 'unneeded');
      expect(stage.pulls()).toHaveLength(1);
    },
  );

  it('is offered none while there is a commit to begin with, or where it is a fork that nobody uses', async () => {
    const stage = new ChoresStage({});
    stage.changes = { readRepository: async () => ({ defaultBranch: 'main', owner: 'a', name: 'b', isFork: true }) };
    expect((await stage.settings()).kind).toBe('premature');
    expect((await stage.settings({}, 'used')).kind).toBe('proposed');
    const empty = new ChoresStage({});
    empty.hub.branches.clear();
    expect((await empty.settings()).kind).toBe('premature');
  });

  it('is left alone where something stands at that path, whatever it is', async () => {
    expect((await new ChoresStage({ [policyPath]: '' }).settings()).kind).toBe('unneeded');
    const stage = new ChoresStage({});
    stage.changes = { readEntry: async () => ({ kind: 'other', what: 'a link' }) };
    expect((await stage.settings()).kind).toBe('unneeded');
    expect(stage.pulls()).toEqual([]);
  });

  it("is left alone where somebody's branch is called like ours", async () => {
    const stage = new ChoresStage({ 'README.md': 'A garden.\n' });
    stage.write('main', 'README.md', 'More.\n');
    stage.hub.branches.set(branch, stage.hub.branches.get('main') ?? '');
    expect((await stage.settings()).kind).toBe('refused');
    expect(stage.pulls()).toEqual([]);
  });

  it('has one pull request whoever died at whichever call, and one is opened in the end', async () => {
    for (let diesAt = 1; diesAt < callsAtMost; diesAt += 1)
      for (const isDone of [false, true]) {
        const stage = new ChoresStage({ 'package.json': packageText });
        await Promise.race([stage.settings({ diesAt, isDone }), new Promise((resolve) => setImmediate(resolve))]);
        stage.now += longEnoughMs;
        expect({ diesAt, isDone, ...(await stage.settings()) }).toMatchObject({ kind: 'proposed', pull: 1 });
        expect(stage.pulls()).toHaveLength(1);
        expect(stage.file(policyPath, branch)).toContain('npm test');
      }
  });

  it('has one pull request where answers are lost, and two workers are at it', async () => {
    for (let diesAt = 1; diesAt < callsAtMost; diesAt += 1) {
      const stage = new ChoresStage({ 'package.json': packageText });
      const ends = await Promise.all([stage.settings({ diesAt, isDone: true, error: lost }), stage.settings()]);
      for (const end of ends) expect(['proposed', 'failed']).toContain(end.kind);
      stage.now += longEnoughMs;
      expect(await stage.settings()).toEqual({ kind: 'proposed', pull: 1 });
      expect(stage.pulls()).toHaveLength(1);
    }
  });

  it.each(['createCommit', 'moveBranch', 'createPull'] as const)(
    'that may not be written to (%s) is let go',
    async (call) => {
      const stage = new ChoresStage({ 'README.md': 'A garden.\n' });
      stage.changes = { [call]: () => Promise.reject(forbidden) };
      expect(await stage.settings()).toEqual({ kind: 'refused', why: 'write: GitHub answered 403' });
    },
  );
});
