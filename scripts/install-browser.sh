#!/usr/bin/env bash
# Makes sure that a Chromium for the browser journeys is there: Debian's when root. Others get one clear line.
set -euo pipefail

[[ -n ${HM_CHROMIUM:-} ]] && exit 0
for name in chromium chromium-browser google-chrome; do
  command -v "$name" >/dev/null && exit 0
done
if ((EUID != 0)) || ! command -v apt-get >/dev/null; then
  echo "The browser journeys need Chromium: have it installed (Debian: apt-get install chromium) or name one with HM_CHROMIUM." >&2
  exit 1
fi
echo "Installing Debian's chromium ..."
export DEBIAN_FRONTEND=noninteractive
apt-get -qq -o DPkg::Lock::Timeout=300 update
apt-get -qq -o DPkg::Lock::Timeout=300 install -y --no-install-recommends chromium >/dev/null
