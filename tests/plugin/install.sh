#!/usr/bin/env bash
# Puts the published plugin and the one package that it needs at run time into a folder, for `tests/plugin.rs`:
#   tests/plugin/install.sh FOLDER && UNDERSTUDY_PLUGIN=FOLDER cargo test --test plugin
# Its other dependencies, a thousand packages of Backstage, are types and servers that a sync never loads.
set -euo pipefail
folder=${1:?usage: tests/plugin/install.sh FOLDER}
package=@solo.io/platform-portal-backstage-plugin-backend
mkdir -p "$folder/node_modules/$package"
cd "$folder"
npm pack --silent "$package@0.0.74" >/dev/null
tar -xzf solo.io-platform-portal-backstage-plugin-backend-0.0.74.tgz -C "node_modules/$package" --strip-components=1
rm solo.io-platform-portal-backstage-plugin-backend-0.0.74.tgz
mkdir -p fetch && npm install --silent --no-audit --no-fund --prefix fetch node-fetch@2.7.0
cp -r fetch/node_modules/. node_modules/ && rm -r fetch
echo "plugin 0.0.74 is in $folder"
