#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A disk on which every call takes its time: whoever waits for it, it is not the main loop.

The service is started with a library that makes calls on its data directory slow, and that notes
those of the main thread (stalled-disk.c). In a build directory:

  meson test -C .build/dev --verbose service-stalled-disk
"""

import os
import signal
import sys
import unittest

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [TESTS, os.path.join(TESTS, "service")]
# pylint: disable=wrong-import-position
import tap
from fakes.fake_services import FakeService, reply, text
from gi.repository import Gio, GLib
from whis_session import APP_ID, INTERFACE, PATH, SPEECH, WhisSession


class Stalled(unittest.TestCase):
    """A service whose disk takes a twentieth of a second for each call."""

    stall_ms = 50

    def setUp(self):
        self.provider = FakeService(text("plain words"))
        self.addCleanup(self.provider.close)
        self.session = WhisSession()
        self.addCleanup(self.session.close)
        self.session.settings(provider="custom", addresses__custom=self.provider.address)
        self.log = os.path.join(self.session.directory, "main-thread.log")
        environment = self.session.environment
        stalled = {
            "LD_PRELOAD": os.environ["STALLED_DISK"],
            "WHIS_STALLED_DIRECTORY": os.path.join(environment["XDG_DATA_HOME"], "whis"),
            "WHIS_STALLED_MS": str(self.stall_ms),
            "WHIS_STALLED_LOG": self.log,
        }
        environment.update(stalled)
        self.session.start_service()
        for name in stalled:
            del environment[name]

    def waits(self):
        """What the main thread has called on the disk."""
        if not os.path.exists(self.log):
            return []
        with open(self.log, encoding="utf-8") as log:
            return sorted(set(log.read().splitlines()))

    def transcribe(self, **options):
        """Gives a file to the service; returns the new dictation."""
        options = {name: GLib.Variant("b", value) for name, value in options.items()}
        with open(SPEECH, "rb") as file:
            files = Gio.UnixFDList.new_from_array([os.dup(file.fileno())])
        answer, _ = self.session.bus.call_with_unix_fd_list_sync(
            APP_ID, PATH, INTERFACE, "TranscribeFile",
            GLib.Variant("(hsa{sv})", (0, "speech.wav", options)), None,
            Gio.DBusCallFlags.NONE, 60000, files, None)
        return answer.unpack()[0]

    def test_main_loop_does_not_wait(self):
        session = self.session
        dictation = session.start_dictation(deliver=False)
        session.play()
        session.call("Stop")
        self.assertEqual(session.outcome(dictation), ("finished", "plain words"))

        # At once, and not within a third of a second: an accident, a dictation that is cancelled
        # and taken back, one that fails and is tried again, and a file.
        session.call("Start", "(a{sv})", {"deliver": GLib.Variant("b", False)})
        session.call("Stop")
        cancelled = session.start_dictation(deliver=False)
        session.play()
        session.call("Cancel", "(s)", cancelled)
        session.wait_for(cancelled, "cancelled")
        session.call("UndoCancel")
        self.assertEqual(session.outcome(cancelled)[0], "failed")
        session.wait_for(cancelled, "done")
        self.provider.default = reply(401, {"error": {"message": "no"}})
        failed = session.start_dictation(deliver=False)
        session.play()
        session.call("Stop")
        self.assertEqual(session.outcome(failed)[0], "failed")
        self.assertEqual(session.outcome(self.transcribe())[0], "failed")
        self.provider.default = text("plain words")
        session.call("Resume", "(sa{sv})", failed, {})
        session.wait_for(failed, "done")
        self.assertEqual(session.outcome(self.transcribe()), ("finished", "plain words"))

        # The history.
        session.call("OpenSound", "(s)", dictation)
        session.call("PlaySound", "(s)", dictation)
        session.call("PlaySound", "(s)", "")
        session.call("TranscribeAgain", "(sa{sv})", dictation, {})
        session.wait_until(lambda: session.states(dictation).count("done") == 2, "not again")
        session.call("ListHistory", "(a{sv})", {})
        session.call("DeleteHistoryEntries", "(as)", [failed])
        self.assertEqual(self.waits(), [])

    def test_left_behind(self):
        """What was left behind is found without the main loop, too."""
        session = self.session
        dictation = session.start_dictation(deliver=False)
        session.play()
        session.kill_service(signal.SIGKILL)
        session.wait_until(lambda: not session.has_service(), "it stays on the bus")
        self.assertEqual(self.waits(), [])
        self.assertTrue(session.recordings())
        session.start_service()
        self.assertEqual(session.call("GetHistoryEntry", "(s)", dictation)[0]["state"],
                         "interrupted")


if __name__ == "__main__":
    tap.main()
