# SPDX-License-Identifier: MIT
"""The indicator in real Wayland sessions: sway and KWin have layer-shell, GNOME has not."""

import json
import os
import shutil
import subprocess
import sys

sys.path[:0] = [os.path.dirname(os.path.abspath(__file__))]
# pylint: disable=wrong-import-position
from indicator_session import WORDS, IndicatorCase
from compositor_session import SwaySession
import tap
from wayland_session import GnomeShellSession, KWinSession

RED = b"\xe0\x1b\x24"
OPEN = "The microphone is open"
READY = "WhisSupervisorState: starting -> ready"


class Case(IndicatorCase):
    programs = ()

    def setUp(self):
        for program in self.programs:
            if shutil.which(program) is None:
                self.skipTest(f"{program} is not installed")
        desktop = self.create_desktop()
        self.start_session(desktop, WAYLAND_DISPLAY=os.path.join(desktop.dir,
                                                                 desktop.env["WAYLAND_DISPLAY"]))
        self.serve_notifications()
        self.session.start_service()


class Sway(Case):
    programs = ("sway", "grim")

    def create_desktop(self):
        return SwaySession()

    def find_border(self):
        """The row and the width of the red upper border, and the size of the picture; or None."""
        picture = self.desktop.run("grim", "-t", "ppm", "-", stdout=subprocess.PIPE).stdout
        _kind, size, _depth, pixels = picture.split(b"\n", 3)
        width, height = map(int, size.split())
        for y in range(height):
            row = pixels[y * width * 3:(y + 1) * width * 3]
            count = sum(row[x:x + 3] == RED for x in range(0, len(row), 3))
            if count > 100:
                return y, count, (width, height)
        return None

    def wait_for_border(self, condition=lambda border: True):
        return self.session.wait_until(
            lambda: (border := self.find_border()) and condition(border) and border,
            "there is no red border")

    def wait_for_none(self):
        self.session.wait_until(lambda: not self.find_border(), "it stays")

    def swaymsg(self, *arguments):
        (socket,) = [name for name in os.listdir(self.desktop.dir) if name.startswith("sway-ipc")]
        return self.desktop.run("swaymsg", "-s", os.path.join(self.desktop.dir, socket), *arguments,
                                stdout=subprocess.PIPE).stdout

    def find_focused(self, node):
        if node.get("focused"):
            return node["id"]
        return next(filter(None, map(self.find_focused, node["nodes"])), None)

    def get_focused(self):
        return self.find_focused(json.loads(self.swaymsg("-t", "get_tree")))

    def test_shown_and_unnoticed(self):
        target = self.desktop.start_target("4.0", "view")
        focused = self.get_focused()
        self.assertIsNotNone(focused)
        dictation = self.session.start_dictation()
        row, width, (_screen_width, height) = self.wait_for_border()
        self.assertGreater(row, height // 2)
        self.assertGreater(width, 400)
        self.assertEqual(self.get_focused(), focused)
        self.session.play()
        self.assertEqual(self.finish(dictation), WORDS)
        target.await_json("text", WORDS)
        self.wait_for_none()
        self.wait_for_end(self.started()[-1])

    def test_text(self):
        dictation = self.session.start_dictation()
        first = self.wait_for_border()
        self.session.play()
        # There is another line, above the same lower edge.
        self.wait_for_border(lambda border: border[0] < first[0] - 10)
        self.finish(dictation)

    def test_scale(self):
        """On a monitor with twice as many pixels it is drawn with them, and not stretched."""
        self.swaymsg("output", "*", "scale", "2")
        dictation = self.session.start_dictation()
        _row, width, _size = self.wait_for_border(lambda border: border[1] > 700)
        self.assertLessEqual(width, 880)
        self.session.call("Cancel", "(s)", dictation)
        self.wait_for_none()

    def test_compositor_ends(self):
        dictation = self.session.start_dictation()
        self.wait_for_border()
        self.desktop.stop(self.desktop.compositor)
        self.wait_for_end(self.started()[0])
        self.session.play()
        self.session.call("Stop")
        # Without a compositor there is no clipboard; the text is there all the same.
        _failed, code, _message, kept = self.session.outcome(dictation)
        self.assertEqual((code, kept), ("clipboard", "text"))


class KWin(Case):
    programs = ("kwin_wayland", "kbuildsycoca5")

    def create_desktop(self):
        return KWinSession(allowed=False)

    def test_shown(self):
        target = self.desktop.start_target("4.0", "view")
        dictation = self.session.start_dictation()
        process = self.wait_for_start(1)
        self.session.wait_until(lambda: READY in self.session.read_log(), "no frame is shown")
        self.session.play()
        target.write_line("active")
        self.assertTrue(target.await_json("active"))
        self.assertEqual(self.finish(dictation), WORDS)
        self.wait_for_end(process)
        self.assertEqual(self.started(), [process])
        self.assertNotIn(OPEN, [title for title, _actions in self.shown_notifications()])


class Gnome(Case):
    programs = ("gnome-shell",)

    def create_desktop(self):
        return GnomeShellSession(extension=False)

    def test_not_supported(self):
        """The program says so and ends; it is not tried again."""
        dictation = self.session.start_dictation()
        process = self.wait_for_start(1)
        self.wait_for_end(process)
        self.session.play()
        self.assertEqual(self.finish(dictation), WORDS)
        self.session.wait_until(
            lambda: "The indicator is not shown on this desktop: The compositor has no protocol"
            in self.session.read_log(), "nobody says why")
        self.assertEqual(self.dictate(), WORDS)
        self.assertEqual(self.started(), [process])

    def wait_for_notification(self, count):
        """So many have said that the microphone is open."""
        self.session.wait_until(
            lambda: [title for title, _actions in self.shown_notifications()].count(OPEN) == count,
            "no notification says that the microphone is open")

    def test_notification(self):
        """There a notification says that the microphone is open, and can close it."""
        dictation = self.session.start_dictation()
        self.wait_for_notification(1)
        self.assertEqual(self.shown_notifications()[0][1],
                         ["default", "Open Whis", "toggle", "Stop"])
        self.session.play()
        self.assertEqual(self.count_withdrawn(), 0)
        self.click_notification(1, "toggle")
        self.assertEqual(self.session.outcome(dictation), ("finished", WORDS))
        self.session.wait_until(lambda: self.count_withdrawn() == 1, "it stays")

    def test_notification_is_switched_off(self):
        dictation = self.session.start_dictation()
        self.wait_for_notification(1)
        self.session.settings(indicator="false")
        self.session.wait_until(lambda: self.count_withdrawn() == 1, "it stays")
        self.session.settings(indicator="true")
        self.wait_for_notification(2)
        self.session.call("Cancel", "(s)", dictation)
        self.session.wait_until(lambda: self.count_withdrawn() == 2, "it stays")


if __name__ == "__main__":
    tap.main()
