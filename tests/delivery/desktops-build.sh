#!/bin/bash
# SPDX-License-Identifier: MIT
# Inside a tree of desktops.sh: installs its desktops and builds what their tests need.
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root"
. scripts/packages.sh
. scripts/configure.sh

install_packages "${build_packages[@]}" "${desktops_packages[@]}"
mkdir -p .build
configure_build .build/desktops .build/desktops.log -Doffline=false -Dwindow=false -Dindicator=false \
  -Dxembed_tray=false
# shellcheck disable=SC2046
ninja -C .build/desktops $(scripts/test-targets.py .build/desktops desktops)
