#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""How long after the stop the text is there, beyond what the transcription service takes.

  stop.py [--rounds N] [--latency MS] [--long SECONDS]

The server notes when it has received each upload and when it has answered it. A spoken dictation is
10 s from the microphone, in real time; after Stop, Whis still records for 200 ms on purpose, and
the upload follows. A long dictation is a file (10 min unless told otherwise), which is uploaded as
many chunks. Beside them is curl, which uploads the whole sound as one MP3 that is ready, until it
has ended; a tool that transcribes only after the recording cannot be faster than that.
"""

import argparse
import os
import statistics
import subprocess
import time

from harness import (TAIL_MS, Microphone, TimedServer, judge, make_mp3, median, now_ms,
                       print_table, start_quiet_service)
from gi.repository import Gio, GLib
from whis_session import APP_ID, INTERFACE, PATH, SPEECH, WhisSession

BUDGET_MS = 50
SPOKEN_SECONDS = 10


class Ending:
    """Notes when a dictation has its text."""

    def __init__(self, session):
        self.finished = None
        self.failed = None
        session.bus.signal_subscribe(None, INTERFACE, None, PATH, None,
                                     Gio.DBusSignalFlags.NONE, self.on_signal)

    def on_signal(self, _bus, _sender, _path, _interface, signal, arguments):
        if signal == "Finished":
            self.finished = now_ms()
        elif signal == "Failed":
            self.failed = arguments.unpack()

    def wait(self, session):
        session.wait_until(lambda: self.finished or self.failed, "no text comes")
        assert self.finished, self.failed
        return self.finished


def time_spoken(session, server, microphone, path):
    """Speaks into the microphone, and stops."""
    session.start_dictation(deliver=False)
    ending = Ending(session)
    player = microphone.play(path)
    time.sleep(SPOKEN_SECONDS)  # the person speaks
    stop = now_ms()
    session.bus.call(APP_ID, PATH, INTERFACE, "Stop", None, None, Gio.DBusCallFlags.NONE, -1, None,
                     None)
    finished = ending.wait(session)
    player.terminate()
    uploads = server.log()
    received, answered = uploads[-1]
    return {"total": finished - stop, "upload": received - stop - TAIL_MS,
            "text": finished - answered,
            "beyond": finished - stop - TAIL_MS - (answered - received), "chunks": len(uploads)}


def time_file(session, server, path):
    """Transcribes a file."""
    ending = Ending(session)
    begin = now_ms()
    with open(path, "rb") as file:
        files = Gio.UnixFDList.new_from_array([os.dup(file.fileno())])
        session.bus.call_with_unix_fd_list_sync(
            APP_ID, PATH, INTERFACE, "TranscribeFile", GLib.Variant("(hsa{sv})", (0, "long", {})),
            None, Gio.DBusCallFlags.NONE, 60000, files, None)
    finished = ending.wait(session)
    uploads = server.log()
    return {"total": finished - begin, "chunks": len(uploads),
            "text": finished - max(answered for _, answered in uploads)}


def time_curl(server, path):
    """Uploads a whole sound with curl, beyond what the server takes."""
    begin = now_ms()
    subprocess.run(["curl", "--silent", "--fail", "--form", f"file=@{path};type=audio/mpeg",
                    "--form", "model=whisper-1", "--output", "/dev/null",
                    server.url + "/v1/audio/transcriptions"], check=True)
    end = now_ms()
    ((received, answered),) = server.log()
    return {"text": end - answered, "beyond": end - begin - (answered - received)}


def column(runs, name):
    return [run[name] for run in runs]


def judged(values):
    return f"{BUDGET_MS} ms: {judge(statistics.median(values), BUDGET_MS)}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--latency", type=float, default=100, help="milliseconds")
    parser.add_argument("--long", type=int, default=600, help="seconds of the file")
    arguments = parser.parse_args()
    spoken, long, curl_short, curl_long = [], [], [], []
    with WhisSession() as session:
        server = TimedServer(session, arguments.latency)
        session.settings(provider="custom", addresses__custom=server.url + "/v1")
        short_mp3, long_mp3, wav = (os.path.join(session.directory, name)
                                    for name in ("short.mp3", "long.mp3", "speech.wav"))
        make_mp3(SPEECH, short_mp3, SPOKEN_SECONDS)
        make_mp3(SPEECH, long_mp3, arguments.long)
        subprocess.run(["sox", SPEECH, wav, "repeat", "9"], check=True)
        start_quiet_service(session)
        microphone = Microphone(session)
        for _ in range(arguments.rounds):
            spoken.append(time_spoken(session, server, microphone, wav))
            curl_short.append(time_curl(server, short_mp3))
            long.append(time_file(session, server, long_mp3))
            curl_long.append(time_curl(server, long_mp3))
    print_table(
        f"Stop to text: milliseconds, median of {arguments.rounds} (least–most); the server"
        f" answers after {arguments.latency:g} ms",
        ("what", "ms", "budget"),
        [(f"`whis`, {SPOKEN_SECONDS} s spoken: last answer to text",
          median(column(spoken, "text")), judged(column(spoken, "text"))),
         (f"`whis`, {SPOKEN_SECONDS} s spoken: Stop to text, without the {TAIL_MS} ms that are"
          " still recorded and the server's time", median(column(spoken, "beyond")),
          judged(column(spoken, "beyond"))),
         ("— of which until the last upload has arrived", median(column(spoken, "upload")), ""),
         ("— Stop to text, all in all", median(column(spoken, "total")), ""),
         (f"`curl`, {SPOKEN_SECONDS} s as one MP3: start to end without the server's time",
          median(column(curl_short, "beyond")), ""),
         (f"`whis`, file of {arguments.long} s in {long[0]['chunks']} chunks: last answer to text",
          median(column(long, "text")), judged(column(long, "text"))),
         ("— start to text, all in all, decoded and encoded anew", median(column(long, "total")),
          ""),
         (f"`curl`, {arguments.long} s as one MP3: start to end without the server's time",
          median(column(curl_long, "beyond")), "")])


if __name__ == "__main__":
    main()
