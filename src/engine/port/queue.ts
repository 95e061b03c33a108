import type { Action } from '../../core/model/action.ts';
import type { RecordId } from '../../core/model/subject.ts';

/** Hands work to workers. Everything here is a hint that may be lost or doubled: the store is the truth. */
export interface QueuePort {
  /** Asks for a look at the record; many calls while one look is under way become one more look. */
  wake(record: RecordId): Promise<void>;
  /** Like `wake`, and forgets first what earlier wakes left: a look that ended without a trace would swallow every later one. */
  wakeAfresh(record: RecordId): Promise<void>;
  /** Hands out one dispatch of an action; the same dispatch twice is one job. */
  dispatch(record: RecordId, action: Action, dispatch: number, delayMs: number): Promise<void>;
}
