import { isStateWord, parseOwnLabel } from '../core/command/own-label.ts';
import type { Event } from '../core/model/event.ts';
import type { UserPayload } from './payload.ts';
import { toActor } from './to-model.ts';

type Labelled = Extract<Event, { kind: 'labelled' }>;

interface Delivery {
  readonly action: string;
  readonly label?: { readonly name: string } | undefined;
  readonly sender: UserPayload;
  readonly deliveryId: string;
}

/**
 * A label that may be ours, by what stands behind its colon: whether it is, the settings say. It was put on an issue or a pull
 * request, or taken off; undefined for everything else.
 */
export function toLabelled(
  { action, label, sender, deliveryId }: Delivery,
  thread: Pick<Labelled, 'thread' | 'isPullRequest' | 'title'>,
): { readonly event: Labelled; readonly isOnlyForKnown: boolean } | undefined {
  if ((action !== 'labeled' && action !== 'unlabeled') || !label) return undefined;
  const own = parseOwnLabel(label.name);
  if (!own) return undefined;
  const isTakenOff = action === 'unlabeled';
  return {
    event: {
      kind: 'labelled',
      deliveryId,
      label: label.name,
      ...(isTakenOff ? { isTakenOff } : {}),
      actor: toActor(sender),
      ...thread,
    },
    // One that is taken off means something only where it was heard when it was put on, and one that says how a run stands
    // only where there is one.
    isOnlyForKnown: isTakenOff || isStateWord(own.word),
  };
}
