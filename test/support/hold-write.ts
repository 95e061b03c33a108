import type { ControlClient } from '../../src/demo/github/control-client.ts';
import type { RequestEntry } from '../../src/demo/github/state/request-log.ts';

/**
 * Waits until a certain write of the bot has happened and keeps its answer back; all others pass. Gives a function that
 * lets the answer be lost.
 */
export async function holdWrite(
  control: ControlClient,
  isIt: (entry: RequestEntry) => boolean,
): Promise<() => Promise<void>> {
  const arm = async () => (await control.holdAfterWrite({ n: 1 })).holdId;
  // Several, so that none slips by while the one before it is looked at.
  const armed = [await arm(), await arm(), await arm()];
  for (;;) {
    const holdId = armed.shift() ?? (await arm());
    const entry = await control.awaitHeld({ holdId, timeoutMs: 60_000 });
    if (isIt(entry)) {
      for (const other of armed) await control.releaseHeld({ holdId: other });
      return async () => void (await control.dropHeld({ holdId }));
    }
    armed.push(await arm());
    await control.releaseHeld({ holdId });
  }
}
