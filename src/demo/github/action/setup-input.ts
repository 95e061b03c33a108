// Inputs of the setup verbs. zod schemas where the control port must parse them; see control/verb-schemas.ts.
import { z } from 'zod';
import { roles } from '../state/account.ts';

const Permissions = z.record(z.string(), z.enum(['read', 'write']));

export const CreateApp = z.strictObject({
  name: z.string().min(1),
  /** Login of a person or an organisation, created as a person when missing. Default `octo-owner`. */
  owner: z.string().optional(),
  /** Default: contents, issues, pull_requests and checks write; metadata and administration read. */
  permissions: Permissions.optional(),
  /** Default: all events that are sent here. */
  events: z.array(z.string()).optional(),
  webhookUrl: z.string().optional(),
  /** Default: a random one. */
  webhookSecret: z.string().optional(),
});
export type CreateApp = z.infer<typeof CreateApp>;

export interface AppCreated {
  readonly appId: number;
  readonly slug: string;
  /** PEM. */
  readonly privateKey: string;
  readonly webhookSecret: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

export const InstallApp = z.strictObject({
  appId: z.number(),
  /** Full names of repositories of one owner, or all repositories of an account, later ones included. */
  repositories: z.union([z.array(z.string()).min(1), z.strictObject({ allOf: z.string() })]),
});
export type InstallApp = z.infer<typeof InstallApp>;

export const CreatePerson = z.strictObject({
  login: z.string().min(1),
  name: z.string().optional(),
  email: z.string().optional(),
  /** By the repository's full name. */
  roles: z.record(z.string(), z.enum(roles)).optional(),
});
export type CreatePerson = z.infer<typeof CreatePerson>;

/** File contents by path; null deletes the file. */
export const Files = z.record(z.string(), z.string().nullable());

const CommitInput = z.strictObject({
  message: z.string(),
  files: Files,
  /** Default: the repository's owner. */
  author: z.strictObject({ name: z.string(), email: z.string() }).optional(),
  /** ISO date. Default: now. */
  date: z.string().optional(),
});

export const CreateRepository = z.strictObject({
  /** `owner/name`; the owner is created as a person when missing. */
  repository: z.string().regex(/^[\w.-]+\/[\w.-]+$/),
  isPrivate: z.boolean().optional(),
  /** Of private repositories the plan of their owner decides that. */
  takesDrafts: z.boolean().optional(),
  description: z.string().optional(),
  /** Default `main`. */
  defaultBranch: z.string().optional(),
  /** A local repository whose branches are copied, or commits for the default branch, oldest first. */
  source: z.union([z.strictObject({ path: z.string() }), z.strictObject({ commits: z.array(CommitInput).min(1) })]),
});
export type CreateRepository = z.infer<typeof CreateRepository>;

export interface RepositoryCreated {
  readonly id: number;
  readonly fullName: string;
  readonly cloneUrl: string;
  /** The default branch's commit. */
  readonly headSha: string;
}

export const ProtectBranch = z.strictObject({
  repository: z.string(),
  branch: z.string(),
  /** Checks that must have passed on the head commit. */
  checks: z.array(z.strictObject({ context: z.string(), appId: z.number().optional() })).optional(),
  /** The head must contain the base's tip. */
  strict: z.boolean().optional(),
  /** Default true here; GitHub lets administrators pass unless told otherwise. */
  enforceAdmins: z.boolean().optional(),
  requiredApprovals: z.number().int().optional(),
  /** Protects with a ruleset instead of classic branch protection. */
  ruleset: z.boolean().optional(),
  /** Merges go through a merge queue, which a ruleset asks for. */
  mergeQueue: z.boolean().optional(),
});
export type ProtectBranch = z.infer<typeof ProtectBranch>;
