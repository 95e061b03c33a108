import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parsePolicy } from '../core/policy/parse-policy.ts';
import { listConfigMistakes, policyPath } from '../core/reply/render-config-check.ts';
import { type ResourceList, renderResourceList } from '../core/reply/render-resource-list.ts';
import { type Offered, openCatalog } from '../core/resource/open-catalog.ts';
import { createResources, readRepositoryFolder } from '../resource/create-resources.ts';

/** Of a working copy, as everything would be with its files on the default branch. Undefined where there is no such folder. */
export async function listResources(
  folder: string,
  { operatorFolder, offered }: { readonly operatorFolder: string | undefined; readonly offered: Offered },
): Promise<ResourceList | undefined> {
  if (!(await stat(folder).catch(() => undefined))?.isDirectory()) return undefined;
  const files = [...(await createResources(operatorFolder).read()), ...(await readRepositoryFolder(folder))];
  const policy = await readFile(join(folder, policyPath), 'utf8').catch(() => undefined);
  const { entries } = openCatalog(files, offered);
  const policyMistakes = policy === undefined ? [] : parsePolicy(policy).mistakes;
  return renderResourceList(entries, listConfigMistakes({ entries, policyMistakes }));
}
