// The fields of GitHub's webhook payloads that are used, and no others: a payload that lacks something we never read
// must not be refused.
import { z } from 'zod';

const User = z.object({ id: z.number().int().positive(), login: z.string().min(1), type: z.string().optional() });
const Installation = z.object({ id: z.number().int().positive() });
const RepositoryPayload = z.object({
  id: z.number().int().positive(),
  name: z.string().min(1),
  owner: z.object({ login: z.string().min(1) }),
});

const scope = { repository: RepositoryPayload, installation: Installation, sender: User };

export const IssuesPayload = z.object({
  ...scope,
  action: z.string(),
  issue: z.object({ number: z.number().int().positive(), title: z.string() }),
  label: z.object({ name: z.string() }).optional(),
});

export const IssueCommentPayload = z.object({
  ...scope,
  action: z.string(),
  issue: z.object({ number: z.number().int().positive(), title: z.string(), pull_request: z.unknown().optional() }),
  comment: z.object({
    id: z.number().int().positive(),
    body: z.string(),
    created_at: z.iso.datetime().optional().catch(undefined),
    user: User.nullable(),
    author_association: z.string().catch('NONE'),
    performed_via_github_app: z.object({ id: z.number().int() }).nullish(),
  }),
});

const PullThread = z.object({ number: z.number().int().positive(), title: z.string() });

const said = {
  id: z.number().int().positive(),
  user: User.nullable(),
  author_association: z.string().catch('NONE'),
};

export const ReviewCommentPayload = z.object({
  ...scope,
  action: z.string(),
  pull_request: PullThread,
  comment: z.object({ ...said, body: z.string(), created_at: z.iso.datetime().optional().catch(undefined) }),
});

export const ReviewPayload = z.object({
  ...scope,
  action: z.string(),
  pull_request: PullThread,
  review: z.object({ ...said, body: z.string().nullish(), submitted_at: z.iso.datetime().optional().catch(undefined) }),
});

export const PullRequestPayload = z.object({
  ...scope,
  action: z.string(),
  number: z.number().int().positive(),
  label: z.object({ name: z.string() }).optional(),
  pull_request: z.object({
    title: z.string(),
    merged: z.boolean().nullish(),
    draft: z.boolean().nullish(),
    merge_commit_sha: z.string().nullish(),
    user: User.nullable(),
    head: z.object({ sha: z.string(), ref: z.string(), repo: z.object({ id: z.number().int() }).nullable() }),
    base: z.object({ sha: z.string(), ref: z.string() }),
  }),
});

export const PushPayload = z.object({
  ...scope,
  /** GitHub leaves it out of some. */
  sender: User.optional().catch(undefined),
  ref: z.string(),
  after: z.string(),
  deleted: z.boolean().catch(false),
});

const Commit = z.string().regex(/^[0-9a-f]{40,64}$/);

export const MergeGroupPayload = z.object({
  repository: RepositoryPayload,
  installation: Installation,
  action: z.string(),
  reason: z.string().catch('no reason was given'),
  merge_group: z.object({
    head_sha: Commit,
    head_ref: z.string().min(1),
    base_sha: Commit,
    base_ref: z.string().min(1),
  }),
});

export const CheckSuitePayload = z.object({
  ...scope,
  action: z.string(),
  check_suite: z.object({
    head_sha: z.string(),
    head_branch: z.string().nullish(),
    pull_requests: z
      .array(z.object({ number: z.number().int().positive(), head: z.object({ ref: z.string() }) }))
      .catch([]),
    conclusion: z.string().nullish(),
    app: z.object({ id: z.number().int(), slug: z.string().nullish() }).nullish(),
  }),
});

export const CheckRunPayload = z.object({
  ...scope,
  action: z.string(),
  requested_action: z.object({ identifier: z.string() }).nullish(),
  check_run: z.object({
    name: z.string(),
    head_sha: z.string(),
    external_id: z.string().nullish(),
    app: z.object({ id: z.number().int() }).nullable(),
    pull_requests: z.array(z.object({ number: z.number().int().positive() })).catch([]),
  }),
});

export const InstallationPayload = z.object({
  action: z.string(),
  installation: z.object({ id: z.number().int().positive(), account: z.object({ login: z.string() }).nullish() }),
  repositories: z.array(z.object({ id: z.number().int(), full_name: z.string() })).nullish(),
  repositories_added: z.array(z.object({ id: z.number().int(), full_name: z.string() })).nullish(),
  repositories_removed: z.array(z.object({ id: z.number().int(), full_name: z.string() })).nullish(),
});

export type InstallationPayload = z.infer<typeof InstallationPayload>;
export type RepositoryPayload = z.infer<typeof RepositoryPayload>;
export type UserPayload = z.infer<typeof User>;
