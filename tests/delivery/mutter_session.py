# SPDX-License-Identifier: MIT
"""Mutter without a screen, with the portals of GNOME."""

import os

from gi.repository import Gio, GLib

from portal_session import PORTALS
from session import SECONDS
from wayland_session import WaylandSession

PORTAL_FILE = "/usr/share/xdg-desktop-portal/portals/gnome.portal"
REMOTE_DESKTOP = "org.gnome.Mutter.RemoteDesktop"
SHIFT = 0xffe1


class MutterSession(WaylandSession):
    """The keyboard is one of Mutter's own remote desktop, which asks nobody."""

    def __init__(self):
        super().__init__("mutter")
        portals = os.path.join(self.dir, "portals")
        os.mkdir(portals)
        os.symlink(PORTAL_FILE, os.path.join(portals, "gnome.portal"))
        self.env.update(GSETTINGS_BACKEND="keyfile", XDG_CURRENT_DESKTOP="GNOME",
                        XDG_DESKTOP_PORTAL_DIR=portals, GTK_USE_PORTAL="0",
                        XDG_DATA_HOME=os.path.join(self.dir, "data"),
                        XDG_CONFIG_HOME=os.path.join(self.dir, "config"),
                        XDG_CACHE_HOME=os.path.join(self.dir, "cache"),
                        DBUS_SYSTEM_BUS_ADDRESS=self.env["DBUS_SESSION_BUS_ADDRESS"])
        # A switch is on when it is shown to be, and the button beside it works only then.
        self.run("gsettings", "set", "org.gnome.desktop.interface", "enable-animations", "false")
        self.log = open(os.path.join(self.dir, "log"), "wb")
        # What it starts by itself tells which display Xwayland has, and stays as long as it does.
        compositor = self.start(
            "mutter", "--headless", "--wayland", "--virtual-monitor", "1024x768", "--",
            "sh", "-c",
            "echo $WAYLAND_DISPLAY $DISPLAY $XAUTHORITY; exec tail --pid=$PPID -f /dev/null",
            stderr=self.log)
        (self.env["WAYLAND_DISPLAY"], self.env["DISPLAY"],
         self.env["XAUTHORITY"]) = compositor.read_line().split()
        self.run("gdbus", "wait", "--session", "--timeout", f"{SECONDS}", REMOTE_DESKTOP)
        self.bus = Gio.DBusConnection.new_for_address_sync(
            self.env["DBUS_SESSION_BUS_ADDRESS"],
            Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT |
            Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION, None, None)
        (self.keyboard,) = self.call("/org/gnome/Mutter/RemoteDesktop", REMOTE_DESKTOP,
                                     "CreateSession").unpack()
        self.call(self.keyboard, REMOTE_DESKTOP + ".Session", "Start")
        # There is a keyboard once one of its keys was pressed.
        self.press(SHIFT)
        for program, name in zip(PORTALS, ("org.freedesktop.impl.portal.desktop.gnome",
                                           "org.freedesktop.portal.Desktop")):
            self.start(program, stderr=self.log)
            self.run("gdbus", "wait", "--session", "--timeout", f"{SECONDS}", name)

    def call(self, path, interface, method, arguments=None):
        return self.bus.call_sync(REMOTE_DESKTOP, path, interface, method, arguments, None,
                                  Gio.DBusCallFlags.NONE, SECONDS * 1000, None)

    def press(self, *keysyms):
        """Presses keys, the last one with the others held."""
        for down, keys in (True, keysyms), (False, reversed(keysyms)):
            for keysym in keys:
                self.call(self.keyboard, REMOTE_DESKTOP + ".Session", "NotifyKeyboardKeysym",
                          GLib.Variant("(ub)", (keysym, down)))

    def end(self):
        super().end()
        self.log.close()
