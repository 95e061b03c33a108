// Starts one real sandbox with the namespaces that bubblewrap needs here. What a sandbox must withstand is not proved
// here: that is the provider's own probe.
import { readFile } from 'node:fs/promises';
import type { Problem } from './prerequisite.ts';
import { lastComplaint, runProgram } from './run-program.ts';

/** Sandboxes of a root process start as an unprivileged user; so does the probe, or it would prove too much. */
const unprivilegedId = 65534;
const timeoutMs = 20_000;

const namespaces = ['--unshare-user', '--unshare-pid', '--unshare-net', '--unshare-ipc', '--unshare-uts'];

/** Kernel settings that forbid user namespaces, the value that forbids, and the command that allows them. */
const switches = [
  { name: 'kernel.unprivileged_userns_clone', forbids: '0', allow: '1' },
  { name: 'kernel.apparmor_restrict_unprivileged_userns', forbids: '1', allow: '0' },
  { name: 'user.max_user_namespaces', forbids: '0', allow: '15000' },
];

/** Returns the problem that a sandbox meets on this machine, or nothing. */
export async function probeSandbox(
  bwrap: string,
  env: Readonly<Record<string, string>>,
  isRoot: boolean,
): Promise<Problem | undefined> {
  const system = ['--ro-bind', '/', '/', '--proc', '/proc', '--dev', '/dev'];
  // Named once more, for it may lie below /dev/shm, which the new /dev covers.
  const inside = [...system, '--ro-bind', bwrap, bwrap, '--', bwrap, '--version'];
  const run = await runProgram(bwrap, [...namespaces, ...inside], {
    env,
    timeoutMs,
    ...(isRoot ? { uid: unprivilegedId } : {}),
  });
  if (run.code === 0) return undefined;
  if (run.code === undefined && /EINVAL|EPERM/.test(run.stderr)) {
    return {
      what: `Sandboxes run as users of their own, and root cannot become another user here: ${run.stderr}.`,
      mend: 'Start this as an ordinary user, or map more than one user into this container.',
    };
  }
  return {
    what: `bubblewrap is here, but this machine does not let it start a sandbox: ${lastComplaint(run)}.`,
    mend: await readMend(isRoot),
  };
}

async function readMend(isRoot: boolean): Promise<string> {
  for (const { name, forbids, allow } of switches) {
    const value = await readFile(`/proc/sys/${name.replace('.', '/')}`, 'utf8').catch(() => '');
    if (value.trim() === forbids) return `Run "${isRoot ? '' : 'sudo '}sysctl -w ${name}=${allow}".`;
  }
  return 'Allow processes to create user namespaces; in a container its seccomp or AppArmor profile forbids them.';
}
