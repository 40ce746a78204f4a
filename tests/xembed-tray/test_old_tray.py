#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The icon in panels that know no StatusNotifierItem: trayer and tint2."""

import json
import os
import pathlib
import shutil
import signal
import sys
import tempfile
import unittest

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS), str(TESTS / "desktop"), str(TESTS / "service"), str(TESTS / "story")]
# pylint: disable=wrong-import-position
import tap
import wer
from desktop_session import PANEL_HEIGHT, Box
from fakes.fake_services import FakeService, reply, text
from gi.repository import GdkPixbuf
from old_tray_session import OldTraySession
from test_story import MOST_WRONG, make_speech

KEY = "sk-that-nobody-inherits-42"

# Debian's unstable has no trayer any more.
HAS_TRAYER = shutil.which("trayer") is not None


class OldTrayCase(unittest.TestCase):
    """A desktop with such a panel."""

    def desktop(self, panel="trayer" if HAS_TRAYER else "tint2", service=True, **options):
        desktop = OldTraySession(panel, **options)
        self.addCleanup(desktop.close)
        if service:
            desktop.start_service()
        return desktop

    def wait_for_tray(self, desktop):
        """Waits until the service says that its icon is shown."""
        desktop.wait_until(lambda: desktop.get("Tray"), "no icon is shown")

    def wait_for_client(self, desktop):
        """Waits for the program that shows the icon; returns its process id."""
        return desktop.wait_until(desktop.clients, "nothing shows the icon")[0]

    def wait_for_no_client(self, desktop):
        """Waits until that program is gone."""
        desktop.wait_until(lambda: not desktop.clients(), "the icon's program stays")

    def keep(self, desktop, name):
        """Keeps a screenshot as an artefact."""
        if "WHIS_ARTEFACTS" in os.environ:
            os.makedirs(os.environ["WHIS_ARTEFACTS"], exist_ok=True)
            desktop.screenshot(os.path.join(os.environ["WHIS_ARTEFACTS"], name))

    def provider(self, desktop, answer):
        """A service that answers everything like this."""
        provider = FakeService(answer)
        self.addCleanup(provider.close)
        desktop.settings(provider="custom", addresses__custom=provider.address)


class OldTrayStory(OldTrayCase):
    """What a person does with it."""

    @staticmethod
    def colours(desktop, place):
        """Red, green and blue of every pixel of the panel around the icon."""
        panel = desktop.panel_box()
        box = Box(min(place[0] - 16, panel.width - 32), panel.y, 32, panel.height)
        screen = GdkPixbuf.Pixbuf.new_from_file(desktop.screenshot())
        part = screen.new_subpixbuf(*box)
        data, stride, channels = part.get_pixels(), part.get_rowstride(), part.get_n_channels()
        return [tuple(data[y * stride + x * channels:y * stride + x * channels + 3])
                for y in range(box.height) for x in range(box.width)]

    def is_red(self, desktop, place):
        """Whether a good part of the icon is red."""
        return sum(1 for r, g, b in self.colours(desktop, place)
                   if r > 180 and g < 100 and b < 100) > 50

    def contrast(self, desktop, place):
        """How far the icon is from what is behind it, from 0 to 255."""
        grey = [(r + g + b) // 3 for r, g, b in self.colours(desktop, place)]
        background = max(set(grey), key=grey.count)
        return max(abs(value - background) for value in grey)

    def look(self, desktop, kind):
        """The icon is there, can be told from the panel, and is known to be there."""
        place = desktop.wait_for_icon()
        self.wait_for_tray(desktop)
        desktop.wait_until(lambda: self.contrast(desktop, place) > 120, "it can hardly be seen")
        self.assertFalse(self.is_red(desktop, place))
        status = json.loads(desktop.whis("status", "--json").stdout)
        self.assertIs(status["tray"], True)
        self.keep(desktop, f"{kind}-idle.png")
        return place

    def start_from_menu(self, desktop, place, kind):
        """The menu's first entry starts a dictation, and the icon turns red."""
        desktop.open_menu(*place)
        self.keep(desktop, f"{kind}-menu.png")
        desktop.choose("Start recording")
        desktop.wait_until(lambda: desktop.get("State") == "recording", "nothing records")
        desktop.wait_until(lambda: self.is_red(desktop, place), "the icon does not turn red")
        self.keep(desktop, f"{kind}-recording.png")

    @unittest.skipUnless(HAS_TRAYER, "not installed: trayer, which this release does not have")
    def test_trayer(self):
        """Menu, recorded speech, click; the embedded recogniser's text is on the clipboard."""
        desktop = self.desktop()
        with tempfile.TemporaryDirectory() as directory:
            speech = os.path.join(directory, "speech.wav")
            spoken = make_speech(speech)
            desktop.copy("before")
            place = self.look(desktop, "trayer")
            self.start_from_menu(desktop, place, "trayer")
            desktop.play(speech)
        desktop.open_menu(*place)
        self.keep(desktop, "trayer-recording-menu.png")
        self.assertEqual(desktop.menu_labels()[:2], ["Stop recording", "Cancel"])
        desktop.press("Escape")
        desktop.wait_until(lambda: not desktop.menu_box(), "the menu stays open")
        desktop.click(*place)
        heard = desktop.wait_for_clipboard("before")
        self.assertLessEqual(wer.wer(spoken, heard), MOST_WRONG)
        desktop.wait_until(lambda: not self.is_red(desktop, place), "the icon stays red")

    def test_tint2(self):
        """The same in a dark panel; the middle button stops."""
        desktop = self.desktop("tint2")
        self.provider(desktop, text("from a dark panel"))
        desktop.copy("before")
        place = self.look(desktop, "tint2")
        self.start_from_menu(desktop, place, "tint2")
        desktop.play()
        desktop.click(*place, button=2)
        self.assertEqual(desktop.wait_for_clipboard("before"), "from a dark panel")

    def test_click_and_failure(self):
        """A left click starts, the next one stops; a refusal is seen."""
        desktop = self.desktop()
        self.provider(desktop, reply(401, {"error": {"message": "no", "code": "invalid_api_key"}}))
        place = self.look(desktop, "trayer")
        idle = self.colours(desktop, place)
        desktop.click(*place)
        desktop.wait_until(lambda: desktop.get("State") == "recording", "nothing records")
        desktop.play()
        desktop.click(*place)
        desktop.wait_until(lambda: desktop.get("State") == "failed", "it does not fail")
        desktop.move_away()
        desktop.wait_until(
            lambda: not self.is_red(desktop, place) and self.colours(desktop, place) != idle,
            "the icon does not show it")
        self.keep(desktop, "trayer-failed.png")

    def test_quit(self):
        """Quit from the menu ends both, and neither has anything to complain of."""
        desktop = self.desktop()
        place = self.look(desktop, "trayer")
        desktop.open_menu(*place)
        desktop.choose("Quit")
        desktop.wait_until(lambda: not desktop.has_service(), "it does not quit")
        self.wait_for_no_client(desktop)
        desktop.wait_for_no_icon()
        for complaint in ("-WARNING", "-CRITICAL", "-ERROR"):
            self.assertNotIn(complaint, desktop.read_log())


class OldTrayChanges(OldTrayCase):
    """Panels come and go."""

    def test_panel_restarts(self):
        """The icon's program goes with the panel, and comes back with it."""
        desktop = self.desktop()
        self.wait_for_tray(desktop)
        first = self.wait_for_client(desktop)
        desktop.stop_panel()
        self.wait_for_no_client(desktop)
        desktop.wait_until(lambda: not desktop.get("Tray"), "the icon is still said to be shown")
        desktop.start_panel()
        self.wait_for_tray(desktop)
        self.assertNotEqual(self.wait_for_client(desktop), first)
        desktop.wait_for_icon()

    def test_panel_comes_late(self):
        """The service was there first."""
        desktop = self.desktop(start=False)
        self.assertFalse(desktop.get("Tray"))
        self.assertEqual(desktop.clients(), [])
        desktop.start_panel()
        self.wait_for_tray(desktop)
        desktop.wait_for_icon()

    def test_host_comes_and_goes(self):
        """Who knows StatusNotifierItem has the icon alone."""
        desktop = self.desktop()
        self.wait_for_tray(desktop)
        desktop.start_watcher()
        self.wait_for_no_client(desktop)
        desktop.wait_for_no_icon()
        self.wait_for_tray(desktop)
        desktop.stop_watcher()
        self.wait_for_client(desktop)
        self.wait_for_tray(desktop)
        desktop.wait_for_icon()

    def test_watcher_without_host(self):
        """Somebody takes items, and nobody shows them, as KDE's watcher in another desktop."""
        desktop = self.desktop(service=False)
        desktop.start_watcher(has_host=False)
        desktop.start_service()
        self.wait_for_tray(desktop)
        desktop.click(*desktop.wait_for_icon())
        desktop.wait_until(lambda: desktop.get("State") == "recording", "the icon is dead")
        desktop.stop_watcher()
        desktop.wait_until(lambda: desktop.read_log().count("tray: shown by the X11 panel") == 2,
                           "the icon is not made anew")
        desktop.move_away()
        desktop.wait_for_icon()
        self.assertLessEqual(desktop.icon_box().width, PANEL_HEIGHT, "there are two")
        desktop.click(*desktop.wait_for_icon())
        desktop.wait_until(lambda: desktop.get("State") != "recording", "the icon is dead now")

    def test_xfce_panel_comes(self):
        """A panel with trays of both kinds shows one icon."""
        desktop = self.desktop()
        self.wait_for_tray(desktop)
        desktop.start_xfce_panel()
        self.wait_for_no_client(desktop)
        self.wait_for_tray(desktop)

    def test_service_is_killed(self):
        """No icon is left that does nothing."""
        desktop = self.desktop()
        self.wait_for_tray(desktop)
        desktop.kill_service()
        self.wait_for_no_client(desktop)
        desktop.wait_for_no_icon()

    def test_program_crashes(self):
        """It is started again, but not for ever."""
        desktop = self.desktop()
        seen = set()
        for _ in range(3):
            process = desktop.wait_until(lambda: set(desktop.clients()) - seen, "not started").pop()
            seen.add(process)
            os.kill(process, signal.SIGKILL)
        desktop.wait_until(lambda: "ends again and again" in desktop.read_log(), "it does not say so")
        self.wait_for_no_client(desktop)
        self.assertFalse(desktop.get("Tray"))
        # A panel that starts anew is a new chance.
        desktop.stop_panel()
        desktop.start_panel()
        self.wait_for_tray(desktop)

    def test_program_is_missing(self):
        """A package of its own may have it: the service does without, and says so once."""
        desktop = self.desktop(environment={"WHIS_XEMBED_TRAY_PROGRAM": "/nonexistent/tray"})
        desktop.wait_until(lambda: "older panels" in desktop.read_log(), "it does not say so")
        self.assertEqual(desktop.read_log().count("older panels"), 1)
        self.assertFalse(desktop.get("Tray"))

    def test_program_has_no_key(self):
        """Keys from the environment stay with the service."""
        desktop = self.desktop(service=False)
        desktop.environment["OPENAI_API_KEY"] = KEY
        desktop.start_service()
        process = self.wait_for_client(desktop)
        self.assertRegex(desktop.whis("providers").stdout, "openai .* environment")
        self.assertNotIn(KEY, pathlib.Path(f"/proc/{process}/environ").read_text(encoding="utf-8"))


if __name__ == "__main__":
    tap.main()
