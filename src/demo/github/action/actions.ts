// Everything that can be done to the local GitHub from outside its API: the contract of the control port, the page and
// the control client. Every verb takes one object and enforces what GitHub enforces; a refusal is a `Refusal` in this
// process and a `ControlRefused` in the client.
import type { Change } from '../state/change-log.ts';
import type { Delivery } from '../state/delivery.ts';
import type { RequestEntry } from '../state/request-log.ts';
import type { IssueSnapshot, PullSnapshot, RepositorySnapshot, Snapshot } from '../state/snapshot.ts';
import type { DelayDelivery, InjectFault, MatchDelivery } from './fault-input.ts';
import type {
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
} from './person-input.ts';
import type {
  AppCreated,
  CreateApp,
  CreatePerson,
  CreateRepository,
  InstallApp,
  ProtectBranch,
  RepositoryCreated,
} from './setup-input.ts';

export interface SetupActions {
  createApp(input: CreateApp): Promise<AppCreated>;
  /** Null switches webhooks off. */
  setWebhookUrl(input: { appId: number; url: string | null }): Promise<void>;
  /** Sends `ping`, as GitHub does when a webhook is set up. */
  pingApp(input: { appId: number }): Promise<void>;
  installApp(input: InstallApp): Promise<{ installationId: number }>;
  uninstallApp(input: { installationId: number }): Promise<void>;
  addToInstallation(input: { installationId: number; repository: string }): Promise<void>;
  removeFromInstallation(input: { installationId: number; repository: string }): Promise<void>;
  createOrganization(input: { login: string }): Promise<void>;
  createPerson(input: CreatePerson): Promise<{ id: number }>;
  /** A personal token, for REST and git as that person. */
  createToken(input: { login: string }): Promise<{ token: string }>;
  setPermission(input: {
    repository: string;
    login: string;
    role: 'none' | 'read' | 'triage' | 'write' | 'maintain' | 'admin';
  }): Promise<void>;
  createRepository(input: CreateRepository): Promise<RepositoryCreated>;
  /** Renames or transfers it; `to` is `owner/name`, of an account that there is. Its old name leads to it from then on. */
  moveRepository(input: { repository: string; to: string }): Promise<void>;
  forkRepository(input: { as: string; repository: string }): Promise<RepositoryCreated>;
  protectBranch(input: ProtectBranch): Promise<void>;
  unprotectBranch(input: { repository: string; branch: string }): Promise<void>;
}

/** What a person does in the browser or with git. `as` is their login. */
export interface PersonActions {
  openIssue(input: OpenIssue): Promise<{ number: number; id: number }>;
  /** Title and body, of an issue or a pull request. */
  editIssue(input: EditIssue): Promise<void>;
  /** Issue or pull request; the latter is not merged by it. */
  closeIssue(input: OnIssue): Promise<void>;
  reopenIssue(input: OnIssue): Promise<void>;
  /** With `writtenAt` as if it had been written at another time. */
  comment(input: OnIssue & { body: string; writtenAt?: string }): Promise<{ id: number }>;
  editComment(input: OnComment & { body: string }): Promise<void>;
  deleteComment(input: OnComment): Promise<void>;
  /** Creates the label when the repository has none of that name. */
  label(input: OnIssue & { label: string }): Promise<void>;
  unlabel(input: OnIssue & { label: string }): Promise<void>;
  react(input: React): Promise<void>;
  /** One commit on a branch, which is created when it does not exist. */
  pushCommit(input: PushCommit): Promise<{ sha: string }>;
  deleteBranch(input: { as: string; repository: string; branch: string }): Promise<void>;
  openPull(input: OpenPull): Promise<{ number: number; id: number; headSha: string }>;
  setDraft(input: OnIssue & { draft: boolean }): Promise<void>;
  review(input: SubmitReview): Promise<{ id: number }>;
  /** "Resolve conversation", and taking it back, of the thread that began with a comment beside a line. */
  setThreadResolved(input: ResolveThread): Promise<void>;
  /** "Reply", in the thread that began with a comment beside a line. */
  answerThread(input: AnswerThread): Promise<{ id: number }>;
  /** The merge button of the web editor. */
  mergePull(input: MergePull): Promise<{ sha: string }>;
  /** "Merge when ready", and taking it back. */
  enqueuePull(input: OnIssue): Promise<void>;
  dequeuePull(input: OnIssue): Promise<void>;
  clickCheckAction(input: { as: string; repository: string; checkRunId: number; identifier: string }): Promise<void>;
  rerequestCheck(input: { as: string; repository: string; checkRunId: number }): Promise<void>;
  rerequestSuite(input: { as: string; repository: string; checkSuiteId: number }): Promise<void>;
  /** A check run of the built-in App `ci`, which stands for any other App. The same name again updates it. */
  reportCheck(input: ReportCheck): Promise<{ checkRunId: number }>;
}

export interface FaultActions {
  /** Sends a past delivery again, with the same GUID. */
  redeliver(input: { deliveryId: number }): Promise<{ deliveryId: number }>;
  /** The delivery is in the log as failed and never reaches the App. */
  dropNextDelivery(input: MatchDelivery): Promise<void>;
  duplicateNextDelivery(input: MatchDelivery): Promise<void>;
  delayNextDelivery(input: DelayDelivery): Promise<void>;
  /** Kept back until `releaseDeliveries`. */
  holdNextDelivery(input: MatchDelivery): Promise<void>;
  releaseDeliveries(): Promise<{ released: number }>;
  /** Waits until no delivery is pending; those held back do not count. */
  settleDeliveries(input: { timeoutMs?: number }): Promise<void>;
  injectFault(input: InjectFault): Promise<{ faultId: number }>;
  /** What it holds goes on. */
  endFault(input: { faultId: number }): Promise<void>;
  /** Ends all of them. */
  clearFaults(): Promise<void>;
  /** While down, every request of an App is answered 503; webhooks are sent all the same. */
  setOutage(input: { isDown: boolean }): Promise<void>;
  /** From now on lists of comments, checks, reactions and pull requests show what is made this much later. 0 ends it. */
  setListLag(input: { lagMs: number }): Promise<void>;
  /** Every installation token handed out so far is refused from now on. */
  expireTokens(): Promise<void>;
  moveClock(input: { byMs: number }): Promise<void>;
  /**
   * The n-th content-changing request from now on that is made with an installation token (a REST write or a git push)
   * is carried out, but its answer is kept back until it is released or dropped. 1 is the next one.
   */
  holdAfterWrite(input: { n: number }): Promise<{ holdId: number }>;
  /** Resolves when the request is held; refuses with 408 when the time is up first. */
  awaitHeld(input: { holdId: number; timeoutMs?: number }): Promise<RequestEntry>;
  releaseHeld(input: { holdId: number }): Promise<void>;
  /** Cuts the connection: the client never learns that its write happened. */
  dropHeld(input: { holdId: number }): Promise<void>;
}

export interface ReadActions {
  readState(): Promise<Snapshot>;
  /** One repository alone, and one thread alone: for whoever looks often. */
  readRepository(input: { repository: string }): Promise<RepositorySnapshot>;
  readThread(input: { repository: string; number: number }): Promise<IssueSnapshot | PullSnapshot>;
  /** Deliveries with an id greater than `after`, oldest first. */
  readDeliveries(input: { after?: number }): Promise<readonly Delivery[]>;
  /** Waits up to `waitMs` (at most 30 s) for a change after `after`. */
  readChanges(input: { after: number; waitMs?: number }): Promise<{ changes: readonly Change[]; last: number }>;
  /** Requests on the API port with an index greater than `after`. */
  readRequests(input: { after?: number }): Promise<readonly RequestEntry[]>;
  /** How often each route was asked with an App's token, by `METHOD template` and by status (0 without an answer). */
  countRequests(input: { after?: number }): Promise<Readonly<Record<string, Readonly<Record<number, number>>>>>;
  /** Requests for routes that are not implemented here. A test that finds one must fail. */
  readUnimplemented(): Promise<readonly RequestEntry[]>;
  /** The pull request's unified diff against the merge base. */
  readPullDiff(input: { repository: string; number: number }): Promise<string>;
  /** The text of a file at a branch, tag or commit; null when there is none. */
  readFile(input: { repository: string; ref: string; path: string }): Promise<string | null>;
}

export interface Actions extends SetupActions, PersonActions, FaultActions, ReadActions {}
