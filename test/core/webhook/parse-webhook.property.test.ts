// Whatever arrives under whatever name: it is ignored or read, never an exception, and what is read is well formed.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseComment } from '../../../src/core/command/parse-comment.ts';
import { Event, toEventId } from '../../../src/core/model/event.ts';
import { Repository, SubjectId } from '../../../src/core/model/subject.ts';
import { parseWebhook } from '../../../src/webhook/parse-webhook.ts';
import {
  checkPayload,
  commentPayload,
  labelPayload,
  pullPayload,
  reviewCommentPayload,
  reviewPayload,
} from '../../intake/payload.ts';

const appId = 4711;
const context = { host: 'github.com', appId, deliveryId: 'guid' };
const handled = [
  ...['issues', 'issue_comment', 'pull_request', 'pull_request_review', 'pull_request_review_comment'],
  ...['check_run', 'installation', 'installation_repositories'],
];
const name = fc.oneof(
  fc.constantFrom(...handled),
  fc.string(),
  fc.constantFrom('__proto__', 'constructor', 'toString'),
);

function expectTotal(eventName: string, payload: unknown): void {
  const parsed = parseWebhook(eventName, payload, context);
  switch (parsed.kind) {
    case 'ignored':
      expect(parsed.why).not.toBe('');
      return;
    case 'installation':
      expect(parsed.installationId).toBeGreaterThan(0);
      return;
    case 'event':
      // What the store writes has to be what it can read, and the id has to be one.
      expect(Event.parse(JSON.parse(JSON.stringify(parsed.event)))).toEqual(parsed.event);
      expect(SubjectId.safeParse(parsed.subject).success).toBe(true);
      expect(Repository.safeParse(parsed.repository).success).toBe(true);
      expect(toEventId(parsed.event)).toMatch(/^(comment|delivery)\//);
  }
}

it('takes any JSON value under any name', () => {
  fc.assert(fc.property(name, fc.jsonValue({ maxDepth: 4 }), expectTotal), { numRuns: 2_000 });
});

const place = { repositoryId: 10, number: 3 };
const wellFormed: readonly (readonly [string, object])[] = [
  ['issues', labelPayload(place)],
  ['issues', labelPayload({ ...place, action: 'closed' })],
  ['issue_comment', commentPayload({ ...place, commentId: 5, body: '/pilot run' })],
  ['pull_request_review_comment', reviewCommentPayload({ ...place, commentId: 5, body: '/pilot run' })],
  ['pull_request_review', reviewPayload({ ...place, commentId: 5, body: '/pilot run' })],
  ['pull_request', pullPayload({ ...place, branch: 'gatepilot/7/r1' })],
  ['pull_request', pullPayload({ ...place, branch: 'feature', action: 'labeled', label: 'pilot:run' })],
  ['check_run', checkPayload({ ...place, appId })],
  [
    'installation',
    {
      action: 'created',
      installation: { id: 1, account: { login: 'acme' } },
      repositories: [{ id: 1, full_name: 'a/b' }],
    },
  ],
];

/** Every place in a value, as the keys that lead there. */
function pathsOf(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key]))];
}

function replace(value: unknown, [key, ...rest]: readonly string[], by: unknown): unknown {
  if (key === undefined) return by;
  if (Array.isArray(value)) return value.map((item, index) => (String(index) === key ? replace(item, rest, by) : item));
  if (typeof value !== 'object' || value === null) return by;
  return { ...value, [key]: replace(Reflect.get(value, key), rest, by) };
}

const strange = fc.constantFrom(
  ...[0, -0, -1, 1.5, 2 ** 53, 1e308, '', null],
  'gatepilot/99999999999999999999999/r1',
  '99999999999999999999999:r1',
);

const spoiled = fc.constantFrom(...wellFormed).chain(([eventName, payload]) =>
  fc.tuple(
    fc.constant(eventName),
    fc
      .tuple(fc.constantFrom(...pathsOf(payload)), fc.oneof(fc.jsonValue(), strange))
      .map(([path, by]) => replace(payload, path, by)),
  ),
);

it('takes a real payload with anything in the place of any part of it', () => {
  fc.assert(
    fc.property(spoiled, ([eventName, payload]) => expectTotal(eventName, payload)),
    { numRuns: 4_000 },
  );
});

it('reads the payloads that the spoiled ones are made from', () => {
  for (const [eventName, payload] of wellFormed)
    expect(parseWebhook(eventName, payload, context).kind).not.toBe('ignored');
});

const piece = fc.constantFrom(
  ...['/pilot', '/PILOT', '@gatepilot', '@Gatepilot', '@gatepilot[bot],', ' run', ' stop', ' status', 'text', '/', '@'],
  ...[
    '\n',
    '\n\n',
    '\r',
    '\r\n',
    ' ',
    '\t',
    '\u00a0',
    '\u2028',
    '\u200b',
    '\ufeff',
    '\ufe0f',
    '\u034f',
    '\u115f',
    '\u00ad',
    '\u{e0041}',
  ],
  ...['> ', '- ', '1. ', '    ', '`', '```', '<!--', '-->', '<b>', '---', '==='],
);

it('never skips a comment that the real parser would hear', () => {
  const body = fc.array(piece, { maxLength: 12 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(body, (text) => {
      if (parseComment(text, { slash: 'pilot', mention: 'gatepilot' }).kind === 'nothing') return;
      const payload = commentPayload({ ...place, commentId: 5, body: text });
      for (const slug of ['gatepilot', undefined])
        expect(parseWebhook('issue_comment', payload, { ...context, slug }).kind).toBe('event');
    }),
    { numRuns: 5_000 },
  );
});
