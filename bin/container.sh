#!/bin/sh
# What a container of the image runs: "web", "worker", or "all" in one process.
set -eu

# The Redis that a process starts for itself is in its own container: web would answer deliveries that no worker sees.
shares_redis() {
  [ -n "${REDIS_URL:-}" ] || grep -qs '^REDIS_URL=.' .env && return
  echo "REDIS_URL is missing: web and worker in containers of their own need a Redis that they share; or say all." >&2
  exit 78
}

case "${1:-web}" in
  web) shares_redis && exec node /app/src/main.ts web ;;
  worker) shares_redis && exec node /app/workers/main.ts ;;
  all) exec node /app/src/main.ts all ;;
  *)
    echo "say web, worker or all, not \"$1\"" >&2
    exit 64
    ;;
esac
