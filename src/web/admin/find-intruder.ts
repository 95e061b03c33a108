// Who may speak to a listener on loopback. Every page that a browser shows can send requests there, and a name that
// an attacker owns can point there; neither is the operator.
import type { IncomingMessage } from 'node:http';
import { isLoopbackName } from '../../core/address/loopback-name.ts';
import { type Answer, toProblem } from './answer.ts';

export function findIntruder({ method, headers }: IncomingMessage): Answer | undefined {
  if (!isLoopbackName(headers.host))
    return toProblem('bad_host', 'The Host header must be a loopback name, such as 127.0.0.1.');
  const site = headers['sec-fetch-site'];
  const isForeign = site !== undefined && site !== 'same-origin' && site !== 'none';
  const isForeignOrigin = headers.origin !== undefined && headers.origin !== `http://${headers.host}`;
  if (isForeign || isForeignOrigin) return toProblem('cross_site', 'Pages of other sites may not use this API.');
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  // No form can send it, and a script of another site would have to ask first, which nobody answers.
  if (method !== 'GET' && type !== 'application/json')
    return toProblem('json_required', 'The content type must be application/json.');
  return undefined;
}
