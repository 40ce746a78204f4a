# SPDX-License-Identifier: MIT
"""Texts that are pasted in Mutter, from Xwayland's clipboard and by keys of GNOME's portal, whose
dialog is answered with keys."""

import os
import shutil
import sys
import unittest

sys.path[:0] = [os.path.dirname(os.path.abspath(__file__)),
                os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")]
import tap  # noqa: E402
from mutter_session import MutterSession  # noqa: E402
from portal_session import ALT, ESCAPE, PORTALS, SPACE, TAB  # noqa: E402
from samples import MIXED, SAMPLES  # noqa: E402

LANDED = "landed xwayland-paste copied"


class Portal(unittest.TestCase):
    def setUp(self):
        for program in ("mutter", "Xwayland", *PORTALS):
            if shutil.which(program) is None:
                self.skipTest(f"{program} is not installed")
        self.session = MutterSession()
        self.addCleanup(self.session.end)

    def begin(self, target, text):
        """Starts an insertion and waits for the dialog of the portal, which takes the focus."""
        self.inserting = self.session.insert(text, "--deadline=60000", "--mode=paste")
        target.await_json("left")

    def allow(self):
        """The switch that allows it comes behind the button that has the focus; Alt+S shares."""
        self.session.press(TAB)
        self.session.press(SPACE)
        self.session.press(ALT, ord("s"))

    def insert(self, target, text, expected):
        self.begin(target, text)
        self.allow()
        self.assertEqual(self.inserting.read_line(), LANDED)
        target.await_json("text", expected)
        self.session.stop(self.inserting)

    def test_fresh_sessions(self):
        """Where the keys of a new session come too soon, a “v” is written."""
        target = self.session.start_target("4.0", "view")
        expected = ""
        for number in range(10):
            with self.subTest(number):
                text = f"{number}: {MIXED}\n"
                expected += text
                self.insert(target, text, expected)

    def test_samples(self):
        for version, name in (("3.0", "mixed"), ("3.0", "lines"), ("4.0", "3900"),
                              ("4.0", "4097"), ("4.0", "20000")):
            with self.subTest(f"{version} {name}"):
                target = self.session.start_target(version, "view")
                self.insert(target, SAMPLES[name], SAMPLES[name])
                self.session.stop(target)

    def test_refused(self):
        """The text is on the clipboard, and nothing is written."""
        target = self.session.start_target("4.0", "view")
        self.begin(target, MIXED)
        self.session.press(ESCAPE)
        self.assertRegex(self.inserting.read_line(), "^copied - copied You have not let Whis paste")
        target.await_json("focused")
        copied = self.session.run("xclip", "-selection", "clipboard", "-o", "-t", "UTF8_STRING",
                                  stdout=-1).stdout
        self.assertEqual(copied.decode(), MIXED)
        self.session.press(ord("x"))
        self.assertEqual(target.await_json("text"), "x")


if __name__ == "__main__":
    tap.main()
