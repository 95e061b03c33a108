import { type Repository, toRepositoryKey } from '../core/model/subject.ts';
import type { Decided } from './port/model.ts';
import type { WorkPorts } from './work-ports.ts';

export interface Exchange<Value> {
  readonly system: string;
  readonly prompt: string;
  readonly decided: Decided<Value>;
}

/** Prompt, raw replies and what was made of them, as one artifact: kept also when nothing could be made of them. */
export async function keepExchange<Value>(
  ports: WorkPorts,
  repository: Repository,
  { system, prompt, decided }: Exchange<Value>,
): Promise<string> {
  const text = JSON.stringify({ system, prompt, ...decided }, null, 2);
  return await ports.artifacts.putText(toRepositoryKey(repository), text);
}
