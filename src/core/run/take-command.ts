// What each command does, whoever asked for it and however: a comment, a button or a request of the API.
import type { Command } from '../command/command.ts';
import { commandManual } from '../command/command-manual.ts';
import { grammar } from '../command/grammar.ts';
import { type OtherPulls, readOtherPulls } from '../gate/evaluate-observed.ts';
import type { Actor } from '../model/actor.ts';
import { renderExplain } from '../reply/render-explain.ts';
import { renderHelp } from '../reply/render-help.ts';
import { renderStatus } from '../reply/render-status.ts';
import { renderStanding } from '../reply/render-strangers.ts';
import { isMoneyCounted, listDayAccounts } from './day-money.ts';
import { type Draft, settleReceipt } from './draft.ts';
import { requestAnswer } from './request-answer.ts';
import { requestApprove } from './request-approve.ts';
import { requestBudget } from './request-budget.ts';
import { requestContinue } from './request-continue.ts';
import { requestDeny } from './request-deny.ts';
import { requestDismiss } from './request-dismiss.ts';
import { requestFinish } from './request-finish.ts';
import { requestFix } from './request-fix.ts';
import { renderIgnored, requestIgnore, requestUnignore } from './request-ignore.ts';
import { requestMerge } from './request-merge.ts';
import { requestOverride } from './request-override.ts';
import { requestPause } from './request-pause.ts';
import { requestRebase } from './request-rebase.ts';
import { requestRecheck } from './request-recheck.ts';
import { requestResolve } from './request-resolve.ts';
import { requestResume } from './request-resume.ts';
import { requestRetry } from './request-retry.ts';
import { requestReview } from './request-review.ts';
import { requestRun } from './request-run.ts';
import { requestSkip } from './request-skip.ts';
import { requestStop } from './request-stop.ts';
import { requestTell } from './request-tell.ts';
import { requestUnmerge } from './request-unmerge.ts';
import { requestVouch } from './request-vouch.ts';
import { showConfig } from './show-config.ts';

interface Asked {
  readonly receiptId: string;
  readonly actor: Actor;
  readonly slash: string;
  /** Epoch ms; of a comment only. */
  readonly writtenAt?: number | undefined;
  /** Where it was said; of a comment only. */
  readonly thread?: number | undefined;
}

/** Carries out a command of somebody who may give it. */
export function takeCommand(
  draft: Draft,
  command: Command,
  { receiptId, actor, slash, writtenAt, thread }: Asked,
): void {
  const { login } = actor;
  const ignored =
    grammar[command.kind].effect === 'starts' || command.kind === 'finish' ? renderIgnored(draft, slash) : undefined;
  if (ignored !== undefined) return settleReceipt(draft, receiptId, 'refused', ignored);
  switch (command.kind) {
    case 'run':
      return requestRun(draft, { receiptId, actor, text: command.text, workflow: command.workflow });
    case 'plan':
      return requestRun(draft, { receiptId, actor, text: command.text, isPlanOnly: true });
    case 'approve':
      return requestApprove(draft, { receiptId, login, planId: command.planId, writtenAt });
    case 'deny':
      return requestDeny(draft, { receiptId, login, reason: command.reason, writtenAt });
    case 'tell':
      return requestTell(draft, { receiptId, login, text: command.text, task: command.task });
    case 'answer':
      return requestAnswer(draft, { receiptId, login, question: command.question, text: command.text });
    case 'stop':
      return requestStop(draft, receiptId, login);
    case 'finish':
      return requestFinish(draft, receiptId, login);
    case 'pause':
      return requestPause(draft, { receiptId, login, reason: command.reason });
    case 'resume':
      return requestResume(draft, receiptId, login);
    case 'continue':
      return requestContinue(draft, receiptId, login);
    case 'retry':
      return requestRetry(draft, { receiptId, login, task: command.task });
    case 'skip':
      return requestSkip(draft, { receiptId, login, task: command.task, reason: command.reason });
    case 'rebase':
      return requestRebase(draft, receiptId, login);
    case 'resolve':
      return requestResolve(draft, { receiptId, login, which: command.which, answer: command.answer });
    case 'override': {
      const { gate, head, reason } = command;
      return requestOverride(draft, { receiptId, actor, gate, head, reason });
    }
    case 'vouch':
      return requestVouch(draft, { receiptId, login, since: writtenAt, thread, head: command.head, slash });
    case 'merge':
      return requestMerge(draft, receiptId, actor);
    case 'unmerge':
      return requestUnmerge(draft, receiptId, login);
    case 'recheck':
      return requestRecheck(draft, receiptId, login);
    case 'review':
      return requestReview(draft, { receiptId, actor, isFull: command.isFull, focus: command.focus });
    case 'fix':
      return requestFix(draft, { receiptId, login, findings: command.findings, of: command.of });
    case 'dismiss':
      return requestDismiss(draft, { receiptId, actor, finding: command.finding, reason: command.reason });
    case 'budget':
      return requestBudget(draft, { receiptId, login, microUsd: command.microUsd });
    case 'ignore':
      return requestIgnore(draft, { receiptId, login, slash });
    case 'unignore':
      return requestUnignore(draft, { receiptId, login, slash });
    case 'status':
      return settleReceipt(draft, receiptId, 'done', renderStatus(draft.record, listDay(draft), findOtherPulls(draft)));
    case 'explain': {
      const { isKnown, text } = renderExplain(draft.record, command.about, findOtherPulls(draft));
      const { texts = [] } = draft.snapshot.facts.strangers ?? {};
      const standing = command.about === undefined ? renderStanding(texts, draft.record.vouch, slash) : '';
      const all = [text, standing].filter((part) => part !== '').join('\n\n');
      return settleReceipt(draft, receiptId, isKnown ? 'done' : 'refused', all);
    }
    case 'help':
      return settleReceipt(draft, receiptId, 'done', renderHelp(commandManual, slash));
    case 'config':
      return settleReceipt(draft, receiptId, 'done', showConfig(draft));
  }
}

/** What the settings say of pull requests that no run made, where they could be read. */
function findOtherPulls({ snapshot }: Draft): OtherPulls | undefined {
  const { repository } = snapshot.facts;
  return repository && readOtherPulls(repository);
}

/** What the day gave so far, of what the newest run is paid from. */
function listDay(draft: Draft): Parameters<typeof renderStatus>[1] {
  const { run } = draft.record;
  if (!isMoneyCounted(draft)) return 'not counted';
  return run ? listDayAccounts(draft, run) : [];
}
