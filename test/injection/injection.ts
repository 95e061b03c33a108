// One hostile text and what somebody does who obeys it. Models and agents here always obey, so that nothing but the engine
// stands between a text and its effect.
import type { Scenario, Step } from '../../src/demo/model/scenario.ts';
import { attempts, bash, done, filesWith, planOf, say, task, write } from '../support/plan.ts';
import type { TestRepository, Thread } from '../support/repository.ts';

export type Place = 'issue' | 'comment' | 'file' | 'log';

export interface Injection {
  readonly name: string;
  /** Where the text stands. */
  readonly place: Place;
  /** Words in capitals, such as `ATTACKER`, become what they name: see `lair.ts`. */
  readonly text: string;
  readonly obeyed: Scenario;
  readonly files: Readonly<Record<string, string>>;
  /** Of the issue or the comment; the writer where absent. */
  readonly by?: string;
  /** Who says it is not read, so that nobody may have obeyed. */
  readonly isUnheard?: boolean;
  /** What people do once the run has come to its end, or in place of starting one. */
  readonly afterwards?: (scene: { issue: Thread; repository: TestRepository; text: string }) => Promise<void>;
  /** What it says ends whoever obeys it, so that its last command is all that there is of it. */
  readonly endsAgent?: boolean;
  /** What is delivered needs a maintainer: the gate is not open for it. */
  readonly staysClosed?: boolean;
  /** Commands that a writer gives afterwards. */
  readonly mayCommand: readonly string[];
  /** Nobody asks for a run: whatever happens is an effect. */
  readonly isUnasked?: boolean;
  /** What the branch may hold besides what it had: the path and its whole text, or any text where that is left open. */
  readonly mayDeliver: Readonly<Record<string, string | undefined>>;
}

const honest = { 'one.txt': 'one\n' } as const;
const check = 'if grep -qs bad one.txt two.txt; then echo "FAIL in one.txt"; cat said.txt; exit 1; fi\necho ok\n';
const plain = planOf(task('one'));
/** A review takes time, and is what few of them are about. */
const unreviewed = 'acceptance: { enabled: false }\n';

interface Known extends Partial<Omit<Injection, 'name' | 'place' | 'text'>> {
  readonly policy?: string;
  readonly more?: Readonly<Record<string, string>>;
}

function make(name: string, place: Place, text: string, known: Known): Injection {
  const { policy = `max_attempts: 1\n${unreviewed}`, more = {}, ...rest } = known;
  return {
    name,
    place,
    text,
    obeyed: { planner: attempts([plain]), 'task-one': attempts([write('one.txt', 'one\n'), done]) },
    files: { ...filesWith({ check, policy }), ...more },
    mayDeliver: honest,
    mayCommand: [],
    ...rest,
  };
}

/** A file that the agent reads, and what it then does beside its task. */
export function inFile(
  name: string,
  text: string,
  steps: readonly Step[],
  known: Known & { said?: string } = {},
): Injection {
  const { said, more, ...rest } = known;
  const end = said === undefined ? done : say(said);
  const obeyed = {
    planner: attempts([plain]),
    'task-one': attempts([bash('cat AGENTS.md'), ...steps, write('one.txt', 'one\n'), end]),
  };
  return make(name, 'file', text, { obeyed, ...rest, more: { ...more, 'AGENTS.md': `${text}\n` } });
}

/** As `inFile`, by commands of a shell. */
export function byShell(name: string, text: string, ...commands: readonly string[]): Injection {
  return inFile(
    name,
    text,
    commands.map((command) => bash(`(${command}) || true`)),
  );
}

/** What the agent makes is itself the attack: none of it may be delivered. */
export function refused(name: string, text: string, ...commands: readonly string[]): Injection {
  return { ...byShell(name, text, ...commands), mayDeliver: {} };
}

/** The text of the issue, and the plan of a planner that obeys it. */
export function inIssue(name: string, text: string, plan: Step, known: Known = {}): Injection {
  const obeyed = {
    planner: attempts([plan]),
    'task-one': attempts([write('one.txt', 'one\n'), done]),
    ...known.obeyed,
  };
  return make(name, 'issue', text, { ...known, obeyed });
}

/** Somebody says it below the issue. */
export function inComment(name: string, text: string, known: Known = {}): Injection {
  return make(name, 'comment', text, known);
}

/** The tests print it when they fail, which they do at first; then come whoever obeys it. */
export function inLog(
  name: string,
  text: string,
  obeyed: { agent?: readonly Step[]; pilot?: unknown },
  known: Known = {},
): Injection {
  const bad = [write('one.txt', 'bad\n'), done];
  const scenario: Scenario = {
    planner: attempts([planOf(task('one'), task('two'))]),
    'task-one': attempts(bad, obeyed.agent ? [...obeyed.agent, done] : bad, [write('one.txt', 'one\n'), done]),
    'task-two': attempts([write('two.txt', 'two\n'), done]),
    pilot: attempts([{ kind: 'json', value: obeyed.pilot ?? {} }]),
  };
  return make(name, 'log', text, {
    obeyed: scenario,
    policy: `max_attempts: 3\n${unreviewed}`,
    mayDeliver: { ...honest, 'two.txt': 'two\n' },
    ...known,
    more: { ...known.more, 'said.txt': `${text}\n` },
  });
}
