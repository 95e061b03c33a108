// The way of a sandbox to the hosts of a list. Also where it may reach nothing: a proxy without a list says no at once, and what
// was asked for is told. A sandbox that was not shown to hold a list does without, unless there is one to hold: then it is refused.
import type { CommandReport } from '../core/model/cause.ts';
import { addNetwork, type NetworkReport, nothingReached } from '../core/model/network-report.ts';
import { redact } from '../core/sanitise/redact.ts';
import type { OfferedSandboxes, SandboxSpec } from './port/sandbox.ts';
import { renderProxyEnvironment } from './render-proxy-environment.ts';
import type { SandboxPlace, WorkPorts } from './work-ports.ts';

type Denied = NonNullable<CommandReport['denied']>;

export interface WayOut {
  /** Where the proxy is outside, and answers inside; undefined where there is no way. */
  readonly proxy: { readonly socket: string; readonly port: number } | undefined;
  /** Of a sandbox that talks to no model. */
  readonly network: SandboxSpec['network'];
  readonly env: Readonly<Record<string, string>>;
  /** What was asked for so far, and not given. */
  listDenied(): Denied;
  /** Cuts it. What came of it, undefined where there was no way; further calls return the same. */
  close(): Promise<NetworkReport | undefined>;
}

const port = 3128;

export async function openWayOut(
  { sandboxes, egress }: Pick<WorkPorts, 'sandboxes' | 'egress'>,
  place: Pick<SandboxPlace, 'provider'>,
  hosts: readonly string[],
): Promise<WayOut> {
  const grant = hosts.length > 0 || holdsList(sandboxes, place) ? await egress.grant(hosts) : undefined;
  const proxy = grant && { socket: grant.socket, port };
  return {
    proxy,
    network: proxy ? { mode: 'allowlist', proxy } : { mode: 'deny' },
    env: proxy ? renderProxyEnvironment(port) : {},
    listDenied: () => (grant?.report().denied ?? []).map(toSafe),
    close: async () => {
      const report = await grant?.revoke();
      return report && toSafeReport(report);
    },
  };
}

/** A name that was asked for may hold what was to be carried out by it. */
function toSafe<Entry extends { readonly host: string }>(entry: Entry): Entry {
  return { ...entry, host: redact(entry.host).text };
}

/** Names that became one by that are one entry. */
function toSafeReport({ reached, denied, ...rest }: NetworkReport): NetworkReport {
  return addNetwork(nothingReached, { ...rest, reached: reached.map(toSafe), denied: denied.map(toSafe) });
}

function holdsList({ capabilities, proved }: OfferedSandboxes, { provider }: Pick<SandboxPlace, 'provider'>): boolean {
  const given = provider === undefined ? capabilities : proved.get(provider);
  return given?.network.includes('allowlist') ?? false;
}
