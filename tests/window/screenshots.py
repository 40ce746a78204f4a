#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Pictures of the running window in every state, made against the mock service.

Run inside with-display; WHIS_ARTEFACTS says where the pictures go, WHIS_WINDOW_PROGRAM what to run.
Arguments are names of scenes; without any all are played. Needs xfwm4, xdotool and ImageMagick.
"""

import ctypes
import os
import shutil
import struct
import subprocess
import sys
import time

import gi

gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
APP_ID = os.environ.get("WHIS_MOCK_APP_ID", "io.github.whis_gtk.Whis")
APP_PATH = "/" + APP_ID.replace(".", "/")
PROGRAM = os.environ["WHIS_WINDOW_PROGRAM"]
SHOTS = os.environ.get("WHIS_ARTEFACTS") or "/tmp/whis-shots"
MOCK = "io.github.whis_gtk.WhisMock"
WORDS = ("Speak, and the text is there. This line was dictated while the window stood by, and "
         "it wraps where the card ends. A second sentence shows how a longer dictation reads: "
         "with room around it, in one quiet column, and with the whole text within reach.")


class Stage:
    def __init__(self):
        self.bus = Gio.bus_get_sync(Gio.BusType.SESSION)
        self.processes = []

    def mock(self, method, signature=None, *values):
        parameters = GLib.Variant(signature, values) if signature else None
        return self.bus.call_sync(APP_ID, APP_PATH, MOCK, method, parameters, None,
                                  Gio.DBusCallFlags.NONE, 10000, None)

    def set(self, **changes):
        for name, value in changes.items():
            self.mock("Set", "(sv)", name, value)

    def emit(self, name, signature, *values):
        self.mock("Emit", "(sv)", name, GLib.Variant(signature, values))

    def run(self, *command, **environment):
        process = subprocess.Popen(command, env=dict(os.environ, **environment))
        self.processes.append(process)
        return process

    def owns(self, name):
        reply = self.bus.call_sync("org.freedesktop.DBus", "/org/freedesktop/DBus",
                                   "org.freedesktop.DBus", "NameHasOwner",
                                   GLib.Variant("(s)", (name,)), None, 0, -1, None)
        return reply.unpack()[0]

    def await_owner(self, name, there=True):
        deadline = time.monotonic() + 20
        while self.owns(name) != there:
            if time.monotonic() > deadline:
                raise TimeoutError(name)
            time.sleep(0.05)

    def await_compositor(self):
        x11 = ctypes.CDLL("libX11.so.6")
        x11.XOpenDisplay.restype = ctypes.c_void_p
        display = ctypes.c_void_p(x11.XOpenDisplay(None))
        selection = x11.XInternAtom(display, b"_NET_WM_CM_S0", False)
        deadline = time.monotonic() + 20
        while not x11.XGetSelectionOwner(display, selection) or "_GTK_FRAME_EXTENTS" not in \
                subprocess.run(["xprop", "-root", "_NET_SUPPORTED"], capture_output=True,
                               text=True).stdout:
            if time.monotonic() > deadline:
                raise TimeoutError("compositor")
            time.sleep(0.05)
        x11.XCloseDisplay(display)

    def window(self, title):
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            found = subprocess.run(["xdotool", "search", "--onlyvisible", "--name", title],
                                   capture_output=True, text=True).stdout.split()
            if found:
                return found[-1]
            time.sleep(0.1)
        raise TimeoutError(title)

    def shoot(self, name, title="^Whis$"):
        window = self.window(title)
        time.sleep(1.0)  # animations come to rest
        path = os.path.join(SHOTS, name + ".png")
        subprocess.run(["import", "-window", window, path], check=True)
        print(path)

    def shoot_with_shadow(self, name, title="^Whis$"):
        """What the window itself has drawn, shadow, round corners and all: for the README and for
        software centres. A compositor must run, or the window draws none of them."""
        window = self.window(title)
        subprocess.run(["xdotool", "windowmove", "--sync", window, "300", "200"], check=True)
        time.sleep(1.0)
        dump = subprocess.run(["xwd", "-silent", "-id", window], check=True,
                              capture_output=True).stdout
        path = os.path.join(SHOTS, name + ".png")
        width, height, pixels = pixels_of(dump)
        subprocess.run(["convert", "-size", f"{width}x{height}", "-depth", "8", "rgba:-", "-trim",
                        "+repage", path], check=True, input=pixels)
        print(path)

    def shoot_screen(self, name):
        time.sleep(1.5)
        path = os.path.join(SHOTS, name + ".png")
        subprocess.run(["import", "-window", "root", path], check=True)
        print(path)

    def activate(self, action, where=""):
        self.bus.call_sync(APP_ID + ".Window", APP_PATH + "/Window" + where, "org.gtk.Actions",
                           "Activate", GLib.Variant("(sava{sv})", (action, [], {})), None, 0, -1,
                           None)

    def key(self, *keys, title="^Whis$"):
        window = self.window(title)
        subprocess.run(["xdotool", "windowfocus", "--sync", window], check=True)
        for combination in keys:
            subprocess.run(["xdotool", "key", combination], check=True)
            time.sleep(0.3)

    def resize(self, width, height, title="^Whis$"):
        subprocess.run(["xdotool", "windowsize", self.window(title), str(width), str(height)],
                       check=True)

    def scroll(self, title):
        """To the end, with the wheel."""
        subprocess.run(["xdotool", "mousemove", "--window", self.window(title), "300", "500",
                        "click", "--repeat", "40", "5"], check=True)

    def open(self, *arguments, **environment):
        self.run(PROGRAM, *arguments, **environment)
        self.await_owner(APP_ID + ".Window")

    def close(self):
        while self.processes:
            process = self.processes.pop()
            process.terminate()
            process.wait()
        self.await_owner(APP_ID + ".Window", False)


def pixels_of(dump):
    """Width, height and the pixels, four bytes each, of an X window dump with premultiplied alpha."""
    header = struct.unpack(">25I", dump[:100])
    size, width, height, line, colours = header[0], header[4], header[5], header[12], header[19]
    assert header[11] == 32 and header[7] == 0, "not 32 bits a pixel, least byte first"
    start = size + colours * 12
    pixels = bytearray()
    for row in range(height):
        for blue, green, red, alpha in struct.iter_unpack(
                "4B", dump[start + row * line:start + row * line + 4 * width]):
            pixels += bytes(min(255, colour * 255 // alpha) if alpha else 0
                            for colour in (red, green, blue)) + bytes((alpha,))
    return width, height, bytes(pixels)


def s(text):
    return GLib.Variant("s", text)


def start_mock(stage):
    process = subprocess.Popen([sys.executable, os.path.join(HERE, "mock_service.py")],
                               env=dict(os.environ, WHIS_MOCK_SERVICES="all"))
    stage.await_owner(APP_ID)
    return process


def home(stage, suffix="", **environment):
    stage.open(**environment)
    stage.shoot("home-idle" + suffix)
    stage.set(State=s("recording"), Dictation=s("d1"), Provider=s("openai"),
              Destination=s("api.openai.com"), Elapsed=GLib.Variant("t", 83200),
              Level=GLib.Variant("d", -14.0))
    stage.shoot("home-recording" + suffix)
    stage.emit("PartialText", "(ss)", "d1", WORDS[:WORDS.index(" how a")])
    stage.shoot("home-live" + suffix)
    stage.set(State=s("transcribing"), Level=GLib.Variant("d", -100.0))
    stage.emit("Progress", "(stt)", "d1", 52000, 83200)
    stage.emit("PartialText", "(ss)", "d1", WORDS[:120])
    stage.shoot("home-transcribing" + suffix)
    stage.emit("Finished", "(ss)", "d1", WORDS)
    stage.set(State=s("done"))
    stage.shoot("home-done" + suffix)
    stage.set(State=s("failed"), Code=s("key-wrong"))
    stage.emit("Failed", "(ssssb)", "d1", "key-wrong",
               "OpenAI does not accept the key; put a new one into the preferences.",
               "sound", True)
    stage.shoot("home-failed" + suffix)
    stage.set(Code=s(""))


def reset(stage):
    stage.emit("Finished", "(ss)", "d0", "")
    stage.set(State=s("idle"), Elapsed=GLib.Variant("t", 0), Provider=s("offline"),
              Destination=s("this computer"), Message=s(""), Tray=GLib.Variant("b", True),
              KeyringAvailable=GLib.Variant("b", True), Unfinished=GLib.Variant("u", 0),
              CanUndoCancel=GLib.Variant("b", False))


def rest_of_home(stage):
    stage.activate("show-help-overlay", "/window/1")
    stage.shoot_screen("shortcuts")
    subprocess.run(["xdotool", "key", "Escape"], check=True)
    stage.set(Tray=GLib.Variant("b", False), State=s("recording"))
    stage.key("ctrl+w")
    stage.shoot_screen("closing")
    stage.close()


def narrow(stage):
    stage.open()
    stage.resize(360, 640)
    stage.emit("Finished", "(ss)", "d1", WORDS)
    stage.set(State=s("recording"), Elapsed=GLib.Variant("t", 3723000),
              Level=GLib.Variant("d", -2.0))
    stage.shoot("home-narrow")
    stage.resize(360, 294)
    stage.shoot("home-small")
    stage.resize(1200, 900)
    stage.shoot("home-large")
    stage.close()


PREFERENCES = "^Preferences$"


def change(**settings):
    """Changes settings; None is their default."""
    store = Gio.Settings.new(APP_ID)
    for name, value in settings.items():
        name = name.replace("_", "-")
        if value is None:
            store.reset(name)
        else:
            store.set_value(name, value)
    Gio.Settings.sync()


def preferences(stage, suffix="", **environment):
    change(provider=s("openai"), live=GLib.Variant("b", True), fallback_provider=s("groq"))
    stage.open("--page=preferences", **environment)
    stage.set(Level=GLib.Variant("d", -22.0))
    stage.shoot("preferences-general" + suffix, PREFERENCES)
    stage.resize(360, 640, PREFERENCES)
    stage.shoot("preferences-narrow" + suffix, PREFERENCES)
    stage.resize(600, 1000, PREFERENCES)
    stage.key("alt+s", title=PREFERENCES)
    stage.shoot_screen("preferences-services" + suffix)
    stage.key("Escape", title=PREFERENCES)
    change(vocabulary=GLib.Variant("as", ["Whis", "Jyväskylä", "pangolin"]))
    stage.shoot("preferences-fallback" + suffix, PREFERENCES)
    stage.scroll(PREFERENCES)
    stage.shoot("preferences-history" + suffix, PREFERENCES)
    change(live=None, vocabulary=None)
    stage.close()


def own_server(stage, suffix="", **environment):
    change(provider=s("speaches"), fallback_provider=None,
           addresses=GLib.Variant("a{ss}", {"speaches": "http://192.168.1.20:8000/v1"}))
    stage.open("--page=preferences", **environment)
    stage.shoot("preferences-own" + suffix, PREFERENCES)
    stage.resize(360, 640, PREFERENCES)
    stage.shoot("preferences-own-narrow" + suffix, PREFERENCES)
    stage.close()
    change(provider=s("azure"), addresses=None)
    stage.open("--page=preferences", **environment)
    stage.shoot("preferences-azure" + suffix, PREFERENCES)
    stage.close()
    change(provider=None)


def keys_and_usage(stage, suffix="", **environment):
    change(provider=s("gemini"), monthly_caps=GLib.Variant("a{sd}", {"openai": 5.0}))
    stage.open("--page=preferences", **environment)
    stage.resize(600, 1000, PREFERENCES)
    stage.shoot("preferences-gemini" + suffix, PREFERENCES)
    stage.activate("api-keys")
    stage.shoot("preferences-keys-gemini" + suffix, PREFERENCES)
    change(provider=s("openai"))
    stage.activate("api-keys")
    stage.shoot("preferences-keys" + suffix, PREFERENCES)
    stage.close()
    stage.open("--page=preferences", **environment)
    stage.key("alt+u", title=PREFERENCES)
    stage.resize(600, 680, PREFERENCES)
    stage.shoot("preferences-usage" + suffix, PREFERENCES)
    stage.resize(360, 640, PREFERENCES)
    stage.shoot("preferences-usage-narrow" + suffix, PREFERENCES)
    stage.activate("api-keys")
    stage.set(KeyringAvailable=GLib.Variant("b", False))
    stage.shoot("preferences-keys-narrow" + suffix, PREFERENCES)
    stage.close()
    change(provider=None, monthly_caps=None)


def history(stage, suffix="", **environment):
    stage.open(**environment)
    stage.set(Unfinished=GLib.Variant("u", 2), CanUndoCancel=GLib.Variant("b", True))
    stage.shoot("banner" + suffix)
    stage.set(CanUndoCancel=GLib.Variant("b", False))
    stage.key("alt+2")
    stage.shoot("history-list" + suffix)
    stage.key("ctrl+f", "Return", *["Down"] * 4, "Return")
    stage.shoot("history-failed" + suffix)
    stage.key("alt+Left", "Down", "Down", "Down", "Down", "Down", "Down", "Return")
    stage.shoot("history-entry" + suffix)
    stage.key("alt+w")  # what differs
    stage.shoot("history-diff" + suffix)
    stage.resize(360, 640)
    stage.shoot("history-diff-narrow" + suffix)
    stage.key("alt+Left")
    stage.shoot("history-narrow" + suffix)
    stage.key("ctrl+f")
    subprocess.run(["xdotool", "type", "unheard of"], check=True)
    stage.shoot("history-nothing-found" + suffix)
    stage.key("ctrl+a", "BackSpace", "Return", "Delete")
    stage.shoot_screen("history-delete" + suffix)
    stage.close()


def offer(stage, suffix="", **environment):
    """Somebody who has no model yet."""
    stage.mock("Stock", "(a{ss}s)", {"base": "absent", "tiny": "absent"}, "english")
    change(language=s("de"))
    stage.open(**environment)
    stage.shoot("offer" + suffix)
    stage.mock("Stock", "(a{ss}s)", {"base": "fetching", "tiny": "absent"}, "english")
    time.sleep(0.5)  # the list comes first
    stage.emit("Models.Progress", "(stt)", "base", 240_000_000, 668_757_119)
    stage.shoot("offer-progress" + suffix)
    stage.mock("Stock", "(a{ss}s)", {"base": "verified", "tiny": "absent"}, "base")
    stage.shoot("offer-here" + suffix)
    stage.close()
    change(language=None)
    stage.mock("Stock", "(a{ss}s)", {"base": "absent", "tiny": "verified"}, "tiny")


def about(stage):
    stage.open()
    stage.window("^Whis$")
    stage.activate("about")
    stage.shoot_screen("about")
    stage.close()


def absent(stage):
    """There is no service."""
    stage.open(WHIS_SERVICE_PROGRAM="/nonexistent/whis")
    stage.shoot("absent")
    stage.close()


def light(stage):
    home(stage)
    rest_of_home(stage)


def dark(stage):
    home(stage, "-dark", ADW_DEBUG_COLOR_SCHEME="prefer-dark")
    stage.close()


def offers(stage):
    stage.mock("Fill", "(u)", 20)
    offer(stage)
    offer(stage, "-dark", ADW_DEBUG_COLOR_SCHEME="prefer-dark")


def first_start(stage):
    """Somebody who has no shortcut, and no panel that shows Whis."""
    for suffix, scheme in (("", "default"), ("-dark", "prefer-dark")):
        change(offer_shortcut=None)
        stage.open(ADW_DEBUG_COLOR_SCHEME=scheme)
        stage.shoot("first-start" + suffix)
        stage.set(Tray=GLib.Variant("b", False))
        stage.resize(360, 640)
        stage.scroll("^Whis$")
        stage.shoot("first-start-narrow" + suffix)
        stage.close()
        stage.set(Tray=GLib.Variant("b", True))


def contrast(stage):
    home(stage, "-contrast", ADW_DEBUG_HIGH_CONTRAST="1")
    stage.close()


def filled_history(stage):
    stage.mock("Fill", "(u)", 200)
    history(stage)
    history(stage, "-dark", ADW_DEBUG_COLOR_SCHEME="prefer-dark")


def settings(stage):
    preferences(stage)
    own_server(stage)
    keys_and_usage(stage)


def dark_settings(stage):
    preferences(stage, "-dark", ADW_DEBUG_COLOR_SCHEME="prefer-dark")
    own_server(stage, "-dark", ADW_DEBUG_COLOR_SCHEME="prefer-dark")
    keys_and_usage(stage, "-dark", ADW_DEBUG_COLOR_SCHEME="prefer-dark")


def store(stage):
    """The pictures of README and metainfo; data/screenshots has them."""
    stage.await_compositor()
    stage.mock("Fill", "(u)", 200)
    stage.open()
    stage.window("^Whis$")
    stage.set(Unfinished=GLib.Variant("u", 0), State=s("recording"), Dictation=s("d1"), Provider=s("openai"),
              Destination=s("api.openai.com"), Elapsed=GLib.Variant("t", 12800),
              Level=GLib.Variant("d", -14.0))
    time.sleep(0.5)  # a text belongs to a dictation that the window has heard of
    stage.emit("PartialText", "(ss)", "d1", WORDS[:WORDS.index(" how a")])
    stage.shoot_with_shadow("live")
    stage.emit("Finished", "(ss)", "d1", WORDS)
    stage.set(State=s("done"), Level=GLib.Variant("d", -100.0))
    stage.shoot_with_shadow("home")
    stage.key("alt+2")
    stage.shoot_with_shadow("history")
    stage.close()
    change(provider=s("openai"), live=GLib.Variant("b", True), fallback_provider=s("groq"))
    stage.open("--page=preferences")
    stage.shoot_with_shadow("preferences", PREFERENCES)
    stage.close()
    change(monthly_caps=GLib.Variant("a{sd}", {"openai": 5.0}))
    stage.open("--page=preferences")
    stage.key("alt+u", title=PREFERENCES)
    stage.shoot_with_shadow("usage", PREFERENCES)
    stage.close()
    reset(stage)
    stage.open(ADW_DEBUG_COLOR_SCHEME="prefer-dark")
    stage.window("^Whis$")
    stage.emit("Finished", "(ss)", "d1", WORDS)
    stage.set(State=s("done"), Elapsed=GLib.Variant("t", 12800), Level=GLib.Variant("d", -100.0))
    stage.shoot_with_shadow("home-dark")
    stage.close()
    change(provider=None, live=None, fallback_provider=None, monthly_caps=None)


SCENES = {"light": light, "dark": dark, "contrast": contrast, "narrow": narrow,
          "history": filled_history, "settings": settings, "dark-settings": dark_settings,
          "about": about, "offers": offers, "first-start": first_start}
WITH_SHADOW = {"store": store}


def main():
    os.makedirs(SHOTS, exist_ok=True)
    for tool in ("xfwm4", "xdotool", "import"):
        if shutil.which(tool) is None:
            print(f"no {tool}, no pictures")
            return 77
    stage = Stage()
    # Our own server: the pictures need a display of a common size, and frames around windows.
    shadows = any(name in WITH_SHADOW for name in sys.argv[1:])
    wm = subprocess.Popen(["xfwm4", "--compositor=" + ("on" if shadows else "off")],
                          stderr=subprocess.DEVNULL)
    mock = start_mock(stage)
    for name in sys.argv[1:] or SCENES:
        reset(stage)
        change(offer_shortcut=GLib.Variant("b", False))
        (SCENES | WITH_SHADOW)[name](stage)
    mock.terminate()
    mock.wait()
    stage.await_owner(APP_ID, False)
    if len(sys.argv) == 1:
        absent(stage)
    wm.terminate()
    wm.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
