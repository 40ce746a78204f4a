#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What `whis doctor` says of a session."""

import os
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# pylint: disable=wrong-import-position
import tap
from fakes.fake_services import FakeService, text
from gi.repository import Gio, GLib
from whis_session import APP_ID, PATH, WhisSession

# A service that has the areas of insertion and shortcuts, with answers that a test chooses.
AREAS = """
<node>
  <interface name="io.github.whis_gtk.Whis1.Delivery">
    <method name="Describe"><arg type="a(sbs)" direction="out"/></method>
  </interface>
  <interface name="io.github.whis_gtk.Whis1.Shortcuts">
    <method name="Describe"><arg type="a{sv}" direction="out"/></method>
  </interface>
</node>
"""


class Doctor(unittest.TestCase):
    """A service, a fake provider and as much of a desktop as a test wants."""

    def setUp(self):
        self.provider = FakeService(text("words"))
        self.addCleanup(self.provider.close)

    def open(self, **options):
        session = WhisSession(**options)
        self.addCleanup(session.close)
        session.settings(provider="custom", addresses__custom=self.provider.address)
        session.environment["DISPLAY"] = ":nobody-looks"
        tool = os.path.join(session.directory, "xclip")
        with open(tool, "w", encoding="utf-8") as file:
            file.write("#!/bin/sh\n")
        os.chmod(tool, 0o755)
        session.environment["PATH"] = f"{session.directory}:/bin"
        return session

    def run_doctor(self, session, *options, status=0):
        """The lines, by what they are about: (mark, sentence)."""
        result = session.whis("doctor", *options)
        self.assertEqual(result.stderr, "")
        self.assertEqual(result.returncode, status, result.stdout)
        lines = {}
        for line in result.stdout.splitlines():
            mark, rest = line.split(maxsplit=1)
            about, sentence = rest.split(": ", 1)
            lines.setdefault(about, []).append((mark, sentence))
        return lines

    def test_all_is_well(self):
        session = self.open()
        session.start_service()
        lines = self.run_doctor(session)
        (mark, microphone), = lines["Microphone"]
        self.assertEqual(mark, "ok")
        self.assertIn("can be opened", microphone)
        self.assertEqual(lines["Recogniser"][0][0], "ok")
        self.assertIn("--online", lines["Recogniser"][1][1])
        self.assertEqual(lines["Clipboard"], [("ok", "xclip")])
        self.assertEqual(lines["Icon"][0][0], "note")
        self.assertEqual(lines["Keyring"][0][0], "note")
        self.assertIn("gnome-shell", lines["Insertion"][0][1])
        self.assertIn("whis toggle", lines["Shortcuts"][0][1])
        self.assertEqual(self.provider.requests, [])
        session.wait_until(lambda: session.get("Level") == -100, "the microphone stays open")

    def test_online(self):
        session = self.open()
        session.start_service()
        self.assertIn("answers", self.run_doctor(session, "--online")["Recogniser"][1][1])
        self.provider.key = "sk-other"
        (mark, sentence) = self.run_doctor(session, "--online", status=1)["Recogniser"][1]
        self.assertEqual(mark, "PROBLEM")
        self.assertIn("key", sentence)

    def test_no_key(self):
        session = self.open()
        session.settings(provider="groq")
        session.start_service()
        ((mark, sentence),) = self.run_doctor(session, status=1)["Recogniser"]
        self.assertEqual(mark, "PROBLEM")
        self.assertIn("whis key set groq", sentence)

    def test_no_microphone(self):
        session = self.open(microphone=False)
        session.start_service()
        ((mark, sentence),) = self.run_doctor(session, status=1)["Microphone"]
        self.assertEqual(mark, "PROBLEM")
        self.assertIn("plug", sentence)

    def test_chosen_microphone_is_gone(self):
        session = self.open()
        session.settings(microphone="other-microphone")
        session.start_service()
        ((mark, sentence),) = self.run_doctor(session, status=1)["Microphone"]
        self.assertEqual(mark, "PROBLEM")
        self.assertIn("not there", sentence)

    def test_no_sound_server(self):
        session = self.open(pulse=False)
        session.environment["PULSE_SERVER"] = f"unix:{session.directory}/no-such"
        session.start_service()
        self.assertEqual(self.run_doctor(session, status=1)["Microphone"][0][0], "PROBLEM")

    def test_no_clipboard(self):
        session = self.open()
        os.unlink(os.path.join(session.directory, "xclip"))
        session.environment["PATH"] = session.directory
        session.start_service()
        ((mark, sentence),) = self.run_doctor(session, status=1)["Clipboard"]
        self.assertEqual(mark, "PROBLEM")
        self.assertIn("“xclip”", sentence)

    def test_recording(self):
        """The microphone is not taken away from a dictation."""
        session = self.open()
        session.start_service()
        dictation = session.start_dictation(deliver=False)
        self.assertIn("records", self.run_doctor(session)["Microphone"][0][1])
        session.play()
        session.call("Stop")
        self.assertEqual(session.outcome(dictation), ("finished", "words"))

    def describe(self, session, ways, shortcuts):
        """Runs it against a service that has what this one has not yet."""
        answers = {"io.github.whis_gtk.Whis1.Delivery": GLib.Variant("(a(sbs))", (ways,)),
                   "io.github.whis_gtk.Whis1.Shortcuts": GLib.Variant("(a{sv})", (shortcuts,))}

        def answer(_bus, _sender, _path, interface, _method, _arguments, invocation):
            invocation.return_value(answers[interface])

        for interface in Gio.DBusNodeInfo.new_for_xml(AREAS).interfaces:
            identifier = session.bus.register_object(PATH, interface, answer, None, None)
            self.addCleanup(session.bus.unregister_object, identifier)
        session.bus.call_sync("org.freedesktop.DBus", "/org/freedesktop/DBus",
                              "org.freedesktop.DBus", "RequestName",
                              GLib.Variant("(su)", (APP_ID, 0)), None, Gio.DBusCallFlags.NONE, -1,
                              None)
        process = session.spawn(session.environment["WHIS_PROGRAM"], "doctor",
                                stdout=subprocess.PIPE, encoding="utf-8")
        session.wait_until(lambda: process.poll() is not None, "it does not end")
        return process.stdout.read()

    def test_insertion_and_shortcuts(self):
        session = self.open()
        output = self.describe(
            session, [("x11", True, ""), ("portal", False, "The portal was refused.")],
            {"backend": GLib.Variant("s", "x11"),
             "triggers": GLib.Variant("a{ss}", {"toggle": "Super+H"}),
             "problem": GLib.Variant("s", "Another program has Super+J.")})
        self.assertRegex(output, r"ok +Insertion: x11\n")
        self.assertRegex(output, r"note +Insertion: not by portal: The portal was refused\.\n")
        self.assertRegex(output, r"ok +Shortcuts: toggle: Super\+H \(x11\)\n")
        self.assertRegex(output, r"note +Shortcuts: Another program has Super\+J\.\n")


if __name__ == "__main__":
    tap.main()
