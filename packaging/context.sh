#!/usr/bin/env bash
# Copies what the Dockerfile is given, by .dockerignore, into a folder:
#   packaging/context.sh FOLDER && FOLDER/packaging/build.sh
# So a build proves that an image can be made of no more than that.
set -euo pipefail
folder=${1:?usage: packaging/context.sh FOLDER}
cd "$(dirname "$0")/.."
rm -rf "$folder"
mkdir -p "$folder"
# What is let in, one path a line; nothing in the repository is among what is kept out again.
mapfile -t given < <(sed -n 's/^!//p' .dockerignore)
git ls-files -z -- "${given[@]}" | tar --null --files-from - -c | tar -x -C "$folder"
