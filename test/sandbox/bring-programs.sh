#!/bin/sh
# Brings what further sandboxes need, as far as Debian has it and it is not there: podman with runc, installed, and a gVisor
# that knows the programs of this system, unpacked where only tests look. Says loudly what could not be brought.
set -u
cd "$(dirname "$0")/../.."
# Not in .cache/tools, which is for its owner only: workers of an ordinary user are tried as well.
place=$PWD/.cache/sandboxes
# Where that is no Debian, apt-get is not there, or brings nothing.
[ ! -r /etc/os-release ] || . /etc/os-release

if ! command -v podman > /dev/null; then
  apt-get update -q && apt-get install -q -y --no-install-recommends podman runc ||
    echo "NOT BROUGHT: podman: containers will not be tested"
fi

knows_directfs() { "$1" flags 2>&1 | grep -q -- -directfs; }
if ! [ -x "$place/usr/bin/runsc" ] && ! { command -v runsc > /dev/null && knows_directfs runsc; }; then
  lists=$(mktemp -d)
  trap 'rm -rf "$lists"' EXIT
  mkdir -p "$lists/state/partial" "$lists/cache/archives/partial" "$place"
  keys=/usr/share/keyrings/debian-archive-keyring.gpg
  echo "deb [signed-by=$keys] http://deb.debian.org/debian ${VERSION_CODENAME:-none}-backports main" > "$lists/sources.list"
  apt="apt-get -q -o Dir::State::lists=$lists/state -o Dir::Cache=$lists/cache -o Dir::Etc::sourcelist=$lists/sources.list"
  apt="$apt -o Dir::Etc::sourceparts=/dev/null -o APT::Sandbox::User=root"
  { $apt update && (cd "$lists" && $apt -t "${VERSION_CODENAME:-none}-backports" download runsc) && dpkg -x "$lists"/runsc_*.deb "$place"; } ||
    echo "NOT BROUGHT: runsc: gVisor will not be tested"
fi
exit 0
