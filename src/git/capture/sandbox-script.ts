// What runs inside the capturing sandbox: constant shell text, with values only as positional parameters and on
// standard input. Git works in a repository of its own in the sandbox's temporary folder, so the workspace's `.git`,
// whatever it has become, is not read at all. Only file contents and names of the agent take part.
import { closedGitEnvironment } from '../../subprocess/closed-git-environment.ts';
import { configurationVariables } from '../git-environment.ts';

/** Printed last by every script: proof that nothing of the output was dropped on the way. */
export const endMark = '\0complete';

export const captureEnvironment: Readonly<Record<string, string>> = {
  ...closedGitEnvironment,
  ...configurationVariables([
    ['core.hooksPath', '/dev/null'],
    ['core.fsmonitor', 'false'],
    ['core.untrackedCache', 'false'],
    ['core.attributesFile', '/dev/null'],
    ['core.excludesFile', '/dev/null'],
    ['core.autocrlf', 'false'],
    ['core.safecrlf', 'false'],
    ['core.fileMode', 'true'],
    ['core.symlinks', 'true'],
    ['core.ignoreCase', 'false'],
    ['core.protectHFS', 'true'],
    ['core.protectNTFS', 'true'],
    ['core.looseCompression', '1'],
  ]),
};

/** Input: base's tree as `ls-tree -r -z` prints it, in the first $1 bytes. */
const openRepository = `
set -eu
work=$(pwd)
scratch=$(mktemp -d)
git init --quiet --template= "$scratch"
export GIT_DIR="$scratch/.git" GIT_WORK_TREE="$work"
mkdir -p "$GIT_DIR/info"
head -c "$1" | git update-index -z --index-info
`;

const finish = String.raw`
printf '\0complete'
`;

/**
 * Arguments: the bytes of the input, and the most that the tracked files may have together to be read at all.
 * Output: a raw diff of the tracked files that differ, an empty record, and the untracked paths that the workspace's
 * own ignore files do not name. Or, in place of all that, the word `grown` and the bytes that the tracked files have.
 *
 * A file differs when neither its bytes nor what git would store for them are base's. The first pass compares bytes:
 * without it, a file whose line endings base never normalised would count as changed in every attempt.
 */
export const surveyScript = `${openRepository}${String.raw`
tracked=$(git ls-files -z | xargs -0 -r stat -c %s -- 2> /dev/null | awk '{ sum += $1 } END { printf "%.0f", sum }')
if [ "$tracked" -gt "$2" ]; then printf 'grown %s\0complete' "$tracked"; exit; fi
# Git looks again at files that are as young as its index, and would forget what the first pass found. An index from
# far ahead has none. Nothing can change meanwhile: no other process is left.
settle() { touch -t 203701010000 "$GIT_DIR/index"; }
printf '* -text -ident !working-tree-encoding\n' > "$GIT_DIR/info/attributes"
git update-index -q --refresh > /dev/null || true
settle
: > "$GIT_DIR/info/attributes"
git update-index -q --refresh > /dev/null || true
settle
git diff-files -z --raw --no-renames --no-ext-diff --ignore-submodules=dirty
printf '\0'
git ls-files -z --others --exclude-standard
`}${finish}`;

/**
 * The same list of untracked paths for folders that git does not enter by itself: repositories within the workspace,
 * and the folders of submodules. Arguments: the folders. Output: for each its paths, and an empty record.
 */
export const listNestedScript = String.raw`
set -eu
work=$(pwd)
scratch=$(mktemp -d)
git init --quiet --template= "$scratch"
export GIT_DIR="$scratch/.git"
for folder in "$@"; do
  if [ -d "$work/$folder" ] && [ ! -L "$work/$folder" ]; then
    cd "$work/$folder"
    GIT_WORK_TREE="$work/$folder" git ls-files -z --others --exclude-standard
  fi
  printf '\0'
done
${finish}`;

/** Input: paths, each ended by a NUL. Output: for each its size in bytes, on a line of its own. */
export const measureScript = `
set -eu
xargs -0 -r stat -c %s --
${finish}`;

/**
 * Arguments: the number of bytes of each part of the input. Input: base's tree, a pack of the former contents of the
 * changed files, the paths that are gone, the paths to store.
 * Output: a line with the tree and the number of bytes that follow, and a pack of everything that is new.
 *
 * Git looks at former contents to decide about line endings. They need not be complete.
 */
export const collectScript = `${openRepository}${String.raw`
if [ "$2" -gt 0 ]; then head -c "$2" | git index-pack --stdin > /dev/null; fi
head -c "$3" | git update-index -z --force-remove --stdin
head -c "$4" | git update-index -z --add --replace --stdin
tree=$(git write-tree --missing-ok)
cd "$GIT_DIR/objects"
find . -path './??/*' -type f | tr -d './' | git pack-objects -q --stdout > "$scratch/pack"
printf 'tree %s %s\n' "$tree" "$(($(wc -c < "$scratch/pack")))"
cat "$scratch/pack"
`}${finish}`;
