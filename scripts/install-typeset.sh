#!/usr/bin/env bash
# Puts Typst and the fonts of HM's PDFs into .cache/typeset, from npm. kit/typeset looks there. Ends at once when they
# are there as the lock file names them. Without npm, or on a machine that they are not made for, HM runs without PDFs:
# that is said, and is no failure, unless --required.
set -euo pipefail
cd "$(dirname "$0")/.."

into=.cache/typeset

give_up() {
  echo "$1 HM runs, but makes no PDFs." >&2
  [[ ${required:-} ]] && exit 1
  exit 0
}

[[ ${1:-} == --required ]] && required=yes
[[ -n ${HM_TYPESET_DIR:-} ]] && exit 0
cmp -s scripts/typeset/package-lock.json "$into/.installed" && exit 0
command -v node >/dev/null && command -v npm >/dev/null || give_up "node and npm are not on the PATH."
[[ $(uname -s)-$(uname -m) == Linux-x86_64 ]] ||
  give_up "The typesetter is pinned for Linux on x86-64; docs/operators.md says how to install it elsewhere."

echo "Installing the typesetter and its fonts into $into ..."
mkdir -p "$into"
cp scripts/typeset/package.json scripts/typeset/package-lock.json "$into/"
npm ci --prefix "$into" --ignore-scripts --no-audit --no-fund --update-notifier=false --loglevel=error >/dev/null ||
  give_up "The typesetter could not be installed from npm."
cp scripts/typeset/package-lock.json "$into/.installed"
