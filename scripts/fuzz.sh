#!/bin/bash
# SPDX-License-Identifier: MIT
# Runs one libFuzzer target over its corpus and then over inputs of its own making.
#   fuzz.sh SECONDS TARGET
set -euo pipefail

cd "$(dirname "$0")/.."
seconds=$1
target=$2
name=${target##*/fuzz-}
log=.build/fuzz-$name.log
mkdir -p ".build/fuzz-found/$name"

if "$target" -max_total_time="$seconds" -rss_limit_mb=4096 -timeout=20 -print_final_stats=1 \
  -verbosity=0 -artifact_prefix=".build/fuzz-found/$name-" ".build/fuzz-found/$name" \
  "fuzz/corpus/$name" >"$log" 2>&1; then
  runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  echo "fuzz-$name: nothing found in $seconds s, ${runs:-?} inputs"
else
  tail -n 40 "$log"
  echo "fuzz-$name: FOUND SOMETHING"
  exit 1
fi
