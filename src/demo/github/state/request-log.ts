// What was asked and answered on the API port, in order of arrival: what the schema checker and the tests read.

export interface RequestEntry {
  /** Counts from 1 without gaps. */
  readonly index: number;
  readonly at: number;
  readonly method: string;
  /** Path and query as sent; for REST without the `/api/v3` prefix. */
  readonly path: string;
  readonly transport: 'rest' | 'graphql' | 'git' | 'browser';
  /**
   * The route as GitHub's OpenAPI document names it, for example `/repos/{owner}/{repo}`; of GraphQL `/api/graphql#` and the
   * operation's name here. Null: no such route here.
   */
  template: string | null;
  token: 'none' | 'app' | 'installation' | 'person' | 'invalid';
  /** Login of the person or bot, or the App's slug. */
  caller: string | null;
  readonly accept: string;
  /** Parsed JSON, or the raw text; undefined for git and for an empty body. */
  requestBody: unknown;
  /** Null while under way, and when the connection was cut before an answer. */
  status: number | null;
  responseHeaders: Readonly<Record<string, string>>;
  /** Parsed JSON, or text for a text answer; undefined for git and for an empty body. */
  responseBody: unknown;
  durationMs: number;
  /** The injected fault that shaped the answer. */
  fault?: string;
  /** The request went through `holdAfterWrite`. */
  held?: 'waiting' | 'released' | 'dropped';
}

export const maxRequestEntries = 20_000;
