#!/usr/bin/env bash
# Makes the images that the tests beside this start, where the engine has none of them yet, and an engine where there is none:
#   tests/containers/install.sh FOLDER && UNDERSTUDY_CONTAINERS=1 cargo test -p understudy-containers
# FOLDER holds what images are made of, and is small again at the end. BACKSTAGE names a folder made by
# tests/backstage/install.sh (FOLDER/../backstage by default), FRONTEND one made by tests/backstage/frontend.sh
# (FOLDER/../frontend), and BINARY the static command that packaging/build.sh makes.
# No registry of images is needed: Keycloak comes from Maven Central where its own image can't be pulled, its Java from
# the distribution's packages, Node from this machine, and everything is imported as one layer.
set -euo pipefail
folder=${1:?usage: tests/containers/install.sh FOLDER}
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
backstage=${BACKSTAGE:-$folder/../backstage} frontend=${FRONTEND:-$folder/../frontend} binary=${BINARY:-}

keycloak_version=26.4.5
keycloak_image=quay.io/keycloak/keycloak:$keycloak_version

say() { printf '%s (%s s)\n' "$*" "$SECONDS"; }

fail() {
  echo "error: $1" >&2
  exit 1
}

# need COMMAND PACKAGE: installs what the machine lacks.
need() {
  command -v "$1" >/dev/null && return
  command -v apt-get >/dev/null || fail "no $1 on the PATH, and no apt-get to install it with"
  [ "$(id -u)" = 0 ] || fail "no $1 on the PATH; install it (package $2), or run this as root"
  apt-get update -q && apt-get install -qy --no-install-recommends "$2"
}

# Whether the engine has an image that was made from the same.
has() { [ "$(docker image inspect --format '{{index .Config.Labels "understudy.of"}}' "$1" 2>/dev/null)" = "$2" ]; }

# Puts a program and the shared libraries that it names under a root of a file system.
place() {
  local program=$1 at=$2 under=$3
  install -D "$program" "$under$at"
  ldd "$program" | grep -o '/[^ ]*' | while read -r library; do
    [ -e "$under$library" ] || install -D "$library" "$under$library"
  done
}

# What names are resolved by in an image that holds nothing else.
resolving() {
  install -d "$1/etc"
  install -d -m 1777 "$1/tmp"
  echo 'hosts: files dns' >"$1/etc/nsswitch.conf"
}

keycloak() {
  if docker image inspect "$keycloak_image" >/dev/null 2>&1; then
    return
  fi
  if timeout 60 docker pull -q "$keycloak_image" 2>/dev/null; then
    return
  fi
  say "Keycloak's image can't be pulled; making it from Maven Central and this distribution's Java"
  need mvn maven
  need unzip unzip
  need mmdebstrap mmdebstrap
  local made=$folder/keycloak suite
  suite=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
  [ -n "$suite" ] || fail "/etc/os-release names no release of Debian or Ubuntu to take Java from"
  rm -rf "$made" && mkdir -p "$made"
  # Both wait for the network more than for the machine.
  mvn -B -q -Dmaven.repo.local="$made/repository" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy \
    -Dartifact="org.keycloak:keycloak-quarkus-dist:$keycloak_version:zip" -DoutputDirectory="$made" &
  local download=$!
  mmdebstrap --quiet --mode=root --variant=essential --include=default-jre-headless,ca-certificates \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/locale/*' "$suite" "$made/root" \
    >"$made/mmdebstrap.log" 2>&1 || { tail -n 20 "$made/mmdebstrap.log" >&2 && fail "no root file system with Java can be made"; }
  wait "$download" || fail "Keycloak's distribution can't be had from Maven Central"
  rm -rf "$made/repository"
  unzip -q "$made/keycloak-quarkus-dist-$keycloak_version.zip" -d "$made/root/opt"
  mv "$made/root/opt/keycloak-$keycloak_version" "$made/root/opt/keycloak"
  chown -R 1000:1000 "$made/root/opt/keycloak"
  tar -C "$made/root" -c . | docker import --change 'USER 1000' --change 'EXPOSE 8080' \
    --change 'ENV LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin' \
    --change 'ENTRYPOINT ["/opt/keycloak/bin/kc.sh"]' - "$keycloak_image" >/dev/null
  rm -rf "$made"
}

understudy() {
  local of made=$folder/understudy arch
  [ -n "$binary" ] || binary=$(cd "$root" && realpath "$(packaging/build.sh)")
  case $(uname -m) in
    x86_64) arch=amd64 ;;
    aarch64) arch=arm64 ;;
    *) fail "the image is for amd64 and arm64, and this is $(uname -m)" ;;
  esac
  of=$(cat "$binary" "$root/Dockerfile" "$root/packaging/image-context.sh" | sha256sum | cut -c -16)
  if has understudy:test "$of"; then
    return
  fi
  "$root/packaging/image-context.sh" "$made" "$arch=$binary"
  docker build --quiet --file "$root/Dockerfile" --target prebuilt --build-arg TARGETARCH="$arch" \
    --label understudy.of="$of" --tag understudy:test "$made" >/dev/null
  rm -rf "$made"
}

backstage() {
  [ -f "$backstage/.installed" ] || "$here/../backstage/install.sh" "$backstage"
  [ -d "$frontend/dist" ] || "$here/../backstage/frontend.sh" "$frontend"
  local of made=$folder/backstage
  of=$({
    node --version
    cat "$backstage"/{.installed,index.mjs,frontend.mjs,app-config.yaml}
    cat "$frontend"/{.installed,dist/index.html.tmpl,dist/.config-schema.json,dist/static/index.*}
  } | sha256sum | cut -c -16)
  if has understudy-backstage:test "$of"; then
    return
  fi
  rm -rf "$made" && mkdir -p "$made"
  place "$(readlink -f "$(node -p process.execPath)")" /usr/bin/node "$made"
  resolving "$made"
  # Sources of what was built, and what only a debugger reads, are a third of it.
  local at from
  at=$(readlink -f "$backstage") from=$(readlink -f "$frontend")
  tar -c --exclude='*.map' --exclude='*.d.ts' --exclude='better-sqlite3/deps' --exclude='better-sqlite3/build/Release/obj*' \
    --transform "s,^$(basename "$from")/,app/node_modules/app/," --transform "s,^$(basename "$at")\\(/\|\$\\),app\\1," \
    -C "$made" . -C "$(dirname "$at")" "$(basename "$at")" \
    -C "$(dirname "$from")" "$(basename "$from")"/{package.json,dist} |
    docker import --change "LABEL understudy.of=$of" --change 'WORKDIR /app' --change 'USER 65534:65534' \
      --change 'ENV NODE_ENV=development HOME=/tmp' --change 'EXPOSE 7007' \
      --change 'ENTRYPOINT ["/usr/bin/node"]' - understudy-backstage:test >/dev/null
  rm -rf "$made"
}

"$here/engine.sh" start "$folder"
say "the engine is up"
for image in understudy backstage keycloak; do
  "$image"
  say "the image of $image is there"
done
docker image ls --format '{{.Repository}}:{{.Tag}} {{.Size}}' | grep -E '^(understudy|understudy-backstage|quay.io/keycloak/keycloak):'
