// Random histories of a store: what processes and people may do to it, in any order, over few names so that they meet.
import fc from 'fast-check';
import { type RecordId, toLaneId, toSubjectId } from '../../src/core/model/subject.ts';

export const host = 'github.test:8080';
export const records: readonly RecordId[] = [
  toSubjectId(host, 7, 1),
  toSubjectId(host, 7, 2),
  toSubjectId(host, 7, 3),
  // The same number in another repository has nothing to do with it.
  toSubjectId(host, 8, 1),
  toLaneId(host, 7, 'release/1.x'),
];

const of = <T extends string | number>(...values: T[]) => fc.constantFrom(...values);
const rarely = fc.integer({ min: 0, max: 9 }).map((roll) => roll === 0);
const record = fc.integer({ min: 0, max: records.length - 1 });
const subject = fc.integer({ min: 0, max: 3 });
const action = of('a', 'b');
const place = fc.integer({ min: 0, max: 3 });
const permits = fc.uniqueArray(fc.record({ name: of('all', 'repository 7'), limit: of(1, 2) }), {
  selector: ({ name }) => name,
  maxLength: 2,
});
const change = fc.record({ kind: of('add', 'cancel', 'remove', 'redispatch'), id: action, isLate: rarely });

function step<K extends string, T>(kind: K, fields: { [P in keyof T]: fc.Arbitrary<T[P]> }) {
  return fc.record(fields).map((values) => ({ kind, ...(values as T) }));
}

function weighted<T>(weight: number, arbitrary: fc.Arbitrary<T>) {
  return { weight, arbitrary };
}

const anyStep = fc.oneof(
  weighted(4, step('pass', { ms: of(1, 500, 4_000, 10_000, 21_000, 61_000, 3_600_000, 75 * 3_600_000) })),
  weighted(
    3,
    step('intake', {
      subject,
      delivery: of(1, 2, 3),
      hash: of('x', 'y'),
      comments: fc.array(of(1, 2, 3), { minLength: 1, maxLength: 2 }),
      isOnlyForKnown: fc.boolean(),
    }),
  ),
  weighted(1, step('intakeInstallation', { delivery: of(1, 2, 3), hash: of('x', 'y') })),
  weighted(3, step('append', { record, comment: of(1, 2, 3), isBroken: rarely })),
  weighted(3, step('appendResult', { record, action, token: place })),
  weighted(2, step('submit', { subject, key: of('k1', 'k2'), hash: of('x', 'y') })),
  weighted(
    12,
    step('save', {
      record,
      isStale: rarely,
      isNewer: fc.integer({ min: 0, max: 60 }).map((roll) => roll === 0),
      handled: of('all', 'first', 'none', 'again'),
      outbox: fc.array(change, { maxLength: 3 }),
      aliases: fc.oneof(weighted(3, fc.constant<number[]>([])), weighted(1, fc.array(of(1, 2, 3), { maxLength: 2 }))),
      answers: fc.array(of('k1', 'k2'), { maxLength: 1 }),
      lines: fc.integer({ min: 0, max: 2 }),
      trimAfter: fc.option(of(0, 1, 3), { nil: undefined }),
      wakeIn: fc.option(of(0, 5_000, 30_000), { nil: undefined }),
    }),
  ),
  weighted(8, step('begin', { record, action, isLate: rarely, leaseMs: of(5_000, 30_000), permits })),
  weighted(4, step('heartbeat', { record, action, token: place, leaseMs: of(5_000, 30_000) })),
  weighted(3, step('takeDue', { limit: of(1, 2, 10), deferMs: of(1, 5_000) })),
  weighted(
    1,
    step('lookAgainAt', {
      record,
      inMs: fc.option(of(0, 9_000), { nil: undefined }),
      version: of('none', 'current', 'old'),
    }),
  ),
  weighted(2, step('countTrouble', { record, name: of('comment/1', 'comment/2', 'decision') })),
  weighted(2, step('park', { record, place })),
  weighted(2, step('replay', { place })),
  weighted(2, step('takeTokens', { amount: of(1, 3, 20), leave: of(0, 2), perSecond: of(0.1, 1) })),
  weighted(2, step('reserve', { id: of('r1', 'r2', 'r3'), amount: of(0.1, 0.2, 5), holdMs: of(1_000, 9_000) })),
  weighted(2, step('settle', { id: of('r1', 'r2', 'r3'), amount: of(0, 0.3) })),
  weighted(1, step('claim', { name: of('c1', 'c2'), ttlMs: of(1, 5_000) })),
  weighted(1, step('live', { subject, action })),
  weighted(1, step('remove', { record })),
);

export type Step = typeof anyStep extends fc.Arbitrary<infer T> ? T : never;

export const anyHistory = fc.array(anyStep, { minLength: 1, maxLength: 40, size: 'max' });
