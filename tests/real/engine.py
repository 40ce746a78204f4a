# SPDX-License-Identifier: MIT
"""What the tests and measurements with real weights share: where things are, and the engine's own
command line, whisper.cpp's whisper-cli.

scripts/real.sh fetches and builds what these variables name, or says in the second one why not:
WHISPER_CLI, WHISPER_MODELS and WHISPER_SPEECH.
"""

import glob
import os
import re
import subprocess

MODELS = os.environ.get("WHISPER_MODELS", "/nonexistent")
CLI = os.environ.get("WHISPER_CLI", "/nonexistent")
SPEECH = os.environ.get("WHISPER_SPEECH", "/nonexistent")
TEXTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "texts")

# What ./run fetches, and what the packages have.
DEFAULT = "ggml-base-q5_1"

# Threads that wait for each other do not spin meanwhile: on a busy computer that takes ten times as
# long. It changes no word. whis-offline is started so, too.
PASSIVE = {"OMP_WAIT_POLICY": "passive", "GOMP_SPINCOUNT": "0"}


def find_missing():
    """Why there are no real weights or nothing to compare with; None if there are."""
    for name in ("WHISPER_CLI", "WHISPER_MODELS", "WHISPER_SPEECH"):
        if not os.path.exists(os.environ.get(name, "/nonexistent")):
            return os.environ.get(f"{name}_MISSING", "it is fetched by ./test real")
    return None


def find_models():
    """The names of the models that are here, the default first."""
    names = [os.path.basename(path).removesuffix(".bin")
             for path in glob.glob(os.path.join(MODELS, "ggml-base*.bin"))]
    return sorted(names, key=lambda name: (name != DEFAULT, name))


def read_text(name):
    """A text that was read aloud, without the marks of its pauses."""
    with open(os.path.join(TEXTS, f"{name}.txt"), encoding="utf-8") as file:
        return file.read().replace("|", "")


def find_speech(name):
    return os.path.join(SPEECH, f"{name}.wav")


def command(model, path, language="en", beams=1):
    """How whisper-cli recognises a whole file, with its times on."""
    return [CLI, "--model", os.path.join(MODELS, f"{model}.bin"), "--file", path, "--language", language,
            "--threads", "2", "--beam-size", str(beams), "--best-of", str(beams)]


def transcribe(model, path, language="en", beams=1):
    """The text that the engine's own command line makes of a whole file."""
    answer = subprocess.run([*command(model, path, language, beams), "--no-prints"], check=True,
                            capture_output=True, text=True, env={**os.environ, **PASSIVE})
    return " ".join(re.findall(r"^\[[\d:.]+ --> [\d:.]+\] *(.*)$", answer.stdout, re.MULTILINE))
