#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Whis with a whisper.cpp of its own, for packagers whose release has none."""

import ctypes
import glob
import os
import platform
import shutil
import sys
import tempfile
import unittest

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, TESTS)
# pylint: disable=wrong-import-position
import tap
from build import PREFIX, SOURCE, Build, list_files, run

VARIANTS = {"x86_64": ("x64", "ivybridge", "haswell"),
            "aarch64": ("armv8.0_1", "armv8.2_1", "armv8.2_2")}.get(platform.machine(), ())
LIBRARIES = {"libggml-base.so", "libggml.so", "libparakeet.so", "libwhisper.so",
             *(f"libggml-cpu-{variant}.so" for variant in VARIANTS)}


@unittest.skipUnless(glob.glob(os.path.join(SOURCE, "subprojects", "whisper.cpp-*")),
                     "whisper.cpp's source is not here: scripts/whisper-source.sh gets it")
@unittest.skipUnless(VARIANTS, "whisper.cpp is not bundled for this kind of processor")
class Bundled(unittest.TestCase):
    """Installed into a folder."""

    @classmethod
    def setUpClass(cls):
        cls.build = Build("with-whisper", "-Dwhisper=bundled", "-Dwhisper_variants=all",
                          "-Dlibdir=lib")
        cls.destdir = tempfile.mkdtemp(prefix="whis-destdir-")
        cls.addClassCleanup(shutil.rmtree, cls.destdir)
        cls.build.install(cls.destdir)
        cls.folder = cls.destdir + os.path.join(PREFIX, "lib", "whis")

    def test_1_lies_in_a_folder_of_its_own(self):
        found = list_files(self.destdir + PREFIX)
        self.assertEqual({name for name in found if name.startswith("lib/")},
                         {"lib/", "lib/whis/", *(f"lib/whis/{name}" for name in LIBRARIES)})
        # Nothing that other programs could build with.
        self.assertEqual([name for name in found if name.startswith("include") or
                          name.endswith((".pc", ".a", ".h"))], [])

    def test_2_libraries_find_each_other(self):
        for name in ("whisper", "parakeet"):
            library = ctypes.CDLL(os.path.join(self.folder, f"lib{name}.so"))
            version = getattr(library, f"{name}_version")
            version.restype = ctypes.c_char_p
            self.assertEqual(version(), b"1.9.1")

    def test_3_modules_say_whether_they_fit(self):
        scores = []
        for variant in VARIANTS:
            module = ctypes.CDLL(os.path.join(self.folder, f"libggml-cpu-{variant}.so"))
            scores.append(module.ggml_backend_score())
        # The first runs everywhere; what fits better is better.
        self.assertGreater(scores[0], 0)
        fitting = [score for score in scores if score]
        self.assertEqual(fitting, sorted(fitting))


if __name__ == "__main__":
    tap.main()
