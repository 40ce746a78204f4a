#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What models do wrong: words that are left out, and words that nobody said."""

import array
import json
import os
import random
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# pylint: disable=wrong-import-position
import tap
from fakes.fake_services import FakeService, reply
from whis_session import SPEECH, WhisSession


def verbose(*words):
    """An answer with a time for each word: (start, end, word) in seconds."""
    return reply(200, {
        "text": " ".join(word for _, _, word in words),
        "words": [{"word": word, "start": start, "end": end} for start, end, word in words]})


def evenly(text, start, end):
    """Words that share a time."""
    words = text.split()
    step = (end - start) / len(words)
    return [(start + i * step, start + (i + 1) * step, word) for i, word in enumerate(words)]


def segment(text, start, end):
    """An answer with a time for all of its words together."""
    return reply(200, {"text": text, "segments": [{"text": text, "start": start, "end": end}]})


class GuardsTest(unittest.TestCase):
    """A server of the Whisper kind that answers as it is told."""

    def setUp(self):
        self.provider = FakeService(verbose())
        self.addCleanup(self.provider.close)
        self.session = WhisSession(pulse=False)
        self.addCleanup(self.session.close)
        address = self.provider.address.removesuffix("/v1") + "/inference"
        self.session.settings(provider="whisper-cpp", **{"addresses__whisper-cpp": address})

    def make(self, times=1, pause=0.5):
        """A file with a sentence of three seconds, so many times."""
        path = os.path.join(self.session.directory, "sound.wav")
        subprocess.run(["sox", *[SPEECH] * times, path, "pad", "0", str(pause)], check=True)
        return path

    def transcribe(self, path, *options):
        result = self.session.whis("transcribe", *options, path)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout.strip()

    def stats(self):
        """The numbers of `whis stats`."""
        result = self.session.whis("stats")
        self.assertEqual(result.returncode, 0, result.stderr)
        head, *rows = [line.split() for line in result.stdout.splitlines()]
        self.assertEqual(len(rows), 1, result.stdout)
        return dict(zip(head[2:], map(int, rows[0][2:])))


class Holes(GuardsTest):
    """Speech that is in no word is recognised again alone."""

    def test_filled(self):
        """What was left out in the middle is put where it belongs."""
        self.provider.answers = [
            verbose(*evenly("it began like this", 0.2, 3.0), *evenly("and so it ended", 6.0, 8.6)),
            verbose(*evenly("with the middle part", 0.4, 2.9))]
        self.assertEqual(self.transcribe(self.make(3)),
                         "it began like this with the middle part and so it ended")
        first, second = self.provider.requests
        self.assertLess(len(second.files["file"][2]), 0.7 * len(first.files["file"][2]))
        self.assertEqual(self.stats(), {"pieces": 1, "holes": 1, "filled": 1, "left": 0,
                                        "invented": 0, "loops": 0, "sounds": 0})

    def test_left(self):
        """What stays open is marked, and costs no more than two looks."""
        self.provider.answers = [verbose(*evenly("it began like this", 0.2, 3.0))]
        document = json.loads(self.transcribe(self.make(3), "--format", "json"))
        self.assertEqual(document["text"], "it began like this")
        (gap,) = document["chunks"][0]["gaps"]
        self.assertGreater(gap["start"], 2.5)
        self.assertGreater(gap["end"], 8)
        self.assertEqual(len(self.provider.requests), 3)
        self.assertEqual(self.stats()["left"], 1)

    def test_left_is_found_again(self):
        """The history knows of the gap, and another look may fill it."""
        self.provider.answers = [verbose(*evenly("it began like this", 0.2, 3.0))]
        self.transcribe(self.make(3))
        shown = self.session.whis("history", "export", "last", "--format", "json")
        (gap,) = json.loads(shown.stdout)["chunks"][0]["gaps"]
        self.assertGreater(gap[1] - gap[0], 4000)
        self.provider.default = verbose(*evenly("it began like this and ended well", 0.2, 8.6))
        again = self.session.whis("history", "again", "last", "--provider", "whisper-cpp")
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertIn("it began like this and ended well", again.stdout)

    def test_whole_piece(self):
        """Speech without any text is recognised once more."""
        self.provider.answers = [verbose(), verbose(*evenly("here it is", 0.2, 2.5))]
        self.assertEqual(self.transcribe(self.make()), "here it is")

    def test_failure_keeps_text(self):
        """A service that refuses the second look costs no text."""
        self.provider.answers = [verbose(*evenly("it began like this", 0.2, 3.0))]
        self.provider.default = reply(400, {"error": "no more"})
        self.assertEqual(self.transcribe(self.make(3)), "it began like this")
        self.assertEqual(self.stats()["left"], 1)


class Inventions(GuardsTest):
    """Words that nobody said."""

    def test_tail(self):
        self.provider.default = verbose(*evenly("it was late", 0.3, 2.9),
                                        *evenly("Thank you for watching.", 6, 7))
        self.assertEqual(self.transcribe(self.make()), "it was late")
        self.assertEqual(self.stats()["invented"], 1)

    def test_said(self):
        """The same words stay where they were said."""
        self.provider.default = verbose(*evenly("Thank you for watching.", 0.3, 2.9))
        self.assertEqual(self.transcribe(self.make()), "Thank you for watching.")
        self.assertEqual(self.stats()["invented"], 0)

    def test_loop(self):
        words = evenly("I see it all. " * 40, 0.3, 2.9)
        self.provider.default = verbose(*words)
        self.assertEqual(self.transcribe(self.make()), "I see it all.")
        self.assertEqual(self.stats()["loops"], 1)

    def test_said_three_times(self):
        said = "I see it all. I see it all. I see it all."
        self.provider.default = verbose(*evenly(said, 0.3, 8.7))
        self.assertEqual(self.transcribe(self.make(3)), said)
        self.assertEqual(len(self.provider.requests), 1)

    def test_loop_in_speech(self):
        """A repetition that may have been said gets another look, without what was said before."""
        said = "I see it all. " * 10
        self.provider.answers = [verbose(*evenly(said, 0.3, 8.7)),
                                 verbose(*evenly("he saw her leave the house and go", 0.3, 8.7))]
        self.assertEqual(self.transcribe(self.make(3)), "he saw her leave the house and go")
        self.provider.answers = []
        self.provider.default = verbose(*evenly(said, 0.3, 8.7))
        self.assertEqual(self.transcribe(self.make(3, pause=0.6)), said.strip())

    def test_music(self):
        """What a model calls music is no speech, and not asked for once more."""
        self.provider.default = segment("[Music]", 0, 3)
        result = self.session.whis("transcribe", self.make())
        self.assertEqual((result.returncode, result.stdout), (4, ""), result.stderr)
        self.assertEqual(len(self.provider.requests), 1)

    def test_sounds(self):
        self.provider.default = verbose((0.1, 0.2, "[Music]"), *evenly("it was late.", 0.3, 2.9),
                                        (5, 6, "(wind howling)"))
        self.assertEqual(self.transcribe(self.make()), "it was late.")
        self.assertEqual(self.stats()["sounds"], 2)


class Order(GuardsTest):
    """One piece after the other, each with the text of the sentence that goes on."""

    def test_context(self):
        texts = [f"this is piece {word}" for word in ("one", "two", "three", "four", "five")]
        self.provider.answers = [segment(text, 0, 28) for text in texts]
        self.transcribe(self.make(24))
        requests = self.provider.requests
        self.assertGreaterEqual(len(requests), 3)
        self.assertEqual(self.provider.peak, 1)
        self.assertNotIn("prompt", requests[0].fields)
        self.assertEqual(requests[1].fields["prompt"], texts[0])
        self.assertTrue(requests[2].fields["prompt"].endswith(texts[1]))

    def test_whole_sentences(self):
        """What was said before a sentence does not go with it."""
        self.provider.answers = [segment(f"This is piece {word}.", 0, 28)
                                 for word in ("one", "two", "three", "four", "five")]
        self.transcribe(self.make(24))
        requests = self.provider.requests
        self.assertGreaterEqual(len(requests), 3)
        for request in requests:
            self.assertNotIn("prompt", request.fields)


class Encoding(GuardsTest):
    """Nothing is lost to the encoder."""

    def upload(self):
        name, kind, sound = self.provider.requests[-1].files["file"]
        return name, kind, sound

    def bitrate(self, sound):
        """Bits a second of an MP3 of ours, by its first header."""
        at = sound.index(b"\xff\xf3")
        return {0x48: 32, 0x88: 64}[sound[at + 2] & 0xfe]

    def test_samples_on_this_computer(self):
        """A server on this computer gets the samples."""
        self.provider.default = verbose(*evenly("here it is", 0.2, 2.5))
        self.transcribe(self.make())
        name, kind, sound = self.upload()
        self.assertEqual((name, kind, sound[:4], sound[8:16]),
                         ("audio.wav", "audio/wav", b"RIFF", b"WAVEfmt "))
        seconds = (len(sound) - 44) / 32000
        self.assertAlmostEqual(seconds, 3.3, delta=0.5)

    def read_samples(self, path):
        """What is behind the header of a WAV file."""
        with open(path, "rb") as file:
            head = file.read(44)
            self.assertEqual((head[:4], head[8:16], head[36:40]), (b"RIFF", b"WAVEfmt ", b"data"))
            return file.read()

    def make_unlike(self):
        """A file of sentences that are all in the same words and not the same samples."""
        path = self.make(8, pause=0.789)
        with open(path, "rb") as file:
            head = file.read(44)
            samples = array.array("h", file.read())
        chance = random.Random(1)
        with open(path, "wb") as file:
            file.write(head)
            array.array("h", (max(-32768, min(32767, sample + chance.randrange(-4, 5)))
                              for sample in samples)).tofile(file)
        return path

    def assert_pieces(self, samples, pieces):
        """Together they are all of the sound, but for silence at the end: each begins at the end of
        the one before, or earlier."""
        end = 0
        places = sorted((samples.find(piece[44:]), len(piece) - 44) for piece in pieces)
        self.assertGreaterEqual(places[0][0], 0, "these samples were never there")
        for start, length in places:
            self.assertLessEqual(start, end, "some samples are missing")
            end = start + length
        self.assertLess(len(samples) - end, 0.789 * 32000)

    def test_every_sample(self):
        """From the file over the recording to the server, byte for byte, over all seams."""
        self.session.settings(longest_chunk="10")
        self.provider.default = verbose(*evenly("here it is", 0.2, 2.5))
        path = self.make_unlike()
        self.transcribe(path)
        given = self.read_samples(path)
        (recording,) = self.session.recordings()
        recorded = self.read_samples(recording)
        self.assertEqual(recorded[:len(given)], given)
        self.assertEqual(recorded[len(given):].strip(b"\0"), b"")
        self.assertLess(len(recorded), len(given) + 1152)
        pieces = [request.files["file"][2] for request in self.provider.requests]
        self.assertGreaterEqual(len(pieces), 3)
        self.assert_pieces(recorded, pieces)

    def test_samples_to_a_service_later(self):
        """Another service gets an MP3 of the same sound, as long as it."""
        self.provider.default = verbose(*evenly("here it is", 0.2, 2.5))
        self.transcribe(self.make())
        (recording,) = self.session.recordings()
        self.assertTrue(recording.endswith(".wav"))
        self.use_service()
        result = self.session.whis("history", "again", "last", "--provider", "azure")
        self.assertEqual(result.returncode, 0, result.stderr)
        name, kind, sound = self.upload()
        self.assertEqual((name, kind, self.bitrate(sound)), ("audio.mp3", "audio/mpeg", 64))
        seconds = len(sound) / 288 * 0.036
        self.assertAlmostEqual(seconds, len(self.read_samples(recording)) / 32000, delta=0.15)

    def test_export(self):
        """The sound is exported as it was recorded."""
        self.provider.default = verbose(*evenly("here it is", 0.2, 2.5))
        self.transcribe(self.make())
        exported = os.path.join(self.session.directory, "exported.wav")
        result = self.session.whis("history", "export", "last", "--format", "audio", "--output",
                                   exported)
        self.assertEqual(result.returncode, 0, result.stderr)
        (recording,) = self.session.recordings()
        with open(recording, "rb") as kept, open(exported, "rb") as file:
            self.assertEqual(file.read(), kept.read())
        (entry,) = self.session.call("ListHistory", "(a{sv})", {})[0]
        self.assertTrue(entry["lossless"])

    def use_service(self):
        self.session.settings(addresses__azure=self.provider.address, models__azure="deployment")
        result = self.session.whis("key", "set", "azure", stdin="0123456789abcdef" * 2 + "\n")
        self.assertEqual(result.returncode, 0, result.stderr)

    def send_away(self):
        """The same to a service in the network."""
        self.use_service()
        self.session.settings(provider="azure")
        self.provider.default = verbose(*evenly("here it is", 0.2, 2.5))
        self.transcribe(self.make())

    def test_services(self):
        self.send_away()
        name, kind, sound = self.upload()
        self.assertEqual((name, kind), ("audio.mp3", "audio/mpeg"))
        self.assertEqual(self.bitrate(sound), 64)

    def test_save_data(self):
        """Half of it for those who pay for their data; not on this computer."""
        self.session.settings(save_data="true")
        self.send_away()
        self.assertEqual(self.bitrate(self.upload()[2]), 32)
        self.session.settings(provider="whisper-cpp")
        self.transcribe(self.make(pause=0.7))
        self.assertEqual(self.upload()[0], "audio.wav")


if __name__ == "__main__":
    tap.main()
