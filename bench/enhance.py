#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What automatic gain and noise suppression do to the embedded recogniser.

  bench/enhance.py [--program build/src/offline/whis-offline]

The sound is the recorded human speech that bench/wer.py uses, one utterance at a time: as it is,
with brown and pink noise (of sox) at 20 and 10 dB below the speech, and 30 dB quieter. Each goes
through GStreamer's webrtcdsp as Whis sets it up, and then as WAV to whis-offline. The table has the
word error rate; each row is one kind of sound.
"""

import argparse
import array
import importlib.util
import math
import os
import pathlib
import subprocess
import sys
import tempfile

import gi

gi.require_version("Gst", "1.0")
from gi.repository import Gst  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent.parent
SETUPS = [("nothing", None), ("gain", (True, False)), ("suppression", (False, True)),
          ("both", (True, True))]

sys.dont_write_bytecode = True


def load_bench():
    """bench/wer.py, beside the tests' module of the same name."""
    spec = importlib.util.spec_from_file_location("bench_wer", ROOT / "bench" / "wer.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


BENCH = load_bench()


def level(samples):
    return math.sqrt(sum(sample * sample for sample in samples) / len(samples)) or 1


def scale(samples, factor):
    return array.array("h", (max(-32768, min(32767, round(s * factor))) for s in samples))


def noise(kind, count):
    seconds = count / BENCH.RATE + 0.1
    raw = subprocess.run(
        ["sox", "-R", "-n", "-t", "raw", "-b", "16", "-e", "signed", "-r", str(BENCH.RATE), "-c",
         "1", "-", "synth", f"{seconds:.2f}", kind, "gain", "-6"],
        check=True, capture_output=True).stdout
    return array.array("h", raw[:2 * count])


def with_noise(kind, snr):
    def change(samples):
        sound = noise(kind, len(samples))
        factor = level(samples) / level(sound) / 10 ** (snr / 20)
        return array.array("h", (max(-32768, min(32767, s + round(n * factor)))
                                 for s, n in zip(samples, sound)))
    return change


CONDITIONS = [("clean", lambda samples: samples),
              ("brown noise, 20 dB", with_noise("brownnoise", 20)),
              ("brown noise, 10 dB", with_noise("brownnoise", 10)),
              ("pink noise, 20 dB", with_noise("pinknoise", 20)),
              ("pink noise, 10 dB", with_noise("pinknoise", 10)),
              ("30 dB quieter", lambda samples: scale(samples, 10 ** (-30 / 20)))]


def enhance(path, gain, suppression):
    """As append_enhancer() in src/audio/pipeline.c"""
    better = path.with_suffix(".better.wav")
    pipeline = Gst.parse_launch(
        f"filesrc location={path} ! wavparse ! audioconvert ! webrtcdsp echo-cancel=false "
        f"voice-detection=false high-pass-filter=false extended-filter=false "
        f"gain-control={str(gain).lower()} noise-suppression={str(suppression).lower()} "
        f"! audio/x-raw,format=S16LE,rate={BENCH.RATE},channels=1 ! wavenc "
        f"! filesink location={better}")
    pipeline.set_state(Gst.State.PLAYING)
    message = pipeline.get_bus().timed_pop_filtered(
        Gst.CLOCK_TIME_NONE, Gst.MessageType.EOS | Gst.MessageType.ERROR)
    pipeline.set_state(Gst.State.NULL)
    if message.type == Gst.MessageType.ERROR:
        sys.exit(str(message.parse_error()))
    return better


def measure(recogniser, parts, setup):
    wrong = words = 0
    for text, path in parts:
        heard = recogniser.transcribe(enhance(path, *setup) if setup else path)
        errors, count = BENCH.wer.errors(text, heard)
        wrong, words = wrong + errors, words + count
    return f"{wrong / words:6.1%}"


def main():
    parser = argparse.ArgumentParser(description="Word error rate by enhancement")
    parser.add_argument("--program", default=os.environ.get(
        "WHIS_OFFLINE_PROGRAM", ROOT / "build" / "src" / "offline" / "whis-offline"))
    args = parser.parse_args()
    if not BENCH.DATA.is_dir():
        sys.exit("The recorded speech is missing: install the package pocketsphinx-testdata.")
    Gst.init(None)

    utterances = sum(BENCH.utterances(), [])
    print("| sound | " + " | ".join(name for name, _ in SETUPS) + " |")
    print("| --- |" + " --- |" * len(SETUPS))
    with tempfile.TemporaryDirectory(prefix="whis-enhance-") as name:
        folder = pathlib.Path(name)
        recogniser = BENCH.Recogniser(args.program, folder)
        for condition, change in CONDITIONS:
            parts = []
            for i, (text, samples) in enumerate(utterances):
                path = folder / f"{i}.wav"
                BENCH.write_wav(path, change(samples))
                parts.append((text, path))
            cells = [measure(recogniser, parts, setup) for _, setup in SETUPS]
            print("| " + " | ".join([condition, *cells]) + " |", flush=True)
        assert recogniser.stop() == 0


if __name__ == "__main__":
    main()
