#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What a dictation costs while it records: processor time of the whole service, in real time.

  record.py [--seconds N] [--rounds N]

Per cent of one core, of all threads of the service: capture from PulseAudio, voice detection, MP3,
the file, the level and the time on the bus, and the upload of chunks to a server on this computer.
Beside it is ffmpeg, which records the same sound from the same source to the same kind of MP3 and
does nothing else. In turn, so that both meet the machine alike. capture-cost measures the part that
captures alone.
"""

import argparse
import os
import statistics
import subprocess
import time

from harness import (TimedServer, judge, median, print_table, processor_ms,
                       start_quiet_service)
from whis_session import SPEECH, WhisSession

BUDGET_PERCENT = 1.5
SETTLED = 1


def measure(pid, seconds):
    """Processor time over a time, in per cent of a core, once the start is over."""
    time.sleep(SETTLED)
    begin, before = time.monotonic(), processor_ms(pid)
    time.sleep(seconds)
    return (processor_ms(pid) - before) / (time.monotonic() - begin) / 10


def measure_whis(session, service, seconds):
    dictation = session.start_dictation(deliver=False)
    value = measure(service.pid, seconds)
    session.call("Cancel", "(s)", "")
    session.outcome(dictation)
    return value


def measure_ffmpeg(session, seconds):
    path = os.path.join(session.directory, "ffmpeg.mp3")
    process = session.spawn(
        "ffmpeg", "-nostdin", "-v", "error", "-y", "-f", "pulse", "-i", "mic.monitor", "-c:a",
        "libmp3lame", "-ar", "16000", "-ac", "1", "-b:a", "64k", path, stdin=subprocess.DEVNULL)
    session.wait_until(lambda: os.path.exists(path), "ffmpeg does not record")
    value = measure(process.pid, seconds)
    process.terminate()
    process.wait(20)
    return value


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=15)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    whis, ffmpeg = [], []
    with WhisSession() as session:
        server = TimedServer(session, 100)
        session.settings(provider="custom", addresses__custom=server.url + "/v1")
        sound = os.path.join(session.directory, "speech.wav")
        subprocess.run(["sox", SPEECH, sound, "repeat", "999"], check=True)
        service = start_quiet_service(session)
        # Nobody else listens: PulseAudio delivers in the periods that the listener asks for.
        session.spawn("paplay", "--device=mic", sound)
        for _ in range(arguments.rounds):
            whis.append(measure_whis(session, service, arguments.seconds))
            ffmpeg.append(measure_ffmpeg(session, arguments.seconds))
    print_table(
        f"Recording: per cent of a core at real time, {arguments.seconds} s, median of"
        f" {arguments.rounds} (least–most)",
        ("what", "% of a core", "budget"),
        [("`whis`, the whole service", median(whis),
          f"{BUDGET_PERCENT} %: {judge(statistics.median(whis), BUDGET_PERCENT)}"),
         ("`ffmpeg -f pulse -c:a libmp3lame`", median(ffmpeg), "")])


if __name__ == "__main__":
    main()
