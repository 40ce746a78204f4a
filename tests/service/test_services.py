#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Every service as its user would use it: through the command line, against a strict server."""

import json
import os
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# pylint: disable=wrong-import-position
import tap
from fakes.fake_services import (KINDS, LIVE_KEY, FakeRealtime, FakeServices, Switchboard, give_key,
                           set_up)
from whis_session import SPEECH, WhisSession

SENTENCE = "Quillara mumbles behind the mulberry hedge."
PIECE = "Recorded piece."
SENTENCES = ["The first of several sentences.", "Here is the second one.", "And now the third.",
             "The fourth goes on.", "A fifth one ends it.", "There is a sixth, too."]


class ServicesTest(unittest.TestCase):
    """A service with all fixtures."""

    pulse = False

    def setUp(self):
        self.session = WhisSession(pulse=self.pulse)
        self.addCleanup(self.session.close)
        self.services = FakeServices(self.session)
        for kind in KINDS:
            self.services.ask("text", kind, SENTENCE)
            self.services.ask("spoken", kind, "en")

    def transcribe(self, *arguments):
        return self.session.whis("transcribe", SPEECH, *arguments)

    def last_entry(self):
        """The newest entry of the history, whole."""
        (entries, _total) = self.session.call("ListHistory", "(a{sv})", {})
        return self.session.call("GetHistoryEntry", "(s)", entries[0]["id"])[0]


class Each(ServicesTest):
    """Each service, at its own address, with its own key and model."""

    def check(self, kind):
        session = self.session
        set_up(session, self.services, kind)
        result = self.transcribe()
        self.assertEqual((result.returncode, result.stdout.strip()), (0, SENTENCE), result.stderr)
        session.settings(vocabulary="['Quillara', 'mulberry']", prompt="A story.", language="en")
        result = self.transcribe()
        self.assertEqual((result.returncode, result.stdout.strip()), (0, SENTENCE), result.stderr)
        result = self.transcribe("--format", "json")
        self.assertEqual(json.loads(result.stdout)["text"], SENTENCE, result.stderr)
        self.assertEqual(session.whis("key", "check", kind).returncode, 0)
        listed = session.whis("models", kind)
        self.assertEqual(listed.returncode, 0, listed.stderr)
        self.assertIsNone(self.services.complaint(kind))

    def test_wrong_key(self):
        """A key that the service does not know is called wrong, and kept out of every sentence."""
        for kind in ("openai", "deepgram", "elevenlabs", "assemblyai", "gemini", "azure"):
            with self.subTest(kind=kind):
                set_up(self.session, self.services, kind)
                give_key(self.session, kind, "not-the-key-0123456789abcdef0123456")
                result = self.transcribe()
                self.assertEqual(result.returncode, 1)
                self.assertIn("key", result.stderr)
                self.assertNotIn("not-the-key", result.stderr)
                self.assertEqual(self.session.whis("key", "check", kind).returncode, 1)

    def test_retirement_is_shown(self):
        set_up(self.session, self.services, "openai")
        self.assertRegex(self.session.whis("models", "openai").stdout, r"whisper-1 .*2027-02-26")

    def test_addresses_elsewhere(self):
        """No key and no sound goes to a host that is not the service's."""
        set_up(self.session, self.services, "openai")
        for address in ("https://api.openai.com.example.org/v1", "http://api.openai.com/v1",
                        "https://openai.com@example.org/v1", "http://192.0.2.1/v1"):
            with self.subTest(address=address):
                self.session.settings(addresses__openai=address)
                result = self.transcribe()
                self.assertEqual(result.returncode, 1, result.stdout)
                self.assertIn("address", result.stderr.lower())

    def test_settings_of_nobody(self):
        """A slip of the pen in a service's name is told, and changes nothing."""
        for key, value in (("models/grok", "whisper"), ("fallback-provider", "grok"),
                           ("addresses/opnai", "https://api.openai.com/v1")):
            result = self.session.whis("settings", key, value)
            self.assertEqual(result.returncode, 2)
            self.assertIn("whis providers", result.stderr)
        self.assertEqual(self.session.whis("settings", "models").stdout.strip(), "{}")
        self.assertEqual(self.session.whis("settings", "fallback-provider", "").returncode, 0)

    def test_plain_http_is_asked_for(self):
        session = self.session
        session.settings(provider="custom", addresses__custom="http://10.255.255.1:9/v1")
        result = self.transcribe()
        self.assertEqual(result.returncode, 1)
        self.assertIn("not encrypted", result.stderr)
        self.assertIn("plain-http", result.stderr)


def add_each(kind):
    setattr(Each, "test_" + kind.replace("-", "_"), lambda self: self.check(kind))


for each_kind in KINDS:
    add_each(each_kind)


class Fallback(ServicesTest):
    """A second service, if and only if the user names one."""

    def setUp(self):
        super().setUp()
        set_up(self.session, self.services, "deepgram")
        set_up(self.session, self.services, "openai")

    def test_none_without_a_choice(self):
        for failure in ("wrong-key", "no-money", "too-large", "unknown-model"):
            self.services.fail("openai", failure)
            self.assertEqual(self.transcribe().returncode, 1, failure)
        for kind in KINDS:
            self.assertEqual(self.services.uploads(kind) > 0, kind == "openai", kind)

    def test_after_failure(self):
        self.session.settings(fallback_provider="deepgram")
        self.services.ask("text", "deepgram", "The second service heard this.")
        self.services.fail("openai", "no-money")
        result = self.transcribe()
        self.assertEqual((result.returncode, result.stdout.strip()),
                         (0, "The second service heard this."), result.stderr)
        chunks = [chunk for chunk in self.last_entry()["chunks"] if chunk["has-speech"]]
        self.assertEqual({chunk["provider"] for chunk in chunks}, {"deepgram"})
        self.assertEqual({chunk["tried"] for chunk in chunks[:1]}, {"openai"})
        port = self.services.addresses["deepgram"].rsplit(":", 1)[1]
        self.assertEqual({chunk["host"] for chunk in chunks}, {f"127.0.0.1:{port}"})
        self.assertIsNone(self.services.complaint("deepgram"))
        self.assertIsNone(self.services.complaint("openai"))

    def test_not_needed(self):
        self.session.settings(fallback_provider="deepgram")
        self.assertEqual(self.transcribe().stdout.strip(), SENTENCE)
        self.assertEqual(self.services.uploads("deepgram"), 0)


class Usage(ServicesTest):
    """What was sent is counted, and the cap holds."""

    def usage(self):
        return {row["provider"]: row for row in self.session.call("ListUsage")[0]}

    def test_counts_and_survives(self):
        session = self.session
        session.start_service()
        set_up(session, self.services, "openai")
        self.assertEqual(self.transcribe().returncode, 0)
        first = self.usage()["openai"]
        self.assertEqual(first["requests"], self.services.uploads("openai"))
        self.assertGreater(first["sent"], 1000)
        self.assertGreater(first["cost"], 0)
        session.whis("quit")
        session.service.wait(60)
        session.start_service()
        give_key(session, "openai", self.services.keys["openai"])
        self.assertEqual(self.transcribe().returncode, 0)
        second = self.usage()["openai"]
        self.assertEqual(second["requests"], self.services.uploads("openai"))
        self.assertEqual(second["sent"], 2 * first["sent"])
        listed = session.whis("usage")
        self.assertRegex(listed.stdout, r"openai +2 ")

    def test_cap(self):
        session = self.session
        set_up(session, self.services, "openai")
        session.settings(prices__openai="0.6")
        self.assertEqual(self.transcribe().returncode, 0)
        session.settings(monthly_caps__openai="0.01")
        before = self.services.uploads("openai")
        result = self.transcribe()
        self.assertEqual(result.returncode, 1)
        self.assertIn("monthly cap", result.stderr)
        self.assertEqual(self.services.uploads("openai"), before, "nothing was sent")
        session.settings(monthly_caps__openai="")
        self.assertEqual(self.transcribe().returncode, 0)


class Interrupted(ServicesTest):
    """A file that was not finished goes on where it stopped."""

    def make_long(self):
        path = os.path.join(self.session.directory, "long.wav")
        subprocess.run(["sox", *[SPEECH] * 8, path], check=True)
        return path

    def test_goes_on(self):
        session = self.session
        set_up(session, self.services, "openai")
        session.settings(longest_chunk="10")
        path = self.make_long()
        whole = session.whis("transcribe", path)
        self.assertEqual(whole.returncode, 0, whole.stderr)
        pieces = self.services.uploads("openai")
        self.assertGreater(pieces, 3)
        session.call("DeleteHistoryEntries", "(as)", [self.last_entry()["id"]])
        self.services.fail("openai", "too-large")
        broken = session.whis("transcribe", path)
        self.assertEqual(broken.returncode, 1)
        self.assertEqual(self.services.uploads("openai"), 2 * pieces)
        again = session.whis("transcribe", path)
        self.assertEqual((again.returncode, again.stdout), (0, whole.stdout), again.stderr)
        self.assertEqual(self.services.uploads("openai"), 2 * pieces + 1, "only what was missing")
        (entries, total) = session.call("ListHistory", "(a{sv})", {})
        self.assertEqual((total, entries[0]["state"]), (1, "done"))

    def test_other_model_begins_anew(self):
        session = self.session
        set_up(session, self.services, "openai")
        session.settings(longest_chunk="10")
        path = self.make_long()
        self.services.fail("openai", "too-large")
        self.assertEqual(session.whis("transcribe", path).returncode, 1)
        pieces = self.services.uploads("openai")
        self.assertEqual(session.whis("transcribe", "--model", "whisper-1", path).returncode, 0)
        # This model gives times, and where they leave speech without a word it is asked again.
        self.assertGreaterEqual(self.services.uploads("openai"), 2 * pieces)


class LiveTest(ServicesTest):
    """Somebody speaks while a service hears it."""

    pulse = True

    def make_speech(self):
        """A quarter of a minute of recorded speech: more than one piece."""
        names = subprocess.run(["dpkg", "-L", "pocketsphinx-testdata"], stdout=subprocess.PIPE,
                               text=True, check=True).stdout.split()
        path = os.path.join(self.session.directory, "speech.wav")
        speech = [name for name in names if "sense_and_sensibility" in name and ".wav" in name]
        subprocess.run(["sox", *sorted(speech)[:3], path, "pad", "0", "0.6"], check=True)
        return path

    def dictate(self, kind, drop_at, web_text, sentences=SENTENCES):
        """Speaks; returns the outcome and what the live server says."""
        session = self.session
        live = FakeRealtime(session, kind, sentences, drop_at)
        switchboard = Switchboard(self.services.addresses[kind], live.address)
        self.addCleanup(switchboard.close)
        self.services.ask("key", kind, LIVE_KEY)
        self.services.ask("text", kind, web_text)
        session.start_service()
        path = "/v1" if kind == "openai" else ""
        session.settings(provider=kind, live="true", longest_chunk="10",
                         **{f"addresses__{kind}": switchboard.address + path})
        give_key(session, kind, LIVE_KEY)
        dictation = session.start_dictation(deliver=False)
        session.play(self.make_speech())
        session.wait_until(lambda: any(SENTENCES[0] in a[1] for name, a in session.events
                                       if name == "PartialText"),
                           "no text while somebody speaks")
        self.assertEqual(session.get("State"), "recording")
        session.call("Stop")
        outcome = session.outcome(dictation)
        return outcome, live.report()


class Live(LiveTest):
    """Text while the user speaks."""

    def check(self, kind):
        outcome, report = self.dictate(kind, 0, "not asked for")
        self.assertEqual(report["complaint"], "")
        self.assertEqual(report["connections"], 1)
        self.assertGreaterEqual(report["commits"], 2)
        self.assertEqual(outcome, ("finished", " ".join(SENTENCES[:report["commits"]])))
        self.assertEqual(self.services.uploads(kind), 0, "no sound is sent twice")
        hosts = {chunk["host"] for chunk in self.last_entry()["chunks"] if chunk["has-speech"]}
        self.assertEqual(len(hosts), 1)

    def test_openai(self):
        self.check("openai")

    def test_deepgram(self):
        self.check("deepgram")

    def test_elevenlabs(self):
        self.check("elevenlabs")


class LiveGuards(LiveTest):
    """What is removed from a live text, and what is heard again because of it."""

    def test_inventions(self):
        """What nobody said is not in a live text either, and what was said is: "thank you", too."""
        said = [f"{sentence} Thank you." for sentence in SENTENCES]
        sent = [f"[Music] {said[0]}<|endoftext|>", said[1] + " and so on" * 150, *said[2:]]
        outcome, report = self.dictate("openai", 0, "not asked for", sent)
        self.assertEqual(report["complaint"], "")
        expected = [said[0], said[1] + " and so on", *said[2:]][:report["commits"]]
        self.assertEqual(outcome, ("finished", " ".join(expected)))
        self.assertEqual(self.services.uploads("openai"), 0, "nothing has to be heard again")
        counted = self.session.whis("stats").stdout.splitlines()
        columns = counted[0].split()
        numbers = dict(zip(columns, counted[1].split()))
        self.assertEqual((numbers["pieces"], numbers["loops"], numbers["sounds"]),
                         (str(report["commits"]), "1", "2"), counted)

    def test_doubtful(self):
        """Where a text repeats itself the recorded piece is heard, as with every answer."""
        sent = [SENTENCES[0], "and so on " * 8, *SENTENCES[2:]]
        outcome, report = self.dictate("openai", 0, PIECE, sent)
        self.assertEqual(report["complaint"], "")
        self.assertEqual(outcome[0], "finished")
        # It may have been the text of several pieces.
        rest = "".join(f" {sentence}" for sentence in SENTENCES[2:report["commits"]])
        self.assertRegex(outcome[1], f"^{SENTENCES[0]}( {PIECE})+{rest}$")
        self.assertGreaterEqual(self.services.uploads("openai"), 1)


class LiveLost(LiveTest):
    """All of the text, though the connection is lost."""

    def check_lost(self, kind):
        outcome, report = self.dictate(kind, 2, PIECE)
        self.assertEqual(report["complaint"], "")
        self.assertEqual(outcome[0], "finished", outcome)
        self.assertTrue(outcome[1].startswith(SENTENCES[0]), outcome[1])
        def texts():
            spoken = [chunk for chunk in self.last_entry()["chunks"] if chunk["has-speech"]]
            return spoken if all(chunk["text"] for chunk in spoken) else None

        # Records are written behind the text.
        spoken = self.session.wait_until(texts, "a piece has no text")
        self.assertEqual([chunk["text"] for chunk in spoken],
                         [SENTENCES[0]] + [PIECE] * (len(spoken) - 1))
        # The rest of a piece whose words are too few for its sound is asked for again.
        self.assertGreaterEqual(self.services.uploads(kind), len(spoken) - 1)
        warnings = [a[1] for name, a in self.session.events if name == "Warning"]
        self.assertTrue(any("nothing is lost" in sentence for sentence in warnings), warnings)

    def test_openai_is_lost(self):
        self.check_lost("openai")

    def test_elevenlabs_is_lost(self):
        self.check_lost("elevenlabs")

    def test_deepgram_is_lost(self):
        self.check_lost("deepgram")


if __name__ == "__main__":
    tap.main()
