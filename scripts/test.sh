#!/usr/bin/env bash
# Every test there is: Go, web and browser. All run, also after one has failed; the summary comes last.
set -uo pipefail
cd "$(dirname "$0")/.." || exit

summary=()
failed=0

suite() { # name command...
  local name=$1 began=$SECONDS outcome
  shift
  printf '\n== %s\n' "$name"
  if "$@"; then outcome="ok    "; else outcome="FAILED"; failed=$((failed + 1)); fi
  summary+=("$(printf '%s  %-40s %4d s' "$outcome" "$name" $((SECONDS - began)))")
}

browser_journeys() {
  scripts/install-browser.sh || return
  HM_CHROMIUM=${HM_CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome)} \
    npm --prefix web run --silent e2e
}

suite "Go (with PostgreSQL)" go test -timeout 20m ./...
suite "web units" npm --prefix web test --silent
suite "browser journeys" browser_journeys

printf '\n== summary\n'
printf '%s\n' "${summary[@]}"
if ((failed)); then
  echo "$failed of ${#summary[@]} suites failed."
  exit 1
fi
echo "All ${#summary[@]} suites passed."
