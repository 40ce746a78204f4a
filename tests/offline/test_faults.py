#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A recogniser that dies, hangs or talks nonsense: no piece is lost, and one sentence says why."""

import os
import signal
import sys
import unittest

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [TESTS, os.path.join(TESTS, "service")]
# pylint: disable=wrong-import-position
import tap
from fake_recogniser import TEXT
from whis_session import WhisSession

CARDS = [f"/usr/share/pocketsphinx/test/data/cards/00{number}.wav" for number in (1, 2, 3, 4)]


class FaultTest(unittest.TestCase):
    """A session with a recogniser that obeys."""

    def begin(self, requests="", starts="", **variables):
        """Makes a session; what goes wrong is fixed before its service starts."""
        self.session = WhisSession(pulse=False)
        self.addCleanup(self.session.close)
        self.count = os.path.join(self.session.directory, "count")
        self.session.environment.update(
            WHIS_OFFLINE_PROGRAM=os.path.join(TESTS, "offline", "fake_recogniser.py"),
            FAKE_RECOGNISER_COUNT=self.count, FAKE_RECOGNISER=requests,
            FAKE_RECOGNISER_START=starts, **variables)
        self.session.settings(provider="offline")

    def lines(self, kind):
        """What was counted."""
        path = f"{self.count}-{kind}"
        if not os.path.exists(path):
            return []
        with open(path, encoding="utf-8") as file:
            return file.read().splitlines()

    def assert_heard(self, *files):
        """Every file has its text, exactly once."""
        result = self.session.whis("transcribe", *files, timeout=300)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(result.stdout.count(TEXT), len(files), result.stdout)

    def assert_refused(self, *parts):
        """It fails with one sentence that has these in it."""
        result = self.session.whis("transcribe", CARDS[0], timeout=300)
        self.assertEqual((result.returncode, result.stdout), (1, ""), result.stderr)
        for part in parts:
            self.assertIn(part, result.stderr)


class Deaths(FaultTest):
    """Signals."""

    def test_once_each(self):
        """Whatever ends it in the midst of a piece, the piece is recognised by its successor."""
        for number in (signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT, signal.SIGILL):
            with self.subTest(number):
                self.begin(f"fine die:{int(number)}")
                self.assert_heard(*CARDS[:3])
                self.assertEqual(len(self.lines("starts")), 2)
                self.assertEqual(len(self.lines("requests")), 4)

    def test_illegal_instruction(self):
        """The successor uses the plain variant, and that is said."""
        self.begin("die:4")
        self.session.start_service()
        self.assert_heard(CARDS[0])
        first, second = self.lines("starts")
        self.assertNotIn("--plain-processor", first)
        self.assertIn("--plain-processor", second)
        checked = self.session.whis("key", "check", "offline")
        self.assertIn("slower than it could be", checked.stdout + checked.stderr)

    def test_memory(self):
        """The next smaller model is offered and not taken."""
        self.begin("die:9 die:9 die:9 die:9 die:9", FAKE_RECOGNISER_SMALLER="ggml-base-q5_1")
        self.session.settings(models__offline="ggml-small-q8_0")
        self.assert_refused("memory", "such as ggml-base-q5_1")
        for start in self.lines("starts"):
            self.assertIn("--model ggml-small-q8_0", start)

    def test_abort(self):
        self.begin("die:6 die:6 die:6 die:6 die:6")
        self.assert_refused("several times in a row", "fetch it again")

    def test_at_start(self):
        """After three times within a minute nobody starts it a fourth time."""
        self.begin(starts="die:11 die:11 die:11 die:11")
        self.assert_refused("several times in a row")
        self.assertEqual(len(self.lines("starts")), 3)


class Silence(FaultTest):
    """What does not come."""

    def test_hang_once(self):
        """It is ended, also when it does not end by itself, and its successor answers."""
        self.begin("fine hang", WHIS_OFFLINE_LIMIT_MS="1")
        self.assert_heard(*CARDS[:2])
        self.assertEqual(len(self.lines("starts")), 2)

    def test_hang(self):
        self.begin("hang hang hang hang", WHIS_OFFLINE_LIMIT_MS="1")
        self.assert_refused("did not finish in time", "smaller model")

    def test_nonsense(self):
        """What was recorded stays, and the next request is answered."""
        self.begin("nonsense")
        self.assert_refused("makes no sense", "as it was")
        self.assert_heard(CARDS[0])


if __name__ == "__main__":
    tap.main()
