#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Keys that are pressed on a real X server, and shortcuts that others have seen."""

import os
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# pylint: disable=wrong-import-position
import tap
from fakes.fake_services import FakeService, text
from gi.repository import Gio, GLib
from whis_session import APP_ID, PATH, WhisSession

INTERFACE = "io.github.whis_gtk.Whis1.Shortcuts"


class Shortcuts(unittest.TestCase):
    """Without a display, so that only commands and the bus tell keys."""

    def setUp(self):
        self.provider = FakeService(text("spoken words"))
        self.addCleanup(self.provider.close)
        self.session = WhisSession()
        self.addCleanup(self.session.close)
        self.session.settings(provider="custom", addresses__custom=self.provider.address)
        self.set_up_display()
        self.session.start_service()

    def set_up_display(self):
        """There is none."""

    def call(self, method, signature=None, *arguments):
        parameters = GLib.Variant(signature, arguments) if signature else None
        answer = self.session.bus.call_sync(APP_ID, PATH, INTERFACE, method, parameters, None,
                                            Gio.DBusCallFlags.NONE, 120000, None)
        return answer.unpack()

    def wait_for_state(self, *states):
        self.session.wait_until(lambda: self.session.get("State") in states,
                                f"the state is not {states}")

    def last(self):
        """The id and the states of the last dictation."""
        ids = [a[0] for name, a in self.session.events if name == "StateChanged"]
        return ids[-1], self.session.states(ids[-1])


class Told(Shortcuts):
    """By commands."""

    def test_hold(self):
        self.session.whis("shortcut", "press", "toggle")
        self.wait_for_state("recording")
        # Longer than a tap.
        clock = GLib.get_monotonic_time()
        self.session.wait_until(lambda: GLib.get_monotonic_time() - clock > 600000, "time stands")
        self.call("Release", "(s)", "toggle")
        self.session.wait_until(lambda: "transcribing" in self.last()[1], "it still records")

    def test_tap(self):
        result = self.session.whis("shortcut", "tap", "toggle")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.wait_for_state("recording")
        self.call("Press", "(s)", "cancel")
        self.session.wait_until(lambda: "cancelled" in self.last()[1], "it was not cancelled")

    def test_repeated(self):
        # All at once, so that a busy machine does not make them seldom.
        for _ in range(20):
            self.session.bus.call(APP_ID, PATH, INTERFACE, "Tap", GLib.Variant("(s)", ("toggle",)),
                                  None, Gio.DBusCallFlags.NONE, -1, None, None)
        self.wait_for_state("recording")
        self.session.wait_until(lambda: self.last()[1] == ["starting", "recording"],
                                "twenty taps do not make one recording")

    def test_alternative(self):
        self.session.settings(alternative_options="{'language': 'fr'}")
        self.call("Tap", "(s)", "alternative")
        self.wait_for_state("recording")
        self.session.play()
        self.session.call("Stop")
        dictation, _ = self.last()
        self.session.outcome(dictation)
        self.assertEqual(self.provider.requests[-1].fields["language"], "fr")

    def test_check(self):
        checking = self.session.spawn(self.session.environment["WHIS_PROGRAM"], "shortcut", "check",
                                      stderr=subprocess.PIPE, text=True)
        self.assertIn("Press", checking.stderr.readline())
        # The call of the check may come after the line.
        while checking.poll() is None:
            self.call("Press", "(s)", "insert-last")
            self.call("Release", "(s)", "insert-last")
            self.session.iterate()
        self.assertEqual(checking.returncode, 0)
        self.assertEqual(checking.stderr.readline(), "It arrived.\n")
        self.assertEqual(self.session.get("State"), "idle")

    def test_mistakes(self):
        for arguments, words in ((("set", "toggle", "h"), "would be missing"),
                                 (("set", "dance", "<Super>h"), "no action"),
                                 (("press", "dance"), "no action"),
                                 (("press",), "whis shortcut press ACTION"),
                                 (("dance",), "no command"),
                                 (("line",), "set")):
            result = self.session.whis("shortcut", *arguments)
            self.assertNotEqual(result.returncode, 0, arguments)
            self.assertIn(words, result.stderr)
        result = self.session.whis("shortcut", "set", "toggle", "Super+Alt+D")
        self.assertEqual(result.returncode, 1)
        self.assertIn("No program can bind", result.stderr)
        result = self.session.whis("settings", "shortcut-toggle")
        self.assertEqual(result.stdout, "['<Super><Alt>d']\n")


class Keys(Shortcuts):
    """On an X server."""

    def set_up_display(self):
        for program in ("Xvfb", "xdotool"):
            if shutil.which(program) is None:
                self.skipTest(f"{program} is not installed")
        server = self.session.spawn("Xvfb", "-displayfd", "1", "-screen", "0", "320x240x24",
                                    "-nolisten", "tcp", "-noreset", stdout=subprocess.PIPE,
                                    stderr=subprocess.DEVNULL, text=True)
        self.session.environment["DISPLAY"] = ":" + server.stdout.readline().strip()
        self.session.environment.pop("WAYLAND_DISPLAY", None)

    def xdotool(self, *arguments):
        subprocess.run(["xdotool", *arguments], check=True, env=self.session.environment)

    def test_key(self):
        result = self.session.whis("shortcut", "set", "toggle", "<Super><Alt>d")
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        result = self.session.whis("shortcut")
        self.assertEqual(result.stdout, "toggle\tSuper+Alt+D\n")
        self.assertIn("Bound by x11", result.stderr)

        self.xdotool("key", "super+alt+d")
        self.wait_for_state("recording")
        self.xdotool("key", "Escape")
        self.session.wait_until(lambda: "cancelled" in self.last()[1], "it was not cancelled")

        # It is bound anew when the setting changes, and the key of before is free.
        self.session.settings(shortcut_toggle="['F9']")
        self.session.wait_until(
            lambda: self.call("Describe")[0]["triggers"] == {"toggle": "F9"}, "F9 is not bound")
        self.xdotool("keydown", "F9")
        self.wait_for_state("recording")
        clock = GLib.get_monotonic_time()
        self.session.wait_until(lambda: GLib.get_monotonic_time() - clock > 600000, "time stands")
        self.xdotool("keyup", "F9")
        self.session.wait_until(lambda: "transcribing" in self.last()[1], "it still records")

    def test_bound_at_start(self):
        self.session.settings(shortcut_toggle="['<Control><Alt>space']")
        self.session.kill_service()
        self.session.start_service()
        self.session.wait_until(
            lambda: self.call("Describe")[0]["triggers"] == {"toggle": "Ctrl+Alt+Space"},
            "it is not bound")
        self.xdotool("key", "ctrl+alt+space")
        self.wait_for_state("recording")


if __name__ == "__main__":
    tap.main()
