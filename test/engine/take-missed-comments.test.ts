// Comments that GitHub does not deliver any more, listed when processes start.
import { beforeEach, expect, it } from 'vitest';
import { toSubjectId } from '../../src/core/model/subject.ts';
import type { ListedComment } from '../../src/engine/port/delivery-log.ts';
import type { IntakeRequest } from '../../src/engine/port/store.ts';
import { type MissedCommentPorts, takeMissedComments } from '../../src/engine/take-missed-comments.ts';
import * as place from '../core/run/place.ts';
import { quiet } from '../support/quiet.ts';

const { record } = place.planning();
const subject = toSubjectId(record.repository.host, record.repository.id, record.number);

let kept: IntakeRequest[];
let lists: number;
let claims: Set<string>;
beforeEach(() => {
  kept = [];
  lists = 0;
  claims = new Set();
});

function comment(commentId: number, body: string): ListedComment {
  const actor = { id: 1, login: 'mona', kind: 'person' } as const;
  const createdAt = record.run?.startedAt ?? 0;
  return { commentId, body, actor, association: 'OWNER', createdAt, isEdited: false, isOurs: false };
}

function ports(comments: readonly ListedComment[], of = record): MissedCommentPorts {
  const loaded = { now: 0, version: 1, record: of, isNewer: false, inbox: [], unreadable: [], outbox: [] };
  return {
    github: { readSlug: async () => 'acme-gatepilot' },
    deliveries: {
      listComments: async () => {
        lists += 1;
        return comments.filter(({ place }) => place === undefined);
      },
      listLineComments: async () => comments.filter(({ place }) => place === 'line'),
    },
    store: {
      listSubjects: async () => [subject],
      load: async () => loaded,
      intake: async (request) => {
        kept.push(request);
        return { kind: 'kept', subject };
      },
      claim: async (name) => !claims.has(name) && claims.add(name).has(name),
    },
    queue: { wake: async () => undefined },
    log: quiet,
    hash: (text) => text,
  };
}

it('takes what a webhook would have taken, and nothing else', async () => {
  const comments = [
    comment(1, '@alice could you look at this?'),
    comment(2, '- /etc/hosts is wrong'),
    comment(3, 'Enough.\n\u200b/pilot stop'),
    comment(4, '@acme-gatepilot status'),
    comment(5, '@gatepilot status'),
  ];
  await takeMissedComments(ports(comments), new AbortController().signal);
  expect(kept.map(({ deliveryId }) => deliveryId)).toEqual(['listed-3', 'listed-4']);
});

it('lists a thread once, however many processes start at the same time', async () => {
  const ended = new AbortController().signal;
  await Promise.all([1, 2, 3].map(() => takeMissedComments(ports([]), ended)));
  expect(lists).toBe(1);
});

it('takes what was said beside lines of the pull request as what it is, and looks for none where there is no pull request', async () => {
  const said = [comment(3, '/pilot status'), { ...comment(3, '/pilot stop'), place: 'line' as const }];
  await takeMissedComments(ports(said), new AbortController().signal);
  expect(kept.map(({ deliveryId }) => deliveryId)).toEqual(['listed-3']);
  [kept, claims] = [[], new Set()];
  await takeMissedComments(ports(said, place.ready().record), new AbortController().signal);
  const ids = kept.flatMap(({ events }) => events.map(({ id }) => id));
  // The issue, and the pull request.
  expect(ids).toEqual(['comment/3', 'comment/3', 'comment/line/3']);
  expect(kept.at(-1)?.deliveryId).toBe('listed-line-3');
});
