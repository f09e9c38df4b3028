#!/usr/bin/env bash
# Puts Backstage's own checks of entities into a folder, for `tests/validators.rs`:
#   tests/validators/install.sh FOLDER && UNDERSTUDY_VALIDATORS=FOLDER cargo test --test validators
# 14 packages from npm, as the lock file has them; no script of theirs is run.
set -euo pipefail
folder=${1:?usage: tests/validators/install.sh FOLDER}
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$folder"
cp "$here"/{package.json,package-lock.json,validate.mjs} "$folder"
cd "$folder"
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
echo "the validators are in $folder"
