#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Somebody who has no model yet: what is spoken is kept, and recognised when a model has come."""

import hashlib
import os
import pty
import re
import sys
import unittest

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [TESTS, os.path.join(TESTS, "service")]
# pylint: disable=wrong-import-position
import tap
from fakes.fake_recogniser import TEXT
from fakes.model_mirror import CATALOGUE, FILE, MODEL, Mirror, make_model, write_catalogue
from gi.repository import Gio, GLib
from whis_session import APP_ID, PATH, WhisSession

INTERFACE = "io.github.whis_gtk.Whis1.Models"
CARD = "/usr/share/pocketsphinx/test/data/cards/001.wav"


class NewcomerTest(unittest.TestCase):
    """A session with a catalogue, a mirror, and a recogniser that obeys."""

    def begin(self, model=None, pulse=True, **variables):
        """Makes a session, and starts nothing in it yet."""
        self.model = model or make_model()
        self.mirror = Mirror(self.model)
        self.addCleanup(self.mirror.close)
        self.session = WhisSession(pulse=pulse)
        self.addCleanup(self.session.close)
        self.folder = os.path.join(self.session.environment["XDG_DATA_HOME"], "whis", "models")
        self.count = os.path.join(self.session.directory, "count")
        catalogue = os.path.join(self.session.directory, "catalogue")
        write_catalogue(catalogue, self.model, "https://models.invalid/school-test.bin")
        self.session.environment.update(
            WHIS_MODEL_CATALOGUE=catalogue, WHIS_MODEL_MIRROR=self.mirror.address,
            GIO_USE_PROXY_RESOLVER="dummy", FAKE_RECOGNISER_COUNT=self.count,
            WHIS_OFFLINE_PROGRAM=os.path.join(TESTS, "fakes", "fake_recogniser.py"), **variables)

    def starts(self):
        """How the recogniser was started, each time."""
        path = f"{self.count}-starts"
        if not os.path.exists(path):
            return []
        with open(path, encoding="utf-8") as file:
            return file.read().splitlines()

    def current(self):
        """The model that is used."""
        return self.session.bus.call_sync(
            APP_ID, PATH, "org.freedesktop.DBus.Properties", "Get",
            GLib.Variant("(ss)", (INTERFACE, "Current")), None, Gio.DBusCallFlags.NONE, -1,
            None).unpack()[0]

    def rows(self, **options):
        """What there is of models, by their ids."""
        typed = {name: GLib.Variant("s", value) for name, value in options.items()}
        (rows,) = self.session.bus.call_sync(
            APP_ID, PATH, INTERFACE, "List", GLib.Variant("(a{sv})", (typed,)), None,
            Gio.DBusCallFlags.NONE, -1, None).unpack()
        return {row["id"]: row for row in rows}

    def fetch(self):
        """Downloads the model."""
        result = self.session.whis("model", "fetch", MODEL)
        self.assertEqual(result.returncode, 0, result.stderr)

    def speak(self, **options):
        """A short dictation; its id, and what came of it."""
        dictation = self.session.start_dictation(deliver=False, **options)
        self.session.play(CARD)
        self.session.call("Stop")
        return dictation, self.session.outcome(dictation)

    def entry(self, dictation):
        return self.session.call("GetHistoryEntry", "(s)", dictation)[0]

    def assert_finished_later(self, dictation):
        """The text comes by itself, and is offered in the history."""
        self.session.wait_for(dictation, "done")
        entry = self.entry(dictation)
        self.assertEqual((entry["state"], entry["text"], entry["delivered"]), ("done", TEXT, False))
        self.session.wait_until(lambda: self.session.get("Unfinished") == 0, "still unfinished")


class Kept(NewcomerTest):
    """What is spoken without a model."""

    def test_no_model(self):
        """It is kept with one sentence, is unfinished, and is recognised when a model has come."""
        self.begin()
        self.session.environment["FAKE_RECOGNISER_FOLDER"] = self.folder
        self.session.start_service()
        dictation, outcome = self.speak()
        self.assertEqual(outcome, (
            "failed", "no-model", "There is no model on this computer.",
            "sound awaits-model"))
        self.assertEqual(self.session.states(dictation)[-1], "waiting")
        self.session.wait_until(lambda: self.session.get("Unfinished") == 1, "not unfinished")
        self.assertTrue(self.entry(dictation)["has-sound"])
        # As often as one likes: that is no crash.
        for _again in range(3):
            self.session.call("Resume", "(sa{sv})", dictation, {})
            self.session.wait_until(
                lambda: self.entry(dictation)["state"] == "waiting", "it does not wait")
        self.assertEqual(self.entry(dictation)["code"], "no-model")
        self.fetch()
        self.assert_finished_later(dictation)
        self.assertIn("--model school-test", self.starts()[-1])

    def test_file(self):
        """A file is there: the command line says what is missing, and nothing waits."""
        self.begin(pulse=False)
        self.session.environment["FAKE_RECOGNISER_FOLDER"] = self.folder
        result = self.session.whis("transcribe", CARD)
        self.assertEqual((result.returncode, result.stdout), (1, ""), result.stderr)
        self.assertIn("There is no model on this computer.", result.stderr)
        self.assertEqual(self.session.get("Unfinished"), 0)

    def test_language(self):
        """Nothing that is here knows the language: that is said at once, and it is kept."""
        self.begin()
        self.session.settings(language="de")
        self.session.start_service()
        dictation, outcome = self.speak()
        self.assertEqual(outcome[:2], ("failed", "no-model"))
        self.assertIn("No model on this computer knows the language “de”; download one", outcome[2])
        self.assertEqual(self.session.warnings(), [outcome[2]])
        self.assertEqual((self.starts(), self.current()), ([], ""))
        result = self.session.whis("transcribe", CARD)
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertIn("No model on this computer knows the language “de”", result.stderr)
        self.fetch()
        self.assert_finished_later(dictation)
        self.assertEqual(self.current(), MODEL)


    def test_again(self):
        """What PocketSphinx has recognised can be recognised again with the model that has come."""
        self.begin()
        self.session.start_service()
        dictation, outcome = self.speak()
        self.assertEqual(outcome, ("finished", TEXT))
        entry = self.entry(dictation)
        self.assertEqual((entry["provider"], entry["model"], entry["has-sound"]),
                         ("offline", "", True))
        self.assertEqual(self.current(), "english")
        self.fetch()
        self.session.events.clear()
        self.session.call("TranscribeAgain", "(sa{sv})", dictation,
                          {"provider": GLib.Variant("s", "offline"),
                           "model": GLib.Variant("s", MODEL)})
        self.assertEqual(self.session.outcome(dictation), ("finished", TEXT))
        self.session.wait_until(lambda: len(self.entry(dictation)["versions"]) == 2, "no version")
        models = [version["model"] for version in self.entry(dictation)["versions"]]
        self.assertEqual(models, ["", os.path.splitext(FILE)[0]])


class Choice(NewcomerTest):
    """Which model is used, and which is recommended."""

    def test_race(self):
        """The first dictation waits for the model that is still being looked for, and is recorded."""
        # Its checksum takes the service a while.
        model = make_model(size=4096) + bytes(200_000_000)
        self.begin(model=make_model())
        catalogue = self.session.environment["WHIS_MODEL_CATALOGUE"]
        with open(catalogue, "w", encoding="utf-8") as file:
            file.write(CATALOGUE.format(id=MODEL, file=FILE, address="https://models.invalid/x.bin",
                                        size=len(model), sha256=hashlib.sha256(model).hexdigest()))
        os.makedirs(self.folder)
        with open(os.path.join(self.folder, FILE), "wb") as file:
            file.write(model)
        self.session.start_service()
        dictation, outcome = self.speak()
        self.assertEqual(outcome, ("finished", TEXT))
        self.assertTrue(self.starts())
        for start in self.starts():
            self.assertIn("--model school-test", start)
        self.assertEqual(self.entry(dictation)["model"], "school-test")

    def test_race_of_a_file(self):
        """A file that the command line starts the service for waits, too."""
        model = make_model(size=4096) + bytes(200_000_000)
        self.begin(model=model, pulse=False)
        os.makedirs(self.folder)
        with open(os.path.join(self.folder, FILE), "wb") as file:
            file.write(model)
        result = self.session.whis("transcribe", CARD)
        self.assertEqual((result.returncode, result.stdout), (0, TEXT + "\n"), result.stderr)
        for start in self.starts():
            self.assertIn("--model school-test", start)

    def test_current(self):
        self.begin(pulse=False)
        self.session.settings(language="de")
        self.session.start_service()
        self.fetch()
        self.session.wait_until(lambda: self.current() == MODEL, "another model is used")
        self.assertEqual(self.rows()[MODEL]["file"], FILE)
        self.assertEqual(self.session.whis("model", "remove", MODEL).returncode, 0)
        self.session.wait_until(lambda: self.current() == "", "it is still used")
        self.session.settings(language="", models__offline=MODEL)
        self.session.wait_until(lambda: self.current() == "", "another one is used")
        self.session.settings(models__offline="english")
        self.session.wait_until(lambda: self.current() == "english", "not what was chosen")

    def test_recommended(self):
        """The best for the language: what somebody has added, else of our own; and smaller ones."""
        self.begin(pulse=False)
        self.session.start_service()
        for language, best in (("de", MODEL), ("en-GB", MODEL), ("", MODEL)):
            with self.subTest(language=language):
                rows = self.rows(language=language)
                self.assertEqual([name for name, row in rows.items() if row.get("recommended")],
                                 [best])
        rows = self.rows(language="ja")
        (best,) = [name for name, row in rows.items() if row.get("recommended")]
        self.assertRegex(best, "^whisper-(small|base)-q8_0$")
        self.assertIn("ja", rows[best]["languages"])
        self.assertEqual(rows["parakeet-v3-q8_0"]["smaller"], "parakeet-v3-q4_k")
        chain = [best]
        while rows[chain[-1]]["smaller"]:
            chain.append(rows[chain[-1]]["smaller"])
        self.assertEqual(chain[-2:], ["whisper-base-q8_0", "whisper-base-q5_1"])
        sizes = [rows[name]["bytes"] for name in chain]
        self.assertEqual(sizes, sorted(sizes, reverse=True))


class Hint(NewcomerTest):
    """What the command line says to who uses PocketSphinx."""

    def transcribe_on_terminal(self, *files):
        """What the user sees."""
        leader, follower = pty.openpty()
        process = self.session.spawn(self.session.environment["WHIS_PROGRAM"], "transcribe", *files,
                                     stdin=follower, stdout=follower, stderr=follower)
        os.close(follower)
        shown = b""
        while True:
            try:
                part = os.read(leader, 4096)
            except OSError:
                break
            if not part:
                break
            shown += part
        os.close(leader)
        self.assertEqual(process.wait(120), 0)
        return shown.decode()

    def test_terminal(self):
        self.begin(pulse=False)
        hint = r"recognise much better: “whis model fetch school-test” downloads a model \(3.0.MB\)"
        shown = self.transcribe_on_terminal(CARD, CARD)
        self.assertEqual(len(re.findall(hint, shown)), 1, shown)
        result = self.session.whis("transcribe", CARD)
        self.assertEqual((result.returncode, result.stdout, result.stderr), (0, TEXT + "\n", ""))
        self.fetch()
        self.session.wait_until(lambda: self.current() == MODEL, "another model is used")
        self.assertNotIn("model fetch", self.transcribe_on_terminal(CARD))


if __name__ == "__main__":
    tap.main()
