# SPDX-License-Identifier: MIT
"""A build of Whis with options of its own, installed into a folder of its own."""

import os
import shutil
import subprocess
import tempfile

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# Where the builds go; ./test has them beside its own.
BUILDS = os.environ.get("WHIS_PACKAGING_DIR") or os.path.join(os.environ["WHIS_BUILD_ROOT"],
                                                              "packaging")
# One for all of them, and for those of ./test: it is compiled in, and another one would compile
# everything again.
PREFIX = os.path.join(BUILDS, "prefix")


def run(*command, cwd=SOURCE, **variables):
    """Runs a command; what it prints is in the error if it fails."""
    environment = dict(os.environ, **variables)
    done = subprocess.run(command, cwd=cwd, env=environment, stdin=subprocess.DEVNULL, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(command)}: exit status {done.returncode}\n"
                             f"{done.stdout[-6000:]}")
    return done.stdout


def list_files(directory):
    """All that is in a folder, folders too: those end with `/`."""
    found = set()
    for place, folders, files in os.walk(directory):
        relative = os.path.relpath(place, directory)
        found |= {os.path.normpath(os.path.join(relative, name)) for name in files}
        found |= {os.path.normpath(os.path.join(relative, name)) + "/" for name in folders}
    return found


class Build:
    """A build directory. It is kept, so that the next run of the tests builds only what changed."""

    def __init__(self, name, *options, source=SOURCE):
        # Relative to the source all are in the same place, and so ccache compiles once what is the
        # same in them.
        self.directory = os.path.join(source, os.path.relpath(BUILDS, SOURCE), name)
        ccache = {"CCACHE_BASEDIR": source, "CCACHE_NOHASHDIR": "1"}
        # Takes a minute to build, and has a test of its own.
        if not any(option.startswith("-Dwhisper=") for option in options):
            options += ("-Dwhisper=disabled",)
        if os.path.exists(os.path.join(self.directory, "build.ninja")):
            run("meson", "configure", self.directory, *options)
        else:
            run("meson", "setup", self.directory, source, f"--prefix={PREFIX}", "-Dtests=false",
                f"-Dwerror={os.environ.get('WHIS_WERROR', 'false')}", *options, **ccache)
        run("ninja", "-C", self.directory, "-j2", **ccache)

    def install(self, destdir=None):
        """Installs, and where there is a DESTDIR makes sure that nothing else is written to."""
        command = ["meson", "install", "-C", self.directory, "--no-rebuild"]
        if destdir is None:
            return run(*command)
        return run("bwrap", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc",
                   "--bind", self.directory, self.directory, "--bind", destdir, destdir,
                   *command, DESTDIR=destdir)

    def installed(self):
        """The files that it installs, relative to the prefix."""
        destdir = tempfile.mkdtemp(prefix="whis-destdir-")
        try:
            self.install(destdir)
            return {name for name in list_files(destdir + PREFIX) if not name.endswith("/")}
        finally:
            shutil.rmtree(destdir)
