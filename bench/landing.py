#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Whether texts land, whether that is known, and how long it takes until they are visible.

  landing.py [--rounds N] [--typed N] [--host x11|sway]

A text is given to the delivery of the service, as when the recogniser has answered, N times (default:
1,000) in a session without a screen, and a field of GTK 3 tells when it has it: landed. Known is how
often the outcome said so, wrong how often it said so of a text that is not there. Beside it xdotool or
wtype types the same text, from its start, as a script would.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "tests", "delivery"))
from session import PYTHON, Program  # noqa: E402
from x11_session import X11Session  # noqa: E402

TEXT = ("The quick brown fox jumps over the lazy dog, and then it says what it thinks of that: this "
        "is a sentence as somebody would dictate it.")
NOBODY = 65534


class Sway:
    """Sway without a screen, with a keyboard, by a user that is not root."""

    def __init__(self):
        self.dir = tempfile.mkdtemp(prefix="whis-bench-sway-")
        self.user = ()
        if os.geteuid() == 0:
            self.user = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
            os.chown(self.dir, NOBODY, NOBODY)
        self.programs = []
        self.env = dict(os.environ, HOME=self.dir, XDG_RUNTIME_DIR=self.dir, GTK_A11Y="none",
                        NO_AT_BRIDGE="1", LIBGL_ALWAYS_SOFTWARE="1", WLR_BACKENDS="headless",
                        WLR_LIBINPUT_NO_DEVICES="1", WLR_RENDERER="pixman", GDK_BACKEND="wayland")
        for name in "DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS":
            self.env.pop(name, None)
        config = os.path.join(self.dir, "config")
        with open(config, "w", encoding="utf-8") as file:
            file.write("xwayland disable\noutput HEADLESS-1 resolution 800x600\n"
                       "exec sh -c 'echo $WAYLAND_DISPLAY $SWAYSOCK'\n")
        line = self.start("sway", "-c", config).read_line()
        self.env["WAYLAND_DISPLAY"], self.env["SWAYSOCK"] = line.split()
        # A keyboard, which stays.
        self.start("wtype", "-s", "100000000")

    def start(self, *argv, **options):
        options.setdefault("stderr", subprocess.DEVNULL)
        program = Program([*self.user, *argv], self.env, **options)
        self.programs.append(program)
        return program

    def run(self, *argv, **options):
        return subprocess.run([*self.user, *argv], env=self.env, check=True, **options)

    def start_target(self, version, kind):
        target = self.start(PYTHON, os.path.join(HERE, "..", "tests", "delivery", "text_target.py"),
                            version, kind)
        target.await_json("focused")
        return target

    def end(self):
        while self.programs:
            self.programs.pop().end()
        shutil.rmtree(self.dir, ignore_errors=True)


HOSTS = {
    "x11": (X11Session, ("xdotool", "type", "--clearmodifiers")),
    "sway": (Sway, ("wtype",)),
}


def clear(target):
    target.write_line("clear")
    target.await_json("text", "")


def await_text(target, text, started):
    """Milliseconds until the field has it."""
    try:
        target.await_json("text", text)
    except TimeoutError:
        return None
    return (time.monotonic() - started) * 1000


def measure_whis(session, rounds):
    target = session.start_target("3.0", "view")
    program = session.start(os.environ["BENCH_LANDING_INSERT"])
    counts = {"landed": 0, "known": 0, "wrong": 0}
    times = []
    methods = set()
    for i in range(rounds):
        text = f"{i}: {TEXT}"
        started = time.monotonic()
        program.write_line(text)
        took = await_text(target, text, started)
        outcome, method = program.read_line().split()
        methods.add(method)
        if took is not None:
            times.append(took)
            counts["landed"] += 1
            counts["known"] += outcome == "landed"
        elif outcome in ("landed", "handed-over"):
            counts["wrong"] += 1
        clear(target)
    return counts, times, methods


def measure_typing(session, rounds, argv):
    target = session.start_target("3.0", "view")
    times = []
    for i in range(rounds):
        text = f"{i}: {TEXT}"
        started = time.monotonic()
        session.run(*argv, text)
        took = await_text(target, text, started)
        if took is not None:
            times.append(took)
        clear(target)
    return times


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=1000)
    parser.add_argument("--typed", type=int, default=10)
    parser.add_argument("--host", choices=HOSTS)
    arguments = parser.parse_args()

    print(f"{'':24} {'landed':>12} {'known':>8} {'wrong':>6} {'median':>9} {'slowest of 20':>14} {'ratio':>7}")
    for name, (session_type, argv) in HOSTS.items():
        if arguments.host not in (None, name) or shutil.which(argv[0]) is None:
            continue
        session = session_type()
        try:
            counts, times, methods = measure_whis(session, arguments.rounds)
        finally:
            session.end()
        session = session_type()
        try:
            typed = measure_typing(session, arguments.typed, argv)
        finally:
            session.end()
        whis = statistics.median(times)
        late = statistics.quantiles(times, n=20)[-1]
        print(f"{name + ', ' + '/'.join(sorted(methods)):24} {counts['landed']:>5} of {arguments.rounds:<5}"
              f"{counts['known']:>7} {counts['wrong']:>6} {whis:>6.1f} ms {late:>11.1f} ms {1:>7}",
              flush=True)
        other = statistics.median(typed)
        print(f"{name + ', ' + argv[0]:24} {len(typed):>5} of {arguments.typed:<5}{'':>7} {'':>6} "
              f"{other:>6.0f} ms {'':>14} {other / whis:>7.1f}", flush=True)


if __name__ == "__main__":
    main()
