#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Earlier dictations, on the command line and on the bus."""

import contextlib
import fcntl
import json
import os
import pty
import re
import signal
import sqlite3
import subprocess
import sys
import unittest

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [TESTS, os.path.join(TESTS, "service")]
# pylint: disable=wrong-import-position
import tap
from fakes.fake_services import FakeService, text
from gi.repository import GLib
from whis_session import SPEECH, WhisSession

FAKE_CLIPBOARD = """#!/bin/sh
case " $* " in
  *" -out "*) cat "$WHIS_TEST_CLIPBOARD" ;;
  *) cat >"$WHIS_TEST_CLIPBOARD" ;;
esac
"""


class HistoryTest(unittest.TestCase):
    """A service with a fake provider, whose texts the tests choose."""

    def setUp(self):
        self.provider = FakeService(text("plain words"))
        self.addCleanup(self.provider.close)
        self.session = WhisSession()
        self.addCleanup(self.session.close)
        self.install_clipboard()
        self.session.settings(provider="custom", addresses__custom=self.provider.address)

    def install_clipboard(self):
        environment = self.session.environment
        self.clipboard = os.path.join(self.session.directory, "clipboard")
        tool = os.path.join(self.session.directory, "xclip")
        with open(tool, "w", encoding="utf-8") as file:
            file.write(FAKE_CLIPBOARD)
        os.chmod(tool, 0o755)
        environment["PATH"] = f"{self.session.directory}:{environment['PATH']}"
        environment["DISPLAY"] = ":nobody-looks"
        environment["WHIS_TEST_CLIPBOARD"] = self.clipboard

    def say(self, words):
        """Transcribes a file of which the provider hears `words`; returns the new entry's id."""
        self.provider.default = text(words)
        result = self.session.whis("transcribe", SPEECH)
        self.assertEqual(result.returncode, 0, result.stderr)
        return self.entries()[0]["id"]

    def history(self, *arguments, status=0, **options):
        result = self.session.whis("history", *arguments, **options)
        self.assertEqual(result.returncode, status, result.stderr)
        return result.stdout

    def entries(self, *arguments):
        return json.loads(self.history("list", "--json", *arguments))

    def ids(self, *arguments):
        return [entry["id"] for entry in self.entries(*arguments)]

    def refuse(self, *arguments, status=1):
        """The one sentence with which a command fails."""
        result = self.session.whis("history", *arguments)
        self.assertEqual(result.returncode, status, result.stdout)
        self.assertEqual(result.stdout, "")
        (line,) = result.stderr.splitlines()
        return line

    def bus_error(self, *call):
        with self.assertRaises(GLib.Error) as caught:
            self.session.call(*call)
        return caught.exception.message

    def in_terminal(self, answer, *arguments):
        """Runs the command line in a terminal, where somebody types `answer`."""
        master, slave = pty.openpty()
        process = self.session.spawn(self.session.environment["WHIS_PROGRAM"], *arguments,
                                     stdin=slave, stdout=slave, stderr=slave)
        os.close(slave)
        os.write(master, answer.encode())
        output = b""
        try:
            while chunk := os.read(master, 4096):
                output += chunk
        except OSError:
            pass
        os.close(master)
        return process.wait(60), output.decode()


class Lists(HistoryTest):
    """What is found again."""

    def test_control_characters(self):
        """What others name does not reach a terminal as a command to it."""
        self.provider.models = ["good\x1b]0;title\x07\x9b2J"]
        evil = os.path.join(self.session.directory, "evil\x1b[2J.wav")
        for command in (("models", "custom"), ("transcribe", evil)):
            _status, shown = self.in_terminal("", *command)
            self.assertRegex(shown, "good|evil")
            shown = shown.replace("\r\x1b[K", "")  # the bar
            self.assertNotRegex(shown, "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")

    def test_everything(self):
        self.assertEqual(self.history(), "")
        self.assertEqual(self.entries(), [])
        first = self.say("a quick brown fox")
        second = self.say("今日は天気がいい\nsecond line\x1b[31m")
        lines = self.history().splitlines()
        self.assertEqual(len(lines), 2)
        self.assertTrue(lines[0].startswith(second))
        columns = lines[1].split()
        self.assertEqual(columns[0], first)
        self.assertRegex(" ".join(columns[1:3]), r"^\d{4}-\d\d-\d\d \d\d:\d\d$")
        self.assertRegex(columns[3], r"^\d+:\d\d$")
        self.assertEqual(columns[4:7], ["custom", "done", "-"])
        self.assertIn("second line", lines[0])
        self.assertNotIn("\x1b", lines[0])

        self.assertEqual(self.ids("QUI", ), [first])
        self.assertEqual(self.ids("fox", "bro"), [first])
        self.assertEqual(self.ids("天気"), [second])
        self.assertEqual(self.ids("fox", "天気"), [])
        self.assertEqual(self.ids("--limit", "1"), [second])
        self.assertEqual(self.ids("--unfinished"), [])
        for anything in ('"', "NEAR(", "*", "fox AND", "'; --"):
            self.entries("--", anything)

    def test_entry(self):
        dictation = self.say("a quick brown fox")
        entry = json.loads(self.history("show", "--json", dictation))
        self.assertEqual(entry["source"], "file")
        self.assertEqual(entry["name"], os.path.basename(SPEECH))
        self.assertEqual((entry["state"], entry["provider"]), ("done", "custom"))
        self.assertEqual(entry["text"], "a quick brown fox")
        self.assertGreater(entry["length"], 1000)
        self.assertEqual([v["text"] for v in entry["versions"]], ["a quick brown fox"])
        self.assertTrue(entry["chunks"])
        self.assertEqual(self.history("show", "last"), "a quick brown fox\n")
        self.assertEqual(self.history("show", dictation[-9:]), "a quick brown fox\n")

    def test_long_text(self):
        word = "wörter" * 60  # more words than this sound has room for would count as invented
        dictation = self.say(word)
        (entry,) = self.entries()
        self.assertEqual(entry["text"], word[:300] + "…")
        self.assertEqual(self.history("show", dictation).strip(), word)

    def test_names(self):
        first = self.say("one")
        second = self.say("two")
        self.assertIn("no-such", self.refuse("show", "no-such"))
        common = os.path.commonprefix([first, second])
        if common:
            self.assertIn("More than one", self.refuse("show", common))
        self.refuse("show", status=2)
        self.refuse("shwo", status=2)
        for path in ("../../etc/passwd", "/etc/passwd", "a/b"):
            self.assertIn("NotFound", self.bus_error("GetHistoryEntry", "(s)", path))
            self.assertIn("NotFound", self.bus_error("OpenSound", "(s)", path))
            self.assertIn("NotFound", self.bus_error("PlaySound", "(s)", path))

    def test_queries_on_the_bus(self):
        self.say("one")
        for query in ({"limit": GLib.Variant("s", "x")}, {"nonsense": GLib.Variant("b", True)},
                      {"states": GLib.Variant("as", ["asleep"])}):
            self.assertIn("Arguments", self.bus_error("ListHistory", "(a{sv})", query))
        entries, total = self.session.call("ListHistory", "(a{sv})", {
            "states": GLib.Variant("as", ["done", "failed"]), "offset": GLib.Variant("u", 5)})
        self.assertEqual((entries, total), ([], 1))


class Changes(HistoryTest):
    """What is done to entries."""

    def test_mark(self):
        first = self.say("one")
        self.say("two")
        self.history("mark", first)
        self.assertEqual(self.ids("--marked"), [first])
        self.assertIn(("HistoryChanged", (first,)), self.seen())
        self.history("unmark", first)
        self.assertEqual(self.ids("--marked"), [])
        self.assertIn("NotFound", self.bus_error("MarkHistoryEntry", "(sb)", "no-such", True))

    def test_errors_say_which_entry(self):
        """Behind the sentence, so that nobody has to look for it in there."""
        known = self.say("one")
        for call in (("GetHistoryEntry", "(s)", "no-such"), ("CopyHistoryEntry", "(su)", "no-such", 0),
                     ("MarkHistoryEntry", "(sb)", "no-such", True),
                     ("DeleteHistoryEntries", "(as)", [known, "no-such"]),
                     ("OpenSound", "(s)", "no-such"), ("PlaySound", "(s)", "no-such"),
                     ("GetDocument", "(ss)", "no-such", "text"),
                     ("Resume", "(sa{sv})", "no-such", {}),
                     ("TranscribeAgain", "(sa{sv})", "no-such", {})):
            with self.subTest(method=call[0]):
                sentence, *details = self.bus_error(*call).splitlines()
                self.assertIn("Error.NotFound: ", sentence)
                self.assertEqual(details, ["id: no-such"])

    def seen(self):
        self.session.wait_until(
            lambda: any(name == "HistoryChanged" for name, _ in self.session.events), "no signal")
        return self.session.events

    def test_copy(self):
        dictation = self.say("to the clipboard")
        self.history("copy", dictation)
        with open(self.clipboard, encoding="utf-8") as file:
            self.assertEqual(file.read(), "to the clipboard")
        self.assertTrue(json.loads(self.history("show", "--json", dictation))["delivered"])
        self.assertIn("no version 7", self.refuse("copy", dictation, "--version", "7"))

    def test_delete(self):
        first = self.say("one")
        second = self.say("two")
        third = self.say("three")
        self.assertIn("--yes", self.refuse("delete", first, status=2))
        self.assertIn("no-such", self.refuse("delete", "--yes", first, "no-such"))
        self.assertEqual(self.ids(), [third, second, first])
        self.history("delete", "--yes", first, first, second)
        self.assertEqual(self.ids(), [third])
        status, output = self.in_terminal("n\n", "history", "delete", third)
        self.assertEqual((status, self.ids()), (130, [third]), output)
        status, output = self.in_terminal("y\n", "history", "delete", third)
        self.assertEqual((status, self.ids()), (0, []), output)
        self.assertEqual(self.session.recordings(), [])

    def test_running_is_not_deleted(self):
        """All or nothing."""
        idle = self.say("one")
        running = self.session.start_dictation(deliver=False)
        self.assertIn(running, self.refuse("delete", "--yes", idle, running))
        self.assertTrue(self.bus_error("DeleteHistoryEntries", "(as)", [idle, running]).endswith(
            f"\nid: {running}"))
        self.assertEqual(self.ids(), [running, idle])
        self.session.play()
        self.session.call("Cancel", "(s)", running)
        self.session.wait_for(running, "cancelled")
        self.history("delete", "--yes", idle, running)
        self.assertEqual(self.ids(), [])

    def test_locked_is_not_deleted(self):
        dictation = self.say("one")
        (path,) = self.session.recordings()
        with open(path, "rb") as sound:
            fcntl.flock(sound, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self.assertIn(dictation, self.refuse("delete", "--yes", dictation))
        self.history("delete", "--yes", dictation)


class Damage(HistoryTest):
    """A history that a disk or a program has damaged."""

    def damage(self, where):
        """Overwrites every page of the database that has these bytes, or the root of a table."""
        path = os.path.join(self.session.environment["XDG_DATA_HOME"], "whis", "history.db")
        with contextlib.closing(sqlite3.connect(path)) as database:
            database.execute("PRAGMA wal_checkpoint (TRUNCATE)")
            (size,) = database.execute("PRAGMA page_size").fetchone()
            roots = database.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (where,))
            pages = [root - 1 for (root,) in roots]
        with open(path, "r+b") as file:
            contents = file.read()
            pages = pages or [page for page in range(len(contents) // size)
                              if where.encode() in contents[page * size:(page + 1) * size]]
            self.assertTrue(pages)
            for page in pages:
                file.seek(page * size)
                file.write(b"\xaa" * size)

    def test_damage(self):
        session = self.session
        session.start_service()
        ids = [self.say(f"words of number {number}") for number in range(3)]
        usage = session.whis("usage").stdout
        self.assertIn("3", usage)
        session.kill_service(signal.SIGTERM)

        self.damage("dictation_words_data")
        session.start_service()
        self.assertEqual(self.ids("number"), ids[::-1])
        session.wait_until(lambda: session.get("Message"), "nothing is told")
        self.assertIn("nothing is lost", session.get("Message"))
        self.assertEqual(session.whis("usage").stdout, usage)
        session.kill_service(signal.SIGTERM)

        # In so small a history all entries are on one page.
        self.damage("words of number 1")
        session.start_service()
        session.wait_until(lambda: session.get("Message"), "nothing is told")
        self.assertIn("history.db.damaged-", session.get("Message"))
        self.assertEqual(session.whis("usage").stdout, usage)
        self.assertEqual(sorted(self.ids()), sorted(ids))
        self.assertEqual({entry["state"] for entry in self.entries()}, {"failed"})
        self.assertEqual(session.get("Unfinished"), 0)


class Sounds(HistoryTest):
    """What was said, as sound and in other words."""

    def test_export(self):
        first = self.say("one")
        second = self.say("two")
        output = os.path.join(self.session.directory, "out")
        self.assertEqual(self.history("export", first), "one\n")
        self.assertEqual(self.history("export", first, second), "one\n\ntwo\n")
        self.assertEqual(json.loads(self.history("export", "-f", "json", first))["text"], "one")
        whole = json.loads(self.history("export", "-f", "json", "--all"))
        self.assertEqual([entry["text"] for entry in whole], ["two", "one"])
        self.assertTrue(whole[0]["versions"])

        self.history("export", "-f", "audio", "-o", output, first)
        with open(output, "rb") as exported:
            sound = exported.read()
        with open([p for p in self.session.recordings() if first in p][0], "rb") as kept:
            self.assertEqual(sound, kept.read())
        self.assertIn("--force", self.refuse("export", "-o", output, first))
        with open(output, "rb") as exported:
            self.assertEqual(exported.read(), sound)
        self.history("export", "--force", "-o", output, first)
        with open(output, encoding="utf-8") as exported:
            self.assertEqual(exported.read(), "one\n")
        for wrong in (("export",), ("export", "--all", first), ("export", "-f", "wav", first),
                      ("export", "-f", "audio", "--all")):
            self.refuse(*wrong, status=2)

    def test_sound_is_gone(self):
        dictation = self.say("one")
        for path in self.session.recordings():
            os.unlink(path)
        for command in (("play", dictation), ("export", "-f", "audio", "-o", "/dev/null", "--force",
                                              dictation)):
            self.assertIn("sound", self.refuse(*command))
        folder = os.path.join(self.session.directory, "exported")
        os.mkdir(folder)
        output = os.path.join(folder, "earlier")
        with open(output, "w", encoding="utf-8") as earlier:
            earlier.write("earlier")
        self.refuse("export", "-f", "audio", "-o", output, "--force", dictation)
        with open(output, encoding="utf-8") as earlier:
            self.assertEqual(earlier.read(), "earlier", "a failed export destroys nothing")
        self.assertEqual(os.listdir(folder), ["earlier"])

    def test_play(self):
        dictation = self.say("one")
        program = self.session.environment["WHIS_PROGRAM"]
        player = self.session.spawn(program, "history", "play", dictation, stderr=subprocess.PIPE)
        self.session.wait_until(lambda: self.session.get("Playing") == dictation, "nothing plays")
        player.send_signal(signal.SIGINT)
        self.assertEqual(player.wait(60), 130)
        self.assertEqual(self.session.get("Playing"), "")
        self.history("play", dictation)
        self.assertEqual(self.session.get("Playing"), "")

    def test_again_and_diff(self):
        dictation = self.say("the quick brown fox jumps")
        self.assertEqual(self.history("diff", dictation), "the quick brown fox jumps\n")
        self.provider.default = text("the quack brown fox really jumps")
        self.assertEqual(self.history("again", "last", "--provider", "custom"),
                         "the quack brown fox really jumps\n")
        self.assertEqual(self.history("show", dictation), "the quick brown fox jumps\n")
        self.assertEqual(self.history("show", "--version", "1", dictation),
                         "the quack brown fox really jumps\n")
        self.assertEqual(self.history("diff", dictation, status=1),
                         "the [-quick-]{+quack+} brown fox {+really+} jumps\n")
        self.assertEqual(self.history("diff", dictation, "1", "0", status=1),
                         "the [-quack-]{+quick+} brown fox [-really-] jumps\n")
        versions = self.history("show", "--versions", dictation)
        self.assertEqual(len(re.findall(r"^[01]  custom", versions, re.M)), 2)
        self.assertEqual(self.ids("really"), [dictation])
        self.refuse("diff", dictation, "0", "9", status=2)
        self.refuse("diff", "no-such", status=2)
        self.refuse("again", dictation, status=2)

    def test_retry_and_undo(self):
        self.assertTrue(self.refuse("retry"))
        cancelled = self.session.start_dictation(deliver=False)
        self.session.play()
        self.session.call("Cancel", "(s)", cancelled)
        self.session.wait_for(cancelled, "cancelled")
        self.assertEqual(self.history("retry", cancelled), "plain words\n")
        self.assertEqual(self.entries()[0]["state"], "done")
        self.assertTrue(self.refuse("retry"))

        undone = self.session.start_dictation(deliver=False)
        self.session.play()
        self.session.call("Cancel", "(s)", undone)
        self.session.wait_for(undone, "cancelled")
        self.assertEqual(self.session.whis("undo").returncode, 0)
        self.session.wait_until(
            lambda: ("Finished", (undone, "plain words")) in self.session.events, "no text")
        self.assertEqual(self.session.whis("undo").returncode, 1)


if __name__ == "__main__":
    tap.main()
