#!/usr/bin/env bash
# Holds the committed state of what is generated against its sources, then lints and tests the walls.
set -uo pipefail
cd "$(dirname "$0")/.." || exit

generated() { # the generated files and their contents' sums
  { find modules kit -path '*/internal/*db/*.go'
    ls app/testdata/*.golden migrations/schema.sql web/packages/client/openapi.json web/packages/client/src/schema.d.ts
  } 2>/dev/null | sort | xargs -r sha256sum
}

failed=()
before=$(generated)
if scripts/generate.sh; then
  stale=$(diff <(echo "$before") <(generated) | awk '/^[<>]/ {print "  " $3}' | sort -u)
  if [[ -n $stale ]]; then
    printf 'verify: these files were stale and are written anew, commit them:\n%s\n' "$stale" >&2
    failed+=("generated files")
  fi
else
  failed+=("generate")
fi
if [[ -n ${CI:-} && -n $(git status --porcelain) ]]; then
  printf 'verify: not as committed:\n%s\n' "$(git status --porcelain)" >&2
  failed+=("uncommitted files")
fi
scripts/lint.sh || failed+=("lint")
go test ./archtest/... || failed+=("archtest")
scripts/try-new-module.sh || failed+=("make module")

if ((${#failed[@]})); then
  printf 'verify: failed: %s\n' "$(IFS=,; echo "${failed[*]}")" >&2
  exit 1
fi
echo "verify: generated files are fresh, lint finds nothing, the walls stand."
