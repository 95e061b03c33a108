// What comes in: deliveries of GitHub, results and messages of ours, requests of the API.
import { z } from 'zod';
import { RecordId } from '../core/model/subject.ts';
import type { StorePort } from '../engine/port/store.ts';
import type { RunScript } from './script.ts';

const IntakeAnswer = z.tuple([z.enum(['kept', 'duplicate', 'mismatch', 'unknown_subject']), RecordId]);
const CountedAnswer = z.tuple([z.enum(['kept', 'duplicate', 'mismatch', 'nobody'])], RecordId);
const InstallationAnswer = z.enum(['kept', 'duplicate', 'mismatch']);
const Answer = z.object({ outcome: z.enum(['done', 'started', 'refused']), text: z.string() });
const SubmitAnswer = z.union([
  z.tuple([z.enum(['kept', 'pending', 'mismatch', 'unknown_subject'])]),
  z.tuple([z.literal('answered'), z.string()]),
]);

export function createInbox(
  run: RunScript,
): Pick<StorePort, 'intake' | 'intakeForCounted' | 'intakeInstallation' | 'append' | 'submit'> {
  return {
    async intake({ deliveryId, hookId, bodyHash, subject, repository, events, isOnlyForKnown }) {
      const pairs = events.flatMap(({ id, event }) => [id, JSON.stringify(event)]);
      const about = [subject, JSON.stringify(repository), isOnlyForKnown ? 1 : 0];
      const answer = await run('intake', [`${deliveryId}:${hookId}`, bodyHash, ...about, ...pairs]);
      const [kind, holder] = IntakeAnswer.parse(answer);
      return { kind, subject: holder };
    },

    async intakeForCounted({ deliveryId, hookId, bodyHash, name, repository, event: { id, event } }) {
      const about = [name, JSON.stringify(repository), id, JSON.stringify(event)];
      const answer = await run('intake-for-counted', [`${deliveryId}:${hookId}`, bodyHash, ...about]);
      const [kind, ...records] = CountedAnswer.parse(answer);
      return kind === 'kept' ? { kind, records } : { kind };
    },

    async intakeInstallation({ deliveryId, hookId, bodyHash, installationId, change }) {
      const args = [`${deliveryId}:${hookId}`, bodyHash, installationId, JSON.stringify(change)];
      return InstallationAnswer.parse(await run('intake-installation', args));
    },

    async append(record, id, event) {
      const action = 'actionId' in event ? event.actionId : '';
      return (await run('append', [record, id, JSON.stringify(event), action])) === 1;
    },

    async submit({ subject, key, bodyHash, event }) {
      const answer = await run('submit', [subject, key, bodyHash, JSON.stringify(event)]);
      const [kind, text] = SubmitAnswer.parse(answer);
      return kind === 'answered' ? { kind, answer: Answer.parse(JSON.parse(text)) } : { kind };
    },
  };
}
