#!/usr/bin/env bash
# Fails when a committed generated file is not what its sources give, and says how to renew it. Leaves everything as it was.
set -euo pipefail
cd "$(dirname "$0")/.."
go=${GO:-go}
tmp=$(mktemp -d); trap 'rm -rf "$tmp"' EXIT
bad=0
sums() { git ls-files -co --exclude-standard '*_templ.go' | while read -r f; do [ ! -e "$f" ] || sha256sum "$f"; done | sort -k2; }

sums >"$tmp/before"
$go tool -modfile=tools/go.mod templ generate >/dev/null 2>"$tmp/log" || { cat "$tmp/log"; exit 1; }
sums >"$tmp/after"
if ! diff -u "$tmp/before" "$tmp/after"; then echo "templates: run 'make generate' and commit the *_templ.go files"; bad=1; fi

$go run -C tools ./notices .. >"$tmp/notices"
if ! diff -q "$tmp/notices" app/notices.txt; then echo "licences of modules: run 'make generate' and commit app/notices.txt"; bad=1; fi

$go build -C tools -o "$tmp/assets" ./assets
"$tmp/assets" -check || bad=1
exit $bad
