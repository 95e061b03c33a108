import { type Repository, toRepositoryKey } from '../core/model/subject.ts';
import type { Decided } from './port/model.ts';
import type { WorkPorts } from './work-ports.ts';

export interface Exchange<Value> {
  readonly system: string;
  readonly prompt: string;
  readonly decided: Decided<Value>;
}

/** Prompts, raw replies and what was made of them, as one artifact: kept also when nothing could be made of them. */
export async function keepExchange<Value>(
  ports: WorkPorts,
  repository: Repository,
  ...exchanges: readonly Exchange<Value>[]
): Promise<string> {
  const told = exchanges.map(({ system, prompt, decided }) => ({ system, prompt, ...decided }));
  const text = JSON.stringify(told.length === 1 ? told[0] : told, null, 2);
  return await ports.artifacts.putText(toRepositoryKey(repository), text);
}
