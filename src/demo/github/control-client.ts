// The typed client of the control port: every verb of Actions as a method. For the demo, the page's tests and the
// end-to-end tests; the bot itself never sees this port.
import type { Actions } from './action/actions.ts';
import { type Verb, verbs } from './action/verbs.ts';

/** The local GitHub said no to a control verb: what a person would be told on GitHub. */
export class ControlRefused extends Error {
  override readonly name = 'ControlRefused';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export type ControlClient = Actions;

export function createControlClient(controlUrl: string): ControlClient {
  const post = async (verb: Verb, input: unknown): Promise<unknown> => {
    const response = await fetch(`${controlUrl}/act/${verb}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(input ?? {}),
    });
    const text = await response.text();
    const answer: unknown = text === '' ? undefined : JSON.parse(text);
    if (!response.ok) throw new ControlRefused(response.status, messageOf(answer) ?? `${verb}: ${response.status}`);
    return answer;
  };
  const methods = verbs.map((verb) => [verb, (input: unknown) => post(verb, input)] as const);
  // The verb list is exactly the keys of Actions, and the server answers each with that verb's result.
  return Object.fromEntries(methods) as unknown as ControlClient;
}

function messageOf(answer: unknown): string | undefined {
  if (typeof answer !== 'object' || answer === null || !('message' in answer)) return undefined;
  return String(answer.message);
}
