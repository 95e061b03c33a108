import type { World } from '../state/world.ts';
import type { Caller } from './call.ts';

/** The caller of an operation: an App's installation or a person. Everybody else is refused before. */
export type GraphqlCaller = Extract<Caller, { kind: 'installation' | 'person' }>;

export interface GraphqlCall {
  readonly world: World;
  readonly caller: GraphqlCaller;
  /** As sent; each operation reads its own. */
  readonly variables: unknown;
}

/** One document that is answered, and only as it stands. */
export interface GraphqlOperation {
  readonly name: string;
  readonly document: string;
  readonly isWrite: boolean;
  /** What stands under `data`; throws Refusal. */
  perform(call: GraphqlCall): unknown;
}
