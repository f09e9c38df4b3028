#!/usr/bin/env bash
# Builds, tests, packs and installs what goes to npm, with the command that BINARY is:
#   npm/test.sh BINARY [BACKSTAGE]
# BACKSTAGE is a folder made by tests/backstage/install.sh, for what is tested with a real Backstage and the portal's own
# plugin. The tarballs are left in target/npm.
set -euo pipefail
binary=$(realpath "${1:?usage: npm/test.sh BINARY [BACKSTAGE]}")
backstage=${2:+$(realpath "$2")}
cd "$(dirname "$0")"
root=$(cd .. && pwd)
packed=$root/target/npm
export UNDERSTUDY_BINARY=$binary

step() { printf -- '-- %s (%s s)\n' "$*" "$SECONDS"; }

step "install"
stamp=$(cat package-lock.json */package.json | cksum)
if [ "$(cat node_modules/.installed 2>/dev/null)" != "$stamp" ]; then
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
  echo "$stamp" >node_modules/.installed
fi

step "build"
npm run build --workspaces --silent

step "test"
npm test --workspaces --silent

step "pack"
rm -rf "$packed" && mkdir -p "$packed"
case $(uname -sm) in
  'Linux x86_64') target=x86_64-unknown-linux-musl ;;
  'Linux aarch64') target=aarch64-unknown-linux-musl ;;
  'Darwin arm64') target=aarch64-apple-darwin ;;
  'Darwin x86_64') target=x86_64-apple-darwin ;;
  *) echo "error: no package is made for this platform" >&2 && exit 1 ;;
esac
node pack.mjs "$packed"
platform=$(node pack.mjs "$packed" "$binary" "$target")
for package in "$packed"/*.tgz; do
  npm publish --dry-run --loglevel=error "$package"
done

step "install the packed command in an empty folder, and sync"
version=$(node -p 'require("./understudy/package.json").version')
empty=$(mktemp -d)
trap 'rm -rf "$empty"' EXIT
(
  cd "$empty"
  unset UNDERSTUDY_BINARY
  echo '{"private": true}' >package.json
  npm install --offline --no-audit --no-fund --loglevel=error "$packed/portal-understudy-$version.tgz" "$platform"
  npx --offline understudy sync --output table
  node --input-type=module -e "
    import { startStage } from 'portal-understudy';
    const stage = await startStage();
    console.log('a stage is at', stage.env.PORTAL_URL);
  "
)

step "play the example scenarios"
"$binary" run ../examples/scenarios

step "run the example of a workflow in the example of a provider"
node workflow.mjs ../examples/ci/hazards.yml ../examples/provider-test

if [ -n "$backstage" ]; then
  step "the packed module in a real Backstage"
  module=$backstage/node_modules/backstage-plugin-catalog-backend-module-gloo-portal
  rm -rf "$module" && mkdir "$module"
  tar -xzf "$packed/backstage-plugin-catalog-backend-module-gloo-portal-$version.tgz" -C "$module" --strip-components=1
  UNDERSTUDY_BACKSTAGE=$backstage node --test backstage-module/test/in-backstage.mjs

  step "the portal's own plugin with a transformation of a user's, judged"
  UNDERSTUDY_PLUGIN=$backstage/plugin node --test understudy/test/transformed-plugin.mjs
fi
step "done"
