# SPDX-License-Identifier: MIT
"""Words that are spoken stand in the window that has the focus, in a real X11 session."""

import json
import os
import subprocess
import sys
import unittest

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [TESTS, os.path.join(TESTS, "delivery"), os.path.join(TESTS, "service")]
# pylint: disable=wrong-import-position
import tap
from fakes.fake_services import FakeService, text
from gi.repository import Gio, GLib
from whis_session import APP_ID, PATH, WhisSession
from x11_session import X11Session

WORDS = "Grüße aus München, 漢字 und שלום 😀"
NOTIFICATIONS = "org.freedesktop.Notifications"
DELIVERY = "io.github.whis_gtk.Whis1.Delivery"


class InsertionTest(unittest.TestCase):
    """The service on a display with a window manager, and a provider whose texts the tests choose."""

    environment = {}

    def setUp(self):
        self.provider = FakeService(text(WORDS))
        self.addCleanup(self.provider.close)
        self.desktop = X11Session()
        self.addCleanup(self.desktop.end)
        self.session = WhisSession(environment={"DISPLAY": self.desktop.env["DISPLAY"],
                                                **self.environment})
        self.addCleanup(self.session.close)
        self.session.settings(provider="custom", addresses__custom=self.provider.address)
        self.session.start_service()

    def speak(self):
        """A dictation by the microphone, to its end."""
        dictation = self.session.start_dictation()
        self.session.play()
        self.session.call("Stop")
        outcome = self.session.outcome(dictation)
        self.assertEqual(outcome[0], "finished", outcome)
        return dictation

    def entry(self, dictation):
        result = self.session.whis("history", "show", "--json", dictation)
        self.assertEqual(result.returncode, 0, result.stderr)
        return json.loads(result.stdout)

    def show_notifications(self):
        """Has a server for them, which notes what it was told."""
        self.session.spawn("/usr/bin/python3", "-m", "dbusmock", "--template", "notification_daemon",
                           "--parameters", json.dumps({"capabilities": "body actions"}),
                           stdout=subprocess.DEVNULL)
        self.session.wait_until(lambda: self.session.bus.call_sync(
            "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "NameHasOwner",
            GLib.Variant("(s)", (NOTIFICATIONS,)), None, Gio.DBusCallFlags.NONE, -1,
            None).unpack()[0], "nobody shows notifications")

    def notifications(self):
        """(title, text, [action, label, …]) of all that were shown."""
        (calls,) = self.session.bus.call_sync(
            NOTIFICATIONS, "/org/freedesktop/Notifications", "org.freedesktop.DBus.Mock",
            "GetMethodCalls", GLib.Variant("(s)", ("Notify",)), None, Gio.DBusCallFlags.NONE, -1,
            None).unpack()
        return [(call[1][3], call[1][4], call[1][5]) for call in calls]

    def call_delivery(self, method, answer):
        return self.session.bus.call_sync(APP_ID, PATH, DELIVERY, method, None,
                                          GLib.VariantType.new(answer), Gio.DBusCallFlags.NONE,
                                          120000, None).unpack()


class Microphone(InsertionTest):
    def test_lands(self):
        """What was on the clipboard is there again afterwards."""
        self.desktop.copy(b"of before")
        target = self.desktop.start_target("4.0", "view")
        dictation = self.speak()
        self.assertEqual(target.await_json("text", WORDS), WORDS)
        entry = self.entry(dictation)
        self.assertEqual((entry["outcome"], entry["method"], entry["delivered"]),
                         ("landed", "x11-paste", True))
        self.assertEqual(self.desktop.get_copied(), b"of before")

    def test_last_text_again(self):
        target = self.desktop.start_target("3.0", "view")
        self.speak()
        target.await_json("text", WORDS)
        result = self.session.whis("paste")
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertIn(target.await_json("text", WORDS + WORDS), (WORDS + WORDS,))

    def test_never_read(self):
        """A text that is not seen to land is on the clipboard, and nobody is told that it landed."""
        target = self.desktop.start_target("4.0", "ignore")
        dictation = self.speak()
        entry = self.entry(dictation)
        self.assertEqual((entry["outcome"], entry["delivered"]), ("not-seen", True))
        self.assertEqual(self.desktop.get_copied().decode(), WORDS)
        target.write_line("paste")
        target.await_json("text", WORDS)
        self.session.wait_until(lambda: self.entry(dictation)["outcome"] == "landed",
                                "the late receipt is not in the history")

    def test_other_window(self):
        """The text is for the window that had the focus when the user stopped."""
        first = self.desktop.start_target("4.0", "view")
        self.provider.gate.clear()
        dictation = self.session.start_dictation()
        self.session.play()
        self.session.call("Stop")
        self.session.wait_for(dictation, "transcribing")
        second = self.desktop.start_target("3.0", "view")
        self.provider.gate.set()
        self.assertEqual(self.session.outcome(dictation)[0], "finished")
        self.assertEqual(self.entry(dictation)["outcome"], "copied")
        self.assertEqual(self.desktop.get_copied().decode(), WORDS)
        for target in (first, second):
            target.write_line("paste")
            self.assertEqual(target.await_json("text", WORDS), WORDS)

    def test_clipboard_only(self):
        self.session.settings(delivery="copy")
        self.desktop.start_target("4.0", "view")
        dictation = self.speak()
        self.assertEqual(self.entry(dictation)["outcome"], "copied")
        self.assertEqual(self.desktop.get_copied().decode(), WORDS)


class Again(InsertionTest):
    """A text that the user wants once more; what became of it is told by a notification."""

    def setUp(self):
        super().setUp()
        self.show_notifications()
        target = self.desktop.start_target("3.0", "view")
        self.dictation = self.speak()
        target.await_json("text", WORDS)
        self.target = target

    def test_lands(self):
        """What stands where the user looks needs no word."""
        self.assertEqual(self.call_delivery("InsertLastText", "(s)"), ("landed",))
        self.target.await_json("text", WORDS + WORDS)
        self.assertEqual(self.notifications(), [])

    def test_not_seen(self):
        self.desktop.start_target("4.0", "ignore")
        self.assertEqual(self.call_delivery("InsertLastText", "(s)"), ("not-seen",))
        shown = self.session.wait_until(self.notifications, "nothing is told")
        self.assertEqual(shown, [("The text was not seen to arrive",
                                  "It is on the clipboard, in case that it did not.",
                                  ["default", "Open Whis", "insert-last", "Paste"])])

    def test_entry_not_seen(self):
        self.desktop.start_target("4.0", "ignore")
        self.assertEqual(self.session.whis("paste", self.dictation).returncode, 1)
        shown = self.session.wait_until(self.notifications, "nothing is told")
        self.assertEqual(shown[0][2], ["default", "Open Whis", f"insert-entry::{self.dictation}",
                                       "Paste"])


class Window(InsertionTest):
    """The window inserts where the user worked before it was opened."""

    # Without OpenGL, whose drivers are slow here, by the words of GTK before and since 4.16.
    environment = {"GSK_RENDERER": "cairo", "GDK_DEBUG": "gl-disable", "GDK_DISABLE": "gl"}

    def test_last_text(self):
        target = self.desktop.start_target("3.0", "view")
        self.speak()
        target.await_json("text", WORDS)
        window = self.session.spawn(os.environ["WHIS_WINDOW_PROGRAM"])
        self.press_until_hidden("ctrl+i")
        self.assertEqual(target.await_json("text", WORDS + WORDS), WORDS + WORDS)
        # It closes, which ends its program.
        self.assertEqual(window.wait(120), 0)

    def is_shown(self):
        return subprocess.run(["xdotool", "search", "--onlyvisible", "--name", "^Whis$"],
                              env=self.desktop.env, check=False, timeout=120,
                              stdout=subprocess.DEVNULL).returncode == 0

    def press_until_hidden(self, key):
        """A key has no effect before the service has told the window its text."""
        self.desktop.run("xdotool", "search", "--sync", "--onlyvisible", "--name", "^Whis$",
                         "windowactivate", "--sync", stdout=subprocess.DEVNULL)
        while self.is_shown():
            self.desktop.run("xdotool", "key", key)
            for _ in range(100):
                if not self.is_shown():
                    break
                self.session.iterate(50)

    def press_in_review(self, key):
        """The window comes with its text, and has the focus since nobody else takes it. It is not
        activated once more: a key would be lost meanwhile."""
        self.session.wait_until(self.has_review_focus, "the text is not shown")
        self.desktop.run("xdotool", "key", key)

    def has_review_focus(self):
        name = subprocess.run(["xdotool", "getactivewindow", "getwindowname"], check=False,
                              env=self.desktop.env, timeout=120, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True).stdout
        return name.startswith("Insert This Text")

    def test_review(self):
        """The text is looked at, and inserted by Enter alone."""
        self.session.settings(review="true")
        target = self.desktop.start_target("3.0", "view")
        dictation = self.speak()
        self.assertEqual(self.desktop.get_copied().decode(), WORDS)
        self.press_in_review("Return")
        self.assertEqual(target.await_json("text"), WORDS)
        self.session.wait_until(lambda: self.entry(dictation)["outcome"] == "landed",
                                "the history does not know that it landed")

    def test_review_and_keep(self):
        self.session.settings(review="true")
        target = self.desktop.start_target("3.0", "view")
        dictation = self.speak()
        self.press_in_review("Escape")
        # What the field gets next is the first that it gets.
        target.await_json("focused")
        self.desktop.run("xdotool", "key", "x")
        self.assertEqual(target.await_json("text"), "x")
        self.assertEqual(self.desktop.get_copied().decode(), WORDS)
        self.assertEqual(self.entry(dictation)["outcome"], "copied")


class Ends(InsertionTest):
    def test_clipboard_outlives_the_service(self):
        self.session.settings(delivery="copy")
        self.speak()
        self.assertEqual(self.desktop.get_copied().decode(), WORDS)
        self.assertEqual(self.session.whis("quit").returncode, 0)
        self.session.service.wait(120)
        self.assertEqual(self.desktop.get_copied().decode(), WORDS)

    def test_killed_before_the_receipt(self):
        """A text of which nobody knows whether it arrived is offered, and not pasted once more."""
        target = self.desktop.start_target("4.0", "ignore")
        self.desktop.copy(b"of before")
        dictation = self.session.start_dictation()
        self.session.play()
        self.session.call("Stop")
        self.session.wait_until(lambda: self.desktop.get_copied().decode() == WORDS, "nothing is copied")
        self.session.kill_service()
        self.session.start_service()
        self.session.wait_until(lambda: self.entry(dictation)["state"] == "done",
                                "the dictation is not done")
        entry = self.entry(dictation)
        self.assertEqual((entry["text"], entry["delivered"]), (WORDS, False))
        result = self.session.whis("status", "--json")
        self.assertEqual(json.loads(result.stdout)["state"], "idle")
        # What it does next is the first thing that it is given.
        self.desktop.copy("from elsewhere".encode())
        target.write_line("paste")
        self.assertEqual(target.await_json("text"), "from elsewhere")


if __name__ == "__main__":
    tap.main()
