#!/bin/bash
# SPDX-License-Identifier: MIT
# Runs a test program on a bus of its own, with a fresh unlocked gnome-keyring ("yes"), one that nobody
# has opened yet ("new"), or none ("no").
set -euo pipefail

home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
export HOME=$home XDG_DATA_HOME=$home/data XDG_CONFIG_HOME=$home/config XDG_CACHE_HOME=$home/cache
export XDG_RUNTIME_DIR=$home/runtime WHIS_TEST_KEYRING=$1
mkdir -m 700 "$XDG_RUNTIME_DIR"
unset DISPLAY WAYLAND_DISPLAY

# The installed services would start a keyring by themselves: this bus knows none.
cat >"$home/bus.conf" <<BUS
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir=$home</listen>
  <policy context="default">
    <allow send_destination="*"/><allow eavesdrop="true"/><allow own="*"/>
  </policy>
</busconfig>
BUS

# shellcheck disable=SC2016
dbus-run-session --config-file="$home/bus.conf" -- bash -c '
  if [ "$WHIS_TEST_KEYRING" = yes ]; then
    echo -n password | env -u G_DEBUG -u MALLOC_CHECK_ gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1
    gdbus wait --session --timeout 30 org.freedesktop.secrets
  elif [ "$WHIS_TEST_KEYRING" = new ]; then
    env -u G_DEBUG -u MALLOC_CHECK_ gnome-keyring-daemon --foreground --components=secrets >/dev/null 2>&1 &
    gdbus wait --session --timeout 30 org.freedesktop.secrets
  fi
  "$@"; status=$?
  pkill -P $$ gnome-keyring || true
  exit $status' -- "${@:2}"
