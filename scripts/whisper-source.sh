#!/bin/bash
# SPDX-License-Identifier: MIT
# Puts whisper.cpp's source where subprojects/whisper.cpp.wrap wants it: by npm, whose package carries
# it, or from the package's address where there is no npm. Prints nothing where that works, and one
# line with the reason where it does not.
#
#   whisper-source.sh             what a build needs
#   whisper-source.sh --archive   the archive in subprojects/packagecache, too
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
wrap=$root/subprojects/whisper.cpp.wrap
cache=$root/subprojects/packagecache

# wrap_value KEY
wrap_value() {
  sed -n "s/^$1 = //p" "$wrap"
}

archive=$(wrap_value source_filename)
sum=$(wrap_value source_hash)
overlay=$root/subprojects/packagefiles/$(wrap_value patch_directory)
unpacked=$root/subprojects/$(wrap_value directory)
# nodejs-whisper-0.3.1.tgz is nodejs-whisper@0.3.1
package=${archive%.tgz}
package=${package%-*}@${package##*-}

is_right() {
  sha256sum --check --status 2>/dev/null <<<"$sum  $1"
}

# Its scripts for installation would build something else, and are not run.
fetch() {
  local place log
  place=$(mktemp -d)
  log=$place/log
  if command -v npm >/dev/null; then
    (cd "$place" && timeout 180 npm pack --loglevel=error --fetch-retries=1 --ignore-scripts \
      "$package") >"$log" 2>&1 ||
      echo "the npm registry does not give $package: $(grep -v 'complete log' "$log" | tail -n 1)"
  else
    timeout 180 python3 - "$(wrap_value source_url)" "$place/$archive" >"$log" 2>&1 <<'PYTHON' ||
import shutil, sys, urllib.request
with urllib.request.urlopen(sys.argv[1], timeout=20) as response, open(sys.argv[2], 'wb') as file:
    shutil.copyfileobj(response, file)
PYTHON
      echo "$(wrap_value source_url) cannot be read: $(tail -n 1 "$log")"
  fi
  if [ -f "$place/$archive" ]; then
    if is_right "$place/$archive"; then
      mkdir -p "$cache"
      mv "$place/$archive" "$cache/$archive"
    else
      echo "$archive is not the known one"
    fi
  fi
  rm -r "$place"
  [ -f "$cache/$archive" ]
}

# As Meson does it; but Meson 1.0 does not where it may not fetch.
unpack() {
  rm -rf "$unpacked.part"
  mkdir "$unpacked.part"
  tar -C "$unpacked.part" -xzf "$cache/$archive" package/cpp/whisper.cpp
  mv "$unpacked.part" "$unpacked"
}

if [ ! -d "$unpacked" ] || [ "${1:-}" = --archive ]; then
  is_right "$cache/$archive" || fetch
fi
[ -d "$unpacked" ] || unpack
# Also over a source that was unpacked with an earlier build description.
for file in "$overlay"/*; do
  cmp -s "$file" "$unpacked/${file##*/}" || cp "$file" "$unpacked/"
done
