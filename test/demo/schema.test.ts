import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createExchangeChecker, type Mistake } from '../../src/demo/github/schema/check-exchange.ts';
import type { JsonSchema } from '../../src/demo/github/schema/json-schema.ts';
import { operationIds, webhookActions } from '../../src/demo/github/schema/operations.ts';
import { readRestSlice, readWebhookSlice } from '../../src/demo/github/schema/slice.ts';
import { SliceValidator } from '../../src/demo/github/schema/slice-validator.ts';

const checker = createExchangeChecker();
const repository = '/repos/acme/widget';
const sha = '6dcb09b5b57875f334f61aebed695e2e4193db5e';
const label = {
  id: 208045946,
  node_id: 'MDU6TGFiZWwyMDgwNDU5NDY=',
  url: 'https://api.github.com/repos/acme/widget/labels/bug',
  name: 'bug',
  description: null,
  color: 'f29513',
  default: true,
};
const user = userNamed('octocat');
const reaction = { id: 1, node_id: 'x', user, content: 'eyes', created_at: '2026-01-02T03:04:05Z' };
const permission = { permission: 'write', role_name: 'write', user: { ...user, role_name: 'write' } };

describe('a REST exchange', () => {
  it('passes when it is as GitHub publishes it', () => {
    const merged = { sha, merged: true, message: 'Pull Request successfully merged' };
    expect(merge({ requestBody: { sha, merge_method: 'squash' }, responseBody: merged })).toEqual([]);
    expect(exchange('GET /issues/1/labels', { query: 'per_page=100&page=2', responseBody: [label] })).toEqual([]);
    expect(react({ requestBody: { content: 'eyes' }, responseBody: reaction })).toEqual([]);
    expect(exchange('GET /collaborators/octocat/permission', { responseBody: permission })).toEqual([]);
  });

  it('is refused when a merge result has no sha', () => {
    expect(merge({ requestBody: { sha }, responseBody: { merged: true, message: 'done' } })).toEqual([
      {
        side: 'response',
        subject: 'PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge 200',
        pointer: '',
        message: expect.stringContaining("required property 'sha'"),
      },
    ]);
  });

  it('is refused when a reaction is unknown, on either side', () => {
    expect(sidesAndPointers(react({ requestBody: { content: 'shrug' }, responseBody: reaction }))).toEqual([
      'request /content',
    ]);
    expect(
      sidesAndPointers(react({ requestBody: { content: 'eyes' }, responseBody: { ...reaction, content: 'shrug' } })),
    ).toEqual(['response /content']);
  });

  it('is refused when a label has no id', () => {
    const { id, ...rest } = label;
    const mistakes = exchange('GET /issues/1/labels', { responseBody: [label, rest] });
    expect(messages(mistakes)).toEqual([`/1 must have required property 'id' (missingProperty: "id")`]);
    expect(id).toBe(label.id);
  });

  it('is refused when role_name is missing', () => {
    const mistakes = exchange('GET /collaborators/octocat/permission', {
      responseBody: { ...permission, user, role_name: undefined },
    });
    expect(messages(mistakes).join()).toContain('role_name');
  });

  it('is refused when the request holds a property or a query parameter that GitHub does not know', () => {
    const mistakes = exchange('POST /check-runs', {
      status: 403,
      requestBody: {
        name: 'gate',
        head_sha: sha,
        conclussion: 'success',
        output: { title: '', summary: '', tekst: '' },
      },
      responseBody: { message: 'Resource not accessible by integration' },
    });
    expect(messages(mistakes)).toEqual([
      ' must NOT have additional properties (additionalProperty: "conclussion")',
      '/output must NOT have additional properties (additionalProperty: "tekst")',
    ]);
    expect(sidesAndPointers(exchange('GET /issues/1/labels', { query: 'per_page=many', responseBody: [] }))).toEqual([
      'request /per_page',
    ]);
    expect(sidesAndPointers(exchange('GET /issues/1/labels', { query: 'perpage=9', responseBody: [] }))).toEqual([
      'request ',
    ]);
  });

  it('finds a typo beside the alternatives of a request', () => {
    const requestBody = { status: 'completed', conclusion: 'success', outputs: {} };
    const mistakes = exchange('PATCH /check-runs/7', {
      status: 404,
      requestBody,
      responseBody: { message: 'Not Found' },
    });
    expect(messages(mistakes)).toEqual([' must NOT have additional properties (additionalProperty: "outputs")']);
  });

  it('is refused when a request lacks what is required', () => {
    const answer = { status: 404, responseBody: { message: 'Not Found' } };
    expect(messages(exchange('POST /issues', { ...answer, requestBody: { body: 'text' } })).join()).toContain(
      "'title'",
    );
    expect(messages(exchange('POST /issues', answer))).toEqual([' a request body is required']);
    expect(messages(exchange('POST /issues', { ...answer, requestBody: { title: 'x' } }))).toEqual([]);
  });

  it('is refused when nothing is known about the operation or the status', () => {
    expect(messages(exchange('GET /no-such-thing', {}))).toEqual([
      ' no schema for GET /repos/acme/widget/no-such-thing',
    ]);
    expect(messages(exchange('GET /issues/1/labels', { status: 206, responseBody: [] }))).toEqual([
      ' no schema for status 206 of issues/list-labels-on-issue',
    ]);
    expect(messages(exchange('GET /pulls/one', { status: 404, responseBody: { message: 'Not Found' } }))).toEqual([
      '/pull_number must be integer (type: "integer")',
    ]);
  });

  it('must be empty where GitHub documents no body', () => {
    expect(exchange('DELETE /issues/comments/1', { status: 204 })).toEqual([]);
    expect(messages(exchange('DELETE /issues/comments/1', { status: 204, responseBody: { ok: true } }))).toEqual([
      ' the response must have no body',
    ]);
    expect(exchange('GET /pulls/1/merge', { status: 404, responseBody: { message: 'Not Found' } })).toEqual([]);
  });

  it('may be text where a custom media type gives text, and nowhere else', () => {
    expect(exchange('GET /pulls/1', { responseBody: 'diff --git a/a b/a\n' })).toEqual([]);
    expect(messages(exchange('GET /pulls/1/reviews', { responseBody: 'text' }))).toEqual([
      ' must be array (type: "array")',
    ]);
  });

  it('keeps slashes of a branch or file in one parameter', () => {
    const answer = { status: 404, responseBody: { message: 'Not Found' } };
    for (const path of [
      'contents',
      'contents/',
      'contents/a/b.yml',
      'git/ref/heads/a/b',
      'branches/a%2Fb',
      'compare/a...b/c',
    ]) {
      expect(exchange(`GET /${path}`, answer)).toEqual([]);
    }
  });
});

describe('a webhook', () => {
  const examples = readExamples();

  it('is judged, never a crash, for every captured payload', () => {
    const valid: Record<string, string> = {};
    for (const { name, examples: payloads } of examples) {
      const good = payloads.filter((payload) => checker.checkWebhook({ event: name, payload }).length === 0);
      if (webhookActions[name]) valid[name] = `${good.length}/${payloads.length}`;
    }
    // The captures are from 2018 to 2021. What fails lacks fields GitHub added since, or has an action not in the slice.
    expect(valid).toEqual({
      check_run: '7/9',
      check_suite: '9/9',
      create: '5/5',
      delete: '4/4',
      installation: '2/7',
      installation_repositories: '0/3',
      issue_comment: '8/9',
      issues: '16/29',
      merge_group: '0/2',
      ping: '4/4',
      pull_request: '13/29',
      pull_request_review: '0/4',
      pull_request_review_comment: '0/5',
      push: '0/7',
    });
  });

  it('is refused when pull_request.opened has no number', () => {
    const event = 'pull_request';
    const payload = examples
      .flatMap((example) => (example.name === event ? example.examples : []))
      .find(
        (candidate) =>
          candidate.action === 'opened' && checker.checkWebhook({ event, payload: candidate }).length === 0,
      );
    const { number: _, ...rest } = { number: 0, ...payload };
    expect(checker.checkWebhook({ event, payload: rest })).toEqual([
      {
        side: 'webhook',
        subject: 'pull_request.opened',
        pointer: '',
        message: expect.stringContaining("required property 'number'"),
      },
    ]);
  });

  it('is refused when nothing is known about it', () => {
    expect(messages(checker.checkWebhook({ event: 'issues', payload: { action: 'haunted' } }))).toEqual([
      ' no schema for issues.haunted',
    ]);
    expect(messages(checker.checkWebhook({ event: 'star', payload: null }))).toEqual([' no schema for star']);
  });
});

describe('the slice', () => {
  it('compiles as a whole, so that no check can fail by itself', () => {
    const rest = readRestSlice();
    const restNames = rest.operations.flatMap(({ pathParameters, queryParameters, body, responses }) => [
      pathParameters,
      queryParameters,
      ...(body ? [body.schema] : []),
      ...Object.values(responses).filter((name) => name !== null),
    ]);
    const hooks = readWebhookSlice();
    const all: [Record<string, JsonSchema>, string[]][] = [
      [rest.$defs, ['general-error', ...restNames]],
      [hooks.$defs, Object.values(hooks.webhooks)],
    ];
    for (const [definitions, names] of all) {
      const validator = new SliceValidator(definitions, { coerce: false });
      for (const name of names) expect(() => validator.validate(name, {})).not.toThrow();
    }
  });

  it('holds what operations.ts lists', () => {
    expect(readRestSlice().operations.map((operation) => operation.id)).toEqual(operationIds);
    const names = Object.entries(webhookActions).flatMap(([event, actions]) =>
      actions.length === 0 ? [event] : actions.map((action) => `${event}.${action}`),
    );
    expect(Object.keys(readWebhookSlice().webhooks)).toEqual(names);
  });
});

function exchange(
  call: string,
  rest: { status?: number; query?: string; requestBody?: unknown; responseBody?: unknown },
): Mistake[] {
  const [method = '', path = ''] = call.split(' ');
  return checker.checkExchange({ status: 200, ...rest, method, path: `${repository}${path}` });
}

function merge(bodies: { requestBody: unknown; responseBody: unknown }): Mistake[] {
  return exchange('PUT /pulls/7/merge', bodies);
}

function react(bodies: { requestBody: unknown; responseBody: unknown }): Mistake[] {
  return exchange('POST /issues/comments/9/reactions', { status: 201, ...bodies });
}

function messages(mistakes: readonly Mistake[]): string[] {
  return mistakes.map((mistake) => `${mistake.pointer} ${mistake.message}`);
}

function sidesAndPointers(mistakes: readonly Mistake[]): string[] {
  return mistakes.map((mistake) => `${mistake.side} ${mistake.pointer}`);
}

function userNamed(login: string): Record<string, unknown> {
  const api = `https://api.github.com/users/${login}`;
  const links = ['followers', 'following', 'gists', 'starred', 'subscriptions', 'organizations', 'repos', 'events'];
  return {
    login,
    id: 1,
    node_id: 'MDQ6VXNlcjE=',
    avatar_url: 'https://github.com/images/error/octocat_happy.gif',
    gravatar_id: '',
    url: api,
    html_url: `https://github.com/${login}`,
    ...Object.fromEntries(links.map((link) => [`${link}_url`, `${api}/${link}`])),
    received_events_url: `${api}/received_events`,
    type: 'User',
    site_admin: false,
  };
}

function readExamples(): { name: string; examples: Record<string, unknown>[] }[] {
  const file = createRequire(import.meta.url).resolve('@octokit/webhooks-examples');
  const Examples = z.array(z.object({ name: z.string(), examples: z.array(z.record(z.string(), z.unknown())) }));
  return Examples.parse(JSON.parse(readFileSync(file, 'utf8')));
}
