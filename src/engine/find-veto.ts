// Asks the operator's program for this moment, where there is one. It hears names and numbers only: what people and agents
// wrote stays where it is.
import type { Cause } from '../core/model/cause.ts';
import type { SubjectRecord } from '../core/model/record.ts';
import type { SubjectId } from '../core/model/subject.ts';
import type { HookName, HookPort } from './port/hook.ts';
import { toOutward } from './to-outward.ts';

interface Doing {
  readonly subject: SubjectId;
  readonly action: { readonly id: string };
  readonly record: SubjectRecord;
  readonly signal: AbortSignal;
}

const whyAtMost = 500;

/** May be asked twice about one action, when its worker died in between: `action` is the same then. */
export async function findVeto(
  { hooks }: { readonly hooks: HookPort },
  name: Exclude<HookName, 'before-forget' | 'after-archive'>,
  doing: Doing,
  facts: Readonly<Record<string, unknown>> = {},
): Promise<Extract<Cause, { kind: 'hook_refused' }> | undefined> {
  const said = await hooks.run(name, { ...toFacts(doing), ...facts }, doing.signal);
  return said.kind === 'passed' ? undefined : { kind: 'hook_refused', hook: name, why: toOutward(said.why, whyAtMost) };
}

export function toFacts({ subject, action, record }: Doing): Readonly<Record<string, unknown>> {
  const { repository, run } = record;
  return {
    action: action.id,
    subject,
    repository: `${repository.owner}/${repository.name}`,
    run: run?.id,
    startedBy: run?.startedBy.login,
  };
}
