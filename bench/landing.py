#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Whether texts land, whether that is known, and how long it takes until they are visible.

  landing.py [--rounds N] [--typed N] [--host x11|sway|kwin|gnome-shell]

A text is given to the delivery of the service, as when the recogniser has answered, N times (default:
1,000) in a session without a screen, and a field of GTK 3 tells when it has it: landed. Known is how
often the outcome said so; said counts those, too, of which an input method had only said that it took
them; wrong is how often either was said of a text that is not there. Beside it xdotool or wtype types
the same text, from its start, as a script would; KWin and GNOME Shell let neither.
"""

import argparse
import os
import shutil
import statistics
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "tests", "delivery"))
from compositor_session import SwaySession  # noqa: E402
from wayland_session import GnomeShellSession, KWinSession  # noqa: E402
from x11_session import X11Session  # noqa: E402

TEXT = ("The quick brown fox jumps over the lazy dog, and then it says what it thinks of that: this "
        "is a sentence as somebody would dictate it.")

SAID = ("landed", "handed-over")

# What a session is, the program that there has to be for it, and what types beside Whis.
HOSTS = {
    "x11": (X11Session, "openbox", ("xdotool", "type", "--clearmodifiers")),
    "sway": (SwaySession, "sway", ("wtype",)),
    "kwin": (KWinSession, "kwin_wayland", None),
    "gnome-shell": (GnomeShellSession, "gnome-shell", None),
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


def start_field(session):
    start = getattr(session, "start_field", session.start_target)
    return start("3.0", "view")


def measure_whis(session, rounds):
    target = start_field(session)
    program = session.start(session.insert_program, *session.extra)
    if isinstance(session, GnomeShellSession):
        # The extension answers the service alone.
        session.await_name("io.github.whis_gtk.Whis", True)
    counts = {"landed": 0, "known": 0, "said": 0, "wrong": 0}
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
            counts["said"] += outcome in SAID
        elif outcome in SAID:
            counts["wrong"] += 1
        clear(target)
    return counts, times, methods


def measure_typing(session, rounds, argv):
    target = start_field(session)
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


def in_session(session_type, measure, *arguments):
    session = session_type()
    try:
        return measure(session, *arguments)
    finally:
        session.end()


def measure_host(name, session_type, needed, argv, arguments):
    if shutil.which(needed) is None:
        print(f"{name}: {needed} is not installed")
        return
    counts, times, methods = in_session(session_type, measure_whis, arguments.rounds)
    whis = statistics.median(times)
    late = statistics.quantiles(times, n=20)[-1]
    print(f"{name + ', ' + '/'.join(sorted(methods)):28} {counts['landed']:>5} of {arguments.rounds:<5}"
          f"{counts['known']:>6} {counts['said']:>6} {counts['wrong']:>6} {whis:>6.1f} ms "
          f"{late:>11.1f} ms {1:>6}", flush=True)
    if argv is None or shutil.which(argv[0]) is None:
        return
    typed = in_session(session_type, measure_typing, arguments.typed, argv)
    other = statistics.median(typed)
    print(f"{name + ', ' + argv[0]:28} {len(typed):>5} of {arguments.typed:<5}{'':>6} {'':>6} {'':>6} "
          f"{other:>6.0f} ms {'':>14} {other / whis:>6.1f}", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=1000)
    parser.add_argument("--typed", type=int, default=10)
    parser.add_argument("--host", choices=HOSTS)
    arguments = parser.parse_args()

    print(f"{'':28} {'landed':>13} {'known':>6} {'said':>6} {'wrong':>6} {'median':>9} "
          f"{'slowest of 20':>14} {'ratio':>6}")
    for name, (session_type, needed, argv) in HOSTS.items():
        if arguments.host in (None, name):
            measure_host(name, session_type, needed, argv, arguments)


if __name__ == "__main__":
    main()
