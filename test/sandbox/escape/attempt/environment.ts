import { type Attempt, done, sh } from '../attempt.ts';

export const environment: readonly Attempt[] = [
  { name: 'prints its own variables', program: () => sh('env') },
  { name: 'reads the variables of the worker', program: ({ worker }) => sh(`cat /proc/${worker}/environ`) },
  {
    name: 'reads the variables of its parents',
    program: () =>
      sh('p=$$; while [ "$p" -gt 0 ]; do cat "/proc/$p/environ"; p=$(cut -d" " -f4 "/proc/$p/stat"); done'),
  },
  { name: 'reads the variables of every process', program: () => sh('cat /proc/[0-9]*/environ') },
  { name: 'reads the files of the home folder', program: () => sh('cat "$HOME/.npmrc" "$HOME/.netrc"') },
  {
    name: 'reads the settings of git',
    program: () => sh('cat ~/.gitconfig; GIT_CONFIG_NOSYSTEM=1 git config --global --list'),
  },
  { name: 'reads a file that the worker was started with', program: () => sh('cat /proc/self/fd/40') },
  {
    name: 'reads such a file of its parents',
    program: () => sh('p=$$; while [ "$p" -gt 0 ]; do cat "/proc/$p/fd/40"; p=$(cut -d" " -f4 "/proc/$p/stat"); done'),
  },
  {
    name: 'learns from the command lines where the worker keeps things',
    program: ({ stateFolder }) =>
      sh(
        `for p in /proc/[0-9]*; do tr "\\0" " " < "$p/cmdline" | grep -v grep; done | grep -c "starter-process.*[${stateFolder[0]}]${stateFolder.slice(1)}" > /dev/null && echo "${done}"`,
      ),
  },
  { name: 'learns the names of users', program: () => sh('getent passwd worker > /dev/null && echo "it is done"') },
];
