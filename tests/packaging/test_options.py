#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Each part left out, alone and together: what is built then, and what the rest says of it."""

import itertools
import os
import sys
import unittest

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [TESTS, os.path.join(TESTS, "service")]
# pylint: disable=wrong-import-position
import tap
from build import Build
from whis_session import SPEECH, WhisSession

APP_ID = "io.github.whis_gtk.Whis"
ICONS = "share/icons/hicolor"

ALWAYS = {
    "bin/whis",
    "libexec/whis/whis-service",
    f"share/dbus-1/services/{APP_ID}.service",
    f"share/glib-2.0/schemas/{APP_ID}.gschema.xml",
    f"{ICONS}/scalable/apps/{APP_ID}.svg",
    f"{ICONS}/symbolic/apps/{APP_ID}-symbolic.svg",
    f"{ICONS}/symbolic/apps/{APP_ID}-idle-symbolic.svg",
    f"{ICONS}/symbolic/apps/{APP_ID}-recording-symbolic.svg",
    f"{ICONS}/symbolic/apps/{APP_ID}-transcribing-symbolic.svg",
    f"{ICONS}/symbolic/apps/{APP_ID}-failed-symbolic.svg",
    *(f"{ICONS}/{size}x{size}/apps/{APP_ID}.svg" for size in (16, 22, 24)),
    "share/bash-completion/completions/whis",
    "share/doc/whis/dbus.html",
    f"share/applications/{APP_ID}.Service.desktop",
    *(f"share/gnome-shell/extensions/whis@whis-gtk.github.io/{name}"
      for name in ("extension.js", "metadata.json")),
    *(f"share/whis/sounds/{name}.wav" for name in ("started", "stopped", "failed")),
    "share/fish/vendor_completions.d/whis.fish",
    "share/man/man1/whis.1",
    "share/zsh/site-functions/_whis",
}
OF_PART = {
    "offline": {
        "libexec/whis/whis-decoder.so",
        "libexec/whis/whis-offline",
        "libexec/whis/whis-pocketsphinx.so",
    },
    "window": {
        "libexec/whis/whis-window",
        f"share/applications/{APP_ID}.desktop",
        f"share/metainfo/{APP_ID}.metainfo.xml",
    },
    "xembed_tray": {"libexec/whis/whis-xembed-tray"},
    "indicator": {"libexec/whis/whis-indicator"},
}
PARTS = tuple(OF_PART)


def build(**parts):
    """The build with these parts left out that are False."""
    missing = [part for part in PARTS if not parts[part]]
    name = "-".join(["without", *missing]) if missing else "with-all"
    return Build(name, *(f"-D{part}={str(parts[part]).lower()}" for part in PARTS))


class Combinations(unittest.TestCase):
    """What is installed."""

    def check(self, present):
        parts = dict(zip(PARTS, present))
        expected = set(ALWAYS)
        for part in PARTS:
            if parts[part]:
                expected |= OF_PART[part]
        self.assertEqual(expected, build(**parts).installed())


def combinations():
    """All, but the indicator is left out alone and with everything else: nothing depends on it."""
    for present in itertools.product((True, False), repeat=len(PARTS)):
        if present[-1] or len(set(present[:-1])) == 1:
            yield present


def add_combinations():
    """A test for each, named for what is left out."""
    for present in combinations():
        missing = [part for part, there in zip(PARTS, present) if not there]
        name = "test_" + ("_and_".join(missing) + "_left_out" if missing else "nothing_left_out")
        setattr(Combinations, name, lambda self, present=present: self.check(present))


class LeftOut(unittest.TestCase):
    """Whis without a part that is asked for."""

    def run_whis(self, *arguments, **parts):
        made = build(**{part: parts.get(part, True) for part in PARTS})
        with WhisSession(pulse=False, environment={
            "WHIS_PROGRAM": os.path.join(made.directory, "src", "cli", "whis"),
            "WHIS_SERVICE_PROGRAM": os.path.join(made.directory, "src", "service", "whis-service"),
            "DISPLAY": ":does-not-matter",
            "GSETTINGS_SCHEMA_DIR": os.path.join(made.directory, "data"),
        }) as session:
            done = session.whis(*arguments)
            self.assertNotEqual(done.returncode, 0)
            self.assertEqual(done.stdout, "")
            self.assertEqual(len(done.stderr.strip().splitlines()), 1, done.stderr)
            return done.stderr

    def test_window(self):
        said = self.run_whis(window=False)
        self.assertIn("built without its window", said)
        self.assertIn("whis --help", said)

    def test_recogniser(self):
        said = self.run_whis("transcribe", SPEECH, offline=False)
        self.assertIn("embedded recogniser", said)
        self.assertIn("choose another service", said)


add_combinations()
if __name__ == "__main__":
    tap.main()
