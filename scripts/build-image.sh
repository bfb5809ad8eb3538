#!/usr/bin/env bash
# Builds the container image from Dockerfile without Docker and without an image registry: the base image that the
# Dockerfile asks for is made from Debian's packages and the Node that the project already installs.
#
#   scripts/build-image.sh [--root <folder of the image storage>] [--tag <name>]
#
# As root, on Debian 12, with buildah and mmdebstrap, after `npm ci`.
set -euo pipefail
cd "$(dirname "$0")/.."

root=/var/lib/containers/storage
tag=parley:local
while [ $# -gt 0 ]; do
  case "$1" in
    --root) root=$2; shift 2 ;;
    --tag) tag=$2; shift 2 ;;
    *) echo "scripts/build-image.sh: there is no option $1" >&2; exit 2 ;;
  esac
done

for program in buildah mmdebstrap; do
  command -v "$program" >/dev/null || { echo "scripts/build-image.sh needs $program: apt-get install buildah mmdebstrap" >&2; exit 1; }
done
node=node_modules/node/bin/node
[ -x "$node" ] || { echo 'scripts/build-image.sh needs the installed packages: run npm ci' >&2; exit 1; }

work=$(mktemp -d /tmp/parley-image.XXXXXX)
trap 'rm -rf "$work"' EXIT
# No overlay file system inside of other containers: plain copies work everywhere.
image() { buildah --root "$root" --runroot "$work/run" --storage-driver vfs "$@"; }

# make_base <name>: Debian's smallest system with node, npm and the user `node`, as the official slim image has them.
make_base() {
  local container tree npm
  # In a container or a machine without /proc for others, what runs during the installation needs no sandbox of its own.
  mmdebstrap --quiet --variant=minbase --mode=root --include=ca-certificates \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    bookworm "$work/base.tar"
  container=$(image from scratch)
  image add --quiet "$container" "$work/base.tar" / >/dev/null
  tree=$(image mount "$container")
  npm=$(dirname "$(dirname "$(readlink -f "$(command -v npm)")")")
  install -m 755 "$node" "$tree/usr/local/bin/node"
  mkdir -p "$tree/usr/local/lib/node_modules"
  cp -a "$npm" "$tree/usr/local/lib/node_modules/npm"
  ln -s ../lib/node_modules/npm/bin/npm-cli.js "$tree/usr/local/bin/npm"
  ln -s ../lib/node_modules/npm/bin/npx-cli.js "$tree/usr/local/bin/npx"
  chroot "$tree" groupadd --gid 1000 node
  chroot "$tree" useradd --uid 1000 --gid node --shell /bin/bash --create-home node
  image config --cmd node --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$container"
  image umount "$container" >/dev/null
  image commit --quiet --rm "$container" "$1" >/dev/null
}

# What npm needs to reach the registry from inside the build, as this machine reaches it: its settings and the
# certificates it trusts, mounted for the build alone. Nothing of them is in the image.
build_image() {
  local mounts=() file
  for file in /etc/npmrc /etc/ssl/certs /usr/share/ca-certificates /usr/local/share/ca-certificates; do
    if [ -e "$file" ]; then mounts+=(--volume "$file:$file:ro"); fi
  done
  if [ -f "$(npm config get userconfig)" ]; then mounts+=(--volume "$(npm config get userconfig):/root/.npmrc:ro"); fi
  if [ -f "$(npm config get globalconfig)" ]; then mounts+=(--volume "$(npm config get globalconfig):/usr/local/etc/npmrc:ro"); fi
  # What was downloaded once is not downloaded for every stage.
  mkdir -p "$(npm config get cache)"
  mounts+=(--volume "$(npm config get cache):/root/.npm")
  image build --format docker --isolation chroot --pull-never --quiet "${mounts[@]}" --tag "$tag" .
}

for base in $(sed -n 's/^FROM \([^ ]*\) AS .*/\1/p' Dockerfile | sort -u); do
  started=$SECONDS
  make_base "docker.io/library/$base"
  echo "$base made here in $((SECONDS - started)) s"
done
started=$SECONDS
build_image >/dev/null
echo "$tag built in $((SECONDS - started)) s: $(image images --format '{{.Size}}' "$tag")"
