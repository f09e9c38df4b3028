#!/usr/bin/env bash
# Puts what the snippets of docs/containers.md take into a folder, for `tests/containers/snippets.rs`:
#   tests/containers/snippets/install.sh FOLDER
#   UNDERSTUDY_SNIPPETS=$PWD/FOLDER cargo test -p understudy-containers -- the_snippet
# 170 packages for Node from npm as the lock file has them, none of whose scripts is run; modules for Go as go.sum has them,
# compiled into Go's own cache; jars for Java from Maven Central. A language whose tool is missing is left out, and told.
set -euo pipefail
folder=${1:?usage: tests/containers/snippets/install.sh FOLDER}
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)

for_node() { npm ci --ignore-scripts --no-audit --no-fund --loglevel=error; }

# The test's own program is then compiled and linked in seconds.
for_go() { go build testing github.com/testcontainers/testcontainers-go/...; }

for_java() {
  rm -rf lib
  mvn -B -q org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=lib
}

# language NAME TOOL FILE…: the folder of a language, made anew when one of the files that it is made from has changed.
language() {
  local name=$1 tool=$2
  shift 2
  if ! command -v "$tool" >/dev/null; then
    echo "left out: $name, since there is no $tool on the PATH" >&2
    return
  fi
  mkdir -p "$folder/$name"
  cd "$folder/$name"
  local stamp
  stamp=$(cd "$here/$name" && cat "$@" | cksum)
  if [ "$(cat .installed 2>/dev/null)" != "$stamp" ]; then
    rm -f .installed
    (cd "$here/$name" && cp "$@" "$folder/$name")
    "for_$name"
    echo "$stamp" >.installed
  fi
  echo "what the snippet for $name takes is in $folder/$name"
}

language node npm package.json package-lock.json
language go go go.mod go.sum
language java mvn pom.xml
