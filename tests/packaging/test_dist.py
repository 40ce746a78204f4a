#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The tarball of `meson dist`: what is in it, and that it is enough to build from."""

import os
import shutil
import subprocess
import sys
import tarfile
import unittest
from unittest import mock

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, TESTS)
# pylint: disable=wrong-import-position
import tap
from build import BUILDS, SOURCE, Build, list_files, run

# What is left out on purpose, see .gitattributes.
LEFT_OUT = ("debian/", ".gitattributes", ".gitignore")


@unittest.skipUnless(os.path.exists(os.path.join(SOURCE, ".git")),
                     "this is not a git checkout, but perhaps such a tarball")
class Tarball(unittest.TestCase):
    """Made of the last commit."""

    @classmethod
    def setUpClass(cls):
        build = Build("with-all")
        run("meson", "dist", "-C", build.directory, "--no-tests", "--allow-dirty")
        folder = os.path.join(build.directory, "meson-dist")
        [name] = [name for name in os.listdir(folder) if name.endswith(".tar.xz")]
        cls.path = os.path.join(folder, name)
        cls.top = name.removesuffix(".tar.xz")

    def test_has_what_git_has(self):
        in_git = subprocess.run(["git", "ls-tree", "-r", "-z", "--name-only", "HEAD"], cwd=SOURCE,
                                capture_output=True, text=True, check=True).stdout
        expected = {name for name in in_git.split("\0") if name and not name.startswith(LEFT_OUT)}
        with tarfile.open(self.path) as tarball:
            found = {member.name for member in tarball if not member.isdir()}
        self.assertEqual({f"{self.top}/{name}" for name in expected}, found)

    def test_programs_stay_programs(self):
        with tarfile.open(self.path) as tarball:
            for name in ("run", "test", ".ci/run", "scripts/structure.py"):
                self.assertTrue(tarball.getmember(f"{self.top}/{name}").mode & 0o100, name)

    def test_builds_and_installs_the_same_without_git(self):
        place = os.path.join(BUILDS, "tarball")
        shutil.rmtree(place, ignore_errors=True)
        with tarfile.open(self.path) as tarball:
            expected = {os.path.relpath(member.name, self.top) for member in tarball
                        if not member.isdir()}
            tarball.extractall(place)
        source = os.path.join(place, self.top)
        # Our own .git is above it.
        with mock.patch.dict(os.environ, GIT_CEILING_DIRECTORIES=place):
            self.assertEqual(Build("with-all", source=source).installed(),
                             Build("with-all").installed())
        # Building leaves the source as it was.
        shutil.rmtree(os.path.join(source, os.path.relpath(BUILDS, SOURCE)))
        self.assertEqual({name for name in list_files(source) if not name.endswith("/")}, expected)


if __name__ == "__main__":
    tap.main()
