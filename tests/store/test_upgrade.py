#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Homes of older and of newer versions of Whis."""

import os
import sqlite3
import subprocess
import sys
import unittest

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [TESTS, os.path.join(TESTS, "service")]
# pylint: disable=wrong-import-position
import tap
from fakes.fake_services import FakeService, text
from gi.repository import Gio, GLib
from watched_session import WatchedSession
from whis_session import APP_ID, SPEECH

VERSIONS = os.path.join(TESTS, "store", "versions")
NEWEST = max(int(name.split(".")[0]) for name in os.listdir(VERSIONS))

# As the first version left it, in a home where it really ran.
FIRST_SETTINGS = """[io/github/whis_gtk/Whis]
provider='custom'
addresses={{'custom': '{address}'}}
language='en'
longest-chunk=uint32 45
models={{'custom': 'm1', 'groq': 'whisper-large-v3'}}
limits={{'custom': uint32 2}}
prompt='Old prompt'
notify-finished=false
"""

KEY = "key-of-the-first-version"


class Home(unittest.TestCase):
    def setUp(self):
        self.provider = FakeService(text("plain words"))
        self.addCleanup(self.provider.close)
        self.session = WatchedSession()
        self.addCleanup(self.session.close)
        self.data = os.path.join(self.session.environment["XDG_DATA_HOME"], "whis")
        self.database = os.path.join(self.data, "history.db")

    def write_settings(self, content):
        path = os.path.join(self.session.environment["XDG_CONFIG_HOME"], "glib-2.0", "settings")
        os.makedirs(path)
        with open(os.path.join(path, "keyfile"), "w", encoding="utf-8") as file:
            file.write(content)

    def write_history(self, version, more=""):
        """A database of a version, as it was in a real home; every entry has its sound."""
        os.makedirs(os.path.join(self.data, "recordings"), mode=0o700, exist_ok=True)
        with open(os.path.join(VERSIONS, f"{version}.sql"), encoding="utf-8") as file:
            script = file.read()
        self.run_sql(script + more)
        for (dictation,) in self.run_sql("", "SELECT id FROM dictations"):
            sound = os.path.join(self.data, "recordings", f"{dictation}.mp3")
            subprocess.run(["ffmpeg", "-v", "error", "-i", SPEECH, "-ar", "16000",
                            "-c:a", "libmp3lame", "-b:a", "32k", "-write_xing", "0",
                            "-id3v2_version", "0", sound],
                           check=True, stdin=subprocess.DEVNULL)

    def run_sql(self, script, query=None):
        database = sqlite3.connect(self.database)
        database.create_function("whis_words", 1, lambda words: words and words.lower())
        try:
            database.executescript(script)
            return database.execute(query).fetchall() if query else []
        finally:
            database.close()

    def setting(self, name):
        return self.session.whis("settings", name).stdout.strip()

    def database_files(self):
        """What there is of the database, byte for byte."""
        found = {}
        for name in os.listdir(self.data):
            if name.startswith("history.db"):
                with open(os.path.join(self.data, name), "rb") as file:
                    found[name] = file.read()
        return found

    def notifications(self):
        """Titles and texts of all that were shown."""
        answer = self.session.bus.call_sync(
            "org.freedesktop.Notifications", "/org/freedesktop/Notifications",
            "org.freedesktop.DBus.Mock", "GetMethodCalls", GLib.Variant("(s)", ("Notify",)), None,
            Gio.DBusCallFlags.NONE, -1, None)
        return [call[1][4] for call in answer.unpack()[0]]


class Older(Home):
    def test_first_version(self):
        """Settings, history, sounds and keys of an old home are there, and used."""
        session = self.session
        session.start_keyring()
        # With the attributes that every version has given to its keys.
        subprocess.run(["secret-tool", "store", "--label=Whis: API key for Own server",
                        "xdg:schema", APP_ID, "provider", "custom"], input=KEY, text=True,
                       check=True, env=session.environment)
        self.write_settings(FIRST_SETTINGS.format(address=self.provider.address))
        self.write_history(1)
        self.provider.key = KEY
        session.start_service()

        listed = session.whis("settings", "--list").stdout
        for line in (f"addresses = {{'custom': '{self.provider.address}'}}", "provider = custom",
                     "language = en", "longest-chunk = 45", "limits = {'custom': 2}",
                     "models = {'custom': 'm1', 'groq': 'whisper-large-v3'}",
                     "prompt = Old prompt", "notify-finished = false"):
            self.assertIn(line + "\n", listed)

        history = session.whis("history").stdout
        self.assertRegex(history, r"done +\* a file of the second version")
        self.assertRegex(history, r"done +- words of the second version")
        self.assertRegex(history, r"cancelled +- The dictation was cancelled\.")
        self.assertRegex(history, "interrupted")
        self.assertEqual(len(session.recordings()), 5)
        self.assertIn("file of", session.whis("history", "list", "second", "file").stdout)
        result = session.whis("history", "retry")
        self.assertEqual(result.returncode, 0, result)

        result = session.whis("transcribe", SPEECH)
        self.assertEqual((result.returncode, result.stdout), (0, "plain words\n"), result.stderr)
        self.assertEqual(self.provider.requests[-1].headers["Authorization"], f"Bearer {KEY}")
        self.assertEqual(self.provider.requests[-1].fields["model"], "m1")


class Newer(Home):
    def test_history(self):
        """A history of a newer Whis is not touched; dictating works, and nothing is lost."""
        session = self.session
        self.write_history(NEWEST, f"PRAGMA journal_mode = WAL; PRAGMA user_version = {NEWEST + 1}")
        before = self.database_files()
        sounds = session.recordings()
        session.settings(provider="custom", addresses__custom=self.provider.address,
                         keep_sound="0")
        session.start_service()
        sentence = (f"The history was written by a newer Whis (version {NEWEST + 1} of it; this "
                    f"Whis reads up to {NEWEST}) and is left as it is; sound that you record now "
                    "is kept, and the newer Whis will find it.")
        # Long before anything is written by itself.
        session.wait_until(lambda: sentence in self.notifications(), "it is not told", 45)

        result = session.whis("history")
        self.assertEqual((result.returncode, result.stdout, result.stderr),
                         (1, "", f"whis: {sentence}\n"))
        dictation = session.start_dictation()
        session.play()
        session.call("Stop")
        self.assertEqual(session.outcome(dictation), ("finished", "plain words"))
        with open(session.environment["WHIS_TEST_CLIPBOARD"], encoding="utf-8") as file:
            self.assertEqual(file.read(), "plain words")
        self.assertEqual(session.whis("last").stdout, "plain words\n")
        sound = os.path.join(self.data, "recordings", f"{dictation}.wav")
        self.assertEqual(session.recordings(), sorted(sounds + [sound]))
        self.assertEqual(self.notifications().count(sentence), 1)
        session.kill_service(15)
        self.assertEqual(self.database_files(), before)

        # The newer one again: here it is this one, and the history its own.
        self.run_sql(f"PRAGMA user_version = {NEWEST}")
        session.settings(keep_sound="7")
        session.start_service()
        self.assertRegex(session.whis("history").stdout, f"{dictation} .*interrupted")
        self.assertTrue(os.path.exists(sound))
        self.assertEqual(session.whis("history", "retry", dictation).returncode, 0)

    def test_service(self):
        """A service that only a newer Whis knows is named, and nothing breaks."""
        session = self.session
        self.write_settings("[io/github/whis_gtk/Whis]\nprovider='newservice'\n")
        session.start_service()
        result = session.whis("start")
        self.assertEqual((result.returncode, result.stderr), (
            1, "whis: There is no transcription service “newservice”; “whis providers” lists "
            "them.\n"))
        self.assertEqual(session.whis("status").stdout, "idle\n")
        result = session.whis("transcribe", SPEECH)
        self.assertIn("“newservice”", result.stderr)
        session.settings(provider="custom", addresses__custom=self.provider.address)
        self.assertEqual(session.whis("transcribe", SPEECH).stdout, "plain words\n")

    def test_values(self):
        """Values that are not possible here count as if nothing was chosen."""
        session = self.session
        self.write_settings("[io/github/whis_gtk/Whis]\nprovider='custom'\n"
                            "longest-chunk=uint32 9999\njobs=uint32 0\nkeep-sound=99999\n"
                            "fallback-after=1e9\nlive='sometimes'\n"
                            "vocabulary='no list'\nfallback-provider='newservice'\n"
                            "limits={'custom': 'many'}\nsomething-new=true\n"
                            f"addresses={{'custom': '{self.provider.address}'}}\n")
        session.start_service()
        for name, value in (("longest-chunk", "30"), ("jobs", "4"), ("keep-sound", "7"),
                            ("fallback-after", "3"), ("live", "false")):
            self.assertEqual(self.setting(name), value)
        self.assertEqual(session.whis("transcribe", SPEECH).stdout, "plain words\n")


if __name__ == "__main__":
    tap.main()
