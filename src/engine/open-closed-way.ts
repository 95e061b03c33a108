// For commands that reach nothing: a proxy without a list says no at once, and what was asked for is told. A sandbox that was not
// shown to hold a list has no way at all, and tells nothing.
import type { CommandReport } from '../core/model/cause.ts';
import { redact } from '../core/sanitise/redact.ts';
import type { EgressGrant } from './port/egress.ts';
import type { OfferedSandboxes, SandboxSpec } from './port/sandbox.ts';
import { renderProxyEnvironment } from './render-proxy-environment.ts';
import type { SandboxPlace, WorkPorts } from './work-ports.ts';

type Denied = NonNullable<CommandReport['denied']>;

export interface ClosedWay {
  readonly network: SandboxSpec['network'];
  readonly env: Readonly<Record<string, string>>;
  /** What was asked for so far. */
  listDenied(): Denied;
  close(): Promise<void>;
}

const port = 3128;

export async function openClosedWay(
  { sandboxes, egress }: Pick<WorkPorts, 'sandboxes' | 'egress'>,
  place: Pick<SandboxPlace, 'provider'>,
): Promise<ClosedWay> {
  const grant = holdsList(sandboxes, place) ? await egress.grant([]) : undefined;
  return {
    network: grant ? { mode: 'allowlist', proxy: { socket: grant.socket, port } } : { mode: 'deny' },
    env: grant ? renderProxyEnvironment(port) : {},
    listDenied: () => (grant ? readDenied(grant) : []),
    async close() {
      await grant?.revoke();
    },
  };
}

/** A sandbox that holds no list does without a proxy, unless there is one to hold: then it is refused. */
export function holdsList(
  { capabilities, proved }: OfferedSandboxes,
  { provider }: Pick<SandboxPlace, 'provider'>,
): boolean {
  const given = provider === undefined ? capabilities : proved.get(provider);
  return given?.network.includes('allowlist') ?? false;
}

/** A name that was asked for may hold what was to be carried out by it. */
export function readDenied(grant: Pick<EgressGrant, 'report'>): Denied {
  return grant.report().denied.map((one) => ({ ...one, host: redact(one.host).text }));
}
