# SPDX-License-Identifier: MIT
"""Dictations by the microphone on a display, with the indicator that the service starts."""

import json
import os
import signal
import subprocess
import sys
import unittest

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [TESTS, os.path.join(TESTS, "delivery"), os.path.join(TESTS, "service")]
# pylint: disable=wrong-import-position
from fakes.fake_services import FakeService, text
from gi.repository import Gio, GLib
from whis_session import WhisSession

WORDS = "The family of Dashwood had long been settled in Sussex, and their estate was large."
PORTAL = "org.freedesktop.portal.Desktop"
PORTAL_PATH = "/org/freedesktop/portal/desktop"
PORTAL_XML = """
<node><interface name="org.freedesktop.portal.Settings">
  <method name="ReadAll"><arg type="as" direction="in"/><arg type="a{sa{sv}}" direction="out"/></method>
  <signal name="SettingChanged"><arg type="s"/><arg type="s"/><arg type="v"/></signal>
</interface></node>
"""

NOTIFICATIONS = "org.freedesktop.Notifications"
NOTIFICATIONS_PATH = "/org/freedesktop/Notifications"

# Notes that it was started, and becomes the program.
STARTER = """#!/bin/sh
echo $$ >>{notes}
exec {program} "$@"
"""


class IndicatorCase(unittest.TestCase):
    """A service on a desktop, and a provider whose texts the tests choose."""

    def start_session(self, desktop, **display):
        """`display` is what the service has of its environment."""
        self.desktop = desktop
        self.addCleanup(desktop.end)
        self.provider = FakeService(text(WORDS))
        self.addCleanup(self.provider.close)
        self.session = WhisSession(environment=display)
        self.addCleanup(self.session.close)
        self.notes = os.path.join(self.session.directory, "started")
        starter = os.path.join(self.session.directory, "indicator")
        with open(starter, "w", encoding="utf-8") as file:
            file.write(STARTER.format(notes=self.notes,
                                      program=os.environ["WHIS_INDICATOR_PROGRAM"]))
        os.chmod(starter, 0o755)
        self.session.environment["WHIS_INDICATOR_PROGRAM"] = starter
        self.session.settings(provider="custom", addresses__custom=self.provider.address,
                              longest_chunk="10")

    def started(self):
        """The process ids of all indicators, the latest last."""
        if not os.path.exists(self.notes):
            return []
        with open(self.notes, encoding="utf-8") as file:
            return [int(line) for line in file]

    def wait_for_start(self, count):
        self.session.wait_until(lambda: len(self.started()) >= count, "it is not started")
        return self.started()[-1]

    def wait_for_end(self, process):
        self.session.wait_until(lambda: not os.path.exists(f"/proc/{process}"), "it does not end")

    def kill(self, process):
        os.kill(process, signal.SIGKILL)

    def finish(self, dictation):
        """Stops a dictation that something was said to; its text."""
        self.session.call("Stop")
        outcome = self.session.outcome(dictation)
        self.assertEqual(outcome[0], "finished", outcome)
        return outcome[1]

    def dictate(self):
        """A whole dictation; its text."""
        dictation = self.session.start_dictation()
        self.session.play()
        return self.finish(dictation)

    def be_portal(self, **appearance):
        """The desktop says how it looks, from now on by the dictionary that is returned."""
        def called(_bus, _sender, _path, _interface, _method, _arguments, invocation):
            invocation.return_value(GLib.Variant("(a{sa{sv}})", ({
                "org.freedesktop.appearance": {
                    name.replace("_", "-"): GLib.Variant("u", value)
                    for name, value in appearance.items()}},)))

        node = Gio.DBusNodeInfo.new_for_xml(PORTAL_XML)
        bus = self.session.bus
        bus.register_object(PORTAL_PATH, node.interfaces[0], called, None, None)
        bus.call_sync("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                      "RequestName", GLib.Variant("(su)", (PORTAL, 0)), None,
                      Gio.DBusCallFlags.NONE, -1, None)
        return appearance

    def serve_notifications(self):
        """There is a server that can be asked what it was told."""
        self.session.spawn("/usr/bin/python3", "-m", "dbusmock", "--template", "notification_daemon",
                           "--parameters", json.dumps({"capabilities": "body actions"}),
                           stdout=subprocess.DEVNULL)
        self.session.wait_until(lambda: self.session.bus.call_sync(
            "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "NameHasOwner",
            GLib.Variant("(s)", (NOTIFICATIONS,)), None, Gio.DBusCallFlags.NONE, -1,
            None).unpack()[0], "nobody shows notifications")

    def ask_notifications(self, method, signature, *arguments):
        return self.session.bus.call_sync(
            NOTIFICATIONS, NOTIFICATIONS_PATH, "org.freedesktop.DBus.Mock", method,
            GLib.Variant(signature, arguments), None, Gio.DBusCallFlags.NONE, -1, None).unpack()

    def shown_notifications(self):
        """(title, [action, label, …]) of all that were shown."""
        (calls,) = self.ask_notifications("GetMethodCalls", "(s)", "Notify")
        return [(call[1][3], call[1][5]) for call in calls]

    def count_withdrawn(self):
        return len(self.ask_notifications("GetMethodCalls", "(s)", "CloseNotification")[0])

    def click_notification(self, number, action):
        self.ask_notifications("EmitSignal", "(sssav)", NOTIFICATIONS, "ActionInvoked", "us",
                               [GLib.Variant("u", number), GLib.Variant("s", action)])

    def change_look(self):
        """The portal says that something is another."""
        self.session.bus.emit_signal(
            None, PORTAL_PATH, "org.freedesktop.portal.Settings", "SettingChanged",
            GLib.Variant("(ssv)", ("org.freedesktop.appearance", "color-scheme",
                                   GLib.Variant("u", 0))))
