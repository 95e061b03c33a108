// Turns the complaint of a sandbox that would not start into one sentence: what is missing, and the mend.
import { readText } from './process-facts.ts';

interface Explanation {
  readonly complaint: RegExp;
  readonly explain: () => string;
}

const explanations: readonly Explanation[] = [
  {
    complaint: /unknown option|unrecognized option/i,
    explain: () => 'this bubblewrap is too old: version 0.8 or later is needed',
  },
  {
    complaint: /find source path/i,
    explain: () => 'a folder or file that is mounted into sandboxes is gone, or cannot be reached by their user',
  },
  {
    complaint: /ENOENT|No such file or directory.*(bwrap|prlimit|tini|setpriv)|execvp/,
    explain: () => 'a program that every sandbox needs is missing: install bubblewrap, tini and util-linux',
  },
  {
    complaint: /EPERM|(setpriv|chown): .*(failed|not permitted)/,
    explain: () =>
      'the worker is root without the right to become another user: give it CAP_SETUID, CAP_SETGID and CAP_CHOWN, or run it as an ordinary user',
  },
  {
    complaint: /EINVAL|chown: .*Invalid argument/,
    explain: () =>
      'the worker is root where the users that sandboxes run as do not exist: map more users into its container, or run it as an ordinary user',
  },
  {
    complaint: /mount proc|mounting proc/i,
    explain: () =>
      'the container that the worker runs in hides parts of /proc: start it with --security-opt systempaths=unconfined',
  },
  {
    complaint: /namespace|uid map|gid map|pivot_root|Operation not permitted|Permission denied/i,
    explain: explainNamespaces,
  },
];

export function explainFailure(complaint: string): string {
  const known = explanations.find((candidate) => candidate.complaint.test(complaint));
  const shown = complaint === '' ? 'it said nothing' : `it said: ${complaint.replace(/\s+/g, ' ').slice(0, 300)}`;
  return known ? `${known.explain()} (${shown})` : `bubblewrap could not set the sandbox up (${shown})`;
}

function explainNamespaces(): string {
  if (readSwitch('kernel/unprivileged_userns_clone') === '0') {
    return 'the kernel forbids user namespaces: run "sysctl -w kernel.unprivileged_userns_clone=1"';
  }
  if (readSwitch('user/max_user_namespaces') === '0') {
    return 'the kernel allows no user namespace: run "sysctl -w user.max_user_namespaces=15000"';
  }
  if (readSwitch('kernel/apparmor_restrict_unprivileged_userns') === '1') {
    return 'AppArmor forbids user namespaces to bubblewrap: load a profile for bwrap that allows "userns,", or run "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"';
  }
  return 'the system does not let the worker make namespaces or mounts: in a container, start it with --security-opt seccomp=unconfined or a profile that allows them';
}

function readSwitch(name: string): string | undefined {
  return readText(`/proc/sys/${name}`)?.trim();
}
