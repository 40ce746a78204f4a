# SPDX-License-Identifier: MIT
"""A real desktop for one test: X server, window manager, a panel with a tray, microphone, keyring.

DesktopSession adds to WhisSession what a person looks at and touches. It needs Debian's xvfb, xfwm4,
xfce4-panel, xfconf, xdotool, x11-utils, xclip, imagemagick, pulseaudio and gnome-keyring, and
/usr/bin/python3 with its GObject bindings:

    with DesktopSession() as desktop:
        desktop.start_service()
        x, y = desktop.wait_for_icon()
        desktop.click(x, y)
        desktop.play()
        desktop.click(x, y)
        print(desktop.wait_for_clipboard("before"))
        desktop.screenshot("after.png")

Nothing here sleeps: X servers, buses and windows are waited for.
"""

import collections
import glob
import os
import pathlib
import re
import shutil
import subprocess
import sys

import gi

gi.require_version("GdkPixbuf", "2.0")
from gi.repository import GdkPixbuf, Gio, GLib  # noqa: E402

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TESTS / "service"))
from whis_session import APP_ID, WhisSession  # noqa: E402

ICONS = TESTS.parent / "data" / "icons"
WATCHER = "org.kde.StatusNotifierWatcher"
WATCHER_PATH = "/StatusNotifierWatcher"
ITEM = "org.kde.StatusNotifierItem"
MENU = "com.canonical.dbusmenu"

PANEL_HEIGHT = 32

# Of a call on the bus. Only a program that hangs takes so long.
TIMEOUT_MS = 120000

# One panel at the lower edge; nothing in it but a stretching gap and the tray, so that whatever can
# be seen on it is the tray.
PANEL_CONFIG = """<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array">
    <value type="int" value="1"/>
    <property name="dark-mode" type="bool" value="{dark}"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=8;x=0;y=0"/>
      <property name="length" type="uint" value="100"/>
      <property name="position-locked" type="bool" value="true"/>
      <property name="icon-size" type="uint" value="{icon_size}"/>
      <property name="size" type="uint" value="{height}"/>
      <property name="plugin-ids" type="array">
        <value type="int" value="1"/>
        <value type="int" value="2"/>
      </property>
    </property>
  </property>
  <property name="plugins" type="empty">
    <property name="plugin-1" type="string" value="separator">
      <property name="expand" type="bool" value="true"/>
      <property name="style" type="uint" value="0"/>
    </property>
    <property name="plugin-2" type="string" value="systray">
      <property name="square-icons" type="bool" value="true"/>
    </property>
  </property>
</channel>
"""

Box = collections.namedtuple("Box", "x y width height")


PROGRAMS = ("Xvfb", "xfwm4", "xfce4-panel", "xdotool", "xwininfo", "xprop", "xclip", "import")


def missing_programs():
    """The programs that a desktop needs and that are not installed."""
    return [program for program in PROGRAMS if shutil.which(program) is None]


class DesktopSession(WhisSession):
    """A desktop with nothing on it but a panel. Use it in a `with` statement.

    `dark` makes the panel dark, `icon_size` is that of its tray in pixels. Without `keyring` there is
    no keyring, and without `icons` ours are not in the theme. See WhisSession for `pulse`,
    `microphone` and `environment`.
    """

    def __init__(self, size=(1024, 640), dark=False, icon_size=22, keyring=True,
                 icons=True, **options):
        super().__init__(**options)
        self.size = size
        try:
            self._start_display()
            if keyring:
                self._start_keyring()
            self._write_panel_config(dark, icon_size)
            if icons:
                self.install_icons(os.path.join(self.environment["XDG_DATA_HOME"], "icons"))
            self._start_settings_daemon()
            self._start_window_manager()
            self.start_panel()
        except BaseException:
            self.close()
            raise

    # The parts of the desktop

    def _start_display(self):
        width, height = self.size
        server = self.spawn("Xvfb", "-displayfd", "1", "-screen", "0", f"{width}x{height}x24",
                            "-nolisten", "tcp", "-noreset", stdout=subprocess.PIPE, text=True,
                            stderr=subprocess.DEVNULL)
        number = server.stdout.readline().strip()
        assert number, "no X server"
        self.environment["DISPLAY"] = f":{number}"
        self.environment["XDG_SESSION_TYPE"] = "x11"
        self.environment["XDG_CURRENT_DESKTOP"] = "XFCE"

    def _start_keyring(self):
        """A login keyring that is open, as after a login with a password."""
        daemon = self.spawn("gnome-keyring-daemon", "--foreground", "--unlock",
                            "--components=secrets", stdin=subprocess.PIPE,
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        daemon.stdin.write(b"password")
        daemon.stdin.close()
        self.wait_for_name("org.freedesktop.secrets")

    def _write_panel_config(self, dark, icon_size):
        directory = os.path.join(self.environment["XDG_CONFIG_HOME"], "xfce4", "xfconf",
                                 "xfce-perchannel-xml")
        os.makedirs(directory)
        with open(os.path.join(directory, "xfce4-panel.xml"), "w", encoding="utf-8") as file:
            file.write(PANEL_CONFIG.format(dark=str(dark).lower(), icon_size=icon_size,
                                           height=PANEL_HEIGHT))

    @staticmethod
    def install_icons(directory):
        """Puts our icons where a package would, in a directory with a hicolor theme."""
        theme = os.path.join(directory, "hicolor")
        for icon in ICONS.glob("*.svg"):
            symbolic = icon.stem.endswith("symbolic")
            place = os.path.join(theme, "symbolic" if symbolic else "scalable", "apps")
            os.makedirs(place, exist_ok=True)
            name = f"{APP_ID}-{icon.stem}".replace("-app", "", 1)
            shutil.copy(icon, os.path.join(place, f"{name}.svg"))

    def _start_settings_daemon(self):
        (daemon,) = glob.glob("/usr/lib/*/xfce4/xfconf/xfconfd")
        self.spawn_quietly(daemon)
        self.wait_for_name("org.xfce.Xfconf")

    def _start_window_manager(self):
        self.spawn_quietly("xfwm4", "--compositor=off", "--sm-client-disable")
        self.wait_until(lambda: "window id" in self._run("xprop", "-root",
                                                         "_NET_SUPPORTING_WM_CHECK"),
                        "no window manager")

    def start_panel(self):
        """Starts the panel, and waits until it can show icons."""
        self.panel = self.spawn_quietly("xfce4-panel", "--disable-wm-check", "--sm-client-disable")
        self.wait_for_name(WATCHER)
        self.wait_until(self.panel_box, "no panel")

    def stop_panel(self):
        """Ends the panel, as a crash would."""
        self.panel.kill()
        self.panel.wait()
        self.wait_until(lambda: not self.has_name(WATCHER), "the panel does not go")

    def start_notification_server(self):
        """Starts a server that shows nothing and remembers everything; see notifications()."""
        self.notification_log = os.path.join(self.directory, "notifications.log")
        self.spawn_quietly("/usr/bin/python3", "-m", "dbusmock", "--template",
                            "notification_daemon", "--logfile", self.notification_log)
        self.wait_for_name("org.freedesktop.Notifications")

    def note_windows(self):
        """Puts a note in the place of the window; returns the path where it is after that."""
        note = os.path.join(self.directory, "opened")
        program = os.path.join(self.directory, "window")
        with open(program, "w", encoding="utf-8") as file:
            file.write(f'#!/bin/sh\necho "$*" > {note}.new\nmv {note}.new {note}\n')
        os.chmod(program, 0o755)
        self.environment["WHIS_WINDOW_PROGRAM"] = program
        return note

    def notifications(self):
        """The lines in which the notification server noted what it was asked to show."""
        with open(self.notification_log, encoding="utf-8") as log:
            return [line.rstrip("\n") for line in log if " Notify " in line]

    # Looking

    def screenshot(self, path=None):
        """Takes a picture of the whole screen; returns its path."""
        path = str(path or os.path.join(self.directory, "screen.png"))
        subprocess.run(["import", "-window", "root", path], check=True, env=self.environment)
        return path

    def panel_box(self):
        """Where the panel is, or None."""
        return next((box for box, line in self._windows()
                     if '"Xfce4-panel"' in line and box.width == self.size[0]), None)

    def icon_box(self):
        """Where something is drawn on the panel, or None: the smallest box around it.

        The panel is of one colour; a frame around it is left out.
        """
        panel = self.panel_box()
        if panel is None:
            return None
        pixels = GdkPixbuf.Pixbuf.new_from_file(self.screenshot()).new_subpixbuf(
            panel.x, panel.y + 2, panel.width, panel.height - 4)
        data, stride, channels = pixels.get_pixels(), pixels.get_rowstride(), pixels.get_n_channels()
        rows = [[data[y * stride + x * channels:y * stride + x * channels + 3]
                 for x in range(2, panel.width - 2)] for y in range(pixels.get_height())]
        background = collections.Counter(pixel for row in rows for pixel in row).most_common(1)[0][0]
        drawn = [(x, y) for y, row in enumerate(rows) for x, pixel in enumerate(row)
                 if pixel != background]
        if not drawn:
            return None
        left, right = min(x for x, _ in drawn), max(x for x, _ in drawn)
        top, bottom = min(y for _, y in drawn), max(y for _, y in drawn)
        return Box(panel.x + 2 + left, panel.y + 2 + top, right - left + 1, bottom - top + 1)

    def wait_for_icon(self):
        """Waits until an icon is on the panel, and stays where it is; returns its middle."""
        box = self.wait_until(lambda: self._same_twice(self.icon_box), "no icon on the panel")
        return box.x + box.width // 2, box.y + box.height // 2

    @staticmethod
    def _same_twice(look):
        """What a look and the next one see, or None if they differ: something is being drawn."""
        first = look()
        return first if first and look() == first else None

    def picture(self, box):
        """What can be seen in a box, as bytes."""
        screen = GdkPixbuf.Pixbuf.new_from_file(self.screenshot())
        return screen.new_subpixbuf(*box).copy().get_pixels()

    def wait_for_no_icon(self):
        """Waits until the panel is empty."""
        self.wait_until(lambda: not self.icon_box(), "the icon stays")

    def tray_items(self):
        """The icons that the panel knows, as (bus name, object path)."""
        items = self._get(WATCHER, WATCHER_PATH, WATCHER, "RegisteredStatusNotifierItems")
        return [re.fullmatch(r"([^/]+)(/.*)", item).groups() for item in items]

    def tray_property(self, name):
        """A property of the only icon, such as IconName, Status or ToolTip."""
        ((owner, path),) = self.tray_items()
        return self._get(owner, path, ITEM, name)

    def wait_for_icon_name(self, suffix):
        """Waits for a state of the icon: idle, recording, transcribing or failed."""
        wanted = f"{APP_ID}-{suffix}-symbolic"
        self.wait_until(lambda: self.tray_items() and self.tray_property("IconName") == wanted,
                        f"the icon is not {wanted}")

    def menu_box(self):
        """Where an open menu is, or None. It belongs to the program that draws the panel's tray."""
        return next((box for box, line in self._windows()
                     if '"Wrapper-2.0"' in line and box.height > PANEL_HEIGHT
                     and self._is_open_menu(line.split()[0])), None)

    def _is_open_menu(self, window):
        """Whether a window is a menu, and open. A tooltip with two lines is as high as a menu."""
        return ("_TYPE_POPUP_MENU" in self._run("xprop", "-id", window, "_NET_WM_WINDOW_TYPE")
                and "IsViewable" in self._run("xwininfo", "-id", window))

    def menu_labels(self):
        """What can be chosen from the icon's menu, in order: neither separators nor grey items.

        This is what the program says. When it returns, the panel has heard of it too.
        """
        ((owner, _path),) = self.tray_items()
        answer = self.bus.call_sync(owner, self.tray_property("Menu"), MENU, "GetLayout",
                                    GLib.Variant("(iias)", (0, -1, [])), None,
                                    Gio.DBusCallFlags.NONE, TIMEOUT_MS, None)
        _revision, (_root, _properties, items) = answer.unpack()
        # The panel takes its messages in order: this answer comes after what it was told before.
        self.tray_items()
        return [properties["label"].replace("_", "") for _item, properties, _children in items
                if properties.get("type") != "separator" and properties.get("enabled", True)]

    # Touching

    def click(self, x, y, button=1):
        """Clicks with a real pointer: 1 is left, 2 the middle, 3 right."""
        self._xdotool("mousemove", str(x), str(y))
        self._xdotool("click", str(button))

    def move_away(self):
        """Moves the pointer to a corner, so that nothing on the panel is lit up by it."""
        self._xdotool("mousemove", "0", "0")

    def open_menu(self, x, y):
        """Opens the menu of the icon at a place; returns the menu's box.

        GTK closes the menu at once if the button was down for half a second, which a busy machine
        brings about; so it is clicked again if no menu comes.
        """
        for _ in range(5):
            self.click(x, y, button=3)
            try:
                return self.wait_until(lambda: self._same_twice(self.menu_box), "no menu", 24)
            except AssertionError as error:
                problem = error
        raise problem

    def choose(self, label):
        """Chooses from the open menu with the keyboard, which cannot reach a grey item."""
        labels = self.menu_labels()
        assert label in labels, f"{label} is not one of {labels}"
        self.wait_until(self._menu_takes_keys, "the menu takes no keys")
        self.press("Home", *["Down"] * labels.index(label), "Return")
        self.wait_until(lambda: not self.menu_box(), "the menu stays open")

    def _menu_takes_keys(self):
        """Whether Home and End can be seen to do something; before that, keys may get lost."""
        box = self.menu_box()
        assert box, "the menu has closed by itself"
        seen = []
        for key in ("Home", "End", "Home"):
            self.press(key)
            seen.append(self.picture(box))
        return seen[0] == seen[2] != seen[1]

    def press(self, *keys):
        """Presses keys, named as xdotool names them."""
        self._xdotool("key", *keys)

    def clipboard(self):
        """What another program would paste, or None."""
        try:
            result = subprocess.run(["xclip", "-selection", "clipboard", "-out"], text=True,
                                    capture_output=True, env=self.environment, check=False,
                                    timeout=20)
        except subprocess.TimeoutExpired:  # the owner went away before it answered
            return None
        return result.stdout if result.returncode == 0 else None

    def copy(self, text):
        """Copies a text as another program would, and waits until it can be pasted."""
        subprocess.run(["xclip", "-selection", "clipboard", "-in"], input=text, text=True,
                       check=True, env=self.environment, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
        self.wait_until(lambda: self.clipboard() == text, "the text cannot be pasted")

    def wait_for_clipboard(self, old):
        """Waits until some text other than `old` is on the clipboard; returns it."""
        def look():
            text = self.clipboard()
            return text if text != old else None
        return self.wait_until(look, "the clipboard stays as it was")

    # The bus

    def has_name(self, name):
        """Whether somebody on the bus has this name."""
        answer = self.bus.call_sync("org.freedesktop.DBus", "/org/freedesktop/DBus",
                                    "org.freedesktop.DBus", "NameHasOwner",
                                    GLib.Variant("(s)", (name,)), None,
                                    Gio.DBusCallFlags.NONE, -1, None)
        return answer.unpack()[0]

    def wait_for_name(self, name):
        """Waits until somebody on the bus has this name."""
        self.wait_until(lambda: self.has_name(name), f"nobody is {name}")

    def wait_for_signal(self, name, *arguments):
        """Waits for a signal of Whis whose first arguments are these; returns all arguments."""
        def find():
            return next((a for n, a in self.events
                         if n == name and a[:len(arguments)] == arguments), None)
        self.wait_until(lambda: find() is not None, f"no signal {name}")
        return find()

    def _get(self, owner, path, interface, name):
        answer = self.bus.call_sync(owner, path, "org.freedesktop.DBus.Properties", "Get",
                                    GLib.Variant("(ss)", (interface, name)), None,
                                    Gio.DBusCallFlags.NONE, TIMEOUT_MS, None)
        return answer.unpack()[0]

    # Programs

    def spawn_quietly(self, *command, environment=None):
        """Starts a program that ends with the session; what it prints is in a file."""
        log = open(os.path.join(self.directory, "desktop.log"), "a", encoding="utf-8")
        self.stack.callback(log.close)
        return self.spawn(*command, stdout=log, stderr=log,
                          env={**self.environment, **(environment or {})})

    def _run(self, *command):
        return subprocess.run(command, env=self.environment, capture_output=True, text=True,
                              check=False).stdout

    def _xdotool(self, *arguments):
        subprocess.run(["xdotool", *arguments], env=self.environment, check=True)

    def _windows(self):
        """All windows as box and line of xwininfo, the uppermost first."""
        pattern = re.compile(r"^ +0x.* (\d+)x(\d+)\+-?\d+\+-?\d+ +\+(-?\d+)\+(-?\d+)$")
        for line in self._run("xwininfo", "-root", "-tree").splitlines():
            match = pattern.match(line)
            if match:
                width, height, x, y = map(int, match.groups())
                yield Box(x, y, width, height), line
