#!/usr/bin/env bash
# Installs the web packages exactly as web/package-lock.json lists them, when that list has changed.
set -euo pipefail
cd "$(dirname "$0")/../web"

stamp=node_modules/.installed
wanted=$(sha256sum package-lock.json)
if [[ -f $stamp && $(<"$stamp") == "$wanted" ]]; then
  touch "$stamp"
  exit 0
fi
if ! command -v npm >/dev/null || (($(node -p 'process.versions.node.split(".")[0]') < 20)); then
  echo "Node 20 or newer with npm is needed to build the web apps." >&2
  exit 1
fi
echo "Installing the web packages ..."
npm ci --no-audit --no-fund --update-notifier=false --loglevel=error
echo "$wanted" >"$stamp"
