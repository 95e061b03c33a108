import type { IncomingMessage } from 'node:http';
import type { DenialReason } from '../core/model/network-report.ts';

export type Target =
  | { readonly kind: 'host'; readonly host: string }
  /** `shown`: what to call it before people. */
  | { readonly kind: 'denied'; readonly shown: string; readonly why: DenialReason };

const name = /^(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** The target of a CONNECT, as it stands in the request: a name of a host with several parts, and port 443. */
export function parseTarget({ url: text = '', httpVersionMajor }: IncomingMessage): Target {
  // A line that ends before its version: whoever reads it otherwise may see another target.
  if (httpVersionMajor !== 1) return { kind: 'denied', shown: text, why: 'unreadable' };
  const [, asked = '', port] = /^(.*):(\d{1,5})$/.exec(text) ?? [];
  if (port === undefined) return { kind: 'denied', shown: text, why: 'unreadable' };
  const host = asked.toLowerCase();
  const shown = port === '443' ? host : `${host}:${port}`;
  if (/^\[|^[0-9.]+$|^0x/.test(host)) return { kind: 'denied', shown, why: 'address' };
  if (!name.test(host)) return { kind: 'denied', shown, why: host.includes('.') ? 'unreadable' : 'not_listed' };
  return port === '443' ? { kind: 'host', host } : { kind: 'denied', shown, why: 'port' };
}
