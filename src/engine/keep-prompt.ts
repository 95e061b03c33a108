import type { RepositoryRef } from './port/git.ts';
import type { WorkPorts } from './work-ports.ts';

/** What was told, stage by stage with its hash, as an artifact: how a prompt came to be can be read afterwards. */
export async function keepPrompt(
  ports: WorkPorts,
  repository: RepositoryRef,
  stages: readonly { readonly name: string; readonly text: string }[],
): Promise<string> {
  const kept = stages.map(({ name, text }) => ({ name, hash: ports.hash(text), text }));
  return await ports.artifacts.putText(repository.key, JSON.stringify({ stages: kept }, null, 2));
}
