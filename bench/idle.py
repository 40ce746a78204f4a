#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What the service costs while nobody uses it: memory, and how often it wakes up.

  idle.py [--seconds N]

Measured after the start and again after a dictation, on a bus of its own. A wake-up is a voluntary
context switch of any of its threads; on a bus where nothing happens, only timers are left to cause
one. They are counted once the process is quiet, that is, has slept for 17 s, or for 62 s after a
dictation; what it still had to do before, such as closing connections that nobody uses, ends by
itself, and the column "quiet" says when. Beside it are two public services on the same bus, xfconfd
and gnome-keyring-daemon.

PSS is the memory that would be free without the process, with shared pages divided among those that
map them; the private part alone is beside it, because other programs that run make PSS smaller.
"""

import argparse
import os
import shutil
import subprocess
import time

from harness import (Microphone, TimedServer, judge, memory, print_table, sleeps,
                       start_quiet_service, wake_ups)
from whis_session import SPEECH, WhisSession

BUDGET_MB = 12
XFCONFD = "/usr/lib/x86_64-linux-gnu/xfce4/xfconf/xfconfd"
KEYRING = "gnome-keyring-daemon"
# GLib ends threads that had nothing to do for 15 s, and libsoup connections after 60 s, once.
SETTLED = 17
SETTLED_AFTER_UPLOAD = 62
LONGEST = 150


def settle(pid, quiet_seconds):
    """Waits until nothing has woken a process for a while. Returns the seconds until it was so, or
    None if it never was."""
    begin = quiet_since = time.monotonic()
    before = sleeps(pid)
    while time.monotonic() < begin + LONGEST:
        time.sleep(1)
        after = sleeps(pid)
        if wake_ups(before, after):
            quiet_since = time.monotonic()
        elif time.monotonic() > quiet_since + quiet_seconds:
            return round(quiet_since - begin)
        before = after
    return None


def measure(name, pid, seconds, budget, quiet_seconds=SETTLED):
    last = settle(pid, quiet_seconds)
    before = sleeps(pid)
    time.sleep(seconds)
    count = wake_ups(before, sleeps(pid))
    pss, private, rss = memory(pid)
    verdict = ""
    if budget:
        verdict = f"{BUDGET_MB} MB: {judge(pss, BUDGET_MB)}; 0: {judge(count, 0)}"
    return (name, f"{pss:.1f}", f"{private:.1f}", f"{rss:.1f}",
            "never" if last is None else f"after {last} s", count, verdict)


def dictate(session):
    """One dictation, from the microphone to the text."""
    server = TimedServer(session, 20)
    session.settings(provider="custom", addresses__custom=server.url + "/v1")
    Microphone(session)
    dictation = session.start_dictation(deliver=False)
    session.play(SPEECH)
    session.call("Stop")
    outcome = session.outcome(dictation)
    assert outcome[0] == "finished", outcome


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=20)
    seconds = parser.parse_args().seconds
    rows = []
    with WhisSession() as session:
        service = start_quiet_service(session)
        rows.append(measure("`whis`, started", service.pid, seconds, True))
        dictate(session)
        rows.append(measure("`whis`, after a dictation", service.pid, seconds, True,
                            SETTLED_AFTER_UPLOAD))
        if os.path.exists(XFCONFD):
            process = session.spawn(XFCONFD, stderr=subprocess.DEVNULL)
            rows.append(measure("`xfconfd`, started", process.pid, seconds, False))
        if shutil.which(KEYRING):
            process = session.spawn(KEYRING, "--foreground", "--components=secrets",
                                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            rows.append(measure(f"`{KEYRING}`, started", process.pid, seconds, False))
    print_table(f"Idle: memory in MB, wake-ups in {seconds} s",
                ("what", "PSS", "private", "RSS", "quiet", "wake-ups", "budget"), rows)


if __name__ == "__main__":
    main()
