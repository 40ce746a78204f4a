#!/bin/bash
# SPDX-License-Identifier: MIT
# The two commands on the systems that people have, each in a tree with nothing but its base system:
#
#   systems.sh [12|13|unstable]…    without a name all of them
#
# Runs ./run, which ends with a recognised sentence, and ./test there. Prints a table in Markdown, as
# it stands in docs/systems.md: what was used, and how many tests passed, failed and were skipped.
# Needs Debian's archive and, for each system, room for 6 GB; the logs are in artefacts/systems.
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
clean_tree=$root/scripts/clean-tree.sh
logs=${WHIS_ARTEFACTS:-$root/artefacts}/systems
place=$(mktemp -d "${TMPDIR:-/tmp}/whis-systems.XXXXXX")
tree=$place/tree
libraries=(glib-2.0 gtk4 libadwaita-1 libsoup-3.0 gstreamer-1.0)
rows=()
failed=0

clean_up() {
  "$clean_tree" remove "$tree"
  rm -r "$place"
}
trap clean_up EXIT

in_tree() {
  "$clean_tree" enter "$tree" sh -c 'cd /home/whis && exec "$@"' sh "$@"
}

release_of() {
  case $1 in
    12) echo bookworm ;;
    13) echo trixie ;;
    unstable) echo sid ;;
    *)
      echo "There is no “$1” here: 12, 13 or unstable." >&2
      return 2
      ;;
  esac
}

# What a person has who cloned it, or unpacked the tarball.
copy_source() {
  if [ -e "$root/.git" ]; then
    git clone --quiet "$root" "$tree/home/whis"
  else
    mkdir -p "$tree/home/whis"
    tar -C "$root" --exclude=./.build --exclude=./artefacts -cf - . | tar -C "$tree/home/whis" -xf -
  fi
}

# Punctuation is the recogniser's affair.
run_recognises() {
  grep -qiE 'he was not an ill[- ]disposed young man' "$logs/$1-run.log"
}

versions() {
  local library
  for library in "${libraries[@]}"; do
    printf '%s | ' "$(in_tree pkg-config --modversion "$library")"
  done
}

# The numbers of the last line of ./test.
numbers() {
  sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed, \([0-9]*\) skipped$/\1 | \2 | \3/p' \
    "$logs/$1-test.log" | tail -n 1
}

test_system() {
  local name=$1 release sentence counted status=0 started
  release=$(release_of "$name")
  echo "Debian $name: making a tree…" >&2
  "$clean_tree" make "$tree" important "$release"
  copy_source
  echo "Debian $name: ./run, in $logs/$name-run.log" >&2
  started=$SECONDS
  in_tree ./run </dev/null >"$logs/$name-run.log" 2>&1 || true
  if run_recognises "$name"; then
    sentence="after $((SECONDS - started)) s"
  else
    sentence=no
    failed=1
  fi
  echo "Debian $name: ./test, in $logs/$name-test.log" >&2
  in_tree ./test </dev/null >"$logs/$name-test.log" 2>&1 || status=$?
  counted=$(numbers "$name")
  [ "$status" = 0 ] && [ -n "$counted" ] || failed=1
  rows+=("| Debian $name | $(versions)$sentence | ${counted:-not run to its end | |} |")
  "$clean_tree" remove "$tree"
}

. "$root/scripts/packages.sh"
install_packages git mmdebstrap util-linux
mkdir -p "$logs"
[ $# -gt 0 ] || set -- 12 13 unstable
for name; do
  release_of "$name" >/dev/null
done
for name; do
  test_system "$name"
done

echo "| system | GLib | GTK | libadwaita | libsoup | GStreamer | \`./run\` recognises | passed | failed | skipped |"
echo "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"
printf '%s\n' "${rows[@]}"
for name; do
  sed -n "s/^skipped: /Debian $name: skipped: /p" "$logs/$name-test.log"
done
exit "$failed"
