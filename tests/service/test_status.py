#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What `whis status --follow` tells panels and scripts, and the module of the documentation."""

import json
import os
import re
import shlex
import subprocess
import sys
import threading
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# pylint: disable=wrong-import-position
import tap
from fakes.fake_services import FakeService, reply, text
from whis_session import WhisSession

WORDS = "quillara mumbles"
FAKE_CLIPBOARD = """#!/bin/sh
case " $* " in
  *" -out "*) cat "$WHIS_TEST_CLIPBOARD" ;;
  *) cat >"$WHIS_TEST_CLIPBOARD" ;;
esac
"""
PAGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "docs", "waybar.md")


class Lines:
    """Reads what a program prints, line by line, in a thread of its own."""

    def __init__(self, session, *command):
        self.session = session
        self.process = session.spawn(*command, stdout=subprocess.PIPE, encoding="utf-8")
        self.lines = []
        self.raw = []
        self.ended = False
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.process.stdout:
            self.raw.append(line)
            self.lines.append(json.loads(line))
        self.ended = True

    def wait_for(self, **members):
        """Waits for a line with these members; returns the first."""
        def find():
            return next((line for line in self.lines
                         if all(line.get(k) == v for k, v in members.items())), None)
        return self.session.wait_until(find, f"no {members} in {self.lines}")


class StatusTest(unittest.TestCase):
    """A service with a fake provider."""

    def setUp(self):
        self.provider = FakeService(text(WORDS))
        self.addCleanup(self.provider.close)
        self.session = WhisSession()
        self.addCleanup(self.session.close)
        self.session.settings(provider="custom", addresses__custom=self.provider.address)

    def follow(self, *options):
        return Lines(self.session, self.session.environment["WHIS_PROGRAM"], "status", "--follow",
                     *options)

    def dictate(self):
        dictation = self.session.start_dictation(deliver=False)
        self.session.play()
        self.session.call("Stop")
        self.session.outcome(dictation)
        return dictation


class Follow(StatusTest):
    """Lines for scripts."""

    def test_states_of_a_dictation(self):
        self.session.start_service()
        lines = self.follow()
        first = lines.wait_for(running=True)
        self.assertEqual((first["state"], first["dictation"]), ("idle", ""))
        dictation = self.dictate()
        done = lines.wait_for(state="done", dictation=dictation)
        self.assertGreater(done["elapsed_ms"], 1000)
        self.assertIn(done["destination"], self.provider.address)
        states = [line["state"] for line in lines.lines if line["dictation"] == dictation]
        in_order = [state for i, state in enumerate(states) if state not in states[:i]]
        self.assertEqual(in_order, ["starting", "recording", "transcribing", "done"])
        for before, after in zip(lines.lines, lines.lines[1:]):
            self.assertNotEqual({**before, "elapsed_ms": 0}, {**after, "elapsed_ms": 0})
        self.assertNotIn(WORDS, "".join(lines.raw))

    def test_failure(self):
        self.provider.default = reply(401, {"error": {"message": "<b>never & no</b>"}})
        self.session.start_service()
        lines = self.follow()
        lines.wait_for(running=True)
        dictation = self.dictate()
        failed = lines.wait_for(state="failed", dictation=dictation, code="key-missing")
        self.assertIn("key", failed["message"])

    def test_text(self):
        self.session.start_service()
        lines = self.follow("--text")
        lines.wait_for(running=True)
        dictation = self.dictate()
        self.assertEqual(lines.wait_for(text=WORDS)["dictation"], dictation)

    def test_outcome(self):
        tool = os.path.join(self.session.directory, "xclip")
        with open(tool, "w", encoding="utf-8") as file:
            file.write(FAKE_CLIPBOARD)
        os.chmod(tool, 0o755)
        environment = self.session.environment
        environment["PATH"] = f"{self.session.directory}:{environment['PATH']}"
        environment["DISPLAY"] = ":nobody-looks"
        environment["WHIS_TEST_CLIPBOARD"] = os.path.join(self.session.directory, "clipboard")
        self.session.start_service()
        lines = self.follow()
        lines.wait_for(running=True)
        dictation = self.session.start_dictation()
        self.session.play()
        self.session.call("Stop")
        lines.wait_for(dictation=dictation, state="done", outcome="copied")

    def test_service_that_comes_back(self):
        self.session.start_service()
        lines = self.follow()
        lines.wait_for(running=True)
        self.session.kill_service()
        lines.wait_for(running=False)
        before = len(lines.lines)
        self.session.start_service()
        self.session.wait_until(
            lambda: any(line["running"] for line in lines.lines[before:]), "it is not seen again")
        dictation = self.dictate()
        lines.wait_for(state="done", dictation=dictation)

    def test_service_that_does_not_come_back(self):
        lines = self.follow()
        lines.wait_for(running=False)
        self.assertEqual(lines.process.wait(120), 3)
        self.assertFalse(self.session.has_service(), "it started the service")

    def test_nobody_reads(self):
        self.session.start_service()
        read, write = os.pipe()
        process = self.session.spawn(self.session.environment["WHIS_PROGRAM"], "status",
                                     "--follow", stdout=write)
        os.close(write)
        with os.fdopen(read) as pipe:
            pipe.readline()
        process.wait(120)

    def test_options(self):
        for options in (["--text"], ["--waybar"], ["--follow", "--text", "--waybar"]):
            self.assertEqual(self.session.whis("status", *options).returncode, 2)


class Waybar(StatusTest):
    """The module as it is pasted from the page."""

    def setUp(self):
        super().setUp()
        with open(PAGE, encoding="utf-8") as file:
            page = file.read()
        block = re.search(r"(?s)```json\n(.*?)```", page).group(1)
        self.module = json.loads("{" + block + "}")["custom/whis"]
        css = re.search(r"(?s)```css\n(.*?)```", page).group(1)
        self.styled = set(re.findall(r"#custom-whis\.([a-z]+)", css))
        self.named = set(re.findall(r"`([a-z]+)`", page.split("The other states are")[1]
                                    .split(".")[0]))

    def run_module(self):
        program, *arguments = shlex.split(self.module["exec"])
        self.assertEqual(program, "whis")
        return Lines(self.session, self.session.environment["WHIS_PROGRAM"], *arguments)

    def test_lines(self):
        """Waybar takes text, alt, class and tooltip, and finds the icon by alt."""
        self.session.start_service()
        lines = self.run_module()
        self.assertEqual(lines.wait_for(alt="idle")["tooltip"], "Whis: idle")
        self.dictate()
        lines.wait_for(alt="done")
        for line in lines.lines:
            self.assertEqual(set(line), {"text", "alt", "class", "tooltip"})
            self.assertEqual((line["text"], line["class"]), ("", line["alt"]))
        self.assertIn("recording", [line["alt"] for line in lines.lines])
        self.assertNotIn(WORDS, "".join(lines.raw))

    def test_off(self):
        self.assertEqual(self.run_module().wait_for(alt="off")["class"], "off")

    def test_tooltip_is_markup(self):
        """Waybar reads it as Pango markup: what a service answers is no entity."""
        self.provider.default = reply(404, {"error": {
            "code": "model_not_found", "message": "never & no"}})
        self.session.start_service()
        lines = self.run_module()
        lines.wait_for(alt="idle")
        self.dictate()
        tooltip = lines.wait_for(alt="failed")["tooltip"]
        self.assertIn("never", tooltip)
        self.assertNotRegex(tooltip, r"<|&(?!amp;|lt;|gt;|quot;|apos;|#)")

    def test_states(self):
        """Each state has a class in the style sheet, or is named as one without."""
        states = {"idle", "starting", "recording", "transcribing", "delivering", "done", "failed",
                  "cancelled", "waiting", "interrupted", "off"}
        self.assertEqual(self.styled | self.named, states)
        self.assertLessEqual(set(self.module["format-icons"]) - {"default"}, states)


if __name__ == "__main__":
    tap.main()
