#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What belongs to a caller of the D-Bus interface, and ends when the caller leaves the bus."""

import json
import os
import subprocess
import sys

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [TESTS, os.path.join(TESTS, "service")]
# pylint: disable=wrong-import-position
import tap
from fakes.fake_services import reply, text
from fakes.model_mirror import MODEL, Mirror, make_model, write_catalogue
from gi.repository import Gio, GLib
from test_methods import MODELS, BusTest
from whis_session import INTERFACE, SPEECH

WORDS = "words for a caller"


def options(**values):
    """Switches and words as the interface has them."""
    return {name: GLib.Variant("b" if isinstance(value, bool) else "s", value)
            for name, value in values.items()}


class CallerTest(BusTest):
    """Another client of the bus, which leaves."""

    def setUp(self):
        self.provider.default = text(WORDS)
        self.provider.gate.set()
        self.client = self.connect()

    def leave(self, client=None):
        """Ends a client, and returns when the bus has told the service: what is called afterwards
        is behind that."""
        client = client or self.client
        name = client.get_unique_name()
        client.close_sync(None)
        self.session.wait_until(lambda: not self.is_on_bus(name), "it stays on the bus")

    def is_on_bus(self, name):
        return self.session.bus.call_sync(
            "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
            "NameHasOwner", GLib.Variant("(s)", (name,)), None, Gio.DBusCallFlags.NONE, -1,
            None).unpack()[0]

    def transcribe(self, bus=None, **chosen):
        (dictation,) = self.call_on(INTERFACE, "TranscribeFile", "(hsa{sv})", 0, "talk.wav",
                                    options(**chosen), files=[self.open_file(SPEECH)],
                                    bus=bus or self.client)
        return dictation

    def entry(self, dictation):
        return self.call_on(INTERFACE, "GetHistoryEntry", "(s)", dictation)[0]

    def pactl(self, *words):
        return subprocess.run(["pactl", *words], check=True, text=True, capture_output=True,
                              env=self.session.environment).stdout


class Recordings(CallerTest):
    """What is spoken is finished, with or without who began it."""

    pulse = True

    def record(self, **chosen):
        (dictation,) = self.call_on(INTERFACE, "Start", "(a{sv})",
                                    options(deliver=False, **chosen), bus=self.client)
        self.session.wait_for(dictation, "recording")
        self.session.play()
        return dictation

    def test_attached(self):
        dictation = self.record(attached=True)
        self.leave()
        self.assertEqual(self.session.outcome(dictation), ("finished", WORDS))
        self.assertEqual(self.entry(dictation)["text"], WORDS)

    def test_not_attached(self):
        dictation = self.record()
        self.leave()
        self.assertEqual((self.session.get("State"), self.session.get("Dictation")),
                         ("recording", dictation))
        self.call_on(INTERFACE, "Stop")
        self.assertEqual(self.session.outcome(dictation), ("finished", WORDS))

    def test_stopped_before(self):
        """Once it is stopped its text is the user's, and the caller does not matter."""
        self.provider.gate.clear()
        dictation = self.record(attached=True)
        self.call_on(INTERFACE, "Stop")
        self.session.wait_for(dictation, "transcribing")
        self.leave()
        self.session.get("State")
        self.provider.gate.set()
        self.assertEqual(self.session.outcome(dictation), ("finished", WORDS))

    def make_failed(self):
        """A dictation whose sound is kept."""
        self.provider.default = reply(401, {"error": {"message": "wrong key", "type": "x"}})
        dictation = self.record()
        self.call_on(INTERFACE, "Stop")
        self.assertEqual(self.session.outcome(dictation)[:2], ("failed", "key-missing"))
        self.provider.default = text(WORDS)
        self.session.events.clear()
        return dictation

    def test_resumed(self):
        """What is gone on with is cancelled with its caller, keeps its sound, and can be gone on
        with again."""
        dictation = self.make_failed()
        self.provider.gate.clear()
        before = len(self.provider.requests)
        self.assertEqual(self.call_on(INTERFACE, "Resume", "(sa{sv})", dictation,
                                      options(attached=True), bus=self.client), (dictation,))
        self.provider.wait_for_requests(before + 1)
        self.leave()
        self.session.wait_for(dictation, "cancelled")
        self.provider.gate.set()
        self.session.events.clear()
        self.call_on(INTERFACE, "Resume", "(sa{sv})", dictation, {})
        self.assertEqual(self.session.outcome(dictation), ("finished", WORDS))

    def test_transcribed_again(self):
        """The text that there was stays the text, whoever leaves in the midst of another."""
        dictation = self.record()
        self.call_on(INTERFACE, "Stop")
        self.assertEqual(self.session.outcome(dictation), ("finished", WORDS))
        for attached in (True, False):
            with self.subTest(attached=attached):
                self.provider.default = text("other words")
                self.provider.gate.clear()
                self.session.events.clear()
                before = len(self.provider.requests)
                client = self.connect()
                self.call_on(INTERFACE, "TranscribeAgain", "(sa{sv})", dictation,
                             options(attached=attached), bus=client)
                self.provider.wait_for_requests(before + 1)
                self.leave(client)
                if attached:
                    self.session.wait_until(
                        lambda: any(name == "Failed" for name, _ in self.session.events),
                        "it goes on")
                self.provider.gate.set()
                if not attached:
                    self.session.outcome(dictation)
                entry = self.entry(dictation)
                self.assertEqual((entry["state"], entry["text"]), ("done", WORDS))
                self.assertEqual([version["text"] for version in entry["versions"]],
                                 [WORDS] if attached else [WORDS, "other words"])


class Documents(CallerTest):
    """The transcript of a dictation of which nothing is kept."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.session.settings(private="true")

    def document(self, dictation, form="text"):
        return self.call_on(INTERFACE, "GetDocument", "(ss)", dictation, form)[0]

    def is_kept(self, dictation):
        """Whether the history has it."""
        try:
            self.entry(dictation)
            return True
        except GLib.Error as error:
            self.assertIn("NotFound", Gio.DBusError.get_remote_error(error))
            return False

    def assert_gone(self, dictation):
        """Once the history has forgotten it, so has everybody."""
        self.session.wait_until(lambda: not self.is_kept(dictation), "it is kept")
        self.assert_refused("NotFound", INTERFACE, "GetDocument", "(ss)", dictation, "text")

    def test_once(self):
        """It is remembered for one question."""
        dictation = self.transcribe(document=True)
        self.session.outcome(dictation)
        # A question that makes no sense does not use it up.
        self.assert_refused("Arguments", INTERFACE, "GetDocument", "(ss)", dictation, "docx")
        self.assertTrue(self.document(dictation, "srt").startswith("1\n00:00:"))
        self.assert_gone(dictation)

    def test_not_wanted(self):
        dictation = self.transcribe()
        self.session.outcome(dictation)
        self.assert_gone(dictation)

    def test_running(self):
        """Who asks too soon is told so, and can ask again."""
        self.provider.gate.clear()
        before = len(self.provider.requests)
        dictation = self.transcribe(document=True)
        self.provider.wait_for_requests(before + 1)
        sentence = self.assert_refused("Failed", INTERFACE, "GetDocument", "(ss)", dictation,
                                       "text")
        self.assertIn("still running", sentence)
        self.provider.gate.set()
        self.session.outcome(dictation)
        self.assertIn(WORDS, self.document(dictation))

    def test_caller_leaves(self):
        """Before the end, and behind it."""
        for ends_before in (True, False):
            with self.subTest(ends_before=ends_before):
                client = self.connect()
                if not ends_before:
                    self.provider.gate.clear()
                dictation = self.transcribe(client, document=True)
                if ends_before:
                    self.session.outcome(dictation)
                self.leave(client)
                self.provider.gate.set()
                self.session.outcome(dictation)
                self.assert_gone(dictation)

    def test_failed(self):
        """That of one that failed is there, too, and says which file it was."""
        self.provider.default = reply(401, {"error": {"message": "wrong key", "type": "x"}})
        dictation = self.transcribe(document=True)
        self.assertEqual(self.session.outcome(dictation)[0], "failed")
        document = json.loads(self.document(dictation, "json"))
        self.assertEqual((document["file"], document["text"]), ("talk.wav", None))


class Inputs(CallerTest):
    """Microphones that are open, and a sound server that is listened to, for somebody."""

    pulse = True

    def open_inputs(self):
        """How many programs listen to a microphone, that of the session itself aside."""
        listed = self.pactl("list", "short", "source-outputs")
        return sum("module-remap-source" not in line for line in listed.splitlines())

    def watch_input(self, watch=True, microphone="", bus=None):
        self.call_on(INTERFACE, "WatchInput", "(sb)", microphone, watch, bus=bus or self.client)

    def await_inputs(self, count):
        self.session.wait_until(lambda: self.open_inputs() == count,
                                f"{self.open_inputs()} instead of {count} are open")

    def test_input(self):
        self.watch_input()
        self.await_inputs(1)
        self.session.wait_until(lambda: self.session.get("Level") > -100, "no level")
        self.leave()
        self.await_inputs(0)
        self.session.wait_until(lambda: self.session.get("Level") == -100, "the level stays")
        self.assertEqual(self.session.get("State"), "idle")

    def test_input_of_another(self):
        """The last who asked has the microphone: that an earlier one leaves does not close it."""
        other = self.connect()
        self.watch_input()
        self.await_inputs(1)
        self.watch_input(bus=other)
        self.leave()
        self.session.get("State")
        self.await_inputs(1)
        self.session.wait_until(lambda: self.session.get("Level") > -100, "no level")
        self.watch_input(False, bus=other)
        self.await_inputs(0)
        self.watch_input(False, bus=other)  # what is closed can be closed

    def test_input_by_name(self):
        self.watch_input(microphone="mic.monitor")
        self.await_inputs(1)
        self.assertIn("mic.monitor", [row.split("\t")[1] for row in self.pactl(
            "list", "short", "sources").splitlines() if "RUNNING" in row])
        self.watch_input(False)
        self.await_inputs(0)

    def test_input_that_is_none(self):
        """One that is not plugged in: that from which a dictation would be recorded."""
        self.watch_input(microphone="no-such-microphone")
        self.await_inputs(1)
        self.session.wait_until(lambda: self.session.get("Level") > -100, "no level")
        self.leave()
        self.await_inputs(0)

    def listeners(self):
        """How many connections to the sound server there are, ours aside."""
        return sum("pactl" not in line for line in self.pactl("list", "short",
                                                              "clients").splitlines())

    def watch_microphones(self, watch=True, bus=None):
        self.call_on(INTERFACE, "WatchMicrophones", "(b)", watch, bus=bus or self.client)

    def test_microphones(self):
        """The sound server is listened to while there is somebody who wants to know, however often
        each has asked."""
        before = self.listeners()
        other = self.connect()
        for client in (self.client, other, other):
            self.watch_microphones(bus=client)
        self.session.wait_until(lambda: self.listeners() > before, "nobody listens")
        self.leave()
        self.session.events.clear()
        self.session.load_microphone("second", "second-microphone")
        self.session.wait_until(
            lambda: any(name == "MicrophonesChanged" for name, _ in self.session.events),
            "nobody says so")
        self.leave(other)
        self.session.wait_until(lambda: self.listeners() == before, "it is still listened to")
        self.watch_microphones(False, self.session.bus)  # who has not asked

    def test_list(self):
        """Each once, one of them the default, and the monitors last."""
        (rows,) = self.call_on(INTERFACE, "ListMicrophones")
        names = [row["id"] for row in rows]
        self.assertEqual(names[0], "microphone")
        self.assertEqual([row["id"] for row in rows if row["default"]], ["microphone"])
        self.assertEqual(len(set(names)), len(names))
        monitors = [name.endswith(".monitor") for name in names]
        self.assertEqual(monitors, sorted(monitors))
        self.assertTrue(all(row["name"] for row in rows))


class Downloads(CallerTest):
    """A model that is fetched for those who asked for it."""

    @classmethod
    def prepare(cls):
        model = make_model()
        cls.mirror = Mirror(model)
        cls.addClassCleanup(cls.mirror.close)
        catalogue = os.path.join(cls.session.directory, "catalogue")
        write_catalogue(catalogue, model, "https://models.invalid/school-test.bin")
        cls.session.environment["WHIS_MODEL_CATALOGUE"] = catalogue
        cls.session.environment["WHIS_MODEL_MIRROR"] = cls.mirror.address
        # Nobody in these tests may ask another host.
        cls.session.environment["GIO_USE_PROXY_RESOLVER"] = "dummy"

    def setUp(self):
        super().setUp()
        self.events = []
        subscription = self.session.bus.signal_subscribe(
            None, MODELS, None, None, None, Gio.DBusSignalFlags.NONE,
            lambda _bus, _sender, _path, _interface, name, arguments: self.events.append(
                (name, *arguments.unpack())))
        self.addCleanup(self.session.bus.signal_unsubscribe, subscription)
        self.mirror.released.clear()
        self.mirror.hold_at = 100_000
        self.requests = len(self.mirror.ranges)

    def fetch(self, bus, **chosen):
        self.call_on(MODELS, "Fetch", "(sa{sv})", MODEL, options(**chosen), bus=bus)
        self.session.wait_until(lambda: len(self.mirror.ranges) > self.requests, "no request")

    def state(self):
        (rows,) = self.call_on(MODELS, "List", "(a{sv})", {})
        return {row["id"]: row for row in rows}[MODEL]["state"]

    def await_end(self):
        """How it ended: the name of the signal and what stands behind the model."""
        def find():
            return next(((event[0], *event[2:]) for event in self.events
                         if event[0] in ("Fetched", "FetchFailed")), None)
        return self.session.wait_until(find, "it does not end")

    def assert_cancelled(self):
        self.assertEqual(self.await_end()[:3],
                         ("FetchFailed", "cancelled", "The download was cancelled."))
        self.assertNotEqual(self.state(), "fetching")
        self.mirror.released.set()

    def test_attached(self):
        """Also when the caller has asked twice."""
        self.fetch(self.client, attached=True)
        self.fetch(self.client, attached=True)
        self.leave()
        self.assert_cancelled()

    def test_last_of_several(self):
        other = self.connect()
        self.fetch(self.client, attached=True)
        self.fetch(other, attached=True)
        self.leave()
        self.assertEqual(self.state(), "fetching")
        self.leave(other)
        self.assert_cancelled()

    def test_wanted_by_another(self):
        """Whoever is not attached to it wants it for the computer, before or behind the other."""
        for first in (True, False):
            with self.subTest(first=first):
                client = self.connect()
                self.fetch(client, attached=first)
                self.fetch(self.session.bus if first else client, attached=not first)
                self.leave(client)
                self.assertEqual(self.state(), "fetching")
                self.mirror.released.set()
                self.assertEqual(self.await_end(), ("Fetched",))
                self.assertGreater(self.call_on(MODELS, "Remove", "(s)", MODEL)[0], 1_000_000)
                self.assertEqual(self.state(), "absent")
                self.events.clear()
                self.mirror.released.clear()
                self.mirror.hold_at = 100_000
                self.requests = len(self.mirror.ranges)


class NoSound(CallerTest):
    """A computer without a sound server."""

    def test_list(self):
        self.assertEqual(self.call_on(INTERFACE, "ListMicrophones"), ([],))

    def test_watch(self):
        """There may be one later."""
        for _ in range(2):
            self.call_on(INTERFACE, "WatchMicrophones", "(b)", True, bus=self.client)
        self.call_on(INTERFACE, "WatchMicrophones", "(b)", False, bus=self.client)
        self.leave()
        self.assertEqual(self.session.get("State"), "idle")


if __name__ == "__main__":
    tap.main()
