#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Whis beside the engine's own command line, with real weights: words, seams, languages, silence.

`./test real` fetches what is needed and prints the tables. What Whis may get wrong is what the engine
gets wrong in the same run, on the same sound in one file, with its times on and greedy like Whis.
"""

import json
import os
import subprocess
import sys
import unittest

FOLDER = os.path.dirname(os.path.abspath(__file__))
TESTS = os.path.dirname(FOLDER)
sys.path[:0] = [TESTS, os.path.join(TESTS, "service")]
# pylint: disable=wrong-import-position
import engine
import sounds
import tap
from reading import Comparison, tokens
from table import Table
from whis_session import WhisSession
from whisper_server import WhisperServer

MISSING = engine.find_missing()
if MISSING is None and not os.environ.get("WHIS_OFFLINE_PROGRAM"):
    MISSING = "WHIS_OFFLINE_PROGRAM is not set"
MODELS = engine.find_models()

# Nobody writes down what he hears in a row of commas.
MOST_LEFT_OUT = 0.005
WORDS_OF_A_SECOND = 3
LANGUAGES = ("en", "es", "fr", "hi", "it", "ja", "pl", "pt", "zh")
# The German reader is a robot, which the model hears at the edge of what it can; cut in two more of it
# is wrong; half as many again is too much also there.
MOST_OF_A_ROBOT = 3 / 2
NO_SPEECH = 4  # exit status of whis transcribe


class Recognised:
    """What came of a sound: a text, and the texts of its pieces where it was cut."""

    def __init__(self, text, pieces=()):
        self.text = text
        self.pieces = [piece for piece in pieces if piece]

    def seams(self, comparison):
        """The known words before which it was cut."""
        places, heard = set(), 0
        for piece in self.pieces[:-1]:
            heard += len(tokens(piece))
            places.add(comparison.known_place(heard))
        return [place for place in sorted(places) if 0 < place < len(comparison.known)]


@unittest.skipUnless(MISSING is None, MISSING)
class RealTest(unittest.TestCase):
    """A session whose recogniser finds the models."""

    pulse = False

    @classmethod
    def setUpClass(cls):
        cls.session = WhisSession(pulse=cls.pulse)
        cls.addClassCleanup(cls.session.close)
        cls.session.environment["WHIS_MODELS_PATH"] = engine.MODELS
        cls.session.settings(provider="offline", models__offline=MODELS[0])
        cls.session.start_service()

    @classmethod
    def transcribe(cls, path, language="en"):
        """What Whis makes of a file. Its time is not limited: other work may have the processors."""
        cls.session.settings(language=language)
        result = cls.session.whis("transcribe", "--format", "json", path, timeout=3000)
        assert result.returncode in (0, NO_SPEECH), result.stderr
        if result.returncode == NO_SPEECH:
            return Recognised("")
        document = json.loads(result.stdout)
        return Recognised(document["text"], [chunk["text"] for chunk in document["chunks"]])

    @classmethod
    def dictate(cls, path):
        """What Whis makes of a sound that a microphone hears."""
        cls.session.settings(language="en")
        dictation = cls.session.start_dictation(deliver=False)
        cls.session.play(path)
        cls.session.call("Stop")
        outcome = cls.session.outcome(dictation, seconds=3000)
        assert outcome[0] == "finished", outcome
        (entry,) = cls.session.call("GetHistoryEntry", "(s)", dictation)
        chunks = sorted(entry["chunks"], key=lambda chunk: chunk["index"])
        return Recognised(outcome[1], [chunk.get("text", "") for chunk in chunks])


class Reading(RealTest):
    """A text that was read aloud, recognised by several ways."""

    name = ""
    title = ""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.known = engine.read_text(cls.name)
        cls.path = engine.find_speech(cls.name)
        cls.rows = []  # of model, way, recognised, comparison
        cls.recognise()
        cls.print_table()

    @classmethod
    def add(cls, model, way, recognised):
        cls.rows.append((model, way, recognised, Comparison(cls.known, recognised.text)))

    @classmethod
    def find(cls, model, way):
        (found,) = [row for row in cls.rows if row[:2] == (model, way)]
        return found

    @classmethod
    def recognise_file(cls, model):
        cls.add(model, "engine", Recognised(engine.transcribe(model, cls.path)))
        cls.session.settings(models__offline=model)
        cls.add(model, "Whis, file", cls.transcribe(cls.path))

    @classmethod
    def print_table(cls):
        table = Table(cls.name, cls.title, ("model", "way", "words wrong", "left out", "added",
                                            "sentences badly joined", "of these at seams of Whis"))
        for model, way, recognised, comparison in cls.rows:
            places = recognised.seams(comparison)
            table.add(model, way, f"{comparison.wrong} of {len(comparison.known)}", comparison.missing,
                      comparison.added, comparison.count_badly_joined(),
                      f"{comparison.count_badly_joined(places)} of {len(places)}" if places else "–")
        table.write()
        for model, way, _recognised, comparison in cls.rows:
            print(f"# {model}, {way}: {comparison.describe()}")

    def check_each(self, check):
        """Checks what Whis made, beside what the engine made with the same model."""
        for model, way, recognised, comparison in self.rows:
            if not way.startswith("engine"):
                with self.subTest(model=model, way=way):
                    check(recognised, comparison, self.find(model, "engine")[3])


class Running(Reading):
    """Three minutes of running English."""

    pulse = True
    name = "running"
    title = "Running English, read by a synthetic voice"

    @classmethod
    def recognise(cls):
        for model in MODELS:
            cls.recognise_file(model)
        first = MODELS[0]
        cls.session.settings(models__offline=first)
        cls.add(first, "Whis, microphone", cls.dictate(cls.path))
        cls.add(first, "engine, five beams", Recognised(engine.transcribe(first, cls.path, beams=5)))
        if os.environ.get("WHISPER_SERVER"):
            cls.add(first, "Whis, file, whisper-server", cls.ask_server(first))

    @classmethod
    def ask_server(cls, model):
        server = WhisperServer(cls.session, model=os.path.join(engine.MODELS, f"{model}.bin"))
        cls.session.settings(provider="whisper-cpp", addresses__whisper_cpp=server.address)
        recognised = cls.transcribe(cls.path)
        cls.session.settings(provider="offline")
        server.stop()
        return recognised

    def test_words(self):
        """Not one more word is wrong than the engine alone has wrong."""
        def check(_recognised, comparison, engines):
            self.assertLessEqual(comparison.wrong, engines.wrong, comparison.describe())
        self.check_each(check)

    def test_left_out(self):
        """Nor is more left out, and nothing that takes a second to say."""
        def check(_recognised, comparison, engines):
            most = max(engines.missing, MOST_LEFT_OUT * len(comparison.known))
            self.assertLessEqual(comparison.missing, most, comparison.describe())
            self.assertLess(comparison.longest_gap, WORDS_OF_A_SECOND, comparison.describe())
        self.check_each(check)

    def test_seams(self):
        """Sentences end and begin where they do, as well as without a cut."""
        def check(recognised, comparison, engines):
            places = recognised.seams(comparison)
            self.assertGreater(len(places), 3)
            self.assertLessEqual(comparison.count_badly_joined(places),
                                 engines.count_badly_joined(places), recognised.pieces)
            self.assertLessEqual(comparison.count_badly_joined(), engines.count_badly_joined())
        self.check_each(check)


class Hesitant(Reading):
    """The same voice that stops to think in the midst of sentences, so that it is cut there."""

    name = "hesitant"
    title = "English with pauses in the midst of sentences"

    @classmethod
    def recognise(cls):
        for model in MODELS:
            cls.recognise_file(model)

    def test_words(self):
        """Not one more word is wrong."""
        def check(_recognised, comparison, engines):
            self.assertLessEqual(comparison.wrong, engines.wrong, comparison.describe())
        self.check_each(check)

    def test_joined(self):
        """Where it is cut no more sentences end or begin than without a cut."""
        def check(recognised, comparison, engines):
            places = recognised.seams(comparison)
            self.assertGreater(len(places), 1)
            self.assertLessEqual(comparison.count_badly_joined(places),
                                 engines.count_badly_joined(places), recognised.pieces)
        self.check_each(check)


class Languages(RealTest):
    """Recorded sentences in nine languages, and German."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rows = []  # of language, way, wrong words of Whis and of the engine
        table = Table("languages", f"Sentences in other languages, {MODELS[0]}: words wrong,"
                      " in Japanese and Chinese characters",
                      ("language", "of", "engine", "Whis", "engine, finds the language out",
                       "Whis, finds the language out"))
        for language in (*LANGUAGES, "de"):
            known = list(cls.sentences(language))
            numbers = {}
            for chosen in (language, "auto"):
                numbers[chosen] = [cls.count_wrong(known, language, function, chosen) for function in (
                    lambda path, spoken: engine.transcribe(MODELS[0], path, spoken),
                    lambda path, spoken: cls.transcribe(path, "" if spoken == "auto" else spoken).text)]
                cls.rows.append((language, chosen, *numbers[chosen]))
            table.add(language, sum(len(tokens(text, language)) for _path, text in known),
                      *numbers[language], *numbers["auto"])
        table.write()

    @staticmethod
    def sentences(language):
        """Pairs of a sound and its text."""
        if language == "de":
            yield engine.find_speech("german"), engine.read_text("german")
            return
        folder = os.path.join(engine.SPEECH, "samples", language)
        for name in sorted(os.listdir(folder)):
            if name.endswith(".txt"):
                with open(os.path.join(folder, name), encoding="utf-8") as file:
                    yield os.path.join(folder, name.replace(".txt", ".wav")), file.read()

    @staticmethod
    def count_wrong(known, language, function, chosen):
        wrong = 0
        for path, text in known:
            comparison = Comparison(text, function(path, chosen), language)
            wrong += comparison.wrong
            if comparison.wrong:
                print(f"# {os.path.basename(path)} ({chosen}): {comparison.describe()}")
        return wrong

    def test_no_worse(self):
        """In no language that is set are more words wrong than the engine has wrong."""
        for language, chosen, engines, ours in self.rows:
            if chosen == language:
                with self.subTest(language):
                    self.assertLessEqual(ours, engines * (MOST_OF_A_ROBOT if language == "de" else 1))

    def test_found_out(self):
        """Nor all in all of the recorded sentences where the language is found out."""
        found = [row for row in self.rows if row[1] == "auto" and row[0] != "de"]
        self.assertLessEqual(sum(row[3] for row in found), sum(row[2] for row in found))


class Surroundings(RealTest):
    """What nobody said, alone and around a sentence."""

    SENTENCE = "12"  # of the running text

    @classmethod
    def make(cls):
        """Paths of the sounds, by their names."""
        paths = {}
        for make in sounds.ALL:
            paths[make.__name__] = os.path.join(cls.session.directory, f"{make.__name__}.wav")
            make(paths[make.__name__])
        return paths

    def test_alone(self):
        """No text comes of them."""
        table = Table("sounds", f"Sounds without speech, {sounds.SECONDS} s each, {MODELS[0]}",
                      ("sound", "engine", "Whis"))
        for name, path in self.make().items():
            text = self.transcribe(path).text
            table.add(name, engine.transcribe(MODELS[0], path) or "no text", text or "no text")
            with self.subTest(name):
                self.assertEqual(text, "")
        table.write()

    def test_around_sentence(self):
        """Nothing is added to a sentence in the midst of them, and nothing left out of it."""
        sentence = os.path.join(engine.SPEECH, "sentences", self.SENTENCE)
        with open(f"{sentence}.txt", encoding="utf-8") as file:
            known = file.read()
        alone = Comparison(known, engine.transcribe(MODELS[0], f"{sentence}.wav"))
        table = Table("around", f"A sentence of {len(alone.known)} words between six seconds each of"
                      f" sounds, {MODELS[0]}: words wrong, of these added (alone: {alone.wrong} wrong)",
                      ("sound", "engine", "Whis"))
        for name, path in self.make().items():
            both = os.path.join(self.session.directory, f"around-{name}.wav")
            cut = path.replace(".wav", "-6.wav")
            subprocess.run(["sox", path, cut, "trim", "0", "6"], check=True)
            subprocess.run(["sox", cut, f"{sentence}.wav", cut, both], check=True)
            ours = Comparison(known, self.transcribe(both).text)
            engines = Comparison(known, engine.transcribe(MODELS[0], both))
            table.add(name, f"{engines.wrong}, {engines.added}", f"{ours.wrong}, {ours.added}")
            with self.subTest(name):
                self.assertLessEqual(ours.wrong, max(alone.wrong, engines.wrong), ours.describe())
                self.assertEqual(ours.added, 0, ours.describe())
        table.write()


if __name__ == "__main__":
    tap.main()
