// Proposes a first file with settings, once. Whether it was proposed before GitHub knows: a pull request from our branch, in
// whatever state it is, is an answer or waits for one.
import { nameLabel } from '../core/command/own-label.ts';
import type { SettingsOutcome } from '../core/model/result.ts';
import type { Repository } from '../core/model/subject.ts';
import { parseSettings } from '../core/policy/parse-settings.ts';
import { renderFirstSettings } from '../core/policy/render-first-settings.ts';
import { policyPath } from '../core/reply/render-config-check.ts';
import { renderSettingsPull, settingsPullTitle } from '../core/reply/render-settings-pull.ts';
import { detectVerify } from '../core/run/detect-verify.ts';
import { suggestVerify } from '../core/run/suggest-verify.ts';
import type { Held } from './carry-out.ts';
import { commitText } from './commit-text.ts';
import { endChore } from './end-chore.ts';
import { readOrganisation } from './read-settings-texts.ts';
import { toOutward } from './to-outward.ts';
import type { WorkPorts } from './work-ports.ts';

const branch = 'gatepilot/settings';

export async function proposeSettings(ports: WorkPorts, held: Held<'propose_settings'>): Promise<SettingsOutcome> {
  return await endChore(ports, held, () => propose(ports, held));
}

async function propose(ports: WorkPorts, held: Held<'propose_settings'>): Promise<SettingsOutcome> {
  const { github } = ports;
  const { repository } = held.record;
  const { defaultBranch, isFork } = await github.readRepository(repository);
  // Whoever installs the App on everything has many forks, and works in few of them.
  if (isFork && held.action.reason === 'installed') return { kind: 'premature', why: 'it is a fork' };
  const base = await github.readBranch(repository, defaultBranch);
  if (base === undefined) return { kind: 'premature', why: 'it is empty' };
  const there = await github.readEntry(repository, policyPath, base);
  if (there.kind !== 'absent') return { kind: 'unneeded', why: `${policyPath} is there` };
  const known = await github.findPull(repository, branch);
  if (known?.state === 'open') return { kind: 'proposed', pull: known.number };
  if (known) return { kind: 'unneeded', why: `#${known.number} is ${known.state}`, pull: known.number };
  const { command, isDetected } = await findCommand(ports, repository, base);
  const head = await github.readBranch(repository, branch);
  if (head === undefined) await beginBranch(ports, held, { base, command });
  // Somebody died between the branch and its pull request, or the branch is none of ours.
  else if ((await github.readEntry(repository, policyPath, head)).kind !== 'file')
    return { kind: 'refused', why: `the branch ${branch} is there and holds no settings` };
  const { number } = await github.writeFor(held).createPull('progress', repository, {
    head: branch,
    base: defaultBranch,
    title: settingsPullTitle,
    body: toOutward(
      renderSettingsPull({ verifyCommand: command, isDetected, ...(await readWords(ports, repository)) }),
    ),
  });
  return { kind: 'proposed', pull: number };
}

/** A repository without settings has those of its organisation. */
async function readWords({ github }: Pick<WorkPorts, 'github'>, repository: Repository) {
  const organisation = await readOrganisation(github, repository);
  const { policy } = parseSettings(organisation ? { organisation } : {});
  return { label: nameLabel(policy.labels.prefix, 'run'), slash: policy.command.slash };
}

async function beginBranch(
  ports: WorkPorts,
  held: Held<'propose_settings'>,
  { base, command }: { readonly base: string; readonly command: string | undefined },
): Promise<void> {
  // Where somebody was faster, the branch is theirs, and holds the same.
  await commitText(ports, held, {
    branch,
    from: undefined,
    commit: {
      parent: base,
      message: 'Add settings for Gatepilot\n',
      path: policyPath,
      isExecutable: false,
      kept: '',
      added: renderFirstSettings(command),
    },
  });
}

interface FoundCommand {
  readonly command: string | undefined;
  /** A run finds it too: it is more than a guess. */
  readonly isDetected: boolean;
}

async function findCommand({ github }: WorkPorts, repository: Repository, base: string): Promise<FoundCommand> {
  const [packageText, root] = await Promise.all([
    github.readFile(repository, 'package.json', base),
    github.listFolder(repository, '', base),
  ]);
  const command = suggestVerify(
    packageText,
    (root ?? []).map(({ path }) => path),
  );
  return { command, isDetected: detectVerify(packageText) !== undefined };
}
