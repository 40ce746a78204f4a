#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What the summary of a test run counts and names, and that no output of a test ends it."""

import json
import os
import subprocess
import sys
import tempfile
import unittest

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, TESTS)
# pylint: disable=wrong-import-position
import tap

SUMMARY = os.path.join(os.path.dirname(TESTS), "scripts", "summary.py")


def case(name, inner="", program="whis:unit / chunker"):
    return f'<testcase name="{name}" classname="{program}">{inner}</testcase>'


class Summary(unittest.TestCase):
    """Logs as Meson writes them, in a build directory."""

    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.build = directory.name
        os.mkdir(os.path.join(self.build, "meson-logs"))

    def write(self, cases, programs=None, name="testlog", output=""):
        """One run: its test cases, and a line for each program."""
        path = os.path.join(self.build, "meson-logs", name)
        with open(path + ".junit.xml", "w", encoding="utf-8") as report:
            report.write('<?xml version="1.0" encoding="utf-8"?><testsuites><testsuite name="unit">'
                         + "".join(cases) + f"<system-err>{output}</system-err>"
                         + "</testsuite></testsuites>")
        if programs is not None:
            with open(path + ".json", "w", encoding="utf-8") as log:
                for program in programs:
                    log.write(json.dumps(program) + "\n")

    def run_summary(self, status, builds=None):
        """The lines that it prints."""
        result = subprocess.run([sys.executable, SUMMARY, *(builds or [self.build])],
                                capture_output=True, text=True, check=False)
        self.assertEqual((result.returncode, result.stderr), (status, ""), result.stdout)
        return result.stdout.splitlines()

    def test_all_passed(self):
        self.write([case("1 one"), case("2 two")], [{"name": "chunker", "result": "OK"}])
        self.assertEqual(self.run_summary(0), ["2 passed, 0 failed, 0 skipped"])

    def test_failures_are_named(self):
        self.write([case("1 one"), case("2 two", "<failure/>"), case("3 three", "<error/>")],
                   [{"name": "whis:unit / chunker", "result": "FAIL"}])
        self.assertEqual(self.run_summary(1),
                         ["failed: whis:unit / chunker: 2 two", "failed: whis:unit / chunker: 3 three",
                          "failed: whis:unit / chunker (FAIL)", "1 passed, 2 failed, 0 skipped"])

    def test_control_characters(self):
        """A test prints what a terminal got; XML has no place for that."""
        for output in ("\x1b[31mred\x1b[0m", "\x00", "bell\x07 and \ufffe\uffff", "tab\tand\r\nline"):
            with self.subTest(output=output):
                self.write([case("1 one"), case("2 two", f"<failure>{output}</failure>")],
                           output=output)
                self.assertEqual(self.run_summary(1)[-1], "1 passed, 1 failed, 0 skipped")

    def test_bytes_that_are_no_text(self):
        self.write([case("1 one")])
        path = os.path.join(self.build, "meson-logs", "testlog.junit.xml")
        with open(path, "rb") as report:
            text = report.read()
        with open(path, "wb") as report:
            report.write(text.replace(b"<system-err>", b"<system-err>\xff\xfe\x80"))
        self.assertEqual(self.run_summary(0), ["1 passed, 0 failed, 0 skipped"])

    def test_program_that_died(self):
        """It has said of no test that it failed."""
        self.write([case("1 one")], [{"name": "whis:unit / chunker", "result": "ERROR"},
                                     {"name": "whis:unit / frames", "result": "TIMEOUT"},
                                     {"name": "whis:unit / words", "result": "EXPECTEDFAIL"}])
        self.assertEqual(self.run_summary(1),
                         ["failed: whis:unit / chunker (ERROR)", "failed: whis:unit / frames (TIMEOUT)",
                          "1 passed, 2 failed, 0 skipped"])

    def test_reasons_of_the_skipped(self):
        """Newer versions of Meson have them in the other log alone, and other names in it."""
        self.write([case("1 one", '<skipped message="No display"/>'),
                    case("2 two", "<skipped>No network</skipped>"),
                    case("3 three", "<skipped/>", "unit - whis:chunker"),
                    case("4 four", "<skipped/>"), case("5 five")],
                   [{"name": "whis:unit / chunker", "result": "OK",
                     "stdout": "ok 3 three # SKIP No sound\nok 5 five\n"}])
        self.assertEqual(self.run_summary(0),
                         ["skipped: whis:unit / chunker: 1 one: No display",
                          "skipped: whis:unit / chunker: 2 two: No network",
                          "skipped: unit - whis:chunker: 3 three: No sound",
                          "skipped: whis:unit / chunker: 4 four: no reason",
                          "1 passed, 0 failed, 4 skipped"])

    def test_several_runs(self):
        """Those of one build, and of several."""
        self.write([case("1 one")])
        self.write([case("1 other"), case("2 other", "<skipped/>")], name="testlog-valgrind")
        self.assertEqual(self.run_summary(0, [self.build, self.build])[-1],
                         "4 passed, 0 failed, 2 skipped")

    def test_nothing_ran(self):
        """A run without a test is not a success."""
        self.assertEqual(self.run_summary(1), ["0 passed, 0 failed, 0 skipped"])
        self.write([case("1 one", "<skipped/>")])
        self.assertEqual(self.run_summary(1)[-1], "0 passed, 0 failed, 1 skipped")


if __name__ == "__main__":
    tap.main()
