import type { Action } from '../core/model/action.ts';
import type { Cause } from '../core/model/cause.ts';
import type { ResultEvent } from '../core/model/event.ts';
import type { Spend } from '../core/model/spend.ts';
import { toDetail } from './to-detail.ts';

/**
 * A bug of ours that an action met, as its honest result: it is tried again a bounded number of times and then told by
 * its name, instead of four leases running out and nobody knowing why. Undefined where only a look at what really
 * happened can tell (a merge may have landed); those are handed out again when the lease is over.
 */
export function toFaultOutcome(kind: Action['kind'], error: unknown, spend: Spend): ResultEvent['outcome'] | undefined {
  const detail = `a fault of Gatepilot itself: ${toDetail(error instanceof Error ? error.message : String(error))}`;
  const cause: Cause = { kind: 'infrastructure', system: 'gatepilot', detail };
  switch (kind) {
    case 'plan':
    case 'acceptance':
    case 'repair':
    case 'resolve':
    case 'review':
      return { kind: 'failed', cause, spend };
    case 'attempt':
      return { kind: 'failed', cause, summary: '', spend };
    case 'baseline':
    case 'integrate':
    case 'verify':
    case 'publish_branch':
      return { kind: 'failed', cause };
    case 'read_group':
    case 'verify_group':
      return { kind: 'failed', why: detail, isForGood: false };
    case 'pilot':
      return { kind: 'fell_back', why: detail, seconds: 0, spend };
    case 'propose_settings':
    case 'propose_notes':
    case 'look_at_pulls':
      return { kind: 'failed', why: detail };
    default:
      return undefined;
  }
}
