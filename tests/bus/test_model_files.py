#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The user's own files of models, by the methods of the bus."""

import os
import sys

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [TESTS, os.path.join(TESTS, "service")]
# pylint: disable=wrong-import-position
import tap
from fakes.model_mirror import FILE, MODEL, SIZE, make_model, write_catalogue
from gi.repository import Gio, GLib
from test_methods import MODELS, BusTest


class ModelFiles(BusTest):
    """A catalogue with one model, and files that are it, are another, or are none."""

    @classmethod
    def prepare(cls):
        cls.model = make_model()
        catalogue = os.path.join(cls.session.directory, "catalogue")
        write_catalogue(catalogue, cls.model, "https://models.invalid/school-test.bin")
        cls.session.environment["WHIS_MODEL_CATALOGUE"] = catalogue
        # Nobody in these tests may ask another host.
        cls.session.environment["GIO_USE_PROXY_RESOLVER"] = "dummy"
        cls.folder = os.path.join(cls.session.environment["XDG_DATA_HOME"], "whis", "models")

    def setUp(self):
        self.events = []
        subscription = self.session.bus.signal_subscribe(
            None, MODELS, None, None, None, Gio.DBusSignalFlags.NONE,
            lambda _bus, _sender, _path, _interface, name, arguments: self.events.append(name))
        self.addCleanup(self.session.bus.signal_unsubscribe, subscription)

    def rows(self):
        (rows,) = self.call_on(MODELS, "List", "(a{sv})", {})
        return {row["id"]: row for row in rows}

    def take(self, content, name):
        """Imports a file, which is removed at the end of the test."""
        model, state = self.call_on(MODELS, "Import", "(hs)", 0, name,
                                    files=[self.make_file("given.bin", content)])
        self.addCleanup(self.remove, model)
        return model, state

    def remove(self, model):
        if self.rows().get(model, {}).get("state", "absent") != "absent":
            self.call_on(MODELS, "Remove", "(s)", model)

    def files(self):
        """What lies in the store: a file that is half there is none that is left."""
        return sorted(os.listdir(self.folder)) if os.path.isdir(self.folder) else []

    def test_of_the_catalogue(self):
        """It is known by its checksum, however its file is called."""
        self.assertEqual(self.rows()[MODEL]["state"], "absent")
        self.assertEqual(self.take(self.model, "some name.dat"), (MODEL, "verified"))
        self.session.wait_until(lambda: "Changed" in self.events, "nobody says so")
        row = self.rows()[MODEL]
        self.assertEqual((row["state"], row["bytes"], row["file"]), ("verified", SIZE, FILE))
        self.assertEqual(self.call_on(MODELS, "Check", "(s)", MODEL), ("verified",))
        self.assertEqual(self.call_on(MODELS, "Remove", "(s)", MODEL), (SIZE,))
        self.assertEqual(self.rows()[MODEL]["state"], "absent")
        self.assert_refused("NotFound", MODELS, "Remove", "(s)", MODEL)
        self.assertNotIn(FILE, self.files())

    def test_own(self):
        """One that nobody knows is taken as the user's own, and has nothing that a catalogue
        says."""
        own, state = self.take(make_model(seed=2), "mine.bin")
        self.assertEqual(state, "own")
        row = self.rows()[own]
        self.assertEqual((row["state"], row["engine"], row["system"]), ("own", "whisper", False))
        self.assertNotIn("license", row)
        self.assertNotIn("hosts", row)
        self.assertEqual(self.call_on(MODELS, "Check", "(s)", own), ("own",))
        self.assertNotEqual(own, MODEL)

    def test_names(self):
        """A name is no path: whatever it is, the file lies in the store and nowhere else."""
        elsewhere = [os.path.join(self.session.directory, "data", "escaped.bin"),
                     os.path.join(self.session.directory, "absolute.bin")]
        for number, name in enumerate(("../../escaped.bin", elsewhere[1], "a/b/c.bin",
                                       "two words.bin", "öäü.bin", "no-end", ".hidden.bin",
                                       "line\nbreak.bin")):
            with self.subTest(name=name):
                before = set(self.files())
                try:
                    own, state = self.take(make_model(seed=10 + number), name)
                except GLib.Error as refused:
                    self.assertIn("Whis.Error.", str(refused))
                    self.assertEqual(set(self.files()), before)
                    continue
                self.assertEqual(state, "own")
                self.assertNotIn("/", own)
                self.assertNotIn("\n", own)
                (added,) = [file for file in set(self.files()) - before if file.endswith(".bin")]
                self.assertEqual(os.path.dirname(os.path.abspath(
                    os.path.join(self.folder, added))), self.folder)
        for path in elsewhere:
            self.assertFalse(os.path.exists(path))

    def test_name_is_taken(self):
        """Nothing is written over, and the file of before is as it was."""
        own, _state = self.take(make_model(seed=3), "twice.bin")
        before = self.files()
        sentence = self.assert_refused("Failed", MODELS, "Import", "(hs)", 0, "twice.bin",
                                       files=[self.make_file("other.bin", make_model(seed=4))])
        self.assertIn("twice.bin", sentence)
        self.assertEqual(self.files(), before)
        self.assertEqual(self.call_on(MODELS, "Check", "(s)", own), ("own",))

    def test_no_models(self):
        """What no engine may be given is refused, and leaves nothing behind."""
        before = self.files()
        header = self.model[:48]
        for name, content in (("empty", b""), ("text", b"<html>404</html>" * 100),
                              ("zeros", bytes(100_000)), ("head", header[:20]),
                              ("short", self.model[:1000]),
                              ("huge", header[:12] + b"\xff\xff\xff\x7f" + self.model[16:])):
            with self.subTest(name=name):
                self.assert_refused("File", MODELS, "Import", "(hs)", 0, "none.bin",
                                    files=[self.make_file("none.bin", content)])
                self.assertEqual(self.files(), before)
        self.assert_refused("File", MODELS, "Import", "(hs)", 0, "none.bin",
                            files=[self.make_pipe(self.model[:4000])])
        self.assert_refused("File", MODELS, "Import", "(hs)", 0, "none.bin",
                            files=[self.open_file("/dev/null", os.O_WRONLY)])
        self.assertEqual(self.files(), before)

    def test_damaged(self):
        """A file that has changed since is found when it is looked at, and said in the list."""
        self.take(self.model, FILE)
        path = os.path.join(self.folder, FILE)
        with open(path, "r+b") as file:
            file.seek(2_000_000)
            file.write(b"another byte")
        self.assertEqual(self.call_on(MODELS, "Check", "(s)", MODEL), ("damaged",))
        self.assertEqual(self.rows()[MODEL]["state"], "damaged")
        self.assertEqual(self.call_on(MODELS, "Remove", "(s)", MODEL), (SIZE,))
        # The right one can be taken again.
        self.assertEqual(self.take(self.model, FILE), (MODEL, "verified"))


if __name__ == "__main__":
    tap.main()
