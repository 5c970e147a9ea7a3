#!/usr/bin/env bash
# Writes a new module from scripts/module: whole, with its table, queries, routes, events and tests that pass.
# Usage: make module name=beds [noun=bed]
set -euo pipefail
cd "$(dirname "$0")/.."

module=${1:-}
if [[ ! $module =~ ^[a-z]{2,40}$ || $module =~ ^(break|case|chan|const|continue|default|defer|else|fallthrough|for|func|go|goto|if|import|interface|map|package|range|return|select|struct|switch|type|var)$ ]]; then
  echo "usage: make module name=beds [noun=bed] (small letters only, as in Go's package names; the noun is one of what the module holds)" >&2
  exit 2
fi
noun=${2:-$module}
if [[ -z ${2:-} ]]; then # one of what the name says many of
  noun=$(sed -E 's/ies$/y/; s/([^s])s$/\1/' <<<"$module")
fi
if [[ ! $noun =~ ^[a-z]{2,40}$ ]]; then
  echo "the noun \"$noun\" is not of small letters only" >&2
  exit 2
fi
if [[ -e modules/$module ]]; then
  echo "modules/$module is there already" >&2
  exit 1
fi

scripts/install-tools.sh

fill() { # template file
  mkdir -p "$(dirname "$2")"
  sed "s/__module__/$module/g; s/__Module__/${module^}/g; s/__noun__/$noun/g; s/__Noun__/${noun^}/g" "scripts/module/$1.txt" >"$2"
  echo "  $2"
}

home=modules/$module
echo "Writing the module $module:"
fill doc.go "$home/doc.go"
fill module.go "$home/module.go"
fill routes.go "$home/routes.go"
fill acts.go "$home/$module.go"
fill reader.go "$home/reader.go"
fill acts_test.go "$home/${module}_test.go"
fill queries.sql "$home/sql/$module.sql"
fill api.go "$home/${module}api/${module}api.go"
fill factory.go "$home/${module}test/${module}test.go"
fill migration.sql "$(scripts/new-migration.sh "$module")"

cat >>sqlc.yaml <<YAML
  - engine: postgresql
    schema: migrations/[0-9]*.sql
    queries: modules/$module/sql
    gen:
      go:
        package: ${module}db
        out: modules/$module/internal/${module}db
        <<: *go
YAML
echo "  sqlc.yaml: its block"
.cache/tools/sqlc generate
echo "  $home/internal/${module}db by sqlc"
gofmt -w "$home"

cat <<NEXT
Its tests pass as written: go test ./$home/...
To put it into the house, in app/app.go, each beside the other modules' lines:
  type App      $module *$module.Module
  Permissions   $module.Permissions
  New           a.$module = $module.New($module.Deps{Bus: a.Bus})
  its routes    a.$module
then make generate. What it holds is changed in the migration and in $home/sql, before anyone runs them.
NEXT
