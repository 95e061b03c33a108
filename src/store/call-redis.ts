// Every call of the store's own passes through here: a server that is away, or that refuses everybody, is the world outside
// failing, and is waited for. What it says about this one call, such as a key of the wrong type, is a bug and stays one.
import { ExternalError } from '../engine/external-error.ts';

/** How replies begin with which a server refuses whatever it is asked. */
const refusals = [
  'LOADING',
  'READONLY',
  'MASTERDOWN',
  'CLUSTERDOWN',
  'TRYAGAIN',
  'BUSY',
  'OOM',
  'MISCONF',
  'NOREPLICAS',
  'NOAUTH',
  'WRONGPASS',
];

export async function callRedis<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  try {
    return await call();
  } catch (cause) {
    if (!(cause instanceof Error) || !isFaultOfServer(cause)) throw cause;
    throw new ExternalError({ system: 'redis', message: cause.message, retry: 'soon', cause });
  }
}

/** The client names what a server answered; everything else that it rejects with says that there was no answer. */
function isFaultOfServer(error: Error): boolean {
  if (error.name === 'ReplyError') return refusals.some((refusal) => error.message.startsWith(`${refusal} `));
  return !(error instanceof TypeError || error instanceof RangeError);
}
