#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""How long the window takes to be on the screen, and what memory it has then.

  window.py [--rounds N]

From the fork to the window manager's list of windows having one more, in a desktop of its own, with
the service running. Beside it is the demo of libadwaita, a public program with the same libraries.
Both draw without OpenGL, as there is no graphics card.
"""

import argparse
import os
import subprocess
import sys
import time

import harness
from harness import median, memory, now_ms, print_table

sys.path.insert(0, str(harness.ROOT / "tests" / "desktop"))
# pylint: disable=wrong-import-position
from desktop_session import DesktopSession

DEMO = "/usr/bin/adwaita-1-demo"
SETTLED_S = 2


class WindowList:
    """The window manager's list of windows, told by the X server whenever it changes."""

    def __init__(self, desktop):
        self.spy = desktop.spawn("xprop", "-root", "-spy", "_NET_CLIENT_LIST",
                                 stdout=subprocess.PIPE, text=True, bufsize=1)
        self.count = self.next()

    def next(self):
        """How many windows there are after the next change."""
        line = self.spy.stdout.readline()
        assert line, "no window manager"
        return line.count("0x")

    def wait_for(self, more):
        """Waits until there are more windows than before, or as many as before again."""
        while (self.next() > self.count) != more:
            pass


def show(desktop, windows, *command):
    """The milliseconds until a program's window is there, and the program's memory."""
    begin = now_ms()
    process = desktop.spawn(*command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    windows.wait_for(True)
    taken = now_ms() - begin
    time.sleep(SETTLED_S)
    pss = memory(process.pid)[0]
    process.terminate()
    process.wait(20)
    windows.wait_for(False)
    return taken, pss


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    rows = []
    with DesktopSession(pulse=False, keyring=False,
                        environment={"GDK_BACKEND": "x11", "GSK_RENDERER": "cairo"}) as desktop:
        desktop.start_service()
        windows = WindowList(desktop)
        programs = {"`whis-window`": os.environ["WHIS_WINDOW_PROGRAM"]}
        if os.path.exists(DEMO):
            programs["`adwaita-1-demo`"] = DEMO
        for name, program in programs.items():
            show(desktop, windows, program)  # the disk's share is not the program's
            measured = [show(desktop, windows, program) for _ in range(rounds)]
            rows.append((name, median([taken for taken, _ in measured]),
                         f"{measured[-1][1]:.1f}"))
    print_table(f"Window: start until it is shown, median of {rounds} (least–most); memory then",
                ("what", "ms", "PSS in MB"), rows)


if __name__ == "__main__":
    main()
