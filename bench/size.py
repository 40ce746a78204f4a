#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""How much room Whis takes where it is installed: the programs without debugging symbols, and all.

  size.py BUILD-DIRECTORY

Beside it is what the packages of two public programs take: GNOME's sound recorder, and the embedded
recogniser's English model, which comes as a package of its own.
"""

import pathlib
import subprocess
import sys
import tempfile

from harness import print_table

OTHERS = ("gnome-sound-recorder", "pocketsphinx-en-us")


def megabytes(size):
    return f"{size / 1e6:.2f}"


def installed(package):
    """The size that a package's maintainer gives, in bytes, or None where apt does not know it."""
    for line in subprocess.run(["apt-cache", "show", "--no-all-versions", package], check=False,
                               capture_output=True, text=True).stdout.splitlines():
        if line.startswith("Installed-Size:"):
            return int(line.split()[1]) * 1024
    return None


def main():
    build = sys.argv[1]
    rows = []
    with tempfile.TemporaryDirectory() as stage:
        subprocess.run(["meson", "install", "-C", build, "--no-rebuild", "--quiet", "--strip",
                        "--destdir", stage], check=True, stdout=subprocess.DEVNULL)
        files = [path for path in pathlib.Path(stage).rglob("*") if path.is_file()]
        programs = [path for path in files if path.read_bytes()[:4] == b"\x7fELF"]
        for program in sorted(programs):
            rows.append((f"`{program.name}`", megabytes(program.stat().st_size)))
        rows.append(("all that is installed", megabytes(sum(path.stat().st_size
                                                            for path in files))))
    for package in OTHERS:
        size = installed(package)
        if size is not None:
            rows.append((f"package `{package}`", megabytes(size)))
    print_table("Size, in MB", ("what", "MB"), rows)


if __name__ == "__main__":
    main()
