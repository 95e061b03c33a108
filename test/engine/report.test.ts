// What a run that only reads reports as confirmed: what a verifier says is looked at before it counts.
import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import type { Evidence } from '../../src/core/acceptance/acceptance-verdict.ts';
import type { Run } from '../../src/core/model/run.ts';
import type { Held } from '../../src/engine/carry-out.ts';
import { report } from '../../src/engine/review.ts';
import type { StepsEnd } from '../../src/engine/run-steps.ts';
import type { WorkPorts } from '../../src/engine/work-ports.ts';
import { judging } from '../core/run/place.ts';

/** The base moved on, so that the lines of the head are others than those of what would land. */
const files: Readonly<Record<string, string | undefined>> = {
  'base a.js': 'said();\nsaid();\none();\n',
  'head a.js': 'one();\nfetch(token);\ngone();\n',
  'after a.js': 'said();\nsaid();\none();\nfetch(token);\n',
  'after b.js': 'fetch(token);\n',
};

/** Where a command exits with 0, and everything that was asked of a sandbox. */
function makePorts(passesOn: readonly string[]) {
  const ran: string[] = [];
  let tree = '';
  const silent = () => {
    const stream = new PassThrough();
    stream.end();
    return stream;
  };
  const dispose = async () => undefined;
  const spawn = () => {
    ran.push(tree);
    const end = Promise.resolve({ kind: 'exited', code: passesOn.includes(tree) ? 0 : 1 });
    return { stdin: silent(), stdout: silent(), stderr: silent(), end };
  };
  const ports = {
    clock: { now: () => 0 },
    options: {},
    openWorkPlace: async () => ({ folder: '/nowhere', dispose }),
    git: {
      treeOf: async (_: unknown, commit: string) => commit,
      checkout: async (_: unknown, commit: string) => {
        tree = commit;
      },
      readFile: async (_: unknown, commit: string, path: string) => files[`${commit} ${path}`],
    },
    artifacts: { putText: async () => 'file', read: async () => undefined },
    sandboxes: { proved: new Map(), create: async () => ({ spawn, kill: dispose, dispose }) },
  } as unknown as WorkPorts;
  return { ports, ran };
}

interface Case {
  readonly evidence?: Evidence;
  readonly place?: object;
  readonly isTextOnly?: boolean;
  readonly passesOn?: readonly string[];
  readonly isOnIssue?: boolean;
}

async function confirm({ evidence, place, isTextOnly, passesOn = [], isOnIssue }: Case) {
  const { run: judged, record } = judging();
  const { setup: _, ...policy } = judged.policy;
  const pull = { number: 4, branch: 'main', base: 'base' };
  const reads: NonNullable<Run['reads']> = {
    head: isOnIssue ? 'after' : 'head',
    ...(isOnIssue ? {} : { pull }),
    ...(isTextOnly ? { isTextOnly } : {}),
  };
  const run = { ...judged, policy, reads };
  const claim = { severity: 'major', path: 'a.js', line: 4, what: 'It sends the token away.', ...place };
  const list = (entry: object) => `\`\`\`findings\n${JSON.stringify([entry])}\n\`\`\`\n`;
  const answer = { isAsked: true, isCutShort: false };
  const answers = [
    { step: 'look', stage: 0, text: list(claim), ...answer },
    { step: 'verify', stage: 1, text: list({ ...claim, status: 'confirmed', evidence }), ...answer },
  ];
  const { ports, ran } = makePorts(passesOn);
  const signal = new AbortController().signal;
  const held = {
    record: { ...record, run },
    action: { id: 'r1-1', base: isOnIssue ? 'after' : isTextOnly ? 'base' : 'head' },
    token: 't',
    signal,
  };
  const repository = { key: 'k', url: 'https://git.test/acme/widget.git' };
  const commits = isOnIssue ? ['after'] : ['after', 'head', 'base'];
  const looked = { reads, reviewed: { head: reads.head }, after: 'after', commits };
  const outcome = await report(
    ports,
    { held: held as unknown as Held<'attempt'>, run, looked, repository },
    {
      ran: { answers } as unknown as StepsEnd,
      told: { transcript: 't', summary: '', spend: { costUsd: 0, tokens: 0 } } as never,
    },
  );
  if (outcome.kind !== 'reported') throw new Error(outcome.kind);
  const { findings, unplaced, unseen } = outcome;
  return { said: findings.map(({ status, why }) => `${status}: ${why}`), unplaced, unseen, findings, ran };
}

const trace = (from: number, quote: string, path = 'a.js') => ({ kind: 'trace', path, from, to: from, quote }) as const;
const command = { kind: 'command', command: 'grep -q fetch a.js' } as const;

it('is unverified without evidence, whoever says that it is confirmed', async () => {
  const { said, unplaced, unseen } = await confirm({});
  expect(said).toEqual(['unverified: it was called confirmed without evidence']);
  expect([unplaced, unseen]).toEqual([0, 0]);
});

it('is unverified where what is quoted is not there', async () => {
  const { said, unseen } = await confirm({ evidence: trace(4, 'send(token)') });
  expect(said).toEqual(['unverified: its evidence does not hold: lines 4 to 4 of a.js do not say that']);
  expect(unseen).toBe(0);
});

it('is confirmed where what is quoted is there, and says so', async () => {
  const { said, findings } = await confirm({ evidence: trace(4, 'fetch(token)') });
  expect(said).toEqual(['confirmed: a.js:4-4 says "fetch(token)"']);
  // A record need not hold it; the report does.
  expect(findings[0]).not.toHaveProperty('evidence');
});

it('is not shown by lines of another file', async () => {
  const { said } = await confirm({ evidence: trace(1, 'fetch(token)', 'b.js') });
  expect(said).toEqual(['unverified: it was called confirmed without evidence']);
});

it('is shown by lines as they are counted in the workspace, where what would land says the same', async () => {
  expect((await confirm({ evidence: trace(2, 'fetch(token)') })).said).toEqual([
    'confirmed: a.js:2-2 says "fetch(token)"',
  ]);
  expect((await confirm({ evidence: trace(3, 'gone()') })).said[0]).toContain('unverified: its evidence does not hold');
  expect((await confirm({ evidence: trace(1, 'fetch(token)') })).said[0]).toContain('unverified: ');
});

it('is confirmed by a command that passes on what would land and not on the base alone', async () => {
  const { said, ran } = await confirm({ evidence: command, passesOn: ['after'] });
  expect(said).toEqual(['confirmed: "grep -q fetch a.js" passed: (no output)']);
  expect(ran).toEqual(['after', 'base']);
  expect((await confirm({ evidence: command, passesOn: ['after', 'base'] })).said).toEqual([
    'unverified: its evidence says the same of the base, without the change',
  ]);
  expect((await confirm({ evidence: command, passesOn: ['head', 'base'] })).said[0]).toContain('unverified: ');
});

it('is looked at without a base where there is no change', async () => {
  const { said, ran } = await confirm({ evidence: command, passesOn: ['after'], isOnIssue: true });
  expect(said[0]).toContain('confirmed: ');
  expect(ran).toEqual(['after']);
});

it('of what nobody vouched for is shown by lines, and by no command: that is not known, and nothing is executed', async () => {
  const { said, unseen, ran } = await confirm({ evidence: command, isTextOnly: true, passesOn: ['after'] });
  expect(said).toEqual([
    'unverified: its evidence does not hold: nothing is executed of a fork that nobody vouched for, so that a command shows nothing',
  ]);
  expect(unseen).toBe(1);
  expect(ran).toEqual([]);
  const shown = await confirm({ evidence: trace(4, 'fetch(token)'), isTextOnly: true });
  expect(shown.said[0]).toContain('confirmed: ');
  expect(shown.unseen).toBe(0);
  // Its workspace holds the base.
  expect((await confirm({ evidence: trace(3, 'one()'), isTextOnly: true })).said[0]).toContain('confirmed: ');
});

it('without evidence leaves a gap where nobody can say where it is', async () => {
  const { said, unplaced } = await confirm({ place: { line: 40 } });
  expect(said[0]).toContain('unverified: ');
  expect(unplaced).toBe(1);
});
