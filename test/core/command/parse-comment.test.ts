import { describe, expect, it } from 'vitest';
import type { Command } from '../../../src/core/command/command.ts';
import { parseComment } from '../../../src/core/command/parse-comment.ts';

const prefixes = { slash: 'pilot', mention: 'gatepilot' };
const parse = (body: string) => parseComment(body, prefixes);

function parseCommand(body: string): Command | undefined {
  const parsed = parse(body);
  return parsed.kind === 'command' ? parsed.command : undefined;
}

const sha = 'AbCdEf0123456789abcdef0123456789abcdef01';

it('an answer is all that follows in its comment, since only the first one counts', () => {
  const text = 'Use ISO dates.\n\nBut never in invoices:\n\n```\n1.2.2024\n```\n> quoted\n# Heading';
  expect(parseCommand(`Hello.\n/pilot answer r1-q1 ${text}\n`)).toEqual({ kind: 'answer', question: 'r1-q1', text });
  expect(parseCommand('/pilot answer r1-q1 UTC\n\nAs always.\n\n/pilot answer r1-q2 ISO')).toEqual({
    kind: 'answer',
    question: 'r1-q1',
    text: 'UTC\n\nAs always.',
  });
  expect(parseCommand('/pilot answer r1-q1\n\nUTC')).toMatchObject({ text: 'UTC' });
});

describe('the commands', () => {
  it.each<[string, Command]>([
    ['run', { kind: 'run', text: '' }],
    ['run only the parser', { kind: 'run', text: 'only the parser' }],
    ['run --workflow fast-fix', { kind: 'run', text: '', workflow: 'fast-fix' }],
    ['run --workflow Fast-Fix only the parser', { kind: 'run', text: 'only the parser', workflow: 'fast-fix' }],
    ['run only the --workflow flag', { kind: 'run', text: 'only the --workflow flag' }],
    ['run: only the parser', { kind: 'run', text: 'only the parser' }],
    ['plan', { kind: 'plan', text: '' }],
    ['plan in two steps', { kind: 'plan', text: 'in two steps' }],
    ['approve', { kind: 'approve' }],
    ['approve P-3F', { kind: 'approve', planId: 'p-3f' }],
    ['status', { kind: 'status' }],
    ['explain', { kind: 'explain' }],
    ['explain parse-config', { kind: 'explain', about: 'parse-config' }],
    ['tell use the other library', { kind: 'tell', text: 'use the other library' }],
    ['stop', { kind: 'stop' }],
    ['stop! this is the wrong branch', { kind: 'stop', reason: 'this is the wrong branch' }],
    ['finish', { kind: 'finish' }],
    ['pause', { kind: 'pause' }],
    ['pause until monday', { kind: 'pause', reason: 'until monday' }],
    ['resume', { kind: 'resume' }],
    ['continue', { kind: 'continue' }],
    ['retry', { kind: 'retry' }],
    ['retry failed', { kind: 'retry' }],
    ['retry task-1', { kind: 'retry', task: 'task-1' }],
    ['skip task-1 not needed any more', { kind: 'skip', task: 'task-1', reason: 'not needed any more' }],
    ['review', { kind: 'review', isFull: false }],
    ['review full', { kind: 'review', isFull: true }],
    ['review FULL the lock handling', { kind: 'review', isFull: true, focus: 'the lock handling' }],
    ['review the lock handling', { kind: 'review', isFull: false, focus: 'the lock handling' }],
    ['recheck', { kind: 'recheck' }],
    ['fix', { kind: 'fix', findings: [] }],
    ['fix comments', { kind: 'fix', findings: [], of: 'comments' }],
    ['fix CI', { kind: 'fix', findings: [], of: 'ci' }],
    ['fix F-1, f-2 F\u2011AB,F-1', { kind: 'fix', findings: ['F-1', 'F-2', 'F-ab'] }],
    ['dismiss f-7 the input is trusted', { kind: 'dismiss', finding: 'F-7', reason: 'the input is trusted' }],
    ['rebase', { kind: 'rebase' }],
    [
      `override verify ${sha} known flake`,
      { kind: 'override', gate: 'verify', head: sha.toLowerCase(), reason: 'known flake' },
    ],
    ['merge', { kind: 'merge' }],
    ['unmerge', { kind: 'unmerge' }],
    ['budget 5', { kind: 'budget', microUsd: 5_000_000 }],
    ['budget $12.5', { kind: 'budget', microUsd: 12_500_000 }],
    ['budget 0.07 USD', { kind: 'budget', microUsd: 70_000 }],
    ['ignore', { kind: 'ignore' }],
    ['unignore', { kind: 'unignore' }],
    ['config', { kind: 'config' }],
    ['help', { kind: 'help' }],
  ])('reads "%s" in both forms', (written, command) => {
    expect(parseCommand(`/pilot ${written}`)).toEqual(command);
    expect(parseCommand(`@gatepilot ${written}`)).toEqual(command);
  });
});

describe('the prefix', () => {
  it.each([
    '@GatePilot run',
    '/PILOT Run',
    '@gatepilot, run',
    '@gatepilot: run',
    '@gatepilot[bot] run',
    '   /pilot run',
    '/pilot\trun',
    '/pilot\u00a0run',
    '\u200b/pilot\u200b run\u200b',
    '\ufeff/pilot run',
    'Thank you!\r\n/pilot run\r\n',
    'Thank you!\r/pilot run',
  ])('is seen in %j', (body) => {
    expect(parse(body)).toMatchObject({ kind: 'command', command: { kind: 'run' } });
  });

  it.each([
    '',
    'please run',
    'hey @gatepilot run',
    'see /pilot run',
    '@gatepilot-staging run',
    '@gatepilot/team run',
    '@gatepilots run',
    "@gatepilot's run",
    '/pilots run',
    '/pilot/run',
    '/pilot-light run',
    '\\@gatepilot run',
    '&#64;gatepilot run',
    '@gate\u200bpilot run',
    '@\u200bgatepilot run',
    '@gatepilot\u200bs run',
    '@g\u0430tepilot run',
    '\uff20gatepilot run',
    '\uff0fpilot run',
    '**@gatepilot run**',
    '# /pilot run',
    '- /pilot run',
    '1. /pilot run',
    '- [ ] /pilot run',
  ])('is not seen in %j', (body) => {
    expect(parse(body)).toEqual({ kind: 'nothing' });
  });

  it('is configurable', () => {
    const other = { slash: 'copilot-2', mention: 'my-bot' };
    expect(parseComment('/copilot-2 run', other)).toMatchObject({ kind: 'command' });
    expect(parseComment('@my-bot run', other)).toMatchObject({ kind: 'command' });
    expect(parseComment('/pilot run', other)).toEqual({ kind: 'nothing' });
  });

  it('is never empty', () => {
    expect(parseComment('/ run\n@ run', { slash: '', mention: '' })).toEqual({ kind: 'nothing' });
  });
});

describe('markup around a line', () => {
  it.each([
    ['a quote', '> /pilot run'],
    ['a line that goes on with a quote', '> please\n/pilot run'],
    ['a nested quote', '- > /pilot run'],
    ['fenced code', '```\n/pilot run\n```'],
    ['a fence that never ends', '~~~~\n/pilot run\n~~~'],
    ['a fence in a list', '- a\n  ```\n  /pilot run\n  ```'],
    ['indented code', 'text\n\n    /pilot run'],
    ['tab-indented code', '\t/pilot run'],
    ['a code span over lines', 'see `this\n/pilot run\nthat`'],
    ['a link over lines', '[see\n/pilot run\nhere](https://example.org)'],
    ['a link by reference', '[here]: https://example.org\n[see\n/pilot run\nthat][here]'],
    ['a link title', '[a]: https://example.org "see\n/pilot run\nhere"'],
    ['a tag', 'text <a title="\n/pilot run\n">'],
    ['a comment', '<!--\n/pilot run\n-->'],
    ['a comment after text', 'text <!--\n/pilot run\n-->'],
    ['a comment that never ends', '<!-- note\n\n/pilot run'],
    ['a comment over blocks', '<div><!--\n\n/pilot run\n\n-->\n\n/pilot run'],
    ['an HTML block', '<div>\n/pilot run\n</div>'],
    ['preformatted text', '<pre>\n\n/pilot run\n\n</pre>'],
    ['a fold', '<details><summary>log</summary>\n\n/pilot run\n\n</details>'],
    ['an HTML quote', '<blockquote>\n\n/pilot run\n\n</blockquote>'],
  ])('hides it inside %s', (_, body) => {
    expect(parse(body)).toEqual({ kind: 'nothing' });
  });

  it.each([
    ['a quote and a blank line', '> please\n\n/pilot run'],
    ['code', '```\n/pilot stop\n```\n/pilot run'],
    ['a list', '- a\n- b\n\n/pilot run'],
    ['the lines of a list', '1. a\n2. b\n/pilot run'],
    ['a comment', '<!-- template -->\n/pilot run'],
    ['a fold that is closed', '<details>\n\n/pilot stop\n\n</details>\n\n/pilot run'],
    ['a code span that is closed', 'see `this`, [that](x) and <b>this</b>\n/pilot run'],
    ['a code span that never ends', 'see `this\n/pilot run'],
    ['a placeholder in angle brackets', '<your-name>\n\n/pilot run'],
    ['a signature below', '/pilot run\n--\nSent from my phone'],
  ])('does not hide it after %s', (_, body) => {
    expect(parseCommand(body)).toMatchObject({ kind: 'run' });
  });
});

describe('the text of a command', () => {
  it.each(['run', 'plan'])('of %s goes on over the lines directly below', (verb) => {
    const body = `/pilot ${verb} do this:\r\n- first  \n- second\nand *that*\n\nNot this.`;
    expect(parseCommand(body)).toEqual({ kind: verb, text: 'do this:\n- first\n- second\nand *that*' });
  });

  it('of what agents are told is all that follows in the comment, whatever it looks like', () => {
    const text = 'Like so:\n\n```\ncode\n```\n\n> and not like that';
    expect(parseCommand(`Hello.\n/pilot tell --task a ${text}\n`)).toEqual({ kind: 'tell', task: 'a', text });
    expect(parseCommand(`/pilot tell ${text}\n\n/pilot status`)).toEqual({ kind: 'tell', text });
  });

  it('begins on the next line when nothing follows the verb', () => {
    expect(parseCommand('/pilot tell\nuse tabs')).toEqual({ kind: 'tell', text: 'use tabs' });
  });

  it.each(['> quoted', '```\ncode\n```', '# heading', '<div>html</div>', '---', '/pilot status'])(
    'ends before %j',
    (next) => {
      expect(parseCommand(`/pilot run this\n${next}\nmore`)).toEqual({ kind: 'run', text: 'this' });
    },
  );

  it('is only the rest of the line for every other verb', () => {
    expect(parseCommand('/pilot skip a because\nof this')).toEqual({ kind: 'skip', task: 'a', reason: 'because' });
    expect(parseCommand('/pilot status\nthanks')).toEqual({ kind: 'status' });
  });

  it('is kept as written, with what is hidden in it', () => {
    expect(parseCommand('/pilot run a\u200bb <!-- c -->')).toEqual({ kind: 'run', text: 'a\u200bb <!-- c -->' });
  });
});

describe('several commands in one comment', () => {
  it('runs the first and tells what the others are', () => {
    expect(parse('Hello\n/pilot status\n\n/pilot help\n@gatepilot nonsense')).toEqual({
      kind: 'command',
      command: { kind: 'status' },
      alsoFound: ['help', 'nonsense'],
      line: 2,
    });
  });

  it.each([
    ['/pilot stop\n\n/pilot run', 3],
    ['/pilot run\n/pilot stop!', 2],
    ['/pilot status\n/pilot merge\n\n/pilot pause', 4],
    ['/pilot retry two words\n/pilot stop', 2],
  ])('refuses %j as a whole', (body, line) => {
    expect(parse(body)).toMatchObject({ kind: 'mistake', mistake: { kind: 'conflicting', line } });
  });

  it('does not count what is quoted as a conflict', () => {
    expect(parse('> /pilot run\n\n/pilot stop')).toMatchObject({
      kind: 'command',
      command: { kind: 'stop' },
      alsoFound: [],
    });
  });
});

describe('mistakes', () => {
  it.each([
    ['/pilot', { kind: 'missing_verb', line: 1, column: 7, found: '' }],
    ['a\n\n@gatepilot rnu it', { kind: 'unknown_verb', line: 3, column: 12, found: 'rnu', didYouMean: 'run' }],
    ['/pilot **run**', { kind: 'unknown_verb', column: 8, found: '**run**', didYouMean: 'run' }],
    ['/pilot cancel', { kind: 'unknown_verb', didYouMean: 'stop' }],
    ['/pilot s\u212aip a b', { kind: 'unknown_verb', didYouMean: 'skip' }],
    ['/pilot st\u043ep', { kind: 'unknown_verb', found: 'st\u043ep', didYouMean: 'stop' }],
    ['/pilot constructor', { kind: 'unknown_verb', found: 'constructor' }],
    ['/pilot status please', { kind: 'unexpected_text', verb: 'status', column: 15, found: 'please' }],
    ['/pilot merge when green', { kind: 'unexpected_text', verb: 'merge' }],
    ['/pilot tell', { kind: 'missing_argument', verb: 'tell', expected: 'the message' }],
    ['/pilot tell \u200b', { kind: 'missing_argument', verb: 'tell' }],
    ['/pilot skip', { kind: 'missing_argument', expected: 'the key of a task' }],
    ['/pilot skip a', { kind: 'missing_argument', column: 14, expected: 'the reason' }],
    ['/pilot skip (a) b', { kind: 'bad_argument', column: 13, found: '(a)' }],
    ['/pilot dismiss F-1', { kind: 'missing_argument', expected: 'the reason' }],
    ['/pilot dismiss 1 no', { kind: 'bad_argument', expected: 'the id of a finding, such as F-3' }],
    ['/pilot fix ci F-1', { kind: 'unexpected_text', column: 15, found: 'F-1' }],
    ['/pilot fix F-1,2', { kind: 'bad_argument', column: 16, found: '2' }],
    ['/pilot approve one two', { kind: 'unexpected_text', found: 'two' }],
    ['/pilot vouch abc1234', { kind: 'bad_argument', column: 14, found: 'abc1234' }],
    ['/pilot override verify', { kind: 'missing_argument', expected: 'the full commit hash of the head, 40 digits' }],
    ['/pilot override verify abc1234 flake', { kind: 'bad_argument', column: 24, found: 'abc1234' }],
    [`/pilot override verify ${sha}`, { kind: 'missing_argument', expected: 'the reason' }],
    ['/pilot budget', { kind: 'missing_argument', expected: 'an amount in US dollars, such as 5 or 12.50' }],
    ['/pilot budget 0', { kind: 'bad_argument', found: '0' }],
    ['/pilot budget -5', { kind: 'bad_argument', found: '-5' }],
    ['/pilot budget 5,50', { kind: 'bad_argument', found: '5,50' }],
    ['/pilot budget 5 euros', { kind: 'unexpected_text', found: 'euros' }],
  ])('locates the one in %j', (body, mistake) => {
    expect(parse(body)).toMatchObject({ kind: 'mistake', mistake });
  });

  it('quotes no more than the beginning of what was found', () => {
    const parsed = parse(`/pilot ${'x'.repeat(50_000)}`);
    expect(parsed).toMatchObject({ mistake: { found: `${'x'.repeat(60)}…` } });
  });

  it('suggests nothing that is far from what was written', () => {
    const parsed = parse('/pilot is great');
    expect(parsed).toMatchObject({ kind: 'mistake', mistake: { kind: 'unknown_verb', found: 'is' } });
    expect(parsed).not.toHaveProperty('mistake.didYouMean');
  });
});
