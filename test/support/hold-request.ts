import type { ControlClient } from '../../src/demo/github/control-client.ts';

/** Keeps the bot's next request of this route from having its effect. Gives a function that lets it have it. */
export async function holdNextRequest(control: ControlClient, route: string): Promise<() => Promise<void>> {
  const fault = await control.injectFault({ route, effect: { kind: 'held' } });
  return () => control.endFault(fault);
}
