#!/usr/bin/env bash
# Lays out what the image holds, for the stage `prebuilt` of the Dockerfile:
#   packaging/image-context.sh FOLDER ARCH=BINARY...
#   packaging/image-context.sh target/image amd64=target/x86_64-unknown-linux-musl/dist/understudy
#   docker build --file Dockerfile --target prebuilt --build-arg TARGETARCH=amd64 --tag understudy target/image
# FOLDER then has a root of a file system for each ARCH, as Docker calls it. A binary must be static. What only the command
# itself can tell, the first that runs on this machine is asked.
set -euo pipefail
folder=${1:?usage: packaging/image-context.sh FOLDER ARCH=BINARY...}
shift
root=$(cd "$(dirname "$0")/.." && pwd)

fail() {
  echo "error: $1" >&2
  exit 1
}

[ $# -gt 0 ] || fail "no binary: name one as amd64=PATH; packaging/build.sh builds it"
rm -rf "$folder"
mkdir -p "$folder"
assets=$(mktemp -d)
trap 'rm -rf "$assets"' EXIT
for named; do
  [ -x "${named#*=}" ] || fail "${named#*=} is no program; packaging/build.sh builds it"
  ! ldd "${named#*=}" 2>/dev/null | grep -q '=>' || fail "${named#*=} is not static; packaging/build.sh builds one for musl"
  if [ ! -e "$assets/ca-certificates.crt" ]; then
    "${named#*=}" assets "$assets" 2>/dev/null || true
  fi
done
[ -e "$assets/ca-certificates.crt" ] || fail "none of these runs here; name the binary of this machine as well"

for named; do
  made=$folder/${named%%=*}
  install -D -m 0755 "${named#*=}" "$made/understudy"
  install -D -m 0644 "$assets/ca-certificates.crt" "$made/etc/ssl/certs/ca-certificates.crt"
  install -D -m 0644 -t "$made/licenses" "$root"/LICENSE-*
  # For any user: certificates of `run` and of `up --tls` are files.
  install -d -m 1777 "$made/tmp"
done
