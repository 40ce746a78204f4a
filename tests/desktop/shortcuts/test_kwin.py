#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Shortcuts on a real KWin without a screen, with its own keys and the portal of KDE."""

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
# pylint: disable=wrong-import-position
import tap

PORTAL = "/usr/libexec/xdg-desktop-portal"
PORTAL_KDE = "/usr/lib/x86_64-linux-gnu/libexec/xdg-desktop-portal-kde"

# Numbers of the kernel.
ESCAPE, RETURN, SUPER, H = 1, 28, 125, 35

DESKTOP_FILE = """[Desktop Entry]
Type=Application
Name=Whis probe
Exec={}
X-KDE-Wayland-Interfaces=org_kde_kwin_fake_input
"""


class KWin(unittest.TestCase):
    """One session for each test; KWin refuses to run as root."""

    def setUp(self):
        for program in ("kwin_wayland", "kbuildsycoca5", "dbus-daemon", "setpriv"):
            if shutil.which(program) is None:
                self.skipTest(f"{program} is not installed")
        self.directory = tempfile.mkdtemp(prefix="whis-kwin-")
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        self.probe = shutil.copy(os.environ["WHIS_SHORTCUT_PROBE"], self.directory)
        # The file capability of the program keeps it from starting in a container.
        self.kwin = os.path.join(self.directory, "kwin_wayland")
        shutil.copyfile(shutil.which("kwin_wayland"), self.kwin)
        os.chmod(self.kwin, 0o755)
        applications = os.path.join(self.directory, "applications")
        os.mkdir(applications)
        # Portals since 1.21 want to know an application by the file of its id.
        for name in "probe", "io.github.whis_gtk.Whis":
            path = os.path.join(applications, name + ".desktop")
            with open(path, "w", encoding="utf-8") as file:
                file.write(DESKTOP_FILE.format(self.probe))
        self.prefix = []
        if os.geteuid() == 0:
            self.prefix = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
            subprocess.run(["chown", "-R", "65534:65534", self.directory], check=True)
        self.environment = {
            "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8",
            "HOME": self.directory, "XDG_RUNTIME_DIR": self.directory,
            "XDG_DATA_HOME": self.directory, "XDG_CURRENT_DESKTOP": "KDE",
            "XDG_MENU_PREFIX": "kf5-",
            "LIBGL_ALWAYS_SOFTWARE": "1", "QT_LOGGING_RULES": "*=false",
            "GSETTINGS_BACKEND": "memory",
        }
        self.start_bus()
        self.start_kwin()

    def spawn(self, *command, **options):
        process = subprocess.Popen([*self.prefix, *command], env=self.environment, text=True,
                                   stderr=subprocess.DEVNULL, **options)
        self.addCleanup(self.end, process)
        return process

    @staticmethod
    def end(process):
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                pipe.close()

    def start_bus(self):
        services = os.path.join(self.directory, "bus.conf")
        with open(services, "w", encoding="utf-8") as file:
            file.write("<busconfig><type>session</type>"
                       f"<listen>unix:dir={self.directory}</listen>"
                       '<policy context="default"><allow send_destination="*" eavesdrop="true"/>'
                       '<allow eavesdrop="true"/><allow own="*"/></policy></busconfig>')
        os.chmod(services, 0o644)
        bus = self.spawn("dbus-daemon", f"--config-file={services}", "--nofork",
                         "--print-address=1", stdout=subprocess.PIPE)
        self.environment["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().strip()

    def wait_for_name(self, name):
        subprocess.run([*self.prefix, "gdbus", "wait", "--session", "--timeout", "60", name],
                       env=self.environment, check=True)

    def start_kwin(self):
        subprocess.run([*self.prefix, "kbuildsycoca5"], env=self.environment, check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.spawn(self.kwin, "--virtual", "--width", "640", "--height", "480", "--no-lockscreen",
                   "--socket", "wayland-whis")
        self.wait_for_name("org.kde.kglobalaccel")
        self.environment["WAYLAND_DISPLAY"] = "wayland-whis"

    def start_probe(self, backend):
        self.program = self.spawn(self.probe, backend, stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE)
        self.lines = []

    def read_until(self, line):
        """The lines up to one that begins like this."""
        while True:
            read = self.program.stdout.readline()
            self.assertNotEqual(read, "", f"it ended, after {self.lines}")
            self.lines.append(read.rstrip("\n"))
            if read.startswith(line):
                found, self.lines = self.lines, []
                return found

    def say(self, *commands):
        for command in commands:
            self.program.stdin.write(command + "\n")
            self.program.stdin.flush()

    def press(self):
        self.say(f"down {SUPER}", f"down {H}", f"up {H}", f"up {SUPER}")

    def test_kglobalaccel(self):
        self.start_probe("kglobalaccel")
        started = self.read_until("bound")
        if not any(line == "keys" for line in started):
            started += self.read_until("keys")
        self.assertIn("bound ", started)
        self.assertIn("trigger Super+H", started)

        # Escape is taken while it cancels only.
        self.say(f"down {ESCAPE}", f"up {ESCAPE}")
        self.press()
        self.assertEqual(self.read_until("-"), ["+toggle", "-toggle"])
        self.say("escape on")
        self.assertEqual(self.read_until("escape"), ["escape"])
        self.say(f"down {ESCAPE}", f"up {ESCAPE}")
        self.assertEqual(self.read_until("-"), ["+cancel", "-cancel"])
        self.say("escape off")
        self.assertEqual(self.read_until("escape"), ["escape"])
        self.say(f"down {ESCAPE}", f"up {ESCAPE}")
        self.press()
        self.assertEqual(self.read_until("-"), ["+toggle", "-toggle"])

    def call_kglobalaccel(self, method, *arguments):
        subprocess.run(
            [*self.prefix, "gdbus", "call", "--session", "-d", "org.kde.kglobalaccel", "-o",
             "/kglobalaccel", "-m", f"org.kde.KGlobalAccel.{method}", *arguments],
            env=self.environment, check=True, stdout=subprocess.DEVNULL)

    def test_held(self):
        """KWin repeats the key, but not its release."""
        self.start_probe("kglobalaccel")
        started = self.read_until("bound")
        if "keys" not in started:
            self.read_until("keys")
        self.say(f"down {SUPER}", f"down {H}")
        self.assertEqual(self.read_until("+"), ["+toggle"])
        self.say(f"up {H}", f"up {SUPER}")
        self.assertEqual(set(self.read_until("-")), {"-toggle"})

    def test_conflict(self):
        other = "['org.example.other', 'act', 'Other', 'Act']"
        self.call_kglobalaccel("doRegister", other)
        self.call_kglobalaccel("setShortcutKeys", other, f"[([{0x10000048}, 0, 0, 0],)]", "6")
        self.start_probe("kglobalaccel")
        self.assertIn("bound Another program uses Super+H; choose another key for “Dictate”.",
                      self.read_until("bound"))

    def test_changed(self):
        """In the settings of KDE."""
        self.start_probe("kglobalaccel")
        self.read_until("bound")
        self.call_kglobalaccel("setForeignShortcutKeys",
                               "['io.github.whis_gtk.Whis', 'toggle', 'Whis', 'Dictate']",
                               f"[([{0x01000038}, 0, 0, 0],)]")
        self.read_until("trigger F9")

    def accept_dialogs(self, over):
        """Newer portals ask in a window, which KWin finds as KRunner asks for windows."""
        while not over.wait(0.2):
            windows = subprocess.run(
                [*self.prefix, "gdbus", "call", "--session", "-d", "org.kde.KWin", "-o",
                 "/WindowsRunner", "-m", "org.kde.krunner1.Match", "Global Shortcuts"],
                env=self.environment, check=False, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            if b"Global Shortcuts Requested" in windows.stdout:
                self.say(f"down {RETURN}", f"up {RETURN}")

    def test_portal(self):
        for program in (PORTAL, PORTAL_KDE):
            if not os.path.exists(program):
                self.skipTest(f"{program} is not installed")
        self.environment["QT_QPA_PLATFORM"] = "wayland"
        self.spawn(PORTAL_KDE)
        self.wait_for_name("org.freedesktop.impl.portal.desktop.kde")
        self.spawn(PORTAL)
        self.wait_for_name("org.freedesktop.portal.Desktop")
        self.start_probe("portal")
        over = threading.Event()
        dialogs = threading.Thread(target=self.accept_dialogs, args=(over,))
        dialogs.start()
        try:
            started = self.read_until("bound")
        finally:
            over.set()
            dialogs.join()
        if not any(line == "keys" for line in started):
            started += self.read_until("keys")
        self.assertIn("bound ", started)
        self.press()
        self.assertEqual(self.read_until("-")[-2:], ["+toggle", "-toggle"])


if __name__ == "__main__":
    tap.main()
