# SPDX-License-Identifier: MIT
"""Texts that are inserted in GNOME Shell by its extension, and what the extension shows."""

import os
import shutil
import sys
import unittest

sys.path[:0] = [os.path.dirname(os.path.abspath(__file__)),
                os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")]
from gi.repository import Gio, GLib  # noqa: E402

import tap  # noqa: E402
from samples import MIXED, SAMPLES  # noqa: E402
from wayland_session import GnomeShellSession  # noqa: E402

SERVICE = "io.github.whis_gtk.Whis"
SHELL = SERVICE + ".Shell"
PRIMARY, SECONDARY = 1, 3  # buttons
ICON = f"Main.panel.statusArea['{SERVICE}']"
INTERFACES = """
<node>
  <interface name="io.github.whis_gtk.Whis1">
    <method name="Toggle"><arg type="a{sv}" direction="in"/></method>
    <property name="State" type="s" access="read"/>
  </interface>
</node>
"""


class Case(unittest.TestCase):
    extension = True

    def setUp(self):
        if shutil.which("gnome-shell") is None:
            self.skipTest("gnome-shell is not installed")
        self.session = GnomeShellSession(self.extension)
        self.addCleanup(self.session.end)
        if self.extension:
            self.session.await_name(SHELL, True)

    def insert(self, text, *options):
        self.inserting = self.session.insert(text, "--deadline=60000", *options)
        return self.inserting.read_line()

    def end_insertion(self):
        self.session.stop(self.inserting)
        self.session.await_name(SERVICE, False)


class Fields(Case):
    def check(self, version):
        for name in "mixed", "lines", "3900", "4097", "20000":
            with self.subTest(name):
                target = self.session.start_field(version, "view")
                # A field that tells its text too late on a busy machine has it all the same.
                self.assertIn(self.insert(SAMPLES[name], "--mode=commit"),
                              ("landed gnome-shell -", "handed-over gnome-shell -"))
                target.await_json("text", SAMPLES[name])
                self.end_insertion()
                self.session.stop_field(target)

    def test_gtk3(self):
        self.check("3.0")

    def test_gtk4(self):
        self.check("4.0")

    def test_receipt(self):
        """Repeated until a field tells its text in time, which it does at once if it can."""
        for version in "3.0", "4.0":
            for name in "mixed", "lines", "3900":
                said = None
                while said != "landed gnome-shell -":
                    target = self.session.start_field(version, "view")
                    said = self.insert(SAMPLES[name], "--mode=commit")
                    target.await_json("text", SAMPLES[name])
                    self.end_insertion()
                    self.session.stop_field(target)

    def test_password_field_gets_nothing(self):
        for version in "3.0", "4.0":
            with self.subTest(version):
                target = self.session.start_field(version, "password")
                self.session.await_true(
                    "Main.inputMethod._purpose === imports.gi.IBus.InputPurpose.PASSWORD")
                self.assertRegex(self.insert("words"), "^password-field (-|gnome-shell) -$")
                self.end_insertion()
                self.session.stop_field(target)

    def test_taken_back(self):
        for version in "3.0", "4.0":
            with self.subTest(version):
                target = self.session.start_field(version, "view")
                self.insert("Grüße. ", "--mode=commit")
                target.await_json("text", "Grüße. ")
                self.end_insertion()
                self.insert("words", "--mode=commit", "--take-back")
                self.assertEqual(self.inserting.read_line(), "taken back")
                target.await_json("text", "Grüße. words")
                target.await_json("text", "Grüße. ")
                self.end_insertion()
                # GTK 3 would delete less than the text and GTK 4 more.
                self.insert(MIXED, "--mode=commit", "--take-back")
                self.assertEqual(self.inserting.read_line(), "not taken back")
                target.await_json("text", "Grüße. " + MIXED)
                self.end_insertion()
                self.session.stop_field(target)


class Caller(Case):
    def test_only_the_service_may_call(self):
        target = self.session.start_field("4.0", "view")
        for method, arguments in (("GetFocus", None),
                                  ("Commit", GLib.Variant("(ss)", ("words", ""))),
                                  ("TakeBack", GLib.Variant("(s)", ("words",)))):
            with self.assertRaisesRegex(GLib.GError, "AccessDenied"):
                self.session.call(SHELL, "/io/github/whis_gtk/Whis/Shell",
                                  "io.github.whis_gtk.Whis1.Shell", method, arguments)
        self.insert("end", "--mode=commit")
        target.await_json("text", "end")


class Panel(Case):
    def setUp(self):
        super().setUp()
        self.calls = []
        bus = self.session.bus
        bus.register_object("/io/github/whis_gtk/Whis",
                            Gio.DBusNodeInfo.new_for_xml(INTERFACES).interfaces[0],
                            self.on_call, lambda *args: GLib.Variant("s", "idle"), None)
        self.session.call("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                          "RequestName", GLib.Variant("(su)", (SERVICE, 0)))

    def on_call(self, _bus, _sender, _path, _interface, method, _arguments, invocation):
        self.calls.append(method)
        invocation.return_value(None)

    def click(self, button):
        self.session.evaluate(f"const [x, y] = {ICON}.get_transformed_position(); "
                              f"global.whisClick(x + 8, y + 8, {button})")

    def test_left_click_dictates(self):
        self.click(PRIMARY)
        while not self.calls:
            GLib.MainContext.default().iteration(True)
        self.assertEqual(self.calls, ["Toggle"])
        self.assertEqual(self.session.evaluate(f"{ICON}.menu.isOpen"), "false")

    def test_right_click_opens_the_menu(self):
        self.click(SECONDARY)
        self.session.await_true(f"{ICON}.menu.isOpen")
        self.assertEqual(self.calls, [])


class Disabled(Case):
    def test_nothing_is_left(self):
        self.session.enable_extension(False)
        self.session.await_name(SHELL, False)
        self.session.await_true(f"{ICON} === undefined")
        self.assertEqual(self.session.evaluate("Main.wm._allowedKeybindings['shortcut-toggle'] === undefined || Main.wm._allowedKeybindings['shortcut-toggle'] === 0"),
                         "true")
        self.session.start_field("4.0", "view")
        self.assertRegex(self.insert("words", "--mode=commit"), "^(copied|error) ")

    def test_switched_on_again(self):
        for enabled in False, True:
            self.session.enable_extension(enabled)
            self.session.await_name(SHELL, enabled)
        target = self.session.start_field("4.0", "view")
        self.insert(MIXED, "--mode=commit")
        target.await_json("text", MIXED)


class Terminal(Case):
    def test_gnome_terminal(self):
        """Newlines become spaces, since a terminal would run the lines."""
        if not os.path.exists("/usr/libexec/gnome-terminal-server"):
            self.skipTest("gnome-terminal is not installed")
        server = self.session.start("/usr/libexec/gnome-terminal-server")
        self.session.await_name("org.gnome.Terminal", True)
        terminal = self.session.start_program_in_terminal("gnome-terminal", "--wait", "--")
        self.session.await_true(
            "Main.inputMethod._purpose === imports.gi.IBus.InputPurpose.TERMINAL")
        for name in "mixed", "lines", "3900", "4097", "20000":
            with self.subTest(name):
                self.assertIn(self.insert(SAMPLES[name], "--mode=commit"),
                              ("landed gnome-shell -", "handed-over gnome-shell -"))
                expected = SAMPLES[name].replace("\n", " ").encode()
                self.assertEqual(terminal.lines.read_bytes(len(expected)), expected)
                self.end_insertion()
        self.insert("ls \n\n", "--mode=commit")
        self.end_insertion()
        self.insert("end", "--mode=commit")
        self.assertEqual(terminal.lines.read_bytes(6), b"ls end")
        self.session.stop(server)


if __name__ == "__main__":
    tap.main()
