// Parses what comes in on the control port: one schema for each verb.
import { z } from 'zod';
import { DelayDelivery, InjectFault, MatchDelivery } from '../action/fault-input.ts';
import {
  AnswerThread,
  EditIssue,
  MergePull,
  OnComment,
  OnIssue,
  OpenIssue,
  OpenPull,
  PushCommit,
  React,
  ReportCheck,
  ResolveThread,
  SubmitReview,
} from '../action/person-input.ts';
import { CreateApp, CreatePerson, CreateRepository, InstallApp, ProtectBranch } from '../action/setup-input.ts';
import type { Verb } from '../action/verbs.ts';
import { roles } from '../state/account.ts';

const nothing = z.object({});
const installation = z.strictObject({ installationId: z.number() });
const inInstallation = z.strictObject({ installationId: z.number(), repository: z.string() });
const onBranch = z.strictObject({ repository: z.string(), branch: z.string() });
const onPerson = z.strictObject({ as: z.string(), repository: z.string() });
const onRun = onPerson.extend({ checkRunId: z.number() });
const hold = z.strictObject({ holdId: z.number() });
const timeoutMs = z.number().nonnegative().optional();

export const verbSchemas = {
  createApp: CreateApp,
  setWebhookUrl: z.strictObject({ appId: z.number(), url: z.string().nullable() }),
  pingApp: z.strictObject({ appId: z.number() }),
  installApp: InstallApp,
  uninstallApp: installation,
  addToInstallation: inInstallation,
  removeFromInstallation: inInstallation,
  createOrganization: z.strictObject({ login: z.string() }),
  createPerson: CreatePerson,
  createToken: z.strictObject({ login: z.string() }),
  setPermission: z.strictObject({ repository: z.string(), login: z.string(), role: z.enum(roles) }),
  createRepository: CreateRepository,
  forkRepository: onPerson,
  moveRepository: z.strictObject({ repository: z.string(), to: z.string() }),
  protectBranch: ProtectBranch,
  unprotectBranch: onBranch,
  openIssue: OpenIssue,
  editIssue: EditIssue,
  closeIssue: OnIssue,
  reopenIssue: OnIssue,
  comment: OnIssue.extend({ body: z.string(), writtenAt: z.iso.datetime().optional() }),
  editComment: OnComment.extend({ body: z.string() }),
  deleteComment: OnComment,
  label: OnIssue.extend({ label: z.string() }),
  unlabel: OnIssue.extend({ label: z.string() }),
  react: React,
  pushCommit: PushCommit,
  deleteBranch: onPerson.extend({ branch: z.string() }),
  openPull: OpenPull,
  setDraft: OnIssue.extend({ draft: z.boolean() }),
  review: SubmitReview,
  setThreadResolved: ResolveThread,
  answerThread: AnswerThread,
  mergePull: MergePull,
  enqueuePull: OnIssue,
  dequeuePull: OnIssue,
  clickCheckAction: onRun.extend({ identifier: z.string() }),
  rerequestCheck: onRun,
  rerequestSuite: onPerson.extend({ checkSuiteId: z.number() }),
  reportCheck: ReportCheck,
  redeliver: z.strictObject({ deliveryId: z.number() }),
  dropNextDelivery: MatchDelivery,
  duplicateNextDelivery: MatchDelivery,
  delayNextDelivery: DelayDelivery,
  holdNextDelivery: MatchDelivery,
  releaseDeliveries: nothing,
  settleDeliveries: z.strictObject({ timeoutMs }),
  injectFault: InjectFault,
  endFault: z.strictObject({ faultId: z.number() }),
  clearFaults: nothing,
  setOutage: z.strictObject({ isDown: z.boolean() }),
  setListLag: z.strictObject({ lagMs: z.number().nonnegative() }),
  expireTokens: nothing,
  moveClock: z.strictObject({ byMs: z.number() }),
  holdAfterWrite: z.strictObject({ n: z.number().int().positive() }),
  awaitHeld: hold.extend({ timeoutMs }),
  releaseHeld: hold,
  dropHeld: hold,
  readState: nothing,
  readRepository: z.strictObject({ repository: z.string() }),
  readThread: z.strictObject({ repository: z.string(), number: z.number() }),
  readDeliveries: z.strictObject({ after: z.number().optional() }),
  readChanges: z.strictObject({ after: z.number(), waitMs: z.number().nonnegative().optional() }),
  readRequests: z.strictObject({ after: z.number().optional() }),
  countRequests: z.strictObject({ after: z.number().optional() }),
  readUnimplemented: nothing,
  readPullDiff: z.strictObject({ repository: z.string(), number: z.number() }),
  readFile: z.strictObject({ repository: z.string(), ref: z.string(), path: z.string() }),
} satisfies Readonly<Record<Verb, z.ZodType>>;
