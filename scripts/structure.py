#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What the source looks like, in one table: a column for each revision, or for the files as they are.

    structure.py [REVISION…]

Folders of src/ with their files and lines, the lines of their tests (*.c, *.h and *.py in the folder of
tests/ of that name) and how many of these there are for each line of source, the arrows between the folders,
long functions and files, types and files of one name, places that name a setting, a command and a method of D-Bus, and lines that stand twice.
"""

import collections
import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
LONG_FUNCTION = 60
LONG_FILE = 700
WINDOW = 12  # so many lines in a row that are the same stand twice
NAMED = {"a setting (`notify-shows-text`)": r"notify[-_]shows[-_]text",
         "a command (`statistics`)": r"\bstatistics\b|cli_statistics",
         "a D-Bus method (`CopyHistoryEntry`)": r"[Cc]opy_?[Hh]istory_?[Ee]ntry"}


def read(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


class Tree:
    """The files of a revision."""

    def __init__(self, folder):
        self.folder = folder
        self.texts = {}
        for top, _folders, names in os.walk(os.path.join(folder, "src")):
            for name in names:
                if name.endswith((".c", ".h", ".ui")):
                    path = os.path.join(top, name)
                    self.texts[os.path.relpath(path, os.path.join(folder, "src"))] = read(path)

    def rooms(self):
        """Files and lines of each folder."""
        rooms = collections.defaultdict(lambda: [0, 0])
        for path, text in self.texts.items():
            room = rooms[path.split("/")[0] if "/" in path else "(none)"]
            room[0] += 1
            room[1] += text.count("\n")
        return rooms

    def tests(self):
        """Lines of the tests of each folder."""
        rooms = collections.Counter()
        for top, _folders, names in os.walk(os.path.join(self.folder, "tests")):
            room = os.path.relpath(top, os.path.join(self.folder, "tests")).split(os.sep)[0]
            for name in names:
                if name.endswith((".c", ".h", ".py")):
                    rooms[room] += read(os.path.join(top, name)).count("\n")
        return rooms

    def arrows(self):
        """Pairs of folders, of which the first includes a header of the second."""
        homes = collections.defaultdict(set)
        for path in self.texts:
            if path.endswith(".h"):
                homes[os.path.basename(path)].add(path)
        found = set()
        for path, text in self.texts.items():
            own = path.split("/")[0] if "/" in path else "(none)"
            for header in re.findall(r'^#include "(?:.*/)?([^/"]+)"', text, re.MULTILINE):
                rooms = {home.split("/")[0] if "/" in home else "(none)" for home in homes[header]}
                if rooms and own not in rooms:
                    found.add((own, sorted(rooms)[0]))
        return found

    def functions(self):
        """Pairs of a function's name and how many lines its body has."""
        for path, text in self.texts.items():
            if path.endswith(".c"):
                for match in re.finditer(r"^(\w+) \([^;{]*\)\n\{\n(.*?)^\}", text,
                                         re.MULTILINE | re.DOTALL):
                    yield match[1], match[2].count("\n")

    def names_twice(self):
        """Names of .c files that several folders have."""
        names = collections.Counter(os.path.basename(path) for path in self.texts if path.endswith(".c"))
        return sorted(name for name, count in names.items() if count > 1 and name != "main.c")

    def lines_twice(self):
        """Runs of lines in .c files that are the same elsewhere, without comments and includes."""
        seen, twice = {}, 0
        for path, text in sorted(self.texts.items()):
            if not path.endswith(".c"):
                continue
            text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
            lines = [line.strip() for line in text.split("\n")]
            lines = [line for line in lines if line and not line.startswith("#")]
            i = 0
            while i + WINDOW <= len(lines):
                key = tuple(lines[i:i + WINDOW])
                if key in seen and seen[key] != (path, i):
                    twice += 1
                    i += WINDOW
                    continue
                seen[key] = (path, i)
                i += 1
        return twice

    def places(self, pattern):
        """How many files name something, documents, translations and tests aside."""
        paths = subprocess.run(["grep", "-rlE", pattern, "src", "data"], cwd=self.folder, text=True,
                               capture_output=True, check=False).stdout.split()
        return len([path for path in paths if not path.endswith((".md", ".po", ".pot"))])

    def measure(self):
        """Pairs of what is measured and its value."""
        rooms = self.rooms()
        tests = self.tests()
        functions = list(self.functions())
        names = self.names_twice()
        for room in sorted(rooms):
            lines = tests[room]
            yield (f"src/{room}: files, lines; lines of tests, to source",
                   "{}, {}; {}, {:.2f}".format(*rooms[room], lines, lines / rooms[room][1]))
        yield "folders of src/", len(rooms)
        yield "files, lines in all", "{}, {}".format(*map(sum, zip(*rooms.values())))
        yield "arrows between folders", len(self.arrows())
        yield "functions", len(functions)
        yield f"functions over {LONG_FUNCTION} lines", sum(lines > LONG_FUNCTION for _name, lines in functions)
        yield "static functions of one word", self.one_word()
        yield f"files over {LONG_FILE} lines", sum(
            text.count("\n") > LONG_FILE for path, text in self.texts.items() if path.endswith(".c"))
        yield "files of one name", f"{len(names)}" + (f" ({', '.join(names)})" if names else "")
        yield f"runs of {WINDOW} lines that stand twice", self.lines_twice()
        for what, pattern in NAMED.items():
            yield f"files in src/ and data/ that name {what}", self.places(pattern)

    def one_word(self):
        """A backtrace does not say where these are."""
        return sum(len(re.findall(r"^static [^;()]*\n([a-z][a-z0-9]*) \(", text, re.MULTILINE))
                   for path, text in self.texts.items() if path.endswith(".c"))


def measure(revision):
    """What is measured of a revision; of the files as they are with None."""
    if revision is None:
        return dict(Tree(ROOT).measure())
    with tempfile.TemporaryDirectory() as folder:
        with subprocess.Popen(["git", "-C", ROOT, "archive", revision, "src", "data", "tests"],
                              stdout=subprocess.PIPE) as archive:
            subprocess.run(["tar", "-x", "-C", folder], stdin=archive.stdout, check=True)
        if archive.returncode != 0:
            sys.exit(1)
        return dict(Tree(folder).measure())


def main():
    if "--help" in sys.argv[1:]:
        print(__doc__.strip())
        return
    revisions = sys.argv[1:] or [None]
    columns = [measure(revision) for revision in revisions]
    print("| | " + " | ".join(revision or "now" for revision in revisions) + " |")
    print("| --- |" + " --- |" * len(revisions))
    rows = sorted({row for column in columns for row in column if row.startswith("src/")})
    rows += [row for row in columns[-1] if not row.startswith("src/")]
    for row in rows:
        print(f"| {row} | " + " | ".join(str(column.get(row, "–")) for column in columns) + " |")


if __name__ == "__main__":
    main()
