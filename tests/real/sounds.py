# SPDX-License-Identifier: MIT
"""Sounds in which nobody speaks."""

import array
import random
import subprocess
import wave

RATE = 16000
SECONDS = 20


def synthesize(path, *effects):
    subprocess.run(["sox", "-R", "-n", "-r", str(RATE), "-c", "1", "-b", "16", path, "synth",
                    str(SECONDS), *effects], check=True)


def silence(path):
    """Of a room: the least noise that there is, for digital silence is not even asked about."""
    synthesize(path, "whitenoise", "vol", "0.0001")


def soft_noise(path):
    synthesize(path, "pinknoise", "norm", "-40")


def loud_noise(path):
    synthesize(path, "pinknoise", "norm", "-14")


def hum(path):
    synthesize(path, "sine", "50", "synth", "sine", "mix", "100", "synth", "sine", "mix", "150",
               "norm", "-24")


def music(path):
    """A melody with rests."""
    notes = [f"{path}.{hertz}.wav" for hertz in (330, 392, 294)]
    for note in notes:
        subprocess.run(["sox", "-R", "-n", "-r", str(RATE), "-c", "1", "-b", "16", note, "synth",
                        "0.4", "sine", note[-7:-4], "tremolo", "5", "30", "norm", "-15",
                        "pad", "0", "0.1"], check=True)
    subprocess.run(["sox", *notes, path, "repeat", "12"], check=True)


def typing(path):
    """Keys in bursts over a soft room."""
    chance = random.Random(4)
    samples = array.array("h", (int(chance.gauss(0, 15)) for _ in range(RATE * SECONDS)))
    at = 0.5
    while at < SECONDS - 1:
        start, peak = int(at * RATE), chance.uniform(2000, 9000)
        for i in range(int(0.03 * RATE)):
            value = samples[start + i] + peak * chance.uniform(-1, 1) * 0.99 ** i
            samples[start + i] = int(max(-32768, min(32767, value)))
        at += chance.uniform(0.09, 0.25) if chance.random() < 0.9 else chance.uniform(0.6, 3)
    with wave.open(path, "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", None))
        file.writeframes(samples.tobytes())


ALL = (silence, soft_noise, loud_noise, hum, music, typing)
