// Deletes what is kept of one subject because an operator asks for it: after their hook had its say, never while anything
// works, and never without a row in the audit log. Its files follow when nobody can write any more, by the hand of a worker:
// a host of the web alone need not share them.
import type { SubjectRecord } from '../core/model/record.ts';
import { isLive } from '../core/model/run.ts';
import { listArchives, listOwnReferences } from './list-references.ts';
import type { AuditPort } from './port/audit.ts';
import type { ClockPort } from './port/clock.ts';
import type { DeletionLedger } from './port/deletion.ts';
import type { ForgetRequest, Forgotten } from './port/forgetting.ts';
import type { HookPort } from './port/hook.ts';
import type { LoadedSubject, StorePort } from './port/store.ts';

export interface ForgetPorts {
  readonly store: StorePort;
  readonly deletions: DeletionLedger;
  readonly audit: AuditPort;
  readonly clock: ClockPort;
  readonly hooks: HookPort;
}

/** Longer than any lease: whoever still worked on it writes no file after that. */
const lateWritersMs = 60_000;

export async function forgetSubject(ports: ForgetPorts, request: ForgetRequest): Promise<Forgotten> {
  const loaded = await ports.store.load(request.subject);
  if (!loaded.record && !loaded.isNewer) return { kind: 'unknown' };
  const { subject, actor, reason } = request;
  const row = { actor, deed: 'forget', subject } as const;
  await ports.audit.write({ ...row, outcome: 'asked', why: reason });
  const outcome = await forget(ports, loaded, request);
  await ports.audit.write({ ...row, outcome: outcome.kind, why: outcome.kind === 'forgotten' ? reason : outcome.why });
  return outcome;
}

async function forget(
  ports: ForgetPorts,
  loaded: LoadedSubject,
  { subject, actor, reason }: ForgetRequest,
): Promise<Exclude<Forgotten, { kind: 'unknown' }>> {
  const { record, version } = loaded;
  if (!record) return { kind: 'refused', why: 'A newer version of the product wrote it and has to be asked.' };
  const obstacle = findObstacle(loaded, record);
  if (obstacle !== undefined) return { kind: 'refused', why: obstacle };
  const { host, id: repositoryId, owner, name, installationId } = record.repository;
  const run = record.run?.id;
  const said = await ports.hooks.run('before-forget', { subject, repository: `${owner}/${name}`, run, actor, reason });
  if (said.kind === 'failed') return { kind: 'vetoed', why: said.why };
  const now = ports.clock.now();
  // Kept before anything is gone: should this process die now, what the record still speaks of is left where it is.
  await ports.deletions.keep({
    id: `forget/${subject}@${now}`,
    host,
    installationId,
    repositoryId,
    artifacts: [...listOwnReferences(loaded)],
    archives: listArchives(record),
    number: record.number,
    phase: 'files',
    attempts: 0,
    askedAt: now,
    dueAt: now + lateWritersMs,
  });
  if (await ports.store.remove(subject, version)) return { kind: 'forgotten' };
  return { kind: 'refused', why: 'Something happened to it at this moment; please look at it and ask again.' };
}

/** Why nothing of it may go as it is. */
function findObstacle({ inbox, outbox }: LoadedSubject, { run }: SubjectRecord): string | undefined {
  if (run && isLive(run)) return `Run ${run.id} is at work or held: stop it first.`;
  if (run?.pullRequest?.state === 'open')
    return `Pull request #${run.pullRequest.number} is open, and nothing would keep its check any more: close or merge it first.`;
  const isBusy = inbox.length > 0 || outbox.some(({ action }) => action.kind !== 'present');
  return isBusy ? 'Something of it is still being done; please ask again in a moment.' : undefined;
}
