#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A key that cannot be had: what is spoken is recorded all the same."""

import os
import signal
import subprocess
import sys
import unittest

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [TESTS, os.path.join(TESTS, "service")]
# pylint: disable=wrong-import-position
import tap
from fakes.fake_services import FakeService, text
from gi.repository import Gio, GLib
from whis_session import WhisSession


class Keyring(unittest.TestCase):
    """A service that needs a key."""

    def setUp(self):
        self.session = WhisSession()
        self.addCleanup(self.session.close)
        self.session.settings(provider="groq", notify_finished="false")

    def start_keyring(self):
        keyring = self.session.spawn(
            "gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets",
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        keyring.stdin.write(b"password")
        keyring.stdin.close()
        self.session.wait_until(self.has_keyring, "no keyring comes")
        return keyring

    def has_keyring(self):
        return self.session.bus.call_sync(
            "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
            "NameHasOwner", GLib.Variant("(s)", ("org.freedesktop.secrets",)), None,
            Gio.DBusCallFlags.NONE, -1, None).unpack()[0]

    def ask_keyring(self, interface, method, signature, *arguments):
        return self.session.bus.call_sync(
            "org.freedesktop.secrets", "/org/freedesktop/secrets", interface, method,
            GLib.Variant(signature, arguments), None, Gio.DBusCallFlags.NONE, -1, None).unpack()

    def unlock(self):
        """As at a login: with the password, and without a question."""
        _, path = self.ask_keyring("org.freedesktop.Secret.Service", "OpenSession", "(sv)", "plain",
                                   GLib.Variant("s", ""))
        self.ask_keyring("org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface",
                         "UnlockWithMasterPassword", "(o(oayays))",
                         "/org/freedesktop/secrets/collection/login",
                         (path, b"", b"password", "text/plain"))

    def stop(self, keyring):
        keyring.send_signal(signal.SIGSTOP)
        self.addCleanup(keyring.send_signal, signal.SIGCONT)

    def record_past_warning(self, words):
        """Speaks until a warning has come, and goes on; what is said after it is recorded, too."""
        session = self.session
        dictation = session.start_dictation()
        session.play()
        session.wait_until(
            lambda: any(name == "Warning" and words in arguments[1]
                        for name, arguments in session.events), "nobody says so", 60)
        self.assertEqual(session.get("State"), "recording")
        before = session.get("Elapsed")
        session.play()
        self.assertGreater(session.get("Elapsed"), before + 2000)
        session.call("Stop")
        return dictation

    def test_no_answer(self):
        """A keyring that does not answer: the dictation waits, and nothing is called missing."""
        session = self.session
        keyring = self.start_keyring()
        session.start_service()
        self.stop(keyring)
        dictation = self.record_past_warning("keyring does not answer")
        outcome = session.outcome(dictation)
        self.assertEqual(outcome[:2], ("failed", "keyring"), outcome)
        self.assertEqual(session.states(dictation)[-1], "waiting")
        (entry,) = session.call("GetHistoryEntry", "(s)", dictation)
        self.assertGreater(entry["length"], 5000)
        self.assertTrue(entry["has-sound"])

    def test_unlocked_later(self):
        """Nobody answers its question; when it is opened later, what waited goes on by itself."""
        session = self.session
        self.start_keyring()
        subprocess.run(["secret-tool", "store", "--label=Key", "xdg:schema",
                        "io.github.whis_gtk.Whis", "provider", "groq"], input="gsk-locked", text=True,
                       check=True, env=session.environment)
        session.start_service()
        self.ask_keyring("org.freedesktop.Secret.Service", "Lock", "(ao)",
                         ["/org/freedesktop/secrets/aliases/default"])
        dictation = self.record_past_warning("is locked")
        self.assertEqual(session.outcome(dictation)[:2], ("failed", "keyring"))
        self.assertEqual(session.states(dictation)[-1], "waiting")
        session.wait_until(lambda: session.get("Unfinished") == 1, "it is not waited for")
        session.events.clear()
        self.unlock()
        # It has its key now, and is on its way to its service, which nobody reaches from here.
        session.wait_until(lambda: "transcribing" in session.states(dictation),
                           "it does not go on", 20)

    def test_second_service(self):
        """The service that the user named for such cases is asked."""
        session = self.session
        provider = FakeService(text("words"))
        self.addCleanup(provider.close)
        session.settings(addresses__custom=provider.address, fallback_provider="custom")
        keyring = self.start_keyring()
        session.start_service()
        self.stop(keyring)
        dictation = session.start_dictation(deliver=False)
        session.play()
        session.call("Stop")
        self.assertEqual(session.outcome(dictation), ("finished", "words"))

    def test_no_key(self):
        """There is none at all: said at once, and what is spoken all the same is kept."""
        session = self.session
        session.start_service()
        dictation = self.record_past_warning("There is no API key for Groq")
        outcome = session.outcome(dictation)
        self.assertEqual(outcome[:2], ("failed", "key-missing"), outcome)
        self.assertEqual(outcome[3], "sound")
        (entry,) = session.call("GetHistoryEntry", "(s)", dictation)
        self.assertGreater(entry["length"], 5000)


if __name__ == "__main__":
    tap.main()
