#!/usr/bin/env bash
# The proofs in their long form, one after the other, so that none disturbs another's figures; then fuzzing, then the
# readers of code. All run, also after one has failed; the figures and a summary come last.
#   only="isolation races"   just these proofs (fuzz and lint are names too)
#   endurance=20m            another length than an hour
#   fuzz=60                  seconds for each fuzz target; 30 when not given
set -uo pipefail
cd "$(dirname "$0")/.." || exit

only=${only:-}
export HM_PROVE=long HM_PROVE_ENDURANCE=${endurance:-}
[ -n "$HM_PROVE_ENDURANCE" ] || unset HM_PROVE_ENDURANCE
export HM_BINARY=$PWD/bin/hm
mkdir -p .cache/prove
export HM_PROVE_FIGURES=$PWD/.cache/prove/$(date -u +%Y%m%dT%H%M%SZ).jsonl
log=${HM_PROVE_FIGURES%.jsonl}.log

wanted() { [ -z "$only" ] || [[ " $only " == *" $1 "* ]]; }

summary=()
failed=0
proof() { # name command...
  local name=$1 began=$SECONDS outcome
  shift
  wanted "$name" || return 0
  printf '\n== %s (%s)\n' "$name" "$(date -u +%H:%M)"
  if "$@" 2>&1 | tee -a "$log" | grep -E --line-buffered '^(--- |ok|FAIL|PASS|panic)|: (long|short)|_test\.go:|^fuzz|^lint'; [ "${PIPESTATUS[0]}" = 0 ]; then
    outcome="ok    "
  else
    outcome="FAILED"
    failed=$((failed + 1))
  fi
  summary+=("$(printf '%s  %-14s %5d s' "$outcome" "$name" $((SECONDS - began)))")
}

for folder in prove/*/; do
  name=$(basename "$folder")
  ls "$folder"*_test.go >/dev/null 2>&1 || continue
  [ "$name" = figures ] && continue
  proof "$name" go test -count=1 -timeout 4h -v "./prove/$name/..."
done
proof fuzz scripts/fuzz.sh "${fuzz:-30}"
proof lint scripts/lint.sh

if [ ${#summary[@]} = 0 ]; then
  echo "There is no proof named $only; there are: $(cd prove && echo */) fuzz lint" >&2
  exit 2
fi
printf '\n== figures (%s)\n' "${HM_PROVE_FIGURES#"$PWD"/}"
[ -f "$HM_PROVE_FIGURES" ] && cat "$HM_PROVE_FIGURES"
printf '\n== summary (all output: %s)\n' "${log#"$PWD"/}"
printf '%s\n' "${summary[@]}"
if ((failed)); then
  echo "$failed of ${#summary[@]} proofs failed."
  exit 1
fi
echo "All ${#summary[@]} proofs hold."
