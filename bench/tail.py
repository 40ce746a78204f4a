#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""How long after the stop the text of a short and of a long dictation is there.

  tail.py [--latency MS] [--rounds N] [--minutes 5,60]

The time from the stop to the text, without what the server takes for the last chunk. The first row
is spoken into the microphone, in real time; of it the sound that Whis still records after Stop is
taken off too. Nobody waits an hour for the last row, and PulseAudio cannot be hurried: there the
sound comes through a pipe, as fast as Whis takes it in, but for the last ten seconds, which are
spoken in real time. The end of the pipe is the stop. The text is compared with what was said.
"""

import argparse
import os
import statistics

from harness import ROOT, TAIL_MS, Microphone, judge, median, now_ms, print_table
from harness import start_quiet_service
from stop import BUDGET_MS, Ending
from gi.repository import Gio
import sys

sys.path.insert(0, str(ROOT / "tests" / "fidelity"))
# pylint: disable=wrong-import-position
from coded_text import CodedService, Speech, Talk, explain
from whis_session import APP_ID, INTERFACE, PATH, WhisSession


def measure(stop, ending, session, service, words):
    """The row's numbers, once the text is there."""
    finished = ending.wait(session)
    received, answered = max((upload[:2] for upload in service.log()), key=lambda times: times[0])
    text = session.call("GetLastText")[0].split()
    assert text == words, explain(words, text)
    return {"beyond": finished - stop - (answered - received), "total": finished - stop,
            "text": finished - answered}


def spoken(session, service, seconds, seed):
    """Speaks into the microphone, and stops."""
    speech = Speech(seed)
    speech.talk(seconds, longest_run=10)
    speech.stop(300)
    path = os.path.join(session.directory, "speech.wav")
    speech.write(path)
    session.start_dictation(deliver=False)
    ending = Ending(session)
    session.play(path)
    stop = now_ms()
    session.bus.call(APP_ID, PATH, INTERFACE, "Stop", None, None, Gio.DBusCallFlags.NONE, -1, None,
                     None)
    numbers = measure(stop, ending, session, service, speech.words)
    numbers["beyond"] -= TAIL_MS
    return numbers


def piped(session, service, seconds, seed):
    """Speaks through a pipe, the last ten seconds in real time."""
    speech = Speech(seed)
    talk = Talk(session, speech)
    ending = Ending(session)
    speech.talk(seconds - 10)
    talk.say()
    talk.wait_until_heard()
    before = speech.milliseconds
    while speech.milliseconds < before + 10000:
        speech.phrase(1, 40, 90)
    talk.say_in_time()
    stop = now_ms()
    talk.end()
    return measure(stop, ending, session, service, speech.words)


def row(what, runs):
    beyond = [run["beyond"] for run in runs]
    return (what, median(beyond), judge(statistics.median(beyond), BUDGET_MS),
            median([run["text"] for run in runs]), median([run["total"] for run in runs]))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--latency", type=int, default=100, help="milliseconds")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--minutes", default="5,60", help="of the long dictations")
    arguments = parser.parse_args()
    rounds = range(arguments.rounds)
    rows = []
    with WhisSession() as session:
        service = CodedService(session, least=arguments.latency, most=arguments.latency)
        session.settings(provider="custom", addresses__custom=service.address)
        start_quiet_service(session)
        Microphone(session)
        rows.append(row("10 s, microphone", [spoken(session, service, 10, seed) for seed in rounds]))
        rows.append(row("20 s, pipe", [piped(session, service, 20, seed) for seed in rounds]))
        for minutes in map(int, arguments.minutes.split(",")):
            rows.append(row(f"{minutes} min, pipe",
                            [piped(session, service, 60 * minutes, seed) for seed in rounds]))
    print_table(
        f"Stop to text: milliseconds, median of {arguments.rounds} (least–most); the server answers"
        f" after {arguments.latency} ms",
        ("speech", "beyond the server's answer", f"budget {BUDGET_MS} ms", "last answer to text",
         "all in all"), rows)


if __name__ == "__main__":
    main()
