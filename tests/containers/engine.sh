#!/usr/bin/env bash
# Sees to a container engine for the tests beside this: what runs already is used, else Docker is installed from Debian's or
# Ubuntu's packages and started, until `stop`. That takes root.
#   tests/containers/engine.sh start FOLDER|stop FOLDER         FOLDER keeps the daemon's process id and log
set -euo pipefail
verb=${1:?usage: engine.sh start|stop FOLDER} folder=${2:?usage: engine.sh start|stop FOLDER}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)

fail() {
  echo "error: $1" >&2
  exit 1
}

# Whether an engine answers.
answers() { docker version --format '{{.Server.Version}}' >/dev/null 2>&1; }

# What must be there for a daemon that is not.
missing() {
  [ "$(uname -s)" = Linux ] || echo "Linux (this is $(uname -s))"
  [ "$(id -u)" = 0 ] || echo "root (this is $(id -un))"
  command -v dockerd >/dev/null || command -v apt-get >/dev/null || echo "dockerd, or apt-get to install it with"
  # CAP_SYS_ADMIN (21) for mounts and namespaces, CAP_NET_ADMIN (12) for bridges.
  local capabilities
  capabilities=$(sed -n 's/^CapEff:\s*//p' /proc/self/status 2>/dev/null || echo 0)
  (((0x$capabilities >> 21 & 1) && (0x$capabilities >> 12 & 1))) ||
    echo "the capabilities SYS_ADMIN and NET_ADMIN (a container has them with --privileged)"
}

start() {
  if answers; then
    return
  fi
  local lacks
  lacks=$(missing)
  [ -z "$lacks" ] || fail "no container engine answers, and none can be started here, which takes: ${lacks//$'\n'/; }"
  if ! command -v dockerd >/dev/null; then
    apt-get update -q && apt-get install -qy --no-install-recommends docker.io iptables
  fi
  if ! mountpoint -q /sys/fs/cgroup; then
    mount -t cgroup2 cgroup2 /sys/fs/cgroup || fail "no cgroups are mounted, and they can't be"
  fi
  # Rules of the firewall where the machine has a way to make them; a port is reached by Docker's own proxy without.
  local ways=("" "--iptables=false --ip6tables=false")
  for way in "${ways[@]}"; do
    # shellcheck disable=SC2086 # a way is several words, or none
    setsid dockerd --pidfile "$folder/docker.pid" $way >"$folder/dockerd.log" 2>&1 </dev/null &
    echo $! >"$folder/pid"
    for _ in $(seq 120); do
      if answers; then
        return
      fi
      kill -0 "$(cat "$folder/pid")" 2>/dev/null || break
      sleep 0.25
    done
    stop
  done
  tail -n 15 "$folder/dockerd.log" >&2
  fail "Docker was started and does not answer; the end of its log is above"
}

stop() {
  [ -f "$folder/pid" ] || return 0
  local pid
  pid=$(cat "$folder/pid")
  rm "$folder/pid"
  kill "$pid" 2>/dev/null || return 0
  for _ in $(seq 60); do
    kill -0 "$pid" 2>/dev/null || return 0
    sleep 0.25
  done
  kill -KILL "$pid" 2>/dev/null || true
}

case $verb in
  start) start && docker version --format 'Docker {{.Server.Version}}, API {{.Server.APIVersion}}' ;;
  stop) stop ;;
  *) fail "no such verb: $verb" ;;
esac
