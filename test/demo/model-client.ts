// Asks a scripted model the way the gateway does for an agent.
import { afterEach } from 'vitest';
import type { Scenario } from '../../src/demo/model/scenario.ts';
import {
  type ScriptedModel,
  type ScriptedModelOptions,
  startScriptedModel,
} from '../../src/demo/model/start-scripted-model.ts';

const models: ScriptedModel[] = [];

afterEach(async () => {
  await Promise.all(models.splice(0).map((model) => model.stop()));
});

export async function start(options: Scenario | Omit<ScriptedModelOptions, 'apiKey'>): Promise<ScriptedModel> {
  const given = 'scenarioFor' in options ? options : { scenario: options as Scenario };
  const model = await startScriptedModel({ ...given, apiKey: 'k' });
  models.push(model);
  return model;
}

interface Message {
  readonly role: string;
  readonly content: unknown;
}

/** An answer in the Anthropic protocol, as far as it is looked at. */
interface Body {
  readonly content: readonly { type: string; text?: string; id?: string; input?: unknown }[];
  readonly usage: unknown;
}

interface Ask {
  readonly messages: readonly Message[];
  readonly model?: string;
  readonly caller?: string;
  readonly tools?: readonly string[];
  readonly key?: string;
  readonly stream?: boolean;
}

export const user = (content: string): Message => ({ role: 'user', content });
const said = (content: string): Message => ({ role: 'assistant', content });

export async function ask(
  model: ScriptedModel,
  { messages, model: name = 'm', caller = 'run-1/coder/a1', tools = ['write', 'bash'], key = 'k', stream = false }: Ask,
) {
  const response = await fetch(`${model.url}/v1/messages`, {
    method: 'POST',
    headers: { 'x-api-key': key, 'x-gatepilot-role': caller, 'content-type': 'application/json' },
    body: JSON.stringify({
      model: name,
      max_tokens: 10,
      stream,
      messages,
      tools: tools.map((name) => ({ name, input_schema: { type: 'object' } })),
    }),
  });
  return {
    status: response.status,
    retryAfter: response.headers.get('retry-after'),
    text: () => response.text(),
    // The server is ours.
    json: () => response.json() as Promise<Body>,
  };
}

/** Plays an agent: carries out nothing, answers every tool call, and lists what it was told to do. */
export async function converse(
  model: ScriptedModel,
  prompt: string,
  options: Omit<Ask, 'messages'> = {},
  earlier: readonly Message[] = [],
) {
  const messages = [...earlier, user(prompt)];
  const steps: unknown[] = [];
  for (;;) {
    const { content } = await (await ask(model, { ...options, messages })).json();
    const [block] = content;
    if (!block) throw new Error('an empty answer');
    if (block.text !== undefined) {
      steps.push(block.text);
      messages.push(said(block.text));
      return { steps, messages };
    }
    steps.push(block.input);
    messages.push(
      { role: 'assistant', content },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: block.id, content: 'ok' }] },
    );
  }
}
