#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Whis and whisper.cpp's own server, fetched and built by `./test real`."""

import json
import os
import re
import subprocess
import sys
import unittest

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [TESTS, os.path.join(TESTS, "service")]
# pylint: disable=wrong-import-position
import tap
from whis_session import SPEECH, WhisSession
from whisper_model import SENTENCES, SPOKEN
from whisper_server import WhisperServer, find_port

TEXT = " ".join(SENTENCES)
CUE = r"\d\d:\d\d:(\d\d[,.]\d\d\d) --> \d\d:\d\d:(\d\d[,.]\d\d\d)"


@unittest.skipUnless(os.environ.get("WHISPER_SERVER"), os.environ.get(
    "WHISPER_SERVER_MISSING", "it is fetched by ./test real"))
class RealTest(unittest.TestCase):
    """A session, and servers that it starts."""

    pulse = False

    def setUp(self):
        self.session = WhisSession(pulse=self.pulse)
        self.addCleanup(self.session.close)

    def start(self, *options):
        """Starts a server and makes it the user's."""
        server = WhisperServer(self.session, *options)
        self.choose("whisper-cpp", server.address)
        return server

    def choose(self, provider, address):
        """Makes a server the user's."""
        self.session.settings(provider=provider, **{f"addresses__{provider}": address})

    def transcribe(self, *arguments):
        return self.session.whis("transcribe", SPEECH, *arguments)

    def assert_heard(self, *arguments):
        """It works, and is what the model says."""
        result = self.transcribe(*arguments)
        self.assertEqual((result.returncode, result.stdout.strip()), (0, TEXT), result.stderr)

    def assert_refused(self, *parts):
        """It fails with one sentence that has these in it."""
        result = self.transcribe()
        self.assertEqual((result.returncode, result.stdout), (1, ""), result.stderr)
        for part in parts:
            self.assertIn(part, result.stderr)


class WhisperCpp(RealTest):
    """As its own choice."""

    def test_segments_are_one_line(self):
        self.start()
        self.assert_heard()

    def test_language(self):
        """It takes English for granted: Whis tells it to find out, or which one it is."""
        server = self.start()
        self.assert_heard()
        self.session.settings(language="de")
        self.assert_heard()
        self.assertEqual(server.languages(), ["auto", "de"])

    def test_hints(self):
        """Prompt and words, in letters of all kinds, disturb nothing."""
        self.start()
        self.session.settings(vocabulary="['Quillara', 'Größe', '東京']", prompt="A story. " * 200)
        self.assert_heard()

    def test_times(self):
        """Words have the server's times, which lie in those of its segments."""
        self.start()
        result = self.transcribe("--format", "json")
        self.assertEqual(result.returncode, 0, result.stderr)
        (chunk,) = json.loads(result.stdout)["chunks"]
        self.assertEqual(chunk["times"], "words")
        words = chunk["words"]
        self.assertEqual([word["text"] for word in words], TEXT.split())
        for sentence, (begin, end) in zip(SENTENCES, SPOKEN):
            for _ in sentence.split():
                word = words.pop(0)
                self.assertTrue(begin <= word["start"] < word["end"] <= end + 0.001, word)

    def test_long_file(self):
        """Times go on from piece to piece."""
        server = self.start()
        path = os.path.join(self.session.directory, "long.wav")
        subprocess.run(["sox", *[SPEECH] * 40, path], check=True)
        result = self.session.whis("transcribe", path, "--format", "json")
        self.assertEqual(result.returncode, 0, result.stderr)
        document = json.loads(result.stdout)
        self.assertGreater(len(server.languages()), 1)
        self.assertEqual(len(document["chunks"]), len(server.languages()))
        times = []
        for chunk in document["chunks"]:
            self.assertEqual(chunk["times"], "words")
            for word in chunk["words"]:
                self.assertLessEqual(chunk["start"], word["start"])
                times += [word["start"], word["end"]]
        self.assertEqual(times, sorted(times))
        self.assertLessEqual(times[-1], document["duration"])

    def test_subtitles(self):
        self.start()
        for kind in ("srt", "vtt"):
            with self.subTest(kind=kind):
                result = self.transcribe("--format", kind)
                self.assertEqual(result.returncode, 0, result.stderr)
                ((begin, end),) = re.findall(CUE, result.stdout)
                self.assertLess(float(begin.replace(",", ".")), SPOKEN[0][1])
                self.assertAlmostEqual(float(end.replace(",", ".")), SPOKEN[-1][1], delta=0.001)
                self.assertIn(TEXT, " ".join(result.stdout.split()))

    def test_checks(self):
        """It has no keys and no list of models, and that is no error."""
        self.start()
        checked = self.session.whis("key", "check", "whisper-cpp")
        self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)
        listed = self.session.whis("models", "whisper-cpp")
        self.assertEqual(listed.returncode, 0, listed.stderr)

    def test_several_at_once(self):
        """It takes one after the other."""
        server = self.start()
        result = self.session.whis("transcribe", *[SPEECH] * 4)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(result.stdout.count(SENTENCES[0]), 4)
        self.assertEqual(len(server.languages()), 4)

    def test_restarted(self):
        """A connection that it left is not kept to."""
        server = self.start()
        self.session.start_service()
        self.assert_heard()
        server.stop()
        server.start()
        self.assert_heard()

    def test_unreachable(self):
        self.choose("whisper-cpp", f"http://127.0.0.1:{find_port()}")
        self.assert_refused("whisper.cpp")
        self.assertEqual(self.session.whis("key", "check", "whisper-cpp").returncode, 1)

    def test_unknown_path(self):
        self.start("--inference-path", "/elsewhere")
        self.assert_refused("does not know this address", "preferences")

    def test_cannot_process(self):
        """What fails inside of it is told in its own words."""
        self.start("--vad", "--vad-model", "/nonexistent/vad.bin")
        self.assert_refused("whisper.cpp", "failed to process audio")

    def test_second_service(self):
        """It takes over when the first fails inside."""
        second = WhisperServer(self.session, "--inference-path", "/v1/audio/transcriptions")
        self.choose("custom", f"{second.address}/v1")
        self.start("--vad", "--vad-model", "/nonexistent/vad.bin")
        self.session.settings(fallback_provider="custom")
        self.assert_heard()
        self.assertEqual(second.languages()[-1], "auto")

    def test_converts(self):
        """With ffmpeg in front of it."""
        self.start("--convert", "--tmp-dir", self.session.directory)
        self.assert_heard()


class AsOpenAI(RealTest):
    """At the path of OpenAI, as many have it, for a user who chose 'own server'."""

    def start(self, *options):
        server = WhisperServer(self.session, "--inference-path", "/v1/audio/transcriptions",
                               *options)
        self.choose("custom", f"{server.address}/v1")
        return server

    def test_language(self):
        """The server is recognised, so that it does not take English for granted."""
        server = self.start()
        self.assert_heard()
        self.assertEqual(server.languages()[-1], "auto")
        self.session.settings(language="de")
        self.assert_heard()
        self.assertEqual(server.languages()[-1], "de")

    def test_checks(self):
        """Without a list of models nothing is called wrong."""
        self.start()
        checked = self.session.whis("key", "check", "custom")
        self.assertIn("does not say whether it needs a key", checked.stdout + checked.stderr)
        listed = self.session.whis("models", "custom")
        self.assertEqual((listed.returncode, listed.stdout), (0, ""), listed.stderr)
        self.assertIn("no list of models", listed.stderr)

    def test_cannot_process(self):
        self.start("--vad", "--vad-model", "/nonexistent/vad.bin")
        self.assert_refused("failed to process audio")


class Dictation(RealTest):
    """A dictation from the microphone to the text."""

    pulse = True

    def test_dictation(self):
        self.start()
        self.session.start_service()
        dictation = self.session.start_dictation(deliver=False)
        self.session.play()
        self.session.call("Stop")
        outcome = self.session.outcome(dictation)
        self.assertEqual(outcome[0], "finished", outcome)
        self.assertTrue(outcome[1].startswith(TEXT), outcome)


if __name__ == "__main__":
    tap.main()
