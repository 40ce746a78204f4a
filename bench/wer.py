#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""How well and how fast the embedded recogniser understands recorded speech, by format of the sound.

  bench/wer.py [--program build/src/offline/whis-offline] [--bitrates 16,24,32,40,48,64] [--quick]

The sound is the recorded human speech of Debian's package pocketsphinx-testdata, as far as the
package also has its text: five sentences of a book read for LibriVox, five commands of a card game,
one command to a robot and one row of digits. Besides the single utterances there are longer
dictations, each by one speaker: the utterances of the book, or of the card game, in another order,
with pauses of 0.3 to 1.5 seconds of soft room noise.

Each is sent to whis-offline as WAV and as MP3, encoded as Whis encodes its dictations (lamemp3enc
target=bitrate cbr=true mono=true, 16 kHz). The first row is PocketSphinx as it comes, with the same
model and its default parameters, on the same sound.

Where WHIS_WHISPER_CLI and WHIS_WHISPER_MODEL name whisper.cpp's whisper-cli and a model, the same is
shown for it.

The word error rate is that of tests/wer.py. "x real time" is the processor time of the recogniser
over the length of the sound, on one core; smaller is faster.
"""

import argparse
import array
import http.client
import json
import os
import pathlib
import random
import re
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import wave

ROOT = pathlib.Path(__file__).resolve().parent.parent
DATA = pathlib.Path("/usr/share/pocketsphinx/test/data")
RATE = 16000

sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "tests"))
import wer  # noqa: E402


def read_samples(path):
    samples = array.array("h")
    if path.suffix == ".raw":
        samples.frombytes(path.read_bytes())
    else:
        with wave.open(str(path)) as file:
            assert (file.getframerate(), file.getnchannels()) == (RATE, 1)
            samples.frombytes(file.readframes(file.getnframes()))
    return samples


def transcriptions(folder, name):
    for line in (DATA / folder / name).read_text().splitlines():
        text, utterance = re.fullmatch(r"<s>(.*)</s>\s*\((.*)\)", line.strip()).groups()
        yield text.strip(), read_samples(DATA / folder / f"{utterance}.wav")


def utterances():
    """Pairs of known text and samples, by speaker."""
    return [
        list(transcriptions("librivox", "transcription")),
        list(transcriptions("cards", "cards.transcription")),
        # The grammar beside it (goforward.gram) and the digits in the name say what is said.
        [("go forward ten meters", read_samples(DATA / "goforward.raw"))],
        [("two nine three four zero", read_samples(DATA / "tidigits" / "dhd.2934z.raw"))],
    ]


def dictation(parts, chance):
    """All parts in another order, with pauses, as one dictation."""
    text, samples = [], array.array("h")
    for part, sound in chance.sample(parts, len(parts)):
        pause = int(RATE * chance.uniform(0.3, 1.5))
        samples.extend(int(chance.gauss(0, 12)) for _ in range(pause))
        samples.extend(sound)
        text.append(part)
    return " ".join(text), samples


def write_wav(path, samples):
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", None))
        file.writeframes(samples.tobytes())


def encode(wav, bitrate):
    mp3 = wav.with_suffix(f".{bitrate}.mp3")
    pipeline = (f"filesrc location={wav} ! wavparse ! audioconvert ! lamemp3enc target=bitrate "
                f"bitrate={bitrate} cbr=true mono=true ! filesink location={mp3}")
    subprocess.run(["gst-launch-1.0", "-q", *pipeline.split()], check=True)
    return mp3


class Recogniser:
    """whis-offline on a socket of its own."""

    def __init__(self, program, folder):
        self.path = str(folder / "socket")
        start = time.monotonic()
        self.process = subprocess.Popen([program, "--socket", self.path, "--exit-on-eof"],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self.process.stdout.readline() == b"ready\n"
        self.listening = time.monotonic() - start
        self.request("GET", "/health", headers={"Prefer": "wait"})
        self.loaded = time.monotonic() - start

    def request(self, method, path, body=None, headers={}):
        connection = http.client.HTTPConnection("localhost")
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.connect(self.path)
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        if answer.status != 200:
            sys.exit(f"{path}: {answer.status} {data.decode()}")
        return json.loads(data)

    def transcribe(self, path):
        line = b"--whis\r\nContent-Disposition: form-data; "
        body = (line + b'name="model"\r\n\r\nany\r\n' + line
                + f'name="file"; filename="audio{path.suffix}"\r\n\r\n'.encode()
                + path.read_bytes() + b"\r\n--whis--\r\n")
        return self.request("POST", "/v1/audio/transcriptions", body,
                            {"Content-Type": "multipart/form-data; boundary=whis"})["text"]

    def memory(self):
        rollup = pathlib.Path(f"/proc/{self.process.pid}/smaps_rollup").read_text()
        return int(re.search(r"^Pss:\s+(\d+)", rollup, re.MULTILINE).group(1)) / 1024

    def stop(self):
        self.process.stdin.close()
        return self.process.wait()


class Plain:
    """PocketSphinx with its default parameters."""

    def __init__(self, folder):
        self.program = folder / "wer-pocketsphinx"
        flags = subprocess.run(["pkg-config", "--cflags", "--libs", "pocketsphinx"],
                               check=True, capture_output=True, text=True).stdout.split()
        models = subprocess.run(["pkg-config", "--variable=modeldir", "pocketsphinx"],
                                check=True, capture_output=True, text=True).stdout.strip()
        subprocess.run(["cc", "-O2", "-o", self.program, ROOT / "bench" / "wer-pocketsphinx.c",
                        f'-DMODELS="{models}"', *flags], check=True)
        self.process = subprocess.Popen([self.program], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        self.process.stdout.readline()

    def transcribe(self, path):
        self.process.stdin.write(f"{path}\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def stop(self):
        self.process.stdin.close()
        return self.process.wait()


class Whisper:
    """whisper.cpp's own command line with a model of the Whisper kind, greedy, on each file alone."""

    def __init__(self, program, model):
        self.command = [program, "--model", model, "--language", "en", "--threads", "2",
                        "--beam-size", "1", "--best-of", "1", "--no-prints", "--file"]

    def transcribe(self, path):
        answer = subprocess.run([*self.command, path], check=True, capture_output=True, text=True)
        return re.sub(r"\[[\d:.]+ --> [\d:.]+\]", " ", answer.stdout)

    @staticmethod
    def seconds():
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime


def processor_time(process):
    fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def taken_so_far(recogniser):
    """Processor time of a recogniser in seconds."""
    if isinstance(recogniser, Whisper):
        return recogniser.seconds()
    return processor_time(recogniser.process)


def measure(name, recogniser, groups, files):
    """Prints one row of the table."""
    cells, all_wrong, all_words, heard_seconds = [], 0, 0, 0.0
    start = taken_so_far(recogniser)
    for group in groups:
        wrong = words = 0
        for (text, samples), path in zip(group, files[id(group)]):
            heard = recogniser.transcribe(path)
            heard_seconds += len(samples) / RATE
            errors, count = wer.errors(text, heard)
            wrong, words = wrong + errors, words + count
        cells.append(f"{wrong / words:6.1%} ({wrong}/{words})")
        all_wrong, all_words = all_wrong + wrong, all_words + words
    size = sum(path.stat().st_size for paths in files.values() for path in paths)
    cells.append(f"{all_wrong / all_words:6.1%}")
    taken = taken_so_far(recogniser) - start
    cells.append(f"{taken / heard_seconds:.2f}")
    cells.append(f"{size / 1e6 / (heard_seconds / 60):.2f}")
    print("| " + " | ".join([name, *cells]) + " |", flush=True)


def main():
    parser = argparse.ArgumentParser(description="Word error rate by format of the sound")
    parser.add_argument("--program", default=os.environ.get(
        "WHIS_OFFLINE_PROGRAM", ROOT / "build" / "src" / "offline" / "whis-offline"))
    parser.add_argument("--bitrates", default="16,24,32,40,48,64")
    parser.add_argument("--dictations", type=int, default=2,
                        help="how many of each speaker")
    parser.add_argument("--quick", action="store_true", help="single utterances, 24 and 32 kbit/s")
    args = parser.parse_args()
    if not DATA.is_dir():
        sys.exit("The recorded speech is missing: install the package pocketsphinx-testdata.")
    if not os.access(args.program, os.X_OK):
        sys.exit(f"{args.program} is missing: build it, or say where it is with --program.")

    chance = random.Random(2)
    speakers = utterances()
    groups = [sum(speakers, [])]
    if not args.quick:
        groups.append([dictation(speaker, chance) for speaker in speakers[:2]
                       for _ in range(args.dictations)])
    bitrates = [24, 32] if args.quick else [int(rate) for rate in args.bitrates.split(",")]

    with tempfile.TemporaryDirectory(prefix="whis-wer-") as name:
        folder = pathlib.Path(name)
        wavs = {}
        for group in groups:
            wavs[id(group)] = [folder / f"{groups.index(group)}-{i}.wav" for i in range(len(group))]
            for (_, samples), path in zip(group, wavs[id(group)]):
                write_wav(path, samples)

        seconds = sum(len(samples) for group in groups for _, samples in group) / RATE
        print(f"{seconds / 60:.1f} minutes of speech\n")
        print("| sound | WER, utterances |" + (" WER, dictations |" if len(groups) > 1 else "")
              + " WER, all | x real time | MB a minute |")
        print("| --- |" + " --- |" * (len(groups) + 3))
        if shutil.which("cc") and shutil.which("pkg-config"):
            plain = Plain(folder)
            measure("WAV, PocketSphinx as it comes", plain, groups, wavs)
            plain.stop()
        recogniser = Recogniser(args.program, folder)
        memory = recogniser.memory()
        measure("WAV", recogniser, groups, wavs)
        for bitrate in bitrates:
            mp3s = {key: [encode(path, bitrate) for path in paths] for key, paths in wavs.items()}
            measure(f"MP3 {bitrate} kbit/s", recogniser, groups, mp3s)
        after = recogniser.memory()
        whisper = [os.environ.get(name) for name in ("WHIS_WHISPER_CLI", "WHIS_WHISPER_MODEL")]
        if all(whisper):
            measure("WAV, Whisper", Whisper(*whisper), groups, wavs)
            for bitrate in [rate for rate in bitrates if rate >= 32]:
                mp3s = {key: [encode(path, bitrate) for path in paths]
                        for key, paths in wavs.items()}
                measure(f"MP3 {bitrate} kbit/s, Whisper", Whisper(*whisper), groups, mp3s)
        print(f"\nwhis-offline: listens after {recogniser.listening:.2f} s, model loaded after "
              f"{recogniser.loaded:.2f} s, {memory:.0f} MB PSS then, {after:.0f} MB at the end")
        assert recogniser.stop() == 0


if __name__ == "__main__":
    main()
