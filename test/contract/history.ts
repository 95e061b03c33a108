// Random histories of a store: what processes and people may do to it, in any order, over few names so that they meet.
import fc from 'fast-check';
import { type RecordId, toChoresId, toGroupId, toLaneId, toSubjectId } from '../../src/core/model/subject.ts';

export const host = 'github.test:8080';
export const records: readonly RecordId[] = [
  toSubjectId(host, 7, 1),
  toSubjectId(host, 7, 2),
  toSubjectId(host, 7, 3),
  // The same number in another repository has nothing to do with it.
  toSubjectId(host, 8, 1),
  toLaneId(host, 7, 'release/1.x'),
  toGroupId(host, 7, 'a'.repeat(40)),
  toChoresId({ host, id: 7 }),
];

const of = <T extends string | number>(...values: T[]) => fc.constantFrom(...values);
const once = (among: number) => fc.integer({ min: 1, max: among }).map((roll) => roll === among);
/** The first ones more often, so that things meet. */
const record = of(0, 0, 0, 1, 1, 2, 3, 4, 5);
const subject = of(0, 0, 1, 2, 3);
/** The how many-th of what there is: of the actions, of the holders, of what waits in inboxes. */
const place = fc.nat({ max: 5 });
const action = of('a', 'b', 'c');
const permits = fc.uniqueArray(fc.record({ name: of('all', 'repository 7'), limit: of(1, 1, 2) }), {
  selector: ({ name }) => name,
  maxLength: 2,
});
const census = fc.uniqueArray(fc.record({ name: of('all', 'repository 7'), limit: of(0, 1, 2) }), {
  selector: ({ name }) => name,
  maxLength: 2,
});
const reservations = fc.array(
  fc.record({ pot: of('day', 'day', 'all'), id: of('r1', 'r2', 'r3'), amount: of(1, 2, 5) }),
  {
    maxLength: 2,
  },
);
const settlements = fc.array(fc.record({ pot: of('day', 'day', 'all'), id: of('r1', 'r2', 'r3'), amount: of(0, 3) }), {
  maxLength: 2,
});
const change = fc.record({
  kind: of('add', 'add', 'add', 'cancel', 'remove', 'redispatch'),
  id: action,
  isLate: once(6),
});

function step<K extends string, T>(kind: K, fields: { [P in keyof T]: fc.Arbitrary<T[P]> }) {
  return fc.record(fields).map((values) => ({ kind, ...(values as T) }));
}

const pass = step('pass', { ms: of(1, 500, 4_000, 10_000, 21_000, 61_000) });
const passLong = step('pass', { ms: of(3_600_000, 75 * 3_600_000) });
const intake = step('intake', {
  subject,
  delivery: of(1, 2, 3, 4, 5),
  hash: of('x', 'x', 'x', 'y'),
  comments: fc.array(of(1, 2, 3), { minLength: 1, maxLength: 2 }),
  isOnlyForKnown: once(3),
});
const intakeForCounted = step('intakeForCounted', {
  delivery: of(1, 2, 3, 4, 5),
  hash: of('x', 'x', 'x', 'y'),
  comment: of(1, 2, 3),
  name: of('all', 'repository 7', 'nobody'),
});
const intakeInstallation = step('intakeInstallation', { delivery: of(1, 2, 3), hash: of('x', 'y') });
const append = step('append', { record, comment: of(1, 2, 3), isBroken: once(5) });
const report = step('report', { place });
const submit = step('submit', { subject, key: of('k1', 'k2'), hash: of('x', 'x', 'x', 'y') });
const save = step('save', {
  record,
  isStale: once(12),
  isNewer: once(150),
  handled: of('all', 'first', 'none', 'again'),
  outbox: fc.array(change, { maxLength: 4 }),
  aliases: fc.array(of(1, 2, 3), { maxLength: 2 }).chain((some) => of(0, 0, 0, 1).map((roll) => (roll ? some : []))),
  answers: fc.array(of('k1', 'k2'), { maxLength: 1 }),
  census,
  reservations,
  settlements,
  tells: once(4),
  lines: fc.nat({ max: 2 }),
  trimAfter: fc.option(of(0, 1, 3), { nil: undefined, freq: 3 }),
  wakeIn: fc.option(of(0, 5_000, 30_000), { nil: undefined }),
});
const begin = step('begin', { place, isAny: once(6), isLate: once(12), leaseMs: of(5_000, 30_000), permits });
const heartbeat = step('heartbeat', { place, leaseMs: of(5_000, 30_000) });
const takeDue = step('takeDue', { limit: of(1, 2, 10), deferMs: of(1, 5_000) });
const lookAgainAt = step('lookAgainAt', {
  record,
  inMs: fc.option(of(0, 9_000), { nil: undefined }),
  version: of('none', 'current', 'old'),
});
const countTrouble = step('countTrouble', { record, name: of('comment/1', 'comment/2', 'decision') });
const park = step('park', { place });
const replay = step('replay', { place });
const takeTokens = step('takeTokens', { amount: of(1, 3, 20), leave: of(0, 2), perSecond: of(0.1, 1) });
const claim = step('claim', { name: of('c1', 'c2'), ttlMs: of(1, 5_000) });
const live = step('live', { subject, action });
const remove = step('remove', { record, version: of('none', 'none', 'current', 'old') });

const anything = fc.oneof(
  ...[
    pass,
    pass,
    passLong,
    intake,
    intake,
    intakeForCounted,
    intakeInstallation,
    append,
    report,
    submit,
    save,
    save,
    save,
    begin,
  ],
  ...[heartbeat, takeDue, lookAgainAt, countTrouble, park, replay, takeTokens, claim, live, remove],
);
/** Work under leases and permits: places that are waited for, holders that die or are late. */
const work = fc.oneof(...[pass, pass, save, save, begin, begin, begin, begin, heartbeat, heartbeat, report, takeDue]);
/** Events that come twice, late, elsewhere or broken. */
const news = fc.oneof(
  ...[
    pass,
    intake,
    intake,
    intakeForCounted,
    append,
    submit,
    submit,
    save,
    save,
    save,
    countTrouble,
    park,
    park,
    replay,
    replay,
  ],
);
const shares = fc.oneof(...[pass, passLong, takeTokens, save, save, claim, intakeInstallation]);

export type Step = typeof anything extends fc.Arbitrary<infer T> ? T : never;

const upTo = <T>(arbitrary: fc.Arbitrary<T>, maxLength: number) =>
  fc.array(arbitrary, { minLength: 1, maxLength, size: 'max' });

export const anyHistory: fc.Arbitrary<readonly Step[]> = fc.oneof(
  upTo(anything, 50),
  upTo(work, 40),
  upTo(news, 40),
  upTo(shares, 15),
  upTo(
    fc.oneof({ weight: 3, arbitrary: work }, { weight: 3, arbitrary: news }, { weight: 1, arbitrary: anything }),
    60,
  ),
);
