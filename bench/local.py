#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The embedded recogniser with real weights, beside whisper.cpp's own command line.

  local.py speed [--rounds N] [--models NAME,…]   real-time factor and memory, in turn with whisper-cli
  local.py dictation [--rounds N]                 stop to text, loading behind the recording, idle
  local.py guards                                 requests and time of what is asked again
  local.py encoding                               words wrong by way of encoding

`./test bench` fetches weights, speech and whisper-cli; what is not there is said. Times mean little
while other programs compute, so the load of the machine is printed, too, and both programs take turns.
"""

import argparse
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

import harness
from harness import judge, median, now_ms, print_table, processor_ms

sys.path[:0] = [str(harness.ROOT / "tests"), str(harness.ROOT / "tests" / "real")]
# pylint: disable=wrong-import-position
import engine
from reading import Comparison
from recogniser_socket import Recogniser
from whis_session import WhisSession

PROGRAM = os.environ.get("WHIS_OFFLINE_PROGRAM", "whis-offline")
METERED = str(pathlib.Path(__file__).with_name("metered-recogniser.py"))
SPEED_BUDGET = 1.05
STOP_BUDGET_MS = 1000
NICE = 5  # whis-offline lets others go first, src/offline/process-limits.c; so both do
SKIPPED = 77  # exit status that Meson takes for a skipped benchmark
IDLE_SECONDS = 5
SETTLED = 62  # GLib ends threads that had nothing to do for 15 s, libsoup connections after 60 s


def load():
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"


def cut(source, path, start, seconds):
    subprocess.run(["sox", source, path, "trim", str(start), str(seconds)], check=True)
    return path


# --- speed ------------------------------------------------------------------------------------------

class Run:
    """What one recognition took: milliseconds, of these of the processor, and memory in MB if known."""

    def __init__(self, wall, processor, memory=None):
        self.wall, self.processor, self.memory = wall, processor, memory


def run_cli(model, path, environment):
    """Without loading the model, which Whis does while somebody speaks."""
    command = ["nice", "-n", str(NICE), *engine.command(model, path)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                          env={**os.environ, **environment}) as process:
        said = process.stderr.read()
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = status
    assert status == 0, said

    def milliseconds(name):
        return float(re.search(rf"{name} time = *([\d.]+) ms", said).group(1))

    loading = milliseconds("load")
    return Run(milliseconds("total") - loading, (usage.ru_utime + usage.ru_stime) * 1000 - loading)


def measure_cli_memory(model, path):
    """In MB, of two sounds: a second one takes more than the first, and whis-offline gets several."""
    with subprocess.Popen([*engine.command(model, path), "--no-prints", path], stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL, env={**os.environ, **engine.PASSIVE}) as process:
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = status
    assert status == 0, model

    return usage.ru_maxrss * 1024 / 1e6


def run_whis(recogniser, model, path):
    begin, before = now_ms(), processor_ms(recogniser.process.pid)
    recogniser.transcribe(path, model=model, language="en")
    return Run(now_ms() - begin, processor_ms(recogniser.process.pid) - before, recogniser.peak_memory())


def measure_speed(arguments, folder):
    sound = cut(engine.find_speech("running"), folder / "sound.wav", 0, 25)
    rows, memory = [], []
    for model in arguments.models or engine.find_models():
        runs = {"whis-offline": [], "whisper-cli": [], "whisper-cli, threads wait passively": []}
        with Recogniser(PROGRAM, folder, engine.MODELS) as recogniser:
            recogniser.load(model)
            run_whis(recogniser, model, sound)
            for _ in range(arguments.rounds):
                runs["whis-offline"].append(run_whis(recogniser, model, sound))
                runs["whisper-cli"].append(run_cli(model, sound, {}))
                runs["whisper-cli, threads wait passively"].append(
                    run_cli(model, sound, engine.PASSIVE))
        peaks = (max(run.memory for run in runs["whis-offline"]), measure_cli_memory(model, sound))
        ratio = peaks[0] / peaks[1]
        memory.append((model, *(f"{peak:.0f}" for peak in peaks),
                       f"{ratio:.3f}, {SPEED_BUDGET}: {judge(ratio, SPEED_BUDGET)}"))
        wall = {name: statistics.median(run.wall for run in some) for name, some in runs.items()}
        for name, some in runs.items():
            ratio = wall["whis-offline"] / wall[name]
            rows.append((model, name, median([run.wall / 25000 for run in some]),
                         f"{statistics.median(run.processor for run in some) / 25000:.2f}",
                         "" if name == "whis-offline" else
                         f"{ratio:.2f}, {SPEED_BUDGET}: {judge(ratio, SPEED_BUDGET)}"))
    print_table(f"25 s of speech, greedy, two threads, the model loaded; median of {arguments.rounds} in"
                f" turn (least–most); {load()}",
                ("model", "program", "time over length", "processor time over length",
                 "whis-offline over this"), rows)
    print_table("Peak memory in MB, of several sounds of 25 s one after the other",
                ("model", "whis-offline", "whisper-cli, two sounds", "ratio"), memory)


# --- dictation --------------------------------------------------------------------------------------

class Log:
    """What was asked of the recogniser."""

    def __init__(self, session):
        self.path = os.path.join(session.directory, "metered.log")
        session.environment.update(WHIS_OFFLINE_PROGRAM=METERED, WHIS_METERED_PROGRAM=PROGRAM,
                                   WHIS_METERED_LOG=self.path, WHIS_MODELS_PATH=engine.MODELS)

    def read(self):
        if not os.path.exists(self.path):
            return []
        with open(self.path, encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    def requests(self):
        return [line for line in self.read() if "transcriptions" in line["path"]]


def begin_session(session, model):
    log = Log(session)
    session.settings(provider="offline", models__offline=model, language="en")
    harness.start_quiet_service(session)
    return log


def find_programs(session):
    """The whis-offline processes of a session, by the socket that they were given."""
    found = []
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if (command[0] == os.fsencode(PROGRAM)
                and any(session.directory.encode() in part for part in command)):
            found.append(int(folder.name))
    return found


def time_dictation(session, microphone, path, seconds):
    """Speaks, stops, and returns when it recorded, stopped and had its text."""
    begin = now_ms()
    dictation = session.start_dictation(deliver=False)
    recording = now_ms()
    player = microphone.play(path)
    time.sleep(seconds)  # the person speaks
    player.terminate()
    stop = now_ms()
    session.call("Stop")
    outcome = session.outcome(dictation, seconds=600)
    assert outcome[0] == "finished", outcome
    return begin, recording, stop, now_ms()


def measure_dictation(arguments, folder):
    model = engine.find_models()[0]
    short = cut(engine.find_speech("running"), folder / "short.wav", 0.4, 5.6)
    rows = []
    with WhisSession(environment={"WHIS_METERED_ARGUMENTS": f"--idle-seconds {IDLE_SECONDS}"}) as session:
        log = begin_session(session, model)
        microphone = harness.Microphone(session)
        _begin, recording, stop, finished = time_dictation(session, microphone, short, 2)
        loaded = [line["answered"] for line in log.read() if line["path"].startswith("/health")]
        rows.append(("first dictation: recording to the model loaded", f"{loaded[0] - recording:.0f}",
                     f"2000, a recording of 2 s: {judge(loaded[0] - recording, 2000)}"))
        rows.append(("first dictation, of 2 s: stop to text", f"{finished - stop:.0f}", ""))
        waits, clis = [], []
        for _ in range(arguments.rounds):
            _begin, _recording, stop, finished = time_dictation(session, microphone, short, 6)
            waits.append(finished - stop)
            clis.append(run_cli(model, short, engine.PASSIVE).wall)
        rows.append(("stop to text, 6 s spoken, the model loaded", median(waits),
                     f"{STOP_BUDGET_MS}, on four cores: {judge(statistics.median(waits), STOP_BUDGET_MS)}"))
        rows.append(("— `whisper-cli` on the same sound, without loading", median(clis), ""))
        # The recogniser may have ended beside the last command line.
        time_dictation(session, microphone, short, 2)
        rows += measure_idle(session)
    print_table(f"Dictating with {model}: milliseconds, median of {arguments.rounds} (least–most); {load()}",
                ("what", "ms", "budget"), rows)


def measure_idle(session):
    """Wake-ups between the last answer and the end of the recogniser, and whether it has ended."""
    begin = now_ms()
    programs = find_programs(session)
    assert programs, "no recogniser"
    session.wait_until(lambda: not find_programs(session), "the recogniser does not end", 60)
    ended = now_ms() - begin
    time.sleep(SETTLED)
    before = harness.sleeps(session.service.pid)
    time.sleep(20)
    woken = harness.wake_ups(before, harness.sleeps(session.service.pid))
    return [(f"last text to the recogniser's end (`--idle-seconds {IDLE_SECONDS}`)", f"{ended:.0f}", ""),
            ("wake-ups of the service in 20 s, without its recogniser", woken, f"0: {judge(woken, 0)}")]


# --- guards -----------------------------------------------------------------------------------------

def measure_guards(_arguments, _folder):
    rows = []
    for name in ("running", "hesitant"):
        with WhisSession(pulse=False) as session:
            model = engine.find_models()[0]
            log = begin_session(session, model)
            result = session.whis("transcribe", engine.find_speech(name), timeout=3000)
            assert result.returncode == 0, result.stderr
            requests = log.requests()
            (entries, _total) = session.call("ListHistory", "(a{sv})", {})
            (entry,) = session.call("GetHistoryEntry", "(s)", entries[0]["id"])
            pieces = sum(chunk["has-speech"] for chunk in entry["chunks"])
            spent = sum(line["answered"] - line["came"] for line in requests)
            # Pieces come in order, and what is asked again is a part of one: less sound than any.
            again = sorted(requests, key=lambda line: line["sound"])[:len(requests) - pieces]
            rows.append((name, pieces, len(requests), f"{spent / 1000:.1f}",
                         f"{sum(line['answered'] - line['came'] for line in again) / spent:.1%}",
                         sum(line["again"] for line in requests)))
    print_table(f"What the guards cost, {model}; {load()}",
                ("speech", "pieces", "requests", "their time, s", "of that asked again",
                 "recognised at a higher temperature"), rows)


# --- encoding ---------------------------------------------------------------------------------------

def through_gstreamer(encoder, suffix):
    def encode(path):
        encoded = path.with_suffix(suffix)
        subprocess.run(["gst-launch-1.0", "-q", *f"filesrc location={path} ! wavparse ! audioconvert ! "
                        f"{encoder} ! filesink location={encoded}".split()], check=True)
        return encoded
    return encode


ENCODERS = {
    "MP3 32 kbit/s, as with save-data": through_gstreamer(
        "lamemp3enc target=bitrate bitrate=32 cbr=true mono=true", ".32.mp3"),
    "MP3 64 kbit/s, as for services": through_gstreamer(
        "lamemp3enc target=bitrate bitrate=64 cbr=true mono=true", ".64.mp3"),
    "MP3 128 kbit/s": through_gstreamer(
        "lamemp3enc target=bitrate bitrate=128 cbr=true mono=true", ".128.mp3"),
    "Opus 24 kbit/s": through_gstreamer("opusenc bitrate=24000 audio-type=voice ! oggmux", ".opus"),
    "FLAC": through_gstreamer("flacenc", ".flac"),
}


def decode(path):
    decoded = path.with_suffix(path.suffix + ".wav")
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", path, "-ar", "16000", "-ac", "1", decoded],
                   check=True)
    return decoded


def utterances(folder):
    """Pairs of a sound and its text: the sentences of the running text, clean and with pink noise."""
    for text in sorted(pathlib.Path(engine.SPEECH, "sentences").glob("*.txt")):
        clean, noisy = folder / f"{text.stem}.wav", folder / f"{text.stem}-noise.wav"
        subprocess.run(["sox", text.with_suffix(".wav"), clean, "norm", "-9"], check=True)
        seconds = subprocess.run(["soxi", "-D", clean], check=True, capture_output=True,
                                 text=True).stdout.strip()
        noise = folder / "noise.wav"
        subprocess.run(["sox", "-R", "-n", "-r", "16000", "-c", "1", "-b", "16", noise, "synth", seconds,
                        "pinknoise", "norm", "-24"], check=True)
        subprocess.run(["sox", "-m", "-v", "1", clean, "-v", "1", noise, noisy], check=True)
        for path in (clean, noisy):
            yield path, text.read_text(encoding="utf-8")


def measure_encoding(_arguments, folder):
    model = engine.find_models()[0]
    known = list(utterances(folder))
    rows = []
    with Recogniser(PROGRAM, folder, engine.MODELS) as recogniser:
        for name, encode in {"WAV, as for this computer": lambda path: path, **ENCODERS}.items():
            wrong = {"clean": 0, "noise": 0}
            words = size = 0
            for path, text in known:
                encoded = encode(path)
                size += encoded.stat().st_size
                heard = recogniser.transcribe(encoded if encoded == path else decode(encoded), model=model,
                                              language="en")
                comparison = Comparison(text, heard)
                wrong["noise" if "noise" in path.name else "clean"] += comparison.wrong
                words += len(comparison.known)
            seconds = sum(path.stat().st_size for path, _text in known) / 32000
            rows.append((name, wrong["clean"], wrong["noise"], f"{sum(wrong.values())} of {words}",
                         f"{size / 1e6 / (seconds / 60):.2f}"))
            print(f"({name} is done)", file=sys.stderr, flush=True)
    print_table(f"Words wrong by way of encoding, sentences one by one, {model}",
                ("sound", "clean", "with pink noise, 15 dB below", "all", "MB a minute"), rows)


# ----------------------------------------------------------------------------------------------------

PARTS = {"speed": measure_speed, "dictation": measure_dictation, "guards": measure_guards,
         "encoding": measure_encoding}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("part", choices=PARTS)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--models", type=lambda names: names.split(","))
    arguments = parser.parse_args()
    missing = engine.find_missing()
    if missing is not None:
        print(f"Not measured: {missing}")
        sys.exit(SKIPPED)
    with tempfile.TemporaryDirectory(prefix="whis-local-") as name:
        PARTS[arguments.part](arguments, pathlib.Path(name))


if __name__ == "__main__":
    main()
