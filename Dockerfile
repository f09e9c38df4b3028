# The command `understudy`, the roots of Mozilla, and nothing else: no shell, no user's name, nothing to patch.
#
#   docker build --tag understudy .              builds the command too, in Rust's own image
#   packaging/image-context.sh, and --target prebuilt        take a static binary that is there already
#
# `docs/containers.md` tells how it is used. The stages are in this order because a builder without BuildKit builds each
# one before the one that is asked for.
#
# RUST names another image of Debian with Rust 1.89 or later and a C compiler, a mirror's say.
ARG RUST=docker.io/library/rust:1-slim-bookworm

FROM scratch AS base
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Understudy" \
      org.opencontainers.image.description="Stands in for a Gloo Portal and its OpenID provider, to test what syncs API products into Backstage" \
      org.opencontainers.image.licenses="MIT OR Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
# Nothing in the image belongs to this user, or to any other: `--user` may name whom it likes.
USER 65532:65532
# In a container, loopback is nobody else's: what may reach it is said by the ports that are published. HOME is where
# `up --tls` keeps its authority, unless UNDERSTUDY_TLS_DIR names a volume.
ENV UNDERSTUDY_BIND=0.0.0.0 HOME=/tmp
# Control, portal, identity provider, and the catalog of `serve`.
EXPOSE 31070 31080 31090 31100
HEALTHCHECK --interval=3s --timeout=6s --start-period=10s --retries=3 CMD ["/understudy", "health", "--quiet"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["/understudy"]
CMD ["up"]

FROM base AS prebuilt
ARG TARGETARCH
COPY ${TARGETARCH}/ /

FROM ${RUST} AS build
RUN apt-get update && apt-get install -y --no-install-recommends musl-tools
WORKDIR /src
COPY . .
RUN packaging/image-context.sh /image "this=$(packaging/build.sh)"

FROM base AS built
COPY --from=build /image/this/ /
