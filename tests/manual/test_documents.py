#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The links of all pages lead somewhere; what CONTRIBUTING, SECURITY and CHANGELOG name is there."""

import glob
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


ADDRESS = "https://github.com/whis-gtk/whis/blob/main/"
LEFT_OUT = ("debian/", ".gitattributes", ".gitignore")
SOURCES = ("src", "tests", "scripts", "bench", "data", "flatpak", ".github")


def list_pages():
    """All pages of the documentation, also where there is no git to ask."""
    return [os.path.relpath(path, ROOT) for folder in ("", "docs", "flatpak")
            for path in glob.glob(os.path.join(ROOT, folder, "*.md"))]


def without_code(text):
    """A page without its blocks and spans of code, in which nothing is a link or a heading."""
    text = re.sub(r"(?ms)^```.*?^```$", "", text)
    text = re.sub(r"(?m)^    .*$", "", text)
    return re.sub(r"`[^`\n]*`", "", text)


def list_anchors(page):
    """The anchors that GitHub gives the headings of a page."""
    anchors = []
    text = re.sub(r"(?ms)^```.*?^```$", "", read(page))
    for heading in re.findall(r"(?m)^#+ (.*)$", text):
        anchor = re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")
        n_before = sum(1 for other in anchors if re.fullmatch(rf"{re.escape(anchor)}(-\d+)?", other))
        anchors.append(f"{anchor}-{n_before}" if n_before else anchor)
    return anchors


class Links(unittest.TestCase):
    """What a page links to is there: relative links, and those into this repository by address."""

    def check(self, page, target):
        path, _, anchor = target.partition("#")
        place = os.path.normpath(os.path.join(os.path.dirname(page), path)) if path else page
        self.assertFalse(place.startswith(LEFT_OUT), f"{place} is not in the tarball of a release")
        self.assertTrue(os.path.exists(os.path.join(ROOT, place)), place)
        if anchor:
            self.assertIn(anchor, list_anchors(place))

    def test_pages(self):
        pages = list_pages()
        self.assertIn("README.md", pages)
        self.assertIn("docs/using.md", pages)
        n_links = 0
        for page in pages:
            for target in re.findall(r"\[[^\]]*\]\(([^)\s]+)\)", without_code(read(page))):
                target = target.removeprefix(ADDRESS)
                if re.match(r"[a-z]+:", target):
                    continue
                n_links += 1
                with self.subTest(page=page, target=target):
                    self.check(page, target)
        self.assertGreater(n_links, 30)

    def test_metainfo(self):
        metainfo = read("data", "io.github.whis_gtk.Whis.metainfo.xml.in")
        targets = re.findall(rf">{re.escape(ADDRESS)}([^<]+)<", metainfo)
        self.assertGreater(len(targets), 1)
        for target in targets:
            with self.subTest(target=target):
                self.check("README.md", target)

    def test_comments(self):
        # Pages that sources and scripts refer to.
        for folder, _folders, names in (walk for top in SOURCES
                                        for walk in os.walk(os.path.join(ROOT, top))):
            for name in names:
                with open(os.path.join(folder, name), encoding="utf-8", errors="replace") as file:
                    text = file.read()
                for target in re.findall(r"(?<![\w/.-])docs/[\w-]+\.md", text):
                    with self.subTest(file=os.path.join(folder, name), target=target):
                        self.check("README.md", target)


class Readme(unittest.TestCase):
    """It is short."""

    def test_length(self):
        self.assertLessEqual(len(read("README.md").splitlines()), 120)


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


def find_source(name):
    """The path of a source file, wherever it is."""
    return next(iter(glob.glob(os.path.join(ROOT, "src", "**", name), recursive=True)), None)


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
        for name in re.findall(r"`([\w-]+\.[ch])`", self.text):
            self.assertTrue(find_source(name), name)

    def test_rooms(self):
        rooms = re.findall(r"^\| `([\w-]+)` \|", read("docs", "design.md"), re.M)
        src = os.path.join(ROOT, "src")
        self.assertLessEqual({name for name in os.listdir(src)
                              if os.path.isdir(os.path.join(src, name))}, set(rooms))
        cells = re.findall(r"^\| [^|`]+ \| (.*) \|$", self.text[:self.text.index("## Add something")],
                           re.M)
        for name in re.findall(r"`([a-z-]+)[`/]", " ".join(cells)):
            self.assertIn(name, rooms + ["data", "docs", "po", "src", "tests"])

    def test_programs(self):
        lines = re.findall(r"meson test -C \.build/dev(.*?)(?:#|`|$)", self.text, re.M)
        named = {word for line in lines for word in line.split() if not word.startswith("-")}
        self.assertGreater(len(named), 5)
        with open(os.path.join(os.environ["WHIS_BUILD_ROOT"], "meson-info", "intro-tests.json"),
                  encoding="utf-8") as file:
            self.assertEqual(named - {test["name"] for test in json.load(file)}, set())

    def test_first_change(self):
        history = read("tests", "cli", "test_history.py")
        changes = history[history.index("class Changes"):]
        self.assertLess(changes.index("    def test_delete"), changes.index("\nclass "))
        table = read(find_source("cli-command.c"))
        self.assertIn("static const WhisCliOption record_options[] = {", table)
        self.assertIn('{ "last", whis_cli_last, N_ ("Print the last text") },', table)
        control = read(find_source("cli-control.c"))
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
