// Bugs in the core and the engine that the simulation must find within the count of its test.
import type { Mutant } from './store-mutants.ts';

const planted: readonly Omit<Mutant, 'suite'>[] = [
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
    text: 'if (isGreen(report)) return enter(',
    replacement: 'if (report) return enter(',
  },
  {
    name: 'a batch lands although it is red together',
    file: 'src/engine/run-integrate.ts',
    text: 'return isGreen(report) ? await land(',
    replacement: 'return report ? await land(',
  },
  {
    name: 'the stop flag of a heartbeat is ignored',
    file: 'src/engine/keep-lease.ts',
    text: "if (answer === 'lost' || answer === 'cancelled') abort(answer);",
    replacement: "if (answer === 'lost') abort(answer);",
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
    text: 'const end = findEnd(run, receipt.command);',
    replacement: "const end = receipt.command === 'run' ? undefined : findEnd(run, receipt.command);",
  },
  {
    name: 'a comment is written without a look at what is there',
    file: 'src/engine/present-comments.ts',
    text: 'if (!oldest) {',
    replacement: 'if (oldest?.body !== body) {',
  },
  {
    name: 'what was just made is never looked at again',
    file: 'src/core/run/take-presented.ts',
    text: 'if (outcome.hasMade || presentation.failures > 0 || isReplacement)',
    replacement: 'if (presentation.failures > 99)',
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
];

export const engineMutants: readonly Mutant[] = planted.map((mutant) => ({ ...mutant, suite: 'simulation' }));
