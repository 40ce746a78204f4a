#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The tray icon in a real panel, with a real pointer."""

import os
import pathlib
import queue
import subprocess
import sys
import tempfile
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
# pylint: disable=wrong-import-position
import tap
from desktop_session import Box, DesktopSession, missing_programs

STATES = ("idle", "recording", "transcribing", "failed")


@unittest.skipIf(missing_programs(), f"not installed: {' '.join(missing_programs())}")
class PanelTest(unittest.TestCase):
    """A probe with a tray icon; it writes what is activated."""

    def start(self, icon_path="", **options):
        self.desktop = DesktopSession(pulse=False, keyring=False, **options)
        self.addCleanup(self.desktop.close)
        self.desktop.wait_for_no_icon()  # the panel is empty at first
        self.probe = self.desktop.spawn(os.environ["WHIS_TRAY_PROBE"], icon_path,
                                        stdout=subprocess.PIPE, text=True)
        self.said = queue.Queue()
        listener = threading.Thread(target=self.listen, args=(self.probe.stdout,), daemon=True)
        listener.start()
        self.addCleanup(self.end, listener)
        self.assert_says("hosted")
        self.place = self.desktop.wait_for_icon()

    def listen(self, output):
        """Takes the lines that the probe writes."""
        for line in output:
            self.said.put(line.strip())

    def end(self, listener):
        """Ends the probe, and with it what listens to it."""
        self.probe.kill()
        listener.join()

    def assert_says(self, line):
        try:
            self.assertEqual(self.said.get(timeout=500), line)
        except queue.Empty:
            self.fail(f"the icon does not say “{line}”")

    def picture(self):
        """What is on the panel where the icon is, or None while that changes."""
        box = self.desktop.panel_box()
        size = box.height - 8
        icon = Box(self.place[0] - size // 2, box.y + 4, size, size)
        first = self.desktop.picture(icon)
        return first if self.desktop.picture(icon) == first else None

    def picture_not_in(self, seen):
        """What is on the panel, if it is none of these pictures."""
        picture = self.picture()
        return None if picture in seen else picture

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
        self.desktop.move_away()
        seen = {self.desktop.wait_until(self.picture, "the icon is not still")}
        for state in STATES[1:]:
            self.desktop.click(*self.place)
            self.desktop.wait_for_icon_name(state)
            self.desktop.move_away()
            seen.add(self.desktop.wait_until(lambda: self.picture_not_in(seen),
                                             f"{state} looks like another state"))
            self.keep_picture(f"panel-{state}")

    def test_menu(self):
        self.start()
        box = self.desktop.open_menu(*self.place)
        self.assertLess(box.y, self.desktop.panel_box().y)
        self.keep_picture("panel-menu")
        self.assertEqual(self.desktop.menu_labels(), ["Start", "Preferences", "Quit"],
                         "Cancel is grey")
        self.desktop.choose("Preferences")
        self.assert_says("preferences")
        self.desktop.open_menu(*self.place)
        self.desktop.choose("Start")
        self.assert_says("toggle")
        self.desktop.open_menu(*self.place)
        self.desktop.choose("Quit")
        self.assert_says("quit")
        self.assertEqual(self.probe.wait(120), 0)
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
