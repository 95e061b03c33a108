// One REST request on its way through the routes.
import { z } from 'zod';
import type { Account } from '../state/account.ts';
import type { Actor } from '../state/actor.ts';
import type { App, Installation, Token } from '../state/app.ts';
import { type FieldError, notFound, Refusal } from '../state/refusal.ts';
import type { Repository } from '../state/repository.ts';
import type { World } from '../state/world.ts';

export type Caller =
  | { readonly kind: 'none' }
  | { readonly kind: 'app'; readonly app: App }
  | {
      readonly kind: 'installation';
      readonly app: App;
      readonly installation: Installation;
      readonly token: Extract<Token, { kind: 'installation' }>;
    }
  | { readonly kind: 'person'; readonly account: Account };

export function actorOf(caller: Caller): Actor {
  switch (caller.kind) {
    case 'person':
      return { login: caller.account.login };
    case 'installation':
      return { login: `${caller.app.slug}[bot]`, viaAppId: caller.app.id };
    case 'app':
      return { login: `${caller.app.slug}[bot]`, viaAppId: caller.app.id };
    case 'none':
      throw new Refusal(401, 'Requires authentication');
  }
}

export interface CallOptions {
  readonly world: World;
  readonly caller: Caller;
  /** Below `/api/v3`, as sent. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly parameters: Readonly<Record<string, string>>;
  readonly accept: string;
  /** Parsed JSON; undefined without a body. */
  readonly body: unknown;
}

export class Call {
  readonly world: World;
  readonly caller: Caller;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly accept: string;
  readonly #parameters: Readonly<Record<string, string>>;
  readonly #body: unknown;

  constructor(options: CallOptions) {
    this.world = options.world;
    this.caller = options.caller;
    this.path = options.path;
    this.query = options.query;
    this.accept = options.accept;
    this.#parameters = options.parameters;
    this.#body = options.body;
  }

  get actor(): Actor {
    return actorOf(this.caller);
  }

  parameter(name: string): string {
    const value = this.#parameters[name];
    if (value === undefined) throw new Error(`the route has no parameter ${name}`);
    return value;
  }

  hasParameter(name: string): boolean {
    return this.#parameters[name] !== undefined;
  }

  /** A parameter that is a number; anything else names nothing. */
  number(name: string): number {
    const value = Number(this.parameter(name));
    if (!Number.isSafeInteger(value)) throw notFound();
    return value;
  }

  /** The body by a schema; a mistake is GitHub's 422. An absent body is an empty object, as on GitHub. */
  read<Schema extends z.ZodType>(schema: Schema): z.output<Schema> {
    const parsed = schema.safeParse(this.#body ?? {});
    if (parsed.success) return parsed.data;
    throw new Refusal(422, `Invalid request.\n\n${z.prettifyError(parsed.error)}`, parsed.error.issues.map(fieldError));
  }

  /** Whether a custom media type was asked for: `diff`, `raw`, … */
  wants(form: string): boolean {
    return new RegExp(`application/vnd\\.github\\.(v3\\.)?${form}(\\+json)?(,|;|$)`).test(this.accept);
  }
}

function fieldError(issue: z.core.$ZodIssue): FieldError {
  const missing = issue.code === 'invalid_type' && issue.input === undefined;
  return {
    resource: 'Request',
    field: issue.path.join('.'),
    code: missing ? 'missing_field' : 'invalid',
    message: issue.message,
  };
}

export interface RepositoryCall {
  readonly call: Call;
  readonly world: World;
  readonly repository: Repository;
}
