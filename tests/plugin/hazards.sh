#!/usr/bin/env bash
# Plays the hazard suite against the published plugin, and fails unless it fails exactly what it is known to fail:
#   tests/plugin/install.sh FOLDER && tests/plugin/hazards.sh FOLDER [ARGUMENT..]
# The arguments go to `understudy run`, such as --report junit=FILE. UNDERSTUDY names the command to use.
set -euo pipefail
folder=${1:?usage: tests/plugin/hazards.sh FOLDER [ARGUMENT..]}
shift
here=$(cd "$(dirname "$0")" && pwd)
understudy=${UNDERSTUDY:-target/release/understudy}
plugin=$folder/node_modules/@solo.io/platform-portal-backstage-plugin-backend
[[ $plugin == /* ]] || plugin=./$plugin
driver="exec:node examples/drive-provider.mjs $plugin"
common=(--keep --timeout 10s)

"$understudy" run --suite hazards "${common[@]}" --subject "$driver" \
  --expect-failures "$here/expected-failures.yaml" "$@"

# With `debugLogging`, the bearer token is in the log at every sync.
config=$(mktemp --suffix .json)
leaks=$(mktemp --suffix .yaml)
trap 'rm -f "$config" "$leaks"' EXIT
echo '{"glooPlatformPortal": {"backend": {"debugLogging": true}}}' >"$config"
echo '- {scenario: secrets-in-the-log, reason: with debugLogging the bearer token is written to the log}' >"$leaks"
"$understudy" run secrets-in-the-log "${common[@]}" --subject "$driver $config" --expect-failures "$leaks"
