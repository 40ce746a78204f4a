#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The tray icon in a real panel, with a real pointer."""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
# pylint: disable=wrong-import-position
import tap
from desktop_session import DesktopSession, GdkPixbuf, missing_programs

STATES = ("idle", "recording", "transcribing", "failed")


@unittest.skipIf(missing_programs(), f"not installed: {' '.join(missing_programs())}")
class PanelTest(unittest.TestCase):
    """A probe with a tray icon; it writes what is activated."""

    def start(self, icon_path="", **options):
        self.desktop = DesktopSession(pulse=False, keyring=False, **options)
        self.addCleanup(self.desktop.close)
        self.assertIsNone(self.desktop.icon_box(), "the panel is empty at first")
        self.probe = self.desktop.spawn(os.environ["WHIS_TRAY_PROBE"], icon_path,
                                        stdout=subprocess.PIPE, text=True)
        self.assert_says("hosted")
        self.place = self.desktop.wait_for_icon()

    def assert_says(self, line):
        self.assertEqual(self.probe.stdout.readline().strip(), line)

    def picture(self):
        """What is on the panel where the icon is."""
        box = self.desktop.panel_box()
        screen = GdkPixbuf.Pixbuf.new_from_file(self.desktop.screenshot())
        size = box.height - 8
        return screen.new_subpixbuf(self.place[0] - size // 2, box.y + 4, size, size).copy()

    def keep_picture(self, name):
        if "WHIS_ARTEFACTS" in os.environ:
            os.makedirs(os.environ["WHIS_ARTEFACTS"], exist_ok=True)
            self.desktop.screenshot(os.path.join(os.environ["WHIS_ARTEFACTS"], f"{name}.png"))

    def test_left_and_middle_click(self):
        self.start()
        self.desktop.click(*self.place)
        self.assert_says("toggle")
        self.desktop.click(*self.place, button=2)
        self.assert_says("toggle")

    def test_every_state_has_its_picture(self):
        self.start()
        seen = {bytes(self.picture().get_pixels())}
        for state in STATES[1:]:
            self.desktop.click(*self.place)
            self.desktop.wait_for_icon_name(state)
            self.desktop.move_away()
            self.desktop.wait_until(lambda: bytes(self.picture().get_pixels()) not in seen,
                                    f"{state} looks like another state")
            seen.add(bytes(self.picture().get_pixels()))
            self.keep_picture(f"panel-{state}")

    def test_menu(self):
        self.start()
        box = self.desktop.open_menu(*self.place)
        self.assertLess(box.y, self.desktop.panel_box().y)
        self.keep_picture("panel-menu")
        # Start, (Cancel is grey), Preferences, Quit
        self.desktop.choose(1)
        self.assert_says("preferences")
        self.desktop.open_menu(*self.place)
        self.desktop.choose(0)
        self.assert_says("toggle")
        self.desktop.open_menu(*self.place)
        self.desktop.choose(2)
        self.assert_says("quit")
        self.assertEqual(self.probe.wait(20), 0)
        self.desktop.wait_for_no_icon()

    def test_panel_crashes(self):
        self.start()
        self.desktop.stop_panel()
        self.assert_says("not hosted")
        self.desktop.start_panel()
        self.assert_says("hosted")
        self.desktop.click(*self.desktop.wait_for_icon())
        self.assert_says("toggle")

    def test_program_crashes(self):
        self.start()
        self.probe.kill()
        self.desktop.wait_for_no_icon()

    def test_icons_by_path(self):
        """Run from a place that the panel does not search: it is told where to look."""
        directory = tempfile.TemporaryDirectory(prefix="whis-icons-")
        self.addCleanup(directory.cleanup)
        DesktopSession.install_icons(directory.name)
        self.start(directory.name, icons=False)
        self.keep_picture("panel-by-path")

    def test_icons_by_pixels(self):
        """The panel finds no file: the program sends it the picture."""
        self.start(icons=False)
        self.keep_picture("panel-by-pixels")


if __name__ == "__main__":
    tap.main()
