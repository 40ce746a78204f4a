#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The service on a bus of its own, with a real sound server and a real HTTP server."""

import errno
import functools
import os
import signal
import socket
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# pylint: disable=wrong-import-position
import tap
from fakes.fake_services import FakeService, reply, text
from gi.repository import Gio, GLib
from whis_session import APP_ID, INTERFACE, PATH, SPEECH, WhisSession

KEY = "sk-this-must-stay-secret-0123456789"
SECRET_WORDS = "quillara mumbles"


def make_sound(path, seconds, *effects):
    """Makes a sound file with sox."""
    subprocess.run(["sox", "-n", "-r", "16000", "-c", "1", "-b", "16", path,
                    "synth", str(seconds), *effects], check=True)


class ServiceTest(unittest.TestCase):
    """A service with a fake provider on loopback."""

    pulse = True
    microphone = True

    def setUp(self):
        self.provider = FakeService(text(SECRET_WORDS))
        self.addCleanup(self.provider.close)
        self.session = WhisSession(pulse=self.pulse, microphone=self.microphone)
        self.addCleanup(self.session.close)
        self.session.settings(provider="custom", addresses__custom=self.provider.address)

    def transcribe(self, path=SPEECH, *arguments):
        """Runs `whis transcribe`."""
        return self.session.whis("transcribe", *arguments, path)

    def assert_one_sentence(self, result, *parts):
        """A failure is told in one line of standard error, and nothing else is printed."""
        lines = [line for line in result.stderr.splitlines() if line]
        self.assertEqual(len(lines), 1, result.stderr)
        self.assertTrue(lines[0].startswith("whis: "), lines[0])
        self.assertEqual(result.stdout, "")
        for part in parts:
            self.assertIn(part, lines[0])

    def assert_usable(self):
        """After whatever happened, the next file is transcribed as ever."""
        self.provider.answers = []
        self.provider.default = text("still alive")
        result = self.transcribe()
        self.assertEqual((result.stdout, result.returncode), ("still alive\n", 0), result.stderr)


class Dictating(ServiceTest):
    """What a user does all day."""

    def test_start_speak_stop(self):
        session = self.session
        session.start_service()
        dictation = session.start_dictation(deliver=False)
        session.play()
        session.call("Stop")
        self.assertEqual(session.outcome(dictation), ("finished", SECRET_WORDS))
        self.assertEqual(session.states(dictation),
                         ["starting", "recording", "transcribing", "done"])
        self.assertEqual(len(session.recordings()), 1, "kept for a week")
        self.assertEqual(session.whis("last").stdout, SECRET_WORDS + "\n")

    def test_what_arrives_at_the_provider(self):
        session = self.session
        self.provider.key = KEY
        session.whis("key", "set", "custom", stdin=KEY + "\n")
        session.settings(language="en", prompt="Quillara")
        result = session.whis("transcribe", "--model", "big-one", SPEECH)
        self.assertEqual(result.returncode, 0, result.stderr)
        request = self.provider.requests[0]
        name, kind, sound = request.files["file"]
        self.assertEqual((name, kind), ("audio.wav", "audio/wav"))
        self.assertEqual(request.fields["model"], "big-one")
        self.assertEqual(request.fields["language"], "en")
        self.assertEqual(request.fields["prompt"], "Quillara")
        self.assertEqual(request.headers["Authorization"], f"Bearer {KEY}")
        self.assertIn("Whis/", request.headers["User-Agent"])
        with tempfile.NamedTemporaryFile(suffix=".wav") as file:
            file.write(sound)
            file.flush()
            seconds = float(subprocess.run(
                ["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0",
                 file.name], capture_output=True, check=True, text=True).stdout)
        expected = float(subprocess.run(["soxi", "-D", SPEECH], capture_output=True, check=True,
                                        text=True).stdout)
        self.assertAlmostEqual(seconds, expected, delta=0.3)

    def test_chunks_leave_while_recording_goes_on(self):
        session = self.session
        session.settings(longest_chunk="10")
        session.start_service()
        dictation = session.start_dictation(deliver=False)
        with tempfile.NamedTemporaryFile(suffix=".wav") as file:
            subprocess.run(["sox", SPEECH, SPEECH, SPEECH, SPEECH, SPEECH, file.name], check=True)
            player = session.spawn("paplay", "--device=mic", file.name)
            self.provider.wait_for_requests(1)
            self.assertEqual(session.get("State"), "recording")
            player.terminate()
        session.call("Stop")
        self.assertEqual(session.outcome(dictation)[0], "finished")

    def test_next_dictation_while_the_last_is_transcribed(self):
        session = self.session
        session.start_service()
        self.provider.gate.clear()
        first = session.start_dictation(deliver=False)
        session.play()
        session.call("Stop")
        self.provider.wait_for_requests(1)
        second = session.start_dictation(deliver=False)
        self.assertEqual(session.states(first)[-1], "transcribing")
        self.assertEqual(session.get("Dictation"), second)
        session.play()
        session.call("Stop")
        self.provider.gate.set()
        self.assertEqual(session.outcome(first), ("finished", SECRET_WORDS))
        self.assertEqual(session.outcome(second), ("finished", SECRET_WORDS))

    def test_no_speech_sends_nothing(self):
        session = self.session
        session.start_service()
        dictation = session.start_dictation(deliver=False)
        session.wait_until(lambda: session.get("Elapsed") > 700, "no sound comes")
        session.call("Stop")
        outcome = session.outcome(dictation)
        self.assertEqual(outcome[:2], ("failed", "no-speech"))
        self.assertIn("No speech", outcome[2])
        self.assertEqual(self.provider.requests, [])

    def test_stops_by_itself(self):
        session = self.session
        session.settings(stop_after_silence="2")
        session.start_service()
        dictation = session.start_dictation(deliver=False)
        session.play()
        self.assertEqual(session.outcome(dictation), ("finished", SECRET_WORDS))
        with open(session.recordings()[0], "rb") as file:
            kept = file.read()
        self.assertGreater(len(kept), 0)

    def test_cancel_keeps_the_sound(self):
        session = self.session
        session.start_service()
        dictation = session.start_dictation(deliver=False)
        session.play()
        session.call("Cancel", "(s)", "")
        outcome = session.outcome(dictation)
        self.assertEqual(outcome[:2], ("failed", "cancelled"))
        self.assertEqual(len(session.recordings()), 1)
        self.assertEqual(outcome[3], "sound")
        result = session.whis("history", "retry", dictation)
        self.assertEqual(result.stdout, SECRET_WORDS + "\n", result.stderr)

    def test_cancel_while_transcribing(self):
        session = self.session
        session.start_service()
        self.provider.gate.clear()
        dictation = session.start_dictation(deliver=False)
        session.play()
        session.call("Stop")
        self.provider.wait_for_requests(1)
        session.call("Cancel", "(s)", dictation)
        self.assertEqual(session.outcome(dictation)[:2], ("failed", "cancelled"))
        self.assertEqual(len(session.recordings()), 1)
        self.provider.gate.set()

    def test_level_and_time_follow_the_microphone(self):
        session = self.session
        session.start_service()
        dictation = session.start_dictation(deliver=False)
        self.assertIn(session.get("Destination"), self.provider.address)
        player = session.spawn("paplay", "--device=mic", SPEECH)
        session.wait_until(lambda: session.get("Level") > -40, "the level does not rise")
        session.wait_until(lambda: session.get("Elapsed") > 1000, "the time stands still")
        player.wait()
        session.call("Stop")
        session.outcome(dictation)
        self.assertEqual(session.get("Level"), -100)

    def test_watching_the_input_keeps_nothing(self):
        session = self.session
        session.start_service()
        session.call("WatchInput", "(sb)", "", True)
        session.wait_until(lambda: session.get("Level") > -100, "the microphone is not opened")
        player = session.spawn("paplay", "--device=mic", SPEECH)
        session.wait_until(lambda: session.get("Level") > -40, "the level does not rise")
        session.call("WatchInput", "(sb)", "", False)
        session.wait_until(lambda: session.get("Level") == -100, "the microphone stays open")
        player.terminate()
        self.assertEqual(session.get("State"), "idle")
        session.wait_until(lambda: not session.recordings(), "a sound is kept")

    def test_microphones(self):
        session = self.session
        session.start_service()
        (microphones,) = session.call("ListMicrophones")
        self.assertEqual([m["id"] for m in microphones],
                         ["microphone", "mic.monitor"])
        self.assertTrue(microphones[0]["default"])

    def test_a_loudspeaker_is_no_microphone(self):
        """What it plays is dictated only to those who chose that."""
        session = self.session
        session.start_service()
        for command in (["load-module", "module-null-sink", "sink_name=speaker"],
                        ["set-default-source", "speaker.monitor"]):
            subprocess.run(["pactl", *command], check=True, env=session.environment,
                           stdout=subprocess.DEVNULL)
        (dictation,) = session.call("Start", "(a{sv})", {})
        (outcome, code, message, _kept) = session.outcome(dictation)
        self.assertEqual((outcome, code), ("failed", "device"))
        self.assertIn("loudspeaker", message)
        session.wait_until(lambda: not session.recordings(), "a sound is kept")
        self.assertEqual(self.provider.requests, [])

        session.settings(microphone="speaker.monitor")
        dictation = session.start_dictation(deliver=False)
        subprocess.run(["paplay", "--device=speaker", SPEECH], check=True,
                       env=session.environment)
        session.call("Stop")
        self.assertEqual(session.outcome(dictation), ("finished", SECRET_WORDS))

    def test_record_in_the_terminal(self):
        session = self.session
        session.start_service()
        record = session.spawn(session.environment["WHIS_PROGRAM"], "record",
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True)
        session.wait_until(lambda: session.get("State") == "recording", "nothing records")
        session.play()
        output, errors = record.communicate("\n", timeout=500)
        # On a busy machine it is told what is waited for.
        complaints = [line for line in errors.splitlines() if "GStreamer looks through" not in line]
        self.assertEqual((output, complaints, record.returncode), (SECRET_WORDS + "\n", [], 0))

    def test_record_for_a_while(self):
        session = self.session
        session.start_service()
        # Somebody is speaking all the time, so that the two seconds hear them whenever they begin.
        speaker = session.spawn("sh", "-c", f"while paplay --device=mic {SPEECH}; do :; done",
                                start_new_session=True)
        self.addCleanup(os.killpg, speaker.pid, signal.SIGKILL)
        session.wait_until(lambda: subprocess.run(
            ["pactl", "list", "short", "sink-inputs"], env=session.environment,
            capture_output=True, check=False).stdout, "nobody speaks")
        record = session.spawn(session.environment["WHIS_PROGRAM"], "record", "--duration", "2",
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        self.assertEqual(record.communicate(timeout=500)[0], SECRET_WORDS + "\n")

    def test_record_from_another_microphone(self):
        session = self.session
        session.start_service()
        session.load_microphone("other", "other-microphone")
        record = session.spawn(session.environment["WHIS_PROGRAM"], "record", "--microphone",
                               "other-microphone", stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               text=True)
        session.wait_until(lambda: session.get("State") == "recording", "nothing records")
        subprocess.run(["paplay", "--device=other", SPEECH], check=True, env=session.environment)
        self.assertEqual(record.communicate("\n", timeout=500)[0], SECRET_WORDS + "\n")

    def test_recording_stops_when_its_terminal_goes(self):
        session = self.session
        session.start_service()
        record = session.spawn(session.environment["WHIS_PROGRAM"], "record",
                               stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        session.wait_until(lambda: session.get("State") == "recording", "nothing records")
        session.play()
        record.kill()
        session.wait_until(lambda: session.get("State") == "done", "the recording goes on")
        self.assertEqual(session.whis("last").stdout, SECRET_WORDS + "\n")


class Failing(ServiceTest):
    """Providers that refuse, lie and die."""

    def answer(self, answer, key=None):
        self.provider.default = answer
        if key is not None:
            self.session.whis("key", "set", "custom", stdin=key)
        return self.transcribe()

    def test_wrong_key(self):
        self.provider.key = "sk-right"
        result = self.answer(text("never"), KEY)
        self.assert_one_sentence(result, "key")
        self.assertNotIn(KEY, result.stderr)
        self.assertEqual(len(self.provider.requests), 1, "a wrong key is not tried again")
        self.provider.key = None
        self.assert_usable()

    def test_html(self):
        result = self.answer(reply(200, "<html><body>Log in to the hotel</body></html>", "text/html"))
        self.assert_one_sentence(result)
        self.assertNotIn("<html", result.stderr)
        self.assert_usable()

    def test_half_a_json(self):
        self.assert_one_sentence(self.answer(reply(200, '{"text": "half of')))
        self.assert_usable()

    def test_empty_body(self):
        self.assert_one_sentence(self.answer(reply(200, "")))
        self.assert_usable()

    def test_empty_text_is_no_speech(self):
        result = self.answer(text(""))
        self.assert_one_sentence(result, "No speech")
        self.assertEqual(result.returncode, 4)

    def test_one_failure_costs_one_retry(self):
        self.provider.answers = [reply(500, "<h1>oops</h1>", "text/html", {"Retry-After": "0.01"})]
        result = self.transcribe()
        self.assertEqual((result.stdout, result.returncode), (SECRET_WORDS + "\n", 0))
        self.assertEqual(len(self.provider.requests), 2)

    def test_reset_connection(self):
        self.provider.answers = ["reset"]
        result = self.transcribe()
        self.assertEqual((result.stdout, result.returncode), (SECRET_WORDS + "\n", 0), result.stderr)

    def test_money(self):
        result = self.answer(reply(429, {"error": {
            "message": "You exceeded your current quota, please check your plan.",
            "type": "insufficient_quota", "param": None, "code": "insufficient_quota"}}))
        self.assert_one_sentence(result)
        self.assertEqual(len(self.provider.requests), 1, "money does not come back by retrying")

    def test_one_chunk_fails_the_others_stay(self):
        """The text of the other chunks is kept, with a mark, and never called a success."""
        self.session.settings(longest_chunk="10", limits="{'custom': 1}")
        self.provider.answers = [text("the beginning"), reply(400, {"error": {"message": "bad"}})]
        self.provider.default = text("the end")
        with tempfile.NamedTemporaryFile(suffix=".wav") as file:
            subprocess.run(["sox", SPEECH, SPEECH, SPEECH, SPEECH, SPEECH, SPEECH, file.name],
                           check=True)
            result = self.transcribe(file.name)
        self.assertEqual(result.returncode, 1)
        last = self.session.whis("last").stdout
        self.assertTrue(last.startswith("the beginning […]"), last)
        self.assertTrue(last.endswith("the end\n"), last)

    def test_unreachable_server(self):
        """A port that nobody listens on, and that nobody else is given meanwhile."""
        with socket.socket() as nobody:
            nobody.bind(("127.0.0.1", 0))
            address = f"http://127.0.0.1:{nobody.getsockname()[1]}"
            self.session.settings(addresses__custom=address)
            self.assert_one_sentence(self.transcribe(), "127.0.0.1")

    def test_bad_address(self):
        for address in ("", "ftp://example.org", "http://", "not an address"):
            with self.subTest(address=address):
                self.session.settings(addresses__custom=address)
                self.assert_one_sentence(self.transcribe())

    def test_unknown_provider(self):
        self.assert_one_sentence(self.transcribe(SPEECH, "--provider", "nobody"), "nobody")

    def test_missing_key(self):
        result = self.transcribe(SPEECH, "--provider", "openai")
        self.assert_one_sentence(result, "OpenAI", "whis key set openai")

    def test_failed_dictation_keeps_the_sound(self):
        self.provider.default = reply(400, {"error": {"message": "I will not"}})
        session = self.session
        session.start_service()
        dictation = session.start_dictation()
        session.play()
        session.call("Stop")
        outcome = session.outcome(dictation)
        self.assertEqual(outcome[0], "failed")
        self.assertEqual(len(session.recordings()), 1)
        self.assertEqual(outcome[3], "sound")
        self.assert_usable()

    def test_no_clipboard_keeps_the_text(self):
        session = self.session
        session.start_service()
        dictation = session.start_dictation()
        session.play()
        session.call("Stop")
        outcome = session.outcome(dictation)
        self.assertEqual(outcome[:2], ("failed", "clipboard"))
        self.assertEqual(outcome[3], "text")
        self.assertEqual(session.whis("last").stdout, SECRET_WORDS + "\n")


    def test_nobody_listens(self):
        """What was never sent is not counted, however often it was tried."""
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            port = unused.getsockname()[1]
        self.session.settings(addresses__custom=f"http://127.0.0.1:{port}/v1")
        self.session.start_service()
        for _ in range(2):
            self.assertNotEqual(self.session.whis("transcribe", SPEECH).returncode, 0)
        self.assertNotIn("custom", self.session.whis("usage").stdout)
        self.session.settings(addresses__custom=self.provider.address)
        self.assertEqual(self.session.whis("transcribe", SPEECH).returncode, 0)
        self.assertRegex(self.session.whis("usage").stdout, r"custom +1 ")


class Files(ServiceTest):
    """Files that cannot be transcribed."""

    pulse = False

    def test_no_audio(self):
        self.assert_one_sentence(self.transcribe("/etc/passwd"))
        self.assert_usable()

    def test_empty(self):
        with tempfile.NamedTemporaryFile() as file:
            self.assert_one_sentence(self.transcribe(file.name))

    def test_directory(self):
        self.assert_one_sentence(self.transcribe("/tmp"), "directory")

    def test_absent(self):
        self.assert_one_sentence(self.transcribe("/nonexistent"), "/nonexistent")

    def test_silent(self):
        with tempfile.NamedTemporaryFile(suffix=".wav") as file:
            make_sound(file.name, 3, "sine", "0", "vol", "0")
            result = self.transcribe(file.name)
        self.assert_one_sentence(result, "No speech")
        self.assertEqual(result.returncode, 4)
        self.assertEqual(self.provider.requests, [])

    def test_output_file_and_json(self):
        with tempfile.TemporaryDirectory() as directory:
            path = os.path.join(directory, "out.txt")
            result = self.transcribe(SPEECH, "--output", path)
            self.assertEqual((result.returncode, result.stdout), (0, ""), result.stderr)
            with open(path, encoding="utf-8") as file:
                self.assertEqual(file.read(), SECRET_WORDS + "\n")
        result = self.transcribe(SPEECH, "--json")
        self.assertIn(f'"text":"{SECRET_WORDS}"', result.stdout)

    def test_order_of_chunks_does_not_depend_on_answers(self):
        self.session.settings(longest_chunk="10")
        self.provider.answers = []
        numbers = iter(range(100))
        self.provider.default = lambda request: text(f"part{next(numbers)}")
        with tempfile.NamedTemporaryFile(suffix=".wav") as file:
            subprocess.run(["sox", *[SPEECH] * 12, file.name], check=True)
            result = self.transcribe(file.name)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertGreater(len(self.provider.requests), 3)
        self.assertLessEqual(self.provider.peak, 3)


class Surroundings(unittest.TestCase):
    """A machine on which something is missing."""

    def session(self, **options):
        session = WhisSession(**options)
        self.addCleanup(session.close)
        return session

    def test_no_sound_server(self):
        session = self.session(pulse=False)
        session.environment["PULSE_SERVER"] = "unix:/nonexistent"
        session.start_service()
        (dictation,) = session.call("Start", "(a{sv})", {})
        outcome = session.outcome(dictation)
        self.assertEqual(outcome[:2], ("failed", "device"))
        session.wait_until(lambda: not session.recordings(), "a sound is kept")

    def test_no_microphone(self):
        session = self.session(microphone=False)
        session.start_service()
        (dictation,) = session.call("Start", "(a{sv})", {})
        self.assertEqual(session.outcome(dictation)[:2], ("failed", "device"))

    def test_unwritable_directory(self):
        session = self.session()
        os.makedirs(session.environment["XDG_DATA_HOME"])
        with open(os.path.join(session.environment["XDG_DATA_HOME"], "whis"), "w",
                  encoding="utf-8"):
            pass
        session.start_service()
        (dictation,) = session.call("Start", "(a{sv})", {})
        (outcome, code, message, _kept) = session.outcome(dictation)
        self.assertEqual((outcome, code), ("failed", "storage"))
        self.assertIn(session.environment["XDG_DATA_HOME"], message)
        self.assertTrue(session.has_service())

    def start_on_small_disk(self, session):
        """Starts the service with a disk of 2 MB; returns where that disk is from outside."""
        data = session.environment["XDG_DATA_HOME"]
        os.makedirs(data)
        program = session.environment["WHIS_SERVICE_PROGRAM"]
        script = f"mount -t tmpfs -o size=2m tmpfs {data} && exec {program}"
        with open(session.log_path, "w", encoding="utf-8") as log:
            private = ["--mount"] if os.getuid() == 0 else ["--mount", "--user", "--map-root-user"]
            session.service = session.spawn("unshare", *private, "sh", "-c", script, stdout=log,
                                            stderr=log)
        session.wait_until(session.has_service, "the service does not come")
        return f"/proc/{session.service.pid}/root{data}"

    @staticmethod
    def fill(path):
        """Writes a file until nothing more fits."""
        try:
            with open(path, "wb", buffering=0) as file:
                while True:
                    file.write(bytes(4096))
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise

    @staticmethod
    def get_length(path):
        """Seconds of sound in a file."""
        result = subprocess.run(["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of",
                                 "csv=p=0", path], capture_output=True, check=False, text=True)
        return float(result.stdout or 0)

    def test_full_disk(self):
        """Recording goes on in memory, says so, and is saved when there is room."""
        session = self.session()
        provider = FakeService(text("all of it"))
        self.addCleanup(provider.close)
        session.settings(provider="custom", addresses__custom=provider.address)
        disk = self.start_on_small_disk(session)
        dictation = session.start_dictation(deliver=False)
        session.play()
        self.fill(f"{disk}/ballast")
        player = session.spawn("paplay", "--device=mic", SPEECH)
        session.wait_until(lambda: any(n == "Warning" and "disk is full" in a[1]
                                       for n, a in session.events), "nobody says so")
        player.wait()
        self.assertEqual(session.get("State"), "recording")
        session.call("Stop")
        self.assertEqual(session.outcome(dictation), ("finished", "all of it"))
        os.unlink(f"{disk}/ballast")
        sound = f"{disk}/whis/recordings/{dictation}.wav"
        expected = 2 * self.get_length(SPEECH)
        session.wait_until(lambda: self.get_length(sound) > expected, "the sound is not saved")
        session.wait_until(lambda: session.call("GetHistoryEntry", "(s)", dictation)[0]["state"]
                           == "done", "the history is not saved")

    @staticmethod
    def hold_keyring(session):
        """A keyring that has no key, and says so when the function that is returned is called."""
        asked = []
        node = Gio.DBusNodeInfo.new_for_xml(
            '<node><interface name="org.freedesktop.Secret.Service"><method name="SearchItems">'
            '<arg type="a{ss}" direction="in"/><arg type="ao" direction="out"/>'
            '<arg type="ao" direction="out"/></method></interface></node>')
        session.bus.register_object("/org/freedesktop/secrets", node.interfaces[0],
                                    lambda *call: asked.append(call[-1]), None, None)
        session.bus.call_sync("org.freedesktop.DBus", "/org/freedesktop/DBus",
                              "org.freedesktop.DBus", "RequestName",
                              GLib.Variant("(su)", ("org.freedesktop.secrets", 0)), None,
                              Gio.DBusCallFlags.NONE, -1, None)

        def answer():
            for invocation in asked:
                invocation.return_value(GLib.Variant("(aoao)", ([], [])))

        return answer

    def test_full_disk_and_a_failure(self):
        """What the disk had no room for is saved also when the dictation fails."""
        session = self.session()
        session.settings(provider="groq")
        answer = self.hold_keyring(session)
        disk = self.start_on_small_disk(session)
        dictation = session.start_dictation(deliver=False)
        session.play()
        self.fill(f"{disk}/ballast")
        session.play()
        session.wait_until(lambda: any(n == "Warning" and "disk is full" in a[1]
                                       for n, a in session.events), "nobody says so")
        answer()
        session.call("Stop")
        self.assertEqual(session.outcome(dictation)[:2], ("failed", "key-missing"))
        os.unlink(f"{disk}/ballast")
        sound = f"{disk}/whis/recordings/{dictation}.mp3"
        expected = 2 * self.get_length(SPEECH)
        session.wait_until(lambda: self.get_length(sound) > expected, "the sound is not saved", 30)

    def test_second_instance(self):
        session = self.session(pulse=False)
        session.start_service()
        # It touches nothing that the first works on, and ends before it opens anything: a home of
        # its own stays empty.
        sound = os.path.join(session.environment["XDG_CACHE_HOME"], "whis", "endpoint", "sound")
        os.makedirs(os.path.dirname(sound), exist_ok=True)
        with open(sound, "w", encoding="utf-8") as file:
            file.write("of the first")
        home = os.path.join(session.directory, "second")
        session.environment["XDG_DATA_HOME"] = home
        second = subprocess.run([session.environment["WHIS_SERVICE_PROGRAM"]],
                                env=session.environment, capture_output=True, text=True,
                                timeout=120, check=False)
        self.assertEqual(second.returncode, 1)
        self.assertIn("running already", second.stderr)
        self.assertTrue(session.has_service())
        self.assertTrue(os.path.exists(sound))
        self.assertFalse(os.path.exists(home))

    def test_next_instance(self):
        """Whoever ends makes room for the next at once, also for one that a call starts."""
        session = self.session(pulse=False)
        session.install_service_file()
        for _ in range(3):
            self.assertEqual(session.get("State"), "idle")
            session.call("Quit")

    def test_calls_at_the_end(self):
        """No call is lost while the service ends: whoever called knows that it has to call again."""
        session = self.session(pulse=False)
        session.install_service_file()
        self.assertEqual(session.get("State"), "idle")
        answers = []

        def answered(name, bus, result):
            try:
                answers.append((name, bus.call_finish(result).unpack()))
            except GLib.Error as error:
                answers.append((name, Gio.DBusError.get_remote_error(error)))

        # One after the other on one connection, so they come after "Quit".
        calls = ["Quit"] + ["GetLastText"] * 100
        for name in calls:
            session.send(name, answered=functools.partial(answered, name))
        session.wait_until(lambda: len(answers) == len(calls), "some are not answered")
        gone = [("GetLastText", f"org.freedesktop.DBus.Error.{name}")
                for name in ("NameHasNoOwner", "ServiceUnknown")]
        self.assertLessEqual(set(answers), {("Quit", ()), ("GetLastText", ("",)), *gone})
        self.assertIn(("Quit", ()), answers)
        self.assertFalse(session.has_service())
        self.assertEqual(session.get("State"), "idle")

    def test_bus_activation(self):
        """A call starts the service: a shortcut needs nothing that runs before."""
        session = self.session()
        session.install_service_file()
        (dictation,) = session.call("Start", "(a{sv})", {"deliver": GLib.Variant("b", False)})
        session.wait_for(dictation, "recording")
        session.call("Quit")
        session.wait_until(lambda: not session.has_service(), "it does not quit")

    def test_toggle_starts_the_service(self):
        """A shortcut needs nothing that runs before: the bus starts the service, or the command."""
        for activated in (True, False):
            with self.subTest(activated=activated):
                session = self.session()
                if activated:
                    session.install_service_file()
                    del session.environment["WHIS_SERVICE_PROGRAM"]
                result = session.whis("toggle")
                self.assertEqual((result.returncode, result.stdout, result.stderr), (0, "", ""))
                session.wait_until(lambda: session.get("State") == "recording", "nothing is recorded")
                self.assertEqual(session.whis("cancel").returncode, 0)
                self.assertEqual(session.whis("quit").returncode, 0)
                session.wait_until(lambda: not session.has_service(), "it does not quit")

    def test_nothing_to_stop(self):
        session = self.session(pulse=False)
        for running in (False, True):
            with self.subTest(running=running):
                result = session.whis("stop")
                self.assertEqual((result.returncode, result.stdout), (1, ""))
                self.assertIn("Nothing is being recorded", result.stderr)
                session.whis("providers")

    def test_ten_starts_in_a_second(self):
        session = self.session()
        session.start_service()
        for _ in range(10):
            session.call("Toggle", "(a{sv})", {"deliver": GLib.Variant("b", False)})
        session.wait_until(lambda: session.get("State") not in
                           ("starting", "recording", "transcribing"), "it never settles")
        dictation = session.start_dictation(deliver=False)
        session.call("Cancel", "(s)", dictation)
        dictation = session.start_dictation()
        with self.assertRaises(GLib.Error) as caught:
            session.start_dictation()
        self.assertIn("AlreadyRecording", caught.exception.message)
        self.assertTrue(caught.exception.message.endswith(f"\nid: {dictation}"),
                        caught.exception.message)

    def test_no_session_bus(self):
        session = self.session(pulse=False)
        session.environment["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=/nonexistent"
        for program, arguments, status in (("WHIS_PROGRAM", ["start"], 3),
                                           ("WHIS_SERVICE_PROGRAM", [], 1)):
            result = subprocess.run([session.environment[program], *arguments],
                                    env=session.environment, capture_output=True, text=True,
                                    timeout=120, check=False)
            self.assertEqual(result.returncode, status, program)
            self.assertIn("session bus", result.stderr)

    def test_keys_on_the_command_line(self):
        session = self.session(pulse=False)
        result = session.whis("key", "set", "openai", stdin="")
        self.assertEqual(result.returncode, 1)
        self.assertIn("empty", result.stderr)
        result = session.whis("key", "set", "openai", KEY)
        self.assertEqual(result.returncode, 2)
        self.assertNotIn(KEY, result.stderr)
        result = session.whis("key", "set", "openai", stdin=KEY)
        self.assertEqual(result.returncode, 0)
        self.assertIn("no keyring", result.stderr)
        self.assertIn("session", session.whis("providers").stdout)
        session.whis("key", "remove", "openai")
        self.assertNotIn("session", session.whis("providers").stdout)

    def test_usage(self):
        session = self.session(pulse=False)
        for arguments in (["dance"], ["start", "x"], ["transcribe"], ["key"], ["key", "set"],
                          ["key", "eat", "openai"], ["status", "--yaml"],
                          ["record", "--duration", "soon"], ["settings", "provider", "nobody"], ["transcribe", "--bogus", "x"]):
            with self.subTest(arguments=arguments):
                result = session.whis(*arguments)
                self.assertEqual((result.returncode, result.stdout), (2, ""))
                self.assertEqual(len(result.stderr.splitlines()), 1, result.stderr)
        self.assertEqual(session.whis("--version").returncode, 0)
        self.assertIn("transcribe", session.whis("--help").stdout)
        self.assertFalse(session.has_service())

    def test_bad_options_on_the_bus(self):
        session = self.session(pulse=False)
        session.start_service()
        for options in ({"provider": GLib.Variant("i", 3)}, {"colour": GLib.Variant("s", "x")},
                        {"language": GLib.Variant("s", "../../etc")}):
            with self.assertRaises(GLib.Error) as caught:
                session.call("Start", "(a{sv})", options)
            self.assertIn("Arguments", caught.exception.message)

    def test_unknown_options_are_refused(self):
        """By every method that has options."""
        session = self.session(pulse=False)
        session.start_service()
        unknown = {"colour": GLib.Variant("s", "blue")}
        for interface, method, signature, arguments in (
                (INTERFACE, "Start", "(a{sv})", (unknown,)),
                (INTERFACE, "Toggle", "(a{sv})", (unknown,)),
                (INTERFACE, "Resume", "(sa{sv})", ("", unknown)),
                (INTERFACE, "Resume", "(sa{sv})", ("", {"microphone": GLib.Variant("s", "x")})),
                (INTERFACE, "TranscribeAgain", "(sa{sv})", ("no-such", unknown)),
                (INTERFACE, "TranscribeAgain", "(sa{sv})",
                 ("no-such", {"deliver": GLib.Variant("b", True)})),
                (INTERFACE, "ListHistory", "(a{sv})", (unknown,)),
                (INTERFACE, "ImportOriginal", "(a{sv})", (unknown,)),
                (f"{INTERFACE}.Models", "List", "(a{sv})", (unknown,)),
                (f"{INTERFACE}.Models", "Fetch", "(sa{sv})", ("whisper-tiny", unknown))):
            with self.subTest(method=method), self.assertRaises(GLib.Error) as caught:
                session.bus.call_sync(APP_ID, PATH, interface, method,
                                      GLib.Variant(signature, arguments), None,
                                      Gio.DBusCallFlags.NONE, 60000, None)
            self.assertIn("Error.Arguments", caught.exception.message)


class Secrets(ServiceTest):
    """What keeps keys and words inside; test_leaks.py looks whether it does."""

    def test_no_core_file(self):
        session = self.session
        service = session.start_service(cwd=session.directory)
        with open(f"/proc/{service.pid}/limits", encoding="utf-8") as limits:
            (line,) = [line for line in limits if line.startswith("Max core file size")]
        self.assertEqual(line.split()[4:6], ["0", "0"])
        session.kill_service(signal.SIGABRT)
        self.assertEqual([n for n in os.listdir(session.directory) if n.startswith("core")], [])

    def test_history_is_for_its_owner_alone(self):
        """Whatever a careless umask would allow."""
        session = self.session
        session.start_service(umask=0)
        self.assertEqual(self.transcribe().returncode, 0)
        directory = os.path.join(session.environment["XDG_DATA_HOME"], "whis")
        paths = [directory] + [os.path.join(folder, name)
                               for folder, folders, files in os.walk(directory)
                               for name in folders + files]
        self.assertGreater(len(paths), 3, "there are sound and database")
        for path in paths:
            self.assertEqual(os.stat(path).st_mode & 0o077, 0, path)

    def test_redirects_are_not_followed(self):
        other = FakeService(text("stolen"))
        self.addCleanup(other.close)
        self.session.whis("key", "set", "custom", stdin=KEY)
        for status in (301, 302, 307, 308):
            with self.subTest(status=status):
                self.provider.default = reply(status, "", "text/plain",
                                              {"Location": other.address + "/audio/transcriptions"})
                self.assert_one_sentence(self.transcribe())
        self.assertEqual(other.requests, [])

    def libraries(self, program):
        return subprocess.run(["ldd", self.session.environment[program]], capture_output=True,
                              text=True, check=True).stdout

    def test_no_toolkit(self):
        """The service is small because it links no toolkit."""
        for library in ("libgtk", "libadwaita", "libgdk", "libpango", "libcairo", "libX11"):
            self.assertNotIn(library, self.libraries("WHIS_SERVICE_PROGRAM"))

    def test_command_line_links_gio_alone(self):
        """A shortcut that is bound to a command waits for no library that it does not need."""
        libraries = self.libraries("WHIS_PROGRAM")
        self.assertIn("libgio-2.0", libraries)
        for library in ("libgst", "libsoup", "libsqlite3", "libsecret", "json-glib", "libxcb"):
            self.assertNotIn(library, libraries)


if __name__ == "__main__":
    tap.main()
