#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The Debian packages: built, looked at by lintian, and used in a Debian that has nothing else."""

import glob
import os
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, TESTS)
# pylint: disable=wrong-import-position
import tap
from build import BUILDS, SOURCE, Build, run

CLEAN_TREE = os.path.join(SOURCE, "scripts", "clean-tree.sh")
APP_ID = "io.github.whis_gtk.Whis"
HERE = os.path.join(BUILDS, "debian")


def took(what, start):
    """Says how long a step took."""
    print(f"# {what}: {time.monotonic() - start:.0f} s", flush=True)


def build_packages():
    """As a distribution does: the tarball of a release, and the packaging beside it."""
    start = time.monotonic()
    build = Build("with-all")
    run("meson", "dist", "-C", build.directory, "--no-tests", "--allow-dirty")
    [tarball] = glob.glob(os.path.join(build.directory, "meson-dist", "*.tar.xz"))
    top = os.path.basename(tarball).removesuffix(".tar.xz")
    shutil.rmtree(HERE, ignore_errors=True)
    os.makedirs(HERE)
    shutil.copy(tarball, os.path.join(HERE, top.replace("-", "_") + ".orig.tar.xz"))
    run("tar", "-C", HERE, "-xf", tarball)
    source = os.path.join(HERE, top)
    shutil.copytree(os.path.join(SOURCE, "debian"), os.path.join(source, "debian"))
    cache = os.environ.get("CCACHE_DIR", os.path.expanduser("~/.cache/ccache"))
    # debhelper takes HOME away
    run("dpkg-buildpackage", "-us", "-uc", "-j2", cwd=source, CCACHE_DIR=cache,
        DEB_BUILD_OPTIONS="parallel=2 noautodbgsym", CCACHE_BASEDIR=source, CCACHE_NOHASHDIR="1")
    took("building the packages", start)


def place_for_tree():
    """In memory where there is room for it: installing is waiting for the disk."""
    shared = "/dev/shm"
    if os.path.isdir(shared) and shutil.disk_usage(shared).free > 3 << 30:
        return shared
    return None


@unittest.skipUnless(os.path.isdir(os.path.join(SOURCE, "debian")),
                     "the tarball of a release leaves the packaging to the distribution")
class Packages(unittest.TestCase):
    """In the order of their names: each goes on from the one before."""

    @classmethod
    def setUpClass(cls):
        build_packages()
        start = time.monotonic()
        cls.directory = tempfile.mkdtemp(prefix="whis-debian-", dir=place_for_tree())
        cls.addClassCleanup(lambda: os.path.exists(cls.directory) and os.rmdir(cls.directory))
        cls.tree = os.path.join(cls.directory, "tree")
        cls.addClassCleanup(run, CLEAN_TREE, "remove", cls.tree)
        run(CLEAN_TREE, "make", cls.tree, "apt")
        took("a Debian with nothing but apt", start)

    def enter(self, *command):
        """Runs a command in the tree as root."""
        return run(CLEAN_TREE, "enter", self.tree, *command)

    def files(self):
        """The files of the installed packages."""
        listed = self.enter("dpkg", "-L", "whis", "whis-xembed-tray").splitlines()
        return [path for path in set(listed) if os.path.isfile(self.tree + path)]

    def test_1_lintian_accepts_them(self):
        start = time.monotonic()
        [changes] = glob.glob(os.path.join(HERE, "*.changes"))
        run("lintian", "--no-cfg", "--allow-root", "--fail-on", "error,warning", changes)
        took("lintian", start)

    def test_2_install(self):
        start = time.monotonic()
        packages = [os.path.basename(path) for path in glob.glob(os.path.join(HERE, "*.deb"))]
        self.assertEqual(sorted(name.split("_")[0] for name in packages),
                         ["whis", "whis-xembed-tray"])
        for name in packages:
            shutil.copy(os.path.join(HERE, name), os.path.join(self.tree, "srv", name))
        with open(os.path.join(self.tree, "etc/dpkg/dpkg.cfg.d/unsafe-io"), "w",
                  encoding="utf-8") as settings:
            settings.write("force-unsafe-io\n")
        self.enter("apt-get", "update", "-q")
        # What is only recommended is not there: all but the model has to do without it.
        self.enter("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-q", "-y",
                   "--no-install-recommends", "passwd", "pocketsphinx-en-us",
                   "pocketsphinx-testdata",
                   *(f"/srv/{name}" for name in packages))
        took("installing them", start)

    def test_3_files_are_in_place(self):
        paths = self.files()
        for path in ("/usr/bin/whis",
                     "/usr/libexec/whis/whis-service",
                     "/usr/libexec/whis/whis-window",
                     "/usr/libexec/whis/whis-indicator",
                     "/usr/libexec/whis/whis-offline",
                     "/usr/libexec/whis/whis-xembed-tray",
                     f"/usr/share/applications/{APP_ID}.desktop",
                     f"/usr/share/dbus-1/services/{APP_ID}.service",
                     f"/usr/share/metainfo/{APP_ID}.metainfo.xml",
                     f"/usr/share/icons/hicolor/scalable/apps/{APP_ID}.svg",
                     "/usr/share/man/man1/whis.1.gz",
                     "/usr/share/bash-completion/completions/whis"):
            self.assertIn(path, paths)

    def test_4_speech_becomes_text(self):
        # The same test that autopkgtest runs; as somebody who is not root.
        shutil.copy(os.path.join(SOURCE, "debian/tests/speech"), os.path.join(self.tree, "srv"))
        self.enter("useradd", "--create-home", "speaker")
        heard = self.enter("runuser", "-u", "speaker", "--", "env", "-u", "HOME", "/srv/speech")
        self.assertIn("he was not", heard)

    def test_5_programs_start(self):
        for program in ("whis-window", "whis-offline", "whis-service"):
            self.assertIn(program, self.enter(f"/usr/libexec/whis/{program}", "--version"))
        # These have a word for whoever starts them by hand, and no version.
        for program in ("whis-indicator", "whis-xembed-tray"):
            with self.assertRaisesRegex(AssertionError, "is started by Whis"):
                self.enter(f"/usr/libexec/whis/{program}")

    def test_6_purge_leaves_nothing(self):
        paths = self.files()
        self.enter("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "purge", "-q", "-y", "whis",
                   "whis-xembed-tray")
        self.assertEqual([path for path in paths if os.path.lexists(self.tree + path)], [])
        # Debian's libwhisper stays where apt was not asked to remove it.
        left = self.enter("find", "/", "-xdev", "(", "-path", "/srv", "-o", "-path", "/proc", "-o",
                          "-path", "/tmp", "-o", "-path", "/dev", ")", "-prune", "-o",
                          "-iname", "*whis*", "-not", "-iname", "*pwhistory*",
                          "-not", "-name", "libwhisper*", "-print")
        self.assertEqual(left, "")
        schemas = os.path.join(self.tree, "usr/share/glib-2.0/schemas/gschemas.compiled")
        if os.path.exists(schemas):
            with open(schemas, "rb") as compiled:
                self.assertNotIn(b"whis_gtk", compiled.read())
        known = subprocess.run([CLEAN_TREE, "enter", self.tree, "dpkg-query", "-W", "whis*"],
                               capture_output=True, text=True, check=False)
        self.assertEqual(known.stdout, "")


if __name__ == "__main__":
    tap.main()
