#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Services and their keys, by the methods of the bus."""

import os
import sys
import urllib.parse

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [TESTS, os.path.join(TESTS, "service")]
# pylint: disable=wrong-import-position
import tap
from fakes.fake_services import FakeService
from test_methods import BusTest
from whis_session import INTERFACE, SPEECH


class Keys(BusTest):
    """Keys come in by a pipe, and never go out again."""

    def set_key(self, content, service="groq"):
        return self.call_on(INTERFACE, "SetKey", "(sh)", service, 0,
                            files=[self.make_pipe(content)])

    def source_of(self, service):
        (rows,) = self.call_on(INTERFACE, "ListProviders")
        (row,) = [row for row in rows if row["id"] == service]
        self.assertNotIn("sk-", str(row))
        return row["key-source"]

    def test_kept_until_the_service_ends(self):
        """There is no keyring here."""
        self.assertEqual(self.source_of("groq"), "")
        stored, message = self.set_key(b"sk-first\n")
        self.assertEqual(stored, "session")
        self.assertRegex(message, r"\.$")
        self.assertEqual(self.source_of("groq"), "session")
        self.set_key(b"  sk-second\r\n")
        self.call_on(INTERFACE, "RemoveKey", "(s)", "groq")
        self.assertEqual(self.source_of("groq"), "")
        self.call_on(INTERFACE, "RemoveKey", "(s)", "groq")

    def test_what_is_no_key(self):
        for content in (b"", b"\n", b"two\nlines", b"with blank", b"nul\0byte", b"x" * 9000,
                        "schlüssel".encode(), b"\x1b[2J", b"bell\x07"):
            with self.subTest(content=content[:12]):
                name, sentence = self.error_of(INTERFACE, "SetKey", "(sh)", "openai", 0,
                                               files=[self.make_pipe(content)])
                self.assertIn(name, ("Key", "Arguments"))
                self.assertNotIn("lines", sentence)  # nothing of it is said
                self.assertEqual(self.source_of("openai"), "")

    def test_pipe_without_an_end(self):
        """Who forgets to close the pipe is told so; what came until then is no key."""
        reader, writer = os.pipe()
        self.addCleanup(os.close, reader)
        self.addCleanup(os.close, writer)
        os.write(writer, b"sk-half")
        sentence = self.assert_refused("Arguments", INTERFACE, "SetKey", "(sh)", "mistral", 0,
                                       files=[reader])
        self.assertIn("Close the pipe", sentence)
        self.assertEqual(self.source_of("mistral"), "")

    def test_file_in_place_of_a_pipe(self):
        self.call_on(INTERFACE, "SetKey", "(sh)", "deepgram", 0,
                     files=[self.make_file("key", b"sk-of-a-file\n")])
        self.assertEqual(self.source_of("deepgram"), "session")
        self.call_on(INTERFACE, "RemoveKey", "(s)", "deepgram")
        for flags in (os.O_WRONLY, os.O_RDONLY | os.O_DIRECTORY):
            path = self.session.directory if flags & os.O_DIRECTORY else "/dev/null"
            self.assert_refused("Arguments", INTERFACE, "SetKey", "(sh)", "deepgram", 0,
                                files=[self.open_file(path, flags)])

    def test_missing(self):
        result, message = self.call_on(INTERFACE, "CheckKey", "(s)", "deepgram")
        self.assertEqual(result, "missing")
        self.assertRegex(message, r"\.$")


class Providers(BusTest):
    """The services: what there is of them, and what they say."""

    def rows(self):
        return {row["id"]: row for row in self.call_on(INTERFACE, "ListProviders")[0]}

    def set_key(self, key):
        self.call_on(INTERFACE, "SetKey", "(sh)", "custom", 0, files=[self.make_pipe(key)])

    def set_address(self, address):
        """Of the own server; returns when the service has read the setting."""
        self.session.settings(addresses__custom=address)
        host = urllib.parse.urlsplit(address).netloc
        self.session.wait_until(lambda: self.rows()["custom"]["host"] == host,
                                f"{self.rows()['custom']['host']} instead of {host}")

    def test_rows(self):
        rows = self.rows()
        self.assertGreater(len(rows), 8)
        types = {"needs-key": bool, "takes-key": bool, "has-key": bool, "key-source": str,
                 "key-page": str, "own-address": bool, "address-hint": str, "needs-model": bool,
                 "live-models": list, "limit": int, "models": list, "host": str, "note": str,
                 "name": str}
        for name, row in rows.items():
            with self.subTest(service=name):
                self.assertEqual({key: type(row[key]) for key in types}, types)
                self.assertLessEqual(row["needs-key"], row["takes-key"])
                self.assertEqual((row["has-key"], row["key-source"]), (False, ""))
                self.assertGreater(row["limit"], 0)
                self.assertTrue(row["key-page"].startswith("https://") or not row["needs-key"])
        self.assertTrue(rows["custom"]["own-address"])
        self.assertIn("127.0.0.1", rows["custom"]["host"])
        self.assertEqual(rows["groq"]["host"], "api.groq.com")

    def test_models(self):
        """What the service itself lists; that it does not answer is told as its failure."""
        self.provider.models = ["first", "second"]
        (rows,) = self.call_on(INTERFACE, "ListModels", "(s)", "custom")
        self.assertEqual([row["id"] for row in rows], ["first", "second"])
        gone = FakeService()
        gone.close()
        try:
            self.set_address(gone.address)
            name, sentence = self.error_of(INTERFACE, "ListModels", "(s)", "custom")
            self.assertEqual(name, "Provider")
            self.assertIn("Is the server running?", sentence)
        finally:
            self.set_address(self.provider.address)
        self.assertEqual(len(self.call_on(INTERFACE, "ListModels", "(s)", "custom")[0]), 2)

    def test_key_verdicts(self):
        """What the service says of a key, without the key in the sentence."""
        self.provider.key = "sk-right"
        try:
            for key, verdict in ((b"sk-wrong", "wrong"), (b"sk-right", "ok")):
                self.set_key(key)
                result, message = self.call_on(INTERFACE, "CheckKey", "(s)", "custom")
                self.assertEqual(result, verdict)
                self.assertRegex(message, r"^[A-Z].*\.\)?$")  # the service's words are behind it
                self.assertNotIn(key.decode(), message)
                self.assertTrue(self.rows()["custom"]["has-key"])
        finally:
            self.provider.key = None
            self.call_on(INTERFACE, "RemoveKey", "(s)", "custom")
        self.assertFalse(self.rows()["custom"]["has-key"])

    def test_no_key_for_it(self):
        """A service that takes none says so, and nothing of the key is kept."""
        for name, row in self.rows().items():
            if row["takes-key"]:
                continue
            with self.subTest(service=name):
                for method, signature, more in (("SetKey", "(sh)", (0,)), ("RemoveKey", "(s)", ())):
                    error, sentence = self.error_of(INTERFACE, method, signature, name, *more,
                                                    files=[self.make_pipe(b"sk-key")])
                    self.assertEqual(error, "Arguments")
                    self.assertIn("needs no key", sentence)

    def test_usage(self):
        """What was sent is counted by month and service."""
        self.assertEqual(self.call_on(INTERFACE, "ListUsage"), ([],))
        (dictation,) = self.call_on(INTERFACE, "TranscribeFile", "(hsa{sv})", 0, "talk.wav", {},
                                    files=[self.open_file(SPEECH)])
        self.assertEqual(self.session.outcome(dictation), ("finished", "plain words"))
        ((row,),) = self.call_on(INTERFACE, "ListUsage")
        self.assertEqual((row["provider"], row["requests"]), ("custom", 1))
        self.assertRegex(row["month"], r"^\d{4}-\d\d$")
        self.assertGreater(row["sent"], 1000)
        self.assertNotIn("cost", row)  # nobody knows what an own server costs


if __name__ == "__main__":
    tap.main()
