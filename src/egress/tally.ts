// What an attempt reached and was denied, as its people are told: each host once, and no more hosts than anybody reads.
import { type DenialReason, hostsAtMost, type NetworkReport } from '../core/model/network-report.ts';

/** Longer than any name of a host with its port. */
const charsAtMost = 260;

export class Tally {
  readonly #reached = new Map<string, { connections: number; sentBytes: number; receivedBytes: number }>();
  readonly #denied = new Map<string, { why: DenialReason; count: number }>();
  #otherReached = 0;
  #otherDenied = 0;

  deny(host: string, why: DenialReason): void {
    const name = toText(host);
    const known = this.#denied.get(name);
    if (known) known.count += 1;
    else if (this.#denied.size < hostsAtMost) this.#denied.set(name, { why, count: 1 });
    else this.#otherDenied += 1;
  }

  /** Counts a connection, and returns what counts its bytes. */
  reach(host: string): (sentBytes: number, receivedBytes: number) => void {
    const known = this.#reached.get(host);
    if (!known && this.#reached.size >= hostsAtMost) {
      this.#otherReached += 1;
      return () => undefined;
    }
    const entry = known ?? { connections: 0, sentBytes: 0, receivedBytes: 0 };
    entry.connections += 1;
    this.#reached.set(host, entry);
    return (sentBytes, receivedBytes) => {
      entry.sentBytes += sentBytes;
      entry.receivedBytes += receivedBytes;
    };
  }

  report(): NetworkReport {
    return {
      reached: [...this.#reached].map(([host, counts]) => ({ host, ...counts })),
      otherReached: this.#otherReached,
      denied: [...this.#denied].map(([host, counts]) => ({ host, ...counts })),
      otherDenied: this.#otherDenied,
    };
  }
}

/** Somebody inside chose it: what is no letter of a name is shown as such. */
function toText(host: string): string {
  const text = host.replace(/[^\x20-\x7e]/g, '?');
  return text.length > charsAtMost ? `${text.slice(0, charsAtMost)}…` : text;
}
