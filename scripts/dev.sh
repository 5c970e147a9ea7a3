#!/usr/bin/env bash
# For work on the code: the web apps by Vite with live changes on port 5173, and the server, built and started
# again whenever a Go or SQL file changes. Ctrl-C ends both.
set -euo pipefail
cd "$(dirname "$0")/.."

binary=.cache/hm-dev
server=
trap 'kill $(jobs -p) 2>/dev/null; wait' EXIT
trap 'exit 0' INT TERM

sources() { find go.mod cmd app kit modules packs migrations -not -name '*_test.go' "$@" 2>/dev/null; }

restart() {
  touch "$binary.tried"
  if ! go build -buildvcs=false -o "$binary.next" ./cmd/hm; then
    echo "dev: it does not build; the last server goes on." >&2
    return 0
  fi
  if [[ -n $server ]]; then
    kill "$server" 2>/dev/null || true
    wait "$server" || true
  fi
  mv "$binary.next" "$binary"
  "$binary" serve --seed-demo &
  server=$!
}

mkdir -p .cache
npm --prefix web run --silent dev &
restart
while sleep 1; do
  [[ -z $(sources -newer "$binary.tried" -print -quit) ]] || restart
done
