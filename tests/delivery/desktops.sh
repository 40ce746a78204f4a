#!/bin/bash
# SPDX-License-Identifier: MIT
# The desktops of other releases than this machine's, each without a screen in a tree of its own:
#
#   desktops.sh [13|unstable]…    without a name both
#
# Builds what inserts texts and binds keys there, and runs the tests of the suite `desktops`, which
# tell why a desktop did not start. Needs Debian's archive and, for each release, room for 5 GB; the
# logs are in artefacts/desktops.
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
clean_tree=$root/scripts/clean-tree.sh
logs=${WHIS_ARTEFACTS:-$root/artefacts}/desktops
place=$(mktemp -d "${TMPDIR:-/tmp}/whis-desktops.XXXXXX")
tree=$place/tree
shown=(gnome-shell kwin-wayland sway labwc wayfire hyprland xdg-desktop-portal ibus fcitx5)
failed=0

clean_up() {
  "$clean_tree" remove "$tree"
  rm -r "$place"
}
trap clean_up EXIT

release_of() {
  case $1 in
    13) echo trixie ;;
    unstable) echo sid ;;
    *)
      echo "There is no “$1” here: 13 or unstable." >&2
      return 2
      ;;
  esac
}

in_tree() {
  "$clean_tree" enter "$tree" bash -ec 'cd /home/whis && "$@"' bash "$@"
}

# With sockets of its own: an X server does not see which displays are in use out here.
in_tree_apart() {
  in_tree unshare --net sh -c 'umount /tmp/.X11-unix 2>/dev/null || true
    mkdir -p /tmp/.X11-unix
    chmod 1777 /tmp/.X11-unix
    exec "$@"' sh "$@"
}

# The checkout as it stands, without what was built.
copy_source() {
  mkdir -p "$tree/home/whis"
  tar -C "$root" --exclude=./.build --exclude=./.git --exclude=./artefacts -cf - . |
    tar -C "$tree/home/whis" -xf -
}

# What is printed before the tests: the versions that this release has.
show_versions() {
  in_tree dpkg-query -W -f '${db:Status-Status} ${Package} ${Version}\n' "${shown[@]}" 2>/dev/null |
    sed -n 's/^installed /  /p' || true
}

# The extension in the GNOME Shell of the release, as lines that say what was seen.
try_extension() {
  local data=/home/whis/.build/desktops/data/gnome-shell
  in_tree_apart sh -c 'mkdir -p /probe && cp -r "$1" /probe/extension && exec /usr/bin/python3 \
    tests/delivery/probe_gnome_shell.py /probe/extension' sh "$data" </dev/null
}

try_release() {
  local log=$logs/$1
  echo "Debian $1: making a tree and building, in $log-build.log" >&2
  "$clean_tree" make "$tree" apt "$(release_of "$1")" >&2
  copy_source
  in_tree tests/delivery/desktops-build.sh </dev/null >"$log-build.log" 2>&1 ||
    { tail -n 50 "$log-build.log" >&2; return 1; }
  echo "Debian $1:"
  show_versions
  in_tree_apart meson test -C .build/desktops --no-rebuild --print-errorlogs --suite desktops \
    --num-processes 2 --timeout-multiplier 3 </dev/null || failed=1
  cp "$tree/home/whis/.build/desktops/meson-logs/testlog.txt" "$log-test.log"
  in_tree scripts/summary.py .build/desktops || failed=1
  try_extension || failed=1
  "$clean_tree" remove "$tree"
}

. "$root/scripts/packages.sh"
install_packages mmdebstrap util-linux
mkdir -p "$logs"
[ $# -gt 0 ] || set -- 13 unstable
for name; do
  release_of "$name" >/dev/null
done
for name; do
  try_release "$name"
done
exit "$failed"
