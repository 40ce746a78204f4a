#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Sounds that are heard again, windows, and settings, by the methods of the bus."""

import os
import pathlib
import subprocess
import sys
import wave

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [TESTS, os.path.join(TESTS, "service")]
# pylint: disable=wrong-import-position
import tap
from fakes.fake_services import text
from gi.repository import Gio, GLib
from test_methods import NOBODY, BusTest
from whis_session import APP_ID, INTERFACE, PATH, SPEECH

# In place of the window: notes what it was started with.
FAKE_WINDOW = """#!/bin/sh
echo "$*" >>"$HOME/windows"
"""


class Sounds(BusTest):
    """The sound of an entry of the history."""

    pulse = True

    def setUp(self):
        self.provider.default = text("words to be heard again")
        self.session.events.clear()

    def transcribe(self, path=SPEECH):
        (dictation,) = self.call_on(INTERFACE, "TranscribeFile", "(hsa{sv})", 0, "talk.wav", {},
                                    files=[self.open_file(path)])
        self.session.outcome(dictation)
        return dictation

    def make_long(self):
        """A minute of silence: it does not end by itself while a test looks."""
        path = os.path.join(self.session.directory, "long.wav")
        with open(SPEECH, "rb") as file, wave.open(file) as speech, wave.open(path, "wb") as long:
            long.setparams(speech.getparams())
            long.writeframes(speech.readframes(speech.getnframes()))
            long.writeframes(bytes(60 * 2 * speech.getframerate()))
        return self.transcribe(path)

    def play(self, dictation):
        self.call_on(INTERFACE, "PlaySound", "(s)", dictation)

    def wait_for_playing(self, dictation):
        self.session.wait_until(lambda: self.session.get("Playing") == dictation,
                                f"“{self.session.get('Playing')}” plays")

    def players(self):
        """How many programs play into the sound server."""
        listed = subprocess.run(["pactl", "list", "short", "sink-inputs"], check=True, text=True,
                                env=self.session.environment, capture_output=True).stdout
        return sum("module-" not in line for line in listed.splitlines())

    def test_to_its_end(self):
        dictation = self.transcribe()
        self.play(dictation)
        self.wait_for_playing(dictation)
        self.wait_for_playing("")
        self.session.wait_until(lambda: self.players() == 0, "it is still open")

    def test_stopped(self):
        """By the empty name; stopping what does not play is no error."""
        dictation = self.make_long()
        self.play(dictation)
        self.wait_for_playing(dictation)
        self.session.wait_until(lambda: self.players() == 1, "nothing is heard")
        for _ in range(2):
            self.play("")
            self.wait_for_playing("")
        self.session.wait_until(lambda: self.players() == 0, "it is still heard")

    def test_another(self):
        """One at a time: the next takes the place of the one that plays."""
        first, second = self.make_long(), self.make_long()
        self.play(first)
        self.wait_for_playing(first)
        self.play(second)
        self.wait_for_playing(second)
        self.session.wait_until(lambda: self.players() == 1, "both are heard")
        self.assert_refused("NotFound", INTERFACE, "PlaySound", "(s)", NOBODY)
        self.play("")
        self.wait_for_playing("")

    def test_opened_while_it_plays(self):
        """Each who opens it has a descriptor that begins at the beginning."""
        dictation = self.transcribe()
        contents = []
        for _ in range(2):
            (handle,), received = self.call_on(INTERFACE, "OpenSound", "(s)", dictation)
            with open(received.get(handle), "rb") as file:
                contents.append(file.read())
        self.assertGreater(len(contents[0]), 1000)
        self.assertEqual(contents[0], contents[1])

    def test_statistics(self):
        """What was put right, by service and model, and no text."""
        self.transcribe()
        (rows,) = self.call_on(INTERFACE, "ListStatistics")
        (row,) = [row for row in rows if row["provider"] == "custom"]
        self.assertGreaterEqual(row["pieces"], 1)
        for name in ("holes-found", "holes-filled", "holes-left", "invented", "loops", "sounds"):
            self.assertIsInstance(row[name], int, name)
        self.assertNotIn("heard", str(rows))


class Windows(BusTest):
    """The window, as a shortcut or a second program opens it."""

    @classmethod
    def prepare(cls):
        window = pathlib.Path(cls.session.directory, "whis-window")
        window.write_text(FAKE_WINDOW, encoding="utf-8")
        window.chmod(0o755)
        cls.session.environment["WHIS_WINDOW_PROGRAM"] = str(window)
        cls.session.environment["WAYLAND_DISPLAY"] = "wayland-of-a-test"

    def opened(self):
        path = pathlib.Path(self.session.directory, "windows")
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []

    def test_pages(self):
        """Each page by its own name, and none by another."""
        for page, word in (("home", None), ("preferences", "preferences")):
            with self.subTest(page=page):
                before = len(self.opened())
                self.call_on(INTERFACE, "OpenWindow", "(s)", page)
                self.session.wait_until(lambda: len(self.opened()) > before, "no window comes")
                line = self.opened()[before]
                self.assertEqual("preferences" in line, word is not None, line)
        before = self.opened()
        for page in ("", "Home", "history", "home ", "--help", "preferences;ls"):
            with self.subTest(page=page):
                sentence = self.assert_refused("Arguments", INTERFACE, "OpenWindow", "(s)", page)
                self.assertIn(f"“{page}”", sentence)
        self.assertEqual(self.opened(), before)

    def test_display(self):
        """What is no name of a display is refused, all of it, whatever else is in the call."""
        for wrong in ({"PATH": "/tmp"}, {"WAYLAND_DISPLAY": "wayland-0", "LD_PRELOAD": "x.so"},
                      {"": ""}, {"DISPLAY=": ":0"}):
            with self.subTest(environment=wrong):
                self.assert_refused("Arguments", INTERFACE, "HandOverDisplay", "(a{ss})", wrong)

    def test_autostart_that_cannot_be_written(self):
        """The setting does not say what is not so."""
        folder = pathlib.Path(self.session.environment["XDG_CONFIG_HOME"])
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "autostart").write_text("no folder", encoding="utf-8")
        name, sentence = self.error_of(INTERFACE, "SetAutostart", "(b)", True)
        self.assertEqual(name, "Failed")
        self.assertIn("autostart", sentence)
        result = self.session.whis("settings", "autostart")
        self.assertEqual(result.stdout.strip(), "false")
        (folder / "autostart").unlink()
        self.call_on(INTERFACE, "SetAutostart", "(b)", True)
        self.session.wait_until(
            lambda: self.session.whis("settings", "autostart").stdout.strip() == "true", "it is off")
        self.call_on(INTERFACE, "SetAutostart", "(b)", False)
        self.assertEqual(list((folder / "autostart").iterdir()), [])


class Settings(BusTest):
    """Settings that another program has changed."""

    def await_setting(self, name, value):
        """Asks, and gives a list that has the answer when there is one."""
        answers = []
        self.session.bus.call(APP_ID, PATH, INTERFACE, "AwaitSetting",
                              GLib.Variant("(ss)", (name, value)), None, Gio.DBusCallFlags.NONE,
                              120000, None, lambda bus, result: answers.append(bus.call_finish(result)))
        return answers

    def test_in_force(self):
        """The answer comes when the service has the value, and not before."""
        german = self.await_setting("language", "de")
        french = self.await_setting("language", "fr")
        model = self.await_setting("models/groq", "whisper-large-v3")
        # Calls are answered in their order.
        self.call_on(INTERFACE, "AwaitSetting", "(ss)", "language", "")
        self.assertEqual((german, french, model), ([], [], []))
        self.session.settings(language="fr")
        self.session.wait_until(lambda: french, "the language is not seen")
        self.assertEqual((german, model), ([], []))
        self.session.settings(models__groq="whisper-large-v3")
        self.session.wait_until(lambda: model, "the model is not seen")
        self.session.settings(language="de")
        self.session.wait_until(lambda: german, "the other language is not seen")
        self.session.settings(language="''", models__groq="")

    def test_that_never_comes(self):
        """Nobody waits for ever."""
        name, sentence = self.error_of(INTERFACE, "AwaitSetting", "(ss)", "language", "xx")
        self.assertEqual(name, "Failed")
        self.assertIn("“language”", sentence)
        for setting in ("colour", "colour/groq", "Language", ""):
            with self.subTest(setting=setting):
                self.assert_refused("Arguments", INTERFACE, "AwaitSetting", "(ss)", setting, "x")


if __name__ == "__main__":
    tap.main()
