# SPDX-License-Identifier: MIT
"""Texts that IBus commits into real programs on X11."""

import os
import shutil
import subprocess
import sys
import time
import unittest

sys.path[:0] = [os.path.dirname(os.path.abspath(__file__)),
                os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")]
import tap  # noqa: E402
from gi.repository import Gio, GLib  # noqa: E402
from samples import MIXED, SAMPLES  # noqa: E402
from session import SECONDS  # noqa: E402
from x11_session import X11Session  # noqa: E402

CHOOSER = "org.freedesktop.IBus.Panel.Extension.Emoji"
OWN_CONTEXT = "/org/freedesktop/IBus/InputContext_1"
HANDED_OVER = "handed-over ibus-panel -"


class Bus:
    """The private bus of IBus."""

    def __init__(self, address):
        self.connection = Gio.DBusConnection.new_for_address_sync(
            address, Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT
            | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION, None, None)

    def get_owner(self, name):
        """The owner of a name, waited for."""
        loop = GLib.MainLoop()
        found = []
        watch = Gio.bus_watch_name_on_connection(
            self.connection, name, Gio.BusNameWatcherFlags.NONE,
            lambda _bus, _name, owner: (found.append(owner), loop.quit()), None)
        loop.run()
        Gio.bus_unwatch_name(watch)
        return found[0]

    def own(self, name):
        """Owns a name that nobody may take away."""
        flags = 4  # do not queue
        return self.connection.call_sync(
            "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "RequestName",
            GLib.Variant("(su)", (name, flags)), None, Gio.DBusCallFlags.NONE, -1, None)

    def get_context(self):
        """The path of the context with the focus; the first one is the daemon's own."""
        return self.connection.call_sync(
            "org.freedesktop.IBus", "/org/freedesktop/IBus", "org.freedesktop.DBus.Properties",
            "Get", GLib.Variant("(ss)", ("org.freedesktop.IBus", "CurrentInputContext")), None,
            Gio.DBusCallFlags.NONE, -1, None).unpack()[0]

    def close(self):
        self.connection.close_sync()


class Case(unittest.TestCase):
    EXTENSION = "/usr/libexec/ibus-extension-gtk3"

    def setUp(self):
        if shutil.which("ibus-daemon") is None:
            self.skipTest("ibus is not installed")
        self.session = X11Session()
        self.addCleanup(self.session.end)
        self.session.env.update(GTK_IM_MODULE="ibus", XMODIFIERS="@im=ibus",
                                GSETTINGS_BACKEND="memory")
        self.session.env.pop("IBUS_ADDRESS", None)
        # What it starts as its panel tells that it is ready.
        ready = os.path.join(self.session.dir, "ready")
        os.mkfifo(ready)
        self.session.start(
            "ibus-daemon", "--xim", f"--panel=/bin/sh -c 'echo >{ready}'", "--config=disable",
            f"--emoji-extension={self.EXTENSION}", stderr=subprocess.DEVNULL)
        with open(ready, encoding="utf-8") as file:
            file.readline()
        self.session.run("ibus", "engine", "xkb:us::eng")
        folder = os.path.join(self.session.dir, ".config", "ibus", "bus")
        with open(os.path.join(folder, os.listdir(folder)[0]), encoding="utf-8") as file:
            address = next(line.split("=", 1)[1].strip() for line in file
                           if line.startswith("IBUS_ADDRESS="))
        self.bus = Bus(address)
        self.addCleanup(self.bus.close)

    def start_target(self, version, kind):
        """Starts a target and waits until IBus knows that it has the focus."""
        before = self.bus.get_context(), OWN_CONTEXT
        target = self.session.start_target(version, kind)
        deadline = time.monotonic() + SECONDS
        while self.bus.get_context() in before:
            self.assertLess(time.monotonic(), deadline, "IBus does not know the target")
        return target

    def get_engine(self):
        return self.session.run("ibus", "engine", stdout=subprocess.PIPE).stdout

    def insert(self, text, *options):
        self.inserting = self.session.insert(text, "--ibus", *options)
        return self.inserting.read_line()

    def end_insertion(self):
        self.session.stop(self.inserting)


class Fields(Case):
    def check(self, version):
        for name in "mixed", "lines", "3900", "4097", "20000":
            with self.subTest(name):
                target = self.start_target(version, "view")
                self.assertEqual(self.insert(SAMPLES[name]), HANDED_OVER)
                self.assertEqual(target.await_json("text", SAMPLES[name]), SAMPLES[name])
                self.end_insertion()
                self.session.stop(target)

    def test_gtk3(self):
        self.check("3.0")

    def test_gtk4(self):
        self.check("4.0")

    def await_xim(self):
        deadline = time.monotonic() + SECONDS
        while b"ibus" not in self.session.run("xprop", "-root", "XIM_SERVERS",
                                              stdout=subprocess.PIPE).stdout:
            self.assertLess(time.monotonic(), deadline, "IBus does not serve XIM")

    def test_xim(self):
        """A terminal gets no newline, which would run the line."""
        self.await_xim()
        terminal = self.session.start_terminal("xterm")
        self.assertEqual(self.insert("Grüße, 漢字\nls\n"), HANDED_OVER)
        expected = "Grüße, 漢字 ls".encode()
        self.assertEqual(terminal.lines.read_bytes(len(expected)), expected)
        self.end_insertion()
        self.assertEqual(self.insert("end"), HANDED_OVER)
        self.assertEqual(terminal.lines.read_bytes(3), b"end")


class Guards(Case):
    def test_password_field_gets_nothing(self):
        self.session.copy(b"before")
        target = self.start_target("4.0", "password")
        self.assertEqual(self.insert("words"), "password-field ibus-panel -")
        self.assertEqual(self.session.get_copied(), b"before")
        # What comes next is told by the field, so that nothing came before.
        self.session.run("xdotool", "type", "x")
        self.assertEqual(target.await_json("text"), "x")

    def test_password_field_without_input_method(self):
        """GTK 3 gives none to an entry for a password."""
        self.session.start_target("3.0", "password")
        self.assertRegex(self.insert("words"), "^copied - copied The focused window takes no text")

    def test_no_text_field(self):
        self.assertEqual(self.insert("words"), "copied - copied The focused window takes no text "
                         "from an input method.")

    def test_switched_off(self):
        self.session.start_target("3.0", "view")
        self.inserting = self.session.insert("words", "--describe", "--ibus-off")
        self.assertIn("Insertion through IBus is switched off.", self.inserting.read_line())

    def test_not_running(self):
        self.session.env["IBUS_ADDRESS"] = "unix:path=" + os.path.join(self.session.dir, "none")
        self.session.start_target("3.0", "view")
        self.assertEqual(self.insert("words"), "copied - copied IBus is not running.")


class Desktop(Case):
    def test_all_is_as_before(self):
        chooser = self.bus.get_owner(CHOOSER)
        engine = self.get_engine()
        self.assertEqual(engine.strip(), b"xkb:us::eng")
        target = self.start_target("3.0", "view")
        expected = ""
        for i in range(20):
            self.assertEqual(self.insert(f"{i}: {MIXED} "), HANDED_OVER)
            self.assertEqual(self.bus.get_owner(CHOOSER), chooser)
            expected += f"{i}: {MIXED} "
            target.await_json("text", expected)
            self.end_insertion()
        self.assertEqual(self.get_engine(), engine)
        self.session.run("xdotool", "type", "x")
        target.await_json("text", expected + "x")


class Taken(Case):
    EXTENSION = "disable"

    def test_without_chooser(self):
        target = self.start_target("3.0", "view")
        self.assertEqual(self.insert(MIXED), HANDED_OVER)
        target.await_json("text", MIXED)

    def test_name_that_is_not_given_away(self):
        self.bus.own(CHOOSER)
        self.start_target("3.0", "view")
        self.assertEqual(self.insert("words"),
                         "copied - copied Another program extends the panel of IBus.")


if __name__ == "__main__":
    tap.main()
