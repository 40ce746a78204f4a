#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Whis as in a Flatpak sandbox: through the real xdg-desktop-portal, which takes it for one.

Whis runs under bubblewrap with a `/.flatpak-info`, which is how Whis, GLib and the portal know a
sandbox. Nothing else is kept from it; what a real sandbox lacks is the matter of the Flatpak itself.
"""

import json
import os
import pathlib
import queue
import re
import shutil
import signal
import subprocess
import sys
import threading
import unittest

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS), str(TESTS / "service")]
# pylint: disable=wrong-import-position
import tap
from desktop_session import DesktopSession, missing_programs
from fakes.fake_services import FakeService, text
from gi.repository import Gio, GLib
from whis_session import APP_ID, SPEECH

INFO = f"""[Application]
name={APP_ID}
runtime=runtime/org.gnome.Platform/x86_64/43

[Instance]
instance-id={{instance}}
app-path=/app
"""

PORTAL = "org.freedesktop.portal.Desktop"
NOTIFICATIONS = "org.freedesktop.Notifications"


PROGRAMS = ("/usr/libexec/xdg-desktop-portal", "/usr/libexec/xdg-desktop-portal-gtk", "bwrap")
MISSING = [*missing_programs(), *(name for name in PROGRAMS if shutil.which(name) is None)]


@unittest.skipIf(MISSING, f"not installed: {' '.join(MISSING)}")
class SandboxTest(unittest.TestCase):
    """A desktop with portals, and Whis in a sandbox on it."""

    def setUp(self):
        self.desktop = DesktopSession(keyring=False)
        self.addCleanup(self.desktop.close)
        self.addCleanup(self.quit)
        directory = self.desktop.directory
        self.portals = os.path.join(directory, "portals")
        os.mkdir(self.portals)
        self.instances = 0

    def start_portal(self, answer="0", background=True):
        """Starts the portal, with the back ends that a desktop has."""
        self.write_back_end("gtk", "Notification;org.freedesktop.impl.portal.Lockdown")
        self.desktop.spawn_quietly("/usr/libexec/xdg-permission-store")
        self.desktop.spawn_quietly("/usr/libexec/xdg-desktop-portal-gtk")
        self.desktop.wait_for_name("org.freedesktop.impl.portal.desktop.gtk")
        if background:
            self.start_back_end(answer)
        self.portal = self.desktop.spawn_quietly("/usr/libexec/xdg-desktop-portal", environment={
            "XDG_DESKTOP_PORTAL_DIR": self.portals})
        self.desktop.wait_for_name(PORTAL)

    def write_back_end(self, name, interfaces):
        with open(os.path.join(self.portals, f"{name}.portal"), "w", encoding="utf-8") as file:
            file.write(f"[portal]\nDBusName=org.freedesktop.impl.portal.desktop.{name}\n"
                       f"Interfaces=org.freedesktop.impl.portal.{interfaces};\nUseIn=XFCE\n")

    def start_back_end(self, answer):
        self.write_back_end("whistest", "Background;org.freedesktop.impl.portal.Access")
        program = self.desktop.spawn("/usr/bin/python3", TESTS / "desktop" / "portal_back_end.py",
                                     answer, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                     text=True)
        self.addCleanup(program.stdin.close)
        self.user = program.stdin
        self.desktop.wait_for_name("org.freedesktop.impl.portal.desktop.whistest")
        self.told = queue.Queue()
        listener = threading.Thread(target=self.listen, args=(program.stdout,), daemon=True)
        listener.start()

    def set_permission(self, permission):
        """What the user has decided about Whis in the background: yes, no, or ask."""
        self.desktop.bus.call_sync(
            "org.freedesktop.impl.portal.PermissionStore",
            "/org/freedesktop/impl/portal/PermissionStore",
            "org.freedesktop.impl.portal.PermissionStore", "SetPermission",
            GLib.Variant("(sbssas)", ("background", True, "background", APP_ID, [permission])),
            None, Gio.DBusCallFlags.NONE, -1, None)

    def listen(self, output):
        """Takes the lines that the back end writes. Newer portals ask every few seconds about a
        program that has no window; the user lets it be."""
        for line in output:
            call = json.loads(line)
            if call[0] != "NotifyBackground":
                self.told.put(call)

    def next_call(self):
        return self.told.get(timeout=500)

    def write_instance(self):
        """What Flatpak writes of a sandbox that it starts, all but its processes."""
        self.instances += 1
        directory = os.path.join(self.desktop.environment["XDG_RUNTIME_DIR"], ".flatpak",
                                 str(self.instances))
        os.makedirs(directory)
        with open(os.path.join(directory, "info"), "w", encoding="utf-8") as file:
            file.write(INFO.format(instance=self.instances))
        return directory

    def sandboxed(self, *command):
        """A command as a sandbox runs it, each in one of its own. Newer portals want to know its
        processes: bubblewrap's own and the first inside."""
        instance = self.write_instance()
        script = 'echo $$ > "$0/pid"; exec bwrap --info-fd 9 "$@" 9> "$0/bwrapinfo.json"'
        words = ["sh", "-c", script, instance, "--die-with-parent"]
        for entry in sorted(os.listdir("/")):
            path = f"/{entry}"
            if os.path.islink(path):
                words += ["--symlink", os.readlink(path), path]
            else:
                words += ["--dev-bind-try", path, path]
        return [*words, "--ro-bind", f"{instance}/info", "/.flatpak-info", "--", *command]

    def start_service(self):
        with open(self.desktop.log_path, "a", encoding="utf-8") as log:
            self.service = self.desktop.spawn(
                *self.sandboxed(self.desktop.environment["WHIS_SERVICE_PROGRAM"]),
                stdout=log, stderr=log,
                env={**self.desktop.environment, "G_MESSAGES_DEBUG": "all"})
        self.desktop.wait_until(self.desktop.has_service, "the service does not come")

    def quit(self):
        """Ends the service, which ends well: also as the sanitizers see it."""
        if not hasattr(self, "service"):
            return
        if self.desktop.has_service():
            self.desktop.call("Quit")
        self.assertEqual(self.service.wait(120), 0, self.desktop.read_log()[-5000:])

    def whis(self, *arguments):
        return subprocess.run(
            self.sandboxed(self.desktop.environment["WHIS_PROGRAM"], *arguments),
            env=self.desktop.environment, capture_output=True, text=True, timeout=500, check=False)

    def setting(self):
        return self.whis("settings", "autostart").stdout.strip()


class Autostart(SandboxTest):
    """Start at login through the portal. That of Debian 12 tells its back end; newer ones write
    the entry themselves."""

    def setUp(self):
        super().setUp()
        entries = os.path.join(self.desktop.environment["XDG_CONFIG_HOME"], "autostart")
        os.makedirs(entries)
        self.entry = os.path.join(entries, f"{APP_ID}.desktop")
        self.entry_changes = []
        self.monitor = Gio.File.new_for_path(entries).monitor_directory(
            Gio.FileMonitorFlags.NONE, None)
        self.monitor.connect("changed", self.note_entry)
        self.addCleanup(self.monitor.cancel)

    def note_entry(self, _monitor, file, _other_file, event):
        """Notes that the entry comes or goes."""
        if file.get_path() == self.entry and event in (Gio.FileMonitorEvent.CREATED,
                                                       Gio.FileMonitorEvent.DELETED):
            self.entry_changes.append(event == Gio.FileMonitorEvent.CREATED)

    def assert_next_change(self, enabled):
        """The desktop starts Whis at login from now on, or no longer, and with the right words."""
        program = os.path.abspath(self.desktop.environment["WHIS_SERVICE_PROGRAM"])
        command = ["flatpak", "run", f"--command={program}", APP_ID, "--at-login"]
        self.desktop.wait_until(lambda: self.entry_changes or not self.told.empty(),
                                "the desktop is not told")
        if not self.entry_changes:
            call = self.next_call()
            self.assertEqual(call[:3], ["EnableAutostart", APP_ID, enabled])
            if enabled:
                self.assertEqual(call[3:], [command, 0])
            self.assert_no_entry()
            return
        self.assertEqual(self.entry_changes.pop(0), enabled)
        if enabled and os.path.exists(self.entry):
            entry = GLib.KeyFile()
            entry.load_from_file(self.entry, GLib.KeyFileFlags.NONE)
            keys = entry.get_keys("Desktop Entry")[0]
            self.assertEqual(entry.get_string("Desktop Entry", "X-XDP-Autostart"), APP_ID)
            self.assertEqual(entry.get_string("Desktop Entry", "Exec"), " ".join(command))
            self.assertNotIn("DBusActivatable", keys)

    def test_granted(self):
        self.start_portal("0")
        self.set_permission("ask")
        self.start_service()
        result = self.whis("settings", "autostart", "true")
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        dialog = self.next_call()
        self.assertEqual(dialog[0], "AccessDialog")
        self.assertEqual(dialog[2], APP_ID)
        self.assertIn("ready for a dictation", dialog[5])
        self.assert_next_change(True)
        self.assertEqual(self.setting(), "true")

        self.set_permission("yes")
        result = self.whis("settings", "autostart", "false")
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assert_next_change(False)
        self.assertEqual(self.setting(), "false")
        self.assert_no_entry()

    def assert_no_entry(self):
        """Neither the portal's nor Whis's own, which would be where no session looks."""
        self.assertEqual(os.listdir(os.path.dirname(self.entry)), [])

    def assert_refused(self, part):
        result = self.whis("settings", "autostart", "true")
        self.assertEqual(result.returncode, 1)
        self.assertEqual(result.stderr.count("\n"), 1, result.stderr)
        self.assertIn(part, result.stderr)
        self.assertEqual(self.setting(), "false")
        self.assert_no_entry()

    def test_refused(self):
        """In the dialog, and by what was decided before."""
        self.start_portal("1")
        self.set_permission("ask")
        self.start_service()
        self.assert_refused("does not allow Whis to run in the background")
        self.assertEqual(self.next_call()[0], "AccessDialog")
        self.set_permission("no")
        self.assert_refused("does not allow Whis to run in the background")

    def test_no_back_end(self):
        """As Debian 12 has it where neither GNOME nor KDE is."""
        self.start_portal(background=False)
        self.start_service()
        self.assert_refused("has no portal")

    def test_no_portal(self):
        self.start_service()
        self.assert_refused("has no portal")

    def test_second_thoughts(self):
        """A settings editor takes it back while the dialog is open: that is what holds."""
        self.start_portal("later")
        self.set_permission("ask")
        self.start_service()
        for value, word in (("true", "on"), ("false", "off")):
            subprocess.run(["gsettings", "set", APP_ID, "autostart", value], check=True,
                           env=self.desktop.environment)
            self.desktop.wait_until(lambda word=word: f"login: {word} is asked for"
                                    in self.desktop.read_log(), f"{word} is not asked for")
        self.assertEqual(self.next_call()[0], "AccessDialog")
        self.set_permission("yes")
        self.user.write("yes\n")
        self.user.flush()
        self.assert_next_change(True)
        self.assert_next_change(False)
        self.desktop.wait_until(lambda: self.setting() == "false", "the setting is not false")

    def test_the_portal_dies(self):
        """While its dialog is open."""
        self.start_portal("never")
        self.set_permission("ask")
        self.start_service()
        asking = self.desktop.spawn(
            *self.sandboxed(self.desktop.environment["WHIS_PROGRAM"], "settings", "autostart",
                            "true"), stderr=subprocess.PIPE, text=True)
        self.assertEqual(self.next_call()[0], "AccessDialog")
        self.portal.kill()
        self.portal.wait()
        self.assertEqual(asking.wait(120), 1)
        self.assertIn("try again", asking.stderr.read())
        self.assertEqual(self.setting(), "false")


class Notifications(SandboxTest):
    """Through the portal, the portal's back end, and a server that notes what it shows."""

    def setUp(self):
        super().setUp()
        self.desktop.start_notification_server()
        self.start_portal(background=False)
        self.provider = FakeService(text("taken back"))
        self.addCleanup(self.provider.close)
        # What is said of a text depends on whether a window takes it; here there is none.
        self.desktop.settings(provider="custom", addresses__custom=self.provider.address,
                              delivery="copy")
        self.opened = self.desktop.note_windows()
        self.start_service()

    def wait_for_notification(self, title):
        """Waits until the server shows it; returns its line."""
        def find():
            return next((line for line in self.desktop.notifications() if title in line), None)
        return self.desktop.wait_until(find, f"no “{title}”")

    def press(self, number, action):
        """As the server tells that the user pressed a button."""
        self.desktop.bus.call_sync(
            NOTIFICATIONS, "/org/freedesktop/Notifications", "org.freedesktop.DBus.Mock",
            "EmitSignal", GLib.Variant("(sssav)", (
                NOTIFICATIONS, "ActionInvoked", "us",
                [GLib.Variant("u", number), GLib.Variant("s", action)])),
            None, Gio.DBusCallFlags.NONE, -1, None)

    def test_a_click(self):
        """On the notification itself: the window opens."""
        dictation = self.desktop.start_dictation()
        self.desktop.play()
        self.desktop.call("Cancel", "(s)", dictation)
        self.wait_for_notification("The dictation was cancelled")
        self.press(1, "default")
        self.desktop.wait_until(lambda: os.path.exists(self.opened), "no window")
        with open(self.opened, encoding="utf-8") as file:
            self.assertEqual(file.read().strip(), "--page=home")

    def test_a_button(self):
        """Undo of a cancelled dictation."""
        self.desktop.copy("before")
        dictation = self.desktop.start_dictation()
        self.desktop.play()
        self.desktop.call("Cancel", "(s)", dictation)
        line = self.wait_for_notification("The dictation was cancelled")
        action = re.search(r'"([^"]*resume[^"]*)"', line).group(1)
        self.press(1, action)
        self.assertEqual(self.desktop.wait_for_clipboard("before"), "taken back")
        self.wait_for_notification("The text is on the clipboard")


class Status(SandboxTest):
    """What the desktop's list of programs in the background is told."""

    def test_follows_the_dictation(self):
        self.start_portal()
        heard = os.path.join(self.desktop.directory, "heard")
        with open(heard, "w", encoding="utf-8") as file:
            monitor = self.desktop.spawn(
                "stdbuf", "-oL", "dbus-monitor", "--session", "member='SetStatus'", stdout=file)
        self.desktop.wait_until(lambda: os.path.getsize(heard), "nobody listens")
        self.assertIsNone(monitor.poll())

        def said():
            with open(heard, encoding="utf-8") as file:
                return re.findall(r'variant +string "(.*)"', file.read())

        self.start_service()
        self.desktop.wait_until(lambda: said() == ["Ready"], "it does not say that it is ready")
        dictation = self.desktop.start_dictation()
        self.desktop.wait_until(lambda: said() == ["Ready", "Recording"],
                                "it does not say that it records")
        self.desktop.call("Cancel", "(s)", dictation)
        self.desktop.wait_until(lambda: said() == ["Ready", "Recording", "Ready"],
                                "it does not say that it has ended")


class Suspend(SandboxTest):
    """The computer sleeps, which nobody tells a sandbox: everything stops, and goes on later."""

    def test_recording_goes_on(self):
        provider = FakeService(text("all of it"))
        self.addCleanup(provider.close)
        self.desktop.settings(provider="custom", addresses__custom=provider.address)
        self.start_service()
        dictation = self.desktop.start_dictation(deliver=False)
        self.desktop.play()
        sleepers = [self.service_pid(), self.desktop.pulse.pid]
        for pid in sleepers:
            os.kill(pid, signal.SIGSTOP)
        for pid in sleepers:
            self.desktop.wait_until(lambda pid=pid: self.is_stopped(pid), "it does not stop")
        for pid in sleepers:
            os.kill(pid, signal.SIGCONT)
        self.desktop.play()
        self.assertEqual(self.desktop.get("State"), "recording")
        self.desktop.call("Stop")
        self.assertEqual(self.desktop.outcome(dictation), ("finished", "all of it"))
        (sound,) = self.desktop.recordings()
        self.assertGreater(self.length_of(sound), 2 * self.length_of(SPEECH) - 0.5)
        self.assertNotIn("WARNING", self.desktop.read_log())

    def service_pid(self):
        answer = self.desktop.bus.call_sync(
            "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
            "GetConnectionUnixProcessID", GLib.Variant("(s)", (APP_ID,)), None,
            Gio.DBusCallFlags.NONE, -1, None)
        return answer.unpack()[0]

    @staticmethod
    def is_stopped(pid):
        status = pathlib.Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
        return "State:\tT" in status

    @staticmethod
    def length_of(path):
        """Seconds of sound in a file."""
        result = subprocess.run(["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of",
                                 "csv=p=0", path], capture_output=True, check=True, text=True)
        return float(result.stdout)


if __name__ == "__main__":
    sys.exit(tap.main())
