# SPDX-License-Identifier: MIT
# What `./test real` and `./test bench` want besides Debian's packages: whisper.cpp's own programs,
# the weights of Whisper base, and speech. Sourced by ./test behind scripts/packages.sh.

# get_real: fetches and builds it below .build/real, and exports where each part is, or why it is not
# there as NAME_MISSING.
get_real() {
  local place=$root/.build/real missing kind name
  install_packages "${real_packages[@]}"
  if missing=$(scripts/real-servers.sh "$place"); then
    export WHISPER_SERVER=$place/build/bin/whisper-server WHISPER_CLI=$place/build/bin/whisper-cli
  else
    export WHISPER_SERVER_MISSING=$missing WHISPER_CLI_MISSING=$missing
    echo "No engine to compare with: $missing"
  fi
  # The real weights, as whisper.cpp's authors name the files.
  for kind in q5_1 q8_0 f16; do
    name=ggml-base-$kind.bin
    if missing=$(scripts/whisper-weights.py --type "$kind" "$place/${name/-f16/}" 2>&1); then
      export WHISPER_MODELS=$place
    else
      export WHISPER_MODELS_MISSING=$missing
      echo "No weights to test with: $missing"
      break
    fi
  done
  if missing=$(scripts/real-speech.py "$place/speech" 2>&1); then
    export WHISPER_SPEECH=$place/speech
  else
    export WHISPER_SPEECH_MISSING=$missing
    echo "No speech to test with: $missing"
  fi
}

# show_tables PREFIX: prints what was measured.
show_tables() {
  local table
  for table in "$WHIS_ARTEFACTS/$1"-*.md; do
    if [ -f "$table" ]; then
      echo
      cat "$table"
    fi
  done
}
