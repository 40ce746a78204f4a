# SPDX-License-Identifier: MIT
"""What sway says of the window that has the focus."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

sys.path[:0] = [os.path.dirname(os.path.abspath(__file__)),
                os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")]
import tap  # noqa: E402
from session import SECONDS, Program  # noqa: E402

NOBODY = 65534
CONFIG = """xwayland disable
output HEADLESS-1 resolution 800x600
exec sh -c 'echo $WAYLAND_DISPLAY $SWAYSOCK'
"""


class Sway(unittest.TestCase):
    def setUp(self):
        if shutil.which("sway") is None or shutil.which("foot") is None:
            self.skipTest("sway or foot is not installed")
        self.dir = tempfile.mkdtemp(prefix="whis-sway-")
        self.addCleanup(shutil.rmtree, self.dir, ignore_errors=True)
        self.user = ()
        if os.geteuid() == 0:
            # Sway does not run as root.
            self.user = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
            os.chown(self.dir, NOBODY, NOBODY)
        config = os.path.join(self.dir, "config")
        with open(config, "w", encoding="utf-8") as file:
            file.write(CONFIG)
        self.env = dict(os.environ, HOME=self.dir, XDG_RUNTIME_DIR=self.dir, WLR_BACKENDS="headless",
                        WLR_LIBINPUT_NO_DEVICES="1", WLR_RENDERER="pixman", LANG="C.UTF-8")
        for name in "DISPLAY", "WAYLAND_DISPLAY", "SWAYSOCK", "G_DEBUG":
            self.env.pop(name, None)
        line = self.start("sway", "-c", config).read_line()
        self.env["WAYLAND_DISPLAY"], self.env["SWAYSOCK"] = line.split()

    def start(self, *argv):
        program = Program([*self.user, *argv], self.env, stderr=subprocess.DEVNULL)
        self.addCleanup(program.end)
        return program

    def run_program(self, *argv):
        return subprocess.run([*self.user, *argv], env=self.env, check=True, timeout=SECONDS,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout.decode()

    def get_focus(self):
        """What the sources say; on a busy machine sway is asked again."""
        deadline = time.monotonic() + SECONDS
        while (focus := self.run_program("dbus-run-session", "--",
                                         os.environ["WHIS_INSERT_PROGRAM"],
                                         "--focus").splitlines()) == ["nobody tells"]:
            self.assertLess(time.monotonic(), deadline, "sway does not answer")
        return focus

    def test_windows(self):
        self.assertEqual(self.get_focus()[:3], ["unknown", "-", "-"])

        identities = []
        for application, kind in (("foot", "terminal"), ("org.example.Editor", "unknown")):
            self.start("foot", "--app-id", application, "sleep", "infinity")
            deadline = time.monotonic() + SECONDS
            while (focus := self.get_focus())[1] != application:
                self.assertLess(time.monotonic(), deadline, f"{application} is not told")
            self.assertEqual(focus[0], kind)
            self.assertRegex(focus[2], r"^i3:\d+$")
            identities.append(focus[2])
        self.assertNotEqual(*identities)

        self.run_program("swaymsg", '[app_id="foot"]', "focus")
        self.assertEqual(self.get_focus()[2], identities[0])


if __name__ == "__main__":
    tap.main()
