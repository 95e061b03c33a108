// What GitHub and the settings of one repository make of what was promised for it.
import type { BranchRules } from '../../core/model/branch-rules.ts';
import { parseSettings } from '../../core/policy/parse-settings.ts';
import { gateName } from '../../core/reply/render-check.ts';
import { renderGuarantees } from '../../core/reply/render-guarantees.ts';
import { findUnfit } from '../../core/run/find-unfit.ts';
import { readRunPolicy, type SettingsPicture } from '../../core/run/read-run-policy.ts';
import type { GitHubReader } from '../../engine/port/github.ts';
import type { InspectedRepository, InspectionPort, RequiredCheck } from '../../engine/port/inspection.ts';
import { readBaseSettings } from '../../engine/read-base-settings.ts';
import { type Finding, fail, ok, warn } from './finding.ts';
import { within } from './within.ts';

export interface RepositoryGround {
  readonly inspection: Pick<InspectionPort, 'listRequiredChecks'>;
  readonly github: Pick<
    GitHubReader,
    'readBranch' | 'readBranchRules' | 'readRepository' | 'readFile' | 'listFolder' | 'listChanges' | 'findSibling'
  >;
  readonly appId: number;
  /** What this installation offers to every repository. */
  readonly offered: Omit<SettingsPicture['snapshot']['facts'], 'repository' | 'slug'>;
}

const limitMs = 30_000;
const mend = 'Look at what the installation may see of the repository, and try again.';

export async function checkRepository(
  ground: RepositoryGround,
  { repository, defaultBranch }: InspectedRepository,
): Promise<readonly Finding[]> {
  const look = (check: string, of: () => Promise<readonly Finding[]>) => within({ check, limitMs, mend }, of);
  const place = { repository, defaultBranch };
  const findings = await Promise.all([
    look('repository.gate', () => checkGate(ground, place)),
    look('repository.settings', () => checkSettings(ground, place)),
  ]);
  const name = `${repository.owner}/${repository.name}`;
  return findings.flat().map((finding) => ({ ...finding, repository: name }));
}

async function checkGate(
  { inspection, appId }: RepositoryGround,
  { repository, defaultBranch }: InspectedRepository,
): Promise<readonly Finding[]> {
  return [judgeRequired(await inspection.listRequiredChecks(repository, defaultBranch), { appId, defaultBranch })];
}

function judgeRequired(
  required: readonly RequiredCheck[],
  { appId, defaultBranch }: { readonly appId: number; readonly defaultBranch: string },
): Finding {
  const check = 'repository.gate';
  const where = `In a ruleset of ${defaultBranch}, require the check ${gateName} with this App as its source`;
  const gates = required.filter(({ name }) => name === gateName);
  if (gates.length === 0)
    return fail(
      check,
      `${gateName} is not required on ${defaultBranch}: nothing keeps people from merging`,
      `${where}.`,
    );
  if (gates.some((gate) => gate.appId !== undefined && gate.appId !== appId))
    return fail(check, `${gateName} is required of another App, so that it never opens`, `${where}.`);
  if (gates.every((gate) => gate.appId === undefined))
    return warn(check, `${gateName} is required of any source: whoever may write checks can open it`, `${where}.`);
  return ok(check, `${gateName} is required on ${defaultBranch}, of this App`);
}

async function checkSettings(
  ground: RepositoryGround,
  { repository, defaultBranch }: InspectedRepository,
): Promise<readonly Finding[]> {
  const { github, offered } = ground;
  const head = await github.readBranch(repository, defaultBranch);
  if (head === undefined)
    return [warn('repository.settings', 'the repository is empty', 'Push a first commit, with settings in it.')];
  const [texts, workflows, rules] = await Promise.all([
    readBaseSettings(github, repository, head),
    github.listFolder(repository, '.github/workflows', head),
    github.readBranchRules(repository, defaultBranch),
  ]);
  const picture = { snapshot: { facts: { ...offered, repository: { defaultBranch, baseSha: head, ...texts } } } };
  const read = readRunPolicy(picture);
  const unfit = findUnfit(read, offered, { isReading: false, given: read.policy });
  const count = parseSettings(texts).given.length;
  return [
    judgeGuarantee({ branch: defaultBranch, isStrict: read.policy.isStrict }, rules),
    renderReach(
      (workflows ?? []).filter(({ path }) => /\.ya?ml$/.test(path)).length,
      read.policy.review?.push === 'after_review',
    ),
    judgeSettings({ unfit, mistakes: read.mistakes, count, hasFile: texts.policyText !== undefined }),
  ];
}

/** In the words of the gate's own summary. */
function judgeGuarantee(
  { branch, isStrict }: { readonly branch: string; readonly isStrict: boolean },
  rules: BranchRules | undefined,
): Finding {
  const check = 'repository.guarantee';
  const what = renderGuarantees({ base: { branch }, policy: { isStrict } }, rules).replace(/\.$/, '');
  const ask = `In that ruleset of ${branch}, set "Require branches to be up to date before merging" or "Require merge queue"`;
  if (rules?.hasMergeQueue || rules?.wantsUpToDate) return ok(check, what);
  if (isStrict) return fail(check, what, `${ask}: until then no merge of ours is made.`);
  return warn(check, what, `${ask}, where a base that moves must never matter.`);
}

/** The sandbox ends at the push. */
function renderReach(workflows: number, isReviewed: boolean): Finding {
  const after = isReviewed ? 'verified and reviewed' : 'verified';
  const reached =
    workflows === 0
      ? 'there are no workflows now that a branch of a run would start'
      : `a branch of a run, once it is ${after}, starts up to ${workflows} workflows of the repository with its secrets, as every branch in it does`;
  return ok('repository.reach', reached);
}

interface SettingsView {
  readonly unfit: string | undefined;
  readonly mistakes: readonly string[];
  readonly count: number;
  readonly hasFile: boolean;
}

function judgeSettings({ unfit, mistakes, count, hasFile }: SettingsView): Finding {
  const check = 'repository.settings';
  const file = '.github/gatepilot.yml';
  if (unfit !== undefined)
    return fail(check, `no run starts: ${unfit.replace(/\.$/, '')}`, `Mend ${file} on the default branch.`);
  if (mistakes.length > 0)
    return warn(check, `${file} has mistakes: ${mistakes.join('; ')}`, `Mend ${file} on the default branch.`);
  return ok(
    check,
    hasFile ? `${file} is right, with ${count} settings` : `there is no ${file}; what it needs is found`,
  );
}
