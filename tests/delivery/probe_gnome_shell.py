#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What the extension does in a GNOME Shell without a screen, as lines that say what was seen.

Takes the place of the service on a bus of its own, starts the Shell with the extension of the folder
that is given, and targets of GTK 4. Needs nothing but the Shell, GTK 4 and Python's GObject bindings,
so that it runs in a tree of another release. The exit status is 0 if all was seen.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
UUID = "whis@whis-gtk.github.io"
APP_ID = "io.github.whis_gtk.Whis"
PATH = "/io/github/whis_gtk/Whis"
SHELL = APP_ID + ".Shell"
SECONDS = 60

SERVICE = """<node>
<interface name="io.github.whis_gtk.Whis1">
  <method name="Toggle"><arg type="a{sv}" direction="in"/><arg type="s" direction="out"/></method>
  <method name="Cancel"><arg type="s" direction="in"/></method>
  <method name="OpenWindow"><arg type="s" direction="in"/></method>
  <property name="State" type="s" access="read"/>
</interface></node>"""

TEXTS = {
    "scripts": "Grüße, 漢字 😀 שלום ",
    "two lines": "one line\nand another",
    "3,900 bytes": "x" * 3900,
    "4,097 bytes": "y" * 4097,
    "20,000 characters": "ä" * 20000 + ".",
}

POINT = """(() => {
  const C = imports.gi.Clutter;
  const backend = C.get_default_backend ? C.get_default_backend() : global.stage.context.get_backend();
  const icon = Main.panel.statusArea['%s'];
  const [x, y] = icon.get_transformed_position();
  globalThis.whisDevice = backend.get_default_seat().create_virtual_device(
    C.InputDeviceType.POINTER_DEVICE);
  globalThis.whisDevice.notify_absolute_motion(
    imports.gi.GLib.get_monotonic_time(), x + icon.width / 2, y + icon.height / 2);
})()""" % APP_ID

BUTTON = """(() => globalThis.whisDevice.notify_button(
  imports.gi.GLib.get_monotonic_time(), %d, imports.gi.Clutter.ButtonState.%s))()"""


class Probe:
    """The bus, the Shell and the place of the service."""

    def __init__(self, extension):
        from gi.repository import Gio, GLib
        self.gio, self.glib = Gio, GLib
        self.bus = Gio.bus_get_sync(Gio.BusType.SESSION)
        self.failed = False
        self.calls = []
        self.directory = tempfile.mkdtemp(prefix="whis-shell-")
        self.install(extension)
        for interface in Gio.DBusNodeInfo.new_for_xml(SERVICE).interfaces:
            self.bus.register_object(PATH, interface, self.answer,
                                     lambda *_: GLib.Variant("s", "idle"), None)
        self.call("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                  "RequestName", GLib.Variant("(su)", (APP_ID, 0)))

    def install(self, extension):
        folder = os.path.join(os.environ["XDG_DATA_HOME"], "gnome-shell", "extensions", UUID)
        shutil.copytree(extension, folder)
        for key, value in (("enabled-extensions", f"['{UUID}']"),
                           ("disable-user-extensions", "false"),
                           ("welcome-dialog-last-shown-version", "'99'")):
            subprocess.run(["gsettings", "set", "org.gnome.shell", key, value], check=True)

    def answer(self, _bus, _sender, _path, _interface, method, parameters, invocation):
        self.calls.append(method)
        invocation.return_value(self.glib.Variant("(s)", ("id",)) if method == "Toggle" else None)

    def call(self, name, path, interface, method, parameters=None):
        return self.bus.call_sync(name, path, interface, method, parameters, None, 0, 120000,
                                  None).unpack()

    def ask_extension(self, method, parameters=None):
        return self.call(SHELL, PATH + "/Shell", "io.github.whis_gtk.Whis1.Shell", method,
                         parameters)[0]

    def evaluate(self, code):
        done, value = self.call("org.gnome.Shell", "/org/gnome/Shell", "org.gnome.Shell", "Eval",
                                self.glib.Variant("(s)", (code,)))
        assert done, value
        return json.loads(value) if value else None

    def has_owner(self, name):
        return self.call("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                         "NameHasOwner", self.glib.Variant("(s)", (name,)))[0]

    def wait_until(self, condition):
        """Waits for an event of the bus, or looks again."""
        expired = []
        timer = self.glib.timeout_add_seconds(SECONDS, lambda: expired.append(1) or False)
        look = self.glib.timeout_add(50, lambda: True)
        try:
            while not expired:
                if condition():
                    return True
                self.glib.MainContext.default().iteration(True)
            return False
        finally:
            self.glib.source_remove(look)
            if not expired:
                self.glib.source_remove(timer)

    def see(self, what, seen):
        self.failed |= not seen
        print(f"{'seen' if seen else 'NOT SEEN'}: {what}", flush=True)

    def start_shell(self):
        log = open(os.path.join(self.directory, "log"), "wb")
        shell = subprocess.Popen(
            ["gnome-shell", "--headless", "--wayland", "--no-x11", "--unsafe-mode",
             "--virtual-monitor", "1024x768"], stdout=log, stderr=log)
        socket = os.path.join(os.environ["XDG_RUNTIME_DIR"], "wayland-0")
        self.wait_until(lambda: os.path.exists(socket))
        os.environ["WAYLAND_DISPLAY"] = "wayland-0"
        self.see("the extension answers", self.wait_until(lambda: self.has_owner(SHELL)))
        self.wait_until(lambda: not self.evaluate("Main.layoutManager._startingUp"))
        self.call("org.gnome.Shell", "/org/gnome/Shell", "org.freedesktop.DBus.Properties", "Set",
                  self.glib.Variant("(ssv)", ("org.gnome.Shell", "OverviewActive",
                                              self.glib.Variant("b", False))))
        self.wait_until(lambda: not self.evaluate("Main.overview.visible"))
        return shell

    def focus(self):
        return self.ask_extension("GetFocus")

    def commit(self, text):
        return self.ask_extension("Commit", self.glib.Variant("(ss)", (text, "")))

    def try_field(self, kind):
        target = subprocess.Popen([sys.executable, os.path.join(HERE, "text_target.py"), "4.0", kind],
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                  env=dict(os.environ, GDK_DEBUG="no-portals", GSK_RENDERER="cairo"))
        wanted = "password" if kind == "password" else "text"
        self.see(f"the focus in a {kind} of GTK 4",
                 self.wait_until(lambda: self.focus()["kind"] == wanted))
        if kind == "password":
            self.see("a password field is refused", self.commit("secret words") == "password-field")
        else:
            self.try_texts(target)
        target.kill()
        target.wait()
        self.wait_until(lambda: self.focus()["kind"] == "unknown")

    def try_texts(self, target):
        stands = ""
        for name, text in TEXTS.items():
            outcome = self.commit(text)
            stands += text
            found = None
            while found != stands:
                found = json.loads(target.stdout.readline()).get("text", found)
                if found is not None and len(found) > len(stands):
                    break
            # GTK 4.8 tells a part of a very long line that does not end at the caret.
            self.see(f"{name}: {outcome}, and what was committed stands there",
                     outcome in ("landed", "handed-over") and found == stands)

    def press(self, number):
        for state in ("PRESSED", "RELEASED"):
            self.evaluate(BUTTON % (number, state))

    def try_icon(self):
        menu = f"Main.panel.statusArea['{APP_ID}'].menu.isOpen"
        self.evaluate(POINT)
        self.press(1)
        self.see("the left button dictates", self.wait_until(lambda: self.calls == ["Toggle"]))
        self.press(3)
        self.see("the right button opens the menu", self.wait_until(lambda: self.evaluate(menu)))

    def try_disabling(self):
        self.evaluate(f"(() => {{ Main.extensionManager.disableExtension('{UUID}'); }})()")
        self.see("nothing is left of it when it is switched off", self.wait_until(
            lambda: not self.has_owner(SHELL)
            and self.evaluate(f"Main.panel.statusArea['{APP_ID}'] === undefined")))

    def run(self):
        shell = self.start_shell()
        version = self.call("org.gnome.Shell", "/org/gnome/Shell",
                            "org.freedesktop.DBus.Properties", "Get",
                            self.glib.Variant("(ss)", ("org.gnome.Shell", "ShellVersion")))[0]
        print(f"GNOME Shell {version}", flush=True)
        for kind in ("view", "password"):
            self.try_field(kind)
        self.try_icon()
        self.try_disabling()
        with open(os.path.join(self.directory, "log"), encoding="utf-8", errors="replace") as log:
            self.see("no error of the extension in the log",
                     not re.search(r"JS ERROR.*\n?.*whis@", log.read()))
        shell.kill()
        shell.wait()
        shutil.rmtree(self.directory, ignore_errors=True)
        return 1 if self.failed else 0


def in_own_session(extension):
    """A home, a runtime folder and a bus of its own."""
    home = tempfile.mkdtemp(prefix="whis-home-")
    runtime = os.path.join(home, "runtime")
    os.mkdir(runtime, 0o700)
    environment = {key: value for key, value in os.environ.items()
                   if key not in ("DISPLAY", "WAYLAND_DISPLAY")}
    environment.update(
        HOME=home, XDG_RUNTIME_DIR=runtime, XDG_DATA_HOME=os.path.join(home, "data"),
        XDG_CONFIG_HOME=os.path.join(home, "config"), GSETTINGS_BACKEND="keyfile", LANG="C.UTF-8",
        LIBGL_ALWAYS_SOFTWARE="1", GTK_A11Y="none", NO_AT_BRIDGE="1", XDG_CURRENT_DESKTOP="GNOME",
        WHIS_PROBE="inner")
    try:
        # The Shell asks the system bus for more than is there.
        return subprocess.run(
            ["dbus-run-session", "--", "sh", "-c",
             'DBUS_SYSTEM_BUS_ADDRESS=$DBUS_SESSION_BUS_ADDRESS exec "$@"', "sh",
             sys.executable, os.path.abspath(__file__), extension],
            env=environment, check=False, stderr=subprocess.DEVNULL).returncode
    finally:
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    if os.environ.get("WHIS_PROBE") == "inner":
        sys.exit(Probe(sys.argv[1]).run())
    sys.exit(in_own_session(sys.argv[1]))
