# SPDX-License-Identifier: MIT
"""GNOME Shell with Xwayland and GNOME's portals, whose dialogs are answered by keys."""

import os

from session import SECONDS
from wayland_session import GnomeShellSession

PORTALS = "/usr/libexec/xdg-desktop-portal-gnome", "/usr/libexec/xdg-desktop-portal"
STORE = "/usr/libexec/xdg-permission-store"

TAB, ESCAPE, SPACE, ALT = 0xff09, 0xff1b, 0x20, 0xffe9


class GnomePortalSession(GnomeShellSession):
    extra = ()
    x11_options = ()

    def __init__(self):
        super().__init__(extension=False)
        for variable in "DISPLAY", "XAUTHORITY":
            self.env[variable] = self.evaluate(f"imports.gi.GLib.getenv('{variable}')").strip('"')
        # A switch is on when it is shown to be, and the button beside it works only then.
        self.run("gsettings", "set", "org.gnome.desktop.interface", "enable-animations", "false")
        for program, name in ((STORE, "org.freedesktop.impl.portal.PermissionStore"),
                              (PORTALS[0], "org.freedesktop.impl.portal.desktop.gnome"),
                              (PORTALS[1], "org.freedesktop.portal.Desktop")):
            self.start(program, stderr=open(os.path.join(self.dir, "portal.log"), "ab"))
            self.run("gdbus", "wait", "--session", "--timeout", f"{SECONDS}", name)

    def press(self, *keysyms):
        for keysym in keysyms:
            self.evaluate(f"global.whisKey({keysym}, true)")
        for keysym in reversed(keysyms):
            self.evaluate(f"global.whisKey({keysym}, false)")

    def await_dialog(self):
        self.await_true("global.display.focus_window?.get_wm_class() === 'xdg-desktop-portal-gnome'")
        # It takes no keys while it is shown how it opens.
        self.await_true("!Main.wm._mapping.size")

    def allow(self):
        """The switch that allows remote interaction comes first, and is off."""
        self.await_dialog()
        self.press(TAB)
        self.press(SPACE)
        self.press(ALT, ord("s"))

    def refuse(self):
        self.await_dialog()
        self.press(ESCAPE)
