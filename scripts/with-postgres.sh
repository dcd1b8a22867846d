#!/usr/bin/env bash
# Runs a command with a PostgreSQL of its own: a fresh cluster in a temporary folder, reachable through CHUNGTAY_TEST_PG, gone afterwards.
# Usage: scripts/with-postgres.sh COMMAND ARG…
set -euo pipefail
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1 || true)
[ -n "$bin" ] || bin=$(dirname "$(command -v initdb || true)")
[ -x "$bin/initdb" ] || { echo "with-postgres: no PostgreSQL server found; 'make deps' installs it" >&2; exit 1; }
dir=$(mktemp -d); chmod 755 "$dir"
as() { if [ "$(id -u)" = 0 ]; then chown -R postgres "$dir"; runuser -u postgres -- "$@"; else "$@"; fi; }
port=$(( 20000 + RANDOM % 20000 ))
stop() { as "$bin/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null 2>&1 || true; rm -rf "$dir"; }
trap stop EXIT
as "$bin/initdb" -D "$dir/data" -U chungtay -A trust -E UTF8 --locale=C.UTF-8 >/dev/null
durability="-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
[ "${CHUNGTAY_PG_DURABLE:-}" = 1 ] && durability=""
as "$bin/pg_ctl" -D "$dir/data" -w -l "$dir/log" -o "-c listen_addresses=127.0.0.1 -p $port -k $dir -c max_connections=400 $durability" start >/dev/null
export CHUNGTAY_TEST_PG="postgres://chungtay@127.0.0.1:$port/postgres?sslmode=disable"
set +e
"$@"
code=$?
exit $code
