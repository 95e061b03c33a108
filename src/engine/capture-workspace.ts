// What an agent left in its workspace, as one commit of ours, or why it cannot be one.
import type { Cause } from '../core/model/cause.ts';
import type { Run } from '../core/model/run.ts';
import { author } from './author.ts';
import type { Held } from './carry-out.ts';
import type { CaptureRefusal, CaptureResult, RepositoryRef } from './port/git.ts';
import { toSandboxPlace, type WorkPorts } from './work-ports.ts';

/** No result of an attempt is larger. */
export const resultBytesAtMost = 64 * 1024 * 1024;

export interface CaptureScene {
  readonly held: Pick<Held<'attempt'>, 'token'>;
  readonly run: Run;
  readonly repository: RepositoryRef;
  readonly workspace: string;
  readonly base: string;
  readonly message: string;
}

export async function captureWorkspace(ports: WorkPorts, scene: CaptureScene): Promise<CaptureResult> {
  const { held, run } = scene;
  const { provider, limits } = toSandboxPlace(ports.options, run.policy);
  const maxBytes = Math.min(limits.diskBytes, resultBytesAtMost);
  return await ports.git.capture({
    repository: scene.repository,
    base: scene.base,
    message: scene.message,
    author,
    maxBytes,
    openSandbox: () =>
      ports.sandboxes.create({
        id: `capture-${held.token.slice(0, 8)}`,
        workspace: { path: scene.workspace, access: 'read-only' },
        readOnly: [],
        env: {},
        network: { mode: 'deny' },
        provider,
        limits: { ...limits, wallMs: 5 * 60_000, outputBytes: maxBytes + 48 * 1024 * 1024 },
      }),
  });
}

/** What a workspace held when it was looked at. */
export interface Seen {
  readonly commit: string;
  /** What differs from `base`. */
  readonly paths: readonly string[];
}

/** Undefined where what is there cannot be taken: whoever captures the result says why. */
export async function lookAtWorkspace(
  ports: WorkPorts,
  scene: Omit<CaptureScene, 'message'>,
): Promise<Seen | undefined> {
  const captured = await captureWorkspace(ports, { ...scene, message: 'Nothing\n' });
  if (captured.kind === 'refused') return undefined;
  if (captured.kind === 'unchanged') return { commit: scene.base, paths: [] };
  return { commit: captured.commit, paths: captured.changed.map(({ path }) => path) };
}

export function toRefusalCause(refusal: CaptureRefusal): Cause {
  switch (refusal.kind) {
    case 'too_large':
      return { kind: 'content_refused', why: `${refusal.bytes} bytes are more than ${refusal.maxBytes}` };
    case 'too_many_paths':
      return { kind: 'content_refused', why: `more than ${refusal.maxPaths} files changed` };
    case 'unsafe_path':
      return { kind: 'content_refused', why: refusal.why, path: refusal.path };
    case 'corrupt':
      return { kind: 'content_refused', why: refusal.why };
  }
}
