# SPDX-License-Identifier: MIT
"""A desktop with Whis in it as Flatpak installs it, and the portals that serve a sandbox.

FlatpakSession is a DesktopSession whose Whis is the one of FLATPAK_USER_DIR: its icons, its D-Bus
service and its programs are what Flatpak exports. The portals, the keyring and the documents are the
real ones.
"""

import os
import pathlib
import pwd
import shutil
import subprocess
import sys
import tempfile

from gi.repository import Gio, GLib

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TESTS / "desktop"))
# pylint: disable=wrong-import-position
from desktop_session import APP_ID, Box, DesktopSession  # noqa: E402

EXPORTS = pathlib.Path(os.environ.get("FLATPAK_USER_DIR", "")) / "exports"
PORTAL = "org.freedesktop.portal.Desktop"

# Which program serves which portal. A desktop has files like these; GNOME's autostart works without
# a GNOME session, and its other portals do not.
PORTALS = {
    "gtk": ("org.freedesktop.impl.portal.desktop.gtk",
            "org.freedesktop.impl.portal.FileChooser;org.freedesktop.impl.portal.Access;"
            "org.freedesktop.impl.portal.Settings;org.freedesktop.impl.portal.Notification;"),
    "gnome": ("org.freedesktop.impl.portal.desktop.gnome",
              "org.freedesktop.impl.portal.Background;"),
    "gnome-keyring": ("org.freedesktop.secrets", "org.freedesktop.impl.portal.Secret;"),
}


def enter_private_run():
    """Runs the program once more, where /run/user is its own.

    A document has the same path in the sandbox as outside only if the session's runtime directory is
    the usual one. Nothing of the real one is seen or changed, and what is mounted goes with the
    program.
    """
    if "WHIS_PRIVATE_RUN" in os.environ:
        return
    as_root = [] if os.getuid() == 0 else ["--map-root-user"]
    os.execvpe("unshare", ["unshare", "--mount", *as_root, "sh", "-ec",
                           "mkdir -p /run/user; mount -t tmpfs tmpfs /run/user; exec \"$@\"", "sh",
                           sys.executable, *sys.argv], {**os.environ, "WHIS_PRIVATE_RUN": "1"})


class FlatpakSession(DesktopSession):
    """A desktop with portals. Use it in a `with` statement."""

    def __init__(self, **options):
        options.setdefault("icons", False)  # Flatpak exports them
        super().__init__(**options)
        try:
            self._start_portals()
            self._let_bus_start_whis()
        except BaseException:
            self.close()
            raise

    def _private_environment(self):
        environment = super()._private_environment()
        # What `flatpak run` makes the home of a program, and not what the desktop's is.
        for name in ("GSETTINGS_BACKEND", "GST_REGISTRY"):
            environment.pop(name)
        runtime = f"/run/user/{os.getuid()}"
        os.mkdir(runtime, 0o700)
        self.stack.callback(shutil.rmtree, runtime)
        environment["XDG_RUNTIME_DIR"] = runtime
        environment["XDG_DATA_DIRS"] = f"{EXPORTS}/share:/usr/local/share:/usr/share"
        environment["GSK_RENDERER"] = "cairo"
        environment["XDG_DESKTOP_PORTAL_DIR"] = self._write_portals()
        return environment

    def _write_portals(self):
        directory = os.path.join(self.directory, "portals")
        os.mkdir(directory)
        for name, (bus_name, interfaces) in PORTALS.items():
            with open(os.path.join(directory, f"{name}.portal"), "w", encoding="utf-8") as file:
                file.write(f"[portal]\nDBusName={bus_name}\nInterfaces={interfaces}\nUseIn=XFCE\n")
        return directory

    # The sandbox's surroundings

    def _start_portals(self):
        self.spawn_quietly("/usr/libexec/xdg-permission-store")
        self.wait_for_name("org.freedesktop.impl.portal.PermissionStore")
        # Its files are mounted, and must not be when the directory is removed.
        self.documents = os.path.join(self.environment["XDG_RUNTIME_DIR"], "doc")
        self.stack.callback(self._unmount_documents)
        self.spawn_quietly("/usr/libexec/xdg-document-portal")
        self.wait_for_name("org.freedesktop.portal.Documents")
        for program, name in (("xdg-desktop-portal-gtk", PORTALS["gtk"][0]),
                              ("xdg-desktop-portal-gnome", PORTALS["gnome"][0]),
                              ("xdg-desktop-portal", PORTAL)):
            self.spawn_quietly(f"/usr/libexec/{program}")
            self.wait_for_name(name)

    def _unmount_documents(self):
        if os.path.ismount(self.documents):
            subprocess.run(["fusermount3", "-u", self.documents], check=True)

    def _let_bus_start_whis(self):
        services = os.path.join(self.directory, "services")
        os.mkdir(services)
        exported = EXPORTS / "share" / "dbus-1" / "services" / f"{APP_ID}.service"
        os.symlink(exported, os.path.join(services, exported.name))
        self._tell_bus(self.environment)

    def _tell_bus(self, environment):
        for method, arguments in (
                ("ReloadConfig", None),
                ("UpdateActivationEnvironment", GLib.Variant("(a{ss})", (environment,)))):
            self.bus.call_sync("org.freedesktop.DBus", "/org/freedesktop/DBus",
                               "org.freedesktop.DBus", method, arguments, None,
                               Gio.DBusCallFlags.NONE, -1, None)

    def change_to_wayland(self):
        """From now on the desktop is one of Wayland, without an X server."""
        place = tempfile.mkdtemp(prefix="whis-sway-")
        self.stack.callback(shutil.rmtree, place)
        config = os.path.join(place, "sway.conf")
        with open(config, "w", encoding="utf-8") as file:
            file.write("xwayland disable\nexec echo $WAYLAND_DISPLAY\n")
        command = ["sway", "--config", config]
        if os.getuid() == 0:  # which sway refuses to run as
            nobody = pwd.getpwnam("nobody")
            os.chown(place, nobody.pw_uid, nobody.pw_gid)
            command[:0] = ["setpriv", f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}",
                           "--clear-groups"]
        sway = self.spawn(*command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                          env={**self.environment, "XDG_RUNTIME_DIR": place,
                               "WLR_BACKENDS": "headless", "WLR_LIBINPUT_NO_DEVICES": "1",
                               "WLR_RENDERER": "pixman"})
        name = sway.stdout.readline().strip()
        assert name, "no Wayland"
        self.environment["WAYLAND_DISPLAY"] = os.path.join(place, name)
        self.environment["XDG_SESSION_TYPE"] = "wayland"
        del self.environment["DISPLAY"]
        self._tell_bus({**self.environment, "DISPLAY": ""})

    # Whis

    def whis(self, *arguments, stdin=None, timeout=120):
        """Runs the command line to its end, by its exported command.

        What it starts stays in its sandbox, and would keep a pipe open.
        """
        with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
            result = subprocess.run([EXPORTS / "bin" / APP_ID, *arguments], env=self.environment,
                                    input=stdin, stdout=output, stderr=errors, text=True,
                                    stdin=subprocess.DEVNULL if stdin is None else None,
                                    timeout=timeout, check=False)
            output.seek(0)
            errors.seek(0)
            result.stdout, result.stderr = output.read(), errors.read()
        return result

    @property
    def app_home(self):
        """Where the sandbox keeps what it is to keep."""
        return pathlib.Path(self.environment["HOME"]) / ".var" / "app" / APP_ID

    def start_service(self, **options):
        """Starts the service by its exported command, its log in a file."""
        log = open(self.log_path, "a", encoding="utf-8")
        self.stack.callback(log.close)
        self.service = self.spawn("flatpak", "run", "--env=G_MESSAGES_DEBUG=all",
                                  "--command=/app/libexec/whis/whis-service", APP_ID,
                                  stdout=log, stderr=log, **options)
        self.wait_until(lambda: self.has_service() or self.service.poll() is not None,
                        "the service does not come")
        return self.service

    def stop_service(self):
        """Quits Whis, and waits until the bus knows."""
        self.whis("quit")
        self.wait_until(lambda: not self.has_service(), "the service stays")

    def _quit_service(self):
        """A signal would end the sandbox's outer process and not Whis."""
        if self.bus is None or self.bus_daemon.poll() is not None:
            return
        if self.has_service():
            self.stop_service()
        if self.service is not None:
            status = self.service.wait(120)
            assert status == 0, f"the service ended with {status}; log:\n{self.read_log()[-5000:]}"
        # What else runs in there: a window, the program that holds the clipboard.
        subprocess.run(["flatpak", "kill", APP_ID], env=self.environment, check=False,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def recordings(self):
        directory = self.app_home / "data" / "whis" / "recordings"
        return sorted(map(str, directory.iterdir())) if directory.is_dir() else []

    # Windows

    def find_window(self, title):
        """Waits for a window whose title fits; returns its id."""
        def look():
            return self._run("xdotool", "search", "--onlyvisible", "--name", title).split()
        return self.wait_until(look, f"no window {title}")[-1]

    def has_window(self, title):
        """Whether there is a window whose title fits."""
        return bool(self._run("xdotool", "search", "--onlyvisible", "--name", title).split())

    def press_in(self, title, *keys):
        """Presses keys in a window."""
        window = self.find_window(title)
        self._xdotool("windowactivate", "--sync", window)
        self.press(*keys)

    def open_with_keys(self, title, keys, other):
        """Presses keys in a window until another window is there.

        Each key is pressed when the one before can be seen to have done what it does. A window that
        has just appeared may not know the service yet, and drops a key; then all is tried again.
        """
        for _ in range(10):
            for key in keys:
                self.press_in(title, key)
                self.wait_until(lambda: self._same_twice(self._picture_of_screen), "no rest")
            try:
                return self.wait_until(lambda: self.has_window(other), f"no window {other}", 10)
            except AssertionError as error:
                problem = error
        raise problem

    def confirm(self, title):
        """Presses Return in a file dialog until it closes: the list of completions takes one."""
        for _ in range(5):
            self.press_in(title, "Return")
            try:
                self.wait_until(lambda: not self.has_window(title), f"{title} stays open", 10)
                return
            except AssertionError as error:
                problem = error
        raise problem

    def _picture_of_screen(self):
        return self.picture(Box(0, 0, *self.size))

    def type_in(self, title, text):
        """Types into a window."""
        window = self.find_window(title)
        self._xdotool("windowactivate", "--sync", window)
        self._xdotool("type", "--delay", "20", text)
