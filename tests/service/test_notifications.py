#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What the service says by notifications, and what a click on one does."""

import json
import os
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# pylint: disable=wrong-import-position
import tap
from fakes.fake_services import FakeService, reply, text
from gi.repository import Gio, GLib
from whis_session import APP_ID, PATH, WhisSession

NOTIFICATIONS = "org.freedesktop.Notifications"
NOTIFICATIONS_PATH = "/org/freedesktop/Notifications"

# In place of the window: notes its arguments and the token that it would use.
FAKE_WINDOW = """#!/bin/sh
echo "$* ${XDG_ACTIVATION_TOKEN-none}" >>"$WHIS_TEST_WINDOWS"
[ "${XDG_ACTIVATION_TOKEN-none}" = "${DESKTOP_STARTUP_ID-none}" ] || echo differs >>"$WHIS_TEST_WINDOWS"
"""


class NotificationsTest(unittest.TestCase):
    """A service, and a notification server that can be asked what it was told."""

    def setUp(self):
        self.provider = FakeService(text("words"))
        self.addCleanup(self.provider.close)
        self.session = WhisSession()
        self.addCleanup(self.session.close)
        self.windows = pathlib.Path(self.session.directory, "windows")
        window = pathlib.Path(self.session.directory, "whis-window")
        window.write_text(FAKE_WINDOW, encoding="utf-8")
        window.chmod(0o755)
        self.session.environment.update(
            DISPLAY=":nobody-looks", WHIS_WINDOW_PROGRAM=str(window),
            WHIS_TEST_WINDOWS=str(self.windows), XDG_ACTIVATION_TOKEN="of the service's own start")
        self.session.settings(provider="custom", addresses__custom=self.provider.address)
        self.session.spawn("/usr/bin/python3", "-m", "dbusmock", "--template",
                           "notification_daemon", "--parameters",
                           json.dumps({"capabilities": "body actions"}),
                           stdout=subprocess.DEVNULL)
        self.session.wait_until(self.is_served, "nobody shows notifications")
        self.session.start_service()

    def is_served(self):
        return self.session.bus.call_sync(
            "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
            "NameHasOwner", GLib.Variant("(s)", (NOTIFICATIONS,)), None,
            Gio.DBusCallFlags.NONE, -1, None).unpack()[0]

    def ask_server(self, method, signature, *arguments):
        return self.session.bus.call_sync(
            NOTIFICATIONS, NOTIFICATIONS_PATH, "org.freedesktop.DBus.Mock", method,
            GLib.Variant(signature, arguments), None, Gio.DBusCallFlags.NONE, -1, None).unpack()

    def shown(self):
        """(title, text, [action, label, …]) of all that were shown."""
        (calls,) = self.ask_server("GetMethodCalls", "(s)", "Notify")
        return [(call[1][3], call[1][4], call[1][5]) for call in calls]

    def wait_for_notification(self, title):
        found = self.session.wait_until(lambda: [n for n in self.shown() if n[0] == title],
                                        f"no notification says: {title}")
        self.assertEqual(len(found), 1)
        return found[0]

    def emit(self, name, signature, *arguments):
        values = [GLib.Variant(one, value) for one, value in zip(signature, arguments)]
        self.ask_server("EmitSignal", "(sssav)", NOTIFICATIONS, name, signature, values)

    def click(self, action, token=None):
        """A click on the only notification."""
        if token is not None:
            self.emit("ActivationToken", "us", 1, token)
        self.emit("ActionInvoked", "us", 1, action)

    def dictate(self):
        dictation = self.session.start_dictation()
        self.session.play()
        self.session.call("Stop")
        self.session.outcome(dictation)
        return dictation

    def opened(self):
        return self.windows.read_text(encoding="utf-8").splitlines() if self.windows.exists() else []


class Buttons(NotificationsTest):
    """In a notification nobody can type a command."""

    def test_failure(self):
        session = self.session
        self.provider.default = reply(400, {"error": {"message": "I will not"}})
        dictation = self.dictate()
        _, body, actions = self.wait_for_notification("The dictation failed")
        self.assertNotIn("“whis", body)
        self.assertIn("The sound is kept.", body)
        self.assertEqual(actions, ["default", "Open Whis", f"resume::{dictation}", "Try again"])
        self.provider.default = text("words")
        session.events.clear()
        self.click(f"resume::{dictation}")
        session.wait_until(lambda: session.states(dictation)[-1:] == ["failed"]
                           and session.call("GetLastText") == ("words",), "it is not tried again")

    def test_key(self):
        self.provider.default = reply(401, {"error": {"code": "invalid_api_key"}})
        self.dictate()
        _, body, actions = self.wait_for_notification("The dictation failed")
        self.assertNotIn("“whis", body)
        self.assertEqual(actions, ["default", "Open Whis", "preferences", "Open Settings"])
        self.click("preferences")
        self.session.wait_until(lambda: self.opened() == ["--page=preferences none"],
                                "no window opens")

    def test_clipboard(self):
        """There is none here; the text is offered once more."""
        dictation = self.dictate()
        _, body, actions = self.wait_for_notification("The dictation failed")
        self.assertNotIn("“whis", body)
        self.assertIn("The text is kept in the history.", body)
        self.assertEqual(actions, ["default", "Open Whis", f"copy-entry::{dictation}", "Copy"])

    def test_paste_fails(self):
        """Of a text that cannot be inserted from the tray or by a shortcut the reason is told."""
        self.dictate()
        self.wait_for_notification("The dictation failed")
        self.session.bus.call_sync(
            APP_ID, PATH, "org.gtk.Actions", "Activate",
            GLib.Variant("(sava{sv})", ("insert-last", [], {})), None, Gio.DBusCallFlags.NONE, -1,
            None)
        _, body, _ = self.wait_for_notification("Whis")
        self.assertIn("could not be copied", body)
        self.assertNotIn("GDBus", body)

    def test_silence(self):
        session = self.session
        dictation = session.start_dictation()
        session.wait_until(lambda: session.get("Elapsed") > 1000, "nothing is recorded")
        session.call("Stop")
        session.outcome(dictation)
        _, body, actions = self.wait_for_notification("No speech heard")
        self.assertEqual(body, "No speech heard, so the clipboard is as it was.")
        self.assertEqual(actions, ["default", "Open Whis"])


class Tokens(NotificationsTest):
    """What lets a window come to the front is for that window alone."""

    def test_token(self):
        session = self.session
        dictation = self.dictate()
        self.wait_for_notification("The dictation failed")
        self.click("default", "of the notification")
        session.wait_until(lambda: self.opened() == ["--page=home of the notification"],
                           "the window has no token")
        # The token of a button that opens none is not for the next window, and neither is that of
        # the service.
        session.events.clear()
        self.click(f"copy-entry::{dictation}", "of a button")
        session.call("OpenWindow", "(s)", "preferences")
        session.wait_until(lambda: len(self.opened()) == 2, "no second window opens")
        self.assertEqual(self.opened()[1], "--page=preferences none")

    def test_launcher(self):
        """A launcher starts Whis through its desktop file, by D-Bus."""
        session = self.session

        def activate(**data):
            session.bus.call_sync(
                APP_ID, PATH, "org.freedesktop.Application", "Activate",
                GLib.Variant("(a{sv})", ({k.replace("_", "-"): GLib.Variant("s", v)
                                          for k, v in data.items()},)),
                None, Gio.DBusCallFlags.NONE, -1, None)

        activate(activation_token="of the launcher")
        activate(desktop_startup_id="of an older one")
        activate()
        session.wait_until(lambda: len(self.opened()) == 3, "no window opens")
        # They are started one after the other, and run at the same time.
        self.assertEqual(sorted(self.opened()),
                         ["--page=home none", "--page=home of an older one",
                          "--page=home of the launcher"])


if __name__ == "__main__":
    tap.main()
