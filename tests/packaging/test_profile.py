#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A development build has an application id of its own wherever an id or a folder of the user stands,
so that it runs beside an installed Whis. It is configured and not compiled."""

import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SOURCE = os.path.dirname(TESTS)
sys.path.insert(0, TESTS)
# pylint: disable=wrong-import-position
import tap

ID = "io.github.whis_gtk.Whis"
# The interfaces and errors of D-Bus are the same in every build.
INTERFACE = r"(?:1|\.Error)\b"
PLAIN_ID = re.compile(r"io([./])github\1whis_gtk\1Whis(?!" + INTERFACE + r"|\1Devel\b)")
SHARED_FOLDER = re.compile(
    r'get_user_(?:data|config|cache|runtime)_dir \(\), "whis"|\(runtime, "whis"')


def run(*command):
    return subprocess.run(command, check=True, stdin=subprocess.DEVNULL, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT).stdout


class Development(unittest.TestCase):
    """`-Dprofile=development`"""

    @classmethod
    def setUpClass(cls):
        cls.build = tempfile.mkdtemp(prefix="whis-profile-")
        cls.addClassCleanup(shutil.rmtree, cls.build)
        run("meson", "setup", cls.build, SOURCE, "-Dprofile=development", "-Dtests=false",
            "-Doffline=false", "--prefix=/opt/whis", "--wrap-mode=nodownload")
        run("ninja", "-C", cls.build, f"data/{ID}.Devel.desktop", f"data/{ID}.Devel.metainfo.xml")

    def introspect(self, what):
        return json.loads(run("meson", "introspect", self.build, what))

    def test_files_with_an_id_have_the_one_of_development(self):
        places = list(self.introspect("--installed").values())
        named = [place for place in places if "whis_gtk" in place]
        self.assertGreater(len(named), 10)
        for place in named:
            self.assertRegex(os.path.basename(place), re.escape(f"{ID}.Devel"))

    def test_content_has_no_other_id(self):
        made = [path for folder in ("data", "src/window")
                for path in glob.glob(os.path.join(self.build, folder, "*")) if os.path.isfile(path)]
        names = {os.path.basename(path) for path in made}
        self.assertLessEqual({f"{ID}.Devel.desktop", f"{ID}.Devel.metainfo.xml",
                              f"{ID}.Devel.service", f"{ID}.Devel.gschema.xml",
                              "whis-window.gresource.xml"}, names)
        for path in made:
            with open(path, encoding="utf-8", errors="replace") as file:
                text = file.read()
            with self.subTest(os.path.basename(path)):
                self.assertNotRegex(text, PLAIN_ID)

    def test_every_program_is_compiled_with_it(self):
        with open(os.path.join(self.build, "compile_commands.json"), encoding="utf-8") as file:
            commands = [entry["command"] for entry in json.load(file)]
        ids = {found for command in commands
               for found in re.findall(r'-DWHIS_APP_ID="([^"]*)"', command.replace("\\", ""))}
        self.assertEqual(ids, {f"{ID}.Devel"})
        for command in commands:
            self.assertNotRegex(command, PLAIN_ID)

    def test_launcher_starts_this_build(self):
        with open(os.path.join(self.build, "data", f"{ID}.Devel.desktop"), encoding="utf-8") as file:
            entry = file.read()
        self.assertEqual(re.findall(r"(?m)^Exec=(\S+)", entry), ["/opt/whis/bin/whis"] * 3)
        self.assertIn("\nName=Whis (Development)\n", entry)


class Sources(unittest.TestCase):
    """The id and the name of the user's folder come from Meson."""

    def test_no_source_has_them_written_out(self):
        paths = [path for path in glob.glob(os.path.join(SOURCE, "src", "**", "*"), recursive=True)
                 if path.endswith((".c", ".h", ".ui", ".in"))
                 # the earlier Whis had that folder too
                 and not path.endswith("legacy-files.c")]
        self.assertGreater(len(paths), 100)
        for path in paths:
            with open(path, encoding="utf-8") as file:
                text = file.read()
            with self.subTest(os.path.relpath(path, SOURCE)):
                self.assertNotRegex(text, PLAIN_ID)
                self.assertNotRegex(text, SHARED_FOLDER)


if __name__ == "__main__":
    tap.main()
