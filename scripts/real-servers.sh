#!/bin/bash
# SPDX-License-Identifier: MIT
# Builds whisper.cpp's whisper-server into a directory. Prints nothing where that works, and one line
# with the reason where it does not.
#
#   scripts/real-servers.sh DIRECTORY
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$1"
cd "$1"

[ -x build/bin/whisper-server ] && exit
"$root/scripts/whisper-source.sh"
source=$(echo "$root"/subprojects/whisper.cpp-*/package/cpp/whisper.cpp)
if ! cmake -S "$source" -B build -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=OFF \
  -DGGML_NATIVE=OFF -DWHISPER_BUILD_TESTS=OFF >log 2>&1 ||
  ! cmake --build build --target whisper-server --target whisper-cli --parallel 2 >log 2>&1; then
  echo "whisper-server cannot be built: $(tail -n 1 log)"
  exit 1
fi
