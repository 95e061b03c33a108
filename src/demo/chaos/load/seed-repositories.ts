import type { ControlClient } from '../../github/control-client.ts';
import { repositoryFiles } from './item-scenario.ts';
import { people } from './load-stage.ts';

const owner = 'acme';

/** Small repositories whose default branch asks for our gate; gives their full names. */
export async function seedRepositories(
  control: ControlClient,
  { appId, count }: { appId: number; count: number },
): Promise<string[]> {
  await control.createOrganization({ login: owner });
  await control.installApp({ appId, repositories: { allOf: owner } });
  for (const login of Object.values(people)) await control.createPerson({ login });
  const names = Array.from({ length: count }, (_, index) => `${owner}/chaos-${index + 1}`);
  for (const repository of names) {
    await control.createRepository({ repository, source: { commits: [{ message: 'Start', files: repositoryFiles }] } });
    await control.setPermission({ repository, login: people.writer, role: 'write' });
    await control.protectBranch({ repository, branch: 'main', checks: [{ context: 'gatepilot/gate', appId }] });
  }
  return names;
}
