#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Takes back what `meson install` did: `ninja -C BUILD remove`, with the same DESTDIR.

`ninja uninstall` takes the files away. What installing made of them is left by it: the compiled
schemas, the caches of icons and desktop files, and folders that were there at a second install.
This removes all of it that is nobody else's, and makes anew what others share.
"""

import glob
import os
import subprocess
import sys

# A folder, what is made of the files in it, the files, and what makes it anew.
MADE = (
    ("glib-2.0/schemas", "gschemas.compiled", "*.xml", ["glib-compile-schemas", "."]),
    ("icons/hicolor", "icon-theme.cache", "**/*.*g",
     ["gtk-update-icon-cache", "-q", "-t", "-f", "."]),
    ("applications", "mimeinfo.cache", "*.desktop", ["update-desktop-database", "-q", "."]),
)
# Folders of the system, which are there without Whis.
SHARED = ("/usr", "/usr/local")


def read_log(build):
    """What was installed: meson writes it down, with DESTDIR."""
    path = os.path.join(build, "meson-logs", "install-log.txt")
    with open(path, encoding="utf-8") as log:
        return [line.rstrip("\n") for line in log if not line.startswith("#")]


def remove_files(paths):
    """All but the folders, which are looked at when they are empty."""
    for path in paths:
        if os.path.islink(path) or os.path.isfile(path):
            os.unlink(path)
            print("Removed", path)


def renew(datadir):
    """Compiled schemas and caches: again without Whis, or away if they were of Whis alone."""
    for place, made, sources, command in MADE:
        folder = os.path.join(datadir, place)
        if not os.path.exists(os.path.join(folder, made)):
            continue
        if glob.glob(os.path.join(folder, sources), recursive=True):
            subprocess.run(command, cwd=folder, check=True)
        else:
            os.unlink(os.path.join(folder, made))
            print("Removed", os.path.join(folder, made))


def remove_empty(paths, top, is_shared):
    """The folders in which the files were, up to the prefix, as far as they are empty now. Of the
    system's folders only those that installing made, which the log tells, and our own."""
    folders = {folder for path in paths for folder in parents(path, top)}
    for folder in sorted(folders, key=len, reverse=True):
        ours = not is_shared or folder in paths or os.path.basename(folder) == "whis"
        if ours and os.path.isdir(folder) and not os.listdir(folder):
            os.rmdir(folder)


def parents(path, top):
    """The folders of a path, and itself, up to the top."""
    while path.startswith(top):
        yield path
        path = os.path.dirname(path)


def main():
    build, prefix, datadir = sys.argv[1:]
    destdir = os.environ.get("DESTDIR", "").rstrip("/")
    paths = read_log(build)
    if not any(path.startswith(destdir + prefix + "/") for path in paths):
        sys.exit("The last install was with another DESTDIR; nothing is removed.")
    remove_files(paths)
    renew(destdir + datadir)
    remove_empty(paths, destdir + prefix, prefix in SHARED and not destdir)


main()
