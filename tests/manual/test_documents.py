#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What CONTRIBUTING, SECURITY and CHANGELOG name is there."""

import json
import os
import re
import sys
import unittest

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ROOT = os.path.dirname(TESTS)
sys.path.insert(0, TESTS)
# pylint: disable=wrong-import-position
import tap


def read(*path):
    with open(os.path.join(ROOT, *path), encoding="utf-8") as file:
        return file.read()


class Security(unittest.TestCase):
    """Each promise names a test, and that test exists."""

    def check_python(self, source, place):
        classes = dict(re.findall(r"^class (\w+)\b.*?:\n(.*?)(?=^\S|\Z)", source, re.M | re.S))
        name, _, method = place.partition(".")
        self.assertIn(name, classes)
        self.assertIn(f"    def {method or 'test_'}", classes[name])

    def check(self, path, place):
        source = read("tests", path)
        if path.endswith(".py"):
            self.check_python(source, place)
        else:
            self.assertIn(f'"{place}"', source)

    def test_promises(self):
        rows = re.findall(r"^\| (\d+) \| (.*?) \| (.*?) \|$", read("SECURITY.md"), re.M)
        self.assertEqual([int(number) for number, _, _ in rows], list(range(1, len(rows) + 1)))
        self.assertGreater(len(rows), 15)
        for number, _promise, checks in rows:
            for check in checks.split(", "):
                with self.subTest(number=number, check=check):
                    named = re.fullmatch(r"`([\w/.-]+)` (\S+)", check)
                    self.assertIsNotNone(named)
                    self.check(*named.groups())


class Contributing(unittest.TestCase):
    """The first change can still be made as it is written."""

    def setUp(self):
        self.text = read("CONTRIBUTING.md")

    def test_files(self):
        rooms = "src|tests|data|scripts|fuzz|po"
        named = set(re.findall(rf"(?<![\w/.])((?:{rooms})/[\w./-]+\.\w+)", self.text))
        self.assertGreater(len(named), 10)
        for path in named:
            self.assertTrue(os.path.exists(os.path.join(ROOT, path)), path)

    def test_rooms(self):
        rooms = set(re.findall(r"^\| `([\w-]+)` \|", self.text, re.M))
        src = os.path.join(ROOT, "src")
        self.assertLessEqual({name for name in os.listdir(src)
                              if os.path.isdir(os.path.join(src, name))}, rooms)

    def test_programs(self):
        lines = re.findall(r"meson test -C \.build/dev(.*?)(?:#|`|$)", self.text, re.M)
        named = {word for line in lines for word in line.split() if not word.startswith("-")}
        self.assertGreater(len(named), 5)
        with open(os.path.join(os.environ["WHIS_BUILD_ROOT"], "meson-info", "intro-tests.json"),
                  encoding="utf-8") as file:
            self.assertEqual(named - {test["name"] for test in json.load(file)}, set())

    def test_first_change(self):
        history = read("tests", "service", "test_history.py")
        changes = history[history.index("class Changes"):]
        self.assertLess(changes.index("    def test_delete"), changes.index("\nclass "))
        table = read("src", "service", "cli-command.c")
        self.assertIn("static const WhisCliOption record_options[] = {", table)
        self.assertIn('{ "last", whis_cli_last, N_ ("Print the last text") },', table)
        control = read("src", "service", "cli-control.c")
        self.assertIn('if (!whis_cli_parse ("last", NULL, &argc, &argv, &status))', control)
        self.assertIn('<method name="CopyLastText"/>', read("data", "io.github.whis_gtk.Whis1.xml"))


class Changelog(unittest.TestCase):
    """It knows the version that is built."""

    def test_version(self):
        version = re.search(r"version: '(.*?)'", read("meson.build"))[1]
        text = read("CHANGELOG.md")
        self.assertRegex(text, rf"(?m)^## \[{re.escape(version)}\]")
        headings = re.findall(r"^## \[(.*?)\]", text, re.M)
        self.assertEqual(headings[0], "Unreleased")
        for heading in headings:
            self.assertIn(f"\n[{heading}]: https://", text)


if __name__ == "__main__":
    tap.main()
