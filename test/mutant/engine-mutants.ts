// Bugs in the core and the engine that the simulation must find within the count of its search; where it takes a rare
// moment to see one, a suite that makes this moment is named.
import type { Mutant } from './store-mutants.ts';

/** Each of its histories broke something once. */
const regressions = 'test/simulation/regressions.test.ts';
const group = 'test/core/group/decide-group.test.ts';
const checks = 'test/engine/present-checks.test.ts';

const planted: readonly (Omit<Mutant, 'suite'> & Partial<Pick<Mutant, 'suite'>>)[] = [
  {
    name: 'people are answered before the decision is saved',
    file: 'src/engine/advance.ts',
    text: '    decide,\n',
    replacement: `    decide: (snapshot) => {
      for (const { event } of snapshot.inbox)
        if (event.kind === 'commented')
          void ports.github.addReaction(snapshot.record.repository, event.commentId, 'eyes').catch(() => undefined);
      return decide(snapshot);
    },
`,
  },
  {
    name: 'a run is told of before the decision is saved',
    file: 'src/engine/advance.ts',
    text: '    decide,\n',
    replacement: `    decide: (snapshot) => {
      const decision = decide(snapshot);
      const { run, number, repository } = decision.record;
      if (run && !snapshot.record.run)
        void ports.github.createComment(repository, number, \`<!-- gatepilot:sticky:\${run.id} -->\`).catch(() => undefined);
      return decision;
    },
`,
  },
  {
    name: 'a late result of a replaced holder counts',
    file: 'src/core/run/take-result.ts',
    text: ' || entry.state.token !== event.token || isGone',
    replacement: ' || isGone',
  },
  {
    name: 'an event is taken and stays in the inbox',
    file: 'src/core/run/draft.ts',
    text: 'handled: draft.snapshot.inbox.map(({ entryId, eventId }) => ({ entryId, eventId })),',
    replacement: 'handled: draft.snapshot.inbox.slice(1).map(({ entryId, eventId }) => ({ entryId, eventId })),',
  },
  {
    name: 'what is no result is marked as handled in a save of its own, before the one that holds what was decided',
    file: 'src/engine/advance-record.ts',
    text: 'const saved = await save(ports, id, loaded, decision);',
    replacement: `const isSaid = ({ eventId }: { eventId: string }) => !eventId.startsWith('result/');
  const isApart = loaded.record !== undefined && decision.handled.length > 0 && decision.handled.every(isSaid);
  const marked = isApart
    ? await save(ports, id, loaded, { ...decision, record: loaded.record as R, log: [], outbox: [], aliases: [] })
    : undefined;
  const saved =
    marked === undefined
      ? await save(ports, id, loaded, decision)
      : marked === 'refused' || marked.kind !== 'saved'
        ? marked
        : await save(ports, id, { ...loaded, version: marked.version }, { ...decision, handled: [] });`,
  },
  {
    name: 'a webhook is answered although it was not kept',
    file: 'src/app.ts',
    text: 'events, isOnlyForKnown });',
    replacement: "events, isOnlyForKnown }).catch(() => ({ kind: 'duplicate', subject }) as const);",
  },
  {
    name: 'a holder with a valid lease is replaced',
    file: 'src/core/run/reclaim-dead.ts',
    text: 'entry.state.leaseUntil > draft.now) continue;',
    replacement: 'entry.state.leaseUntil > draft.now + 9_000) continue;',
  },
  {
    name: 'a branch is published although its verification is red',
    file: 'src/core/run/take-verification.ts',
    text: '|| isGreen(report) || isRoundUnseen(run)) return goOnVerified(',
    replacement: '|| report || isRoundUnseen(run)) return goOnVerified(',
  },
  {
    name: 'a batch lands although it is red together',
    file: 'src/engine/run-integrate.ts',
    text: 'return isGreen(report) ? await land(',
    replacement: 'return report ? await land(',
    suite: 'test/engine/merge-retry.test.ts',
  },
  {
    name: 'the stop flag of a heartbeat is ignored',
    file: 'src/engine/keep-lease.ts',
    text: "if (answer === 'lost' || answer === 'cancelled') abort(answer);",
    replacement: "if (answer === 'lost') abort(answer);",
    suite: 'test/engine/carry-out.test.ts',
  },
  {
    name: 'an agent is spawned without a last look whether a stop came',
    file: 'src/engine/run-agent.ts',
    text: 'if (!(await options.isStillWanted())) return',
    replacement: 'if (options.signal.aborted) return',
    suite: 'test/engine/late-stop.test.ts',
  },
  {
    name: 'an agent is told something without a last look whether a stop came',
    file: 'src/engine/converse.ts',
    text: 'return news.length > 0 && (await isStillWanted()) ? news : [];',
    replacement: 'return news;',
    suite: 'test/engine/converse.test.ts',
  },
  {
    name: 'what people say while a run is being stopped is kept for later',
    file: 'src/core/run/request-tell.ts',
    text: "if (state.kind === 'stopping') return",
    replacement: "if (state.kind === 'stopped') return",
    suite: 'test/core/run/tell.test.ts',
  },
  {
    name: 'a holder that was replaced says what was heard',
    file: 'src/core/run/find-held-attempt.ts',
    text: ' && entry.state.token === token',
    replacement: '',
    suite: 'test/core/run/tell.test.ts',
  },
  {
    name: 'a stop cancels nothing',
    file: 'src/core/run/draft.ts',
    text: 'if (!isWork(entry.action) || entry.isSettling || isCancelled(entry)',
    replacement: 'if (isWork(entry.action) || entry.isSettling || isCancelled(entry)',
  },
  {
    name: 'a moved base does not stop a merge',
    file: 'src/engine/run-merge.ts',
    text: 'if (base !== action.base) return',
    replacement: 'if (base === undefined) return',
  },
  {
    name: 'an attempt starts from the newest base and not from the recorded one',
    file: 'src/engine/run-attempt.ts',
    text: 'await ports.git.checkout(repository, action.base, workspace);',
    replacement: 'await ports.git.checkout(repository, run.base.sha, workspace);',
  },
  {
    name: 'a part of the budget is given out that is not there',
    file: 'src/core/run/budget.ts',
    text: 'Math.floor(Math.min(cap / 5, rest / (starters + 1)))',
    replacement: 'Math.floor(cap / 5)',
  },
  {
    name: 'a dead holder is never replaced',
    file: 'src/core/run/reclaim-dead.ts',
    text: 'entry.state.leaseUntil > draft.now) continue;',
    replacement: 'entry.state.leaseUntil > 0) continue;',
  },
  {
    name: 'a command is never told how it ended',
    file: 'src/core/run/settle-receipts.ts',
    text: "return { state: run.state.kind === 'failed' ? 'failed' : 'done' };",
    replacement: 'return undefined;',
  },
  {
    name: 'a comment is written without a look at what is there',
    file: 'src/engine/present-comments.ts',
    text: 'if (!oldest) {',
    replacement: 'if (oldest?.body !== body) {',
  },
  {
    name: 'what was made is forgotten while no list shows it',
    file: 'src/core/run/keep-made.ts',
    text: 'if (all.length > 0) presentation.made = all;',
    replacement: 'if (all.length > 50) presentation.made = all;',
  },
  {
    name: 'what a dead publisher may have made is made again at once',
    file: 'src/core/run/reclaim-dead.ts',
    text: 'entry.state.leaseUntil + listsLagMs',
    replacement: '0',
  },
  {
    name: 'what may have been made is made again at once',
    file: 'src/engine/make-once.ts',
    text: 'if (error instanceof ExternalError && !isRefused) made.push({ key });',
    replacement: '',
  },
  {
    name: 'what was just made is never looked at again',
    file: 'src/core/run/take-presented.ts',
    text: 'if (outcome.hasMade || presentation',
    replacement: 'if (presentation',
  },
  {
    name: 'a second run starts while the first one works',
    file: 'src/core/run/request-run.ts',
    text: 'if (run && isLive(run)) return joinRun(',
    replacement: "if (run?.state.kind === 'planning') return joinRun(",
  },
  {
    name: 'what an agent says is shown as it is',
    file: 'src/engine/record-live.ts',
    text: 'const line = redact(raw).text;',
    replacement: 'const line = raw;',
  },
  {
    name: 'a grant that ran out is given on without a look at what became of its holder',
    file: 'src/core/lane/check-grant.ts',
    text: "record.state = { kind: 'revoking', holder, since: now, readAt: now + settleAfterMs };",
    replacement: "record.state = { kind: 'idle' };",
    suite: 'test/core/lane/decide-lane.test.ts',
  },
  {
    name: 'a holder whose call may still land is followed at once',
    file: 'src/core/lane/take-left.ts',
    text: 'if (!event.landed && event.mayLand) {',
    replacement: 'if (event.landed && event.mayLand) {',
    suite: 'test/core/lane/decide-lane.test.ts',
  },
  {
    name: 'whoever leaves the line frees the lane of its holder',
    file: 'src/core/lane/take-left.ts',
    text: 'if (!isHolder) return;',
    replacement: '',
    suite: 'test/core/lane/decide-lane.test.ts',
  },
  {
    name: 'the last in line is served first',
    file: 'src/core/lane/grant-next.ts',
    text: 'const [next, ...others] = record.waiting;',
    replacement: 'const [next, ...others] = record.waiting.toReversed();',
    suite: 'test/core/lane/decide-lane.test.ts',
  },
  {
    name: 'a wish to merge is never taken back',
    file: 'src/core/run/leave-lane.ts',
    text: 'delete draft.record.lane;',
    replacement: "if (run?.state.kind !== 'merged') return;",
  },
  {
    name: 'a delivery that never arrived is not asked for again',
    file: 'src/engine/sweep-deliveries.ts',
    text: 'await deliveries.redeliver(newest.id);',
    replacement: '',
  },
  {
    name: 'a time of a schedule is settled before it came',
    file: 'src/engine/sweep-schedules.ts',
    text: 'if (!(await store.claim(deliveryId, claimMs))) return;',
    replacement: `if (!(await store.claim(deliveryId, claimMs))) return;
  await ledger.settle(key, toScheduleKey(schedule), moment);`,
  },
  {
    name: 'a time of a schedule is another one to each who finds it due',
    file: 'src/engine/sweep-schedules.ts',
    text: 'const deliveryId = toScheduleDelivery(key, schedule.name, moment);',
    replacement: 'const deliveryId = toScheduleDelivery(key, schedule.name, await ledger.readTime());',
  },
  {
    name: 'an issue is opened for a schedule without a look at what is there',
    file: 'src/engine/sweep-schedules.ts',
    text: 'if (found) return found;',
    replacement: 'if (found && !found.isOpen) return found;',
  },
  {
    name: 'a run that an outage holds never looks again',
    file: 'src/core/run/hold.ts',
    text: 'if (state.lookAt === undefined || draft.now < state.lookAt) return;',
    replacement: 'if (draft.now > 0) return;',
  },
  {
    name: 'a dead holder is replaced without an end',
    suite: 'test/core/run/holder.test.ts',
    file: 'src/core/run/reclaim-dead.ts',
    text: "if (kind === 'tell' || entry.dispatch < dispatchesAtMost) {",
    replacement: "if (kind === 'tell' || entry.dispatch < 99) {",
  },
  {
    name: 'an agent starts although nothing is reserved for it',
    file: 'src/core/run/budget.ts',
    text: 'run.reserved = { ...run.reserved, [actionId]: payFromDay(draft, run, actionId, limits) };',
    replacement: 'run.reserved = { ...run.reserved };',
  },
  {
    name: 'a look that saw nothing new is the last one',
    file: 'src/core/run/take-presented.ts',
    text: 'presentation.confirm && lookedAt >= presentation.confirm.at',
    replacement: 'presentation.confirm',
    suite: 'test/core/run/presentation.test.ts',
  },
  {
    name: 'what was made twice is left there',
    file: 'src/core/run/take-presented.ts',
    text: 'if (outcome.hasMade || presentation.failures > 0 || isReplacement)',
    replacement: 'if (presentation.failures > 0 || isReplacement)',
    suite: regressions,
  },
  {
    name: 'nobody looks for the check of another subject after making one',
    file: 'src/engine/present-checks.ts',
    text: '    actual = await list();\n',
    replacement: '    return;\n',
    suite: 'test/engine/present-checks.test.ts',
  },
  {
    name: 'a pull request that no run made passes although a run has its head',
    file: 'src/engine/read-sharing.ts',
    text: 'if (owner !== undefined && one.number !== pull.number) headOwners.add(owner);',
    replacement: 'if (owner === undefined) headOwners.delete(pull.number);',
    suite: regressions,
  },
  {
    name: 'comments and reactions of before the newest look are not looked at again',
    file: 'src/core/run/take-presented.ts',
    text: 'const known = confirm?.after ?? presentation.done;',
    replacement: 'const known = presentation.done;',
    suite: regressions,
  },
  {
    name: 'whoever asked for a merge may have lost the right to it',
    file: 'src/engine/run-merge.ts',
    text: "return isAtLeast(await ports.github.readPermission(repository, login), 'write');",
    replacement: 'return (await ports.github.readPermission(repository, login)) !== undefined;',
    suite: 'test/engine/run-merge.test.ts',
  },
  {
    name: 'a base that moves closes no gate',
    file: 'src/core/gate/evaluate-verification.ts',
    text: "if (moved && run.state.kind !== 'merged')",
    replacement: "if (moved?.to === '' && run.state.kind !== 'merged')",
    suite: 'test/core/run/moved-base.test.ts',
  },
  {
    name: 'of two pushes the one that is told last is the newest',
    file: 'src/core/run/moved-base.ts',
    text: 'const isFound = moved.isRead && moved.to === base;',
    replacement: 'const isFound = moved.to === base;',
    suite: 'test/core/run/moved-base.test.ts',
  },
  {
    name: 'a merge is asked for before GitHub was shown the open gate',
    file: 'src/core/run/decide-merging.ts',
    text: 'if (momentOfShown(draft, by) !== undefined) return;',
    replacement: 'if (momentOfShown(draft, by) === 0) return;',
    suite: 'test/core/run/moved-base.test.ts',
  },
  {
    name: 'anybody may hold things by a label',
    file: 'src/core/run/take-label.ts',
    text: "if (isAtLeast(permission, 'write')) return true;",
    replacement: "if (permission !== 'unknown') return true;",
    suite: 'test/core/run/small-commands.test.ts',
  },
  {
    name: 'a new plan forgets the tasks of the one before',
    file: 'src/core/run/take-plan.ts',
    text: 'run.tasks = [...before, ...tasks];',
    replacement: 'run.tasks = before.length < 0 ? [...before, ...tasks] : tasks;',
  },
  {
    name: 'a lease that ran out is revived',
    file: 'test/support/simulated-store.ts',
    text: ' || entry.holder.leaseUntil <= shelves.now) return',
    replacement: ') return',
    suite: 'test/contract/once.test.ts',
  },
  {
    name: 'a thread that becomes the thread of a run is not looked at any more',
    file: 'test/support/simulated-store/save.ts',
    text: ' && from.version === 0) shelves',
    replacement: ') shelves',
    suite: regressions,
  },
  {
    name: 'a commit that is on another host is an outage',
    file: 'src/engine/run-verification.ts',
    text: '  if ((await ports.git.treeOf(ref, newest)) === undefined) return false;\n',
    replacement: '',
    suite: regressions,
  },
  {
    name: 'a ref that another holder moved is a bug',
    file: 'src/engine/staging.ts',
    text: 'if (await git.updateRef(repository, name, to, from)) return;',
    replacement:
      'if (!(await git.updateRef(repository, name, to, from))) throw new Error(name);\n    if (name) return;',
    suite: regressions,
  },
  {
    name: 'what was merged before its verdict goes on waiting for it',
    file: 'src/core/gate/evaluate-gate.ts',
    text: "return settle(run, all('gate', applyOverrides(run, judgeGate(run)), renderOpen(run)));",
    replacement: "return all('gate', applyOverrides(run, judgeGate(run)), renderOpen(run));",
    suite: regressions,
  },
  {
    name: 'a look in an outage counts as one',
    file: 'src/core/run/take-presented.ts',
    text: 'isWhole && lookedAt',
    replacement: 'lookedAt',
    suite: regressions,
  },
  {
    name: 'settings are proposed again where people closed them',
    file: 'src/engine/propose-settings.ts',
    text: '  if (known) return',
    replacement: '  if (known && !base) return',
    suite: 'test/engine/propose-settings.test.ts',
  },
  {
    name: 'notes are added to a pull request that ended meanwhile',
    file: 'src/engine/propose-notes.ts',
    text: "  if (now.state !== 'open') return undefined;\n",
    replacement: '',
    suite: 'test/engine/propose-notes.test.ts',
  },
  {
    name: 'what people took out of the notes is put there again',
    file: 'src/engine/propose-notes.ts',
    text: 'unknown.filter((learning) => !isTakenOut(learning))',
    replacement: '[...unknown]',
    suite: 'test/engine/propose-notes.test.ts',
  },
  {
    name: 'a branch is written over by what stands on an older commit',
    file: 'src/github/git-data-api.ts',
    text: 'force: false',
    replacement: 'force: true',
    suite: 'test/github/git-data-api.test.ts',
  },
  {
    name: 'notes are proposed beside somebody who proposes some',
    file: 'src/core/chores/ask-for-chores.ts',
    text: " || isAsked(draft, 'propose_notes')",
    replacement: '',
    suite: 'test/core/chores/decide-chores.test.ts',
  },
  {
    name: 'what another attempt left is gone on with',
    file: 'src/core/run/take-attempt.ts',
    text: '  const { checkpoint } = attempt;\n',
    replacement: '  const { checkpoint } = attempt;\n  handOn(draft, task.key, checkpoint);\n',
    suite: 'test/core/run/checkpoints.test.ts',
  },
  {
    name: 'the newest checkpoint of a task is restored, whose ever it is',
    file: 'src/engine/continue-attempt.ts',
    text: 'attempts.find((attempt) => attempt.action === action.id)?.checkpoint;',
    replacement: 'attempts.findLast((attempt) => attempt.checkpoint && action.id)?.checkpoint;',
    suite: 'test/engine/continue-attempt.test.ts',
  },
  {
    name: 'an attempt is gone on with after a stop',
    file: 'src/core/run/reclaim-dead.ts',
    text: 'if (wasCancelled && !outward.includes(kind)) {',
    replacement: "if (wasCancelled && kind !== 'attempt' && !outward.includes(kind)) {",
    suite: 'test/simulation/checkpoints.test.ts',
  },
  {
    name: 'a workspace is restored for work that nobody wants any more',
    file: 'src/engine/continue-attempt.ts',
    text: '  if (!(await held.isStillWanted())) return known;\n',
    replacement: '',
    suite: 'test/engine/continue-attempt.test.ts',
  },
  {
    name: 'what an agent changed while it was packed is kept',
    file: 'src/engine/keep-checkpoints.ts',
    text: 'signal.aborted || !isUndisturbed() || ',
    replacement: 'signal.aborted || ',
    suite: 'test/simulation/checkpoints.test.ts',
  },
  {
    name: 'a vouch for the head of a fork is for any commit',
    file: 'src/core/run/request-vouch.ts',
    text: '  if (head !== pull.head)\n',
    replacement: '  if (head.length !== pull.head.length)\n',
    suite: 'test/core/run/reading.test.ts',
  },
  {
    name: 'a push leaves the vouch for the commit before it',
    file: 'src/core/run/take-pull-request.ts',
    text: '  dropPushedOver(draft, draft.record.pull.head);\n',
    replacement: '',
    suite: 'test/core/run/reading.test.ts',
  },
  {
    name: 'what somebody vouched for is read whatever it says by now',
    file: 'src/core/model/vouch.ts',
    text: ' && text.hash === hash',
    replacement: '',
    suite: 'test/engine/read-input.test.ts',
  },
  {
    name: 'what was edited after the vouch is covered by it',
    file: 'src/core/run/request-vouch.ts',
    text: 'strangers.texts.filter(({ editedAt }) => editedAt < since)',
    replacement: 'strangers.texts.filter(({ editedAt }) => editedAt < since + 3_600_000)',
    suite: 'test/core/run/vouch.test.ts',
  },
  {
    name: 'a label vouches whoever put it on',
    file: 'src/core/run/take-label.ts',
    text: '  if (!isHeard(draft, event, id)) return;\n  const ignored',
    replacement: '  if (label !== vouchLabel && !isHeard(draft, event, id)) return;\n  const ignored',
    suite: 'test/core/run/vouch.test.ts',
  },
  {
    name: 'a fork that nobody vouched for is put where agents work',
    file: 'src/core/run/decide-baseline.ts',
    text: '  if (run.reads?.isTextOnly && run.reads.pull) return run.reads.pull.base;\n',
    replacement: '',
    suite: 'test/core/run/reading.test.ts',
  },
  {
    name: 'a commit of the queue may be merged without being verified',
    file: 'src/core/gate/evaluate-group.ts',
    text: 'return reading.needsVerification ? [evaluateCommit(record, reading)] : [];',
    replacement: 'return reading.settings.mistakes.length > 0 ? [evaluateCommit(record, reading)] : [];',
    suite: regressions,
  },
  {
    name: 'a commit of the queue is verified because its pull request is',
    file: 'src/engine/read-group.ts',
    text: 'verification?.key.tree !== tree',
    replacement: '!verification',
    suite: regressions,
  },
  {
    name: 'a verdict on a commit of the queue waits as long as what was said before it',
    file: 'src/core/group/show-verdict.ts',
    text: '    delete shown.postponedUntil;\n',
    replacement: '',
    suite: group,
  },
  {
    name: 'whoever may read has a commit of the queue that failed verified again',
    file: 'src/core/group/take-group-event.ts',
    text: '!snapshot.facts.writers.includes(actor.login)',
    replacement: "actor.login === '' && !snapshot.facts.writers.includes(actor.login)",
    suite: group,
  },
  {
    name: 'what a commit of the queue holds is not read again once it is verified',
    file: 'src/core/gate/evaluate-group.ts',
    text: 'verification.after >= reading.number',
    replacement: 'verification.after > reading.number',
    suite: group,
  },
  {
    name: 'of two runs of one name the queue tells one',
    file: 'src/core/group/show-verdict.ts',
    text: ' || told.includes(key)',
    replacement: ' || told.some((one) => one.endsWith(run.id))',
    suite: regressions,
  },
  {
    name: 'what the queue was told of a commit counts for whoever has it as a head',
    file: 'src/engine/present-checks.ts',
    text: '!isObserved(known) && !isOfGroup(known)',
    replacement: '!isObserved(known)',
  },
  {
    name: 'whoever opens a pull request from a commit of the queue makes the check that it waits for',
    file: 'src/engine/present-checks.ts',
    text: 'if (!(await isQueued(check.headSha))) return;',
    replacement: 'if (!theirs || !(await isQueued(check.headSha))) return;',
    suite: checks,
  },
  {
    name: 'a queue that is done says its own over what others with that head were told',
    file: 'src/engine/present-checks.ts',
    text: 'isOfGroup(known) === isOfGroup(check)',
    replacement: 'known.name === check.name',
    suite: checks,
  },
  {
    name: 'a commit of the queue lands whoever else has it as a head',
    file: 'src/core/gate/evaluate-group.ts',
    text: 'if (!first) return [];',
    replacement: "if (first?.base !== '') return [];",
    suite: group,
  },
  {
    name: 'a success by which the queue merged nothing stays on its commit',
    file: 'src/core/group/take-group-event.ts',
    text: "event.reason !== 'merged'",
    replacement: "event.reason === ''",
    suite: group,
  },
  {
    name: 'nobody says anything of a pull request whose run is over and gone',
    file: 'src/core/run/take-pull-request.ts',
    text: '  keepOutlived(draft, event);\n',
    replacement: '',
    suite: regressions,
  },
  {
    name: 'a label that holds lets what people made pass',
    file: 'src/core/gate/evaluate-observed.ts',
    text: 'if (observed.held) return',
    replacement: "if (observed.held?.by === '') return",
    suite: 'test/core/gate/evaluate-observed.test.ts',
  },
];

export const engineMutants: readonly Mutant[] = planted.map((mutant) => ({ suite: 'simulation', ...mutant }));
