#!/bin/sh
# SPDX-License-Identifier: MIT
# Prints the folder with ggml's modules for processors that belongs to the libraries in folder $1.
for folder in "$1"/ggml/backends* "$1"/ggml "$1" "$1"/../bin; do
  for module in "$folder"/libggml-cpu*.so; do
    [ -e "$module" ] && cd "$folder" && pwd && exit
  done
done
