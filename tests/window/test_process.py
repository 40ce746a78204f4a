#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The window as a program: what a person with a keyboard or a screen reader finds.

Run inside with-display; WHIS_WINDOW_PROGRAM says what to run. It is looked at through AT-SPI and
driven with real keys, against the mock service.
"""

import os
import re
import subprocess
import sys
import time
import unittest

try:
    import gi

    gi.require_version("Gio", "2.0")
    gi.require_version("Atspi", "2.0")
    from gi.repository import Gio, GLib
except (ImportError, ValueError) as problem:
    print(f"1..0 # SKIP {problem}")
    sys.exit(77)

HERE = os.path.dirname(os.path.abspath(__file__))
APP_ID = os.environ.get("WHIS_MOCK_APP_ID", "io.github.whis_gtk.Whis")
APP_PATH = "/" + APP_ID.replace(".", "/")
PROGRAM = os.environ["WHIS_WINDOW_PROGRAM"]
MOCK = [sys.executable, os.path.join(HERE, "mock_service.py")]
PATIENCE = 120


def wait_for(look, what):
    """What look() finds, once it finds something; a test that waits in vain says for what."""
    deadline = time.monotonic() + PATIENCE
    context = GLib.MainContext.default()
    while time.monotonic() < deadline:
        try:
            found = look()
        except GLib.Error:  # what was looked at has just gone
            found = None
        if found:
            return found
        while context.iteration(False):
            pass
        time.sleep(0.02)
    raise AssertionError("waited in vain for " + what)


def look(role, name, press, exactly):
    """Looks once, as a screen reader that has just been started; True if there is such a thing."""
    from gi.repository import Atspi

    def name_of(node):
        # Not node.name: that is what libatspi has heard by chance, and mostly nothing yet. In
        # newer GTK a status has no name, only its text.
        name = node.get_name() or ""
        if not name and node.get_text_iface() is not None:
            name = Atspi.Text.get_text(node, 0, Atspi.Text.get_character_count(node))
        return name

    def role_of(node):
        # What at-spi2-core called a push button is a button since 2.56.
        name = node.get_role_name()
        return "push button" if name == "button" else name

    def search(node):
        # A button with a mnemonic is named twice by GTK 4.8: "_Quit Quit".
        found = (name_of(node) == name and not node.get_description() if exactly
                 else (" " + name_of(node)).endswith(" " + name))
        if role_of(node) == role and found:
            if press:
                node.do_action(0)
            return True
        children = (node.get_child_at_index(i) for i in range(node.get_child_count()))
        return any(search(child) for child in children if child is not None)

    def search_application(application):
        try:
            return "Whis" in name_of(application) and search(application)
        except GLib.Error:  # one that has just gone hides nothing of the others
            return False

    desktop = Atspi.get_desktop(0)
    applications = (desktop.get_child_at_index(i) for i in range(desktop.get_child_count()))
    return any(search_application(application) for application in applications
               if application is not None)


def warns_of_headings():
    """Up to 1.7, libadwaita measures the heading of a message dialog in a way that GTK warns of
    (https://gitlab.gnome.org/GNOME/libadwaita/-/issues/1025)."""
    return subprocess.run(["pkg-config", "--atleast-version=1.8", "libadwaita-1"],
                          check=False).returncode != 0


class Window(unittest.TestCase):
    def setUp(self):
        self.bus = Gio.bus_get_sync(Gio.BusType.SESSION)
        self.processes = []
        self.mock_process = None

    def tearDown(self):
        for process in self.processes:
            if process.poll() is None:
                process.terminate()
            process.communicate()
        self.stop_mock()
        wait_for(lambda: not self.owns(APP_ID + ".Window"), "the end of the window")

    def call_bus(self, method, *names):
        return self.bus.call_sync("org.freedesktop.DBus", "/org/freedesktop/DBus",
                                  "org.freedesktop.DBus", method,
                                  GLib.Variant("(s)", names) if names else None,
                                  None, Gio.DBusCallFlags.NONE, -1, None)

    def owns(self, name):
        return self.call_bus("NameHasOwner", name).unpack()[0]

    def start_mock(self):
        self.mock_process = subprocess.Popen(MOCK)
        wait_for(lambda: self.owns(APP_ID), "the mock")

    def stop_mock(self):
        if self.owns(APP_ID):
            self.bus.call_sync(APP_ID, APP_PATH, "io.github.whis_gtk.Whis1", "Quit", None, None,
                               Gio.DBusCallFlags.NONE, -1, None)
            wait_for(lambda: not self.owns(APP_ID), "the end of the mock")
        if self.mock_process is not None:
            self.assertEqual(self.mock_process.wait(), 0, "the mock does not know something")

    def mock(self, method, signature=None, *values):
        parameters = GLib.Variant(signature, values) if signature else None
        reply = self.bus.call_sync(APP_ID, APP_PATH, "io.github.whis_gtk.WhisMock", method,
                                   parameters, None, Gio.DBusCallFlags.NONE, -1, None)
        return reply.unpack()

    def await_call(self, call):
        wait_for(lambda: call in self.mock("Calls")[0], call)

    def run_window(self, *arguments, **environment):
        process = subprocess.Popen([PROGRAM, *arguments], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True,
                                   env={**os.environ, **environment})
        self.processes.append(process)
        return process

    def find(self, role, name, press=False):
        """Waits for a widget as screen readers see it.

        Each look is a process of its own: libatspi keeps what it saw, and does not survive every
        program that ends while it looks.
        """
        arguments = [sys.executable, __file__, "--look", role, name] + ["--press"] * press
        environment = {key: value for key, value in os.environ.items() if key != "G_DEBUG"}
        wait_for(lambda: subprocess.run(arguments, env=environment, stderr=subprocess.DEVNULL)
                 .returncode == 0, f"{name} ({role})")

    def sees(self, role, name):
        """Looks once."""
        environment = {key: value for key, value in os.environ.items() if key != "G_DEBUG"}
        return subprocess.run([sys.executable, __file__, "--look", role, name], env=environment,
                              stderr=subprocess.DEVNULL, check=False).returncode == 0

    def find_exactly(self, role, name):
        """As find(), where nothing else is said, before the name or after it."""
        arguments = [sys.executable, __file__, "--look", role, name, "--exactly"]
        environment = {key: value for key, value in os.environ.items() if key != "G_DEBUG"}
        wait_for(lambda: subprocess.run(arguments, env=environment, stderr=subprocess.DEVNULL)
                 .returncode == 0, f"exactly {name} ({role})")

    def open_entry(self):
        """One of the history, which is marked, by the keyboard alone."""
        def is_open():
            return any(call.startswith("GetHistoryEntry") for call in self.mock("Calls")[0])
        self.press("alt+2")
        self.find("list item", "0:07 · OpenAI")
        for key in ("ctrl+f", "Tab", "Tab", "Tab", "Down", "Return"):
            self.press(key)
        wait_for(is_open, "the entry")
        self.find("push button", "Play the sound")

    def click(self, name):
        self.find("push button", name, press=True)

    def press(self, keys, title="^Whis$"):
        def look():
            return subprocess.run(["xdotool", "search", "--onlyvisible", "--name", title],
                                  capture_output=True, text=True).stdout.split()
        window = wait_for(look, title)[-1]
        subprocess.run(["xdotool", "windowfocus", "--sync", window], check=True)
        subprocess.run(["xdotool", "key", keys], check=True)

    def assert_ends(self, process, status=0):
        self.assertEqual(process.wait(PATIENCE), status)

    def run_home(self, **environment):
        """The window, once it knows the service."""
        process = self.run_window(**environment)
        self.await_call("GetLastText")
        return process

    def test_screen_reader(self):
        self.start_mock()
        self.run_home()
        self.click("Start recording")
        self.await_call("Toggle {}")
        self.find("push button", "Stop recording")
        self.find("status bar", "Recording")
        self.find("level bar", "Input level")
        self.find("push button", "Transcribe a file")

    def test_names_are_said_once(self):
        """Neither the name before the name, nor the same words as a description."""
        self.start_mock()
        self.mock("Fill", "(u)", 3)
        self.run_home()
        for name in ("Start recording", "Transcribe a file", "Main menu"):
            self.find_exactly("push button", name)
        self.open_entry()
        for name in ("Back", "More", "Unmark", "Play the sound", "Copy"):
            self.find_exactly("push button", name)

    def test_menu_of_an_entry(self):
        self.start_mock()
        self.mock("Fill", "(u)", 3)
        self.run_home()
        self.open_entry()

        # As long as the entry slides in, the key may still be for the page below it.
        def opens():
            self.press("Escape")
            self.press("F10")
            return self.sees("menu item", "Transcribe Again…")
        wait_for(opens, "the menu of the entry")

    def test_keyboard(self):
        self.start_mock()
        process = self.run_home()
        self.press("ctrl+r")
        self.await_call("Toggle {}")
        self.find("push button", "Stop recording")
        self.press("Escape")
        self.await_call("Cancel ")
        self.find("push button", "Start recording")
        self.press("space")  # the button has the focus from the start
        self.await_call("Toggle {}")
        self.find("push button", "Stop recording")
        self.mock("Emit", "(sv)", "Finished", GLib.Variant("(ss)", ("d1", "Words")))
        self.find("push button", "Copy the text")
        self.press("ctrl+shift+c")
        self.await_call("CopyLastText")
        self.press("ctrl+comma")
        self.find("frame", "Preferences")
        self.press("ctrl+w", "^Preferences$")
        self.press("ctrl+q")
        self.assert_ends(process)
        self.assertTrue(self.owns(APP_ID), "the service goes on")

    def test_pages(self):
        self.start_mock()
        first = self.run_window("--page=home")
        self.find("frame", "Whis")
        self.assert_ends(self.run_window("--page=preferences"))
        self.find("frame", "Preferences")
        wrong = self.run_window("--page=attic")
        self.assert_ends(wrong, 2)
        self.assertEqual(wrong.stderr.read(),
                         "There is no page “attic”; use “home”, “preferences” or “review”.\n")
        self.assertIsNone(first.poll())

    def test_preferences_alone(self):
        self.start_mock()
        process = self.run_window("--page=preferences")
        self.find("frame", "Preferences")
        self.press("ctrl+w", "^Preferences$")
        self.assert_ends(process)

    def test_version(self):
        process = self.run_window("--version")
        self.assert_ends(process)
        self.assertRegex(process.stdout.read(), r"^whis-window \d+\.\d+\.\d+\n$")

    def test_close_without_tray(self):
        self.start_mock()
        self.mock("Set", "(sv)", "Tray", GLib.Variant("b", False))
        # A warning ends the program as elsewhere, but where libadwaita causes one by itself.
        faulty = warns_of_headings()
        process = self.run_home(**({"G_DEBUG": "gc-friendly,fatal-criticals"} if faulty else {}))
        self.press("ctrl+w")
        self.click("Keep Running")
        self.assert_ends(process)
        warnings = re.findall(r"-WARNING \*\*: [\d:.]+: (.*)", process.stderr.read())
        self.assertEqual([warning for warning in warnings if not warning.startswith(
            "Trying to measure GtkLabel")], [])
        self.assertTrue(self.owns(APP_ID))

    def test_no_service(self):
        process = self.run_window(WHIS_SERVICE_PROGRAM="/nonexistent/whis")
        self.find("label", "The program /nonexistent/whis could not be run; is Whis "
                           "installed completely?")
        self.find("push button", "Start Whis")
        self.press("ctrl+w")
        self.assert_ends(process)

    def test_activation(self):
        path = os.path.join(os.environ["WHIS_TEST_SERVICES"], APP_ID + ".service")
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"[D-BUS Service]\nName={APP_ID}\nExec={' '.join(MOCK)}\n")
        try:
            self.call_bus("ReloadConfig")
            self.assertFalse(self.owns(APP_ID))
            self.run_window()
            wait_for(lambda: self.owns(APP_ID), "the service")
            self.await_call("GetLastText")
        finally:
            os.unlink(path)
            self.call_bus("ReloadConfig")

    def test_no_session_bus(self):
        # GTK 4.8 itself fails when it finds the bus of screen readers, but no other.
        process = self.run_window(DBUS_SESSION_BUS_ADDRESS="unix:path=/nonexistent/bus",
                                  GTK_A11Y="none")

        def look():
            return subprocess.run(["xdotool", "search", "--onlyvisible", "--name", "^Whis$"],
                                  capture_output=True, text=True).stdout.split()
        wait_for(look, "the window")
        self.press("ctrl+w")
        self.assert_ends(process)


if __name__ == "__main__":
    if "--look" in sys.argv:
        sys.exit(0 if look(sys.argv[2], sys.argv[3], "--press" in sys.argv,
                              "--exactly" in sys.argv) else 1)
    unittest.main(verbosity=2)
