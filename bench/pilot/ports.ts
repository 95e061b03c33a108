// The few ports that a consultation of the pilot uses; whoever asks for another has changed what the pilot may reach.
import type { ModelPort } from '../../src/engine/port/model.ts';
import type { WorkPorts } from '../../src/engine/work-ports.ts';
import type { WorldOfDecisions } from '../../test/support/world-of-decisions.ts';

interface Parts {
  readonly model: ModelPort;
  readonly decisions: WorldOfDecisions;
  readonly keep: (text: string) => Promise<string>;
  readonly read: (id: string) => string | undefined;
}

export function openPorts({ model, decisions, keep, read }: Parts): WorkPorts {
  const known: Partial<WorkPorts> = {
    model,
    clock: { now: () => decisions.now, sleep: () => Promise.resolve() },
    artifacts: {
      put: () => Promise.reject(new Error('the pilot keeps no bytes')),
      putText: (_, text) => keep(text),
      read: (_, id) => {
        const text = read(id);
        return Promise.resolve(text === undefined ? undefined : Buffer.from(text));
      },
      remove: () => Promise.reject(new Error('the pilot removes nothing')),
      removeAll: () => Promise.reject(new Error('the pilot removes nothing')),
    },
  };
  return new Proxy(known, {
    get(target, name) {
      if (Object.hasOwn(target, name)) return Reflect.get(target, name);
      throw new Error(`the pilot has no business with "${String(name)}"`);
    },
  }) as WorkPorts;
}
