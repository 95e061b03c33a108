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

/** A label of ours that was put on an issue or a pull request, or taken off; undefined for everything else. */
export function toLabelled(
  { action, label, sender, deliveryId }: Delivery,
  thread: Pick<Labelled, 'thread' | 'isPullRequest' | 'title'>,
): { readonly event: Labelled; readonly isOnlyForKnown: boolean } | undefined {
  if ((action !== 'labeled' && action !== 'unlabeled') || !label?.name.toLowerCase().startsWith('pilot:'))
    return undefined;
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
    // One that is taken off means something only where it was heard when it was put on.
    isOnlyForKnown: isTakenOff,
  };
}
