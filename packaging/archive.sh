#!/usr/bin/env bash
# Packs the command for a target, with what belongs beside it, and a checksum of the archive:
#   packaging/archive.sh TARGET BINARY [FOLDER]
#   packaging/archive.sh x86_64-unknown-linux-musl "$(packaging/build.sh)"       into target/archives
# Man pages and completions are asked of the command itself; where it runs on another system than this, ASSETS names a
# folder that `understudy assets` has filled.
set -euo pipefail
target=${1:?usage: packaging/archive.sh TARGET BINARY [FOLDER]} binary=${2:?usage: packaging/archive.sh TARGET BINARY [FOLDER]}
root=$(cd "$(dirname "$0")/.." && pwd)
folder=${3:-$root/target/archives}
version=$(sed -n 's/^version = "\(.*\)"/\1/p' "$root/Cargo.toml" | head -1)
name=understudy-$version-$target

made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
assets=${ASSETS:-$made/assets}
if [ -z "${ASSETS:-}" ]; then
  mkdir "$assets"
  "$binary" assets "$assets"
fi
mkdir -p "$folder" "$made/$name"
case $target in *-windows-*) program=understudy.exe ;; *) program=understudy ;; esac
cp "$binary" "$made/$name/$program"
cp "$root"/LICENSE-* "$root/README.md" "$root/CHANGELOG.md" "$made/$name"
cp -r "$assets/man" "$assets/completions" "$made/$name"

# All in one folder, so that unpacking spills nothing.
case $target in
  *-windows-*)
    archive=$name.zip
    rm -f "$folder/$archive"
    (cd "$made" && if command -v 7z >/dev/null; then 7z a -bso0 archive.zip "$name"; else zip -qr archive.zip "$name"; fi)
    mv "$made/archive.zip" "$folder/$archive"
    ;;
  *)
    archive=$name.tar.gz
    # Nobody's names, and GNU's tar where there is one, so that the same files give the same archive.
    if tar --version 2>/dev/null | grep -q 'GNU tar'; then
      time=@${SOURCE_DATE_EPOCH:-$(git -C "$root" log -1 --format=%ct 2>/dev/null || echo 0)}
      tar -C "$made" --sort=name --owner=0 --group=0 --numeric-owner --mtime="$time" -c "$name" | gzip -9n >"$folder/$archive"
    else
      tar -C "$made" -c "$name" | gzip -9n >"$folder/$archive"
    fi
    ;;
esac
cd "$folder"
if command -v sha256sum >/dev/null; then sha256sum "$archive"; else shasum -a 256 "$archive"; fi >"$archive.sha256"
echo "$folder/$archive"
