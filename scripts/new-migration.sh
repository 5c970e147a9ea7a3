#!/usr/bin/env bash
# Begins a migration. Usage: make migration name=lab_sample_rejection
set -euo pipefail
cd "$(dirname "$0")/.."

name=${1:-}
if [[ ! $name =~ ^[a-z][a-z0-9_]*$ ]]; then
  echo "usage: make migration name=what_it_does (small letters, digits and underscores)" >&2
  exit 2
fi
version=$(date -u +%Y%m%d%H%M)
last=$(find migrations -name '[0-9]*.sql' -printf '%f\n' | sort | tail -1 | cut -d_ -f1)
# Migrations run in the order of their names, so a new one comes last whatever the clock says.
[[ $version > ${last:-0} ]] || version=$((last + 1))
file=migrations/${version}_$name.sql
cat >"$file" <<'SQL'
-- +goose Up

SQL
echo "$file"
