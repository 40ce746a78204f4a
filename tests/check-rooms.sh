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

# A room reaches nothing through "..".
if grep -rn '#include "\.\./' --include='*.[ch]' .; then
  complain "an include leaves its room"
fi

# Which headers a room may see: its own and those of the rooms named here. Arrows go down only.
declare -A below=(
  [base]=""
  [text]="base"
  [settings]="base"
  [catalogue]="base"
  [http]="base"
  [sound]="base"
  [audio]="base sound"
  [speech]="base text settings catalogue http"
  [store]="base text settings"
  [legacy]="base text settings catalogue store"
  [recognisers]="base text settings catalogue http speech store"
  [transcript]="base text store"
  [display]="base"
  [delivery]="base display"
  [desktop]="base settings display"
  [dictation]="base text settings catalogue http sound audio speech store recognisers transcript display delivery desktop"
  [endpoint]="base text settings catalogue http speech store recognisers transcript dictation"
  [client]="base"
  [bus]="base text settings catalogue http sound audio speech store legacy recognisers transcript display delivery desktop dictation endpoint client"
  [cli]="base text settings catalogue client"
  [service]="base text settings catalogue http sound audio speech store legacy recognisers transcript display delivery desktop dictation endpoint client bus"
  [manual]="base text settings catalogue client cli"
  [offline]="base text catalogue audio/decoding"
  [window]="base text settings catalogue client"
  [indicator]="base client display"
  [whisper-cpp]=""
  [xembed-tray]=""
)

# has_header ROOM HEADER; a room may have folders.
has_header() {
  [ -e "$1/$2" ] || compgen -G "$1/*/$2" >/dev/null
}

for room in */; do
  room=${room%/}
  if [ -z "${below[$room]+known}" ]; then
    complain "nobody knows which rooms $room may see"
    continue
  fi
  while read -r header; do
    found=no
    for seen in "$room" ${below[$room]}; do
      has_header "$seen" "$header" && found=yes
    done
    for other in */; do
      other=${other%/}
      if [ "$found" = no ] && has_header "$other" "$header"; then
        complain "$room includes $header of $other"
      fi
    done
  done < <(grep -rhoP --include='*.[ch]' '#include "\K[^"./]+\.h' "$room" | sort -u)
done

# A recording is read without GStreamer, which a process of its own may have.
if grep -rn '#include <gst/' sound || grep -n 'gst' sound/meson.build | grep -v '^[0-9]*:#'; then
  complain "GStreamer in sound"
fi

# The service carries no toolkit.
if grep -rlE '#include <(gtk|adwaita|gdk)' . | grep -vE '^\./(window|xembed-tray)/'; then
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
