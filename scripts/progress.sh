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

# apt_steps LOG: makes such lines of what apt-get writes to APT::Status-Fd. How many packages there
# are is in the log of what it says. (Not awk: mawk reads ahead.)
apt_steps() {
  local line packages='' size=''
  while IFS= read -r line; do
    if [ -z "$packages" ]; then
      packages=$(sed -n 's/.* \([0-9]*\) newly installed.*/\1 /p' "$1")
      size=$(sed -n 's|^Need to get \([^/]*\)\(/.*\)* of .*| (\1)|p' "$1")
    fi
    if [[ "$line" =~ ^dlstatus:[^:]*:([0-9]+) ]]; then
      echo "${BASH_REMATCH[1]} Fetching ${packages}packages$size"
    elif [[ "$line" =~ ^pmstatus:[^:]*(:[a-z][a-z0-9-]*)?:([0-9]+) ]]; then
      echo "${BASH_REMATCH[2]} Installing ${packages}packages"
    fi
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
