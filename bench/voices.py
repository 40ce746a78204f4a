#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What the voice detector hears in sounds with and without speech, and the requests that costs.

Speech is recorded (pocketsphinx-testdata) or synthesized (espeak-ng); a whisper is made of both: with
the voices of espeak-ng that whisper, and out of recordings by putting noise in place of the voice's
pitch, with the spectrum as it was (linear prediction). The rest comes from sox.
"""

import array
import importlib.util
import math
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import wave

import harness

sys.path.insert(0, str(harness.ROOT / "tests" / "fidelity"))
# pylint: disable=wrong-import-position
from whispered import whispered

DATA = pathlib.Path("/usr/share/pocketsphinx/test/data/librivox")
RATE = 16000
TEXT = ("The committee will meet again on Friday afternoon to discuss the budget. "
        "Please bring your own notes and a pen.")


def sox(*arguments):
    subprocess.run(["sox", "-R", *map(str, arguments)], check=True)


def out(path):
    return ["-r", str(RATE), "-c", "1", "-b", "16", str(path)]


def read(path):
    with wave.open(str(path)) as file:
        return array.array("h", file.readframes(file.getnframes()))


def write(path, samples):
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", None))
        file.writeframes(samples.tobytes())


def breath(path):
    """Out and in, close to the microphone."""
    chance, samples = random.Random(5), array.array("h")
    level = 0.0
    for i in range(20 * RATE):
        at = i / RATE % 3.6
        shape = (math.sin(math.pi * at / 1.1) if at < 1.1
                 else 0.6 * math.sin(math.pi * (at - 1.7) / 0.8) if 1.7 <= at < 2.5 else 0)
        level = 0.7 * level + 0.3 * chance.gauss(0, 900) * shape
        samples.append(int(level + chance.gauss(0, 8)))
    write(path, samples)


def sounds(folder):
    """Pairs of a name and a file; names in groups of what is said in them."""
    spec = importlib.util.spec_from_file_location(
        "test_quiet", harness.ROOT / "tests" / "fidelity" / "test_quiet.py")
    quiet = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(quiet)
    chance = random.Random(7)
    recordings = sorted(DATA.glob("*.wav"))
    room = folder / "room.wav"
    sox("-n", *out(room), "synth", 20, "pinknoise", "norm", "-58")

    def mixed(path, source, *effects):
        shaped = folder / "shaped.wav"
        sox(source, *out(shaped), *effects)
        sox("-m", "-v", 1, shaped, "-v", 1, room, *out(path), "trim", 0, 20)

    def spoken(path, voice):
        source = folder / "espeak.wav"
        subprocess.run(["espeak-ng", "-v", voice, "-s", "150", "-w", source, TEXT], check=True)
        mixed(path, source, "norm", "-18")

    for number, recording in enumerate(recordings):
        path = folder / f"speech{number}.wav"
        mixed(path, recording, "norm", "-12")
        yield "speech", f"recorded {number + 1}", path
        path = folder / f"distant{number}.wav"
        mixed(path, recording, "norm", "-12", "reverb", 70, "gain", -26)
        yield "speech", f"distant, with an echo {number + 1}", path
        source = folder / "whispered.wav"
        write(source, whispered(read(recording), chance))
        path = folder / f"whisper{number}.wav"
        mixed(path, source, "norm", "-24")
        yield "speech", f"recorded, as a whisper {number + 1}", path
    for voice in ("en+whisper", "en+whisperf", "de+whisper"):
        path = folder / f"{voice}.wav"
        spoken(path, voice)
        yield "speech", f"espeak-ng {voice}", path

    quiet.SECONDS = 20
    for name in ("silence", "hum", "fan", "typing", "music"):
        path = folder / f"{name}.wav"
        getattr(quiet, name)(str(path))
        yield "none", name, path
    source, path = folder / "typing.wav", folder / "typing-room.wav"
    sox(source, *out(path), "reverb", 40)
    yield "none", "typing, with an echo", path
    for name, level in (("soft", -48), ("loud", -20)):
        path = folder / f"pink-{name}.wav"
        sox("-n", *out(path), "synth", 20, "pinknoise", "norm", level)
        yield "none", f"pink noise, {name}", path
    path = folder / "breath.wav"
    breath(path)
    yield "none", "breath", path


def main():
    program = os.environ.get("BENCH_VOICE") or sys.argv[1]
    if not DATA.is_dir() or not shutil.which("sox") or not shutil.which("espeak-ng"):
        sys.exit("This needs the packages pocketsphinx-testdata, sox and espeak-ng.")
    with tempfile.TemporaryDirectory(prefix="whis-voices-") as name:
        rows = []
        for kind, title, path in list(sounds(pathlib.Path(name))):
            line = subprocess.run([program, path], check=True, capture_output=True, text=True)
            _, length, voice, requests, sent, marked = line.stdout.rsplit(maxsplit=5)
            rows.append((kind, title, f"{int(length) / 1000:.1f}", f"{int(voice) / 1000:.1f}",
                         "yes" if int(requests) else "marked" if int(marked) else "no", requests,
                         f"{int(sent) / 1000:.1f}"))
        harness.print_table("Voice in sounds", ("speech", "sound", "seconds", "voice, s", "sent",
                                                  "requests", "seconds sent"), rows)


if __name__ == "__main__":
    main()
