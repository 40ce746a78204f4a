#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Nothing spoken is lost: whatever ends a dictation early, it is found, offered and finished."""

import os
import pathlib
import signal
import subprocess
import sys
import threading
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# pylint: disable=wrong-import-position
import tap
from fakes.fake_services import FakeService, reply, text
from gi.repository import Gio, GLib
from whis_session import APP_ID, INTERFACE, PATH, SPEECH, WhisSession

SECRET = "zorbulent quimsy"

# What a desktop would have: it notes each text that it gets, and keeps the last one.
FAKE_CLIPBOARD = """#!/bin/sh
case "$*" in
*-out*)
  printf %s "$(tail -n 1 "$WHIS_TEST_CLIPBOARD")" ;;
*)
  cat >>"$WHIS_TEST_CLIPBOARD"
  echo >>"$WHIS_TEST_CLIPBOARD" ;;
esac
"""


class Keeping(unittest.TestCase):
    """A service that numbers what it hears."""

    def setUp(self):
        self.heard = []
        self.provider = FakeService(self.number)
        self.addCleanup(self.provider.close)
        self.session = WhisSession()
        self.addCleanup(self.session.close)
        self.clipboard = os.path.join(self.session.directory, "clipboard")
        self.install_clipboard()
        self.session.settings(provider="custom", addresses__custom=self.provider.address,
                              longest_chunk="10", limits="{'custom': 1}")

    def install_clipboard(self):
        programs = os.path.join(self.session.directory, "bin")
        os.mkdir(programs)
        tool = os.path.join(programs, "xclip")
        with open(tool, "w", encoding="utf-8") as file:
            file.write(FAKE_CLIPBOARD)
        os.chmod(tool, 0o755)
        environment = self.session.environment
        environment["PATH"] = f"{programs}:{environment['PATH']}"
        environment["DISPLAY"] = ":nobody-looks"
        environment["WHIS_TEST_CLIPBOARD"] = self.clipboard

    def number(self, _request):
        self.heard.append(f"part{len(self.heard)}")
        return text(self.heard[-1])

    def delivered(self):
        """The texts that reached the clipboard, in their order."""
        try:
            return pathlib.Path(self.clipboard).read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return []

    def restart(self):
        self.session.wait_until(lambda: not self.session.has_service(), "it stays on the bus")
        self.session.start_service()

    def kill(self):
        self.session.kill_service(signal.SIGKILL)
        self.restart()

    def wait_unfinished(self, count):
        self.session.wait_until(lambda: self.session.get("Unfinished") == count,
                                f"not {count} unfinished")

    def history(self, **query):
        (entries, _total) = self.session.call("ListHistory", "(a{sv})", query)
        return entries

    def entry(self, dictation):
        (entry,) = self.session.call("GetHistoryEntry", "(s)", dictation)
        return entry

    def resume(self, dictation="", **options):
        typed = {key: GLib.Variant("s", value) for key, value in options.items()}
        self.session.events.clear()
        (resumed,) = self.session.call("Resume", "(sa{sv})", dictation, typed)
        return self.session.outcome(resumed)

    def long_speech(self, times=5):
        """A file with so many sentences; the longest chunk is 10 s, a sentence about 3 s."""
        path = os.path.join(self.session.directory, f"speech{times}.wav")
        subprocess.run(["sox", *[SPEECH] * times, path], check=True)
        return path

    def speak(self, times=1, **options):
        """Starts a dictation and speaks; it still records."""
        dictation = self.session.start_dictation(**options)
        self.session.play(self.long_speech(times) if times > 1 else SPEECH)
        return dictation


class Crash(Keeping):
    """The service, or all of the computer, ends in the middle."""

    def assert_tail_is_kept(self, end):
        """The last syllable is in the recording, whoever ends the service."""
        session = self.session
        session.start_service()
        dictation = self.speak()
        # What is said until the end is still in the sound server.
        session.pulse.send_signal(signal.SIGSTOP)
        self.addCleanup(session.pulse.send_signal, signal.SIGCONT)
        heard = [session.get("Elapsed")]
        while heard[-10:] != heard[-1:] * 10:
            session.iterate(20)
            heard.append(session.get("Elapsed"))
        end()
        session.wait_for(dictation, "interrupted")
        session.pulse.send_signal(signal.SIGCONT)
        self.assertEqual(session.service.wait(60), 0)
        (recording,) = (path for path in session.recordings() if dictation in path)
        # For a server on this computer it is samples. 200 ms after the end are recorded.
        self.assertGreaterEqual((os.path.getsize(recording) - 44) / 32, heard[-1] + 200)

    def test_quit_keeps_the_tail(self):
        # It answers when all is saved, and so not while the sound server stands still.
        self.assert_tail_is_kept(lambda: self.session.send("Quit"))

    def test_logout_keeps_the_tail(self):
        self.assert_tail_is_kept(lambda: self.session.service.terminate())

    def test_nothing_begins_while_it_quits(self):
        session = self.session
        session.start_service()
        self.speak()
        session.send("Quit")
        with self.assertRaises(GLib.Error):
            session.call("Start", "(a{sv})", {"deliver": GLib.Variant("b", False)})
        self.assertEqual(session.service.wait(60), 0)
        self.assertEqual(len(session.recordings()), 1)

    def test_kill_while_recording(self):
        session = self.session
        session.start_service()
        dictation = self.speak(5)
        self.provider.wait_for_requests(1)
        session.wait_until(lambda: any(c["text"] for c in self.entry(dictation)["chunks"]),
                           "the text of the first chunk is not recorded")
        before = len(self.provider.requests)
        self.kill()
        self.wait_unfinished(1)
        (entry,) = self.history()
        self.assertEqual((entry["id"], entry["state"]), (dictation, "interrupted"))
        name, *rest = self.resume()
        self.assertEqual(name, "finished", rest)
        words = rest[0]
        self.assertTrue(words.startswith("part0 part1"), words)
        self.assertGreater(len(self.provider.requests), before)
        self.assertEqual(self.delivered(), [words])
        self.wait_unfinished(0)
        chunks = self.entry(dictation)["chunks"]
        self.assertGreater(sum(c["length"] for c in chunks), 14000, "the end of the speech is lost")
        self.assertTrue(all(c["text"] for c in chunks if c["has-speech"]))

    def test_only_what_is_missing_is_sent_again(self):
        session = self.session
        session.start_service()
        self.provider.answers = [text("first")]
        dictation = self.speak(6)
        session.wait_until(lambda: any(c["text"] for c in self.entry(dictation)["chunks"]),
                           "no chunk has text")
        self.provider.gate.clear()
        session.call("Stop")
        self.provider.wait_for_requests(2)
        session.kill_service(signal.SIGKILL)
        self.provider.gate.set()
        self.restart()
        self.wait_unfinished(1)
        done = sum(bool(c["text"]) for c in self.entry(dictation)["chunks"])
        sent = len(self.provider.requests)
        name, words, *_ = self.resume(dictation)
        self.assertEqual(name, "finished", words)
        self.assertTrue(words.startswith("first part"), words)
        chunks = [c for c in self.entry(dictation)["chunks"] if c["has-speech"]]
        self.assertEqual(len(self.provider.requests) - sent, len(chunks) - done)

    def test_terminated_while_recording(self):
        session = self.session
        session.start_service()
        self.speak(2)
        session.kill_service(signal.SIGTERM)
        self.assertEqual(session.service.returncode, 0)
        self.restart()
        self.wait_unfinished(1)
        self.assertEqual(self.resume()[:1], ("finished",), self.session.read_log()[-2000:])

    def test_terminated_while_a_file_is_transcribed(self):
        """All of the file was read before: nothing is missing in the end."""
        session = self.session
        session.start_service()
        self.provider.gate.clear()
        program = session.environment["WHIS_PROGRAM"]
        command = session.spawn(program, "transcribe", self.long_speech(6), stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL)
        self.provider.wait_for_requests(1)
        session.wait_until(lambda: self.history()[0]["length"] > 15000, "the file is not read")
        session.kill_service(signal.SIGTERM)
        self.assertNotEqual(command.wait(60), 0, "a service that ended is no success")
        self.provider.gate.set()
        self.restart()
        self.wait_unfinished(1)
        name, words, *_ = self.resume()
        self.assertEqual(name, "finished", words)
        self.assertNotIn("…", words)

    def test_killed_at_once(self):
        """What had only just begun is not taken for something that somebody is about to begin."""
        session = self.session
        session.start_service()
        reader, writer = os.pipe()
        self.addCleanup(os.close, writer)
        files = Gio.UnixFDList.new_from_array([reader])
        answer, _ = session.bus.call_with_unix_fd_list_sync(
            APP_ID, PATH, INTERFACE, "TranscribeFile", GLib.Variant("(hsa{sv})", (0, "pipe", {})),
            None, Gio.DBusCallFlags.NONE, 60000, files, None)
        (dictation,) = answer.unpack()
        session.wait_until(lambda: [e["id"] for e in self.history()] == [dictation], "no entry")
        session.kill_service(signal.SIGKILL)
        self.restart()
        self.assertEqual(list(self.history()), [])

    def test_sound_without_record(self):
        """The database is gone or damaged; the sound alone is enough."""
        session = self.session
        session.start_service()
        self.speak(3)
        session.kill_service(signal.SIGKILL)
        data = pathlib.Path(session.environment["XDG_DATA_HOME"]) / "whis"
        for file in data.glob("history.db*"):
            file.unlink()
        (data / "history.db").write_bytes(b"this is no database " * 500)
        self.restart()
        self.wait_unfinished(1)
        self.assertEqual(self.resume()[:1], ("finished",), self.session.read_log()[-2000:])
        self.assertTrue(list(data.glob("history.db.damaged-*")), "the damaged file is kept")

    def test_text_is_not_delivered_twice(self):
        """It ends between the delivery and the note of it."""
        session = self.session
        tool = os.path.join(session.directory, "bin", "xclip")
        with open(tool, "w", encoding="utf-8") as file:
            file.write(FAKE_CLIPBOARD + 'kill -9 "$(cat "$WHIS_TEST_CLIPBOARD.pid")"\n')
        session.start_service()
        with open(self.clipboard + ".pid", "w", encoding="utf-8") as file:
            file.write(str(session.service.pid))
        dictation = self.speak()
        session.call("Stop")
        session.service.wait(60)
        self.restart()
        session.wait_until(lambda: self.entry(dictation)["state"] == "done", "it is not settled")
        self.assertEqual(self.entry(dictation)["text"], "part0")
        self.assertFalse(self.entry(dictation)["delivered"], "nobody knows that it was")
        self.assertEqual(self.delivered(), ["part0"])
        self.assertEqual(session.get("Unfinished"), 0)

    def test_terminated_while_it_delivers(self):
        session = self.session
        tool = os.path.join(session.directory, "bin", "xclip")
        with open(tool, "w", encoding="utf-8") as file:
            file.write(FAKE_CLIPBOARD + 'while [ ! -e "$WHIS_TEST_CLIPBOARD.go" ]; do :; done\n')
        session.start_service()
        dictation = self.speak()
        session.call("Stop")
        session.wait_until(self.delivered, "nothing is delivered")
        session.kill_service(signal.SIGTERM)
        pathlib.Path(self.clipboard + ".go").touch()
        self.restart()
        session.wait_until(lambda: self.entry(dictation)["state"] == "done", "it is not settled")
        self.assertFalse(self.entry(dictation)["delivered"])
        self.assertEqual(session.get("Unfinished"), 0)
        self.assertEqual(self.delivered(), ["part0"])

    def test_last_text_after_a_restart(self):
        session = self.session
        session.start_service()
        dictation = self.speak(deliver=False)
        session.call("Stop")
        session.outcome(dictation)
        session.kill_service(signal.SIGTERM)
        self.restart()
        session.wait_until(lambda: session.whis("last").stdout == "part0\n", "the text is forgotten")

    def test_two_services_share_a_home(self):
        """What one of them records is not taken from it by the other."""
        session = self.session
        session.start_service()
        dictation = self.speak()
        other = WhisSession(pulse=False, environment={
            "XDG_DATA_HOME": session.environment["XDG_DATA_HOME"],
            "XDG_CONFIG_HOME": session.environment["XDG_CONFIG_HOME"],
            "HOME": session.environment["HOME"]})
        self.addCleanup(other.close)
        other.start_service()
        with self.assertRaises(GLib.Error):
            other.call("Resume", "(sa{sv})", dictation, {})
        self.assertEqual(other.get("Unfinished"), 0)
        session.call("Stop")
        self.assertEqual(session.outcome(dictation), ("finished", "part0"))
        self.assertEqual(self.entry(dictation)["state"], "done")


class Waiting(Keeping):
    """The service cannot be reached."""

    def break_provider(self):
        self.provider.default = reply(503, {"error": {"message": "overloaded"}}, headers={
            "Retry-After": "0.01"})

    def mend_provider(self):
        self.provider.default = self.number

    def make_waiting(self):
        """A dictation that waits."""
        self.break_provider()
        session = self.session
        session.start_service()
        dictation = self.speak()
        session.call("Stop")
        outcome = session.outcome(dictation)
        self.assertEqual(outcome[0], "failed")
        self.assertEqual(session.states(dictation)[-1], "waiting")
        self.assertEqual(outcome[3], "sound retried")
        self.wait_unfinished(1)
        return dictation

    def test_on_demand(self):
        dictation = self.make_waiting()
        self.assertEqual(self.delivered(), [])
        self.mend_provider()
        self.assertEqual(self.resume(), ("finished", "part0"))
        self.assertEqual(self.delivered(), ["part0"])
        self.assertEqual(self.entry(dictation)["state"], "done")

    def test_still_down(self):
        dictation = self.make_waiting()
        self.assertEqual(self.resume(dictation)[0], "failed")
        self.assertEqual(self.entry(dictation)["state"], "waiting")
        self.assertEqual(len(self.session.recordings()), 1)

    def test_with_another_service(self):
        dictation = self.make_waiting()
        self.assertEqual(self.resume(dictation, provider="offline")[0], "finished")
        self.assertEqual(self.entry(dictation)["provider"], "offline")

    def test_after_a_restart(self):
        self.make_waiting()
        self.kill()
        self.mend_provider()
        self.wait_unfinished(1)
        self.assertEqual(self.resume(), ("finished", "part0"))

    def test_command_line(self):
        self.make_waiting()
        self.mend_provider()
        result = self.session.whis("history", "retry")
        self.assertEqual((result.stdout, result.returncode), ("part0\n", 0), result.stderr)

    def test_a_gap_is_filled_later(self):
        """A part is missing: what is there is delivered with a mark, and called a failure."""
        session = self.session
        session.start_service()
        self.provider.answers = [text("the beginning")]
        self.break_provider()
        dictation = self.speak(5)
        session.call("Stop")
        self.assertEqual(session.outcome(dictation)[0], "failed")
        self.assertEqual(session.states(dictation)[-1], "waiting")
        (partial,) = self.delivered()
        self.assertTrue(partial.startswith("the beginning […]"), partial)
        self.mend_provider()
        name, words = self.resume()
        self.assertEqual((name, words.split(" part")[0]), ("finished", "the beginning"))
        self.assertNotIn("…", words)
        self.assertEqual(self.delivered(), [partial, words])


class Rules(Keeping):
    """What is kept, and for how long."""

    def dictate(self, **options):
        session = self.session
        dictation = self.speak(**options)
        session.call("Stop")
        outcome = session.outcome(dictation)
        return dictation, outcome

    def test_cancel_can_be_undone(self):
        session = self.session
        session.start_service()
        dictation = self.speak()
        self.assertFalse(session.get("CanUndoCancel"))
        session.call("Cancel", "(s)", "")
        self.assertEqual(session.outcome(dictation)[:2], ("failed", "cancelled"))
        self.assertTrue(session.get("CanUndoCancel"))
        session.events.clear()
        self.assertEqual(session.call("UndoCancel"), (dictation,))
        self.assertEqual(session.outcome(dictation), ("finished", "part0"))
        self.assertEqual(self.delivered(), ["part0"])
        self.assertFalse(session.get("CanUndoCancel"))
        with self.assertRaises(GLib.Error):
            session.call("UndoCancel")

    def test_accident_leaves_nothing(self):
        session = self.session
        session.start_service()
        (dictation,) = session.call("Start", "(a{sv})", {})
        session.call("Stop")
        session.wait_for(dictation, "cancelled")
        session.wait_until(lambda: not self.history(), "it is in the history")
        session.kill_service(signal.SIGTERM)
        self.assertEqual(session.recordings(), [])
        self.assertEqual(self.provider.requests, [])

    def test_sound_is_kept_for_a_week(self):
        session = self.session
        session.start_service()
        dictation, outcome = self.dictate()
        self.assertEqual(outcome, ("finished", "part0"))
        self.assertEqual(len(session.recordings()), 1)
        self.assertTrue(self.entry(dictation)["has-sound"])

    def test_sound_until_delivered(self):
        session = self.session
        session.settings(keep_sound="0")
        session.start_service()
        dictation, _ = self.dictate()
        session.wait_until(lambda: not session.recordings(), "the sound stays")
        self.assertEqual(self.entry(dictation)["text"], "part0")

    def test_undelivered_sound_is_always_kept(self):
        session = self.session
        session.settings(keep_sound="0", keep_text="0", private="true")
        self.provider.default = reply(400, {"error": {"message": "no"}})
        session.start_service()
        self.dictate()
        session.settings(keep_sound="1")
        self.kill()
        session.wait_until(self.history, "the entry is gone")
        self.assertEqual(len(session.recordings()), 1)

    def test_private(self):
        session = self.session
        session.settings(private="true")
        self.provider.default = text(SECRET)
        session.start_service()
        self.dictate()
        self.assertEqual(self.delivered(), [SECRET])
        session.wait_until(lambda: not session.recordings(), "the sound stays")
        session.wait_until(lambda: not self.history(), "the entry stays")
        session.kill_service(signal.SIGTERM)
        for path in pathlib.Path(session.environment["XDG_DATA_HOME"]).rglob("*"):
            if path.is_file():
                for word in SECRET.split():
                    self.assertNotIn(word.encode(), path.read_bytes(), path)

    def test_echo_of_the_hint(self):
        session = self.session
        session.settings(prompt="Names: Zorbulent, Quimsy.")
        self.provider.default = text("Names: Zorbulent, Quimsy. Names: Zorbulent, Quimsy.")
        session.start_service()
        _, outcome = self.dictate()
        self.assertEqual(outcome[:2], ("failed", "no-speech"))
        self.assertEqual(self.delivered(), [])
        self.assertEqual(len(session.recordings()), 1, "in case it was no echo")

    def test_words_of_the_hint_are_no_echo(self):
        session = self.session
        session.settings(prompt="Zorbulent, Quimsy")
        self.provider.default = text("Zorbulent said so.")
        session.start_service()
        self.assertEqual(self.dictate()[1], ("finished", "Zorbulent said so."))

    def test_transcribe_again(self):
        session = self.session
        session.start_service()
        dictation, _ = self.dictate()
        session.events.clear()
        session.call("TranscribeAgain", "(sa{sv})", dictation, {"model": GLib.Variant("s", "big")})
        self.assertEqual(session.outcome(dictation), ("finished", "part1"))
        session.wait_until(lambda: len(self.entry(dictation)["versions"]) == 2, "no new version")
        entry = self.entry(dictation)
        self.assertEqual([(v["text"], v["model"]) for v in entry["versions"]],
                         [("part0", ""), ("part1", "big")])
        self.assertEqual((entry["text"], entry["state"]), ("part0", "done"))
        self.assertEqual(self.delivered(), ["part0"], "another version is not delivered")


class Order(Keeping):
    """The next dictation while the last is still transcribed."""

    def test_texts_arrive_in_the_order_of_speaking(self):
        session = self.session
        session.settings(limits="{'custom': 4}")
        session.start_service()
        hold = threading.Event()

        def slow_first(request):
            if len(self.provider.requests) == 1:
                hold.wait(60)
                return text("spoken first")
            return text("spoken second")

        self.provider.default = slow_first
        first = self.speak()
        session.call("Stop")
        self.provider.wait_for_requests(1)
        second = self.speak()
        session.call("Stop")
        self.provider.wait_for_requests(2)
        session.wait_until(lambda: self.entry(second)["text"], "the second text is not there")
        self.assertEqual(self.delivered(), [], "the second must wait for the first")
        hold.set()
        session.outcome(first)
        session.outcome(second)
        self.assertEqual(self.delivered(), ["spoken first", "spoken second"])

    def test_killed_while_it_waits_for_its_turn(self):
        """Its text was there, but never on its way: it is delivered when it is finished."""
        session = self.session
        session.settings(limits="{'custom': 4}")
        session.start_service()
        hold = threading.Event()
        self.addCleanup(hold.set)

        def slow_first(_request):
            if len(self.provider.requests) == 1:
                hold.wait(60)
            return text(f"text {len(self.provider.requests)}")

        self.provider.default = slow_first
        self.speak()
        session.call("Stop")
        self.provider.wait_for_requests(1)
        second = self.speak()
        session.call("Stop")
        session.wait_until(lambda: self.entry(second)["text"], "the second text is not there")
        spoken = self.entry(second)["text"]
        asked = len(self.provider.requests)
        session.kill_service(signal.SIGKILL)
        hold.set()
        self.restart()
        self.wait_unfinished(2)
        self.assertEqual(self.resume(second), ("finished", spoken))
        self.assertEqual(len(self.provider.requests), asked, "its sound is not sent again")
        self.assertEqual(self.delivered(), [spoken])

    def test_cancelling_the_earlier_one(self):
        session = self.session
        session.settings(limits="{'custom': 4}")
        session.start_service()
        self.provider.gate.clear()
        first = self.speak()
        session.call("Stop")
        second = self.speak()
        session.call("Stop")
        self.provider.wait_for_requests(2)
        session.call("Cancel", "(s)", first)
        self.assertEqual(session.outcome(first)[:2], ("failed", "cancelled"))
        self.provider.default = text("spoken second")
        self.provider.gate.set()
        self.assertEqual(session.outcome(second)[0], "finished")
        self.assertEqual(len(self.delivered()), 1)

    def test_one_that_fails_holds_nobody_up(self):
        session = self.session
        session.settings(limits="{'custom': 4}")
        session.start_service()
        self.provider.answers = [reply(400, {"error": {"message": "no"}})]
        self.provider.default = text("spoken second")
        first = self.speak()
        session.call("Stop")
        second = self.speak()
        session.call("Stop")
        self.assertEqual(session.outcome(first)[0], "failed")
        self.assertEqual(session.outcome(second), ("finished", "spoken second"))


class Microphones(Keeping):
    """What happens to the input while somebody speaks."""

    def test_unplugged_in_the_middle(self):
        session = self.session
        session.load_microphone("second", "second-microphone")
        session.settings(microphone="second-microphone")
        session.start_service()
        dictation = session.start_dictation()
        subprocess.run(["paplay", "--device=second", SPEECH], check=True, env=session.environment)
        session.unload_microphone("second")
        session.wait_until(lambda: session.warnings(dictation), "nobody says so", 30)
        before = session.get("Elapsed")
        session.wait_until(lambda: session.get("Elapsed") > before + 300, "it does not go on")
        session.play()
        self.assertEqual(session.get("State"), "recording")
        session.call("Stop")
        self.assertEqual(session.outcome(dictation)[0], "finished")
        self.assertGreater(self.entry(dictation)["length"], 5000)

    def test_silence_is_noticed(self):
        session = self.session
        session.start_service()
        dictation = session.start_dictation()
        session.wait_until(lambda: session.get("Silent"), "silence is not noticed", 30)
        session.wait_until(lambda: session.warnings(dictation), "nobody says so")
        self.assertEqual(session.get("State"), "recording")
        self.assertIn("Nothing is heard", session.get("Message"))
        session.play()
        session.wait_until(lambda: not session.get("Silent"), "sound is not noticed")
        session.wait_until(lambda: session.get("Message") == "", "the message stays")
        session.call("Stop")
        self.assertEqual(session.outcome(dictation), ("finished", "part0"))

    def test_silence_ends_with_the_recording(self):
        """The next dictation does not begin with the silence of the one before."""
        session = self.session
        session.start_service()
        dictation = session.start_dictation()
        session.wait_until(lambda: session.get("Silent"), "silence is not noticed", 30)
        session.call("Cancel", "(s)", dictation)
        session.wait_until(lambda: not session.get("Silent"), "it is silent for ever", 30)

    def open_inputs(self):
        """How many programs listen to a microphone."""
        listed = subprocess.run(["pactl", "list", "short", "source-outputs"], check=True, text=True,
                                env=self.session.environment, capture_output=True).stdout
        # The microphone of the session is itself one that listens to a null sink.
        return sum("module-remap-source" not in line for line in listed.splitlines())

    def test_open_only_while_recording(self):
        session = self.session
        session.start_service()
        session.call("ListMicrophones")
        self.assertEqual(self.open_inputs(), 0)
        dictation = self.speak()
        self.assertEqual(self.open_inputs(), 1)
        self.provider.gate.clear()
        session.call("Stop")
        session.wait_until(lambda: self.open_inputs() == 0, "the microphone stays open")
        self.provider.gate.set()
        self.assertEqual(session.outcome(dictation), ("finished", "part0"))

    def test_list_follows_the_devices(self):
        session = self.session
        session.start_service()
        session.call("WatchMicrophones", "(b)", True)
        session.call("ListMicrophones")
        session.events.clear()
        session.load_microphone("second", "second-microphone")
        session.wait_until(lambda: any(n == "MicrophonesChanged" for n, _ in session.events),
                           "nobody says so")
        session.wait_until(lambda: "second-microphone" in [
            m["id"] for m in session.call("ListMicrophones")[0]], "it is not in the list")


def set_network(bus, connectivity, state):
    """What NetworkManager says of the network."""
    interface = "org.freedesktop.NetworkManager"
    changed = {"Connectivity": GLib.Variant("u", connectivity), "State": GLib.Variant("u", state)}
    bus.call_sync(interface, "/org/freedesktop/NetworkManager", "org.freedesktop.DBus.Mock",
                  "UpdateProperties", GLib.Variant("(sa{sv})", (interface, changed)), None,
                  Gio.DBusCallFlags.NONE, -1, None)


class SystemBus(Keeping):
    """What other parts of the computer tell Whis."""

    def start(self, template, name):
        """Starts a system bus with a mock on it, before the service; returns the bus."""
        session = self.session
        system = Gio.TestDBus.new(Gio.TestDBusFlags.NONE)
        system.up()
        self.addCleanup(system.down)
        address = system.get_bus_address()
        session.environment["DBUS_SYSTEM_BUS_ADDRESS"] = address
        session.spawn("/usr/bin/python3", "-m", "dbusmock", "--system", "--template", template,
                      stdout=subprocess.DEVNULL)
        bus = Gio.DBusConnection.new_for_address_sync(
            address, Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT
            | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION, None, None)
        self.addCleanup(bus.close_sync)
        bus.set_exit_on_close(False)
        session.wait_until(lambda: bus.call_sync(
            "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
            "NameHasOwner", GLib.Variant("(s)", (name,)), None, Gio.DBusCallFlags.NONE, -1,
            None).unpack()[0], f"nobody is {name}")
        return bus

    def test_sleep_waits_for_the_last_sound(self):
        """The computer is held until it is in its file, however long a sound server takes that hangs."""
        session = self.session
        bus = self.start("logind", "org.freedesktop.login1")

        def is_held():
            return any(i[1] == "Whis" for i in bus.call_sync(
                "org.freedesktop.login1", "/org/freedesktop/login1",
                "org.freedesktop.login1.Manager", "ListInhibitors", None, None,
                Gio.DBusCallFlags.NONE, -1, None).unpack()[0])

        session.start_service()
        dictation = self.speak()
        session.wait_until(is_held, "the sleep is not held up")
        session.pulse.send_signal(signal.SIGSTOP)
        self.addCleanup(session.pulse.send_signal, signal.SIGCONT)
        session.call("Stop")
        self.assertEqual(session.outcome(dictation), ("finished", "part0"))
        session.wait_until(lambda: not is_held(), "the sleep is held up for nothing")
        log = session.read_log()
        # The last state of a capture: its file is closed.
        self.assertLess(log.index(f"capture {dictation}: closing -> ended"),
                        log.index("The computer may sleep"))

    def test_computer_stays_awake_until_the_text_is_there(self):
        session = self.session
        bus = self.start("logind", "org.freedesktop.login1")

        def modes():
            return sorted(i[3] for i in bus.call_sync(
                "org.freedesktop.login1", "/org/freedesktop/login1",
                "org.freedesktop.login1.Manager", "ListInhibitors", None, None,
                Gio.DBusCallFlags.NONE, -1, None).unpack()[0] if i[:2] == ("sleep", "Whis"))

        session.start_service()
        self.provider.gate.clear()
        dictation = self.speak()
        session.wait_until(lambda: modes() == ["block", "delay"], "the computer may sleep")
        session.call("Stop")
        session.wait_until(lambda: modes() == ["block"], "not the block alone is held")
        self.provider.wait_for_requests(1)
        self.assertEqual(modes(), ["block"])
        self.provider.gate.set()
        session.outcome(dictation)
        session.wait_until(lambda: modes() == [], "the computer is kept awake for nothing")

    def test_recording_stops_before_sleep(self):
        session = self.session
        bus = self.start("logind", "org.freedesktop.login1")

        def call(interface, method, arguments=None):
            return bus.call_sync("org.freedesktop.login1", "/org/freedesktop/login1", interface,
                                 method, arguments, None, Gio.DBusCallFlags.NONE, -1, None).unpack()

        session.start_service()
        dictation = self.speak()
        session.wait_until(lambda: any(i[1] == "Whis" for i in call(
            "org.freedesktop.login1.Manager", "ListInhibitors")[0]), "the sleep is not held up")
        call("org.freedesktop.DBus.Mock", "EmitSignal", GLib.Variant(
            "(sssav)", ("org.freedesktop.login1.Manager", "PrepareForSleep", "b",
                        [GLib.Variant("b", True)])))
        self.assertEqual(session.outcome(dictation), ("finished", "part0"))

    def test_when_the_network_returns(self):
        """What waits is tried by itself; its text is offered, and the clipboard left alone."""
        session = self.session
        bus = self.start("networkmanager", "org.freedesktop.NetworkManager")
        self.provider.default = reply(503, {"error": {"message": "overloaded"}}, headers={
            "Retry-After": "0.01"})
        session.start_service()
        dictation = self.speak()
        session.call("Stop")
        session.wait_for(dictation, "waiting")
        self.wait_unfinished(1)
        self.provider.default = self.number
        set_network(bus, 1, 20)  # NM_CONNECTIVITY_NONE, NM_STATE_DISCONNECTED
        set_network(bus, 4, 70)  # NM_CONNECTIVITY_FULL, NM_STATE_CONNECTED_GLOBAL
        # Long before the minute after which it would be tried anyway.
        session.wait_until(lambda: self.entry(dictation)["state"] == "done", "it still waits", 40)
        self.assertEqual(self.entry(dictation)["text"], "part0")
        self.assertFalse(self.entry(dictation)["delivered"])
        self.assertEqual(self.delivered(), [])
        session.call("CopyHistoryEntry", "(su)", dictation, 0)
        self.assertEqual(self.delivered(), ["part0"])


if __name__ == "__main__":
    tap.main()
