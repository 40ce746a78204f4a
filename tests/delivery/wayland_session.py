# SPDX-License-Identifier: MIT
"""Wayland sessions for tests: a bus that starts nothing by itself, a compositor, and targets."""

import os
import shutil
import subprocess

from gi.repository import Gio, GLib

from session import SECONDS, Session

NOBODY = 65534
BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir={dir}</listen>
  <auth>EXTERNAL</auth>
  <servicedir>{services}</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
    <allow user="*"/>
  </policy>
</busconfig>
"""


class WaylandSession(Session):
    """A folder, a bus, and a user that is not root, whom compositors refuse."""

    services = ()  # what the bus may start

    def __init__(self, name):
        super().__init__(name)
        self.env.update(GDK_BACKEND="wayland", QT_QPA_PLATFORM="wayland",
                        XDG_SESSION_TYPE="wayland")
        if os.geteuid() == 0:
            self.user = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
            os.chown(self.dir, NOBODY, NOBODY)
        self.start_bus()

    def start_bus(self):
        services = os.path.join(self.dir, "services")
        os.mkdir(services)
        for service in self.services:
            shutil.copy(os.path.join("/usr/share/dbus-1/services", service + ".service"), services)
        config = os.path.join(self.dir, "bus.conf")
        with open(config, "w", encoding="utf-8") as file:
            file.write(BUS.format(dir=self.dir, services=services))
        bus = self.start("dbus-daemon", "--config-file=" + config, "--print-address", "--nofork",
                         stderr=subprocess.DEVNULL)
        self.env["DBUS_SESSION_BUS_ADDRESS"] = bus.read_line()

    def copy(self, data, kind="text/plain;charset=utf-8"):
        """Copies as another program does, which stays until something else is copied."""
        self.run("wl-copy", "--type", kind, input=data, stdout=subprocess.DEVNULL,
                 stderr=subprocess.DEVNULL)

    def get_copied(self, kind="text/plain;charset=utf-8"):
        return self.run("wl-paste", "--no-newline", "--type", kind, stdout=subprocess.PIPE).stdout

    def get_formats(self):
        return self.run("wl-paste", "--list-types", stdout=subprocess.PIPE).stdout.decode().split()


PERMISSION = """[Desktop Entry]
Type=Application
Name=Insert
NoDisplay=true
Exec={program}
X-KDE-Wayland-Interfaces=org_kde_kwin_fake_input
"""


class KWinSession(WaylandSession):
    """KWin without a screen; the program may press keys if its desktop file allows it."""

    def __init__(self, allowed=True):
        super().__init__("kwin")
        self.env.update(XDG_CURRENT_DESKTOP="KDE", XDG_MENU_PREFIX="kf5-",
                        XDG_DATA_HOME=os.path.join(self.dir, "data"),
                        XDG_CONFIG_HOME=os.path.join(self.dir, "config"),
                        XDG_CACHE_HOME=os.path.join(self.dir, "cache"))
        applications = os.path.join(self.env["XDG_DATA_HOME"], "applications")
        os.makedirs(applications)
        if allowed:
            with open(os.path.join(applications, "insert.desktop"), "w", encoding="utf-8") as file:
                file.write(PERMISSION.format(program=os.path.realpath(self.insert_program)))
        # With the capability of the installed file it does not start in a container.
        program = os.path.join(self.dir, "kwin_wayland")
        shutil.copy("/usr/bin/kwin_wayland", program)
        if os.geteuid() == 0:
            subprocess.run(["chown", "-R", f"{NOBODY}:{NOBODY}", self.dir], check=True)
        self.run("kbuildsycoca5", "--noincremental", stderr=subprocess.DEVNULL,
                 env=dict(self.env, QT_QPA_PLATFORM="offscreen"))
        self.env["WAYLAND_DISPLAY"] = "wayland-kwin"
        self.compositor = self.start(
            "env", "-u", "QT_QPA_PLATFORM", "-u", "WAYLAND_DISPLAY", program, "--virtual",
            "--width", "1024", "--height", "768", "--no-lockscreen", "--socket", "wayland-kwin",
            stderr=subprocess.DEVNULL)
        self.run("gdbus", "wait", "--session", "--timeout", f"{SECONDS}", "org.kde.KWin")

    def start_terminal(self, program):
        return self.start_program_in_terminal(program, "-e")


EXTENSION = "whis@whis-gtk.github.io"

# Devices that are as good as real ones to the Shell, and what is pressed on them.
DEVICES = """
const {Clutter, GLib} = imports.gi;
const backend = Clutter.get_default_backend
    ? Clutter.get_default_backend() : global.stage.context.get_backend();
const seat = backend.get_default_seat();
const keyboard = seat.create_virtual_device(Clutter.InputDeviceType.KEYBOARD_DEVICE);
const pointer = seat.create_virtual_device(Clutter.InputDeviceType.POINTER_DEVICE);
global.whisKey = (keysym, down) => keyboard.notify_keyval(
    GLib.get_monotonic_time(), keysym, down ? Clutter.KeyState.PRESSED : Clutter.KeyState.RELEASED);
global.whisClick = (x, y, button) => {
    const time = GLib.get_monotonic_time();
    pointer.notify_absolute_motion(time, x, y);
    pointer.notify_button(time, button, Clutter.ButtonState.PRESSED);
    pointer.notify_button(time, button, Clutter.ButtonState.RELEASED);
};
true
"""


class GnomeShellSession(WaylandSession):
    """GNOME Shell without a screen. Nothing that it would like to start is there."""

    name = "gnome-shell"
    extra = ("--own-name=io.github.whis_gtk.Whis",)
    x11_options = ("--no-x11",)

    def __init__(self, extension=True):
        super().__init__("shell")
        data = os.environ["WHIS_DATA_DIR"]
        self.env.update(GSETTINGS_BACKEND="keyfile", GSETTINGS_SCHEMA_DIR=data,
                        XDG_DATA_HOME=os.path.join(self.dir, "data"),
                        XDG_CONFIG_HOME=os.path.join(self.dir, "config"),
                        XDG_CACHE_HOME=os.path.join(self.dir, "cache"),
                        XDG_CURRENT_DESKTOP="GNOME",
                        DBUS_SYSTEM_BUS_ADDRESS=self.env["DBUS_SESSION_BUS_ADDRESS"])
        place = os.path.join(self.env["XDG_DATA_HOME"], "gnome-shell", "extensions", EXTENSION)
        shutil.copytree(os.path.join(data, "gnome-shell"), place)
        if os.geteuid() == 0:
            subprocess.run(["chown", "-R", f"{NOBODY}:{NOBODY}", self.dir], check=True)
        self.enable_extension(extension)
        self.bus = Gio.DBusConnection.new_for_address_sync(
            self.env["DBUS_SESSION_BUS_ADDRESS"],
            Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT |
            Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION, None, None)
        self.start_shell()

    def enable_extension(self, enabled):
        self.run("gsettings", "set", "org.gnome.shell", "enabled-extensions",
                 f"['{EXTENSION}']" if enabled else "@as []")

    def start_shell(self):
        self.compositor = self.start("gnome-shell", "--headless", "--wayland", *self.x11_options,
                                     "--unsafe-mode", "--virtual-monitor", "1024x768",
                                     stderr=open(os.path.join(self.dir, "shell.log"), "wb"))
        self.run("gdbus", "wait", "--session", "--timeout", f"{SECONDS}", "org.gnome.Shell")
        self.env["WAYLAND_DISPLAY"] = "wayland-0"
        self.await_object()
        # While it is shown how the session comes up, no window gets the focus.
        self.await_true("!Main.layoutManager._startingUp")
        self.evaluate(DEVICES)
        self.evaluate("Main.overview.hide()")
        self.await_true("!Main.overview.visible && !Main.overview.animationInProgress")

    def call(self, name, path, interface, method, arguments=None, kind=None):
        return self.bus.call_sync(name, path, interface, method, arguments,
                                  GLib.VariantType(kind) if kind else None,
                                  Gio.DBusCallFlags.NONE, SECONDS * 1000, None)

    def await_object(self):
        """The Shell owns its name before it has an object."""
        while True:
            try:
                return self.evaluate("true")
            except GLib.GError as error:
                if "UnknownMethod" not in error.message:
                    raise

    def evaluate(self, script):
        """What a script in the Shell comes to, as JSON."""
        done, result = self.call("org.gnome.Shell", "/org/gnome/Shell", "org.gnome.Shell", "Eval",
                                 GLib.Variant("(s)", (script,)), "(bs)").unpack()
        if not done:
            raise RuntimeError(result)
        return result

    def await_true(self, condition):
        while self.evaluate(condition) != "true":
            pass

    def start_field(self, version, kind):
        """Starts a target, of which the Shell's input method knows."""
        target = self.start_target(version, kind)
        self.await_true("Boolean(Main.inputMethod.currentFocus)")
        return target

    def stop_field(self, target):
        self.stop(target)
        self.await_true("!Main.inputMethod.currentFocus")

    def await_name(self, name, owned):
        while self.call("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                        "NameHasOwner", GLib.Variant("(s)", (name,))).unpack()[0] != owned:
            pass
