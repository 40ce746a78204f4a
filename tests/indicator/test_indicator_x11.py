# SPDX-License-Identifier: MIT
"""The indicator in a real X11 session: when it is there, and that nothing else notices it."""

import collections
import os
import re
import subprocess
import sys

sys.path[:0] = [os.path.dirname(os.path.abspath(__file__))]
# pylint: disable=wrong-import-position
from indicator_session import WORDS, IndicatorCase
import tap
from fakes.fake_services import reply
from x11_session import X11Session

Window = collections.namedtuple("Window", "id width height x y")
WINDOW = re.compile(r'^ +(0x\w+) "Whis": \("whis-indicator".*? +(\d+)x(\d+)\+\d+\+\d+ +\+(\d+)\+(\d+)$',
                    re.MULTILINE)
SCREEN = (1024, 768)
DARK, LIGHT = (0x1e, 0x1e, 0x22), (0xfa, 0xfa, 0xfb)
RED = (0xe0, 0x1b, 0x24)


class Case(IndicatorCase):
    def setUp(self):
        desktop = X11Session()
        self.start_session(desktop, DISPLAY=desktop.env["DISPLAY"])
        self.session.start_service()

    def run_tool(self, *command, **options):
        return subprocess.run(command, env=self.session.environment, check=True,
                              stdout=subprocess.PIPE, **options).stdout

    def list_windows(self):
        """The list is begun anew where a window that it has reached is gone meanwhile."""
        while True:
            listed = subprocess.run(["xwininfo", "-root", "-tree"], env=self.session.environment,
                                    check=False, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            if listed.returncode == 0:
                return listed.stdout.decode()
            self.assertIn(b"X Error", listed.stderr)

    def find(self):
        """The window of the indicator, or None."""
        match = WINDOW.search(self.list_windows())
        return match and Window(match[1], *map(int, match.groups()[1:]))

    def wait_for_window(self, condition=lambda window: True):
        return self.session.wait_until(lambda: (window := self.find()) and condition(window) and window,
                                       "there is no such window")

    def wait_for_none(self):
        self.session.wait_until(lambda: self.find() is None, "the window stays")

    def get_colour(self, x, y):
        """The colour of a pixel of the window."""
        window = self.find()
        return window and tuple(self.run_tool("import", "-window", "root", "-crop",
                                              f"1x1+{window.x + x}+{window.y + y}", "-depth", "8",
                                              "rgb:-"))

    def wait_for_colour(self, colour, x, y):
        self.session.wait_until(lambda: self.get_colour(x, y) == colour,
                                f"it is not {colour} but {self.get_colour(x, y)}")


class Shown(Case):
    def test_while_recording_until_the_end(self):
        self.assertIsNone(self.find())
        dictation = self.session.start_dictation()
        window = self.wait_for_window()
        self.wait_for_colour(RED, window.width // 2, 0)
        self.assertEqual(window.x, (SCREEN[0] - window.width) // 2)
        self.assertLess(window.y + window.height, SCREEN[1])
        self.session.play()
        self.provider.gate.clear()
        self.session.call("Stop")
        self.session.wait_for(dictation, "transcribing")
        # The microphone is closed.
        self.session.wait_until(lambda: self.get_colour(window.width // 2, 0) not in (RED, None),
                                "it shows an open microphone")
        self.provider.gate.set()
        self.assertEqual(self.session.outcome(dictation), ("finished", WORDS))
        self.wait_for_none()
        self.wait_for_end(self.started()[-1])
        self.assertEqual(len(self.started()), 1)

    def test_text(self):
        """There is a line for it as soon as something is understood; the lower edge stays."""
        dictation = self.session.start_dictation()
        first = self.wait_for_window()
        self.session.play()
        with_text = self.wait_for_window(lambda window: window.height > first.height)
        self.assertEqual(first.y + first.height, with_text.y + with_text.height)
        self.finish(dictation)

    def test_keeps_the_text_to_itself(self):
        """What was said is on the screen, and in no argument and no log."""
        dictation = self.session.start_dictation()
        first = self.wait_for_window()
        self.session.play()
        self.wait_for_window(lambda window: window.height > first.height)
        for name in "cmdline", "environ":
            with open(f"/proc/{self.started()[-1]}/{name}", "rb") as file:
                self.assertNotIn(b"Dashwood", file.read())
        self.finish(dictation)
        self.assertNotIn("Dashwood", self.session.read_log())

    def test_failure_can_be_read(self):
        self.provider.default = reply(400, {"error": {"message": "no"}})
        dictation = self.session.start_dictation()
        first = self.wait_for_window()
        self.session.play()
        self.session.call("Stop")
        self.assertEqual(self.session.outcome(dictation)[0], "failed")
        self.wait_for_window(lambda window: window.height > first.height)
        self.wait_for_none()
        self.wait_for_end(self.started()[-1])

    def test_next_dictation(self):
        """The one that shows a failure shows the next dictation, too."""
        dictation = self.session.start_dictation()
        first = self.wait_for_window()
        self.session.call("Stop")
        self.assertEqual(self.session.outcome(dictation)[1], "no-speech")
        self.wait_for_window(lambda window: window.height > first.height)
        following = self.session.start_dictation()
        self.wait_for_window(lambda window: window.height == first.height)
        self.wait_for_colour(RED, first.width // 2, 0)
        self.session.play()
        self.assertEqual(self.finish(following), WORDS)
        self.wait_for_none()
        self.assertEqual(len(self.started()), 1)

    def test_cancelled(self):
        dictation = self.session.start_dictation()
        self.wait_for_window()
        self.session.call("Cancel", "(s)", dictation)
        self.wait_for_none()

    def test_file_is_not_shown(self):
        result = self.session.whis("transcribe", os.environ.get("WHIS_SPEECH") or
                                   "/usr/share/pocketsphinx/test/data/librivox/"
                                   "sense_and_sensibility_01_austen_64kb-0880.wav")
        self.assertEqual((result.returncode, result.stdout.strip()), (0, WORDS))
        self.assertEqual(self.started(), [])

    def test_looks_like_the_desktop(self):
        appearance = self.be_portal(color_scheme=2)
        dictation = self.session.start_dictation()
        window = self.wait_for_window()
        self.wait_for_colour(LIGHT, window.width // 2, 6)
        appearance["color_scheme"] = 1
        self.change_look()
        self.wait_for_colour(DARK, window.width // 2, 6)
        self.session.call("Cancel", "(s)", dictation)

    def test_ends_with_the_service(self):
        self.session.start_dictation()
        self.wait_for_window()
        self.session.kill_service()
        self.wait_for_none()


class Unnoticed(Case):
    def test_focus_and_keys(self):
        target = self.desktop.start_target("4.0", "view")
        focused = self.run_tool("xdotool", "getwindowfocus")
        dictation = self.session.start_dictation()
        window = self.wait_for_window()
        about = self.run_tool("xwininfo", "-id", window.id, "-stats", "-wm").decode()
        self.assertIn("Override Redirect State: yes", about)
        self.assertIn("IsViewable", about)
        self.assertEqual(self.run_tool("xdotool", "getwindowfocus"), focused)
        self.run_tool("xdotool", "key", "a")
        target.await_json("text", "a")
        self.session.play()
        self.finish(dictation)
        # It lands where the cursor is, as without the indicator.
        target.await_json("text", "a" + WORDS)
        self.wait_for_none()
        self.assertEqual(self.run_tool("xdotool", "getwindowfocus"), focused)

    def test_clicks_go_through(self):
        below = self.desktop.start_target("3.0", "view")
        (covered,) = self.run_tool("xdotool", "search", "--onlyvisible", "--name", ".").split()[-1:]
        self.run_tool("xdotool", "windowmove", "--sync", covered, "0", "100")
        self.run_tool("xdotool", "windowsize", "--sync", covered, "1000", "600")
        self.desktop.start_target("4.0", "view")
        focused = self.run_tool("xdotool", "getwindowfocus")
        dictation = self.session.start_dictation()
        window = self.wait_for_window()
        self.run_tool("xdotool", "mousemove", str(window.x + 30), str(window.y + 10), "click", "1")
        # Whose window was clicked has the focus, and gets the keys.
        self.session.wait_until(lambda: self.run_tool("xdotool", "getwindowfocus") != focused,
                                "the click does not arrive")
        self.run_tool("xdotool", "key", "b")
        below.await_json("text", "b")
        self.assertIsNotNone(self.find())
        self.session.call("Cancel", "(s)", dictation)

    def test_killed(self):
        """The dictation is not disturbed; the indicator comes back once."""
        dictation = self.session.start_dictation()
        self.wait_for_window()
        first = self.wait_for_start(1)
        self.kill(first)
        second = self.wait_for_start(2)
        self.wait_for_window()
        self.kill(second)
        self.wait_for_none()
        self.session.play()
        self.assertEqual(self.session.states(dictation)[-1], "recording")
        self.assertEqual(self.finish(dictation), WORDS)
        self.assertEqual(self.started(), [first, second])
        # The next one has it again.
        dictation = self.session.start_dictation()
        self.wait_for_window()
        self.session.call("Cancel", "(s)", dictation)

    def test_does_not_start(self):
        with open(os.path.join(self.session.directory, "indicator"), "w", encoding="utf-8") as file:
            file.write(f"#!/bin/sh\necho $$ >>{self.notes}\nexit 1\n")
        self.assertEqual(self.dictate(), WORDS)
        self.assertEqual(len(self.started()), 2)


class Switched(Case):
    def test_off(self):
        self.session.settings(indicator="false")
        self.assertEqual(self.dictate(), WORDS)
        self.assertEqual(self.started(), [])

    def test_off_and_on_while_recording(self):
        dictation = self.session.start_dictation()
        self.wait_for_window()
        self.session.settings(indicator="false")
        self.wait_for_none()
        self.session.settings(indicator="true")
        self.wait_for_window()
        self.session.play()
        self.assertEqual(self.finish(dictation), WORDS)
        self.wait_for_none()


if __name__ == "__main__":
    tap.main()
