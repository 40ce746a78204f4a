#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Start at login outside of a sandbox: the real entry, and who changes it."""

import configparser
import os
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# pylint: disable=wrong-import-position
import tap
from gi.repository import GLib
from whis_session import APP_ID, WhisSession


class AutostartTest(unittest.TestCase):
    """A session with a directory of settings of its own."""

    def setUp(self):
        self.session = WhisSession(pulse=False)
        self.addCleanup(self.session.close)
        config = self.session.environment["XDG_CONFIG_HOME"]
        self.path = os.path.join(config, "autostart", f"{APP_ID}.desktop")

    def write_entry(self, *lines):
        """Writes the entry as another program would: into its place in one go."""
        os.makedirs(os.path.dirname(self.path), exist_ok=True)
        with open(f"{self.path}.new", "w", encoding="utf-8") as file:
            file.write("\n".join(["[Desktop Entry]", "Type=Application", "Name=Whis",
                                  "Exec=/bin/true --at-login", *lines, ""]))
        os.rename(f"{self.path}.new", self.path)

    def read_entry(self):
        entry = configparser.RawConfigParser(interpolation=None)
        entry.optionxform = str
        entry.read(self.path, encoding="utf-8")
        return dict(entry["Desktop Entry"])

    def setting(self):
        """What the command line says."""
        result = self.session.whis("settings", "autostart")
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        return result.stdout.strip()

    def stored(self):
        """What is stored, which the window shows."""
        path = os.path.join(self.session.environment["XDG_CONFIG_HOME"], "glib-2.0", "settings",
                            "keyfile")
        if not os.path.exists(path):
            return "false"
        with open(path, encoding="utf-8") as file:
            return "true" if "autostart=true" in file.read() else "false"

    def wait_for_stored(self, value):
        self.session.wait_until(lambda: self.stored() == value, f"the setting is not {value}")


class Entry(AutostartTest):
    """What is written, and what becomes of it."""

    def test_on_and_off(self):
        self.assertEqual(self.setting(), "false")
        self.session.start_service()
        self.session.settings(autostart="true")
        entry = self.read_entry()
        program = os.path.abspath(self.session.environment["WHIS_SERVICE_PROGRAM"])
        self.assertEqual(entry["TryExec"], program)
        self.assertEqual(entry["Exec"], f"{program} --at-login")
        self.assertEqual(entry["X-GNOME-Autostart-enabled"], "true")
        self.assertNotIn("Hidden", entry)
        check = subprocess.run(["desktop-file-validate", self.path], capture_output=True, text=True,
                               check=False)
        self.assertEqual((check.returncode, check.stdout), (0, ""))
        self.assertEqual(os.listdir(os.path.dirname(self.path)), [os.path.basename(self.path)])
        self.assertEqual((self.setting(), self.stored()), ("true", "true"))

        self.session.settings(autostart="false")
        self.assertFalse(os.path.exists(self.path))
        self.assertEqual((self.setting(), self.stored()), ("false", "false"))
        self.session.settings(autostart="false")

    def test_a_path_that_needs_quotes(self):
        directory = os.path.join(self.session.directory, 'a "50 %" $HOME `x` \\ dir')
        os.mkdir(directory)
        program = os.path.join(directory, "whis-service")
        os.symlink(self.session.environment["WHIS_SERVICE_PROGRAM"], program)
        self.session.environment["WHIS_SERVICE_PROGRAM"] = program
        self.session.start_service()
        self.session.settings(autostart="true")
        check = subprocess.run(["desktop-file-validate", self.path], capture_output=True, text=True,
                               check=False)
        self.assertEqual((check.returncode, check.stdout), (0, ""))
        entry = GLib.KeyFile()
        entry.load_from_file(self.path, GLib.KeyFileFlags.NONE)
        _ok, words = GLib.shell_parse_argv(entry.get_string("Desktop Entry", "Exec"))
        self.assertEqual([word.replace("%%", "%") for word in words], [program, "--at-login"])
        self.assertEqual(self.setting(), "true")

    def test_a_value_that_is_none(self):
        result = self.session.whis("settings", "autostart", "maybe")
        self.assertEqual(result.returncode, 2)
        self.assertIn("maybe", result.stderr)
        self.assertFalse(self.session.has_service())


class Others(AutostartTest):
    """Somebody else changes the entry, or the setting."""

    def test_switched_off_by_the_desktop(self):
        """Each way that desktops have; the switch shows it, and switches on again."""
        self.session.start_service()
        for line in ("Hidden=true", "X-GNOME-Autostart-enabled=false", "TryExec=/nonexistent/whis"):
            with self.subTest(line=line):
                self.session.settings(autostart="true")
                self.wait_for_stored("true")
                self.write_entry(line)
                self.wait_for_stored("false")
                self.assertEqual(self.setting(), "false")
        self.session.settings(autostart="true")
        self.assertNotIn("Hidden", self.read_entry())

    def test_removed_and_put_back(self):
        self.session.start_service()
        self.session.settings(autostart="true")
        shutil.copy(self.path, f"{self.path}.kept")
        os.unlink(self.path)
        self.wait_for_stored("false")
        os.rename(f"{self.path}.kept", self.path)
        self.wait_for_stored("true")

    def test_changed_while_whis_was_away(self):
        """The entry is the truth: at the start, and for a command line without a service."""
        self.write_entry()
        self.assertEqual(self.setting(), "true")
        self.session.start_service()
        self.wait_for_stored("true")
        self.session.call("Quit")
        self.session.service.wait(120)
        self.write_entry("Hidden=true")
        self.assertEqual(self.stored(), "true")
        self.session.start_service()
        self.wait_for_stored("false")
        self.assertEqual(self.read_entry()["Hidden"], "true", "it stays as the user left it")

    def test_written_by_a_settings_editor(self):
        """Also once more, as soon as the first change can be seen."""
        self.session.start_service()
        for _ in range(5):
            subprocess.run(["gsettings", "set", APP_ID, "autostart", "true"], check=True,
                           env=self.session.environment)
            self.session.wait_until(lambda: os.path.exists(self.path), "no entry")
            subprocess.run(["gsettings", "set", APP_ID, "autostart", "false"], check=True,
                           env=self.session.environment)
            self.session.wait_until(lambda: not os.path.exists(self.path), "the entry stays")


class Failures(AutostartTest):
    """What cannot be written is said in one sentence, and the setting is as it was."""

    def assert_refused(self, value, *parts):
        result = self.session.whis("settings", "autostart", value)
        self.assertEqual(result.returncode, 1)
        self.assertEqual(result.stderr.count("\n"), 1, result.stderr)
        for part in parts:
            self.assertIn(part, result.stderr)
        self.assertTrue(self.session.has_service())

    def test_no_directory(self):
        """Something else has the name of the directory."""
        os.makedirs(os.path.dirname(os.path.dirname(self.path)))
        with open(os.path.dirname(self.path), "w", encoding="utf-8"):
            pass
        self.session.start_service()
        self.assert_refused("true", "will not start at login", "autostart")
        with self.assertRaisesRegex(GLib.Error, r"Whis\.Error\.Failed"):
            self.session.call("SetAutostart", "(b)", True)
        self.assertEqual((self.setting(), self.stored()), ("false", "false"))

    def test_read_only_directory(self):
        """Neither on nor off can be written; what is there stays, and is what is shown."""
        self.write_entry()
        directory = os.path.dirname(self.path)
        program = self.session.environment["WHIS_SERVICE_PROGRAM"]
        script = (f"mount --bind {directory} {directory} && mount -o remount,bind,ro {directory} "
                  f"&& exec {program}")
        private = ["--mount"] if os.getuid() == 0 else ["--mount", "--user", "--map-root-user"]
        with open(self.session.log_path, "w", encoding="utf-8") as log:
            self.session.service = self.session.spawn("unshare", *private, "sh", "-c", script,
                                                      stdout=log, stderr=log)
            self.session.wait_until(self.session.has_service, "the service does not come")
        self.assert_refused("true", "will not start at login", "Read-only file system")
        self.assert_refused("false", "still starts at login", "Read-only file system")
        self.assertEqual(self.setting(), "true")
        self.wait_for_stored("true")

    def test_no_program(self):
        """What is not installed is not put among the programs that start."""
        environment = {**self.session.environment, "WHIS_SERVICE_PROGRAM": "/nonexistent/whis"}
        self.session.service = self.session.spawn(
            self.session.environment["WHIS_SERVICE_PROGRAM"], env=environment)
        self.session.wait_until(self.session.has_service, "the service does not come")
        self.assert_refused("true", "there is no program /nonexistent/whis")
        self.assertEqual((self.setting(), self.stored()), ("false", "false"))
        self.assertFalse(os.path.exists(self.path))

    def test_an_editor_is_told(self):
        """A setting that cannot be carried out goes back."""
        os.makedirs(os.path.dirname(os.path.dirname(self.path)))
        with open(os.path.dirname(self.path), "w", encoding="utf-8"):
            pass
        self.session.start_service()
        for _ in range(2):
            subprocess.run(["gsettings", "set", APP_ID, "autostart", "true"], check=True,
                           env=self.session.environment)
            self.wait_for_stored("false")


class Login(AutostartTest):
    """What a session does with the entry."""

    def run_entry(self):
        """Starts what the entry says, as a session does."""
        entry = GLib.KeyFile()
        entry.load_from_file(self.path, GLib.KeyFileFlags.NONE)
        _ok, words = GLib.shell_parse_argv(entry.get_string("Desktop Entry", "Exec"))
        with open(self.session.log_path, "a", encoding="utf-8") as log:
            return self.session.spawn(*words, stdout=log, stderr=log)

    def test_two_at_once(self):
        """A shortcut may have started Whis before the session does: that is no failure."""
        self.session.settings(autostart="true")
        self.assertTrue(self.session.has_service())
        second = self.run_entry()
        self.assertEqual(second.wait(120), 0)
        self.assertEqual(self.session.read_log(), "")
        self.session.whis("quit")
        self.session.wait_until(lambda: not self.session.has_service(), "it does not quit")
        self.session.service = self.run_entry()
        self.session.wait_until(self.session.has_service, "the service does not come")
        self.assertEqual(self.session.get("State"), "idle")


if __name__ == "__main__":
    sys.exit(tap.main())
