#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What the longest chunk costs and gives: why it is 30 s.

  chunks.py [--lengths 10,15,20,30,60,120,300] [--orders N] [--check]

The sound is the recorded human speech of Debian's package pocketsphinx-testdata: the sentences of one
speaker in several random orders, joined with pauses of 0.3 to 1.5 seconds of soft room noise, as one
dictation for each speaker. It goes through all of Whis, to the embedded recogniser, and the history
tells where it was cut. The word error rate is that of tests/wer.py. "Open at the stop" is how much
sound is not sent yet when a person stops: the median over a stop in each second of the dictation.

With --check it fails if a shorter chunk makes the text worse than the longest one: by more than 4
points from the default on, and by more than 8 below it. This recogniser takes the mean off the sound of
each request, so that it matters to it what else a request holds: half a second of room at either end of
single sentences moves the rate by 6 points. A service that is not moved by that would show less.
"""

import argparse
import importlib.util
import os
import pathlib
import random
import statistics
import sys

from harness import print_table, start_quiet_service
from whis_session import WhisSession

# There is a wer.py here, with the sounds, and one among the tests, which counts.
_spec = importlib.util.spec_from_file_location("sounds", pathlib.Path(__file__).with_name("wer.py"))
sounds = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(sounds)
wer = sounds.wer

DEFAULT = 30
WORSE = 0.04
WORSE_WHEN_SHORT = 0.08


def dictations(orders):
    """One long dictation for each of the two speakers: (text, samples)."""
    chance = random.Random(5)
    for speaker in sounds.utterances()[:2]:
        text, samples = [], None
        for _ in range(orders):
            words, sound = sounds.dictation(speaker, chance)
            text.append(words)
            if samples is None:
                samples = sound
            else:
                samples.extend(sound)
        yield " ".join(text), samples


def open_at_stop(chunks):
    """Milliseconds that are not sent, at each second."""
    bounds = [chunk["start"] + chunk["length"] for chunk in chunks]
    return [second - max((bound for bound in bounds if bound <= second), default=0)
            for second in range(5000, bounds[-1], 1000)]


def transcribe(session, path):
    """The text of a file, and its chunks."""
    result = session.whis("transcribe", path, timeout=1200)
    assert result.returncode == 0, result.stderr
    (entries, _total) = session.call("ListHistory", "(a{sv})", {})
    (entry,) = session.call("GetHistoryEntry", "(s)", entries[0]["id"])
    return result.stdout, sorted(entry["chunks"], key=lambda chunk: chunk["index"])


def measure(session, texts, length):
    """What one longest length does to all dictations."""
    session.settings(longest_chunk=str(length))
    numbers = {"length": length, "errors": 0, "words": 0, "requests": 0, "ms": 0, "open": []}
    for path, text in texts.items():
        heard, chunks = transcribe(session, path)
        errors, words = wer.errors(text, heard)
        numbers["errors"] += errors
        numbers["words"] += words
        numbers["requests"] += sum(chunk["has-speech"] for chunk in chunks)
        numbers["ms"] += chunks[-1]["start"] + chunks[-1]["length"]
        numbers["open"] += open_at_stop(chunks)
    return numbers


def row(numbers):
    return (f"{numbers['length']} s", f"{numbers['errors'] / numbers['words']:.1%}"
            f" ({numbers['errors']}/{numbers['words']})",
            f"{numbers['requests'] / (numbers['ms'] / 60000):.1f}",
            f"{statistics.median(numbers['open']) / 1000:.1f}")


def check(rows):
    """Exits with 1 when short chunks make it worse."""
    whole = rows[-1]["errors"] / rows[-1]["words"]
    worse = [numbers["length"] for numbers in rows if numbers["errors"] / numbers["words"] - whole
             > (WORSE if numbers["length"] >= DEFAULT else WORSE_WHEN_SHORT)]
    sys.exit(f"too many errors with {worse}" if worse else 0)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--lengths", default="10,15,20,30,60,120,300", help="seconds")
    parser.add_argument("--orders", type=int, default=4)
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    rows = []
    with WhisSession(pulse=False) as session:
        session.settings(provider="offline")
        start_quiet_service(session)
        texts = {}
        for number, (text, samples) in enumerate(dictations(arguments.orders)):
            path = os.path.join(session.directory, f"{number}.wav")
            sounds.write_wav(pathlib.Path(path), samples)
            texts[path] = text
        for length in map(int, arguments.lengths.split(",")):
            rows.append(measure(session, texts, length))
    print_table(f"Longest chunk, {rows[0]['ms'] / 60000:.1f} minutes of human speech, embedded"
                " recogniser",
                ("longest chunk", "word error rate", "requests a minute", "open at the stop, s"),
                [row(numbers) for numbers in rows])
    if arguments.check:
        check(rows)


if __name__ == "__main__":
    main()
