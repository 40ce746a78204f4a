#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The embedded recogniser with real weights, which `./test real` fetches.

WHISPER_MODELS is a folder with Whisper base as ggml-base.bin, ggml-base-q8_0.bin or
ggml-base-q5_1.bin; what of them is there is tested.
"""

import http.client
import json
import os
import re
import socket
import subprocess
import sys
import unittest

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [TESTS, os.path.join(TESTS, "service")]
# pylint: disable=wrong-import-position
import engine
import sounds
import tap
from whis_session import WhisSession

MODELS = engine.find_models()

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


class Connection(http.client.HTTPConnection):
    """To a Unix socket."""

    def __init__(self, path):
        super().__init__("localhost", timeout=300)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


@unittest.skipUnless(MODELS and os.environ.get("WHIS_OFFLINE_PROGRAM"), os.environ.get(
    "WHISPER_MODELS_MISSING", "they are fetched by ./test real"))
class Weights(unittest.TestCase):
    """A session whose recogniser finds the models."""

    def setUp(self):
        self.session = WhisSession(pulse=False)
        self.addCleanup(self.session.close)
        self.session.environment["WHIS_MODELS_PATH"] = engine.MODELS
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
            for make in sounds.ALL:
                path = os.path.join(self.session.directory, f"{make.__name__}.wav")
                if not os.path.exists(path):
                    make(path)
                answer = self.recognise(name, path)
                self.assertEqual(answer["text"], "", (name, make.__name__, answer))

    def test_no_remains(self):
        """What was recognised before changes nothing: not even how sure the model is."""
        if engine.find_missing() is not None:
            self.skipTest(engine.find_missing())
        path = os.path.join(self.session.directory, "long.wav")
        subprocess.run(["sox", engine.find_speech("running"), path, "trim", "0", "22"], check=True)
        for name in MODELS:
            first = self.recognise(name, path)
            self.recognise(name, sentence("0880"))
            self.assertEqual(self.recognise(name, path)["segments"], first["segments"], name)

    def test_thank_you(self):
        """What models invent is written where it is said."""
        path = os.path.join(self.session.directory, "thanks.wav")
        spoken = os.path.join(self.session.directory, "spoken.wav")
        subprocess.run(["espeak-ng", "-v", "en", "-w", spoken, "Thank you."], check=True)
        subprocess.run(["sox", spoken, "-r", str(sounds.RATE), "-c", "1", "-b", "16", path, "pad", "0.4",
                        "0.4"], check=True)
        for name in MODELS:
            answer = self.recognise(name, path)
            self.assertEqual(words(answer["text"]), ["thank", "you"], (name, answer))


if __name__ == "__main__":
    tap.main()
