#!/bin/sh
# Builds the machine on which the escapes are played, and starts a command there as its root: processes, network, mounts,
# name and users of its own, so that an attempt without a sandbox reaches nothing of the machine that this really is.
# Called where mounts are private already: build-machine.sh <checkout> <folder of Node> <first user outside> <users> <tools> -- <command…>
set -e
checkout=$1 node=$2 first=$3 users=$4 tools=$5
shift 6

mount -t tmpfs -o mode=0755,size=1g machine /mnt
mkdir /mnt/checkout /mnt/node /mnt/tool /mnt/disk
mount --rbind "$checkout" /mnt/checkout
mount --rbind "$node" /mnt/node
# Where only their owner may pass to them, its users could not.
for tool in $tools; do cp "$tool" /mnt/tool/; done
chown "$first:$first" /mnt/disk

# Users: 0 there is nobody here, also where the real root plays.
unshare --user -- sleep 600 &
holder=$!
own=$(readlink /proc/self/ns/user)
while [ "$(readlink /proc/$holder/ns/user)" = "$own" ]; do sleep 0.01; done
if [ "$first" = 0 ]; then
  enter=--preserve-credentials
  echo deny > /proc/$holder/setgroups
else
  enter='--setuid 0 --setgid 0'
fi
echo "0 $first $users" > /proc/$holder/uid_map
echo "0 $first $users" > /proc/$holder/gid_map

cd /mnt/checkout
status=0
# shellcheck disable=SC2086
nsenter --user --target $holder $enter -- \
  unshare --mount --pid --net --ipc --uts --fork --kill-child --mount-proc -- "$@" || status=$?
# The namespaces live on by who is in them.
kill $holder 2> /dev/null || true
exit $status
