// The model port: structured calls for planner, pilot and reviewers, and the gateway through which every model request
// of a run passes. Only the gateway knows the provider's key; everybody else holds a token that dies with its grant.
import type { z } from 'zod';
import type { ChainUse } from '../../core/model/chain-use.ts';
import { ExternalError } from '../external-error.ts';

/** `compatible` is any endpoint that speaks the OpenAI chat protocol. */
export type ModelProvider = 'anthropic' | 'openai' | 'google' | 'compatible';

/** Who a request is made for. Each part is 1 to 128 letters, digits, dots, dashes or underscores. */
export interface ModelCaller {
  readonly run: string;
  readonly role: string;
  readonly attempt: string;
}

export interface ModelUsage {
  readonly requests: number;
  /** Input that was neither read from nor written to the provider's prompt cache. */
  readonly inputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  /** Output, hidden reasoning included. */
  readonly outputTokens: number;
  /** Millionths of a US dollar, rounded up per request; undefined when a model without a known price was used. */
  readonly costMicrodollars: number | undefined;
  /** False when a figure is an upper bound, because a stream was cut before the provider had told its own. */
  readonly exact: boolean;
}

/** A spent limit is answered with status 400 and the words "out of budget". */
export interface ModelLimits {
  /** All kinds of tokens together. The request that crosses the limit is the last one. */
  readonly tokens: number;
  readonly requests: number;
  /** Millionths of a US dollar, where the price of the model is known. The request that crosses it is the last one. */
  readonly microUsd?: number;
  /** The only models that may be asked for; absent means any that the key can reach. */
  readonly models?: readonly string[];
}

export interface ModelGrant {
  readonly token: string;
  /** What was used so far; requests under way are not in it. */
  usage(): ModelUsage;
  /** Ends the token, cuts every open stream and settles; further calls return the same figures. */
  revoke(): Promise<ModelUsage>;
}

/** The provider is busy, broken or not there, as the answer to the newest request showed. */
export interface ModelTrouble {
  /** Undefined when there was no answer. */
  readonly status?: number;
  /** When it wants to be asked again (epoch ms). */
  readonly retryAt?: number;
}

/** For one sandbox: only this token is taken on this socket, and only on this socket. */
export interface SandboxModelGrant extends ModelGrant {
  /** Host path of a unix socket that speaks HTTP; to be mounted into the sandbox. */
  readonly socket: string;
  /** Undefined while the provider answers as it should. */
  trouble(): ModelTrouble | undefined;
}

/** For our own calls from this host. */
export interface HostModelGrant extends ModelGrant {
  readonly baseUrl: string;
}

export interface ModelGateway {
  readonly provider: ModelProvider;
  grant(request: ModelCaller & { readonly limits: ModelLimits }): Promise<SandboxModelGrant>;
  grantHost(request: ModelCaller & { readonly limits: ModelLimits }): HostModelGrant;
}

export interface DecideRequest<Value> extends Omit<ModelCaller, 'attempt'> {
  /** "1" when there is only one. */
  readonly attempt?: string;
  /** In the order in which they are tried; the usual one where none is named. */
  readonly models?: readonly string[];
  readonly schema: z.ZodType<Value>;
  readonly system: string;
  readonly prompt: string;
  readonly maxOutputTokens: number;
  /** For everything together: models, retries, waiting and repair rounds. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** What this decision may use, where that is less than what every decision may. */
  readonly limits?: Partial<Pick<ModelLimits, 'tokens' | 'microUsd'>>;
  /** Told once, also when no answer could be had: what was used is owed all the same. */
  readonly onUsage?: (usage: ModelUsage) => void;
  /** Complaints about a value of the right shape, in words that the model can act on; empty means good. */
  readonly validate?: (value: Value) => readonly string[];
}

export type Decided<Value> =
  /** `raw` is the accepted answer; `repairs` counts the rounds before it. */
  | {
      readonly kind: 'decided';
      readonly value: Value;
      readonly raw: string;
      readonly model: ChainUse;
      readonly usage: ModelUsage;
      readonly repairs: number;
    }
  /** No answer passed within the repair rounds, or within the limits. `raw` holds each answer, `complaints` those about the last one. */
  | {
      readonly kind: 'unusable';
      readonly raw: readonly string[];
      readonly complaints: readonly string[];
      readonly model: ChainUse;
      readonly usage: ModelUsage;
    };

/** The limits of a decision were used up before there was any answer. */
export class OutOfBudget extends ExternalError {
  constructor(message: string) {
    super({ system: 'model', message, retry: 'never' });
  }
}

export interface ModelPort {
  /**
   * Asks for one value: the first model of the chain that is there. Throws ExternalError{system:'model'} when no answer could be had at all, OutOfBudget where its own
   * limits were why, and the signal's reason when the caller aborted. Where the limits leave no room for another round,
   * the answers before it are given. What such a call used is still metered by the gateway.
   */
  decide<Value>(request: DecideRequest<Value>): Promise<Decided<Value>>;
}
