// After a merge: whether every line that a merged task added is still there. Nothing is undone; what is gone is named.
import type { Loss } from '../core/model/result.ts';
import type { Contribution, Run } from '../core/model/run.ts';
import { type Addition, findLoss, listAdditions } from '../core/run/find-lost-lines.ts';
import type { RepositoryRef } from './port/git.ts';
import type { WorkPorts } from './work-ports.ts';

interface Merged {
  readonly key: string;
  readonly base: string;
  readonly contribution: Contribution;
}

const lossesAtMost = 50;
const filesOfTaskAtMost = 200;
const textBytesAtMost = 4 * 1024 * 1024;

interface Scene {
  readonly repository: RepositoryRef;
  /** What all of them were merged into. */
  readonly commit: string;
}

export async function checkSurvival(
  ports: WorkPorts,
  scene: Scene,
  about: { readonly run: Run; readonly landed: readonly string[] },
): Promise<Loss[]> {
  const merged = listMerged(about.run, about.landed);
  const losses: Loss[] = [];
  for (const one of merged) {
    const others = merged.filter(({ key }) => key !== one.key);
    for (const { addition, text } of await readAdditions(ports, scene, one)) {
      const by = others.filter(({ contribution }) => contribution.paths.includes(addition.path)).map(({ key }) => key);
      const loss = findLoss({ key: one.key, addition, text, by });
      if (loss && losses.length < lossesAtMost) losses.push(loss);
    }
  }
  return losses;
}

/** Of a task that was repaired, the repair is what it contributed: it stands on what was there before. */
function listMerged(run: Run, landed: readonly string[]): Merged[] {
  return run.tasks.flatMap(({ key, state, attempts }) => {
    const base = attempts.at(-1)?.base;
    const isIn = state.kind === 'merged' || (state.kind === 'anchored' && landed.includes(key));
    return isIn && base !== undefined ? [{ key, base, contribution: state.contribution }] : [];
  });
}

async function readAdditions(
  ports: WorkPorts,
  { repository, commit }: Scene,
  { base, contribution }: Merged,
): Promise<{ addition: Addition; text: string | undefined }[]> {
  // People may have replaced what it was built on; then nobody here can say.
  for (const needed of [base, contribution.commit])
    if ((await ports.git.treeOf(repository, needed)) === undefined) return [];
  const { patch } = await ports.git.diff(repository, base, contribution.commit);
  const additions = listAdditions(patch).slice(0, filesOfTaskAtMost);
  const read = (path: string) => ports.git.readFile(repository, commit, path, textBytesAtMost).catch(() => undefined);
  const texts = await Promise.all(additions.map(({ path }) => read(path)));
  if (texts.every((text) => text !== undefined))
    return additions.map((addition, at) => ({ addition, text: texts[at] }));
  const { changed } = await ports.git.diff(repository, contribution.commit, commit);
  return await Promise.all(
    additions.map(async (addition, at) => {
      const moved = changed.find(({ from }) => from === addition.path)?.path;
      return { addition, text: texts[at] ?? (moved === undefined ? undefined : await read(moved)) };
    }),
  );
}
