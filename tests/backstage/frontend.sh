#!/usr/bin/env bash
# Puts the app of examples/backstage/app into a folder and builds it there, for a Backstage that is looked at in a browser:
#   tests/backstage/frontend.sh FOLDER
# 550 packages from npm, as the lock file has them, and 530 MB; FOLDER/dist, which is served, has 8 MB. No script of a package
# is run. A backend serves it where FOLDER's package.json and dist are its node_modules/app.
set -euo pipefail
folder=${1:?usage: tests/backstage/frontend.sh FOLDER}
app=$(cd "$(dirname "$0")/../../examples/backstage/app" && pwd)
mkdir -p "$folder"
cp "$app"/{package.json,package-lock.json,.npmrc,build.mjs,index.js,index.html.tmpl,config-schema.json} "$folder"
cd "$folder"
stamp=$(cat package-lock.json | cksum)
if [ "$(cat .installed 2>/dev/null)" != "$stamp" ]; then
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
  echo "$stamp" >.installed
fi
npm run build --silent
echo "the app is in $folder"
