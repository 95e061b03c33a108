// The check on pull requests that change how the bot works here. What a head holds is only read: it has no effect before
// it is on the default branch.
import type { SubjectRecord } from '../core/model/record.ts';
import { parsePolicy } from '../core/policy/parse-policy.ts';
import { isConfigPath, policyPath, renderConfigCheck } from '../core/reply/render-config-check.ts';
import { type Offered, openCatalog } from '../core/resource/open-catalog.ts';
import type { ResourcePort } from './port/resource.ts';
import { presentChecks } from './present-checks.ts';
import { readRepositoryResources } from './read-repository-resources.ts';
import type { Showing } from './showing.ts';

interface Parts {
  readonly record: SubjectRecord;
  readonly resources: ResourcePort;
  readonly offered: Offered;
}

export async function presentConfigChecks(showing: Showing, { record, resources, offered }: Parts): Promise<void> {
  for (const pull of listOpenPulls(record)) {
    await showing.attempt(async () => {
      const { github, repository } = showing;
      const paths = (await github.listPullPaths(repository, pull.number)).filter(isConfigPath);
      if (paths.length === 0) return;
      const [everybodys, own, policyText] = await Promise.all([
        resources.read(),
        readRepositoryResources(github, repository, pull.head),
        github.readFile(repository, policyPath, pull.head),
      ]);
      const { entries } = openCatalog([...everybodys, ...own], offered);
      const { mistakes } = parsePolicy(policyText);
      await presentChecks(showing, [renderConfigCheck({ ...pull, paths, entries, policyMistakes: mistakes })]);
    });
  }
}

/** People's pull requests, and what people pushed over one of ours or an agent was allowed to change. */
function listOpenPulls({ pull, run }: SubjectRecord): { number: number; head: string }[] {
  const own = run?.pullRequest;
  const isTouched =
    own !== undefined &&
    (!run?.pushed.includes(own.head) ||
      run.tasks.some(({ state }) => 'contribution' in state && state.contribution.paths.some(isConfigPath)));
  return [pull, ...(isTouched ? [own] : [])].flatMap((one) =>
    one?.state === 'open' ? [{ number: one.number, head: one.head }] : [],
  );
}
