// The egress port: the only way from a sandbox to the internet. Each grant is a socket of its own, and who comes by it has
// its list: there is no name or token that one attempt could show in the place of another.
import type { NetworkReport } from '../../core/model/network-report.ts';

export interface EgressGrant {
  /** Host path of a unix socket that speaks HTTP CONNECT; to be mounted into the sandbox. */
  readonly socket: string;
  /** What happened so far. */
  report(): NetworkReport;
  /** Cuts every connection; nothing new is taken. Further calls return the same report. */
  revoke(): Promise<NetworkReport>;
}

export interface EgressPort {
  /**
   * Lets whoever reaches the socket connect to port 443 of these hosts, by TLS that names the same host; of none, it only says
   * no and counts. Throws SandboxRefused where this worker's operator does not permit one of them.
   */
  grant(domains: readonly string[]): Promise<EgressGrant>;
}
