# SPDX-License-Identifier: MIT
"""What the benchmarks share: the private session of the tests, clocks, and tables in Markdown."""

import contextlib
import os
import pathlib
import statistics
import subprocess
import sys
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.dont_write_bytecode = True
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "service")]

# Built-in tail of a recording: sound that is still recorded after Stop (src/audio/capture.h).
TAIL_MS = 200


def now_ms():
    """Milliseconds of CLOCK_MONOTONIC, the clock of GLib and of timed-server too."""
    return time.clock_gettime_ns(time.CLOCK_MONOTONIC) / 1e6


def processor_ms(pid):
    """Processor time of a process and all of its threads, ended ones too, in milliseconds."""
    # The clock that clock_getcpuclockid(3) names for a process.
    return time.clock_gettime_ns((~pid << 3) | 2) / 1e6


def median(values):
    """The median, and the range that it comes from."""
    return f"{statistics.median(values):.2f} ({min(values):.2f}–{max(values):.2f})"


def judge(value, budget):
    """Whether a budget is met, in words."""
    return "met" if value <= budget else "budget missed"


def print_table(title, head, rows):
    """Prints a table in Markdown."""
    print(f"{title}\n")
    print("| " + " | ".join(head) + " |")
    print("|" + " --- |" * len(head))
    for row in rows:
        print("| " + " | ".join(str(cell) for cell in row) + " |")
    print(flush=True)


def memory(pid):
    """PSS, private memory and RSS of a process, in MB (10^6 bytes)."""
    sizes = {}
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        for line in file:
            words = line.split()
            if words[-1] == "kB":
                sizes[words[0].rstrip(":")] = int(words[1]) * 1024 / 1e6
    return sizes["Pss"], sizes["Private_Clean"] + sizes["Private_Dirty"], sizes["Rss"]


def sleeps(pid):
    """How often each thread of a process has gone to sleep of its own will."""
    counts = {}
    for thread in os.listdir(f"/proc/{pid}/task"):
        with contextlib.suppress(FileNotFoundError):
            with open(f"/proc/{pid}/task/{thread}/status", encoding="ascii") as file:
                for line in file:
                    if line.startswith("voluntary_ctxt_switches"):
                        counts[thread] = int(line.split()[1])
    return counts


def wake_ups(before, after):
    """How often threads woke up between two calls of sleeps(); a thread that ended did once."""
    changes = [count - before.get(thread, 0) for thread, count in after.items()]
    return sum(changes) + len(before.keys() - after.keys())


def start_quiet_service(session):
    """Starts the service without the debugging messages that tests read."""
    session.service = session.spawn(session.environment["WHIS_SERVICE_PROGRAM"],
                                    stdout=subprocess.DEVNULL)
    session.wait_until(session.has_service, "the service does not come")
    return session.service


def make_mp3(source, path, seconds):
    """Makes an MP3 as Whis makes them."""
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-stream_loop", "-1", "-i", source,
                    "-t", str(seconds), "-ac", "1", "-ar", "16000", "-b:a", "64k", path],
                   check=True)


class TimedServer:
    """The server that answers an upload exactly so long after its last byte."""

    def __init__(self, session, latency_ms):
        process = session.spawn(os.environ["TIMED_SERVER"], str(latency_ms),
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        session.stack.callback(process.stdin.close)
        self.url = process.stdout.readline().strip()
        assert self.url, "no server"

    def log(self):
        """The uploads since the last call: (received, answered) in milliseconds."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(self.url + "/log") as answer:
            return [tuple(int(n) / 1000 for n in line.split()) for line in answer]


class Microphone:
    """Makes the null sink of a session's sound server behave like a microphone.

    A null sink that nobody listens to renders two seconds at a time. A real microphone delivers in
    short periods at all times; a listener in a hurry makes the null sink do so too.
    """

    def __init__(self, session):
        self.session = session
        listener = session.spawn("parec", "--device=mic.monitor", "--latency-msec=10",
                                 stdout=subprocess.PIPE)
        assert listener.stdout.read(1), "no sound"
        # It must not wait for a reader.
        self.drain = session.spawn("cat", stdin=listener.stdout, stdout=subprocess.DEVNULL)

    def play(self, path):
        """Plays a sound into the microphone until the process that is returned is ended."""
        return self.session.spawn("paplay", "--device=mic", "--latency-msec=20", path)
