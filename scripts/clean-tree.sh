#!/bin/bash
# SPDX-License-Identifier: MIT
# A Debian of its own in a folder, with nothing in it but the base system, to see what a package or
# a script of ours really needs.
#
#   clean-tree.sh make TREE VARIANT [RELEASE]
#                                     makes it: `apt` is what apt needs, `important` is what the
#                                     Debian installer installs with every task left out; of this
#                                     machine's release or of another one, such as trixie or sid
#   clean-tree.sh enter TREE COMMAND… runs a command in it as root; what it leaves running ends with it
#   clean-tree.sh remove TREE
#
# Packages come from where this machine's apt gets them. The first tree of a kind is kept as an
# archive in .build/trees (or CLEAN_TREES) and used again for a week. Works as root, and for others
# where the kernel and /etc/subuid let them have a user namespace.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
archives=${CLEAN_TREES:-$root/.build/trees}

# in_namespace COMMAND…: with mounts and processes that end with the command. It has SIGKILL passed on
# and nothing else: unshare ignores the rest.
in_namespace() {
  local user=()
  if [ "$(id -u)" != 0 ]; then
    user=(--map-root-user --map-auto)
  fi
  exec unshare "${user[@]}" --mount --propagation slave --pid --fork --kill-child -- "$@"
}

# Debian's lines for apt, as this machine has them, in the form of sources.list.
sources() {
  apt-get indextargets --format '$(ORIGIN) $(CREATED_BY) deb $(REPO_URI) $(RELEASE) $(COMPONENT)' |
    sed -n 's/^Debian Packages //p' | sort -u
}

# Apt's settings that say how to reach them.
apt_settings() {
  apt-config dump |
    grep -E '^Acquire::(http|https|Check-Date|Check-Valid-Until|Retries)\b' | grep -v ' "";$' || true
}

# As apt's sources name it: Debian's testing and unstable call themselves the same.
this_release() {
  local releases codename
  releases=$(apt-get indextargets --format '$(RELEASE)' 'Created-By: Packages' | sort -u)
  codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
  grep -x "$codename" <<<"$releases" || head -n 1 <<<"$releases"
}

# archive VARIANT RELEASE
archive() {
  local file=$archives/$1-$2.tar settings=$archives/apt-settings
  if [ -n "$(find "$file" -mtime -7 2>/dev/null)" ]; then
    echo "$file"
    return
  fi
  mkdir -p "$archives"
  apt_settings >"$settings"
  # In memory where there is room: dpkg waits for the disk with each package.
  if [ "$(df --output=avail /dev/shm 2>/dev/null | tail -n 1)" -gt 1500000 ]; then
    export TMPDIR=/dev/shm
  fi
  if [ "$2" = "$(this_release)" ]; then
    sources
  else
    # The list of unstable is often past its date.
    echo 'Acquire::Check-Valid-Until "false";' >>"$settings"
    "$root/scripts/debian-mirrors" release "$2"
  fi | mmdebstrap --quiet --format=tar --variant="$1" --aptopt="$settings" "$2" "$file.part" - >&2
  mv "$file.part" "$file"
  echo "$file"
}

make_tree() {
  local tree=$1 file
  file=$(archive "$2" "${3:-$(this_release)}")
  mkdir -p "$tree"
  (in_namespace tar -C "$tree" -xf "$file")
  # The network, as it is out here, with the certificates of a proxy that it may lead through.
  cp /etc/resolv.conf /etc/hosts "$tree/etc/" 2>/dev/null || true
  cp -r /usr/local/share/ca-certificates "$tree/usr/local/share/" 2>/dev/null || true
}

# Runs inside the namespace.
enter_here() {
  local tree=$1 place
  shift
  mount --rbind "$tree" "$tree"
  mount -t proc proc "$tree/proc"
  mount --rbind /dev "$tree/dev"
  mount --rbind /sys "$tree/sys"
  mount -t tmpfs tmpfs "$tree/run"
  # A window opens on the display out here, if there is one.
  if [ -d /tmp/.X11-unix ]; then
    mkdir -p "$tree/tmp/.X11-unix"
    mount --bind /tmp/.X11-unix "$tree/tmp/.X11-unix"
  fi
  # No service starts because a package is installed.
  printf '#!/bin/sh\nexit 101\n' >"$tree/usr/sbin/policy-rc.d"
  chmod +x "$tree/usr/sbin/policy-rc.d"
  exec env -i HOME=/root LANG=C.UTF-8 TERM="${TERM:-dumb}" ${DISPLAY:+DISPLAY="$DISPLAY"} \
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin chroot "$tree" "$@"
}

command=$1
tree=$2
shift 2
case "$command" in
  make) make_tree "$tree" "$@" ;;
  enter) in_namespace "$0" enter-here "$tree" "$@" ;;
  enter-here) enter_here "$tree" "$@" ;;
  remove) in_namespace rm -rf --one-file-system "$tree" ;;
esac
