#!/usr/bin/env bash
# Feeds every fuzz target of the source with made-up input, one after the other, each for so many seconds. Goes on
# after a failure; what failed stays as a file under the package's testdata/fuzz, where go test runs it from then on.
# Usage: scripts/fuzz.sh SECONDS [NAME]      NAME: only targets whose name contains it
set -uo pipefail
cd "$(dirname "$0")/.." || exit

seconds=${1:-}
only=${2:-}
if [[ ! $seconds =~ ^[1-9][0-9]*$ ]]; then
  echo "usage: scripts/fuzz.sh SECONDS [NAME]" >&2
  exit 2
fi
export CGO_ENABLED=0
# What was found to lead to new code is kept between runs.
cache=$PWD/.cache/fuzz
output=$(mktemp)
trap 'rm -f "$output"' EXIT

targets() { # package folder and name of every target, from the source
  find . \( -name node_modules -o -name .cache -o -name .git -o -name testdata \) -prune -o -name '*_test.go' -print0 |
    xargs -0 grep -HoE '^func Fuzz[A-Za-z0-9_]+\(' |
    sed -E 's|^(.*)/[^/]+:func (Fuzz[A-Za-z0-9_]+)\($|\1 \2|' | sort
}

total=0
failed=()
printf '%-52s %12s %8s  %s\n' target executions new outcome
while read -r package name; do
  [[ $name == *"$only"* ]] || continue
  total=$((total + 1))
  # The target's own folder of the cache, as the go command lays it out.
  if go test -run='^$' -fuzz="^$name\$" -fuzztime="${seconds}s" "$package" -args -test.fuzzcachedir="$cache/${package#./}" >"$output" 2>&1; then
    outcome=ok
    # With much to set up the time can pass before the first input: that proves nothing.
    if ! grep -qE 'execs: [1-9]' "$output"; then
      failed+=("$package $name")
      outcome="FAILED nothing was executed: give it more seconds"
    fi
  else
    failed+=("$package $name")
    outcome=$(sed -nE 's|^ *Failing input written to (.*)$|FAILED '"${package#./}"'/\1|p' "$output" | head -1)
    # A seed or a kept input that fails is named as a subtest.
    [[ -n $outcome ]] || outcome="FAILED $(grep -m1 -oE "$name/[^ ]+" "$output" || echo "without an input")"
  fi
  executions=$(grep -oE 'execs: [0-9]+' "$output" | tail -1 | cut -d' ' -f2)
  new=$(grep -oE 'new interesting: [0-9]+' "$output" | tail -1 | cut -d' ' -f3)
  printf '%-52s %12s %8s  %s\n' "${package#./} $name" "${executions:-0}" "${new:-0}" "$outcome"
  [[ $outcome == ok ]] || grep -vE '^fuzz: elapsed' "$output" | head -25 | sed 's/^/    /'
done < <(targets)

if ((total == 0)); then
  echo "fuzz: no target${only:+ whose name contains $only}." >&2
  exit 1
fi
if ((${#failed[@]})); then
  printf 'fuzz: %d of %d targets failed:\n' "${#failed[@]}" "$total" >&2
  printf '  %s\n' "${failed[@]}" >&2
  exit 1
fi
echo "fuzz: $total targets, ${seconds} s each: nothing found."
