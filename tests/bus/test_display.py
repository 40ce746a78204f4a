#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A service that was started before its display, or by a bus that knows of none."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [TESTS, os.path.join(TESTS, "service")]
# pylint: disable=wrong-import-position
import tap
from fakes.fake_services import FakeService, text
from gi.repository import Gio, GLib
from whis_session import WhisSession

WORDS = "words for a display that came late"

MUTTER = "org.gnome.Mutter.RemoteDesktop"
MUTTER_PATH = "/org/gnome/Mutter/RemoteDesktop"

# In place of the window: notes the display that it would be on.
FAKE_WINDOW = """#!/bin/sh
echo "${WAYLAND_DISPLAY-none}" >>"$HOME/windows"
"""


class Display(unittest.TestCase):
    """Sway without a screen is the compositor."""

    def setUp(self):
        if shutil.which("sway") is None or shutil.which("wl-copy") is None:
            self.skipTest("sway or wl-copy is not installed")
        self.provider = FakeService(text(WORDS))
        self.addCleanup(self.provider.close)
        self.session = WhisSession()
        self.addCleanup(self.session.close)
        self.session.settings(provider="custom", addresses__custom=self.provider.address)
        window = pathlib.Path(self.session.directory, "whis-window")
        window.write_text(FAKE_WINDOW, encoding="utf-8")
        window.chmod(0o755)
        self.session.environment["WHIS_WINDOW_PROGRAM"] = str(window)

    def start_compositor(self, directory):
        """Returns the environment of a program on its display."""
        os.makedirs(directory, 0o700, exist_ok=True)
        command = ["sway", "--config", "/dev/null"]
        if os.geteuid() == 0:
            # Sway does not run as root.
            os.chmod(self.session.directory, 0o711)
            shutil.chown(directory, "nobody", "nogroup")
            command = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", *command]
        environment = {**self.session.environment, "WLR_BACKENDS": "headless",
                       "WLR_LIBINPUT_NO_DEVICES": "1", "WLR_RENDERER": "pixman",
                       "XDG_RUNTIME_DIR": directory}
        self.session.spawn(*command, env=environment,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

        def find():
            return [name for name in os.listdir(directory)
                    if name.startswith("wayland-") and not name.endswith(".lock")]
        (name,) = self.session.wait_until(find, "no compositor comes")
        return {**self.session.environment, "XDG_RUNTIME_DIR": directory, "WAYLAND_DISPLAY": name}

    def dictate(self):
        session = self.session
        dictation = session.start_dictation()
        session.play()
        session.call("Stop")
        return session.outcome(dictation)

    def pasted(self, environment):
        return subprocess.run(["wl-paste", "--no-newline"], env=environment, capture_output=True,
                              text=True, timeout=30, check=False).stdout

    def opened(self):
        path = pathlib.Path(self.session.directory, "windows")
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []

    def test_found(self):
        """The compositor comes later, where compositors are looked for."""
        session = self.session
        session.start_service()
        self.assertEqual(self.dictate()[:2], ("failed", "clipboard"))
        display = self.start_compositor(session.environment["XDG_RUNTIME_DIR"])
        self.assertEqual(self.dictate(), ("finished", WORDS))
        self.assertEqual(self.pasted(display), WORDS)
        session.call("OpenWindow", "(s)", "home")
        session.wait_until(lambda: self.opened() == [display["WAYLAND_DISPLAY"]],
                           "no window opens on it")

    def test_handed_over(self):
        """It is where nobody looks; whoever uses Whis there says so."""
        session = self.session
        session.start_service()
        display = self.start_compositor(os.path.join(session.directory, "seat"))
        self.assertEqual(self.dictate()[:2], ("failed", "clipboard"))
        subprocess.run([session.environment["WHIS_PROGRAM"], "status"], env=display, check=True,
                       stdout=subprocess.DEVNULL)
        self.assertEqual(self.dictate(), ("finished", WORDS))
        self.assertEqual(self.pasted(display), WORDS)
        session.call("OpenWindow", "(s)", "home")
        session.wait_until(lambda: self.opened() == [display["WAYLAND_DISPLAY"]],
                           "no window opens on it")


class Gnome(unittest.TestCase):
    """Mutter without a screen is the compositor, as in GNOME."""

    def setUp(self):
        for program in ("mutter", "Xwayland", "xclip"):
            if shutil.which(program) is None:
                self.skipTest(f"{program} is not installed")
        self.provider = FakeService(text(WORDS))
        self.addCleanup(self.provider.close)
        self.session = WhisSession()
        self.addCleanup(self.session.close)
        self.session.settings(provider="custom", addresses__custom=self.provider.address)

    def ask_mutter(self, path, method, signature=None, *arguments):
        interface = MUTTER if path == MUTTER_PATH else MUTTER + ".Session"
        message = Gio.DBusMessage.new_method_call(MUTTER, path, interface, method)
        if signature is not None:
            message.set_body(GLib.Variant(signature, arguments))
        answer, _ = self.session.bus.send_message_with_reply_sync(
            message, Gio.DBusSendMessageFlags.NONE, 30000, None)
        self.assertEqual(answer.get_message_type(), Gio.DBusMessageType.METHOD_RETURN,
                         f"{method}: {answer.get_body()}")
        return answer

    def start_mutter(self):
        """Tells the environment of a program in the session."""
        session = self.session
        runtime = pathlib.Path(session.environment["XDG_RUNTIME_DIR"])
        log = open(os.path.join(session.directory, "mutter.log"), "wb")
        self.addCleanup(log.close)
        session.spawn("mutter", "--headless", "--wayland", "--virtual-monitor", "640x480",
                      stdout=log, stderr=log)
        (authority,) = session.wait_until(lambda: list(runtime.glob(".mutter-Xwaylandauth.*")),
                                          "no X server is offered")
        session.wait_until((runtime / "wayland-0").exists, "no compositor comes")
        session.wait_until(lambda: session.bus.call_sync(
            "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
            "NameHasOwner", GLib.Variant("(s)", (MUTTER,)), None, Gio.DBusCallFlags.NONE, -1,
            None).unpack()[0], "nobody can be asked for the selection")

        def find_number():
            with open(log.name, encoding="utf-8") as lines:
                return re.search(r"public X11 display (:\d+)", lines.read())
        number = session.wait_until(find_number, "the X server has no number")
        session.environment.update(WAYLAND_DISPLAY="wayland-0", DISPLAY=number.group(1),
                                   XAUTHORITY=str(authority),
                                   XDG_CURRENT_DESKTOP="ubuntu:GNOME", XDG_SESSION_TYPE="wayland")

    def watch_selection(self):
        answer = self.ask_mutter(MUTTER_PATH, "CreateSession")
        path = answer.get_body().unpack()[0]
        self.ask_mutter(path, "Start")
        self.ask_mutter(path, "EnableClipboard", "(a{sv})", {})
        return path

    def test_focus_stays(self):
        """The text gets to the compositor, and no window was opened for that."""
        session = self.session
        self.start_mutter()
        programs = pathlib.Path(session.directory, "bin")
        programs.mkdir()
        # What takes the focus in real life.
        tool = programs / "wl-copy"
        tool.write_text('#!/bin/sh\ntouch "$HOME/focus-taken"\nexit 1\n', encoding="utf-8")
        tool.chmod(0o755)
        session.environment["PATH"] = f"{programs}:{session.environment['PATH']}"
        watch = self.watch_selection()
        owned = []
        session.bus.signal_subscribe(
            MUTTER, MUTTER + ".Session", "SelectionOwnerChanged", watch, None,
            Gio.DBusSignalFlags.NONE,
            lambda *signal: owned.extend(signal[5].unpack()[0].get("mime-types", [[]])[0]))
        session.start_service()
        dictation = session.start_dictation()
        session.play()
        session.call("Stop")
        self.assertEqual(session.outcome(dictation), ("finished", WORDS))
        self.assertFalse(os.path.exists(os.path.join(session.directory, "focus-taken")))

        def selection():
            # The compositor learns of the X server's selection a moment after its owner.
            if "text/plain;charset=utf-8" not in owned:
                return None
            answer = self.ask_mutter(watch, "SelectionRead", "(s)", "text/plain;charset=utf-8")
            fd = answer.get_unix_fd_list().get(answer.get_body().unpack()[0])
            os.set_blocking(fd, True)
            with os.fdopen(fd, "rb") as file:
                return file.read().decode()
        self.assertEqual(session.wait_until(selection, "nothing is selected"), WORDS)


if __name__ == "__main__":
    tap.main()
