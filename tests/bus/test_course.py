#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The course of dictations as a client of the bus sees it: calls, signals and properties."""

import os
import sys

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [TESTS, os.path.join(TESTS, "service")]
# pylint: disable=wrong-import-position
import tap
from fakes.fake_services import reply, text
from gi.repository import Gio, GLib
from test_methods import BusTest
from whis_session import APP_ID, INTERFACE, PATH, SPEECH

WORDS = "the words of a course"
SILENT = {"deliver": GLib.Variant("b", False)}  # no clipboard is needed here


class CourseTest(BusTest):
    """What is called, and what is said of it."""

    def setUp(self):
        self.provider.default = text(WORDS)
        self.provider.gate.set()
        self.session.events.clear()
        self.changes = []
        subscription = self.session.bus.signal_subscribe(
            None, "org.freedesktop.DBus.Properties", "PropertiesChanged", PATH, None,
            Gio.DBusSignalFlags.NONE, self.note_changes)
        self.addCleanup(self.session.bus.signal_unsubscribe, subscription)

    def note_changes(self, _bus, _sender, _path, _interface, _name, arguments):
        interface, changed, _gone = arguments.unpack()
        if interface == INTERFACE:
            self.changes += changed.items()

    def values(self, name):
        """What a property has been, each value once in a row."""
        found = []
        for key, value in self.changes:
            if key == name and found[-1:] != [value]:
                found.append(value)
        return found

    def transcribe(self, path=SPEECH):
        (dictation,) = self.call_on(INTERFACE, "TranscribeFile", "(hsa{sv})", 0, "talk.wav", SILENT,
                                    files=[self.open_file(path)])
        return dictation

    def message_of(self, method, signature=None, *arguments):
        """All of the message of an error: the sentence, and the lines behind it."""
        with self.assertRaises(GLib.Error) as caught:
            self.call_on(INTERFACE, method, signature, *arguments)
        Gio.DBusError.strip_remote_error(caught.exception)
        return caught.exception.message.splitlines()


class Files(CourseTest):
    """Of files that are transcribed."""

    def test_signals(self):
        """Each state once and in its order, the text at the end; the properties go along."""
        dictation = self.transcribe()
        self.assertEqual(self.session.outcome(dictation), ("finished", WORDS))
        self.assertEqual(self.session.states(dictation)[-1], "done")
        self.assertEqual(len(set(self.session.states(dictation))),
                         len(self.session.states(dictation)))
        names = [name for name, arguments in self.session.events if dictation in arguments[:1]]
        self.assertEqual(names.count("Finished"), 1)
        self.assertLess(names.index("StateChanged"), names.index("Finished"))
        self.session.wait_until(lambda: "done" in self.values("State"), "the state stays")
        # Changes come together: a short state may never have been a value. What was before is
        # that of another test.
        seen = [state for state in self.session.states(dictation) if state in self.values("State")]
        self.session.wait_until(lambda: self.values("State")[-len(seen):] == seen,
                                f"{self.values('State')} instead of {seen}")
        self.assertEqual((self.session.get("Dictation"), self.session.get("Code"),
                          self.session.get("Message")), (dictation, "", ""))

    def test_progress(self):
        """It grows up to the whole of the sound."""
        dictation = self.transcribe()
        self.session.outcome(dictation)
        steps = [arguments[1:] for name, arguments in self.session.events
                 if name == "Progress" and arguments[0] == dictation]
        self.assertTrue(steps)
        self.assertEqual(steps, sorted(steps))
        for done, total in steps:
            self.assertLessEqual(done, total)

    def test_cancel(self):
        """By its id, or as the current one; once."""
        for name in ("id", "current"):
            with self.subTest(name=name):
                self.provider.gate.clear()
                before = len(self.provider.requests)
                dictation = self.transcribe()
                self.provider.wait_for_requests(before + 1)
                self.call_on(INTERFACE, "Cancel", "(s)", dictation if name == "id" else "")
                self.session.wait_for(dictation, "cancelled")
                outcome = self.session.outcome(dictation)
                self.assertEqual(outcome[:2], ("failed", "cancelled"))
                self.provider.gate.set()
                self.assertEqual(self.session.get("State"), "cancelled")
        self.assertNotIn("Finished", [name for name, _ in self.session.events])

    def test_failure_is_forgotten(self):
        """Its sentence stands until the next dictation begins, and not a moment longer."""
        self.provider.default = reply(401, {"error": {"message": "wrong key", "type": "x"}})
        outcome = self.session.outcome(self.transcribe())
        self.assertEqual(self.session.get("Code"), outcome[1])
        self.assertEqual(self.session.get("Message"), outcome[2])
        self.provider.default = text(WORDS)
        self.session.outcome(self.transcribe())
        self.assertEqual((self.session.get("Code"), self.session.get("Message")), ("", ""))

    def test_two_at_once(self):
        """Both end, each with its own words, and each is told by its own id."""
        answers = iter(("first words", "second words"))
        self.provider.default = lambda request: text(next(answers))
        self.provider.gate.clear()
        before = len(self.provider.requests)
        first = self.transcribe()
        self.provider.wait_for_requests(before + 1)
        second = self.transcribe()
        self.provider.wait_for_requests(before + 2)
        self.assertNotEqual(first, second)
        self.assertEqual(self.session.get("Dictation"), second)
        self.provider.gate.set()
        outcomes = {self.session.outcome(first), self.session.outcome(second)}
        self.assertEqual(outcomes, {("finished", "first words"), ("finished", "second words")})
        (entries, _total) = self.call_on(INTERFACE, "ListHistory", "(a{sv})",
                                         {"limit": GLib.Variant("u", 2)})
        self.assertEqual({entry["id"] for entry in entries}, {first, second})


class Microphone(CourseTest):
    """Of what is recorded."""

    pulse = True

    def start(self):
        (dictation,) = self.call_on(INTERFACE, "Start", "(a{sv})", SILENT)
        self.session.wait_for(dictation, "recording")
        return dictation

    def tearDown(self):
        if self.session.get("State") in ("starting", "recording"):
            self.call_on(INTERFACE, "Cancel", "(s)", "")

    def test_properties(self):
        """Time and level go along while it records, and the level is gone afterwards."""
        dictation = self.start()
        self.assertEqual(self.session.get("State"), "recording")
        self.assertEqual(self.session.get("Dictation"), dictation)
        self.session.wait_until(lambda: self.values("Level"), "no level")
        self.session.play()
        self.assertGreater(self.session.get("Elapsed"), 1000)
        (stopped,) = self.call_on(INTERFACE, "Stop")
        self.assertEqual(stopped, dictation)
        self.assertEqual(self.session.outcome(dictation), ("finished", WORDS))
        self.assertEqual(self.session.get("Level"), -100)
        times = self.values("Elapsed")
        self.assertEqual(times, sorted(times))
        self.assertGreater(max(self.values("Level")), -40)
        self.assertEqual(self.call_on(INTERFACE, "GetLastText"), (WORDS,))

    def test_already_recording(self):
        """The error says which one it is, so that a client can follow it."""
        dictation = self.start()
        lines = self.message_of("Start", "(a{sv})", SILENT)
        self.assertIn(f"id: {dictation}", lines[1:])
        self.assert_refused("AlreadyRecording", INTERFACE, "Start", "(a{sv})", SILENT)
        self.assertEqual(self.session.get("Dictation"), dictation)
        self.assertEqual(self.session.get("State"), "recording")

    def test_toggle(self):
        """The second one stops what the first has begun, whatever its options are."""
        (dictation,) = self.call_on(INTERFACE, "Toggle", "(a{sv})", SILENT)
        self.session.wait_for(dictation, "recording")
        (stopped,) = self.call_on(INTERFACE, "Toggle", "(a{sv})", SILENT)
        self.assertEqual(stopped, dictation)
        self.session.outcome(dictation)
        self.assert_refused("NotRecording", INTERFACE, "Stop")
        (other,) = self.call_on(INTERFACE, "Toggle", "(a{sv})", SILENT)
        self.assertNotEqual(other, dictation)

    def test_nothing_was_said(self):
        """Silence is no text and no error of the service; there is nothing to go on with."""
        before = len(self.provider.requests)
        dictation = self.start()
        self.call_on(INTERFACE, "Stop")
        outcome = self.session.outcome(dictation)
        self.assertEqual(outcome[0], "failed")
        (resumable,) = [arguments[4] for name, arguments in self.session.events
                        if name == "Failed" and arguments[0] == dictation]
        self.assertFalse(resumable)
        self.assertEqual(len(self.provider.requests), before)

    def test_cancel_and_undo(self):
        """What was cancelled by mistake is transcribed after all, once."""
        dictation = self.start()
        self.session.play()
        self.call_on(INTERFACE, "Cancel", "(s)", dictation)
        outcome = self.session.outcome(dictation)
        self.assertEqual((outcome[1], outcome[3]), ("cancelled", "sound"))
        self.session.wait_until(lambda: self.session.get("CanUndoCancel"), "no way back")
        self.assert_refused("NotFound", INTERFACE, "Cancel", "(s)", dictation)
        self.session.events.clear()
        self.assertEqual(self.call_on(INTERFACE, "UndoCancel"), (dictation,))
        self.assertEqual(self.session.outcome(dictation), ("finished", WORDS))
        self.assertFalse(self.session.get("CanUndoCancel"))
        self.assert_refused("NotFound", INTERFACE, "UndoCancel")

    def test_file_meanwhile(self):
        """A file can be transcribed while somebody speaks, who stays the one that is shown."""
        dictation = self.start()
        file = self.transcribe()
        self.assertEqual(self.session.outcome(file), ("finished", WORDS))
        self.assertEqual(self.session.get("Dictation"), dictation)
        self.assertEqual(self.session.get("State"), "recording")


class Quit(CourseTest):
    """The end of the service."""

    def test_everybody_is_answered(self):
        """Who wanted it to end is told so when the name is free, and not before."""
        answers = []

        def answered(bus, result):
            bus.call_finish(result)
            answers.append(self.session.has_service())

        clients = [self.connect() for _ in range(3)]
        for client in clients:
            client.call(APP_ID, PATH, INTERFACE, "Quit", None, None,
                        Gio.DBusCallFlags.NO_AUTO_START, 120000, None, answered)
            client.flush_sync(None)
        self.session.wait_until(lambda: len(answers) == len(clients), "somebody is not answered")
        self.assertEqual(answers, [False] * len(clients))
        self.assertEqual(self.session.service.wait(120), 0)
        self.session.start_service()
        self.assertEqual(self.session.get("State"), "idle")


if __name__ == "__main__":
    tap.main()
