#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What a session starts: the icon is in a real panel, and no window is in the way."""

import os
import pathlib
import sys
import unittest

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS), str(TESTS / "service")]
# pylint: disable=wrong-import-position
import tap
from desktop_session import DesktopSession, missing_programs
from gi.repository import Gio, GLib
from whis_session import APP_ID


@unittest.skipIf(missing_programs(), f"not installed: {' '.join(missing_programs())}")
class LoginTest(unittest.TestCase):
    """Whis was told to start at login; then the session begins anew."""

    def setUp(self):
        self.desktop = DesktopSession(pulse=False, keyring=False)
        self.addCleanup(self.desktop.close)
        self.opened = self.desktop.note_windows()
        self.desktop.settings(autostart="true")
        self.desktop.whis("quit")
        self.desktop.wait_until(lambda: not self.desktop.has_service(), "it does not quit")
        self.desktop.wait_for_no_icon()

    def log_in(self):
        """Starts what the autostart directory says, as a session does: through GIO, which knows
        about TryExec, Hidden, and the quotes of Exec."""
        path = os.path.join(self.desktop.environment["XDG_CONFIG_HOME"], "autostart",
                            f"{APP_ID}.desktop")
        entry = Gio.DesktopAppInfo.new_from_filename(path)
        self.assertIsNotNone(entry, "the entry cannot be started")
        self.assertFalse(entry.get_is_hidden())
        _ok, words = GLib.shell_parse_argv(entry.get_commandline())
        with open(self.desktop.log_path, "a", encoding="utf-8") as log:
            self.desktop.service = self.desktop.spawn(
                *words, stdout=log, stderr=log,
                env={**self.desktop.environment, "G_MESSAGES_DEBUG": "all"})
        self.desktop.wait_until(self.desktop.has_service, "the service does not come")
        self.assertEqual(self.desktop.get("State"), "idle")

    def assert_no_window(self):
        self.assertFalse(os.path.exists(self.opened), "a window opened")


class Login(LoginTest):
    """The icon, sooner or later."""

    def test_icon(self):
        self.log_in()
        self.desktop.wait_for_icon()
        self.desktop.wait_for_icon_name("idle")
        self.assert_no_window()
        artefacts = os.environ.get("WHIS_ARTEFACTS")
        if artefacts:
            os.makedirs(artefacts, exist_ok=True)
            self.desktop.screenshot(os.path.join(artefacts, "login.png"))

    def test_the_panel_comes_late(self):
        """Later than Whis is willing to wait where somebody started it."""
        self.desktop.stop_panel()
        self.log_in()
        self.desktop.wait_until(lambda: "nobody waits for a window" in self.desktop.read_log(),
                                "it still waits for a panel")
        self.assert_no_window()
        self.desktop.start_panel()
        self.desktop.wait_for_icon()
        self.assert_no_window()

    def test_started_by_hand(self):
        """Somebody who starts it where there is no panel gets a window; a session does not."""
        self.desktop.stop_panel()
        self.desktop.start_service()
        self.desktop.wait_until(lambda: os.path.exists(self.opened), "no window")


if __name__ == "__main__":
    sys.exit(tap.main())
