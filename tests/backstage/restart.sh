#!/usr/bin/env bash
# Starts the backend of a folder made by install.sh anew, and ends the one before; with `stop`, only the latter:
#   PORT=7007 BACKSTAGE_TOKEN=… restart.sh FOLDER STATE CONFIG..
# STATE is a folder for the process id and the log; ENTRY=plain.mjs leaves the plugin out. The catalog is in memory, so that it begins empty.
set -euo pipefail
folder=${1:?usage: restart.sh FOLDER STATE CONFIG..|stop} state=${2:?a folder for the process id} && shift 2
if [ -f "$state/pid" ]; then
  pid=$(cat "$state/pid")
  kill -KILL "$pid" 2>/dev/null || true
  # The port is free once the process is gone.
  while kill -0 "$pid" 2>/dev/null; do sleep 0.05; done
  rm "$state/pid"
fi
if [ "${1:-}" = stop ]; then exit; fi
cd "$folder"
configs=()
for config in app-config.yaml "$@"; do configs+=(--config "$config"); done
NODE_ENV=development nohup node "${ENTRY:-index.mjs}" "${configs[@]}" >>"$state/log" 2>&1 </dev/null &
echo $! >"$state/pid"
