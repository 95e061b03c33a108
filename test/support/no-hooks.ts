import type { HookPort } from '../../src/engine/port/hook.ts';

/** An operator without programs of their own. */
export const noHooks: HookPort = { run: async () => ({ kind: 'passed' }) };
