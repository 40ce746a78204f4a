# SPDX-License-Identifier: MIT
"""An X11 session for tests: a server without a screen, a window manager, a bus, and targets."""

import os
import subprocess

from session import Session


class X11Session(Session):
    """Starts the session."""

    def __init__(self):
        super().__init__("x11")
        self.env["QT_QPA_PLATFORM"] = "xcb"
        self.write_settings()
        server = self.start("Xvfb", "-displayfd", "1", "-screen", "0", "1024x768x24", "-nolisten",
                            "tcp", stderr=subprocess.DEVNULL)
        self.env["DISPLAY"] = ":" + server.read_line()
        bus = self.start("dbus-daemon", "--session", "--print-address", "--nofork",
                         stderr=subprocess.DEVNULL)
        self.env["DBUS_SESSION_BUS_ADDRESS"] = bus.read_line()
        # What it starts by itself tells that it is ready.
        self.start("openbox", "--startup", "echo ready", stderr=subprocess.DEVNULL).read_line()

    def write_settings(self):
        """Konsole asks before it pastes more than 8,000 characters."""
        os.mkdir(os.path.join(self.dir, ".config"))
        with open(os.path.join(self.dir, ".config", "konsolerc"), "w", encoding="utf-8") as file:
            file.write("[Notification Messages]\nShowPasteHugeTextWarning=false\n")

    def start_clipman(self):
        clipman = self.start("xfce4-clipman", stderr=subprocess.DEVNULL)
        self.run("gdbus", "wait", "--session", "org.xfce.clipman")
        return clipman

    def start_terminal(self, *argv):
        terminal = self.start_program_in_terminal(*argv, "-e")
        self.run("xdotool", "search", "--sync", "--onlyvisible", "--class", argv[0],
                 "windowactivate", "--sync", stdout=subprocess.DEVNULL)
        return terminal

    def copy(self, data, kind="UTF8_STRING"):
        self.run("xclip", "-selection", "clipboard", "-t", kind, "-i", input=data,
                 stdout=subprocess.DEVNULL)

    def get_copied(self, kind="UTF8_STRING"):
        return self.run("xclip", "-selection", "clipboard", "-t", kind, "-o",
                        stdout=subprocess.PIPE).stdout
