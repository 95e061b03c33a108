// What people who may are answered, by what they ask for: every kind of reply that there is, at once and at the end, and where it succeeds.
import { describe, expect, it } from 'vitest';
import { ask, asks, carryOn, everywhere, open } from './ask.ts';

interface Played {
  readonly name: string;
  readonly command: string;
  readonly place: string;
  readonly isDone: boolean;
  /** As `state: reply`. */
  readonly said: readonly string[];
}

/** Everything that can be asked for, carried to its end in every place. */
const played: readonly Played[] = everywhere.flatMap(([place, make]) => {
  const world = open(make);
  return asks.map((one) => {
    const asked = ask(world, one, 'admin');
    const list = () =>
      asked
        .listReceipts()
        .flatMap(({ state, reply }) => (reply === undefined ? [] : [`${state.kind}: ${toTemplate(reply)}`]));
    const atOnce = list();
    carryOn(asked.world);
    const said = [...atOnce, ...list()];
    return { name: one.name, command: one.command, place, isDone: asked.states.at(-1) === 'done', said };
  });
});

/** Without what differs from run to run. */
function toTemplate(reply: string): string {
  return reply
    .replace(/\n.*/s, '')
    .replace(/[0-9a-f]{40}/g, '<sha>')
    .replace(/`[^`]*`/g, '`…`')
    .replace(/\d+(?:\.\d+)?/g, '<n>')
    .slice(0, 160);
}

it('everything that can be asked for succeeds somewhere', async () => {
  const lines = asks.map(({ name }) => {
    const places = played.filter((one) => one.name === name && one.isDone).map(({ place }) => place);
    expect(places, `where ${name} succeeds`).not.toEqual([]);
    return `${name}: ${places.length === everywhere.length ? 'everywhere' : places.join(', ')}`;
  });
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('every-answer.places.txt');
});

const shown = new Set<string>();

/** Each kind of reply to a command, whether it is written, put on as a label or pressed as a button. */
function listReplies(command: string): string {
  shown.add(command);
  return [...new Set(played.filter((one) => one.command === command).flatMap(({ said }) => said))].sort().join('\n');
}

describe('what is answered', () => {
  it('to run', () => {
    expect(listReplies('run')).toMatchInlineSnapshot(`
      "refused: **Waiting for an answer** to \`…\`: \`…\` gives one. Without any, what stands beside the question happens at <n>-<n>-<n> <n>:<n> UTC.
      refused: **Waiting for an approval** of plan \`…\`: \`…\` carries out exactly this plan, \`…\` has another one made, \`…\` ends run r<n>.
      refused: @​mona asked to leave this alone: nothing starts here until \`…\`.
      refused: Run r<n> ended with pull request #<n>, which is open: merge or close it first.
      refused: Run r<n> is being stopped; start again when it has ended.
      refused: Run r<n> is paused; \`…\` goes on with it, \`…\` ends it.
      refused: Runs that change something start from issues; \`…\` looks at this pull request and changes nothing.
      refused: The label \`…\` is on: nothing starts here until somebody takes it off.
      refused: The label \`…\` is on: nothing starts or is merged here until somebody takes it off."
    `);
  });

  it('to plan', () => {
    expect(listReplies('plan')).toMatchInlineSnapshot(`
      "refused: **Waiting for an answer** to \`…\`: \`…\` gives one. Without any, what stands beside the question happens at <n>-<n>-<n> <n>:<n> UTC.
      refused: **Waiting for an approval** of plan \`…\`: \`…\` carries out exactly this plan, \`…\` has another one made, \`…\` ends run r<n>.
      refused: @​mona asked to leave this alone: nothing starts here until \`…\`.
      refused: Run r<n> carries its plan out already, so that no plan waits for an approval; \`…\` ends it.
      refused: Run r<n> ended with pull request #<n>, which is open: merge or close it first.
      refused: Run r<n> is being stopped; start again when it has ended.
      refused: Run r<n> is paused; \`…\` goes on with it, \`…\` ends it.
      refused: Runs that change something start from issues; \`…\` looks at this pull request and changes nothing.
      refused: The label \`…\` is on: nothing starts here until somebody takes it off.
      refused: The label \`…\` is on: nothing starts or is merged here until somebody takes it off."
    `);
  });

  it('to approve', () => {
    expect(listReplies('approve')).toMatchInlineSnapshot(`
      "done: Plan \`…\` is approved. Run r<n> is paused: \`…\` carries it out.
      done: Plan \`…\` is approved: run r<n> carries it out.
      refused: @​mona asked to leave this alone: nothing starts here until \`…\`.
      refused: No plan of run r<n> waits for an approval.
      refused: No run was started here yet.
      refused: Run r<n> has no plan yet; ask again when it is posted.
      refused: Run r<n> rests: \`…\` goes on with it.
      refused: The label \`…\` is on: nothing starts here until somebody takes it off.
      refused: The label \`…\` is on: nothing starts or is merged here until somebody takes it off."
    `);
  });

  it('to status', () => {
    expect(listReplies('status')).toMatchInlineSnapshot(`
      "done: - ✅ **settings**: No run made this pull request, and the settings let such pull requests pass.
      done: No run was started here yet.
      done: Run r<n> is archived (merged): it can be read and not changed. A new run starts anew.
      done: Run r<n>: **Bringing** \`…\` in, and verifying the result.
      done: Run r<n>: **Closed** by @​mona.
      done: Run r<n>: **Deciding** what follows batch <n> of <n>.
      done: Run r<n>: **Failed.** It conflicts with what was merged before, in \`…\`. In conflict with \`…\`: \`…\`. Not all of that can be decided from here: resolve it by hand 
      done: Run r<n>: **Failed.** Its conflict could not be repaired: marks of the conflict were left in \`…\`. In conflict with \`…\`: \`…\` in \`…\` line <n> (two sides). \`…\` dec
      done: Run r<n>: **Failed.** Only text by people with write permission is read, or that such people vouched for, and there is none here (<n> withheld). Say what is wan
      done: Run r<n>: **Failed.** The limit "budget.run_usd" of <n> was reached (<n> used). \`…\` raises it for this run.
      done: Run r<n>: **Held** by the label \`…\`: nothing starts until somebody takes it off.
      done: Run r<n>: **Merged** as \`…\`. The merged tree \`…\` is the tree that was verified.
      done: Run r<n>: **Merged;** what landed is being read.
      done: Run r<n>: **Merging and verifying** batch <n> of <n>.
      done: Run r<n>: **Merging.**
      done: Run r<n>: **Not mergeable yet:** <n> of <n> tasks are merged; \`…\` failed.
      done: Run r<n>: **Not mergeable yet:** A reviewer found what was confirmed: It divides by zero. (\`…\`)
      done: Run r<n>: **Not mergeable yet:** The label \`…\` is on: nothing is merged until somebody takes it off.
      done: Run r<n>: **Not mergeable yet:** \`…\` failed on the merged tree.
      done: Run r<n>: **Paused** by @​mona. Nothing starts until somebody says so: \`…\` goes on, \`…\` ends it.
      done: Run r<n>: **Paused** by @​mona. Nothing starts until somebody says so: \`…\` goes on, \`…\` ends it. **Waiting for an answer** to \`…\`: \`…\` gives one. Without any, w
      done: Run r<n>: **Paused** by an outage. The work was interrupted by a fault outside of it (git: <n> Bad Gateway). Nothing is lost; it looks again by itself at <n>-<n
      done: Run r<n>: **Paused** by the limit "budget.day_usd". The limit "budget.day_usd" of $<n> leaves too little for today: $<n> is spent or set aside for work under wa
      done: Run r<n>: **Planning again** what is left of the work.
      done: Run r<n>: **Planning** the work.
      done: Run r<n>: **Publishing** the verified branch.
      done: Run r<n>: **Ready to merge.** Verified: head <n> on base bbbbbbbbbb gives tree tree-<n>.
      done: Run r<n>: **Reported <n> findings:** <n> confirmed, <n> unverified, <n> refuted. It is about \`…\` and nothing that came after.
      done: Run r<n>: **Resolving** what conflicts as people said, to verify the result.
      done: Run r<n>: **Reviewing** \`…\`.
      done: Run r<n>: **Reviewing** batch <n> of <n> against its acceptance items.
      done: Run r<n>: **Reviewing** what would be merged.
      done: Run r<n>: **Settling** a conflict with \`…\` by an agent, to verify the result.
      done: Run r<n>: **Stopped** by @​mona. What was done is kept; \`…\` goes on with the rest.
      done: Run r<n>: **Stopping**, asked for by @​mona.
      done: Run r<n>: **Superseded** by \`…\`, which does not continue what was verified here.
      done: Run r<n>: **Verifying again before the merge:** \`…\` has moved to \`…\`.
      done: Run r<n>: **Verifying** the exact merge result.
      done: Run r<n>: **Waiting for a maintainer:** \`…\` is a protected path, and nothing of it is pushed before that is approved. The patch is kept as artifact \`…\`. A maint
      done: Run r<n>: **Waiting for an answer** to \`…\`: \`…\` gives one. Without any, what stands beside the question happens at <n>-<n>-<n> <n>:<n> UTC.
      done: Run r<n>: **Waiting for an answer:** the gate pilot wants to end the run (It is hopeless.), and something could still run. \`…\` ends it, \`…\` delivers what is mer
      done: Run r<n>: **Waiting for an approval** of plan \`…\`: \`…\` carries out exactly this plan, \`…\` has another one made, \`…\` ends run r<n>.
      done: Run r<n>: **Waiting for its turn** to merge into \`…\`.
      done: Run r<n>: **Working** on \`…\`, round <n> of fixes.
      done: Run r<n>: **Working** on batch <n> of <n>.
      done: Run r<n>: **Working** on batch <n> of <n>. **Waiting for an answer** to \`…\`: \`…\` gives one. Without any, what stands beside the question happens at <n>-<n>-<n> 
      done: Run r<n>: **Working** on batch <n> of <n>. A pause was asked for by @​mona: what is under way may end.
      done: Run r<n>: **Working** on batch <n> of <n>. It is being finished, asked for by @​mona: nothing new starts."
    `);
  });

  it('to explain', () => {
    expect(listReplies('explain')).toMatchInlineSnapshot(`
      "done: - ✅ **settings**: No run made this pull request, and the settings let such pull requests pass.
      done: No run was started here yet.
      done: Run r<n> is archived (merged): it can be read and not changed. A new run starts anew.
      done: Run r<n>: **Bringing** \`…\` in, and verifying the result.
      done: Run r<n>: **Closed** by @​mona.
      done: Run r<n>: **Deciding** what follows batch <n> of <n>.
      done: Run r<n>: **Failed.** It conflicts with what was merged before, in \`…\`. In conflict with \`…\`: \`…\`. Not all of that can be decided from here: resolve it by hand 
      done: Run r<n>: **Failed.** Its conflict could not be repaired: marks of the conflict were left in \`…\`. In conflict with \`…\`: \`…\` in \`…\` line <n> (two sides). \`…\` dec
      done: Run r<n>: **Failed.** Only text by people with write permission is read, or that such people vouched for, and there is none here (<n> withheld). Say what is wan
      done: Run r<n>: **Failed.** The limit "budget.run_usd" of <n> was reached (<n> used). \`…\` raises it for this run.
      done: Run r<n>: **Held** by the label \`…\`: nothing starts until somebody takes it off.
      done: Run r<n>: **Merged** as \`…\`. The merged tree \`…\` is the tree that was verified.
      done: Run r<n>: **Merged;** what landed is being read.
      done: Run r<n>: **Merging and verifying** batch <n> of <n>.
      done: Run r<n>: **Merging.**
      done: Run r<n>: **Not mergeable yet:** <n> of <n> tasks are merged; \`…\` failed.
      done: Run r<n>: **Not mergeable yet:** A reviewer found what was confirmed: It divides by zero. (\`…\`)
      done: Run r<n>: **Not mergeable yet:** The label \`…\` is on: nothing is merged until somebody takes it off.
      done: Run r<n>: **Not mergeable yet:** \`…\` failed on the merged tree.
      done: Run r<n>: **Paused** by @​mona. Nothing starts until somebody says so: \`…\` goes on, \`…\` ends it.
      done: Run r<n>: **Paused** by @​mona. Nothing starts until somebody says so: \`…\` goes on, \`…\` ends it. **Waiting for an answer** to \`…\`: \`…\` gives one. Without any, w
      done: Run r<n>: **Paused** by an outage. The work was interrupted by a fault outside of it (git: <n> Bad Gateway). Nothing is lost; it looks again by itself at <n>-<n
      done: Run r<n>: **Paused** by the limit "budget.day_usd". The limit "budget.day_usd" of $<n> leaves too little for today: $<n> is spent or set aside for work under wa
      done: Run r<n>: **Planning again** what is left of the work.
      done: Run r<n>: **Planning** the work.
      done: Run r<n>: **Publishing** the verified branch.
      done: Run r<n>: **Ready to merge.** Verified: head <n> on base bbbbbbbbbb gives tree tree-<n>.
      done: Run r<n>: **Reported <n> findings:** <n> confirmed, <n> unverified, <n> refuted. It is about \`…\` and nothing that came after.
      done: Run r<n>: **Resolving** what conflicts as people said, to verify the result.
      done: Run r<n>: **Reviewing** \`…\`.
      done: Run r<n>: **Reviewing** batch <n> of <n> against its acceptance items.
      done: Run r<n>: **Reviewing** what would be merged.
      done: Run r<n>: **Settling** a conflict with \`…\` by an agent, to verify the result.
      done: Run r<n>: **Stopped** by @​mona. What was done is kept; \`…\` goes on with the rest.
      done: Run r<n>: **Stopping**, asked for by @​mona.
      done: Run r<n>: **Superseded** by \`…\`, which does not continue what was verified here.
      done: Run r<n>: **Verifying again before the merge:** \`…\` has moved to \`…\`.
      done: Run r<n>: **Verifying** the exact merge result.
      done: Run r<n>: **Waiting for a maintainer:** \`…\` is a protected path, and nothing of it is pushed before that is approved. The patch is kept as artifact \`…\`. A maint
      done: Run r<n>: **Waiting for an answer** to \`…\`: \`…\` gives one. Without any, what stands beside the question happens at <n>-<n>-<n> <n>:<n> UTC.
      done: Run r<n>: **Waiting for an answer:** the gate pilot wants to end the run (It is hopeless.), and something could still run. \`…\` ends it, \`…\` delivers what is mer
      done: Run r<n>: **Waiting for an approval** of plan \`…\`: \`…\` carries out exactly this plan, \`…\` has another one made, \`…\` ends run r<n>.
      done: Run r<n>: **Waiting for its turn** to merge into \`…\`.
      done: Run r<n>: **Working** on \`…\`, round <n> of fixes.
      done: Run r<n>: **Working** on batch <n> of <n>.
      done: Run r<n>: **Working** on batch <n> of <n>. **Waiting for an answer** to \`…\`: \`…\` gives one. Without any, what stands beside the question happens at <n>-<n>-<n> 
      done: Run r<n>: **Working** on batch <n> of <n>. A pause was asked for by @​mona: what is under way may end.
      done: Run r<n>: **Working** on batch <n> of <n>. It is being finished, asked for by @​mona: nothing new starts."
    `);
  });

  it('to tell', () => {
    expect(listReplies('tell')).toMatchInlineSnapshot(`
      "done: Kept: run r<n> is being planned, and its agents are told when they start.
      done: Kept: run r<n> is paused, and its next agent is told when \`…\` goes on.
      done: Kept: run r<n> waits, and its next agent is told when it goes on.
      refused: No agent heard that: Run r<n> came to its end before one could. Say it again if it is still wanted when one works.
      refused: No run was started here yet.
      refused: Run r<n> is archived (merged): it can be read and not changed. A new run starts anew.
      refused: Run r<n> is being merged: no agent works for it who could hear that.
      refused: Run r<n> is being stopped: nobody would hear that.
      refused: Run r<n> is over for good: no agent works for it who could hear that.
      refused: Run r<n> rests: no agent works for it who could hear that. Where something is left to do, \`…\` goes on with it; say it again then.
      started: Kept: no agent builds anything at the moment. The next one is told, if run r<n> needs one.
      started: Kept: run r<n> is being planned, and its agents are told when they start.
      started: Kept: run r<n> is paused, and its next agent is told when \`…\` goes on.
      started: Kept: run r<n> waits for an answer, and its next agent is told when it goes on. That answers nothing: \`…\` does.
      started: Kept: run r<n> waits, and its next agent is told when it goes on.
      started: Kept: the plan of run r<n> waits for an approval, and its agents are told when they start."
    `);
  });

  it('to answer', () => {
    expect(listReplies('answer')).toMatchInlineSnapshot(`
      "done: \`…\` is answered. Run r<n> is held: \`…\` goes on.
      done: \`…\` is answered. \`…\` goes on with it.
      refused: @​mona asked to leave this alone: nothing starts here until \`…\`.
      refused: No run was started here yet.
      refused: Run r<n> has no question \`…\`; no question is open here.
      refused: The label \`…\` is on: nothing starts here until somebody takes it off.
      refused: The label \`…\` is on: nothing starts or is merged here until somebody takes it off."
    `);
  });

  it('to stop', () => {
    expect(listReplies('stop')).toMatchInlineSnapshot(`
      "refused: Nothing is running here.
      refused: Run r<n> is archived (merged): it can be read and not changed. A new run starts anew."
    `);
  });

  it('to finish', () => {
    expect(listReplies('finish')).toMatchInlineSnapshot(`
      "done: Run r<n> is finished with what was built.
      refused: @​mona asked to leave this alone: nothing starts here until \`…\`.
      refused: Nothing is built yet that could be kept; \`…\` ends run r<n>.
      refused: Nothing is running here.
      refused: Run r<n> is being merged: nothing else would start.
      refused: Run r<n> is being stopped: nothing else would start.
      refused: The label \`…\` is on: nothing starts here until somebody takes it off.
      refused: The label \`…\` is on: nothing starts or is merged here until somebody takes it off."
    `);
  });

  it('to pause', () => {
    expect(listReplies('pause')).toMatchInlineSnapshot(`
      "done: Run r<n> is paused: \`…\` goes on, \`…\` ends it.
      refused: Nothing is running here.
      refused: Run r<n> is being merged: there is nothing left to hold.
      refused: Run r<n> is being stopped: there is nothing left to hold."
    `);
  });

  it('to resume', () => {
    expect(listReplies('resume')).toMatchInlineSnapshot(`
      "done: Run r<n> goes on with what is not finished.
      done: Run r<n> goes on.
      done: Run r<n> goes on: the pause is taken back.
      done: Run r<n> is at work; nothing holds it.
      refused: **Waiting for a maintainer:** \`…\` is a protected path, and nothing of it is pushed before that is approved. The patch is kept as artifact \`…\`. A maintainer who 
      refused: **Waiting for an answer** to \`…\`: \`…\` gives one. Without any, what stands beside the question happens at <n>-<n>-<n> <n>:<n> UTC.
      refused: **Waiting for an approval** of plan \`…\`: \`…\` carries out exactly this plan, \`…\` has another one made, \`…\` ends run r<n>.
      refused: @​mona asked to leave this alone: nothing starts here until \`…\`.
      refused: No run was started here yet.
      refused: Nothing of run r<n> is left to go on with; \`…\` tries again what failed.
      refused: Run r<n> is being stopped; resume it when it has ended.
      refused: Run r<n> is complete; \`…\` tries again what failed.
      refused: Run r<n> is over for good.
      refused: The label \`…\` is on: nothing starts here until somebody takes it off.
      refused: The label \`…\` is on: nothing starts or is merged here until somebody takes it off.
      started: Run r<n> goes on with what is not finished."
    `);
  });

  it('to continue', () => {
    expect(listReplies('continue')).toMatchInlineSnapshot(`
      "done: Run r<n> goes on: \`…\` is now $<n>.
      refused: **Waiting for an answer** to \`…\`: \`…\` gives one. Without any, what stands beside the question happens at <n>-<n>-<n> <n>:<n> UTC.
      refused: **Waiting for an approval** of plan \`…\`: \`…\` carries out exactly this plan, \`…\` has another one made, \`…\` ends run r<n>.
      refused: @​mona asked to leave this alone: nothing starts here until \`…\`.
      refused: No run was started here yet.
      refused: Run r<n> is at work: no limit has stopped it.
      refused: Run r<n> is paused; \`…\` goes on.
      refused: Run r<n> waits. The limit "budget.day_usd" of $<n> leaves too little for today: $<n> is spent or set aside for work under way. It begins anew at <n>-<n>-<n> <n>
      refused: Run r<n> was not stopped by a limit, so there is none to raise.
      refused: The label \`…\` is on: nothing starts here until somebody takes it off.
      refused: The label \`…\` is on: nothing starts or is merged here until somebody takes it off.
      started: Run r<n> goes on: \`…\` is now $<n>."
    `);
  });

  it('to retry', () => {
    expect(listReplies('retry')).toMatchInlineSnapshot(`
      "done: Run r<n> goes on with what is not finished.
      done: \`…\` is tried again.
      done: \`…\` is tried again. Run r<n> is held: \`…\` goes on.
      refused: **Waiting for an approval** of plan \`…\`: \`…\` carries out exactly this plan, \`…\` has another one made, \`…\` ends run r<n>.
      refused: @​mona asked to leave this alone: nothing starts here until \`…\`.
      refused: A round of fixes of run r<n> is under way; ask again when that has ended.
      refused: No run was started here yet.
      refused: Nothing failed here that could be tried again.
      refused: Run r<n> is being finished; ask again when it rests.
      refused: Run r<n> is merging; ask again when that has ended.
      refused: Run r<n> is over for good.
      refused: Run r<n> is planning; ask again when that has ended.
      refused: Run r<n> is reviewing; ask again when that has ended.
      refused: Run r<n> is stopping; ask again when that has ended.
      refused: The label \`…\` is on: nothing starts here until somebody takes it off.
      refused: The label \`…\` is on: nothing starts or is merged here until somebody takes it off.
      refused: The limit \`…\` of run r<n> is reached; \`…\` raises it.
      refused: The plan of run r<n> was given up, and what is left has no newer one yet; ask again when it has.
      started: Run r<n> goes on with what is not finished.
      started: \`…\` is tried again."
    `);
  });

  it('to skip', () => {
    expect(listReplies('skip')).toMatchInlineSnapshot(`
      "done: \`…\` is left out.
      done: \`…\` is left out. \`…\` goes on with what is left.
      refused: **Waiting for an approval** of plan \`…\`: \`…\` carries out exactly this plan, \`…\` has another one made, \`…\` ends run r<n>.
      refused: A round of fixes of run r<n> is under way; ask again when that has ended.
      refused: No run was started here yet.
      refused: Run r<n> has no task \`…\`; its tasks are \`…\`.
      refused: Run r<n> has no task \`…\`; there is no plan yet.
      refused: Run r<n> is being finished; ask again when it rests.
      refused: Run r<n> is merging; ask again when that has ended.
      refused: Run r<n> is over for good.
      refused: Run r<n> is planning; ask again when that has ended.
      refused: Run r<n> is reviewing; ask again when that has ended.
      refused: Run r<n> is stopping; ask again when that has ended.
      refused: The plan of run r<n> was given up, and what is left has no newer one yet; ask again when it has.
      refused: \`…\` is merged already and cannot be left out any more.
      refused: \`…\` is under way; \`…\` ends the whole run."
    `);
  });

  it('to review', () => {
    expect(listReplies('review')).toMatchInlineSnapshot(`
      "done: What would be merged is reviewed once more.
      refused: **Waiting for an answer** to \`…\`: \`…\` gives one. Without any, what stands beside the question happens at <n>-<n>-<n> <n>:<n> UTC.
      refused: **Waiting for an approval** of plan \`…\`: \`…\` carries out exactly this plan, \`…\` has another one made, \`…\` ends run r<n>.
      refused: @​mona asked to leave this alone: nothing starts here until \`…\`.
      refused: Run r<n> is already working here and cannot take a new instruction; stop it first.
      refused: Run r<n> is being stopped; start again when it has ended.
      refused: Run r<n> is paused; \`…\` goes on with it, \`…\` ends it.
      refused: Run r<n> offers nothing at the moment: what it makes is reviewed without being asked for.
      refused: The label \`…\` is on: nothing starts here until somebody takes it off.
      refused: The label \`…\` is on: nothing starts or is merged here until somebody takes it off.
      refused: The settings want no review of what runs make; \`…\` elsewhere looks at anything."
    `);
  });

  it('to recheck', () => {
    expect(listReplies('recheck')).toMatchInlineSnapshot(`
      "done: No run made this pull request, so nothing is verified; what the settings say of it is looked at once more.
      refused: @​mona asked to leave this alone: nothing starts here until \`…\`.
      refused: No run made this pull request: there is nothing to verify.
      refused: Pull request #<n> is closed: there is nothing to verify.
      refused: Pull request #<n> is merged: there is nothing to verify.
      refused: Run r<n> has not come to its end; the newest head is verified without being asked.
      refused: Run r<n> is archived (merged): it can be read and not changed. A new run starts anew.
      refused: Run r<n> is over for good. Nothing of it is verified any more: whoever wants it opens a pull request from another branch, with a commit of its own, or starts a 
      refused: The label \`…\` is on: nothing starts here until somebody takes it off.
      refused: The label \`…\` is on: nothing starts or is merged here until somebody takes it off."
    `);
  });

  it('to fix', () => {
    expect(listReplies('fix')).toMatchInlineSnapshot(`
      "done: Round <n> of fixes is pushed as \`…\`: nothing of it stands against the pull request any more.
      refused: @​mona asked to leave this alone: nothing starts here until \`…\`.
      refused: No run was started here yet: there is nothing to mend.
      refused: Nothing was confirmed that an agent could mend.
      refused: Pull request #<n> is closed: nothing in it is mended any more.
      refused: Pull request #<n> is merged: nothing in it is mended any more.
      refused: Run r<n> has made no pull request: there is nothing to mend.
      refused: Run r<n> is archived (merged): it can be read and not changed. A new run starts anew.
      refused: Run r<n> offers nothing at the moment; ask again when it has come to its end.
      refused: The label \`…\` is on: nothing starts here until somebody takes it off.
      refused: The label \`…\` is on: nothing starts or is merged here until somebody takes it off.
      started: An agent works on \`…\`. What it makes is checked before it is pushed.
      started: An agent works on what is red. What it makes is checked before it is pushed."
    `);
  });

  it('to dismiss', () => {
    expect(listReplies('dismiss')).toMatchInlineSnapshot(`
      "done: \`…\` is dismissed for head \`…\`: a push that changes its lines voids that.
      refused: No run was started here yet.
      refused: Run r<n> is archived (merged): it can be read and not changed. A new run starts anew.
      refused: Run r<n> is over for good: there is nothing to dismiss.
      refused: Run r<n> offers nothing at the moment; ask again when it has come to its end.
      refused: There is no finding \`…\` of what would be merged now; there are none."
    `);
  });

  it('to rebase', () => {
    expect(listReplies('rebase')).toMatchInlineSnapshot(`
      "refused: @​mona asked to leave this alone: nothing starts here until \`…\`.
      refused: No run made a pull request here: there is no branch to bring anything into.
      refused: Pull request #<n> is closed: nothing is brought into it any more.
      refused: Pull request #<n> is merged: nothing is brought into it any more.
      refused: Run r<n> has not come to its end; ask again then. What it delivers is verified on the newest base anyway.
      refused: Run r<n> is archived (merged): it can be read and not changed. A new run starts anew.
      refused: Somebody pushed \`…\`, which is not verified yet: press "Recheck" on the check first.
      refused: The label \`…\` is on: nothing starts here until somebody takes it off.
      refused: The label \`…\` is on: nothing starts or is merged here until somebody takes it off."
    `);
  });

  it('to resolve', () => {
    expect(listReplies('resolve')).toMatchInlineSnapshot(`
      "refused: @​mona asked to leave this alone: nothing starts here until \`…\`.
      refused: No run made a pull request here: nothing conflicts in it.
      refused: Nothing conflicts in \`…\`, as far as it was looked at.
      refused: Pull request #<n> is closed: nothing is brought into it any more.
      refused: Pull request #<n> is merged: nothing is brought into it any more.
      refused: Run r<n> has not come to its end; ask again then. What it delivers is verified on the newest base anyway.
      refused: Run r<n> is archived (merged): it can be read and not changed. A new run starts anew.
      refused: Somebody pushed \`…\`, which is not verified yet: press "Recheck" on the check first.
      refused: The label \`…\` is on: nothing starts here until somebody takes it off.
      refused: The label \`…\` is on: nothing starts or is merged here until somebody takes it off."
    `);
  });

  it('to override', () => {
    expect(listReplies('override')).toMatchInlineSnapshot(`
      "done: \`…\` is overridden for head \`…\` on base \`…\`, and for nothing else: a push or a base that moves voids it.
      refused: No run was started here yet.
      refused: Run r<n> has no verdict at the moment that an override could be bound to; ask again when it has.
      refused: Run r<n> is archived (merged): it can be read and not changed. A new run starts anew.
      refused: Run r<n> is over for good: there is nothing to override.
      refused: \`…\` is open by itself: <n> verify command passed on the merged tree."
    `);
  });

  it('to vouch', () => {
    expect(listReplies('vouch')).toMatchInlineSnapshot(`
      "done: Agents may read this, for as long as it says exactly what it says now: the text at the top by @​mallory (<n> characters).
      done: \`…\` may be executed in sandboxes, until something else is pushed. GitHub did not say what was written here and when, so no text is vouched for. Please try again
      refused: @​mona asked to leave this alone: nothing starts here until \`…\`.
      refused: GitHub did not say what was written here and when, so no text is vouched for. Please try again.
      refused: No commit is vouched for; \`…\` lets exactly that head be executed. GitHub did not say what was written here and when, so no text is vouched for. Please try again
      refused: The label \`…\` is on: nothing starts here until somebody takes it off.
      refused: The label \`…\` is on: nothing starts or is merged here until somebody takes it off."
    `);
  });

  it('to merge', () => {
    expect(listReplies('merge')).toMatchInlineSnapshot(`
      "refused: @​mona asked to leave this alone: nothing starts here until \`…\`.
      refused: A merge is under way.
      refused: Not merged: <n> of <n> tasks are merged; \`…\` failed.
      refused: Not merged: A reviewer found what was confirmed: It divides by zero. (\`…\`)
      refused: Not merged: The run failed.
      refused: Not merged: \`…\` failed on the merged tree.
      refused: Not merged: an agent settled a conflict with \`…\`, which nobody had seen then
      refused: Not merged: it was asked for at head \`…\`, and the head is now \`…\`
      refused: Not merged: the verdict is for head \`…\`, and the head is now \`…\`. It is being verified; ask again when the gate is open.
      refused: Not merged: the verdict is for head \`…\`, and the head is now \`…\`. Press "Recheck" on the check to have it verified; ask again when the gate is open.
      refused: Pull request #<n> is closed.
      refused: Pull request #<n> is merged.
      refused: Run r<n> is archived (merged): it can be read and not changed. A new run starts anew.
      refused: The label \`…\` is on: nothing starts here until somebody takes it off.
      refused: The label \`…\` is on: nothing starts or is merged here until somebody takes it off.
      refused: There is no pull request of a run here to merge."
    `);
  });

  it('to unmerge', () => {
    expect(listReplies('unmerge')).toMatchInlineSnapshot(`
      "done: Pull request #<n> is not merged before somebody asks for that: \`…\`.
      refused: Nobody asked to merge #<n>.
      refused: Pull request #<n> is closed.
      refused: Pull request #<n> is merged.
      refused: Pull request #<n> may be merged at this very moment.
      refused: There is no pull request of a run here that could be merged."
    `);
  });

  it('to budget', () => {
    expect(listReplies('budget')).toMatchInlineSnapshot(`
      "done: \`…\` of run r<n> is now $<n>; $<n> of that is spent.
      done: \`…\` of run r<n> is now $<n>; $<n> of that is spent. \`…\` goes on where that had stopped it.
      refused: No run was started here yet.
      refused: Run r<n> has spent or reserved $<n> already.
      refused: Run r<n> is archived (merged): it can be read and not changed. A new run starts anew.
      refused: Run r<n> is over for good: it costs nothing any more."
    `);
  });

  it('to ignore', () => {
    expect(listReplies('ignore')).toMatchInlineSnapshot(`
      "done: Nothing starts here until \`…\`.
      done: What was at work is stopped, and nothing starts here until \`…\`."
    `);
  });

  it('to unignore', () => {
    expect(listReplies('unignore')).toMatchInlineSnapshot(`
      "done: Commands and labels start things here again.
      refused: Nobody asked to leave this alone.
      refused: The label \`…\` is on: nothing starts here until it is off."
    `);
  });

  it('to config', () => {
    expect(listReplies('config')).toMatchInlineSnapshot(`"done: this is in force on \`…\` at \`…\`."`);
  });

  it('to help', () => {
    expect(listReplies('help')).toMatchInlineSnapshot(`"done: here is what I can be asked, one command per comment:"`);
  });

  it('to hold', () => {
    expect(listReplies('hold')).toMatchInlineSnapshot(`""`);
  });

  it('to never', () => {
    expect(listReplies('never')).toMatchInlineSnapshot(`""`);
  });

  it('to deny', () => {
    expect(listReplies('deny')).toMatchInlineSnapshot(`
      "done: Denied, and never pushed. \`…\` is built anew, with that reason. The patch is kept as artifact \`…\`.
      done: Plan \`…\` is denied: run r<n> is planned once more when \`…\` goes on, and the planner is told why.
      done: Plan \`…\` is denied: run r<n> is planned once more, and the planner is told why.
      refused: @​mona asked to leave this alone: nothing starts here until \`…\`.
      refused: No run was started here yet.
      refused: Nothing of run r<n> waits for a person who could deny it.
      refused: Run r<n> is archived (merged): it can be read and not changed. A new run starts anew.
      refused: Run r<n> is being stopped: nothing of it waits any more.
      refused: Run r<n> is over for good: nothing of it waits any more.
      refused: The label \`…\` is on: nothing starts here until somebody takes it off.
      refused: The label \`…\` is on: nothing starts or is merged here until somebody takes it off."
    `);
  });

  it('to anything else that can be asked for is none of these', () => {
    expect([...new Set(asks.map(({ command }) => command))].filter((command) => !shown.has(command))).toEqual([]);
  });
});
