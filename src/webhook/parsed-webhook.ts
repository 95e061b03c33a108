import type { Event } from '../core/model/event.ts';
import type { GroupId, Repository, SubjectId } from '../core/model/subject.ts';
import type { InstallationPayload } from './payload.ts';

export interface WebhookContext {
  readonly host: string;
  /** Our own App: what it does itself never commands it. */
  readonly appId: number;
  /** Our App's name in logins; undefined while GitHub has not told it. */
  readonly slug?: string | undefined;
  readonly deliveryId: string;
}

export type ParsedWebhook =
  | {
      readonly kind: 'event';
      readonly subject: SubjectId | GroupId;
      readonly repository: Repository;
      readonly event: Event;
      /** The event matters only where a record exists already. */
      readonly isOnlyForKnown: boolean;
    }
  | {
      /** For every subject whose run goes into this branch. */
      readonly kind: 'branch';
      readonly repository: Repository;
      readonly branch: string;
      readonly event: Event;
    }
  | { readonly kind: 'installation'; readonly installationId: number; readonly change: InstallationPayload }
  | { readonly kind: 'ignored'; readonly why: string };

export function ignored(why: string): ParsedWebhook {
  return { kind: 'ignored', why };
}
