#!/usr/bin/env bash
# The checks that read the code without running it. Every one runs, also after another has failed.
set -uo pipefail
cd "$(dirname "$0")/.." || exit

scripts/install-tools.sh || exit 1
scripts/install-web.sh || exit 1
failed=()

check() { # name command...
  local name=$1
  shift
  "$@" || failed+=("$name")
}

formatted() {
  local unformatted
  unformatted=$(find . \( -name node_modules -o -name .cache -o -name .git \) -prune -o -name '*.go' -exec gofmt -l {} +)
  [[ -z $unformatted ]] || { printf 'not formatted by gofmt:\n%s\n' "$unformatted"; return 1; }
}

# gosec's rules that mean nothing here: closing what was only read (104), lengths and page sizes as numbers of
# another width (109, 115), folders that other users must pass (301, 302), and paths and programs that the operator
# names, which is what they are for (204, 304, 702, 703).
not_here=G104,G109,G115,G204,G301,G302,G304,G702,G703
# What makes load and obstacles draws no secrets: there any source of chance will do (404).
not_in_tools='bench/.*:G404;prove/.*:G404;app/plant/.*:G404'

check gofmt formatted
check "go vet" go vet ./...
check staticcheck .cache/tools/staticcheck ./...
check gosec .cache/tools/gosec -quiet -exclude="$not_here" -exclude-rules="$not_in_tools" -exclude-generated -exclude-dir=tools -exclude-dir=web/node_modules ./...
check tsc npm --prefix web run --silent typecheck
check openapi npm --prefix web run --silent lint:api

if ((${#failed[@]})); then
  printf 'lint: failed: %s\n' "$(IFS=,; echo "${failed[*]}")" >&2
  exit 1
fi
echo "lint: gofmt, go vet, staticcheck, gosec, tsc and the OpenAPI linter find nothing."
