#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What ./run and ./test do where whisper.cpp's source or the model cannot be had."""

import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import unittest

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SOURCE = pathlib.Path(TESTS).parent
sys.path.insert(0, TESTS)
# pylint: disable=wrong-import-position
import tap

WRAP = "subprojects/whisper.cpp.wrap"
ARCHIVE = "nodejs-whisper-0.3.1.tgz"
UNPACKED = "subprojects/whisper.cpp-1.9.1"


class ScriptsTest(unittest.TestCase):
    """A checkout with nothing but the scripts, and an npm that the test writes."""

    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="whis-scripts-"))
        self.addCleanup(shutil.rmtree, self.root)
        shutil.copytree(SOURCE / "scripts", self.root / "scripts")
        shutil.copytree(SOURCE / "subprojects/packagefiles", self.root / "subprojects/packagefiles")
        shutil.copy(SOURCE / WRAP, self.root / WRAP)
        self.bin = self.root / "bin"
        self.bin.mkdir()
        (self.root / ".build").mkdir()
        # as on a Debian without whisper.cpp
        self.program("pkg-config", "exit 1")

    def program(self, name, script):
        path = self.bin / name
        path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        path.chmod(0o755)

    def archive(self):
        """An archive with such a source, and the wrap that names it."""
        folder = self.root / "package/cpp/whisper.cpp"
        folder.mkdir(parents=True)
        (folder / "LICENSE").write_text("MIT", encoding="utf-8")
        with tarfile.open(self.root / ARCHIVE, "w:gz") as archive:
            archive.add(self.root / "package", "package")
        shutil.rmtree(self.root / "package")
        digest = hashlib.sha256((self.root / ARCHIVE).read_bytes()).hexdigest()
        wrap = (self.root / WRAP).read_text(encoding="utf-8")
        wrap = re.sub("(?m)^source_hash = .*", f"source_hash = {digest}", wrap)
        (self.root / WRAP).write_text(wrap, encoding="utf-8")

    def bash(self, script, **variables):
        environment = dict(os.environ, PATH=f"{self.bin}:{os.environ['PATH']}", **variables)
        return subprocess.run(["bash", "-euo", "pipefail", "-c", script], cwd=self.root,
                              env=environment, stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, check=False, timeout=60)

    def whisper_source(self):
        return self.bash("scripts/whisper-source.sh")


class WhisperSource(ScriptsTest):
    """scripts/whisper-source.sh"""

    def test_comes_from_npm(self):
        self.archive()
        self.program("npm", f'echo "$*" >{self.root}/asked; cp {self.root}/{ARCHIVE} .')
        result = self.whisper_source()
        self.assertEqual((result.returncode, result.stdout, result.stderr), (0, "", ""))
        self.assertIn("nodejs-whisper@0.3.1", (self.root / "asked").read_text(encoding="utf-8"))
        unpacked = self.root / UNPACKED
        self.assertTrue((unpacked / "package/cpp/whisper.cpp/LICENSE").exists())
        description = SOURCE / "subprojects/packagefiles/whisper.cpp/meson.build"
        self.assertEqual((unpacked / "meson.build").read_bytes(), description.read_bytes())
        # Once is enough, and an older description of the build is replaced.
        self.program("npm", "exit 1")
        (unpacked / "meson.build").write_text("old", encoding="utf-8")
        self.assertEqual(self.whisper_source().returncode, 0)
        self.assertEqual((unpacked / "meson.build").read_bytes(), description.read_bytes())

    def test_another_file_is_refused(self):
        self.archive()
        self.program("npm", f"echo something else >{ARCHIVE}")
        result = self.whisper_source()
        self.assertEqual((result.returncode, result.stdout), (1, f"{ARCHIVE} is not the known one\n"))
        self.assertFalse((self.root / UNPACKED).exists())
        self.assertFalse((self.root / "subprojects/packagecache").exists())

    def test_reason_of_npm(self):
        self.program("npm", "echo npm error network is down >&2\n"
                            "echo npm error A complete log of this run is elsewhere >&2; exit 1")
        result = self.whisper_source()
        self.assertEqual((result.returncode, result.stdout),
                         (1, "the npm registry does not give nodejs-whisper@0.3.1: "
                             "npm error network is down\n"))


class WithoutSource(ScriptsTest):
    """Whis is built without that engine."""

    def test_run_goes_on_and_says_so(self):
        self.program("npm", "echo npm error network is down >&2; exit 1")
        self.program("meson", f'echo "$*" >>{self.root}/meson.log; mkdir -p b; touch b/build.ninja')
        result = self.bash("root=$PWD; . scripts/configure.sh; get_whisper_source;"
                           "configure_build b log -Dtests=false; configure_build b log")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("built without whisper.cpp, with PocketSphinx alone: the npm registry",
                      result.stderr)
        # Meson is not to look for it on its own, and is called once.
        self.assertEqual((self.root / "meson.log").read_text(encoding="utf-8"),
                         f"setup b {self.root} --wrap-mode=nodownload -Dtests=false\n")

    def test_configured_again_when_it_has_come(self):
        self.test_run_goes_on_and_says_so()
        self.archive()
        self.program("npm", f"cp {self.root}/{ARCHIVE} .")
        self.program("meson", f'echo "$*" >{self.root}/meson.log; mkdir -p b/{UNPACKED}')
        script = ("root=$PWD; . scripts/configure.sh; get_whisper_source; configure_build b log")
        result = self.bash(script)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertIn("--reconfigure", (self.root / "meson.log").read_text(encoding="utf-8"))
        (self.root / "meson.log").unlink()
        self.assertEqual(self.bash(script).returncode, 0)
        self.assertFalse((self.root / "meson.log").exists())

    def test_not_fetched_where_the_system_has_it(self):
        self.program("pkg-config", "exit 0")
        self.program("npm", f"touch {self.root}/asked")
        result = self.bash("root=$PWD; . scripts/configure.sh; get_whisper_source")
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertFalse((self.root / "asked").exists())


class Newcomer(ScriptsTest):
    """The model that ./run gets, for somebody without a terminal."""

    SCRIPT = ("root=$PWD; . scripts/packages.sh; . scripts/model.sh;"
              "install_packages() { echo installing $* >&2; };"
              "ask_for_model; start_model; finish_model")

    def get_model(self, weights):
        """Runs that part of ./run with a script of the test's own for the weights."""
        self.program("weights", weights)
        shutil.move(self.bin / "weights", self.root / "scripts/whisper-weights.py")
        return self.bash(self.SCRIPT, XDG_DATA_HOME=str(self.root / "data"))

    def test_comes_and_the_host_is_named_before(self):
        result = self.get_model('[ "$1" = --reachable ] || { mkdir -p "${1%/*}"; echo m >"$1"; }')
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("60 MB from huggingface.co", result.stderr)
        self.assertNotIn("installing", result.stderr)
        self.assertNotIn("PocketSphinx, which makes", result.stderr)
        model = self.root / "data/whis/models/ggml-base-q5_1.bin"
        self.assertTrue(model.exists())
        # The next time it is there, and nothing is said.
        result = self.get_model("exit 1")
        self.assertEqual((result.returncode, result.stderr), (0, ""))

    def test_what_converting_needs_is_installed_only_for_it(self):
        result = self.get_model('[ "$1" != --reachable ]')
        self.assertIn("installing python3-numpy python3-pip", result.stderr)

    def test_without_any_it_says_what_the_recogniser_is(self):
        result = self.get_model('[ "$1" = --reachable ] || { echo no such host >&2; exit 1; }')
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("the recogniser is PocketSphinx, which makes many mistakes:\n  no such host",
                      result.stderr)


if __name__ == "__main__":
    tap.main()
