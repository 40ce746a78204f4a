#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The service and its command line where they are handled roughly."""

import os
import pathlib
import signal
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# pylint: disable=wrong-import-position
import tap
from fakes.fake_services import FakeService, reply, text
from gi.repository import Gio, GLib
from whis_session import APP_ID, INTERFACE, PATH, SPEECH, WhisSession

WATCHER_XML = (pathlib.Path(__file__).resolve().parents[2] / "data" / "dbus"
               / "org.kde.StatusNotifierWatcher.xml")
WORDS = "Grüße aus Łódź"


class RoughTest(unittest.TestCase):
    """A service with a fake provider on loopback."""

    def setUp(self):
        self.provider = FakeService(text(WORDS))
        self.addCleanup(self.provider.close)
        self.session = WhisSession(pulse=self.pulse)
        self.addCleanup(self.session.close)
        self.session.settings(provider="custom", addresses__custom=self.provider.address)

    pulse = False

    def run_whis(self, *arguments, **options):
        """Runs `whis` with bytes for output."""
        options.setdefault("stdin", subprocess.DEVNULL)
        options.setdefault("stdout", subprocess.PIPE)
        options.setdefault("env", self.session.environment)
        return subprocess.run([self.session.environment["WHIS_PROGRAM"], *arguments],
                              stderr=subprocess.PIPE, timeout=500, check=False, **options)

    def spawn_whis(self, *arguments):
        """Starts `whis` and lets it run."""
        return self.session.spawn(self.session.environment["WHIS_PROGRAM"], *arguments,
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, text=True)

    def assert_usable(self):
        """After whatever happened, a file is transcribed as ever."""
        self.provider.answers = []
        self.provider.default = text("still alive")
        result = self.run_whis("transcribe", SPEECH)
        self.assertEqual((result.stdout, result.returncode), (b"still alive\n", 0), result.stderr)


class FirstDictation(RoughTest):
    """The first dictation in a new home: GStreamer looks through its plugins before."""

    pulse = True

    def setUp(self):
        super().setUp()
        scanner = subprocess.run(["pkg-config", "--variable=pluginscannerdir", "gstreamer-1.0"],
                                 capture_output=True, text=True, check=True).stdout.strip()
        self.scans = os.path.join(self.session.directory, "scans")
        self.scanned = os.path.join(self.session.directory, "scanned")
        slow = os.path.join(self.session.directory, "scanner")
        with open(slow, "w", encoding="utf-8") as file:
            file.write(f"""#!/bin/sh
echo >>"{self.scans}"
while [ ! -e "{self.scanned}" ]; do sleep 0.1; done
exec {scanner}/gst-plugin-scanner "$@"
""")
        os.chmod(slow, 0o755)
        self.session.environment["GST_PLUGIN_SCANNER"] = slow
        self.session.environment["GST_REGISTRY"] = os.path.join(self.session.directory, "registry")
        self.addCleanup(self.end_scan)

    def end_scan(self):
        """Lets the look through the plugins go on, which takes as long as a test wants."""
        with open(self.scanned, "w", encoding="utf-8"):
            pass

    def count_scans(self):
        """How often GStreamer has looked through its plugins."""
        if not os.path.exists(self.scans):
            return 0
        with open(self.scans, encoding="utf-8") as file:
            return len(file.readlines())

    def start_watcher(self):
        """A panel that takes icons, but draws none."""
        node = Gio.DBusNodeInfo.new_for_xml(WATCHER_XML.read_text(encoding="utf-8"))
        self.session.bus.register_object(
            "/StatusNotifierWatcher", node.interfaces[0],
            lambda *call: call[-1].return_value(None),
            lambda *call: {"IsStatusNotifierHostRegistered": GLib.Variant("b", True),
                           "ProtocolVersion": GLib.Variant("i", 0)}.get(
                               call[-1], GLib.Variant("as", [])), None)
        self.session.bus.call_sync(
            "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "RequestName",
            GLib.Variant("(su)", ("org.kde.StatusNotifierWatcher", 0)), None,
            Gio.DBusCallFlags.NONE, -1, None)

    def test_wait_is_explained(self):
        """Who does not wait for the icon is told; the sound server is not to blame."""
        session = self.session
        session.start_service()
        (dictation,) = session.call("Start", "(a{sv})", {"deliver": GLib.Variant("b", False)})
        (_, sentence) = session.wait_until(
            lambda: next((a for n, a in session.events if n == "Warning"), None), "nobody is told")
        self.assertIn("plugins", sentence)
        self.assertEqual(session.get("State"), "starting")
        self.end_scan()
        session.wait_for(dictation, "recording")
        session.play()
        session.call("Stop")
        self.assertEqual(session.outcome(dictation), ("finished", WORDS))

    def test_icon_comes_when_it_can_be_clicked(self):
        """Who sees it may click it and speak: nothing is looked for then."""
        session = self.session
        self.start_watcher()
        session.start_service()
        session.wait_until(self.count_scans, "GStreamer is not started")
        self.assertFalse(session.get("Tray"))
        self.end_scan()
        session.wait_until(lambda: session.get("Tray"), "the icon does not come")
        scans = self.count_scans()
        dictation = session.start_dictation(deliver=False)
        session.play()
        session.call("Stop")
        self.assertEqual(session.outcome(dictation), ("finished", WORDS))
        self.assertEqual(self.count_scans(), scans)
        self.assertEqual([n for n, _ in session.events if n == "Warning"], [])


class SoundServer(RoughTest):
    """PulseAudio, when it hangs or dies."""

    pulse = True

    def test_hangs_in_the_middle(self):
        """What was said until then becomes text, whatever the server does."""
        session = self.session
        session.start_service()
        dictation = session.start_dictation(deliver=False)
        session.play()
        session.pulse.send_signal(signal.SIGSTOP)
        session.call("Stop")
        # The library gives the server up after 30 seconds; nobody is to wait for that.
        outcome = session.outcome(dictation, seconds=20)
        session.pulse.send_signal(signal.SIGCONT)
        self.assertEqual(outcome, ("finished", WORDS))
        self.assert_usable()

    def test_dies_while_it_is_watched(self):
        """The meter of the preferences does not stay where it was."""
        session = self.session
        session.start_service()
        session.call("WatchInput", "(sb)", "", True)
        session.wait_until(lambda: session.get("Level") > -100, "no level")
        session.pulse.kill()
        session.wait_until(lambda: session.get("Level") == -100, "the level stays")


class Strangers(RoughTest):
    """What others may send."""

    def test_handles_that_are_none(self):
        session = self.session
        session.start_service()
        calls = {"TranscribeFile": lambda handle: GLib.Variant("(hsa{sv})", (handle, "x", {})),
                 "SetKey": lambda handle: GLib.Variant("(sh)", ("openai", handle))}
        for method, make in calls.items():
            for handle in (-1, -2, 1, 2**31 - 1, -2**31):
                with self.subTest(method=method, handle=handle), open(SPEECH, "rb") as file:
                    files = Gio.UnixFDList.new_from_array([os.dup(file.fileno())])
                    with self.assertRaises(GLib.Error) as caught:
                        session.bus.call_with_unix_fd_list_sync(
                            APP_ID, PATH, INTERFACE, method, make(handle), None,
                            Gio.DBusCallFlags.NONE, 60000, files, None)
                    self.assertIn("Arguments", caught.exception.message)
        self.assertNotIn("CRITICAL", session.read_log())
        self.assert_usable()

    def test_key_that_does_not_end(self):
        """A pipe that stays open, empty or behind half of a key, is not waited for without end."""
        session = self.session
        session.start_service()
        for sent in (b"", b"sk-half-of-a-"):
            with self.subTest(sent=sent):
                reader, writer = os.pipe()
                os.write(writer, sent)
                files = Gio.UnixFDList.new_from_array([reader])
                with self.assertRaises(GLib.Error) as caught:
                    session.bus.call_with_unix_fd_list_sync(
                        APP_ID, PATH, INTERFACE, "SetKey", GLib.Variant("(sh)", ("openai", 0)), None,
                        Gio.DBusCallFlags.NONE, 60000, files, None)
                os.close(writer)
                self.assertIn("not sent to its end", caught.exception.message)
        self.assert_usable()

    def test_answer_of_nothing_but_lines(self):
        """The service has other things to do than to join every line to all before it."""
        self.provider.default = reply(200, {"text": "a\n" * 30000})
        result = self.run_whis("transcribe", SPEECH)
        self.assertEqual(result.stdout.strip(), b"a", "what is said again and again was said once")
        self.assert_usable()

    def test_answer_that_nobody_can_have_said(self):
        """Neither words nor bytes without end are worked on."""
        for text, says in (("one more " * 20000, b"longer than anything"), ("a" * 2000000, b"makes no sense")):
            with self.subTest(says=says):
                self.provider.default = reply(200, {"text": text})
                result = self.run_whis("transcribe", SPEECH)
                self.assertNotEqual(result.returncode, 0)
                self.assertIn(says, result.stderr)
        self.assert_usable()

    def test_controls_in_a_text(self):
        """Nothing that a terminal would obey: C0 and C1 (ISO/IEC 6429)."""
        self.provider.default = reply(200, {"text": "red \x1b[31m \x9b31m \x07 end"})
        self.assertEqual(self.run_whis("transcribe", SPEECH).stdout, b"red [31m 31m end\n")


if __name__ == "__main__":
    # Under nohup the programs that are started here would not notice that a terminal is closed.
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    tap.main()
