#!/bin/bash
# SPDX-License-Identifier: MIT
# The two commands on a Debian that has nothing but its base system:
#
#   clean.sh         runs ./run there until its window is open, then the whole of ./test
#   clean.sh run     only the first
#
# Says how long the first window took, and keeps a picture of it. Needs room for 4 GB.
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
clean_tree=$root/scripts/clean-tree.sh
artefacts=${WHIS_ARTEFACTS:-$root/artefacts}
place=$(mktemp -d "${TMPDIR:-/tmp}/whis-clean.XXXXXX")
tree=$place/tree
jobs=()

clean_up() {
  [ "${#jobs[@]}" = 0 ] || kill -KILL "${jobs[@]}" 2>/dev/null || true
  wait
  "$clean_tree" remove "$tree"
  rm -r "$place"
}
trap clean_up EXIT

# What a person has who cloned it, or unpacked the tarball.
copy_source() {
  if [ -e "$root/.git" ]; then
    git clone --quiet "$root" "$tree/home/whis"
  else
    mkdir -p "$tree/home/whis"
    tar -C "$root" --exclude=./.build --exclude=./artefacts -cf - . | tar -C "$tree/home/whis" -xf -
  fi
}

start_display() {
  local number
  exec 5< <(exec Xvfb -displayfd 1 -screen 0 1280x900x24 -nolisten tcp 2>"$place/xvfb.log")
  jobs+=("$!")
  read -r number <&5
  export DISPLAY=:$number
}

# Takes the place of the shell, which is a subshell's.
in_tree() {
  exec "$clean_tree" enter "$tree" sh -c 'cd /home/whis && exec "$@"' sh "$@"
}

open_window() {
  local started=$SECONDS run window
  (in_tree ./run) </dev/null &
  run=$!
  jobs+=("$run")
  timeout 1800 xdotool search --sync --onlyvisible --class whis >"$place/window" 2>/dev/null &
  window=$!
  jobs+=("$window")
  # whichever is first: a ./run that ends has not opened a window
  wait -n "$run" "$window" || true
  if [ ! -s "$place/window" ]; then
    echo "./run ended, or took half an hour, and there was no window." >&2
    exit 1
  fi
  echo "The first window was open after $((SECONDS - started)) seconds."
  mkdir -p "$artefacts"
  sleep 2 # what is drawn cannot be waited for from outside
  import -window root "$artefacts/clean-first-window.png"
  kill -KILL "$run"
  wait "$run" 2>/dev/null || true
}

. "$root/scripts/packages.sh"
install_packages git imagemagick mmdebstrap util-linux xdotool xvfb
echo "Making a Debian with only its base system…"
"$clean_tree" make "$tree" important
copy_source
start_display
open_window
if [ "${1:-}" != run ]; then
  unset DISPLAY
  (in_tree ./test)
fi
