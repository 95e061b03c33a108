import type { Decided } from './port/model.ts';
import type { WorkPorts } from './work-ports.ts';

/** Prompt, raw replies and what was made of them, as one artifact: kept also when nothing could be made of them. */
export async function keepExchange<Value>(
  ports: WorkPorts,
  prompt: { readonly system: string; readonly prompt: string },
  decided: Decided<Value>,
): Promise<string> {
  const { system, prompt: text } = prompt;
  return await ports.artifacts.putText(JSON.stringify({ system, prompt: text, ...decided }, null, 2));
}
