// What the store still holds: told next to the verdict as a line of its own, since the store is our own record.
import type { StorePort } from '../../../engine/port/store.ts';
import type { Finding } from './finding.ts';

const subjectsAtMost = 10_000;

/** Events that nobody decided on, actions that nobody settled, and leases. */
export async function readUnsettled(store: StorePort): Promise<Finding[]> {
  const subjects = await store.listSubjects(subjectsAtMost);
  const unsettled = await Promise.all(
    subjects.map(async (subject) => {
      const { inbox, outbox } = await store.load(subject);
      const events = inbox.map(({ event }) => `the inbox holds ${event.kind}`);
      const actions = outbox.map(({ action, state, dispatch }) => {
        return `the outbox holds ${action.id}, ${state.kind === 'begun' ? 'under a lease' : 'pending'}, dispatch ${dispatch}`;
      });
      return [...events, ...actions].map((what): Finding => ({ kind: 'stuck', where: subject, what }));
    }),
  );
  return unsettled.flat();
}
