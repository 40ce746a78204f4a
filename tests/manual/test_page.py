#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The table of commands against what is made from it: parser, help, manual page, and against docs/."""

import os
import re
import subprocess
import sys
import unittest

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [TESTS, os.path.join(TESTS, "service")]
# pylint: disable=wrong-import-position
import tap
from whis_session import WhisSession

PAGE = os.environ["WHIS_MANUAL_PAGE"]


def read_table():
    """Each command with its options; those that take a value end with `=`."""
    listed = subprocess.run([os.environ["WHIS_MANUAL"], "commands"], capture_output=True, text=True,
                            check=True).stdout
    table = {}
    for line in listed.splitlines():
        words = line.strip().split(" ")
        path = tuple(word for word in words if word and not word.startswith("--"))
        table.setdefault(path, []).extend(word for word in words if word.startswith("--"))
    return table


def render_page():
    """The manual page as a reader sees it, on wide paper."""
    shown = subprocess.run(["man", "-E", "UTF-8", "-l", PAGE], capture_output=True, text=True,
                           env={**os.environ, "MANWIDTH": "400", "LC_ALL": "C.UTF-8",
                                "MAN_KEEP_FORMATTING": ""}, check=True).stdout
    return re.sub(r"\x1b\[[0-9;]*m|.\x08", "", shown)


class Parser(unittest.TestCase):
    """What the program takes is what the table says."""

    def setUp(self):
        self.table = read_table()
        self.session = WhisSession(pulse=False)
        self.addCleanup(self.session.close)
        self.session.install_service_file()

    def test_table_is_read(self):
        self.assertIn("--format=", self.table["transcribe",])
        self.assertIn("--yes", self.table["history", "delete"])
        self.assertGreater(len(self.table), 25)

    def test_every_option_is_taken(self):
        for path, options in self.table.items():
            for option in options:
                with self.subTest(path=path, option=option):
                    value = ["1"] if option.endswith("=") else []
                    # On a group of commands --help is for the group, and comes first.
                    result = self.session.whis(*path, option.rstrip("="), *value, "--help")
                    self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertFalse(self.session.has_service())

    def test_help_names_every_option(self):
        for path, options in self.table.items():
            with self.subTest(path=path):
                shown = self.session.whis(*path, "--help").stdout
                self.assertTrue(shown.startswith("Usage: whis " + " ".join(path)), shown)
                for option in options:
                    self.assertRegex(shown, rf"{option}(\S| |$)")

    def test_no_other_option_is_taken(self):
        for path in self.table:
            with self.subTest(path=path):
                result = self.session.whis(*path, "--no-such-option")
                self.assertEqual((result.returncode, result.stdout), (2, ""))
                self.assertEqual(len(result.stderr.splitlines()), 1, result.stderr)
        self.assertFalse(self.session.has_service())


class Page(unittest.TestCase):
    """The manual page."""

    def assert_silent(self, *command):
        result = subprocess.run(command, capture_output=True, text=True, check=False,
                                env={**os.environ, "LC_ALL": "C.UTF-8"})
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        return result.stdout

    def test_man(self):
        self.assert_silent("man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", PAGE)

    def test_groff(self):
        self.assert_silent("groff", "-man", "-ww", "-Tutf8", "-z", PAGE)

    def test_mandoc(self):
        self.assertEqual(self.assert_silent("mandoc", "-T", "lint", PAGE), "")

    def test_commands(self):
        lines = re.search(r"\nCOMMANDS\n(.*)\nSERVICES\n", render_page(), re.S)[1].splitlines()
        for path, options in read_table().items():
            if not path:
                continue
            with self.subTest(path=path):
                call = re.compile("^ +whis " + " ".join(path) + r"( [\[\-A-Z].*)?$")
                (start,) = [n for n, line in enumerate(lines) if call.match(line)]
                end = next((n for n in range(start + 1, len(lines))
                            if re.match(r"^ {0,8}\S", lines[n])), len(lines))
                section = "\n".join(lines[start:end])
                if any(other[:len(path)] == path for other in read_table() if other != path):
                    continue  # a group: its options are those of its first command
                for option in options:
                    if option != "--help":
                        self.assertRegex(section, rf"(?m)^ +(-\w, )?{option}")

    def test_settings_and_services(self):
        shown = render_page()
        session = WhisSession(pulse=False)
        self.addCleanup(session.close)
        keys = [line.split(" = ")[0] for line in
                session.whis("settings", "--list").stdout.splitlines()]
        self.assertGreater(len(keys), 20)
        for key in keys:
            self.assertRegex(shown, rf"(?m)^ +{key}(\[/PROVIDER\])? \(")
        session.start_service()
        providers = [provider["id"] for provider in session.call("ListProviders")[0]]
        self.assertGreater(len(providers), 10)
        for provider in providers:
            self.assertRegex(shown, rf"(?m)^ +{provider}( |$)")

    def test_no_place_is_left_empty(self):
        with open(PAGE, encoding="utf-8") as page:
            self.assertNotRegex(page.read(), r"@[A-Z]+@")


def read_rows(name):
    """The cells of each row of the tables in a page of docs/."""
    with open(os.path.join(os.path.dirname(TESTS), "docs", name), encoding="utf-8") as page:
        return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip())[1:-1]]
                for line in page if line.startswith("| ")]


class Documents(unittest.TestCase):
    """The tables of docs/ have a row for each command and each service."""

    def test_every_command(self):
        rows = [cells[0] for cells in read_rows("using.md") if cells[0].startswith("`whis")]
        named = re.sub(r"[`|\\\[\],]", " ", " ".join(rows)).split()
        for path in read_table():
            for word in path:
                self.assertIn(word, named, f"whis {' '.join(path)}")

    def test_every_service(self):
        page = render_page()
        section = re.search(r"\nSERVICES\n(.*?)\nSETTINGS\n", page, re.S)[1]
        services = re.findall(r"(?m)^ {7}([\w-]+)", section)
        variables = {service: variable for variable, service in
                     re.findall(r"\n +([A-Z_]+)\s+For the service “([\w-]+)”", page)}
        rows = {cells[0].strip("`"): cells[-1].strip("`") for cells in read_rows("services.md")
                if cells[0].startswith("`")}
        self.assertGreater(len(services), 10)
        self.assertGreater(len(variables), 5)
        self.assertEqual(rows, {service: variables.get(service, "") for service in services})


if __name__ == "__main__":
    tap.main()
