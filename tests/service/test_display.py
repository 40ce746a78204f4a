#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A service that was started before its display, or by a bus that knows of none."""

import os
import pathlib
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# pylint: disable=wrong-import-position
import tap
from fake_service import FakeService, text
from whis_session import WhisSession

WORDS = "words for a display that came late"

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
        self.addCleanup(self.provider.server_close)
        self.addCleanup(self.provider.shutdown)
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


if __name__ == "__main__":
    tap.main()
