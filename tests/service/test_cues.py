#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The sounds of start, stop and failure, where the microphone hears the loudspeaker."""

import array
import math
import os
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# pylint: disable=wrong-import-position
import tap
from fakes.fake_services import FakeService, reply, text
from whis_session import SPEECH, WhisSession

SOUNDS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "data", "sounds")
RATE = 16000
TONE = RATE * 40 // 1000
STARTED = (1320, 1980)
STOPPED = (1980, 1320)
FAILED = (440, 330)


def share(samples, hertz):
    """How much of the energy of some samples is at a frequency."""
    energy = sum(sample * sample for sample in samples)
    if energy < 256 * len(samples):
        return 0
    step = 2 * math.pi * hertz / RATE
    real = sum(sample * math.cos(step * i) for i, sample in enumerate(samples))
    imaginary = sum(sample * math.sin(step * i) for i, sample in enumerate(samples))
    return 2 * (real * real + imaginary * imaginary) / (len(samples) * energy)


def has_cue(samples, tones):
    """Whether two tones follow each other somewhere."""
    for at in range(0, len(samples) - 2 * TONE, TONE // 16):
        if (share(samples[at:at + TONE], tones[0]) > 0.5
                and share(samples[at + TONE:at + 2 * TONE], tones[1]) > 0.5):
            return True
    return False


def decode(data):
    """The samples of a sound file."""
    with tempfile.NamedTemporaryFile(suffix=".sound") as file:
        file.write(data)
        file.flush()
        raw = subprocess.run(["ffmpeg", "-v", "error", "-i", file.name, "-f", "s16le", "-ac", "1",
                              "-ar", str(RATE), "-"], capture_output=True, check=True).stdout
    return array.array("h", raw)


class Cues(unittest.TestCase):
    """The microphone is the monitor of the only loudspeaker: whatever sounds is in its signal."""

    def setUp(self):
        self.provider = FakeService(text("words"))
        self.addCleanup(self.provider.close)
        self.session = WhisSession(environment={"WHIS_SOUNDS_DIR": SOUNDS})
        self.addCleanup(self.session.close)
        self.session.settings(provider="custom", addresses__custom=self.provider.address)
        self.path = os.path.join(self.session.directory, "monitor.raw")
        file = open(self.path, "wb")
        self.addCleanup(file.close)
        self.monitor = self.session.spawn(
            "parec", "--device=mic.monitor", "--raw", f"--rate={RATE}", "--channels=1",
            "--format=s16le", "--latency-msec=20", stdout=file, env=self.session.environment)
        self.session.wait_until(lambda: os.path.getsize(self.path) > 0, "nothing is monitored")
        self.heard = 0

    def wait_for_cue(self, tones):
        """Waits until the microphone has heard a cue, after the one before."""
        def find():
            with open(self.path, "rb") as file:
                file.seek(self.heard)
                data = file.read()
            samples = array.array("h", data[:len(data) // 2 * 2])
            # What was looked through is not looked at again, but for a cue that goes on.
            if not has_cue(samples, tones):
                self.heard += max(0, len(samples) - 4 * TONE) * 2
                return False
            self.heard += len(samples) * 2
            return True
        self.session.wait_until(find, f"no cue of {tones}")

    def test_cue_is_not_sent(self):
        session = self.session
        session.start_service()
        dictation = session.start_dictation(deliver=False)
        self.wait_for_cue(STARTED)
        session.play()
        session.call("Stop")
        self.assertEqual(session.outcome(dictation), ("finished", "words"))
        self.wait_for_cue(STOPPED)
        for request in self.provider.requests:
            sent = decode(request.files["file"][2])
            self.assertFalse(has_cue(sent, STARTED))
            self.assertFalse(has_cue(sent, STOPPED))
        for path in session.recordings():
            with open(path, "rb") as file:
                kept = decode(file.read())
            self.assertFalse(has_cue(kept, STARTED), "the cue is in the recording")
            self.assertFalse(has_cue(kept, STOPPED))
            expected = len(decode(open(SPEECH, "rb").read()))
            self.assertGreater(len(kept), expected)

    def test_cue_is_no_word(self):
        """A cue alone is no speech for which a service would be asked."""
        session = self.session
        session.start_service()
        dictation = session.start_dictation(deliver=False)
        self.wait_for_cue(STARTED)
        session.wait_until(lambda: session.get("Elapsed") > 700, "no sound comes")
        session.call("Stop")
        self.assertEqual(session.outcome(dictation)[:2], ("failed", "no-speech"))
        self.assertEqual(self.provider.requests, [])
        self.wait_for_cue(FAILED)

    def test_failure(self):
        session = self.session
        self.provider.default = reply(401, {"error": {"message": "no"}})
        session.start_service()
        dictation = session.start_dictation(deliver=False)
        self.wait_for_cue(STARTED)
        session.play()
        session.call("Stop")
        self.assertEqual(session.outcome(dictation)[0], "failed")
        self.wait_for_cue(FAILED)

    def test_switched_off(self):
        session = self.session
        session.settings(cues="false")
        session.start_service()
        dictation = session.start_dictation(deliver=False)
        session.play()
        session.call("Stop")
        self.assertEqual(session.outcome(dictation), ("finished", "words"))
        session.call("Quit")
        session.service.wait(120)
        self.monitor.terminate()
        self.monitor.wait(120)
        with open(self.path, "rb") as file:
            data = file.read()
        samples = array.array("h", data[:len(data) // 2 * 2])
        self.assertFalse(has_cue(samples, STARTED))
        self.assertFalse(has_cue(samples, STOPPED))


if __name__ == "__main__":
    tap.main()
