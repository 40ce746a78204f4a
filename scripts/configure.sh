# SPDX-License-Identifier: MIT
# Makes build directories. Sourced by ./run and ./test.

system_has_whisper() {
  pkg-config --exists 'whisper >= 1.9.1' 'parakeet >= 1.9.1' 2>/dev/null
}

# Gets the source of whisper.cpp where this system has no such library, or says why not: without it
# everything but that engine is built.
get_whisper_source() {
  local reason
  system_has_whisper ||
    reason=$("$root/scripts/whisper-source.sh") ||
    echo "Whis is built without whisper.cpp, with PocketSphinx alone: $reason" >&2
}

# configure_build DIRECTORY LOG ARGUMENT…: configures it, and again if whisper.cpp's source has come
# since. Meson itself fetches nothing.
configure_build() {
  local build=$1 log=$2 again=()
  shift 2
  if [ -f "$build/build.ninja" ]; then
    if system_has_whisper || ! compgen -G "$root/subprojects/whisper.cpp-*" >/dev/null ||
      compgen -G "$build/subprojects/whisper.cpp-*" >/dev/null; then
      return
    fi
    again=(--reconfigure)
  fi
  meson setup "${again[@]}" "$build" "$root" --wrap-mode=nodownload "$@" >"$log" 2>&1 ||
    { cat "$log" >&2; exit 1; }
}
