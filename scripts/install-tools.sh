#!/usr/bin/env bash
# Builds sqlc, staticcheck and gosec, in the versions tools/go.mod pins, into .cache/tools: once per change of
# tools/go.sum. They have a module of their own so that their dependencies stay out of HM's.
set -euo pipefail
cd "$(dirname "$0")/../tools"

stamp=../.cache/tools/.built
wanted=$(sha256sum go.mod go.sum)
[[ -f $stamp && $(<"$stamp") == "$wanted" ]] && exit 0
echo "Building sqlc, staticcheck and gosec (some minutes, once) ..."
mkdir -p ../.cache/tools
# Without cgo sqlc parses SQL in WebAssembly: it builds in a third of the time and needs no C compiler.
CGO_ENABLED=0 go build -o ../.cache/tools/ \
  github.com/sqlc-dev/sqlc/cmd/sqlc honnef.co/go/tools/cmd/staticcheck github.com/securego/gosec/v2/cmd/gosec
echo "$wanted" >"$stamp"
