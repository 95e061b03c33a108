// What agents had changed when one of them failed: no result, but kept for whoever wants to see how far it came.
import type { AttemptOutcome } from '../core/model/result.ts';
import { type CaptureScene, captureWorkspace } from './capture-workspace.ts';
import { countNewSecrets } from './find-secrets.ts';
import { toDetail } from './to-detail.ts';
import type { WorkPorts } from './work-ports.ts';

export type Leftover = Pick<Extract<AttemptOutcome, { kind: 'failed' }>, 'patch' | 'stat'>;

/** Nothing where it cannot be had or must not be kept: why the attempt failed stays what is told. */
export async function keepLeftover(ports: WorkPorts, scene: CaptureScene): Promise<Leftover> {
  const { repository, base } = scene;
  try {
    const captured = await captureWorkspace(ports, scene);
    if (captured.kind !== 'captured') return {};
    const { changed, commit, patch, stat } = captured;
    if ((await countNewSecrets(ports.git, repository, { base, head: commit, changed })) > 0) return {};
    return { patch: await ports.artifacts.putText(repository.key, patch), stat };
  } catch (error) {
    const detail = toDetail(error instanceof Error ? error.message : String(error));
    ports.log.warn({ repository: repository.key, error: detail }, 'what a failed attempt left could not be kept');
    return {};
  }
}
