#!/usr/bin/env bash
# Puts what drives a browser into a folder, for `tests/page.rs`:
#   tests/page/install.sh FOLDER && UNDERSTUDY_PAGE=FOLDER cargo test --test page
# Packages from npm, as the lock file has them; no script of theirs is run, and no browser is fetched: Chromium or Chrome
# must be on the PATH, or named by UNDERSTUDY_CHROMIUM.
set -euo pipefail
folder=${1:?usage: tests/page/install.sh FOLDER}
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$folder"
cp "$here"/{package.json,package-lock.json,drive.mjs} "$folder"
cd "$folder"
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
echo "what drives a browser is in $folder"
