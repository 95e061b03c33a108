// Proposes for the notes file what runs observed: in the one pull request that is open, or in a new one. Branches of these
// pull requests are numbered, and one is left for the next when its pull request is over. GitHub makes a branch once,
// moves it only forwards, and opens one pull request from it: so whoever works beside us, and whatever a list does not show
// yet, there is one, and nothing that somebody put there is written over.
import { addToNotes, findUnknown } from '../core/chores/add-to-notes.ts';
import type { SharedLearning } from '../core/model/chores.ts';
import type { NotesOutcome } from '../core/model/result.ts';
import { parsePolicyWithPast } from '../core/policy/parse-policy.ts';
import {
  extendNotesPull,
  listProposed,
  type NotesChange,
  notesPullTitle,
  renderLearned,
  renderNotesMessage,
  renderNotesPull,
} from '../core/reply/render-notes-pull.ts';
import type { Held } from './carry-out.ts';
import { commitText } from './commit-text.ts';
import { endChore } from './end-chore.ts';
import { ExternalError } from './external-error.ts';
import type { PathEntry, PullFacts } from './port/github.ts';
import { readPolicyTexts } from './read-policy-texts.ts';
import { toOutward } from './to-outward.ts';
import type { WorkPorts } from './work-ports.ts';

/** Somebody else moves the branch at most so often while we look. */
const looksAtMost = 5;
/** More are over only where nobody has looked for very long, or our own record was lost. */
const roundsAtOnce = 50;
const answeredKept = 200;

export async function proposeNotes(ports: WorkPorts, held: Held<'propose_notes'>): Promise<NotesOutcome> {
  return await endChore(ports, held, () => propose(ports, held));
}

interface Base {
  readonly branch: string;
  readonly head: string;
  readonly path: string;
  readonly entry: Exclude<PathEntry, { kind: 'other' }>;
}

async function propose(ports: WorkPorts, held: Held<'propose_notes'>): Promise<NotesOutcome> {
  const base = await readBase(ports, held);
  if (typeof base === 'string') return { kind: 'refused', why: base };
  for (let look = 0; look < looksAtMost; look += 1) {
    const place = await findPlace(ports, held);
    const ended = { rounds: place.rounds, answered: [...place.answered] };
    const isAnswered = (learning: SharedLearning) => place.answered.includes(toMark(ports, renderLearned(learning)));
    const unknown = findUnknown(toText(base.entry), held.action.learnings).filter((one) => !isAnswered(one));
    if (unknown.length === 0)
      return { kind: 'unneeded', why: 'everything stands there, or was answered before', ...ended };
    const change = await addTo(ports, held, { base, place, unknown });
    if (change === 'moved') continue;
    if (typeof change === 'string') return { kind: 'unneeded', why: change, ...ended };
    const pull = await show(ports, held, { base, place, change });
    if (pull !== undefined) return { kind: 'proposed', pull, ...ended };
  }
  throw new ExternalError({ system: 'github', message: 'the branch of the notes does not stand still', retry: 'soon' });
}

/** Where it is to be added, by the settings as they are now; or why nothing is added there. */
async function readBase({ github }: WorkPorts, { record }: Held<'propose_notes'>): Promise<Base | string> {
  const { repository } = record;
  const { defaultBranch: branch } = await github.readRepository(repository);
  const head = await github.readBranch(repository, branch);
  if (head === undefined) return 'the repository is empty';
  const { policyText, earlierPolicyTexts } = await readPolicyTexts(github, repository, head);
  const { file: path, propose: isWanted } = parsePolicyWithPast(policyText, earlierPolicyTexts).policy.notes;
  if (path === undefined || !isWanted) return 'the settings do not ask for it';
  const entry = await github.readEntry(repository, path, head);
  return entry.kind === 'other' ? `${path} is ${entry.what}` : { branch, head, path, entry };
}

interface Place {
  readonly branch: string;
  /** Where the branch is; undefined when it is still to be made. */
  readonly head: string | undefined;
  readonly pull: PullFacts | undefined;
  readonly rounds: number;
  readonly answered: readonly string[];
}

/** The first branch whose pull request is not over. */
async function findPlace(ports: WorkPorts, { record }: Held<'propose_notes'>): Promise<Place> {
  const { github } = ports;
  const { repository, notes } = record;
  let { answered } = notes;
  for (let rounds = notes.rounds; rounds < notes.rounds + roundsAtOnce; rounds += 1) {
    const branch = `gatepilot/notes-${rounds + 1}`;
    const listed = await github.findPull(repository, branch);
    // Lists lag: whether it is open, only the pull request itself says.
    const pull = listed && (await github.readPull(repository, listed.number));
    if (pull?.state !== 'open' && pull) {
      const proposed = listProposed(pull.body).map((text) => toMark(ports, text));
      answered = [...new Set([...answered, ...proposed])].slice(-answeredKept);
      continue;
    }
    return { branch, pull, head: await github.readBranch(repository, branch), rounds, answered };
  }
  throw new ExternalError({ system: 'github', message: 'too many notes pull requests are over', retry: 'never' });
}

interface Adding {
  readonly base: Base;
  readonly place: Place;
  readonly unknown: readonly SharedLearning[];
}

/** What the branch holds for these after it; or why it holds nothing of them. */
async function addTo(
  ports: WorkPorts,
  held: Held<'propose_notes'>,
  { base, place, unknown }: Adding,
): Promise<NotesChange | 'moved' | `no ${string}`> {
  const { path } = base;
  const { branch, head: from } = place;
  const entry = from === undefined ? base.entry : await ports.github.readEntry(held.record.repository, path, from);
  // People may do with it what they like.
  if (entry.kind === 'other') return `no file: ${path} is ${entry.what} on ${branch}`;
  const kept = toText(entry);
  const absent = findUnknown(kept, unknown);
  const proposed = listProposed(place.pull?.body ?? '');
  const isTakenOut = (learning: SharedLearning) =>
    absent.includes(learning) && proposed.includes(renderLearned(learning));
  const wanted = unknown.filter((learning) => !isTakenOut(learning));
  if (wanted.length === 0) return 'no wish: people took it out of the pull request';
  const { added, placed, left } = addToNotes(kept, findUnknown(kept, wanted));
  const change = { path, left, placed: wanted.filter((learning) => !left.includes(learning)) };
  if (change.placed.length === 0 && !place.pull) return `no room: ${path} is full`;
  if (placed.length === 0) return change;
  const isExecutable = entry.kind === 'file' && entry.isExecutable;
  const commit = {
    parent: from ?? base.head,
    message: renderNotesMessage({ path, placed }),
    ...{ path, isExecutable, kept, added },
  };
  return (await commitText(ports, held, { branch, from, commit })) ? change : 'moved';
}

interface Showing {
  readonly base: Base;
  readonly place: Place;
  readonly change: NotesChange;
}

/** Its number; undefined where it ended while we wrote, so that another one is needed. */
async function show(
  { github }: WorkPorts,
  held: Held<'propose_notes'>,
  { base, place: { pull, branch }, change }: Showing,
): Promise<number | undefined> {
  const { repository } = held.record;
  const writer = github.writeFor(held);
  if (!pull) {
    const { number } = await writer.createPull('progress', repository, {
      head: branch,
      base: base.branch,
      title: notesPullTitle,
      body: toOutward(renderNotesPull(change)),
    });
    return number;
  }
  const now = await github.readPull(repository, pull.number);
  if (now.state !== 'open') return undefined;
  const body = toOutward(extendNotesPull(now.body, change));
  if (body !== now.body) await writer.updatePull('progress', repository, pull.number, { body });
  return pull.number;
}

function toText(entry: Base['entry']): string {
  return entry.kind === 'file' ? entry.text : '';
}

/** Short, since many are kept. */
function toMark({ hash }: WorkPorts, text: string): string {
  return hash(text).slice(0, 16);
}
