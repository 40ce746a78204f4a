# SPDX-License-Identifier: MIT
"""Texts that are pasted in GNOME Shell by keys of the portal, which asks the user once."""

import os
import shutil
import sys
import unittest

sys.path[:0] = [os.path.dirname(os.path.abspath(__file__)),
                os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")]
import tap  # noqa: E402
from portal_session import PORTALS, GnomePortalSession  # noqa: E402
from samples import MIXED, SAMPLES  # noqa: E402

LANDED = "landed xwayland-paste copied"
REFUSED = "You have not let Whis paste; you can do so in the preferences."


class Case(unittest.TestCase):
    def setUp(self):
        for program in ("gnome-shell", "Xwayland", *PORTALS):
            if shutil.which(program) is None:
                self.skipTest(f"{program} is not installed")
        self.session = GnomePortalSession()
        self.addCleanup(self.session.end)
        self.token = os.path.join(self.session.dir, "token")

    def begin(self, text, *options):
        self.inserting = self.session.insert(text, "--deadline=60000", "--mode=paste",
                                             f"--token-file={self.token}", *options)

    def end_insertion(self):
        self.session.stop(self.inserting)


class Gnome(Case):
    def check_sessions(self, dialog_each_time):
        """Keys that come too fast would leave a “v” in the text."""
        target = self.session.start_field("4.0", "view")
        expected = ""
        for i in range(10):
            with self.subTest(i):
                self.begin(f"{i}: {MIXED}\n")
                if i == 0 or dialog_each_time:
                    self.session.allow()
                self.assertEqual(self.inserting.read_line(), LANDED)
                expected += f"{i}: {MIXED}\n"
                target.await_json("text", expected)
                self.end_insertion()
                if dialog_each_time:
                    os.unlink(self.token)

    def test_allowed_each_time(self):
        self.check_sessions(True)

    def test_allowed_once(self):
        self.check_sessions(False)

    def test_samples(self):
        for version in "3.0", "4.0":
            for name in "lines", "3900", "4097", "20000":
                with self.subTest(f"{version} {name}"):
                    target = self.session.start_field(version, "view")
                    self.begin(SAMPLES[name])
                    if not os.path.exists(self.token):
                        self.session.allow()
                    self.assertEqual(self.inserting.read_line(), LANDED)
                    target.await_json("text", SAMPLES[name])
                    self.end_insertion()
                    self.session.stop_field(target)

    def test_refused(self):
        self.session.start_field("4.0", "view")
        self.begin("words")
        self.session.refuse()
        self.assertEqual(self.inserting.read_line(), f"copied - copied {REFUSED}")


if __name__ == "__main__":
    tap.main()
