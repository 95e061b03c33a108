import type { Action } from '../core/model/action.ts';

/** One queue per kind of work, so that long attempts never stand in the way of short decisions. */
export const queueNames = ['advance', 'attempt', 'consult', 'integrate', 'publish'] as const;
export type QueueName = (typeof queueNames)[number];

const queueOf: Record<Action['kind'], QueueName> = {
  plan: 'consult',
  pilot: 'consult',
  acceptance: 'integrate',
  attempt: 'attempt',
  baseline: 'integrate',
  integrate: 'integrate',
  verify: 'integrate',
  review: 'attempt',
  repair: 'attempt',
  resolve: 'integrate',
  publish_branch: 'publish',
  merge: 'publish',
  prove_merge: 'publish',
  archive: 'publish',
  present: 'publish',
  tell: 'publish',
  settle_lane: 'publish',
  read_group: 'publish',
  verify_group: 'integrate',
  show_group: 'publish',
  propose_settings: 'publish',
  propose_notes: 'publish',
  look_at_pulls: 'publish',
};

export function toQueueName(action: Action): QueueName {
  return queueOf[action.kind];
}
