#!/bin/sh
# What a container of the image runs: "web", "worker", or "all" in one process.
set -eu
case "${1:-web}" in
  web) exec node /app/src/main.ts web ;;
  worker) exec node /app/workers/main.ts ;;
  all) exec node /app/src/main.ts all ;;
  *)
    echo "say web, worker or all, not \"$1\"" >&2
    exit 64
    ;;
esac
