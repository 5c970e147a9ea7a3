#!/usr/bin/env bash
# Proves that what `make module` writes passes its tests, in a copy of the tree.
set -euo pipefail
cd "$(dirname "$0")/.."

trial=.cache/new-module # always the same place, so that Go's build cache knows it
rm -rf "$trial"
mkdir -p "$trial/.cache"
git ls-files -co --exclude-standard -z -- ':!web' ':!docs' | xargs -0 tar -c --ignore-failed-read 2>/dev/null | tar -x -C "$trial"
cp -r .cache/tools "$trial/.cache/"
[[ ! -d .cache/postgres ]] || ln -s "$PWD/.cache/postgres" "$trial/.cache/postgres"
cd "$trial"
make module name=trials noun=trial >/dev/null
unformatted=$(gofmt -l modules/trials)
[[ -z $unformatted ]] || { echo "make module writes unformatted code: $unformatted" >&2; exit 1; }
go vet ./modules/trials/...
go test ./modules/trials/...
cd - >/dev/null
rm -rf "$trial"
