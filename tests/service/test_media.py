#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Media players are paused while Whis records, and only those play on."""

import os
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# pylint: disable=wrong-import-position
import tap
from fakes.fake_services import FakeService, text
from gi.repository import Gio, GLib
from whis_session import SPEECH, WhisSession

PATH = "/org/mpris/MediaPlayer2"
INTERFACE = "org.mpris.MediaPlayer2.Player"
MOCK = "org.freedesktop.DBus.Mock"

# What a player does when it is told to: its state changes, and it says so.
SET = "self.UpdateProperties('%s', {'PlaybackStatus': '%s'})"


class Player:
    """A media player: python-dbusmock."""

    def __init__(self, session, name, status):
        self.session = session
        self.name = f"org.mpris.MediaPlayer2.{name}"
        session.spawn("/usr/bin/python3", "-m", "dbusmock", self.name, PATH, INTERFACE,
                      stdout=subprocess.DEVNULL)
        session.wait_until(self.is_there, "no player comes")
        self.call(MOCK, "AddProperty", "(ssv)", INTERFACE, "PlaybackStatus",
                  GLib.Variant("s", status))
        for method, after in (("Play", "Playing"), ("Pause", "Paused")):
            self.call(MOCK, "AddMethod", "(sssss)", INTERFACE, method, "", "",
                      SET % (INTERFACE, after))

    def is_there(self):
        return self.session.bus.call_sync(
            "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
            "NameHasOwner", GLib.Variant("(s)", (self.name,)), None, Gio.DBusCallFlags.NONE, -1,
            None).unpack()[0]

    def call(self, interface, method, signature, *arguments):
        return self.session.bus.call_sync(
            self.name, PATH, interface, method,
            GLib.Variant(signature, arguments) if signature else None, None,
            Gio.DBusCallFlags.NONE, -1, None).unpack()

    def status(self):
        return self.call("org.freedesktop.DBus.Properties", "Get", "(ss)", INTERFACE,
                         "PlaybackStatus")[0]

    def calls(self):
        """Which of its methods were called."""
        return [name for _time, name, _arguments in self.call(MOCK, "GetCalls", "")[0]
                if name in ("Play", "Pause", "PlayPause", "Stop")]

    def user(self, method):
        """What the user does with it."""
        self.call(INTERFACE, method, "")

    def wait_for(self, status):
        self.session.wait_until(lambda: self.status() == status,
                                f"{self.name} is {self.status()}, not {status}")


class Media(unittest.TestCase):
    """A service, and players on its bus."""

    def setUp(self):
        self.provider = FakeService(text("words"))
        self.addCleanup(self.provider.close)
        self.session = WhisSession()
        self.addCleanup(self.session.close)
        self.session.settings(provider="custom", addresses__custom=self.provider.address)

    def end(self, dictation):
        self.session.play()
        self.session.call("Stop")
        self.session.outcome(dictation)

    def test_only_what_played_is_resumed(self):
        session = self.session
        playing = Player(session, "playing", "Playing")
        also = Player(session, "also.instance7", "Playing")
        paused = Player(session, "paused", "Paused")
        stopped = Player(session, "stopped", "Stopped")
        session.start_service()
        dictation = session.start_dictation(deliver=False)
        playing.wait_for("Paused")
        also.wait_for("Paused")
        self.end(dictation)
        playing.wait_for("Playing")
        also.wait_for("Playing")
        self.assertEqual(playing.calls(), ["Pause", "Play"])
        self.assertEqual(paused.calls() + stopped.calls(), [])

    def test_cancelled(self):
        session = self.session
        player = Player(session, "playing", "Playing")
        session.start_service()
        session.start_dictation(deliver=False)
        player.wait_for("Paused")
        session.call("Cancel", "(s)", "")
        player.wait_for("Playing")

    def test_user_started_another(self):
        session = self.session
        playing = Player(session, "playing", "Playing")
        other = Player(session, "other", "Paused")
        session.start_service()
        dictation = session.start_dictation(deliver=False)
        playing.wait_for("Paused")
        other.user("Play")
        self.end(dictation)
        # The next one is paused and resumed: by then the first would have been.
        dictation = session.start_dictation(deliver=False)
        other.wait_for("Paused")
        self.end(dictation)
        other.wait_for("Playing")
        self.assertEqual(playing.calls(), ["Pause"])

    def test_user_stopped_it(self):
        session = self.session
        stopped = Player(session, "stopped", "Playing")
        other = Player(session, "other", "Playing")
        session.start_service()
        dictation = session.start_dictation(deliver=False)
        stopped.wait_for("Paused")
        other.wait_for("Paused")
        stopped.call(MOCK, "UpdateProperties", "(sa{sv})", INTERFACE,
                     {"PlaybackStatus": GLib.Variant("s", "Stopped")})
        self.end(dictation)
        other.wait_for("Playing")
        self.assertEqual(stopped.calls(), ["Pause"])

    def test_switched_off(self):
        session = self.session
        player = Player(session, "playing", "Playing")
        session.settings(pause_media="false")
        session.start_service()
        self.end(session.start_dictation(deliver=False))
        self.assertEqual(player.calls(), [])

    def test_files(self):
        """Nothing is recorded."""
        session = self.session
        player = Player(session, "playing", "Playing")
        session.start_service()
        session.whis("transcribe", SPEECH)
        self.assertEqual(player.calls(), [])


if __name__ == "__main__":
    tap.main()
