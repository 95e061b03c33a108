import type { Actions } from '../action/actions.ts';
import type { World } from '../state/world.ts';
import { createFaultActions } from './fault-verbs.ts';
import { createPersonActions } from './person-verbs.ts';
import { createReadActions } from './read-verbs.ts';
import { createSetupActions } from './setup-verbs.ts';

export function createActions(world: World): Actions {
  return {
    ...createSetupActions(world),
    ...createPersonActions(world),
    ...createFaultActions(world),
    ...createReadActions(world),
  };
}
