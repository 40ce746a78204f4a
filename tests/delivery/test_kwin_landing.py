# SPDX-License-Identifier: MIT
"""Texts that are pasted in KWin, by data-control and fake input."""

import os
import random
import shutil
import sys
import unittest

sys.path[:0] = [os.path.dirname(os.path.abspath(__file__)),
                os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")]
import tap  # noqa: E402
from samples import MIXED, SAMPLES  # noqa: E402
from wayland_session import KWinSession  # noqa: E402


class Case(unittest.TestCase):
    allowed = True

    def setUp(self):
        for program in "kwin_wayland", "kbuildsycoca5", "wl-copy":
            if shutil.which(program) is None:
                self.skipTest(f"{program} is not installed")
        self.session = KWinSession(self.allowed)
        self.addCleanup(self.session.end)

    def insert(self, text, *options):
        self.inserting = self.session.insert(text, "--deadline=60000", *options)
        return self.inserting.read_line()

    def end_insertion(self):
        self.session.stop(self.inserting)


class Fields(Case):
    def check(self, version):
        for name in "mixed", "lines", "3900", "4097", "20000":
            with self.subTest(name):
                target = self.session.start_target(version, "view")
                self.assertEqual(self.insert(SAMPLES[name]), "landed kwin-paste copied")
                target.await_json("text", SAMPLES[name])
                self.end_insertion()
                self.session.stop(target)

    def test_gtk3(self):
        self.check("3.0")

    def test_gtk4(self):
        self.check("4.0")

    def test_picture_is_put_back(self):
        picture = random.Random(1).randbytes(1000000)
        self.session.copy(picture, "image/png")
        target = self.session.start_target("3.0", "view")
        self.assertEqual(self.insert(MIXED, "--restore"), "landed kwin-paste -")
        target.await_json("text", MIXED)
        self.assertEqual(self.session.get_copied("image/png"), picture)
        self.assertNotIn("text/plain;charset=utf-8", self.session.get_formats())

    def test_never_read(self):
        self.session.start_target("3.0", "ignore")
        self.assertEqual(self.insert("words", "--deadline=1"), "not-seen kwin-paste copied")
        self.assertEqual(self.session.get_copied(), b"words")

    def test_late(self):
        target = self.session.start_target("3.0", "ignore")
        self.assertEqual(self.insert("words", "--deadline=1"), "not-seen kwin-paste copied")
        target.write_line("paste")
        target.await_json("text", "words")
        self.assertEqual(self.inserting.read_line(), "late-receipt")


class NotAllowed(Case):
    allowed = False

    def test_copied(self):
        """Without the desktop file no keys are pressed."""
        self.session.start_target("4.0", "view")
        self.assertEqual(self.insert("words"),
                         "copied - copied The desktop lets no other program press keys.")
        self.assertEqual(self.session.get_copied(), b"words")


if __name__ == "__main__":
    tap.main()
