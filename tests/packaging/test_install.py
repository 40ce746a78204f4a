#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""`meson install`, with and without DESTDIR, and taking it back."""

import os
import shutil
import sys
import tempfile
import unittest

from gi.repository import Gio

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, TESTS)
# pylint: disable=wrong-import-position
import tap
from build import PREFIX, Build, list_files, run

SCHEMA = "io.github.whis_gtk.Whis"
# What others have in a prefix that Whis is installed into.
OTHERS = {
    "share/glib-2.0/schemas/org.example.Other.gschema.xml":
        '<schemalist><schema id="org.example.Other" path="/org/example/Other/">'
        '<key name="a" type="b"><default>true</default></key></schema></schemalist>',
    "share/icons/hicolor/scalable/apps/org.example.Other.svg":
        '<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16"/>',
    "share/applications/org.example.Other.desktop":
        "[Desktop Entry]\nType=Application\nName=Other\nExec=other\nMimeType=text/x-other;\n",
    "bin/other": "",
}


class Installed(unittest.TestCase):
    """Whis as it is built by default."""

    def setUp(self):
        self.destdir = tempfile.mkdtemp(prefix="whis-destdir-")
        self.addCleanup(shutil.rmtree, self.destdir)
        shutil.rmtree(PREFIX, ignore_errors=True)
        self.addCleanup(shutil.rmtree, PREFIX, ignore_errors=True)
        self.build = Build("with-all")

    def put_others(self):
        """What somebody else has installed there."""
        for name, content in OTHERS.items():
            path = os.path.join(PREFIX, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as file:
                file.write(content)
        run("glib-compile-schemas", os.path.join(PREFIX, "share/glib-2.0/schemas"))
        run("gtk-update-icon-cache", "-q", "-t", "-f", os.path.join(PREFIX, "share/icons/hicolor"))
        run("update-desktop-database", "-q", os.path.join(PREFIX, "share/applications"))

    def read(self, name):
        """What is in a file of the prefix."""
        with open(os.path.join(PREFIX, name), "rb") as file:
            return file.read()

    def schemas(self):
        """What is compiled there."""
        source = Gio.SettingsSchemaSource.new_from_directory(
            os.path.join(PREFIX, "share/glib-2.0/schemas"), None, False)
        return sorted(source.list_schemas(False)[0])

    def remove(self, **variables):
        """Takes an installation back."""
        run("ninja", "-C", self.build.directory, "remove", **variables)

    def test_destdir_holds_everything(self):
        # All but this folder and the build directory is read-only meanwhile.
        self.build.install(self.destdir)
        self.assertTrue(os.path.exists(f"{self.destdir}{PREFIX}/bin/whis"))
        self.assertFalse(os.path.exists(PREFIX))
        # Nothing is compiled there: that is for whoever unpacks it.
        made = [name for name in list_files(self.destdir)
                if name.endswith(("gschemas.compiled", ".cache"))]
        self.assertEqual(made, [])

    def test_destdir_is_taken_back(self):
        self.build.install(self.destdir)
        self.remove(DESTDIR=self.destdir)
        self.assertFalse(os.path.exists(self.destdir + PREFIX))
        self.assertEqual({name for name in list_files(self.destdir) if not name.endswith("/")},
                         set())

    def test_wrong_destdir_removes_nothing(self):
        self.build.install(self.destdir)
        before = list_files(self.destdir)
        with self.assertRaisesRegex(AssertionError, "another DESTDIR"):
            self.remove(DESTDIR="/nowhere")
        self.assertEqual(before, list_files(self.destdir))

    def test_remove_leaves_nothing(self):
        self.build.install()
        self.assertIn(SCHEMA, self.schemas())
        # The log of a second install no longer has the folders that the first one made.
        self.build.install()
        self.remove()
        self.assertFalse(os.path.exists(PREFIX), list_files(PREFIX))

    def test_uninstall_leaves_only_what_was_made_of_the_files(self):
        self.build.install()
        run("ninja", "-C", self.build.directory, "uninstall")
        left = {name for name in list_files(PREFIX) if not name.endswith("/")}
        self.assertEqual(left, {"share/glib-2.0/schemas/gschemas.compiled",
                                "share/icons/hicolor/icon-theme.cache",
                                "share/applications/mimeinfo.cache"})

    def test_what_others_have_stays(self):
        self.put_others()
        before = list_files(PREFIX)
        self.build.install()
        self.assertIn(SCHEMA, self.schemas())
        self.remove()
        self.assertEqual(before, list_files(PREFIX))
        self.assertEqual(self.schemas(), ["org.example.Other"])
        icons = self.read("share/icons/hicolor/icon-theme.cache")
        self.assertIn(b"org.example.Other", icons)
        self.assertNotIn(b"whis_gtk", icons)
        self.assertIn(b"org.example.Other.desktop", self.read("share/applications/mimeinfo.cache"))


if __name__ == "__main__":
    tap.main()
