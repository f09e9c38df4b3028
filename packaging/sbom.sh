#!/usr/bin/env bash
# Writes the bill of materials of the command, as CycloneDX: each crate that it is built of, on any platform. Needs
# cargo-cyclonedx (cargo install --locked cargo-cyclonedx):
#   packaging/sbom.sh FILE.json
# That reads what Cargo resolves for the whole workspace, with what tests and benchmarks turn on. So it is shown a copy with
# nothing but what ships, which keeps its files out of the sources too.
set -euo pipefail
file=$(realpath -m "${1:?usage: packaging/sbom.sh FILE.json}")
cd "$(dirname "$0")/.."

if ! cargo cyclonedx --version >/dev/null 2>&1; then
  echo "error: there is no cargo-cyclonedx; install it with cargo install --locked cargo-cyclonedx" >&2
  exit 1
fi

copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
git ls-files -z | tar --null --files-from - -c | tar -x -C "$copy"
cd "$copy"
for manifest in Cargo.toml */Cargo.toml; do
  awk '/^\[/ { tests = /dev-dependencies/ } !tests' "$manifest" >trimmed
  mv trimmed "$manifest"
done
sed -i.whole 's/^members = .*/members = [".", "mock-idp", "mock-portal", "provider", "scenarios"]/' Cargo.toml
cargo cyclonedx --manifest-path Cargo.toml --format json --all --target all --override-filename sbom
mkdir -p "$(dirname "$file")"
mv sbom.json "$file"
for test in testcontainers proptest insta; do
  if grep -q "\"name\": *\"$test\"" "$file"; then
    echo "error: $file lists $test, which only tests use" >&2
    exit 1
  fi
done
