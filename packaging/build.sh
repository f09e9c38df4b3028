#!/usr/bin/env bash
# Builds the command `understudy` for a target, and prints where it is:
#   packaging/build.sh [TARGET]                  x86_64-unknown-linux-musl by default on such a machine, and so on
# For *-linux-musl the binary is static: it runs in an image from scratch and on any Linux. What a build for another
# processor takes is a C compiler for it (Debian's gcc-aarch64-linux-gnu, say); what is missing is named.
set -euo pipefail
cd "$(dirname "$0")/.."
target=${1:-$(uname -m)-unknown-linux-musl}
folder=${CARGO_TARGET_DIR:-target}

fail() {
  echo "error: $1" >&2
  exit 1
}

# first COMMAND...: the first of these that is there.
first() {
  local command
  for command; do
    if command -v "$command" >/dev/null; then
      echo "$command"
      return
    fi
  done
}

if command -v rustup >/dev/null && ! rustup target list --installed | grep -qx "$target"; then
  rustup target add "$target" >&2
fi

case $target in
  *-linux-musl)
    # The C in it must be compiled for musl. GNU's compiler of another processor will do: no header of glibc's says anything
    # else, once it checks no buffers. Rust brings musl itself and how to link it, which GNU's linker does and musl-gcc,
    # that knows nothing of static-pie, does not.
    machine=${target%%-*} name=${target//-/_}
    is_here=$([ "$machine" = "$(uname -m)" ] && echo yes || true)
    compiler=$(first "$machine-linux-musl-gcc" ${is_here:+musl-gcc} "$machine-linux-gnu-gcc")
    if [ "$is_here" ] && [ -e "/lib/ld-musl-$machine.so.1" ] && ! command -v musl-gcc >/dev/null; then
      # Alpine, whose own compiler is musl's.
      compiler=cc
    fi
    [ -n "$compiler" ] || fail "no C compiler for $target: install musl-tools, or gcc-${machine/_/-}-linux-gnu"
    # Debian has the headers of another processor in a package of their own, which its compiler only recommends.
    echo '#include <stdio.h>' | "$compiler" -fsyntax-only -x c - 2>/dev/null ||
      fail "$compiler finds no headers of C; install those for $machine (Debian's libc6-dev-arm64-cross for aarch64)"
    export "CC_$name=$compiler"
    case $compiler in
      *-linux-gnu-gcc) export "CFLAGS_$name=-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=0" ;;
    esac
    linker=CARGO_TARGET_${name^^}_LINKER
    [ "$is_here" ] || export "$linker=${!linker:-$compiler}"
    ;;
esac

# What `main` is made of reads arguments and prints: small before fast.
options=(-C opt-level=s)
case $target in
  # Loaded where it was linked for: without the list of what to mend elsewhere, which is 3 % of it.
  *-linux-musl) options+=(-C relocation-model=static) ;;
esac
cargo rustc --profile dist --locked --bin understudy --target "$target" -- "${options[@]}" >&2
echo "$folder/$target/dist/understudy"
