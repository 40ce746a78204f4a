# SPDX-License-Identifier: MIT
"""Texts in the word code (word-code.h), spoken as people speak, and what became of them."""

import os
import random
import subprocess
import time
import urllib.request

from gi.repository import Gio, GLib
from whis_session import APP_ID, INTERFACE, PATH

CONSONANTS = "bdfghjklmnprstvz"
VOWELS = "aeio"
WORD_MS = 224
WORDS = 65536
# The longest chunk, and what lies in buffers on the way.
OPEN_MS = 35000


def spell(number):
    """A word, as word_code_spell() writes it."""
    word = ""
    while True:
        word = CONSONANTS[number % 64 // 4] + VOWELS[number % 4] + word
        number //= 64
        if number == 0:
            return word


class Speech:
    """A random text with its pauses. The same seed makes the same speech."""

    def __init__(self, seed):
        self.chance = random.Random(seed)
        self.parts = []  # (word or "-", milliseconds of pause after it, level in dB)
        self.level = -22.0
        self.common = [spell(n) for n in self.chance.sample(range(64), 40)]
        self.usual = [spell(n) for n in self.chance.sample(range(64, 4096), 1500)]
        self.silence(700)

    @property
    def words(self):
        """The words in order."""
        return [word for word, _, _ in self.parts if word != "-"]

    @property
    def milliseconds(self):
        """How long it takes to say."""
        return sum(pause + (WORD_MS if word != "-" else 0) for word, pause, _ in self.parts)

    def silence(self, milliseconds):
        """Says nothing for a while."""
        self.parts.append(("-", milliseconds, 0.0))

    def say(self, word, pause):
        """Says one word."""
        self.parts.append((word, pause, self.level))

    def stop(self, pause):
        """Makes the pause after the last word longer."""
        word, _, level = self.parts[-1]
        self.parts[-1] = (word, pause, level)

    def any_word(self):
        """A word that differs from the last one; a few words are common, as in any language."""
        lot = self.chance.random()
        if lot < 0.35:
            word = self.chance.choice(self.common)
        elif lot < 0.7:
            word = self.chance.choice(self.usual)
        else:
            word = spell(self.chance.randrange(WORDS))
        return word if word != self.parts[-1][0] else self.any_word()

    def phrase(self, words, least, most):
        """Words with short gaps, now and then with one or two of them said again."""
        while words > 0:
            said = [self.any_word() for _ in range(self.chance.choice((1, 1, 1, 2)))]
            times = self.chance.choice((2, 2, 3)) if self.chance.random() < 0.03 else 1
            for word in said * times:
                self.say(word, self.chance.randint(least, most))
                words -= 1

    def sentence(self):
        """A few phrases with commas between, and a pause after them."""
        chance = self.chance
        self.level = chance.uniform(-34, -16)
        for _ in range(chance.randint(1, 4)):
            self.phrase(chance.randint(2, 8), 20, 110)
            self.stop(chance.randint(200, 400))
        self.stop(chance.randint(2000, 15000) if chance.random() < 0.06
                  else chance.randint(500, 1500))

    def answer(self):
        """A single word, after and before a silence."""
        self.say(self.any_word(), self.chance.randint(1500, 9000))

    def run(self, seconds, longest_gap):
        """Talks on and on without a pause."""
        end = self.milliseconds + 1000 * seconds
        while self.milliseconds < end:
            self.phrase(20, 15, longest_gap)
        self.stop(self.chance.randint(500, 1500))

    def talk(self, seconds, longest_run=75):
        """All of it, for at least so long."""
        while self.milliseconds < 1000 * seconds:
            lot = self.chance.random()
            if lot < 0.04:
                self.run(self.chance.uniform(longest_run / 2, longest_run),
                         self.chance.choice((25, 60, 110)))
            elif lot < 0.08:
                self.answer()
            else:
                self.sentence()
        return self

    def lines(self, begin=0):
        """What coded-speech reads, from the part `begin` on."""
        return "".join(f"{word} {pause} {level:.1f}\n" for word, pause, level in self.parts[begin:])

    def write(self, path):
        """Writes it as WAV."""
        with open(path, "wb") as file:
            subprocess.run([os.environ["CODED_SPEECH"]], input=self.lines(), text=True, stdout=file,
                           check=True)


class Talk:
    """A dictation that comes through a pipe while it is spoken, as fast as Whis takes it in."""

    def __init__(self, session, speech, **options):
        self.session = session
        self.speech = speech
        self.said = 0
        sound, pipe = os.pipe()
        self.speaker = session.spawn(os.environ["CODED_SPEECH"], stdin=subprocess.PIPE, stdout=pipe,
                                     text=True)
        os.close(pipe)
        files = Gio.UnixFDList.new()
        handle = files.append(sound)
        os.close(sound)
        answer, _ = session.bus.call_with_unix_fd_list_sync(
            APP_ID, PATH, INTERFACE, "TranscribeFile",
            GLib.Variant("(hsa{sv})", (handle, "talk", options)), None, Gio.DBusCallFlags.NONE,
            60000, files, None)
        (self.dictation,) = answer.unpack()

    def say(self):
        """Says what has been added to the speech."""
        self.speaker.stdin.write(self.speech.lines(self.said))
        self.speaker.stdin.flush()
        self.said = len(self.speech.parts)

    def say_in_time(self):
        """Says it as a person does: a word at a time."""
        for word, pause, level in self.speech.parts[self.said:]:
            self.speaker.stdin.write(f"{word} {pause} {level:.1f}\n")
            self.speaker.stdin.flush()
            time.sleep((pause + (WORD_MS if word != "-" else 0)) / 1000)  # it is being spoken
        self.said = len(self.speech.parts)

    def transcribed(self):
        """How far the text is, in milliseconds of sound."""
        return max((arguments[1] for name, arguments in self.session.events
                    if name == "Progress" and arguments[0] == self.dictation), default=0)

    def wait_until_heard(self, seconds=900):
        """Waits until what was said is transcribed, but for what cannot be a chunk yet."""
        self.session.wait_until(lambda: self.transcribed() > self.speech.milliseconds - OPEN_MS,
                                "Whis does not listen", seconds)
        self.session.events[:] = [event for event in self.session.events
                                  if event[0] != "PartialText"]

    def end(self):
        """Ends the sound, as a stop does."""
        self.speaker.stdin.close()
        self.speaker.wait(60)


class CodedService:
    """The transcription service that understands the word code."""

    def __init__(self, session, **options):
        arguments = [str(part) for name, value in options.items()
                     for part in (f"--{name.replace('_', '-')}", value)]
        self.process = session.spawn(os.environ["CODED_SERVICE"], *arguments,
                                     stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip()
        assert self.url, "no service"

    @property
    def address(self):
        """What the user would write into the settings."""
        return self.url + "/v1"

    def log(self):
        """The uploads since the last call: (received, answered, status, bytes, text), in ms."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(self.url + "/log") as answer:
            lines = answer.read().decode().splitlines()
        uploads = []
        for line in lines:
            received, answered, status, size, text = line.split(" ", 4)
            uploads.append((int(received) / 1000, int(answered) / 1000, int(status), int(size),
                            text))
        return uploads


def differences(spoken, heard, most=500):
    """The fewest words lost and added that explain what was heard, as (place in spoken, "-" or "+",
    word); Myers' algorithm. None if there are more than `most`."""
    reached, trace = {1: 0}, []
    for distance in range(most + 1):
        trace.append(dict(reached))
        for k in range(-distance, distance + 1, 2):
            if k == -distance or (k != distance and reached[k - 1] < reached[k + 1]):
                x = reached[k + 1]
            else:
                x = reached[k - 1] + 1
            while x < len(spoken) and x - k < len(heard) and spoken[x] == heard[x - k]:
                x += 1
            reached[k] = x
            if x >= len(spoken) and x - k >= len(heard):
                return _walk_back(spoken, heard, trace)
    return None


def _walk_back(spoken, heard, trace):
    found = []
    x, y = len(spoken), len(heard)
    for distance in range(len(trace) - 1, 0, -1):
        reached, k = trace[distance], x - y
        added = k == -distance or (k != distance and reached[k - 1] < reached[k + 1])
        previous = k + 1 if added else k - 1
        x, y = reached[previous], reached[previous] - previous
        found.append((x, "+", heard[y]) if added else (x, "-", spoken[x]))
    return found[::-1]


def explain(spoken, heard):
    """The differences in words for people, with what is around them."""
    found = differences(spoken, heard)
    if found is None:
        return f"{len(heard)} words of {len(spoken)} arrived, altogether different ones"
    return "\n".join(f"{sign}{word} at {place} of {len(spoken)}: "
                     f"… {' '.join(spoken[max(place - 8, 0):place])} | "
                     f"{' '.join(spoken[place:place + 8])} …" for place, sign, word in found[:20])
