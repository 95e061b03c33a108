// A repository on the local GitHub and its threads: what people do there, and what they and its operator can see.
import type { OutboxEntry } from '../../src/core/model/action.ts';
import type { SubjectRecord } from '../../src/core/model/record.ts';
import type { Run } from '../../src/core/model/run.ts';
import { toSubjectId } from '../../src/core/model/subject.ts';
import type { RequestEntry } from '../../src/demo/github/state/request-log.ts';
import type { CommentSnapshot, PullSnapshot, RepositorySnapshot } from '../../src/demo/github/state/snapshot.ts';
import type { Scenario } from '../../src/demo/model/scenario.ts';
import type { ScriptedModel } from '../../src/demo/model/start-scripted-model.ts';
import type { ScriptedStack } from '../../src/demo/stack/start-stack.ts';
import type { StorePort } from '../../src/engine/port/store.ts';
import { writer } from './people.ts';
import { until } from './until.ts';

export interface TestRepository {
  readonly fullName: string;
  readonly id: number;
  /** Replaces what the scripted model says from now on. */
  setScenario(scenario: Scenario): void;
  openIssue(title: string, options?: { body?: string; as?: string }): Promise<Thread>;
  /** From a labelled issue to a pull request with an open gate, all of it shown. */
  makeReady(title: string): Promise<ReadyRun>;
  thread(number: number): Thread;
  /** One commit on a branch, as a person pushes it. */
  push(branch: string, files: Record<string, string>, as?: string): Promise<string>;
  read(): Promise<RepositorySnapshot>;
  pull(number: number): Promise<PullSnapshot>;
  /** What models were asked for this repository, oldest first. */
  calls(role?: string): ScriptedModel['log'][number][];
  /** What the bot asked the API to merge here. */
  mergeRequests(): Promise<RequestEntry[]>;
}

export interface ReadyRun {
  readonly issue: Thread;
  readonly pull: Thread;
  readonly run: Run;
  readonly branch: string;
}

export interface Thread {
  readonly number: number;
  label(label: string, as?: string): Promise<void>;
  comment(body: string, as?: string): Promise<number>;
  record(): Promise<SubjectRecord | undefined>;
  /** Waits until the newest run is in one of these states, and gives it. */
  reaches(...states: Run['state']['kind'][]): Promise<Run>;
  /** Waits until this is true of the newest run, and gives it. */
  reachesWhere(isReached: (run: Run) => boolean): Promise<Run>;
  /** Waits until what is decided is shown. */
  isShown(): Promise<void>;
  /** The bot's comments on this thread. */
  replies(): Promise<string[]>;
  /** The bot's answer to one comment, without the marker; undefined when it gave none of its own. */
  replyTo(commentId: number): Promise<string | undefined>;
  /** The same, once there is one: it comes after the reaction. */
  answerTo(commentId: number): Promise<string>;
  /** Waits until the bot's only reaction to the comment is a terminal one, and gives all of its reactions. */
  reactionsOn(commentId: number): Promise<string[]>;
  /** The bot's reactions to the comment as they are now. */
  reactionsNow(commentId: number): Promise<string[]>;
  log(): Promise<string[]>;
  /** Waits until what was written was also looked at once more, when lists lag no longer. */
  isConfirmed(): Promise<void>;
  /** What is decided and not done yet. */
  outbox(): Promise<readonly OutboxEntry[]>;
}

interface RepositoryParts {
  readonly stack: ScriptedStack;
  readonly store: StorePort;
  readonly fullName: string;
  readonly id: number;
  readonly setScenario: (scenario: Scenario) => void;
}

export function createTestRepository({ stack, store, fullName, id, setScenario }: RepositoryParts): TestRepository {
  const { control, model, github } = stack;
  const read = (): Promise<RepositorySnapshot> => control.readRepository({ repository: fullName });
  const thread = (number: number) => createThread({ stack, store, fullName, host: github.host, id, number });
  const openIssue: TestRepository['openIssue'] = async (title, { body = '', as = writer } = {}) => {
    const { number } = await control.openIssue({ as, repository: fullName, title, body });
    return thread(number);
  };
  return {
    fullName,
    id,
    setScenario,
    thread,
    read,
    openIssue,
    async makeReady(title) {
      const issue = await openIssue(title);
      await issue.label('pilot:run');
      const run = await issue.reaches('ready');
      await issue.isShown();
      if (!run.pullRequest) throw new Error('a run is ready without a pull request');
      return { issue, run, pull: thread(run.pullRequest.number), branch: run.pullRequest.branch };
    },
    async push(branch, files, as = writer) {
      const { sha } = await control.pushCommit({ as, repository: fullName, branch, message: 'One more thing', files });
      return sha;
    },
    async pull(number) {
      const pull = (await read()).pulls.find((candidate) => candidate.number === number);
      if (!pull) throw new Error(`no pull request #${number} in ${fullName}`);
      return pull;
    },
    calls: (role) =>
      model.log.filter((call) => call.run.startsWith(`${id}.`) && (role === undefined || call.role === role)),
    async mergeRequests() {
      const requests = await control.readRequests({});
      return requests.filter(({ method, path }) => method === 'PUT' && isMergeOf(path, fullName));
    },
  };
}

function isMergeOf(path: string, repository: string): boolean {
  return path.startsWith(`/repos/${repository}/pulls/`) && path.endsWith('/merge');
}

interface ThreadParts {
  readonly stack: ScriptedStack;
  readonly store: StorePort;
  readonly fullName: string;
  readonly host: string;
  readonly id: number;
  readonly number: number;
}

const terminal = ['+1', 'confused'];

function createThread({ stack: { control }, store, fullName, host, id, number }: ThreadParts): Thread {
  const subject = toSubjectId(host, id, number);
  const on = { repository: fullName, number };
  const load = () => store.load(subject);
  const readOurs = async (): Promise<CommentSnapshot[]> =>
    (await readComments()).filter(({ author }) => author.startsWith('gatepilot'));
  const readComments = async () => (await control.readThread(on)).comments;
  const reactionsNow = async (commentId: number) => {
    const comment = (await readComments()).find((candidate) => candidate.id === commentId);
    const ours = (comment?.reactions ?? []).filter(({ user }) => user.startsWith('gatepilot'));
    return ours.map(({ content }) => content);
  };
  const replyTo = async (commentId: number) => {
    const marker = `<!-- gatepilot:reply:${commentId} -->\n`;
    const reply = (await readOurs()).find(({ body }) => body.startsWith(marker));
    return reply?.body.slice(marker.length);
  };
  const explain = async () => {
    const { record, inbox, outbox } = await load();
    const log = (await store.readLog(subject, 0)).map(({ kind, text }) => `${kind}: ${text}`);
    const state = { run: record?.run?.state, presentation: record?.presentation, receipts: record?.receipts };
    return `${JSON.stringify(state)}\ninbox ${JSON.stringify(inbox)}\noutbox ${JSON.stringify(outbox)}\n${log.join('\n')}`;
  };
  const reachesWhere = (isReached: (run: Run) => boolean) =>
    until(async () => {
      const run = (await load()).record?.run;
      return run && isReached(run) ? run : undefined;
    }, explain);
  return {
    number,
    label: (label, as = writer) => control.label({ as, ...on, label }),
    comment: async (body, as = writer) => (await control.comment({ as, ...on, body })).id,
    record: async () => (await load()).record,
    reaches: (...states) => reachesWhere((run) => states.includes(run.state.kind)),
    reachesWhere,
    isShown: async () => {
      await until(async () => {
        const { record, inbox, outbox } = await load();
        const isQuiet = inbox.length === 0 && outbox.length === 0;
        return record && isQuiet && record.presentation.done >= record.presentation.wanted ? true : undefined;
      }, explain);
    },
    isConfirmed: async () => {
      const isQuiet = async () => {
        const { record, inbox, outbox } = await load();
        const { wanted = 0, done = 0, confirm } = record?.presentation ?? {};
        return inbox.length + outbox.length === 0 && done >= wanted && confirm === undefined;
      };
      await until(async () => ((await isQuiet()) ? true : undefined), explain, 400_000);
    },
    replies: async () => (await readOurs()).map(({ body }) => body),
    answerTo: (commentId) => until(() => replyTo(commentId), explain),
    replyTo,
    reactionsOn: (commentId) =>
      until(
        async () => {
          const ours = await reactionsNow(commentId);
          return ours.length === 1 && terminal.includes(ours[0] ?? '') ? ours : undefined;
        },
        async () => `reactions ${(await reactionsNow(commentId)).join(', ')}\n${await explain()}`,
      ),
    reactionsNow,
    log: async () => (await store.readLog(subject, 0)).map(({ text }) => text),
    outbox: async () => (await load()).outbox,
  };
}
