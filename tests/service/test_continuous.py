#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Continuous dictation: the microphone stays open, and each longer pause delivers."""

import json
import os
import subprocess
import sys
import unittest
import wave

import numpy

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [TESTS, os.path.join(TESTS, "delivery"), os.path.join(TESTS, "service")]
# pylint: disable=wrong-import-position
import tap
from fakes.fake_services import FakeService, text
from gi.repository import Gio, GLib
from whis_session import APP_ID, INTERFACE, PATH, WhisSession
from x11_session import X11Session

RATE = 16000
FORMAT = ("-r", str(RATE), "-c", "1", "-b", "16")
SPEECH = "/usr/share/pocketsphinx/test/data/librivox/sense_and_sensibility_01_austen_64kb-{}.wav"
# So long the voice detector remembers how quiet a room was; the sound server's is without any sound.
ROOM = 3.5
PIECES = [SPEECH.format(number) for number in ("0880", "0890", "0930")]


def read_samples(path):
    with wave.open(path, "rb") as file:
        assert (file.getframerate(), file.getnchannels()) == (RATE, 1)
        return numpy.frombuffer(file.readframes(file.getnframes()), dtype="<i2").astype(float)


def find(sound, piece):
    """Where a piece is in a sound, in samples, and how alike they are there."""
    size = 1 << (len(sound) + len(piece)).bit_length()
    product = numpy.fft.irfft(numpy.fft.rfft(sound, size)
                              * numpy.conj(numpy.fft.rfft(piece, size)), size)[:len(sound)]
    at = int(numpy.argmax(product))
    there = sound[at:at + len(piece)]
    alike = product[at] / (numpy.linalg.norm(there) * numpy.linalg.norm(piece[:len(there)]) + 1)
    return at, alike


class ContinuousTest(unittest.TestCase):
    """A service, and a user who speaks with pauses."""

    environment = {}

    def setUp(self):
        self.provider = FakeService(text("words"))
        self.addCleanup(self.provider.close)
        self.session = WhisSession(environment=self.environment)
        self.addCleanup(self.session.close)
        self.session.settings(provider="custom", addresses__custom=self.provider.address)
        self.changes = []
        self.session.bus.signal_subscribe(
            None, "org.freedesktop.DBus.Properties", "PropertiesChanged", PATH, INTERFACE,
            Gio.DBusSignalFlags.NONE,
            lambda *arguments: self.changes.append(arguments[5].unpack()[1]))

    def properties(self, name):
        """The values that a property was changed to."""
        return [change[name] for change in self.changes if name in change]

    def make_sound(self, *parts):
        """A file of speech and pauses in a room with some noise: names of files, and seconds. The
        room is heard for some time before."""
        names = [os.path.join(self.session.directory, f"{name}.wav")
                 for name in ("pause", "words", "room", "speech")]
        pause, words, room, path = names
        pieces = []
        for number, part in enumerate((ROOM, *parts)):
            if isinstance(part, (int, float)):
                pieces.append(pause.replace("pause", f"pause-{number}"))
                subprocess.run(["sox", "-n", *FORMAT, pieces[-1], "trim", "0", str(part)], check=True)
            else:
                pieces.append(part)
        subprocess.run(["sox", *pieces, words], check=True)
        length = subprocess.run(["soxi", "-D", words], capture_output=True, check=True, text=True)
        subprocess.run(["sox", "-R", "-n", *FORMAT, room, "synth", length.stdout.strip(),
                        "pinknoise", "gain", "-36"], check=True)
        subprocess.run(["sox", "-m", "-v", "1", words, "-v", "1", room, path], check=True)
        return path

    def dictations(self):
        """Those that have recorded, in the order in which they began."""
        return [a[0] for name, a in self.session.events
                if name == "StateChanged" and a[1] == "recording"]

    def start(self, **options):
        return self.session.start_dictation(continuous=True, **options)

    def finished(self):
        """The texts that came, in their order."""
        return [a[1] for name, a in self.session.events if name == "Finished"]

    def wait_for_texts(self, count):
        self.session.wait_until(lambda: len(self.finished()) >= count, "a text is missing")

    def history(self):
        result = self.session.whis("history", "list", "--json")
        self.assertEqual(result.returncode, 0, result.stderr)
        return json.loads(result.stdout)


class Passages(ContinuousTest):
    """Each passage is a dictation, and they share the microphone."""

    def test_each_pause_delivers(self):
        session = self.session
        self.provider.answers = [text("first words"), text("second words"), text("third words")]
        session.start_service()
        first = self.start(deliver=False)
        self.assertEqual((session.get("Continuous"), session.get("MicrophoneOpen")), (True, True))
        self.assertIn("the microphone stays open", session.whis("status").stdout)
        self.changes.clear()
        session.play(self.make_sound(PIECES[0], 2.5, PIECES[1], 2.5))
        self.wait_for_texts(2)
        self.assertEqual(session.get("State"), "recording")
        session.play(PIECES[2])
        session.call("Stop")
        self.wait_for_texts(3)
        self.assertEqual(self.finished(), ["first words", "second words", "third words"])
        self.assertEqual(len(self.dictations()), 3)
        self.assertEqual(self.dictations()[0], first)
        for dictation in self.dictations():
            self.assertEqual(session.states(dictation),
                             ["starting", "recording", "transcribing", "done"])
        self.assertEqual(self.properties("MicrophoneOpen"), [False], "it was closed meanwhile")
        self.assertNotIn("starting", self.properties("State"))
        self.assertEqual((session.get("Continuous"), session.get("MicrophoneOpen")), (False, False))
        self.assertEqual(len(session.recordings()), 3)
        self.assertEqual(len(self.provider.requests), 3)

    def test_no_sound_is_lost_or_doubled(self):
        """What the passages have recorded is what was heard, one behind the other."""
        session = self.session
        session.settings(provider="offline")
        session.start_service()
        self.start(deliver=False)
        session.play(self.make_sound(1, PIECES[0], 1.7, PIECES[1], 1.7, PIECES[2], 0.5))
        session.wait_until(lambda: len(self.dictations()) == 3, "no third passage")
        session.call("Stop")
        for dictation in self.dictations():
            outcome = session.outcome(dictation)
            self.assertEqual(outcome[0], "finished", outcome)
        files = [path for dictation in self.dictations() for path in session.recordings()
                 if dictation in path]
        # The last frame is filled up with zeros.
        passages = [numpy.trim_zeros(read_samples(path), "b") for path in files]
        sound = numpy.concatenate(passages)
        places = []
        start = RATE
        for path in PIECES:
            piece = read_samples(path)
            at, alike = find(sound, piece)
            self.assertGreater(alike, 0.9, f"{path} is not whole")
            places.append(at - start)
            start += len(piece) + int(1.7 * RATE)
        # The sound server resamples twice, and noise may be zero.
        for place in places:
            self.assertAlmostEqual(place, places[0], delta=4, msg=f"{places} samples are off")
        seams = numpy.cumsum([len(passage) for passage in passages])[:-1]
        for seam in seams:
            self.assertLess(numpy.abs(sound[seam - 3200:seam + 3200]).max(), 900, "cut inside speech")

    def test_stop_in_the_pause(self):
        """What is left is a silence: that is no failure, and leaves no entry."""
        session = self.session
        session.start_service()
        self.start(deliver=False)
        session.play(self.make_sound(PIECES[0], 2.5))
        session.wait_until(lambda: len(self.dictations()) == 2, "no second passage")
        session.call("Stop")
        session.wait_for(self.dictations()[1], "cancelled")
        self.wait_for_texts(1)
        self.assertEqual(session.outcome(self.dictations()[1])[1], "no-speech")
        self.assertEqual([entry["state"] for entry in self.history()], ["done"])
        self.assertEqual(len(session.recordings()), 1)

    def test_cancel(self):
        """It is about the passage that records; what was said before is delivered."""
        session = self.session
        self.provider.gate.clear()
        session.start_service()
        self.start(deliver=False)
        session.play(self.make_sound(PIECES[0], 2.5, PIECES[1]))
        session.wait_until(lambda: len(self.dictations()) == 2, "no second passage")
        session.call("Cancel", "(s)", "")
        self.provider.gate.set()
        self.wait_for_texts(1)
        self.assertEqual(session.states(self.dictations()[1])[-1], "cancelled")
        self.assertFalse(session.get("MicrophoneOpen"))

    def test_killed(self):
        """What was delivered is not delivered again; the rest is offered."""
        session = self.session
        self.provider.answers = [text("first words")]
        session.start_service()
        first = self.start(deliver=False)
        session.play(self.make_sound(PIECES[0], 2.5))
        self.wait_for_texts(1)
        session.play(PIECES[1])
        session.kill_service()
        second = self.dictations()[1]
        session.events.clear()
        session.start_service()
        session.wait_until(lambda: session.get("Unfinished") == 1, "nothing is offered")
        self.provider.default = text("second words")
        session.call("Resume", "(sa{sv})", "", {})
        self.assertEqual(session.outcome(second), ("finished", "second words"))
        self.assertEqual(self.finished(), ["second words"])
        entries = {entry["id"]: entry for entry in self.history()}
        self.assertEqual(entries[first]["text"], "first words")
        self.assertEqual(entries[second]["text"], "second words")

    def test_microphone_goes_away(self):
        """The next passages come from another one."""
        session = self.session
        self.provider.answers = [text("first words"), text("second words")]
        session.load_microphone("second", "second-microphone")
        session.settings(microphone="second-microphone")
        session.start_service()
        self.start(deliver=False)
        session.play(self.make_sound(PIECES[0], 2.5), "second")
        self.wait_for_texts(1)
        (_first, second) = self.dictations()
        session.unload_microphone("second")
        session.wait_until(lambda: session.warnings(second), "nobody says so")
        session.play(self.make_sound(PIECES[1], 2.5))
        self.wait_for_texts(2)
        self.assertEqual(self.finished(), ["first words", "second words"])
        self.assertEqual((session.get("State"), len(self.dictations())), ("recording", 3))

    def test_service_out_of_reach(self):
        """Passages are kept, and the microphone stays open."""
        session = self.session
        session.settings(addresses__custom="http://127.0.0.1:9/v1")
        session.start_service()
        self.start(deliver=False)
        session.play(self.make_sound(PIECES[0], 2.5, PIECES[1], 2.5))
        session.wait_until(lambda: len(self.dictations()) == 3, "no third passage")
        for dictation in self.dictations()[:2]:
            session.wait_for(dictation, "waiting")
        self.assertTrue(session.get("MicrophoneOpen"))
        session.call("Stop")


class Ends(ContinuousTest):
    """Nobody has to stop it."""

    def test_nobody_speaks(self):
        session = self.session
        session.settings(continuous_end="10")
        session.start_service()
        self.start(deliver=False)
        session.play(PIECES[0])
        self.wait_for_texts(1)
        last = session.wait_until(lambda: self.dictations()[1:], "no second passage")[0]
        session.wait_for(last, "cancelled")
        self.assertFalse(session.get("MicrophoneOpen"))
        self.assertIn("Nobody has spoken for 10 seconds", session.outcome(last)[2])
        self.assertIn("Nobody has spoken for 10 seconds", session.whis("status").stdout)
        self.assertEqual([entry["state"] for entry in self.history()], ["done"])

    def test_hands_free(self):
        """One passage, and the end after three seconds of silence."""
        session = self.session
        session.settings(continuous="true")
        session.start_service()
        dictation = session.start_dictation(**{"deliver": False, "hands-free": True})
        self.assertFalse(session.get("Continuous"))
        session.play(self.make_sound(PIECES[0], 2, PIECES[1]))
        self.assertEqual(session.outcome(dictation), ("finished", "words"))
        self.assertEqual(self.dictations(), [dictation])
        self.assertFalse(session.get("MicrophoneOpen"))

    def test_stop_after_silence_is_for_others(self):
        session = self.session
        session.settings(stop_after_silence="1", continuous_pause="4000")
        session.start_service()
        self.start(deliver=False)
        session.play(self.make_sound(PIECES[0], 6))
        session.wait_until(lambda: len(self.dictations()) == 2, "no second passage")
        self.assertEqual(session.get("State"), "recording")


class Ways(ContinuousTest):
    """How it is started."""

    def test_command(self):
        session = self.session
        session.start_service()
        self.assertEqual(session.whis("start", "--continuous").returncode, 0)
        session.wait_until(lambda: session.get("Continuous"), "it is not continuous")
        self.assertEqual(session.whis("toggle").returncode, 0)
        session.wait_until(lambda: not session.get("MicrophoneOpen"), "it does not stop")
        self.assertEqual(session.whis("toggle", "--continuous").returncode, 0)
        session.wait_until(lambda: session.get("Continuous"), "it is not continuous")
        status = json.loads(session.whis("status", "--json").stdout)
        self.assertEqual((status["continuous"], status["microphone_open"]), (True, True))

    def test_setting(self):
        session = self.session
        session.settings(continuous="true")
        session.start_service()
        session.call("Toggle", "(a{sv})", {})
        session.wait_until(lambda: session.get("State") == "recording", "nothing records")
        self.assertTrue(session.get("Continuous"))
        session.call("Stop")
        session.wait_until(lambda: not session.get("MicrophoneOpen"), "it does not stop")
        session.start_dictation(continuous=False)
        self.assertFalse(session.get("Continuous"))
        session.call("Cancel", "(s)", "")
        session.start_dictation(attached=True)
        self.assertFalse(session.get("Continuous"), "who waits for one text gets one")

    def tap(self, action):
        self.session.bus.call_sync(APP_ID, PATH, INTERFACE + ".Shortcuts", "Tap",
                                   GLib.Variant("(s)", (action,)), None,
                                   Gio.DBusCallFlags.NONE, 120000, None)

    def test_who_waits_for_one_text(self):
        session = self.session
        session.start_service()
        for option in ("attached", "document", "hands-free"):
            with self.assertRaisesRegex(GLib.Error, "many texts"):
                session.call("Start", "(a{sv})", {"continuous": GLib.Variant("b", True),
                                                  option: GLib.Variant("b", True)})
        self.assertFalse(session.get("MicrophoneOpen"))

    def test_shortcut(self):
        session = self.session
        session.start_service()
        self.tap("continuous")
        session.wait_until(lambda: session.get("Continuous"), "the key has no effect")
        self.tap("continuous")
        session.wait_until(lambda: not session.get("MicrophoneOpen"), "it does not stop")
        self.tap("hands-free")
        session.wait_until(lambda: session.get("State") == "recording", "the key has no effect")
        self.assertFalse(session.get("Continuous"))
        session.play(self.make_sound(PIECES[0]))
        session.wait_until(lambda: not session.get("MicrophoneOpen"), "it does not end")


class Inserted(ContinuousTest):
    """Passages stand in the window that has the focus."""

    def setUp(self):
        self.desktop = X11Session()
        self.addCleanup(self.desktop.end)
        self.environment = {"DISPLAY": self.desktop.env["DISPLAY"]}
        super().setUp()

    def test_behind_each_other(self):
        """Each once, in the order of speaking, with a space between them."""
        session = self.session
        target = self.desktop.start_target("4.0", "view")
        self.provider.answers = [text("One."), text("Two."), text("Three.")]
        session.start_service()
        self.start()
        self.provider.gate.clear()
        session.play(self.make_sound(PIECES[0], 2.5, PIECES[1], 2.5, PIECES[2], 2.5))
        self.provider.wait_for_requests(3)
        self.provider.gate.set()
        self.assertEqual(target.await_json("text", "One. Two. Three."), "One. Two. Three.")
        self.wait_for_texts(3)
        session.call("Stop")
        session.wait_for(self.dictations()[3], "cancelled")
        self.assertEqual([(entry["outcome"], entry["delivered"]) for entry in self.history()],
                         [("landed", True)] * 3)


if __name__ == "__main__":
    tap.main()
