#!/bin/sh
# Brings the package managers whose defaults test/endurance/toolchains.test.ts plays, as far as this machine can have them, to
# where only that test looks. Says loudly what could not be brought.
set -u
cd "$(dirname "$0")/../.."
place=$PWD/.cache/toolchains
mkdir -p "$place"

# Made beside its place, so that half of one is never found there.
bring_from_npm() {
  name=$1
  shift
  [ -d "$place/$name" ] && return
  draft=$(mktemp -d "$place/draft-XXXXXX")
  chmod 755 "$draft"
  npm install --prefix "$draft" --no-audit --no-fund --ignore-scripts --silent "$@" && mv "$draft" "$place/$name" ||
    echo "NOT BROUGHT: $name: it will not be tested"
  rm -rf "$draft"
}
bring_from_npm pnpm-9 pnpm@9.15.9
bring_from_npm pnpm-10 pnpm@10.34.8
bring_from_npm pnpm-12 pnpm@12.21.0
bring_from_npm yarn-1 yarn@1.22.22
bring_from_npm yarn-4 @yarnpkg/cli-dist@4.18.1
bring_from_npm corepack corepack@0.36.0

if ! [ -x "$place/go/bin/go" ] && ! [ -x /usr/bin/go ]; then
  draft=$(mktemp -d "$place/draft-XXXXXX")
  chmod 755 "$draft"
  apt-get update -q > /dev/null
  # The package that this one is another name of has the version in its own.
  version=$(apt-cache depends golang-go 2> /dev/null | sed -n 's/.*Depends: golang-\([0-9.]*\)-go$/\1/p')
  (cd "$draft" && apt-get -q download "golang-$version-go" "golang-$version-src" && for deb in *.deb; do dpkg -x "$deb" . || exit; done) &&
    ln -s "usr/lib/go-$version/bin" "$draft/bin" && mv "$draft" "$place/go" || echo "NOT BROUGHT: go: it will not be tested"
  rm -rf "$draft"
fi

# No sandbox sees the home folder in which rustup keeps it; its documentation is larger than all the rest.
if ! [ -x "$place/rust/bin/cargo" ] && ! [ -x /usr/bin/cargo ]; then
  draft=$(mktemp -d "$place/draft-XXXXXX")
  chmod 755 "$draft"
  { root=$(rustc --print sysroot) && for part in bin lib; do cp -al "$root/$part" "$draft" 2> /dev/null || cp -a "$root/$part" "$draft" || exit; done; } &&
    mv "$draft" "$place/rust" || echo "NOT BROUGHT: cargo: it will not be tested"
  rm -rf "$draft"
fi

command -v uv > /dev/null || echo "NOT BROUGHT: uv: no registry of this machine has it, so it will not be tested"
exit 0
