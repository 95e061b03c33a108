// What records tell each other. No script touches two records: whatever crosses them goes through an inbox, and each
// message has an id made of what it says, so that it is taken once however often it is delivered.
import { z } from 'zod';
import { Learning } from './learning.ts';
import { Repository, SubjectId } from './subject.ts';

const ask = { ask: z.string() };
const grant = { ...ask, epoch: z.number().int() };

/** From a run to the lane of its base branch. */
const toLane = [
  z.object({
    kind: z.literal('lane_asked'),
    ...ask,
    subject: SubjectId,
    runId: z.string(),
    /** The pull request that is to be merged. */
    number: z.number().int().positive(),
    holdMs: z.number(),
    /** What a lane that nobody asked before is opened with. */
    repository: Repository,
    branch: z.string().min(1),
  }),
  /** The holder has more to do than to merge: it needs the whole time that it asked for. */
  z.object({ kind: z.literal('lane_held'), ...grant, count: z.number().int() }),
  z.object({
    kind: z.literal('lane_left'),
    ...ask,
    landed: z.boolean(),
    /** A merge call may still be under way somewhere, although whoever made it is gone. */
    mayLand: z.boolean(),
    /** Where the base branch is now, where that is known. */
    base: z.string().optional(),
  }),
] as const;

/** From a lane to the runs that wait in it. */
const fromLane = [
  z.object({ kind: z.literal('lane_granted'), ...grant, until: z.number(), base: z.string().optional() }),
  z.object({ kind: z.literal('lane_revoked'), ...grant }),
  /** How many are before this one; `epoch` is the turn at which it was so. */
  z.object({ kind: z.literal('lane_placed'), ...grant, ahead: z.number().int() }),
  /** A merge landed: whatever was verified on an older base is stale. */
  z.object({ kind: z.literal('base_moved'), ...grant, branch: z.string(), base: z.string() }),
] as const;

/** From a pull request that no run made to the subject whose check stands on its head: it opened, moved or closed. */
const toHeadOwner = [
  z.object({
    kind: z.literal('head_shared'),
    number: z.number().int().positive(),
    head: z.string(),
    base: z.string(),
    /** Of the sender's: each thing that it tells is another message. */
    turn: z.string(),
  }),
] as const;

/** From a group of the merge queue to the runs whose pull requests it holds: what is merged with it is this, verified. */
const fromGroup = [
  z.object({
    kind: z.literal('queue_verified'),
    runId: z.string(),
    /** The commit of the group, and its tree. */
    group: z.string(),
    tree: z.string(),
  }),
] as const;

const ofRun = {
  subject: SubjectId,
  runId: z.string(),
  /** What chores that nobody spoke of before are opened with. */
  repository: Repository,
};

/** From a run to the chores of its repository. */
const toChores = [
  /** It ended well, and observed this. */
  z.object({ kind: z.literal('learned'), ...ofRun, learnings: z.array(Learning) }),
  /** The default branch has no settings. */
  z.object({ kind: z.literal('settings_missing'), ...ofRun }),
] as const;

export const Message = z.discriminatedUnion('kind', [
  ...toLane,
  ...fromLane,
  ...toHeadOwner,
  ...fromGroup,
  ...toChores,
]);
export type Message = z.infer<typeof Message>;

const kinds: ReadonlySet<string> = new Set(Message.options.map((option) => option.shape.kind.value));

export function isMessage(event: { readonly kind: string }): event is Message {
  return kinds.has(event.kind);
}

export function toMessageId(message: Message): string {
  if (message.kind === 'head_shared') return `${message.kind}/${message.number}/${message.turn}`;
  if (message.kind === 'queue_verified') return `${message.kind}/${message.group}/${message.runId}`;
  if (message.kind === 'learned' || message.kind === 'settings_missing')
    return `${message.kind}/${message.subject}/${message.runId}`;
  const { kind, ask: wish } = message;
  switch (kind) {
    case 'lane_asked':
    case 'lane_left':
      return `${kind}/${wish}`;
    case 'lane_held':
      return `${kind}/${wish}/${message.epoch}/${message.count}`;
    case 'lane_granted':
      return `${kind}/${wish}/${message.epoch}/${message.until}`;
    case 'lane_revoked':
      return `${kind}/${wish}/${message.epoch}`;
    case 'base_moved':
      return `${kind}/${wish}/${message.base}`;
    case 'lane_placed':
      return `${kind}/${wish}/${message.epoch}/${message.ahead}`;
  }
}
