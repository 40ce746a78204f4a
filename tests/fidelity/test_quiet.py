#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What nobody has said: silence and noise are not sent, and become no text."""

import array
import json
import math
import os
import pathlib
import random
import subprocess
import sys
import unittest
import wave

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE), os.path.join(os.path.dirname(HERE), "service")]
# pylint: disable=wrong-import-position
import tap
from fakes.fake_services import FakeService, text
from whis_session import SPEECH, WhisSession
from whispered import whispered

RATE = 16000
SECONDS = 60


def synthesize(path, *effects):
    """A minute of sound from sox."""
    subprocess.run(["sox", "-R", "-n", "-r", str(RATE), "-c", "1", "-b", "16", path, "synth",
                    str(SECONDS), *effects], check=True)


def silence(path):
    """What a muted microphone gives."""
    synthesize(path, "sine", "0", "vol", "0")


def quiet_room(path):
    """Pink noise at -60 dB."""
    synthesize(path, "pinknoise", "norm", "-48")


def hum(path):
    """50 Hz of the mains and their harmonics, loud."""
    subprocess.run(["sox", "-R", "-n", "-r", str(RATE), "-c", "1", "-b", "16", path, "synth",
                    str(SECONDS), "sine", "50", "synth", "sine", "mix", "100",
                    "synth", "sine", "mix", "150", "synth", "sine", "mix", "250",
                    "norm", "-24"], check=True)


def fan(path):
    """The rush of air, with the slow beat of the blades and a whine."""
    synthesize(path, "brownnoise", "synth", "whitenoise", "mix", "lowpass", "1500",
               "tremolo", "9", "20", "norm", "-22")


def typing(path):
    """Keys that go down and up, in bursts, over a soft room."""
    chance = random.Random(4)
    samples = array.array("h", (int(chance.gauss(0, 15)) for _ in range(RATE * SECONDS)))
    at = 0.5
    while at < SECONDS - 1:
        for delay, peak in ((0, chance.uniform(2000, 9000)),
                            (chance.uniform(0.06, 0.11), chance.uniform(800, 3000))):
            start = int((at + delay) * RATE)
            for i in range(int(0.03 * RATE)):
                value = samples[start + i] + peak * chance.uniform(-1, 1) * 0.99 ** i
                samples[start + i] = int(max(-32768, min(32767, value)))
        at += chance.uniform(0.09, 0.25) if chance.random() < 0.9 else chance.uniform(0.6, 3)
    with wave.open(path, "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", None))
        file.writeframes(samples.tobytes())


def music(path):
    """A melody with rests: pitch that rises above the room, as a voice does."""
    notes = [os.path.join(os.path.dirname(path), f"note{hertz}.wav") for hertz in (330, 392, 294)]
    for note in notes:
        subprocess.run(["sox", "-R", "-n", "-r", str(RATE), "-c", "1", "-b", "16", note, "synth",
                        "0.4", "sine", note[-7:-4], "tremolo", "5", "30", "norm", "-15",
                        "pad", "0", "0.1"], check=True)
    subprocess.run(["sox", *notes, path, "repeat", "39"], check=True)


def read(path):
    """The samples of a file."""
    with wave.open(path) as file:
        return array.array("h", file.readframes(file.getnframes()))


def write(path, samples):
    with wave.open(path, "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", None))
        file.writeframes(samples.tobytes())


def whisper(path):
    """Noise as loud as a voice was, in a soft room."""
    chance, speech, step = random.Random(3), read(SPEECH), RATE // 100
    samples = array.array("h")
    for start in range(0, len(speech) - step, step):
        loud = (sum(x * x for x in speech[start:start + step]) / step) ** 0.5 / 8
        samples.extend(int(chance.gauss(0, 10) + chance.gauss(0, loud)) for _ in range(step))
    write(path, samples)


def breath(path):
    """Air that goes out and in."""
    chance, samples = random.Random(5), array.array("h")
    for i in range(20 * RATE):
        at = i / RATE % 3.5
        loud = 500 * math.sin(math.pi * at / 0.9) if at < 0.9 else 0
        samples.append(int(chance.gauss(0, loud) + chance.gauss(0, 10)))
    write(path, samples)


class Sounds(unittest.TestCase):
    """A service that invents text for whatever it is sent."""

    def setUp(self):
        self.provider = FakeService(text("thank you for watching"))
        self.addCleanup(self.provider.close)
        self.session = WhisSession(pulse=False)
        self.addCleanup(self.session.close)
        self.session.settings(provider="custom", addresses__custom=self.provider.address)

    def transcribe(self, make):
        """What comes of a sound."""
        path = os.path.join(self.session.directory, "sound.wav")
        make(path)
        return self.session.whis("transcribe", path)

    def assert_nothing(self, make):
        """No text and no request."""
        result = self.transcribe(make)
        self.assertEqual((result.stdout, result.returncode), ("", 4), result.stderr)
        self.assertIn("No speech", result.stderr)
        self.assertEqual(len(self.provider.requests), 0)


class Quiet(Sounds):
    """Sounds without a voice in them."""

    def test_silence(self):
        self.assert_nothing(silence)

    def test_quiet_room(self):
        self.assert_nothing(quiet_room)

    def test_hum(self):
        self.assert_nothing(hum)

    def test_fan(self):
        self.assert_nothing(fan)

    def test_typing(self):
        self.assert_nothing(typing)

    def test_music(self):
        """Music may be sent; what the service does not understand becomes no text."""
        self.provider.default = text("")
        result = self.transcribe(music)
        self.assertEqual((result.stdout, result.returncode), ("", 4), result.stderr)


class Unvoiced(Sounds):
    """Sound without pitch, which may be words."""

    def test_whisper(self):
        """A whisper is speech."""
        result = self.transcribe(whisper)
        self.assertEqual((result.stdout, result.returncode), ("thank you for watching\n", 0),
                         result.stderr)

    def assert_sent_or_marked(self, path):
        """Of a sound that is clearly above the room something is heard, by the service or the user."""
        before = len(self.provider.requests)
        with open(path, "rb") as sound:
            # A pipe is nothing that the user still has, so that Whis keeps its sound.
            subprocess.run(["sh", "-c", 'cat | "$WHIS_PROGRAM" transcribe -'], stdin=sound,
                           env=self.session.environment, capture_output=True, check=False)
        if len(self.provider.requests) > before:
            return
        entry = self.session.whis("history", "export", "last", "--format", "json")
        chunks = json.loads(entry.stdout)["chunks"]
        self.assertTrue(any(chunk["gaps"] for chunk in chunks), entry.stdout)

    def test_whispered_sentences(self):
        """Whatever is whispered, near or far, is sent or marked; for a company as for this computer."""
        source, path = (os.path.join(self.session.directory, name)
                        for name in ("whisper.wav", "sound.wav"))
        room = os.path.join(self.session.directory, "room.wav")
        subprocess.run(["sox", "-R", "-n", "-r", str(RATE), "-c", "1", "-b", "16", room, "synth",
                        "20", "pinknoise", "norm", "-70"], check=True)
        for sentence in sorted(pathlib.Path(SPEECH).parent.glob("*.wav")):
            write(source, whispered(read(str(sentence)), random.Random(7)))
            for level in (-24, -33, -42):
                with self.subTest(sentence=sentence.name, level=level):
                    mixed = source + ".quiet.wav"
                    subprocess.run(["sox", "-R", source, mixed, "norm", str(level), "pad", "0.7",
                                    "0.7"], check=True)
                    subprocess.run(["sox", "-R", "-m", "-v", "1", mixed, "-v", "1", room, path,
                                    "trim", "0", "10"], check=True)
                    self.assert_sent_or_marked(path)

    def test_breath(self):
        """Breath is no speech, but the history knows of it, and the user may want it sent."""
        path = os.path.join(self.session.directory, "sound.wav")
        breath(path)
        with open(path, "rb") as sound:
            # A pipe is nothing that the user still has, so that Whis keeps its sound.
            result = subprocess.run(["sh", "-c", 'cat | "$WHIS_PROGRAM" transcribe -'], stdin=sound,
                                    env=self.session.environment, capture_output=True, text=True,
                                    check=False)
        self.assertEqual((result.stdout, result.returncode), ("", 4), result.stderr)
        self.assertEqual(len(self.provider.requests), 0)
        entry = self.session.whis("history", "export", "last", "--format", "json")
        chunks = json.loads(entry.stdout)["chunks"]
        self.assertTrue(any(chunk["gaps"] for chunk in chunks), entry.stdout)
        again = self.session.whis("history", "again", "last", "--provider", "custom")
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertIn("thank you for watching", again.stdout)


if __name__ == "__main__":
    tap.main()
