import type { GroupSettings } from '../model/group.ts';
import type { RepositoryFacts } from '../model/snapshot.ts';
import { isMistakeOf } from '../policy/is-mistake-of.ts';
import { parseSettings, type SettingsTexts } from '../policy/parse-settings.ts';
import { renderPolicyMistake } from '../reply/render-policy-mistake.ts';
import { detectVerify } from '../run/detect-verify.ts';

type Texts = SettingsTexts & Pick<RepositoryFacts, 'packageText'> & { readonly base: string };

/** How the base branch, as it is now, has a commit verified: what is in the queue changes nothing of that. */
export function readGroupSettings({ packageText, base, ...texts }: Texts): GroupSettings & {
  readonly protectedPaths: readonly string[];
} {
  const { policy, mistakes } = parseSettings(texts);
  const { verify, setup, sandbox, gate } = policy;
  const detected = verify.commands.length === 0 ? detectVerify(packageText) : undefined;
  return {
    verify: detected === undefined ? verify.commands : [detected],
    verifyTimeoutMs: verify.timeout_minutes * 60_000,
    sandbox: {
      ...(sandbox.provider === 'auto' ? {} : { provider: sandbox.provider }),
      memoryMb: sandbox.memory_mb,
      diskMb: sandbox.disk_mb,
      processes: sandbox.processes,
      cpuMinutes: sandbox.cpu_minutes,
    },
    setup: {
      commands: setup.commands,
      timeoutMs: setup.timeout_minutes * 60_000,
      network: setup.network,
      base,
    },
    baseTests: gate.base_tests,
    slash: policy.command.slash,
    mistakes: mistakes
      .filter((mistake) => isMistakeOf(mistake, ['verify', 'gate', 'sandbox', 'setup']))
      .map(renderPolicyMistake),
    protectedPaths: gate.protected_paths,
  };
}
