#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Neither keys nor dictated words leave by a side door, whatever happens in a full run."""

import functools
import hashlib
import json
import os
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# pylint: disable=wrong-import-position
import tap
from fakes.fake_services import (LIVE_KEY, FakeRealtime, FakeService, FakeServices, Switchboard,
                                 give_key, text)
from watched_session import WatchedSession, forms_of_key
from whis_session import SPEECH

# One of each way in which a key is shown.
SERVICES = ("openai", "deepgram", "elevenlabs", "assemblyai", "gemini", "azure")
LIVE_SERVICES = ("openai", "elevenlabs")

SENTENCE = "Quillara mumbles behind the mulberry hedge."
SECOND_SENTENCE = "Brindlewick overheard."
LIVE_SENTENCES = ("Zorbulent quimsies gather.", "Vexandria answers.", "Thrimble nods.")
WORDS = (b"quillara", b"mulberry", b"brindlewick", b"zorbulent", b"quimsies", b"vexandria",
         b"thrimble")

# What exists to carry text to whoever asks for it, and nothing else does.
# PropertiesChanged is that of the icon, whose tooltip has the end of what was understood.
BUS_MEMBERS_WITH_TEXT = {
    "signal Finished", "signal PartialText", "signal org.freedesktop.DBus.Properties.PropertiesChanged", "reply to GetLastText", "reply to GetHistoryEntry",
    "reply to ListHistory", "reply to GetDocument",
}
NOTIFY = "call org.freedesktop.Notifications.Notify"


def make_key(name):
    """A key that only one who knows it takes for one: neither a usual prefix nor a long word."""
    digest = hashlib.sha256(name.encode()).hexdigest()
    return f"{digest[:9]}+{digest[9:18]}/{digest[18:27]}={digest[27:36]}"


WRONG_KEYS = {kind: make_key("wrong " + kind) for kind in SERVICES}
ENVIRONMENT_KEY = make_key("environment")


def has_word(data):
    lowered = data.lower()
    return any(word in lowered for word in WORDS)


class FullRun:
    """What a user does in a year, in half a minute; then all that could be seen of it."""

    def __init__(self):
        self.session = WatchedSession()
        try:
            self.prepare()
            self.use()
            self.collect()
        finally:
            self.session.close()

    def prepare(self):
        session = self.session
        session.start_keyring()
        self.spoken = os.path.join(session.directory, "spoken.wav")
        subprocess.run(["sox", SPEECH, self.spoken, "trim", "0", "1.5"], check=True)
        self.services = FakeServices(session)
        session.fixtures.add(self.services.process.pid)
        self.keys = {kind: make_key(kind) for kind in SERVICES}
        for kind, key in self.keys.items():
            self.services.keys[kind] = key
            self.services.ask("key", kind, key)
            self.services.ask("text", kind, SENTENCE)
            self.services.ask("spoken", kind, "en")
        addresses = {kind: self.services.address(kind) for kind in (*SERVICES, "groq")}
        session.settings(addresses=str(addresses), models="{'azure': 'whisper'}")
        session.environment["GROQ_API_KEY"] = ENVIRONMENT_KEY
        session.start_service()
        del session.environment["GROQ_API_KEY"]

    def use(self):
        for kind in SERVICES:
            self.use_service(kind)
        self.use_environment_key()
        self.use_second_service()
        self.dictate()
        for kind in LIVE_SERVICES:
            self.dictate_live(kind, drop_at=0)
        self.dictate_live("openai", drop_at=1)
        self.use_history()
        for command in (("usage",), ("settings", "--list"), ("providers",), ("status", "--json"),
                        ("last",)):
            self.expect(0, *command)

    def expect(self, status, *command):
        result = self.session.whis(*command)
        assert result.returncode == status, (command, self.session.read_log()[-2000:], result)
        return result

    def transcribe(self, status, *options):
        return self.expect(status, "transcribe", SPEECH, *options)

    def use_service(self, kind):
        session = self.session
        session.settings(provider=kind)
        give_key(session, kind, self.keys[kind])
        self.expect(0, "key", "check", kind)
        self.expect(0, "models", kind)
        assert self.transcribe(0, "--format", "json").stdout.count(SENTENCE) > 0
        self.look_inside(kind)
        for failure in ("key-echo", "captive-portal", "captive-redirect"):
            self.services.fail(kind, failure)
            self.transcribe(1)
        for failure in ("rate-limit-ms", "truncated"):
            self.services.fail(kind, failure)
            self.transcribe(0)
        give_key(session, kind, WRONG_KEYS[kind])
        self.transcribe(1)
        self.expect(1, "key", "check", kind)
        give_key(session, kind, self.keys[kind])

    def look_inside(self, kind):
        """Looks around while a request is held back."""
        session = self.session
        self.services.fail(kind, "slow-first-byte")
        client = session.spawn(session.environment["WHIS_PROGRAM"], "transcribe", SPEECH,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        session.wait_until(lambda: self.services.ask("counts")[kind]["active"] > 0,
                           f"{kind} is not asked")
        session.note_processes()
        self.services.ask("release", kind)
        output, errors = client.communicate(timeout=500)
        session.printed.append((f"transcribe, held back by {kind}", output, errors))
        assert client.returncode == 0, errors

    def use_environment_key(self):
        self.services.ask("key", "groq", ENVIRONMENT_KEY)
        self.services.ask("text", "groq", SENTENCE)
        self.session.settings(provider="groq")
        self.transcribe(0)
        self.services.fail("groq", "key-echo")
        self.transcribe(1)

    def use_second_service(self):
        self.session.settings(provider="openai", fallback_provider="deepgram")
        self.services.ask("text", "deepgram", SECOND_SENTENCE)
        self.services.fail("openai", "no-money")
        assert self.transcribe(0).stdout.strip() == SECOND_SENTENCE
        self.session.settings(fallback_provider="")

    def dictate(self, end="finished"):
        """Speaks into the microphone; what was said is delivered. Returns the dictation."""
        dictation = self.session.start_dictation()
        self.session.play(self.spoken)
        self.session.note_processes()
        self.session.call("Stop")
        outcome = self.session.outcome(dictation)
        assert outcome[0] == end, outcome
        return dictation

    def dictate_live(self, kind, drop_at):
        session = self.session
        live = FakeRealtime(session, kind, LIVE_SENTENCES, drop_at)
        session.fixtures.add(live.process.pid)
        switchboard = Switchboard(self.services.addresses[kind], live.address)
        self.services.ask("key", kind, LIVE_KEY)
        session.settings(provider=kind, live="true", **{
            f"addresses__{kind}": switchboard.address + ("/v1" if kind == "openai" else "")})
        give_key(session, kind, LIVE_KEY)
        self.dictate()
        report = live.report()
        switchboard.close()
        assert report["connections"] == 1 and report["commits"] > 0, report
        session.settings(live="false", **{f"addresses__{kind}": self.services.address(kind)})

    def use_history(self):
        session = self.session
        session.settings(provider="deepgram")
        self.services.fail("deepgram", "too-large")
        failed = self.dictate("failed")
        self.expect(0, "history", "retry", failed)
        self.expect(0, "history", "again", failed, "--provider", "gemini")
        for command in (("list",), ("list", "hedge"), ("show", failed, "--versions"),
                        ("copy", failed)):
            self.expect(0, "history", *command)
        self.expect(1, "history", "diff", failed)
        for form in ("text", "json", "audio", "srt", "vtt"):
            path = os.path.join(session.directory, f"export.{form}")
            self.expect(0, "history", "export", failed, "--format", form, "--output", path)
        for form in ("srt", "vtt"):
            self.transcribe(0, "--format", form)

    def collect(self):
        session = self.session
        self.log = session.read_log()
        self.messages = session.trace.messages()
        self.requests = {kind: json.dumps(self.services.requests(kind)).encode()
                         for kind in (*SERVICES, "groq", "mistral", "localai")}
        self.files = session.read_files()
        self.printed = session.printed
        self.processes = session.processes

    def all_keys(self):
        return {*self.keys.values(), *WRONG_KEYS.values(), LIVE_KEY, ENVIRONMENT_KEY}


@functools.cache
def get_full_run():
    """One is enough, even if it fails."""
    try:
        return FullRun()
    except Exception as error:  # pylint: disable=broad-exception-caught
        return error


class LeakTest(unittest.TestCase):
    """What a full run has left."""

    def setUp(self):
        self.run_ = get_full_run()
        if isinstance(self.run_, Exception):
            raise self.run_

    def assert_clean(self, places, is_leak):
        """Says where the leaks are, and not what leaked."""
        self.assertGreater(len(places), 0, "nothing was looked at")
        self.assertEqual({name for name, data in places if is_leak(data)}, set())


class Keys(LeakTest):
    """A key is in the keyring, and in requests to its service."""

    def assert_no_key(self, places, keys=None):
        forms = set().union(*map(forms_of_key, keys or self.run_.all_keys()))
        self.assert_clean(places, lambda data: any(form in data for form in forms))

    def test_log(self):
        self.assertIn("recording -> transcribing", self.run_.log, "the log is on")
        self.assertIn("libsoup-DEBUG", self.run_.log, "that of the libraries, too")
        self.assert_no_key([("log", self.run_.log.encode())])

    def test_what_is_printed(self):
        printed = [(command, (output + errors).encode())
                   for command, output, errors in self.run_.printed]
        self.assertTrue(any("key" in errors for _, _, errors in self.run_.printed))
        self.assert_no_key(printed)

    def test_processes(self):
        programs = {os.path.basename(program) for program, _, _ in self.run_.processes}
        self.assertIn("whis", programs)
        self.assert_no_key([(f"{what} of {program}", data)
                            for program, what, data in self.run_.processes])
        self.assertIn(b"-selection", self.run_.files["started"])
        self.assert_no_key([("clipboard tool", self.run_.files["started"])])

    def test_bus(self):
        members = {member for member, _ in self.run_.messages}
        self.assertLessEqual({"call SetKey", "reply to CheckKey", "signal Failed",
                              "call org.freedesktop.Secret.Collection.CreateItem"}, members)
        self.assert_no_key(self.run_.messages)

    def test_files(self):
        """The keyring's own file is one of them: it is encrypted."""
        files = self.run_.files
        self.assertIn("data/keyrings/login.keyring", files)
        self.assertIn(b"azure", files["config/glib-2.0/settings/keyfile"])
        self.assert_no_key([(path, path.encode() + data) for path, data in files.items()])

    def test_other_services(self):
        requests = self.run_.requests
        for kind, key in self.run_.keys.items():
            self.assertIn(key.encode(), requests[kind], "its own service gets it")
            self.assert_no_key([place for place in requests.items() if place[0] != kind],
                               (key, WRONG_KEYS[kind]))
        self.assert_no_key([place for place in requests.items()
                            if place[0] not in LIVE_SERVICES], (LIVE_KEY,))


class Words(LeakTest):
    """Dictated words are in the history, on the clipboard, and with who asks for them."""

    def assert_no_word(self, places):
        self.assert_clean(places, has_word)

    def test_log(self):
        self.assertIn("recording -> transcribing", self.run_.log, "the log is on")
        self.assert_no_word([("log", self.run_.log.encode())])

    def test_sentences(self):
        self.assertTrue(any(has_word(output.encode()) for _, output, _ in self.run_.printed))
        self.assert_no_word([(command, errors.encode())
                             for command, _, errors in self.run_.printed])

    def test_processes(self):
        self.assert_no_word([(f"{what} of {program}", data)
                             for program, what, data in self.run_.processes])

    def test_bus(self):
        """Whether one hears the words is up to what one asks for; a notification has none."""
        messages = self.run_.messages
        self.assertIn(NOTIFY, {member for member, _ in messages})
        carriers = {member for member, data in messages if has_word(data)}
        self.assertEqual(carriers, BUS_MEMBERS_WITH_TEXT)

    def test_files(self):
        files = self.run_.files
        self.assert_no_word([(path, path.encode()) for path in files])
        carriers = {path for path, data in files.items() if has_word(data)}
        database = {path for path in files if path.startswith("data/whis/history.")}
        exports = {f"export.{form}" for form in ("text", "json", "srt", "vtt")}
        self.assertTrue(carriers & database, files.keys())
        self.assertEqual(carriers - database, exports | {"bus-trace", "clipboard"})


class Aside(unittest.TestCase):
    """What a full run cannot have as well."""

    def setUp(self):
        self.service = FakeService(text(SENTENCE))
        self.addCleanup(self.service.close)
        self.session = WatchedSession()
        self.addCleanup(self.session.close)
        self.session.settings(provider="custom", addresses__custom=self.service.address)
        self.session.start_service()

    def dictate(self):
        dictation = self.session.start_dictation()
        self.session.play()
        self.session.call("Stop")
        self.assertEqual(self.session.outcome(dictation), ("finished", SENTENCE))

    def notified(self):
        """The notifications of delivered texts."""
        def find():
            return [data for member, data in self.session.trace.messages()
                    if member == NOTIFY and b"on the clipboard" in data]
        return self.session.wait_until(find, "there is no notification")

    def test_no_keyring(self):
        """Without a keyring a key is in the service's memory alone."""
        session = self.session
        key = self.service.key = make_key("custom")
        session.whis("key", "set", "custom", stdin=key)
        self.assertIn("until Whis quits", session.printed[-1][2])
        self.assertEqual(session.whis("key", "check", "custom").returncode, 0)
        self.dictate()
        self.service.key = "another"
        self.assertEqual(session.whis("transcribe", SPEECH).returncode, 1)
        session.note_processes()
        places = [*session.trace.messages(), *session.read_files().items(),
                  *((name, data) for name, _, data in session.processes),
                  *((name, (output + errors).encode()) for name, output, errors in session.printed)]
        forms = forms_of_key(key)
        self.assertEqual({name for name, data in places if any(form in data for form in forms)},
                         set())

    def test_private(self):
        """In private mode nothing is left of the words but the clipboard."""
        session = self.session
        session.settings(private="true")
        self.dictate()
        self.assertEqual(session.whis("transcribe", SPEECH).stdout.strip(), SENTENCE)
        self.notified()
        session.whis("quit")
        session.service.wait(120)
        carriers = {path for path, data in session.read_files().items() if has_word(data)}
        self.assertEqual(carriers, {"bus-trace", "clipboard"})

    def test_notification(self):
        """A notification shows the words to those who want that, and to nobody else."""
        self.dictate()
        self.assertEqual([has_word(data) for data in self.notified()], [False])
        self.session.settings(notify_shows_text="true")
        self.dictate()
        self.session.wait_until(lambda: len(self.notified()) == 2, "there is one notification")
        self.assertEqual([has_word(data) for data in self.notified()], [False, True])


if __name__ == "__main__":
    tap.main()
