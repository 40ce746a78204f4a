#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Whether a file of three hours needs more memory than one of three minutes.

  hours.py [--minutes 3,180] [--latency MS]

`whis transcribe` of recorded speech (Debian's pocketsphinx-testdata) that was repeated to such a
length, through the service to a server that answers after a set time. Memory (PSS) of the service and
of the command line is read while they work, every tenth of a second; the largest counts. Beside it:
ffmpeg makes an MP3 of the same file.
"""

import argparse
import os
import subprocess
import sys
import time

from harness import TimedServer, memory, now_ms, print_table, start_quiet_service
from whis_session import WhisSession

MOST_MORE_MB = 5


def find_speech():
    files = subprocess.run(["dpkg", "-L", "pocketsphinx-testdata"], stdout=subprocess.PIPE,
                           text=True, check=True).stdout.split()
    return [file for file in files if "sense_and_sensibility" in file and file.endswith(".wav")]


def make_file(session, minutes):
    """A FLAC file of so many minutes of speech."""
    path = os.path.join(session.directory, f"{minutes}.flac")
    names = os.path.join(session.directory, "names")
    with open(names, "w", encoding="utf-8") as file:
        file.writelines(f"file '{name}'\n" for name in find_speech())
    whole = os.path.join(session.directory, "speech.wav")
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "concat", "-safe", "0", "-i", names, whole],
                   check=True)
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-stream_loop", "-1", "-i", whole, "-t",
                    str(minutes * 60), path], check=True)
    return path


def peak_of(processes, command):
    """The largest PSS of each while a command runs, in MB."""
    peaks = [0] * len(processes)
    while command.poll() is None:
        for place, process in enumerate(processes):
            try:
                peaks[place] = max(peaks[place], memory(process.pid)[0])
            except (FileNotFoundError, ProcessLookupError, KeyError):
                pass  # it has just ended
        time.sleep(0.1)
    return peaks


def run_ffmpeg(path):
    command = subprocess.Popen(["ffmpeg", "-v", "error", "-y", "-i", path, "-ac", "1", "-ar",
                                "16000", "-b:a", "64k", "-f", "mp3", "/dev/null"])
    return peak_of([command], command)[0]


def measure(session, minutes, server):
    path = make_file(session, minutes)
    begin = now_ms()
    command = session.spawn(os.environ["WHIS_PROGRAM"], "transcribe", path,
                            stdout=subprocess.PIPE, text=True)
    service_mb, client_mb = peak_of([session.service, command], command)
    elapsed = (now_ms() - begin) / 1000
    assert command.wait() == 0, "it failed"
    text = command.stdout.read()
    assert text.strip(), "no text"
    return {"minutes": minutes, "service": service_mb, "client": client_mb, "seconds": elapsed,
            "uploads": len(server.log()), "ffmpeg": run_ffmpeg(path)}


def row(run):
    return (f"{run['minutes']} min", run["uploads"], f"{run['service']:.1f}",
            f"{run['client']:.1f}", f"{run['ffmpeg']:.1f}", f"{run['seconds']:.1f}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", default="3,180")
    parser.add_argument("--latency", type=int, default=100, help="milliseconds")
    arguments = parser.parse_args()
    with WhisSession(pulse=False) as session:
        server = TimedServer(session, arguments.latency)
        session.settings(provider="custom", addresses__custom=server.url + "/v1")
        start_quiet_service(session)
        # What the first file loads stays loaded; it is no matter of length.
        measure(session, 1, server)
        runs = [measure(session, int(minutes), server) for minutes in arguments.minutes.split(",")]
    print_table("Files through the whole path: largest memory (PSS) in MB",
                ("file", "pieces", "service", "command line", "ffmpeg", "seconds"),
                [row(run) for run in runs])
    more = runs[-1]["service"] - runs[0]["service"]
    print(f"The longest file takes {more:.1f} MB more in the service than the shortest;"
          f" allowed {MOST_MORE_MB} MB")
    sys.exit(more > MOST_MORE_MB)


if __name__ == "__main__":
    main()
