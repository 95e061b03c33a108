import type { Cause } from '../core/model/cause.ts';
import { ExternalError } from './external-error.ts';
import { SandboxRefused } from './port/sandbox.ts';
import { SetupFailed } from './setup-failed.ts';
import { toDetail } from './to-detail.ts';

/** A fault of the world around an action, as the cause that people read. A bug is no cause: it is thrown on. */
export function toFailure(error: unknown): Cause {
  if (error instanceof SetupFailed) return { kind: 'setup', failures: [error.report], denied: [...error.denied] };
  if (error instanceof SandboxRefused)
    return { kind: 'sandbox_denied', capability: error.capability, why: toDetail(error.why) };
  if (!(error instanceof ExternalError)) throw error;
  const detail = toDetail(error.message);
  const moment = typeof error.retry === 'object' ? { retryAt: error.retry.at } : {};
  if (error.system === 'model' && error.retry === 'never') return { kind: 'model_refused', detail };
  if (error.system === 'model') return { kind: 'model_unavailable', detail, ...moment };
  if (error.system === 'agent') return { kind: 'agent_crashed', detail };
  const lasting = error.retry === 'never' ? { isLasting: true } : {};
  return { kind: 'infrastructure', system: error.system, detail, ...moment, ...lasting };
}
