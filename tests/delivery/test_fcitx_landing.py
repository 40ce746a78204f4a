# SPDX-License-Identifier: MIT
"""Texts that are inserted into programs whose input method is Fcitx 5, on X11 and in sway."""

import os
import shutil
import subprocess
import sys
import time
import unittest

sys.path[:0] = [os.path.dirname(os.path.abspath(__file__)),
                os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")]
import tap  # noqa: E402
from compositor_session import start_session  # noqa: E402
from samples import MIXED, SAMPLES  # noqa: E402
from session import SECONDS  # noqa: E402
from x11_session import X11Session  # noqa: E402

ENVIRONMENT = {"GTK_IM_MODULE": "fcitx", "XMODIFIERS": "@im=fcitx"}


class Case(unittest.TestCase):
    def setUp(self):
        if shutil.which("fcitx5") is None:
            self.skipTest("fcitx5 is not installed")
        self.session = self.start_desktop()
        self.addCleanup(self.session.end)
        self.session.env.update(XDG_CONFIG_HOME=os.path.join(self.session.dir, "config"),
                                XDG_DATA_HOME=os.path.join(self.session.dir, "data"))
        self.session.start("fcitx5", "--keep", stderr=subprocess.DEVNULL)
        self.session.run("gdbus", "wait", "--session", "--timeout", f"{SECONDS}",
                         "org.fcitx.Fcitx5")

    def ask(self, method):
        return self.session.run(
            "gdbus", "call", "--session", "-d", "org.fcitx.Fcitx5", "-o", "/controller", "-m",
            "org.fcitx.Fcitx.Controller1." + method, stdout=subprocess.PIPE).stdout.decode()

    def await_focus(self):
        """Until Fcitx has a context with the focus."""
        deadline = time.monotonic() + SECONDS
        while "focus:1" not in self.ask("DebugInfo"):
            self.assertLess(time.monotonic(), deadline, "Fcitx does not know the target")

    def insert(self, text, *options):
        self.inserting = self.session.insert(text, "--deadline=60000", *options)
        return self.inserting.read_line()

    def end_insertion(self):
        self.session.stop(self.inserting)

    def check(self, version, expected):
        target = self.session.start_target(version, "view")
        self.await_focus()
        method = self.ask("CurrentInputMethod")
        for name in "mixed", "lines", "4097", "20000":
            with self.subTest(name):
                self.assertEqual(self.insert(SAMPLES[name]), expected)
                self.assertEqual(target.await_json("text", SAMPLES[name]), SAMPLES[name])
                self.end_insertion()
                target.write_line("clear")
                target.await_json("text", "")
        self.assertEqual(self.ask("CurrentInputMethod"), method)


class X11(Case):
    @staticmethod
    def start_desktop():
        session = X11Session()
        session.env.update(ENVIRONMENT)
        return session

    def test_gtk3(self):
        self.check("3.0", "landed x11-paste copied")

    def test_gtk4(self):
        self.check("4.0", "landed x11-paste copied")

    def test_terminal(self):
        terminal = self.session.start_terminal("xterm")
        self.await_focus()
        self.assertEqual(self.insert(MIXED, "--chord=shift+insert"), "landed x11-paste copied")
        expected = MIXED.encode()
        self.assertEqual(terminal.lines.read_bytes(len(expected)), expected)


class Wayland(Case):
    """It has the only input method of the seat, so that texts are pasted."""

    @staticmethod
    def start_desktop():
        return start_session()

    def test_gtk3(self):
        self.check("3.0", "landed wayland-paste copied")

    def test_gtk4(self):
        self.check("4.0", "landed wayland-paste copied")

    def test_not_committed(self):
        self.session.start_target("4.0", "view")
        self.await_focus()
        self.assertEqual(self.insert("words", "--mode=commit"),
                         "copied - copied Another input method is in use.")


if __name__ == "__main__":
    tap.main()
