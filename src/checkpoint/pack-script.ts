// What runs inside: constant shell text over a hostile workspace. Git works in a repository of its own in the sandbox's
// temporary folder; of the workspace's `.git` only objects are read, to find what the base does not have. Whatever they
// have become, the answer is about this workspace alone, and what is built from it is judged as ever.

/** Home of an agent whose session is kept, inside: in the git folder, so that it is no part of any result. */
const home = '.git/agent-home';

/** Printed last: proof that nothing of the output was dropped on the way. */
export const endMark = '\0complete';

/**
 * Arguments: the base. Output: a line with the number of bytes that follow, the tracked paths that are gone, and an archive of
 * everything else that the base does not have. A file that changes while it is read would be kept torn, so that all of it fails,
 * and says of which; one that changes before or after it is the caller's affair. What no checkpoint can hold, such as a socket, is
 * left out in silence.
 */
export const packScript = String.raw`
set -eu
scratch=$(mktemp -d)
git init --quiet --template= "$scratch"
export GIT_DIR="$scratch/.git" GIT_WORK_TREE="$PWD"
printf '%s\n' "$PWD/.git/objects" > "$GIT_DIR/objects/info/alternates"
git config core.hooksPath /dev/null
git config core.fsmonitor false
git read-tree "$1"
git update-index -q --refresh > /dev/null || true
git diff-files -z --name-only --no-ext-diff --ignore-submodules=all --diff-filter=D > "$scratch/gone"
git diff-files -z --name-only --no-ext-diff --ignore-submodules=all --diff-filter=d > "$scratch/kept"
git ls-files -z --others >> "$scratch/kept"
if [ -d ${home} ] && [ ! -L .git ] && [ ! -L ${home} ]; then printf '%s\0' ${home} >> "$scratch/kept"; fi
printf 'gone %s\n' "$(wc -c < "$scratch/gone")"
cat "$scratch/gone"
tar --create --use-compress-program 'gzip -1' --sparse \
  --warning=none --warning=file-changed --warning=file-shrank --warning=file-removed \
  --anchored --no-wildcards --exclude ${home}/.npm --exclude ${home}/.cache \
  --null --verbatim-files-from --files-from "$scratch/kept"
printf '\0complete'
`;

/** Input: what was packed. Everything lies in the workspace, and whatever a link leads to, the sandbox is the end of it. */
export const unpackScript = String.raw`
set -eu
read -r mark bytes
[ "$mark" = gone ]
head -c "$bytes" | xargs -0 -r rm -rf --
tar --extract --gunzip --no-same-owner --preserve-permissions --unlink-first --recursive-unlink --file -
printf '\0complete'
`;
