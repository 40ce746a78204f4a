# SPDX-License-Identifier: MIT
# Shows how far something is: on one line of a terminal, elsewhere in a line for each tenth.
# Sourced by scripts/packages.sh.

# progress: reads lines `PERCENT WHAT`, prints to standard error
progress() {
  local percent what before='' tenth=-1
  while read -r percent what; do
    if [ -t 2 ]; then
      # a new line for a new thing
      [ -z "$before" ] || [ "$what" = "$before" ] || printf '\n' >&2
      printf '\r\033[K%s: %s %%' "$what" "$percent" >&2
    elif [ "$what" != "$before" ] || [ "$((percent / 10))" -gt "$tenth" ]; then
      printf '%s: %s %%\n' "$what" "$percent" >&2
      tenth=$((percent / 10))
    fi
    before=$what
  done
  if [ -t 2 ] && [ -n "$before" ]; then
    printf '\n' >&2
  fi
}

# apt_steps COUNT LOG: makes such lines of what apt-get writes with APT::Status-Fd=1; the rest goes
# into the log. (Not awk: mawk reads ahead.)
apt_steps() {
  local packages=$1 size='' line
  while IFS= read -r line; do
    if [[ "$line" =~ ^dlstatus:[^:]*:([0-9]+) ]]; then
      echo "${BASH_REMATCH[1]} Fetching $packages packages$size"
    elif [[ "$line" =~ ^pmstatus:[^:]*(:[a-z][a-z0-9-]*)?:([0-9]+) ]]; then
      echo "${BASH_REMATCH[2]} Installing $packages packages"
    elif [[ "$line" =~ ([0-9]+)\ newly\ installed ]]; then
      packages=${BASH_REMATCH[1]}
    elif [[ "$line" =~ ^Need\ to\ get\ ([^/]+)(/.*)?\ of ]]; then
      size=" (${BASH_REMATCH[1]})"
    fi
    echo "$line" >>"$2"
  done
}

# ninja_steps LOG: the same of what ninja writes
ninja_steps() {
  local line
  : >"$1"
  while IFS= read -r line; do
    if [[ "$line" =~ ^\[([0-9]+)/([0-9]+)\] ]]; then
      echo "$((BASH_REMATCH[1] * 100 / BASH_REMATCH[2])) Building in ${BASH_REMATCH[2]} steps"
    fi
    echo "$line" >>"$1"
  done
}
