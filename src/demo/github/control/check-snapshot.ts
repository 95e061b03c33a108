import type { CheckRun } from '../state/check.ts';
import { appOf } from '../state/find.ts';
import type { CheckSnapshot } from '../state/snapshot.ts';
import type { World } from '../state/world.ts';
import { iso, isoOrNull } from '../view/format.ts';

export function checkSnapshot(world: World, run: CheckRun): CheckSnapshot {
  return {
    id: run.id,
    name: run.name,
    app: appOf(world, run.appId).slug,
    headSha: run.headSha,
    externalId: run.externalId,
    detailsUrl: run.detailsUrl,
    status: run.status,
    conclusion: run.conclusion,
    title: run.output.title ?? '',
    summary: run.output.summary ?? '',
    text: run.output.text ?? '',
    annotations: run.annotations,
    actions: run.actions,
    startedAt: iso(run.startedAt),
    completedAt: isoOrNull(run.completedAt),
  };
}
