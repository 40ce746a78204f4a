#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What hasty users, careless neighbours and strangers on the bus do to a dictation."""

import os
import pathlib
import signal
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# pylint: disable=wrong-import-position
import tap
from gi.repository import Gio, GLib
from test_keeping import Keeping


class Haste(Keeping):
    """Keys that are pressed too quickly."""

    def tearDown(self):
        self.assertNotIn("CRITICAL", self.session.read_log())

    def start_speaking(self):
        """Returns when there is enough to hear, in the middle of the speech."""
        session = self.session
        dictation = session.start_dictation()
        session.spawn("paplay", "--device=mic", self.long_speech(2), env=session.environment)
        session.wait_until(lambda: session.get("Elapsed") > 3000, "nothing is recorded")
        return dictation

    def check_all_is_sent(self, dictation):
        """What was sent is all of the sound; the longest chunk is longer."""
        session = self.session
        session.wait_until(lambda: self.entry(dictation)["state"] == "done", "it is not finished")
        session.play()  # takes longer than anything that may still be written
        (path,) = session.recordings()
        sent = self.provider.requests[-1].files["file"][2]
        with open(path, "rb") as recorded:
            self.assertEqual(len(sent), os.path.getsize(path), "the last words are lost")
            self.assertEqual(sent, recorded.read())
        self.assertEqual(self.delivered(), [self.heard[-1]])

    def test_cancel_and_undo_at_once(self):
        session = self.session
        session.start_service()
        dictation = self.start_speaking()
        session.call("Cancel", "(s)", dictation)
        session.call("UndoCancel")
        self.check_all_is_sent(dictation)

    def test_stop_cancel_and_undo_at_once(self):
        session = self.session
        session.start_service()
        dictation = self.start_speaking()
        session.call("Stop")
        session.call("Cancel", "(s)", dictation)
        session.call("UndoCancel")
        self.check_all_is_sent(dictation)

    def test_resume_twice_at_once(self):
        session = self.session
        session.start_service()
        dictation = self.speak()
        session.kill_service(signal.SIGKILL)
        self.restart()
        self.wait_unfinished(1)
        command = [session.environment["WHIS_PROGRAM"], "history", "retry"]
        callers = [session.spawn(*command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                   for _ in range(2)]
        statuses = [caller.wait(60) for caller in callers]
        self.assertIn(0, statuses)
        session.wait_until(lambda: self.entry(dictation)["state"] == "done", "it is not finished")
        self.assertEqual(self.delivered(), ["part0"])


class Rest(Keeping):
    """What a service that has nothing to do still holds."""

    def open_sounds(self):
        """How many sounds the service has open, deleted ones too."""
        folder = f"/proc/{self.session.service.pid}/fd"
        targets = []
        for number in os.listdir(folder):
            try:
                targets.append(os.readlink(os.path.join(folder, number)))
            except FileNotFoundError:
                pass
        return sum("/recordings/" in target for target in targets)

    def test_no_sound_stays_open(self):
        """A private one would not be gone from the disk before the next dictation."""
        session = self.session
        session.settings(private="true")
        session.start_service()
        dictation = self.speak()
        session.call("Stop")
        session.outcome(dictation)
        session.wait_until(lambda: self.open_sounds() == 0, "the sound stays open", 30)
        self.assertGreater(session.get("Elapsed"), 2000, "the length is still known")
        dictation = self.speak()
        session.call("Cancel", "(s)", dictation)
        session.wait_until(lambda: self.open_sounds() == 0, "the sound stays open", 30)


class Neighbours(Keeping):
    """Others who are at the same files, or on the same bus."""

    def test_database_is_deleted(self):
        session = self.session
        session.start_service()
        data = pathlib.Path(session.environment["XDG_DATA_HOME"]) / "whis"
        session.call("ListHistory", "(a{sv})", {})
        for file in data.glob("history.db*"):
            file.unlink()
        dictation = self.speak()
        session.call("Stop")
        session.outcome(dictation)
        self.kill()
        session.wait_until(self.history, "the history is empty")
        self.assertEqual(self.entry(dictation)["state"], "done")
        self.assertEqual(session.get("Unfinished"), 0)

    def test_recordings_are_deleted(self):
        """What cannot be finished is not offered at each start."""
        session = self.session
        session.start_service()
        dictation = self.speak(5)
        session.wait_until(lambda: any(c["text"] for c in self.entry(dictation)["chunks"]),
                           "no chunk has text")
        session.kill_service(signal.SIGKILL)
        for path in session.recordings():
            os.unlink(path)
        self.restart()
        session.wait_until(lambda: self.entry(dictation)["state"] == "failed", "it is offered")
        entry = self.entry(dictation)
        self.assertIn("not there any more", entry["message"])
        self.assertEqual(entry["chunks"][0]["text"], "part0", "the words are kept")
        self.assertEqual(session.get("Unfinished"), 0)

    def test_sound_server_hangs(self):
        """Who asks for the microphones is told, before the bus gives the call up."""
        session = self.session
        session.start_service()
        session.pulse.send_signal(signal.SIGSTOP)
        self.addCleanup(session.pulse.send_signal, signal.SIGCONT)
        with self.assertRaisesRegex(GLib.Error, "does not answer"):
            session.call("ListMicrophones")
        session.pulse.send_signal(signal.SIGCONT)
        session.wait_until(lambda: session.call("ListMicrophones")[0], "none is listed")

    def test_actions_that_were_not_offered(self):
        session = self.session
        session.spawn("/usr/bin/python3", "-m", "dbusmock", "--template", "notification_daemon",
                      stdout=subprocess.DEVNULL)
        session.wait_until(lambda: self.owns("org.freedesktop.Notifications"), "no notifications")
        session.start_service()
        dictation = self.speak()
        session.call("Stop")
        session.outcome(dictation)
        # Until it was shown, nothing can be pressed on it.
        session.wait_until(lambda: self.invoke("copy-entry::" + dictation)
                           or len(self.delivered()) > 1, "the text is not copied")
        for action in ("quit", "toggle", "toggle::x", "resume", "copy-entry", "resume::../../x",
                       "cancel", "::", "'", "copy-entry::" + "x" * 5000, "resume(5)", ""):
            self.invoke(action)
        self.assertEqual(session.get("State"), "done")
        self.assertIsNone(session.service.poll(), "the service has ended")
        self.assertNotIn("CRITICAL", session.read_log())

    def owns(self, name):
        return self.session.bus.call_sync(
            "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
            "NameHasOwner", GLib.Variant("(s)", (name,)), None, Gio.DBusCallFlags.NONE, -1,
            None).unpack()[0]

    def invoke(self, action):
        """A press on a button of every notification there may be."""
        for number in range(1, 6):
            self.session.bus.call_sync(
                "org.freedesktop.Notifications", "/org/freedesktop/Notifications",
                "org.freedesktop.DBus.Mock", "EmitSignal",
                GLib.Variant("(sssav)", ("org.freedesktop.Notifications", "ActionInvoked", "us",
                                         [GLib.Variant("u", number), GLib.Variant("s", action)])),
                None, Gio.DBusCallFlags.NONE, -1, None)


if __name__ == "__main__":
    tap.main()
