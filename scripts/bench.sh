#!/usr/bin/env bash
# Measures bin/hm against what PostgreSQL alone can do. Arguments go to the bench; --help lists them.
set -euo pipefail
cd "$(dirname "$0")/.."

export HM_BINARY=$PWD/bin/hm
mkdir -p .cache/bench
go build -buildvcs=false -o .cache/bench/bench ./bench
exec .cache/bench/bench "$@" # not `go run`, which would take Ctrl-C for itself
