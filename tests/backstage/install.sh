#!/usr/bin/env bash
# Puts the minimal Backstage backend of examples/backstage with the published plugin into a folder, for `tests/backstage.rs`:
#   tests/backstage/install.sh FOLDER && UNDERSTUDY_BACKSTAGE=FOLDER cargo test --test backstage
# 850 packages from npm, as the lock file has them, and 400 MB. The database's binary is fetched, or built with Python,
# make and a C++ compiler.
set -euo pipefail
folder=${1:?usage: tests/backstage/install.sh FOLDER}
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$folder"
cp "$here"/../../examples/backstage/{package.json,package-lock.json,index.mjs,module.mjs,plain.mjs,frontend.mjs,app-config.yaml} "$folder"
"$here/../plugin/install.sh" "$folder/plugin"
cd "$folder"
# No script of a package is run but the one that gets or builds the database's binary.
stamp=$(cat package-lock.json | cksum)
if [ "$(cat .installed 2>/dev/null)" != "$stamp" ]; then
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
  npm rebuild better-sqlite3 --loglevel=error
  echo "$stamp" >.installed
fi
node -e "new (require('better-sqlite3'))(':memory:')"
echo "Backstage is in $folder"
