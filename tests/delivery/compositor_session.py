# SPDX-License-Identifier: MIT
"""Sessions of compositors that offer an input method and a virtual keyboard to other programs.

Each starts without a screen, or says why it does not. `start_session` takes the one that
WHIS_TEST_COMPOSITOR names, sway without it.
"""

import os
import shutil
import subprocess
import time
import unittest

from session import SECONDS
from wayland_session import WaylandSession


class CompositorSession(WaylandSession):
    """Starts the compositor, and a keyboard, since a seat without one has no focus."""

    program = None  # the compositor
    refusal = None  # what it says where it does not start without a graphics card

    def __init__(self, layout=""):
        super().__init__(self.program)
        self.env.update(WLR_BACKENDS="headless", WLR_LIBINPUT_NO_DEVICES="1",
                        WLR_RENDERER="pixman", WHIS_TEST_LAYOUT=layout)
        self.log = os.path.join(self.dir, "compositor.log")
        self.display = os.path.join(self.dir, "display")
        # What the compositor starts by itself tells its display.
        self.startup = self.write("startup", "#!/bin/sh\necho $WAYLAND_DISPLAY >$HOME/started\n"
                                  f"mv $HOME/started {self.display}\n")
        os.chmod(self.startup, 0o755)
        self.compositor = self.start("sh", "-c", 'exec "$@" >"$0" 2>&1', self.log,
                                     *self.get_command())
        self.env["WAYLAND_DISPLAY"] = self.await_display()
        self.start_seat("keyboard")

    def write(self, name, text):
        path = os.path.join(self.dir, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def get_command(self):
        """Its arguments; files that it reads are written for them."""
        raise NotImplementedError

    def await_display(self):
        deadline = time.monotonic() + SECONDS
        while not os.path.exists(self.display):
            ended = self.compositor.process.poll() is not None
            said = self.read_log()
            if self.refusal and self.refusal in said:
                self.compositor.process.kill()
                self.end()
                raise unittest.SkipTest(
                    f"{self.program} does not start without a graphics card: {self.refusal}")
            if ended or time.monotonic() > deadline:
                self.end()
                raise RuntimeError(f"{self.program} does not start: {said[-2000:]}")
            time.sleep(0.05)
        with open(self.display, encoding="utf-8") as file:
            return file.read().strip()

    def read_log(self):
        if not os.path.exists(self.log):
            return ""
        with open(self.log, encoding="utf-8", errors="replace") as file:
            return file.read()

    def start_seat(self, what):
        seat = self.start(os.environ["WHIS_SEAT_PROGRAM"], what)
        assert seat.read_line() == "ready"
        return seat

    def start_terminal(self, program):
        return self.start_program_in_terminal(program)


class SwaySession(CompositorSession):
    program = "sway"

    def get_command(self):
        config = self.write("config", "xwayland disable\noutput HEADLESS-1 resolution 800x600\n"
                            f"exec {self.startup}\n")
        return "sway", "-c", config


class LabwcSession(CompositorSession):
    program = "labwc"

    def get_command(self):
        self.write("rc.xml", "<labwc_config/>")
        return "labwc", "-C", self.dir, "-s", self.startup


class WayfireSession(CompositorSession):
    program = "wayfire"
    refusal = "Failed to get DRM file descriptor"  # before 0.10

    def get_command(self):
        config = self.write("wayfire.ini",
                            "[core]\nplugins = autostart place\nxwayland = false\n"
                            f"[autostart]\nautostart_wf_shell = false\ndisplay = {self.startup}\n")
        return "wayfire", "-c", config


class HyprlandSession(CompositorSession):
    program = "Hyprland"
    refusal = "CBackend::create() failed!"

    def get_command(self):
        self.env.update(HYPRLAND_NO_SD_VARS="1")
        config = self.write("hyprland.conf", "monitor = ,800x600,auto,1\n"
                            f"xwayland {{\n enabled = false\n}}\nexec-once = {self.startup}\n")
        return "Hyprland", "--config", config


SESSIONS = {session.program.lower(): session
            for session in (SwaySession, LabwcSession, WayfireSession, HyprlandSession)}


def start_session(layout=""):
    session = SESSIONS[os.environ.get("WHIS_TEST_COMPOSITOR", "sway")]
    for program in session.program, "wl-copy", "foot":
        if shutil.which(program) is None:
            raise unittest.SkipTest(f"{program} is not installed")
    return session(layout)
