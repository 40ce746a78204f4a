# SPDX-License-Identifier: MIT
"""A desktop whose panel takes icons by the old X11 protocol only, and knows no StatusNotifierItem.

OldTraySession is a DesktopSession with Debian's trayer or tint2 in place of Xfce's panel:

    with OldTraySession("trayer") as desktop:
        desktop.start_service()
        x, y = desktop.wait_for_icon()

The icon is drawn by whis-xembed-tray, which the service starts; its menu is that program's own.
"""

import os
import pathlib
import re

from desktop_session import (APP_ID, DesktopSession, PANEL_HEIGHT, TESTS, WATCHER,
                             WATCHER_PATH)
from gi.repository import Gio, GLib

WATCHER_XML = TESTS.parent / "data" / "dbus" / "org.kde.StatusNotifierWatcher.xml"

# Dark, with nothing but the tray.
TINT2_CONFIG = f"""
rounded = 0
border_width = 0
background_color = #20242a 100
panel_items = FS
panel_background_id = 1
panel_size = 100% {PANEL_HEIGHT}
panel_position = bottom center horizontal
systray_padding = 4 4 4
systray_icon_size = 22
"""

TRAYER = ("trayer", "--edge", "bottom", "--align", "right", "--widthtype", "percent", "--width",
          "100", "--heighttype", "pixel", "--height", str(PANEL_HEIGHT), "--SetDockType", "true",
          "--iconspacing", "4", "--margin", "0")

# How xwininfo shows their windows.
WINDOWS = {"trayer": r'"panel" "trayer"', "tint2": r'"tint2" "Tint2"'}

CLIENT = "whis-xembed-tray"


class OldTraySession(DesktopSession):
    """A desktop with a panel of the old kind: `trayer` or `tint2`. `start` is False if it is to be
    started later."""

    def __init__(self, panel="trayer", start=True, **options):
        self.kind = panel
        self.starts_panel = start
        super().__init__(**options)

    def start_panel(self):
        """Starts the panel, and waits until it is there."""
        if not self.starts_panel:
            self.starts_panel = True
            return
        command = TRAYER
        if self.kind == "tint2":
            path = os.path.join(self.directory, "tint2rc")
            pathlib.Path(path).write_text(TINT2_CONFIG, encoding="utf-8")
            command = ("tint2", "-c", path)
        self.panel = self.spawn_quietly(*command)
        self.wait_until(self.panel_box, "no panel")

    def start_xfce_panel(self):
        """Starts Xfce's panel, which knows StatusNotifierItem, and takes the old tray over too."""
        self.spawn_quietly("xfce4-panel", "--disable-wm-check", "--sm-client-disable")
        self.wait_for_name(WATCHER)

    def start_watcher(self, has_host=True):
        """Who takes StatusNotifierItems, for a host that draws nothing, or for none; the panel keeps
        its tray."""
        def called(_bus, _sender, _path, _interface, _method, _arguments, invocation):
            invocation.return_value(None)

        def got(_bus, _sender, _path, _interface, name):
            return {"IsStatusNotifierHostRegistered": GLib.Variant("b", has_host),
                    "ProtocolVersion": GLib.Variant("i", 0)}.get(name, GLib.Variant("as", []))

        node = Gio.DBusNodeInfo.new_for_xml(WATCHER_XML.read_text(encoding="utf-8"))
        self.watcher = self.bus.register_object(WATCHER_PATH, node.interfaces[0], called, got, None)
        self._call_bus("RequestName", GLib.Variant("(su)", (WATCHER, 0)))

    def stop_watcher(self):
        """Ends it."""
        self._call_bus("ReleaseName", GLib.Variant("(s)", (WATCHER,)))
        self.bus.unregister_object(self.watcher)

    def _call_bus(self, method, arguments):
        self.bus.call_sync("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                           method, arguments, None, Gio.DBusCallFlags.NONE, -1, None)

    def stop_panel(self):
        """Ends the panel, as a crash would."""
        self.panel.kill()
        self.panel.wait()
        self.wait_until(lambda: not self.panel_box(), "the panel does not go")

    def panel_box(self):
        """Where the panel is, or None."""
        return next((box for box, line in self._windows()
                     if re.search(WINDOWS[self.kind], line) and box.width == self.size[0]), None)

    def tray_items(self):
        """The service's item is not registered anywhere, but it is there."""
        return [(APP_ID, "/StatusNotifierItem")]

    def menu_box(self):
        """Where an open menu is, or None. It belongs to the program that draws the icon."""
        return next((box for box, line in self._windows()
                     if f'("{APP_ID}"' in line and box.height > PANEL_HEIGHT
                     and self._is_open_menu(line.split()[0])), None)

    def clients(self):
        """The process ids of whis-xembed-tray in this session."""
        display = f"DISPLAY={self.environment['DISPLAY']}"
        found = []
        for process in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                if ((process / "comm").read_text().strip() == CLIENT[:15]
                        and display in (process / "environ").read_text().split("\0")
                        and "State:\tZ" not in (process / "status").read_text()):
                    found.append(int(process.name))
            except OSError:
                pass
        return found
