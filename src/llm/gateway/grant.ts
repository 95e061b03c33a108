import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ModelCaller, ModelLimits, ModelTrouble, ModelUsage } from '../../engine/port/model.ts';
import { type Account, createAccount, type Refusal, type Reservation } from './account.ts';
import { answerError } from './answer.ts';
import { type Forwarded, forward } from './forward.ts';
import type { GatewayContext } from './gateway-context.ts';
import { readTokens } from './header.ts';
import { type ModelRequest, parseModelRequest, readBody } from './request-body.ts';
import { parseRoute, type Route } from './route.ts';

/** What one token is allowed, has used and has open. */
export interface Grant {
  readonly token: string;
  isShownBy(request: IncomingMessage): boolean;
  /** Serves a request that showed the token. Never rejects. */
  serve(request: IncomingMessage, response: ServerResponse): Promise<void>;
  usage(): ModelUsage;
  trouble(): ModelTrouble | undefined;
  /** Cuts what is open; resolves when all of it is settled. */
  end(): Promise<ModelUsage>;
}

export function createGrant(context: GatewayContext, caller: ModelCaller, limits: ModelLimits): Grant {
  const identity = renderIdentity(caller);
  const token = `gp_${randomBytes(24).toString('base64url')}`;
  const digest = hash(token);
  const account = createAccount({
    limits,
    maxOpenRequests: context.maxOpenRequests,
    priceOf: (model) => context.prices[model],
  });
  const ended = new AbortController();
  const open = new Set<Promise<void>>();
  let trouble: ModelTrouble | undefined;

  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const checked = await check(context, incoming, account);
    if ('status' in checked) return answerError(response, checked.status, checked.message);
    const { route, request, reservation } = checked;
    // While the body was read, the token may have been revoked or the client may have left.
    const forwarded: Forwarded =
      ended.signal.aborted || response.destroyed
        ? { status: undefined, charge: { kind: 'nothing' } }
        : await forward({
            ...context,
            route,
            request,
            incoming,
            response,
            identity: context.forwardIdentity ? identity : undefined,
            signal: ended.signal,
          });
    trouble = forwarded.trouble;
    const usage = reservation.settle(forwarded.charge);
    context.onUsage({ ...caller, model: request.model, status: forwarded.status, usage });
  };

  return {
    token,
    isShownBy: (request) => readTokens(request.headers).some((shown) => timingSafeEqual(hash(shown), digest)),
    serve(request, response) {
      if (ended.signal.aborted) {
        answerError(response, 401, 'this token was revoked');
        return Promise.resolve();
      }
      const cut = () => {
        response.destroy();
      };
      ended.signal.addEventListener('abort', cut);
      // A client that breaks off while its body is read has nothing to be told.
      const served = serve(request, response).catch(cut);
      open.add(served);
      return served.finally(() => {
        open.delete(served);
        ended.signal.removeEventListener('abort', cut);
      });
    },
    usage: account.usage,
    trouble: () => trouble,
    async end() {
      ended.abort();
      await Promise.all(open);
      return account.usage();
    },
  };
}

type Checked =
  | { readonly route: Route; readonly request: ModelRequest; readonly reservation: Reservation }
  | { readonly status: number; readonly message: string };

async function check(context: GatewayContext, incoming: IncomingMessage, account: Account): Promise<Checked> {
  const route = parseRoute(context.upstream.provider, incoming.method, incoming.url ?? '');
  if (!route) return { status: 403, message: 'this address is not allowed' };
  const body = await readBody(incoming, context.maxRequestBytes);
  if (!body) return { status: 413, message: 'the request is larger than allowed' };
  const request = parseModelRequest(route, body);
  if (typeof request === 'string') return { status: 400, message: request };
  const reservation = account.reserve(request);
  return typeof reservation === 'string' ? refusals[reservation] : { route, request, reservation };
}

const refusals: Readonly<Record<Refusal, { status: number; message: string }>> = {
  // No figures here: agents take numbers like 500 in an error's text for a status that is worth a retry.
  spent: { status: 400, message: 'out of budget: this attempt has used up what it was given' },
  busy: { status: 429, message: 'too many requests of this attempt at the same time' },
  model: { status: 400, message: 'not available here: this model' },
};

/** Whether the gateway refused a request because the limits of its grant are used up. */
export function isOutOfBudget({ statusCode, message }: { statusCode?: number | undefined; message: string }): boolean {
  return statusCode === refusals.spent.status && message.includes(refusals.spent.message);
}

function renderIdentity({ run, role, attempt }: ModelCaller): string {
  const parts = [run, role, attempt];
  const bad = parts.find((part) => !/^[A-Za-z0-9._-]{1,128}$/.test(part));
  if (bad !== undefined) throw new Error(`not a name that a model caller can have: ${JSON.stringify(bad)}`);
  return parts.join('/');
}

function hash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
