#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The story itself: click the icon in the panel, speak, click again, paste the words."""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS), str(TESTS / "desktop"), str(TESTS / "service")]
# pylint: disable=wrong-import-position
import tap
import wer
from desktop_session import DesktopSession
from fakes.fake_services import FakeService, reply, text

LIBRIVOX = pathlib.Path("/usr/share/pocketsphinx/test/data/librivox")

# PocketSphinx is rough: on these five sentences it gets about one word in five wrong when it has
# the whole file; see bench/wer.py. Far above that, something other than the recogniser is broken.
MOST_WRONG = 0.40

KEY = "sk-from-the-real-keyring-42"


def make_speech(path):
    """The recorded sentences with pauses between them, as a person dictates; returns their text."""
    sounds = sorted(LIBRIVOX.glob("*.wav"))
    spoken = []
    lines = (LIBRIVOX / "transcription").read_text(encoding="utf-8").splitlines()
    by_name = {line.rsplit("(", 1)[1].rstrip(") "): line.rsplit("(", 1)[0] for line in lines if line}
    for sound in sounds:
        if sound.stem in by_name:
            spoken.append(sound)
    command = ["sox"]
    for sound in spoken:
        command += [f"|sox {sound} -p pad 0.3 0.7"]
    subprocess.run([*command, str(path)], check=True)
    return " ".join(by_name[sound.stem] for sound in spoken)


class Story(unittest.TestCase):
    """On a real desktop with a real click."""

    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.speech = os.path.join(directory.name, "speech.wav")
        self.spoken = make_speech(self.speech)

    def desktop(self, **options):
        desktop = DesktopSession(**options)
        self.addCleanup(desktop.close)
        return desktop

    def keep(self, desktop, name):
        """Keeps a screenshot as an artefact."""
        artefacts = os.environ.get("WHIS_ARTEFACTS")
        if artefacts:
            os.makedirs(artefacts, exist_ok=True)
            desktop.move_away()
            desktop.screenshot(os.path.join(artefacts, name))

    def dictate(self, desktop, shots=None):
        """Click, speak, click."""
        x, y = desktop.wait_for_icon()
        if shots:
            self.keep(desktop, f"{shots}-idle.png")
        desktop.click(x, y)
        desktop.wait_for_icon_name("recording")
        desktop.wait_until(lambda: desktop.get("State") == "recording", "nothing records")
        desktop.play(self.speech)
        if shots:
            self.keep(desktop, f"{shots}-recording.png")
        desktop.click(x, y)

    def test_without_an_account(self):
        """The embedded recogniser, from the icon to the clipboard."""
        desktop = self.desktop()
        desktop.start_notification_server()
        desktop.copy("what was there before")
        desktop.start_service()
        self.dictate(desktop, "story")
        heard = desktop.wait_for_clipboard("what was there before")
        rate = wer.wer(self.spoken, heard)
        print(f"# word error rate {rate:.3f}: {heard}")
        self.assertLessEqual(rate, MOST_WRONG)
        desktop.wait_until(lambda: desktop.get("State") == "done", "it does not end")
        self.keep(desktop, "story-done.png")
        self.assertEqual(len(desktop.recordings()), 1, "kept for a week")
        (notification,) = desktop.wait_until(desktop.notifications, "no notification")
        self.assertIn("clipboard", notification)
        for word in heard.split()[:3]:
            self.assertNotIn(f" {word} ", notification, "words are shown only if the user allows it")
        desktop.service.terminate()
        desktop.service.wait(120)
        self.assertEqual(desktop.clipboard(), heard, "the text outlives the service")

    def test_with_a_provider(self):
        """What arrives at an OpenAI-compatible service, with a key from the real keyring."""
        desktop = self.desktop(dark=True)
        provider = FakeService(text("words of the provider"))
        provider.key = KEY
        self.addCleanup(provider.close)
        desktop.settings(provider="custom", addresses__custom=provider.address, language="en",
                         longest_chunk="60")
        stored = desktop.whis("key", "set", "custom", stdin=KEY)
        self.assertIn("in the keyring", stored.stderr)
        desktop.whis("quit")
        desktop.wait_until(lambda: not desktop.has_service(), "it does not quit")
        desktop.copy("before")
        desktop.start_service()
        self.assertIn("keyring", desktop.whis("providers").stdout)
        self.dictate(desktop, "provider")
        self.assertEqual(desktop.wait_for_clipboard("before").split(" words")[0],
                         "words of the provider")
        sounds = 0.0
        for request in provider.requests:
            self.assertEqual(request.headers["Authorization"], f"Bearer {KEY}")
            self.assertEqual(request.fields["language"], "en")
            name, kind, sound = request.files["file"]
            self.assertEqual((name, kind), ("audio.wav", "audio/wav"))
            sounds += self.length_of(sound)
        self.assertAlmostEqual(sounds, self.length_of_file(self.speech), delta=2.5)

    def length_of(self, sound):
        """Seconds of an MP3, after decoding all of it."""
        with tempfile.NamedTemporaryFile(suffix=".wav") as file:
            file.write(sound)
            file.flush()
            return self.length_of_file(file.name)

    @staticmethod
    def length_of_file(path):
        """Seconds of sound in a file, after decoding all of it."""
        raw = subprocess.run(["ffmpeg", "-v", "error", "-i", path, "-f", "s16le", "-ar", "16000",
                              "-ac", "1", "-"], capture_output=True, check=True).stdout
        return len(raw) / 32000

    def test_menu(self):
        """Start and stop, copy the last text, quit: all from the menu."""
        desktop = self.desktop()
        provider = FakeService(text("from the menu"))
        self.addCleanup(provider.close)
        desktop.settings(provider="custom", addresses__custom=provider.address)
        desktop.copy("before")
        desktop.start_service()
        x, y = desktop.wait_for_icon()
        desktop.open_menu(x, y)
        if os.environ.get("WHIS_ARTEFACTS"):
            desktop.screenshot(os.path.join(os.environ["WHIS_ARTEFACTS"], "menu-idle.png"))
        desktop.choose("Start recording")
        desktop.wait_until(lambda: desktop.get("State") == "recording", "nothing records")
        desktop.play()
        desktop.open_menu(x, y)
        if os.environ.get("WHIS_ARTEFACTS"):
            desktop.screenshot(os.path.join(os.environ["WHIS_ARTEFACTS"], "menu-recording.png"))
        desktop.choose("Stop recording")
        self.assertEqual(desktop.wait_for_clipboard("before"), "from the menu")
        # Whis looks whether its text is there; what others copy before that is a failure.
        desktop.wait_until(lambda: desktop.get("State") == "done", "it does not end")
        desktop.copy("something else")
        desktop.open_menu(x, y)
        self.assertNotIn("Cancel", desktop.menu_labels())
        desktop.choose("Copy last text")
        self.assertEqual(desktop.wait_for_clipboard("something else"), "from the menu")
        desktop.open_menu(x, y)
        desktop.choose("Quit")
        desktop.wait_until(lambda: not desktop.has_service(), "it does not quit")
        desktop.wait_for_no_icon()

    def test_failure_is_seen(self):
        """A refusal: the icon and a notification say so, and the clipboard stays as it was."""
        desktop = self.desktop()
        provider = FakeService(reply(401, {"error": {"message": "no", "code": "invalid_api_key"}}))
        self.addCleanup(provider.close)
        desktop.start_notification_server()
        desktop.settings(provider="custom", addresses__custom=provider.address)
        desktop.copy("precious")
        desktop.start_service()
        self.dictate(desktop)
        desktop.wait_for_icon_name("failed")
        self.keep(desktop, "story-failed.png")
        self.assertEqual(desktop.clipboard(), "precious")
        notification = desktop.wait_until(
            lambda: [n for n in desktop.notifications() if "dictation failed" in n],
            "no notification")[0]
        # In a notification nobody types a command: a button does it.
        self.assertEqual(len(desktop.recordings()), 1)
        self.assertIn("preferences", notification)
        self.assertNotIn("whis ", notification)

    def test_killed_and_finished(self):
        """The service dies while somebody speaks; the icon's menu finishes the dictation."""
        desktop = self.desktop()
        provider = FakeService(text("what was said before the crash"))
        self.addCleanup(provider.close)
        desktop.start_notification_server()
        desktop.settings(provider="custom", addresses__custom=provider.address)
        desktop.copy("before")
        desktop.start_service()
        x, y = desktop.wait_for_icon()
        desktop.click(x, y)
        desktop.wait_until(lambda: desktop.get("State") == "recording", "nothing records")
        desktop.play()
        desktop.kill_service()
        desktop.wait_for_no_icon()
        desktop.start_service()
        desktop.wait_until(lambda: any("interrupted" in n for n in desktop.notifications()),
                           "nobody says so")
        x, y = desktop.wait_for_icon()
        desktop.wait_until(lambda: desktop.get("Unfinished") == 1, "it is not found")
        desktop.open_menu(x, y)
        if os.environ.get("WHIS_ARTEFACTS"):
            desktop.screenshot(os.path.join(os.environ["WHIS_ARTEFACTS"], "menu-interrupted.png"))
        desktop.choose("Finish interrupted dictation")
        self.assertEqual(desktop.wait_for_clipboard("before"), "what was said before the crash")

    def test_panel_restarts(self):
        """The icon comes back with the panel, and works."""
        desktop = self.desktop()
        desktop.start_service()
        desktop.wait_for_icon()
        desktop.stop_panel()
        desktop.wait_until(lambda: not desktop.get("Tray"), "it does not notice")
        desktop.start_panel()
        x, y = desktop.wait_for_icon()
        desktop.click(x, y)
        desktop.wait_until(lambda: desktop.get("State") == "recording", "the icon is dead")


class Window(unittest.TestCase):
    """The window with the real service behind it."""

    def desktop(self, **options):
        desktop = DesktopSession(**options)
        self.addCleanup(desktop.close)
        return desktop

    def wait_for_window(self, desktop, title):
        """Waits for a window; returns its id."""
        def look():
            return subprocess.run(["xdotool", "search", "--onlyvisible", "--name", title],
                                  env=desktop.environment, capture_output=True, text=True,
                                  check=False).stdout.split()
        return desktop.wait_until(look, f"no window {title}")[0]

    def press_in_state(self, desktop, key, state):
        """Presses a key that ends a state; again if it does not, and then says so.

        A window that has just opened takes no keys until it knows the service.
        """
        for _ in range(4):
            desktop.press(key)
            try:
                desktop.wait_until(lambda: desktop.get("State") != state, f"still {state}", 30)
                return
            except AssertionError as error:
                problem = error
                print(f"# {key} came to nothing while {state}", flush=True)
        raise problem

    def window_processes(self, desktop):
        """The window programs of this session."""
        display = f"DISPLAY={desktop.environment['DISPLAY']}"
        found = []
        for process in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                if ((process / "comm").read_text() == "whis-window\n"
                        and display in (process / "environ").read_text()):
                    found.append(int(process.name))
            except OSError:
                pass
        return found

    def test_whis_opens_the_window(self):
        """`whis` on a desktop: the window comes, records, shows the text, and goes alone."""
        desktop = self.desktop()
        provider = FakeService(text("Seen in the window."))
        self.addCleanup(provider.close)
        desktop.settings(provider="custom", addresses__custom=provider.address)
        desktop.start_service()
        desktop.wait_for_icon()
        self.assertEqual(desktop.whis().returncode, 0)
        window = self.wait_for_window(desktop, "^Whis$")
        subprocess.run(["xdotool", "windowactivate", "--sync", window], env=desktop.environment,
                       check=True)
        self.press_in_state(desktop, "ctrl+r", "idle")
        desktop.wait_until(lambda: desktop.get("State") == "recording", "Ctrl+R does not record")
        desktop.play()
        self.press_in_state(desktop, "ctrl+r", "recording")
        desktop.wait_until(lambda: desktop.get("State") == "done", "it does not end")
        if os.environ.get("WHIS_ARTEFACTS"):
            desktop.screenshot(os.path.join(os.environ["WHIS_ARTEFACTS"], "window-done.png"))
        desktop.press("ctrl+w")
        desktop.wait_until(lambda: not self.window_processes(desktop), "the window stays")
        self.assertTrue(desktop.has_service(), "the service goes on")

    def test_without_a_panel_the_window_opens(self):
        """Nobody should have a service that cannot be reached."""
        desktop = self.desktop()
        desktop.stop_panel()
        desktop.start_service()
        self.wait_for_window(desktop, "^Whis$")


if __name__ == "__main__":
    tap.main()
