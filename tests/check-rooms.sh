#!/bin/bash
# SPDX-License-Identifier: MIT
# The rooms of src/ may include only what lies in them or below them.
set -euo pipefail
cd "$1/src"

failed=0
complain() {
  echo "not ok - $1"
  failed=1
}

# A room reaches nothing through "..", but for the types that rooms share.
if grep -rn '#include "\.\./' --include='*.[ch]' . | grep -vE '"\.\./(chunk|decode-guard|dictation-state|downmix|host|sentence|spans|timed-text|word-diff)\.h"'; then
  complain "an include leaves its room"
fi

# Which headers a room may see: its own and those of the rooms named here.
declare -A below=(
  [catalogue]=""
  [http]=""
  [recognisers]="catalogue http"
  [audio]=""
  [speech]="http"
  [delivery]=""
  [desktop]=""
  [store]=""
  [client]=""
  [offline-client]=""
  [offline]="catalogue"
  [dictation]="audio speech delivery store offline-client"
  [endpoint]="dictation store"
  [service]="endpoint catalogue http recognisers client offline-client dictation audio speech delivery store desktop"
  [manual]="catalogue service speech store"
  [window]="client"
  [whisper-cpp]=""
  [xembed-tray]=""
)
for room in */; do
  room=${room%/}
  if [ -z "${below[$room]+known}" ]; then
    complain "nobody knows which rooms $room may see"
    continue
  fi
  while read -r header; do
    found=no
    for seen in "$room" ${below[$room]}; do
      [ -e "$seen/$header" ] && found=yes
    done
    for other in */; do
      other=${other%/}
      if [ "$found" = no ] && [ -e "$other/$header" ]; then
        complain "$room includes $header of $other"
      fi
    done
  done < <(grep -hoP '#include "\K[^"./]+\.h' "$room"/*.[ch] 2>/dev/null | sort -u)
done

# The service carries no toolkit.
if grep -rnE '#include <(gtk|adwaita|gdk)' catalogue http recognisers audio speech delivery desktop store client dictation endpoint service; then
  complain "GTK in the service"
fi

# GTK 3 cannot live beside GTK 4: one program has it, alone.
if grep -rnE "dependency\('(gtk\+-3|ayatana)|(gtk3|appindicator)_dep" --include=meson.build . |
  grep -v '^\./xembed-tray/'; then
  complain "GTK 3 outside of xembed-tray"
fi

# Translators get to see every text for people.
while read -r file; do
  grep -qx "src/$file" ../po/POTFILES.in || complain "po/POTFILES.in lacks src/$file"
done < <(grep -lrE '\b_ \("|N_ \("|translatable="(yes|true)"' --include='*.c' --include='*.ui' . | sed 's#^\./##')

[ "$failed" = 0 ] && echo "ok - every room sees only what is below it"
exit "$failed"
