#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Servers that would keep Whis waiting, or busy, without end.

  hostile.py drip [--seconds N] [--check]
  hostile.py flood [--kind openai|deepgram|elevenlabs] [--check]

drip: a server of the user's own answers with a byte every N seconds (1 unless said otherwise), for
ever. `whis transcribe` has to end, and to name the server. flood: a live service that says the same
as fast as it can, as soon as it hears a sound, in the middle of a dictation. The dictation has to
end with the text of the recorded sound.

All the while the service is asked for its state; the longest wait for the answer is how long its
main loop was busy. With --check it fails when that was more than half a second, which is much on
two busy processors, or when memory grew by more than 50 MB.
"""

import argparse
import socket
import subprocess
import sys
import threading
import time

from harness import judge, memory, now_ms, print_table, start_quiet_service

# pylint: disable=wrong-import-position
from fakes.fake_services import LIVE_KEY, FakeRealtime, FakeServices, Switchboard, give_key
from whis_session import APP_ID, INTERFACE, PATH, SPEECH, WhisSession

BUDGET_MS = 500
BUDGET_MB = 50
WEB_TEXT = "What was recorded."

# What is understood in addition, in the words of each service.
MESSAGES = {
    "openai": '{"type":"conversation.item.input_audio_transcription.delta","item_id":"x",'
              '"delta":" and more"}',
    "deepgram": '{"type":"Results","is_final":true,"start":0,"duration":0,'
                '"channel":{"alternatives":[{"transcript":"and more"}]}}',
    "elevenlabs": '{"message_type":"partial_transcript","text":"and more"}',
}


class Watch:
    """Asks the service for its state again and again, from a process of its own."""

    ASK = ["gdbus", "call", "--session", "--timeout", "120", "--dest", APP_ID, "--object-path", PATH,
           "--method", "org.freedesktop.DBus.Properties.Get", INTERFACE, "State"]

    def __init__(self, session):
        self.session = session
        self.longest_ms = 0
        self.ended = threading.Event()
        self.begin_mb = memory(session.service.pid)[0]
        self.most_mb = self.begin_mb
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        while not self.ended.wait(0.2):
            begin = now_ms()
            subprocess.run(self.ASK, env=self.session.environment, stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL, check=True)
            self.longest_ms = max(self.longest_ms, now_ms() - begin)
            self.most_mb = max(self.most_mb, memory(self.session.service.pid)[0])

    def end(self):
        """Returns the longest wait in milliseconds, and by how many MB the service grew."""
        self.ended.set()
        self.thread.join()
        return self.longest_ms, self.most_mb - self.begin_mb


def serve_drips(server, seconds):
    """Answers each request with the head of an answer, and then a byte now and then."""
    while True:
        client, _ = server.accept()
        threading.Thread(target=drip, args=(client, seconds), daemon=True).start()


def drip(client, seconds):
    client.recv(65536)
    try:
        client.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                       b"Content-Length: 1000000\r\n\r\n{")
        while True:
            time.sleep(seconds)
            client.sendall(b" ")
    except OSError:
        client.close()


def run_drip(session, arguments):
    """How long `whis transcribe` waits, and what it says."""
    server = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=serve_drips, args=(server, arguments.seconds), daemon=True).start()
    session.settings(provider="custom",
                     addresses__custom=f"http://127.0.0.1:{server.getsockname()[1]}/v1")
    watch = Watch(session)
    begin = now_ms()
    result = session.whis("transcribe", SPEECH, timeout=1500)
    seconds = (now_ms() - begin) / 1000
    assert result.returncode != 0 and "127.0.0.1" in result.stderr, result
    return watch.end(), f"ended after {seconds:.0f} s: {result.stderr.strip()}"


def run_flood(session, arguments):
    """What becomes of a dictation whose live text is a flood."""
    kind = arguments.kind
    services = FakeServices(session)
    live = FakeRealtime(session, kind, [MESSAGES[kind]], "flood")
    switchboard = Switchboard(services.addresses[kind], live.address)
    session.stack.callback(switchboard.close)
    services.ask("key", kind, LIVE_KEY)
    services.ask("text", kind, WEB_TEXT)
    path = "/v1" if kind == "openai" else ""
    session.settings(provider=kind, live="true",
                     **{f"addresses__{kind}": switchboard.address + path})
    give_key(session, kind, LIVE_KEY)
    watch = Watch(session)
    dictation = session.start_dictation(deliver=False)
    session.play(SPEECH)
    session.call("Stop")
    outcome = session.outcome(dictation, seconds=600)
    partials = sum(name == "PartialText" for name, _ in session.events)
    assert outcome[:2] == ("finished", WEB_TEXT), outcome
    return watch.end(), f"finished with its text, after {partials} partial ones"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["drip", "flood"])
    parser.add_argument("--seconds", type=float, default=1)
    parser.add_argument("--kind", choices=list(MESSAGES), default="deepgram")
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    with WhisSession(pulse=arguments.what == "flood") as session:
        start_quiet_service(session)
        run = run_drip if arguments.what == "drip" else run_flood
        (longest_ms, grown_mb), said = run(session, arguments)
    print_table(f"A server that would not end: {arguments.what}",
                ["longest wait for the service, ms", "budget", "", "grown, MB", "budget", ""],
                [[f"{longest_ms:.0f}", BUDGET_MS, judge(longest_ms, BUDGET_MS),
                  f"{grown_mb:.1f}", BUDGET_MB, judge(grown_mb, BUDGET_MB)]])
    print(said)
    if arguments.check and (longest_ms > BUDGET_MS or grown_mb > BUDGET_MB):
        sys.exit(1)


if __name__ == "__main__":
    main()
