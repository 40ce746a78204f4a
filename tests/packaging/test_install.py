#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""`meson install`, with and without DESTDIR, and `ninja uninstall`."""

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


class Installed(unittest.TestCase):
    """Whis as it is built by default."""

    def setUp(self):
        self.destdir = tempfile.mkdtemp(prefix="whis-destdir-")
        self.addCleanup(shutil.rmtree, self.destdir)
        shutil.rmtree(PREFIX, ignore_errors=True)
        self.addCleanup(shutil.rmtree, PREFIX, ignore_errors=True)
        self.build = Build("with-all")

    def schemas(self):
        """What is compiled there."""
        source = Gio.SettingsSchemaSource.new_from_directory(
            os.path.join(PREFIX, "share/glib-2.0/schemas"), None, False)
        return sorted(source.list_schemas(False)[0])

    def test_destdir_holds_everything(self):
        # All but this folder and the build directory is read-only meanwhile.
        self.build.install(self.destdir)
        self.assertTrue(os.path.exists(f"{self.destdir}{PREFIX}/bin/whis"))
        self.assertFalse(os.path.exists(PREFIX))
        # Nothing is compiled there: that is for whoever unpacks it.
        made = [name for name in list_files(self.destdir)
                if name.endswith(("gschemas.compiled", ".cache"))]
        self.assertEqual(made, [])

    def test_uninstall_leaves_only_what_was_made_of_the_files(self):
        self.build.install()
        self.assertIn(SCHEMA, self.schemas())
        run("ninja", "-C", self.build.directory, "uninstall")
        left = {name for name in list_files(PREFIX) if not name.endswith("/")}
        self.assertEqual(left, {"share/glib-2.0/schemas/gschemas.compiled",
                                "share/icons/hicolor/icon-theme.cache",
                                "share/applications/mimeinfo.cache"})


if __name__ == "__main__":
    tap.main()
