#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The embedded recogniser with real weights, which `./test --real` fetches.

WHISPER_MODELS is a folder with Whisper base as ggml-base.bin, ggml-base-q8_0.bin or
ggml-base-q5_1.bin; what of them is there is tested.
"""

import array
import glob
import http.client
import json
import os
import random
import re
import socket
import subprocess
import sys
import unittest
import wave

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [TESTS, os.path.join(TESTS, "service")]
# pylint: disable=wrong-import-position
import tap
from whis_session import WhisSession

FOLDER = os.environ.get("WHISPER_MODELS", "/nonexistent")
MODELS = sorted(os.path.basename(path).removesuffix(".bin")
                for path in glob.glob(os.path.join(FOLDER, "ggml-base*.bin")))
RATE = 16000
SECONDS = 20

DIRECTORY = "/usr/share/pocketsphinx/test/data/librivox"
SENTENCES = {
    "0870": "and mr john dashwood had then leisure to consider how much there might be prudently in "
            "his power to do for them",
    "0880": "he was not an ill disposed young man",
    "0890": "unless to be rather cold hearted and rather selfish is to be ill disposed",
    "0920": "had he married a more amiable woman he might have been made still more respectable "
            "than he was",
    "0930": "he might even have been made amiable himself",
}


def sentence(number):
    return f"{DIRECTORY}/sense_and_sensibility_01_austen_64kb-{number}.wav"


def words(text):
    """Without capitals and punctuation."""
    return re.sub(r"[^a-z ]", "", re.sub("[-\n]", " ", text.lower())).split()


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


class Connection(http.client.HTTPConnection):
    """To a Unix socket."""

    def __init__(self, path):
        super().__init__("localhost", timeout=300)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


@unittest.skipUnless(MODELS and os.environ.get("WHIS_OFFLINE_PROGRAM"),
                     "WHISPER_MODELS names no folder with Whisper base; ./test --real fetches it")
class Weights(unittest.TestCase):
    """A session whose recogniser finds the models."""

    def setUp(self):
        self.session = WhisSession(pulse=False)
        self.addCleanup(self.session.close)
        self.session.environment["WHIS_MODELS_PATH"] = FOLDER
        self.session.settings(provider="offline")


class Sentences(Weights):
    """What people said, as Whis transcribes files."""

    def test_no_error(self):
        for name in MODELS:
            self.session.settings(models__offline=name)
            for number, text in SENTENCES.items():
                result = self.session.whis("transcribe", "--provider", "offline", sentence(number),
                                           timeout=300)
                self.assertEqual(result.returncode, 0, result.stderr)
                self.assertEqual(words(result.stdout), text.split(), (name, number))


class Sounds(Weights):
    """What nobody said, as the recogniser alone sees it: no detector of voice is in front of it."""

    def setUp(self):
        super().setUp()
        folder = os.path.join(self.session.directory, "recogniser")
        os.mkdir(folder, 0o700)
        self.socket = os.path.join(folder, "socket")
        program = self.session.spawn(os.environ["WHIS_OFFLINE_PROGRAM"], "--socket", self.socket,
                                     stdout=subprocess.PIPE, text=True)
        self.assertEqual(program.stdout.readline(), "ready\n")
        self.addCleanup(program.stdout.close)

    def recognise(self, model, path, language="en"):
        """The verbose answer."""
        fields = {"model": model, "response_format": "verbose_json", "language": language}
        with open(path, "rb") as file:
            sound = file.read()
        body = b"".join(f"--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
                        .encode() for name, value in fields.items())
        body += (b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n\r\n"
                 + sound + b"\r\n--x--\r\n")
        connection = Connection(self.socket)
        self.addCleanup(connection.close)
        connection.request("POST", "/v1/audio/transcriptions", body,
                           {"Content-Type": "multipart/form-data; boundary=x"})
        answer = connection.getresponse()
        text = answer.read()
        self.assertEqual(answer.status, 200, text)
        return json.loads(text)

    def test_no_text(self):
        for name in MODELS:
            for make in (silence, soft_noise, loud_noise, hum, music, typing):
                path = os.path.join(self.session.directory, f"{make.__name__}.wav")
                if not os.path.exists(path):
                    make(path)
                answer = self.recognise(name, path)
                self.assertEqual(answer["text"], "", (name, make.__name__, answer))

    def test_thank_you(self):
        """What models invent is written where it is said."""
        path = os.path.join(self.session.directory, "thanks.wav")
        spoken = os.path.join(self.session.directory, "spoken.wav")
        subprocess.run(["espeak-ng", "-v", "en", "-w", spoken, "Thank you."], check=True)
        subprocess.run(["sox", spoken, "-r", str(RATE), "-c", "1", "-b", "16", path, "pad", "0.4",
                        "0.4"], check=True)
        for name in MODELS:
            answer = self.recognise(name, path)
            self.assertEqual(words(answer["text"]), ["thank", "you"], (name, answer))


if __name__ == "__main__":
    tap.main()
