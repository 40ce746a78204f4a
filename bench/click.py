#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""How long after the click the first sound is there, at first and on a service that has recorded before.

  click.py [--rounds N]

From the call of Toggle, which a click on the icon makes, to the signal that the dictation records:
Whis sends it when the first sound has arrived. The microphone is the null sink of a real PulseAudio
server. Beside it is parec on the same source, from its start to its first byte, in turn.
"""

import argparse
import statistics
import subprocess

from harness import Microphone, judge, median, now_ms, print_table, start_quiet_service
from gi.repository import Gio, GLib
from whis_session import APP_ID, INTERFACE, PATH, WhisSession

BUDGET_MS = 80
# What Whis asks PulseAudio for, src/audio/pipeline.c
LATENCY = "--latency-msec=20"


class Clock:
    """Notes when states are reached."""

    def __init__(self, session):
        self.times = {}
        session.bus.signal_subscribe(None, INTERFACE, "StateChanged", PATH, None,
                                     Gio.DBusSignalFlags.NONE, self.on_changed)

    def on_changed(self, _bus, _sender, _path, _interface, _signal, arguments):
        self.times.setdefault(arguments.unpack()[1], now_ms())


def time_whis(session, clock):
    clock.times.clear()
    begin = now_ms()
    options = {"deliver": GLib.Variant("b", False)}
    session.bus.call(APP_ID, PATH, INTERFACE, "Toggle", GLib.Variant("(a{sv})", (options,)), None,
                     Gio.DBusCallFlags.NONE, -1, None, None)
    session.wait_until(lambda: "recording" in clock.times, "nothing records")
    session.call("Cancel", "(s)", "")
    session.wait_until(lambda: "cancelled" in clock.times, "the dictation does not end")
    return clock.times["recording"] - begin


def time_parec(session, *options):
    begin = now_ms()
    process = session.spawn("parec", "--device=mic.monitor", "--rate=16000", "--channels=1",
                            *options, stdout=subprocess.PIPE, bufsize=0)
    assert process.stdout.read(1), "parec hears nothing"
    taken = now_ms() - begin
    process.terminate()
    process.wait(20)
    return taken


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=10)
    rounds = parser.parse_args().rounds
    whis, parec = [], []
    with WhisSession() as session:
        start_quiet_service(session)
        Microphone(session)
        clock = Clock(session)
        first = time_whis(session, clock)
        for _ in range(rounds):
            whis.append(time_whis(session, clock))
            parec.append(time_parec(session, LATENCY))
    value = statistics.median(whis)
    print_table(
        f"Click to the first sound: milliseconds, median of {rounds} (least–most)",
        ("what", "ms", "budget"),
        [("`whis`, from Toggle to recording", median(whis),
          f"{BUDGET_MS} ms: {judge(value, BUDGET_MS)}"),
         (f"`parec {LATENCY}`, from its start to its first byte", median(parec), ""),
         ("`whis`, the very first dictation after its start", f"{first:.1f}",
          f"{BUDGET_MS} ms: {judge(first, BUDGET_MS)}")])


if __name__ == "__main__":
    main()
