#!/bin/bash
# SPDX-License-Identifier: MIT
# The desktops of other releases than this machine's, each without a screen in a tree of its own:
#
#   desktops.sh [13|unstable]…    without a name both
#
# Says what was seen of the extension in the GNOME Shell of that release. Needs Debian's archive and,
# for each release, room for 3 GB.
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
clean_tree=$root/scripts/clean-tree.sh
place=$(mktemp -d "${TMPDIR:-/tmp}/whis-desktops.XXXXXX")
tree=$place/tree
packages=(gnome-shell gir1.2-gtk-4.0 python3-gi dbus-daemon dbus-bin ibus adwaita-icon-theme
  libglib2.0-bin libgl1-mesa-dri)
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

try_release() {
  echo "Debian $1:"
  "$clean_tree" make "$tree" apt "$(release_of "$1")" >&2
  "$clean_tree" enter "$tree" sh -ec 'apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"' sh \
    "${packages[@]}" >"$place/install.log" 2>&1 || { cat "$place/install.log" >&2; return 1; }
  mkdir -p "$tree/probe/extension"
  meson setup "$place/build" "$root" --wrap-mode=nodownload -Doffline=false -Dwindow=false \
    -Dtests=false -Dgnome_shell_extension=module >"$place/meson.log" 2>&1 ||
    { cat "$place/meson.log" >&2; return 1; }
  cp "$place/build/data/gnome-shell/extension.js" "$place/build/data/gnome-shell/metadata.json" \
    "$tree/probe/extension"
  cp "$root/tests/delivery/probe_gnome_shell.py" "$root/tests/delivery/text_target.py" "$tree/probe"
  "$clean_tree" enter "$tree" python3 /probe/probe_gnome_shell.py /probe/extension || failed=1
  "$clean_tree" remove "$tree"
  rm -r "$place/build"
}

. "$root/scripts/packages.sh"
install_packages mmdebstrap util-linux "${build_packages[@]}"
[ $# -gt 0 ] || set -- 13 unstable
for name; do
  release_of "$name" >/dev/null
done
for name; do
  try_release "$name"
done
exit "$failed"
