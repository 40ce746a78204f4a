#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A thousand dictations while everything goes wrong: is a word lost, or a text delivered twice?

  soak.py [--dictations N] [--spoken N] [--seed N] [--seeds N] [--parallel N] [--busy]

Short dictations of coded speech, most of them files and several at a time, the rest spoken into a
microphone in real time. All texts go to the clipboard; a program of the test stands there and notes
them. Meanwhile, at random: the transcription service answers with 500 and 429, resets connections,
breaks off in an answer and takes its time; Whis is killed (SIGKILL) at any moment, started again, and
what it left unfinished is resumed; the microphone is unplugged; the disk is full (as root only, for a
small file system is mounted for it). A file that could not be transcribed is given to Whis again, as
its owner would do.

In the end every word is in a delivered text or in the history. Of what is spoken while the microphone
is pulled out, or in the last moment before a SIGKILL, only the words before count. With --seeds all of
that happens as often, each time in a new home; with --busy on a computer that has no core to spare.
Prints each seed and a line of numbers; the exit status is 1 if a word was lost or a text delivered
twice.
"""

import argparse
import collections
import contextlib
import os
import pathlib
import random
import shutil
import subprocess
import sys
import time

from harness import ROOT, now_ms

sys.path.insert(0, str(ROOT / "tests" / "fidelity"))
# pylint: disable=wrong-import-position
from coded_text import WORD_MS, WORDS, CodedService, Speech, spell
from gi.repository import Gio, GLib
from whis_session import APP_ID, INTERFACE, PATH, WhisSession

# What may not be on disk yet, or not have come out of the loudspeaker, when everything ends.
UNHEARD_MS = 1500
MOST_TRIES = 8

CLIPBOARD = """#!/bin/sh
case "$*" in
*-out*) printf %s "$(tail -n 1 "$WHIS_TEST_CLIPBOARD")" ;;
*) text=$(cat); printf '%s\\n' "$text" >>"$WHIS_TEST_CLIPBOARD" ;;
esac
"""


class Dictation:
    """One text on its way."""

    def __init__(self, number, chance, directory, spoken=False):
        self.name = f"soak{number}"
        self.spoken = spoken
        self.speech = Speech(chance.random())
        for _ in range(chance.randint(8, 14) if spoken else chance.randint(2, 11)):
            self.speech.say(spell(chance.randrange(4096, WORDS)), chance.randint(30, 300))
        self.speech.silence(700)
        self.path = os.path.join(directory, self.name + ".wav")
        self.id = None
        self.tries = 0
        self.told = 0  # how often its owner was told to give the file once more
        self.certain = len(self.speech.words)  # so many of the words were heard for certain

    def cut_after(self, milliseconds):
        """Only what was said until then counts."""
        at, self.certain = 0, 0
        for word, pause, _ in self.speech.parts:
            if word != "-":
                at += WORD_MS
                self.certain += at <= milliseconds
            at += pause

    @property
    def wanted(self):
        """The words that must arrive."""
        return self.speech.words[:self.certain]

    def is_in(self, text):
        """Whether a text has them all."""
        return text.split()[:self.certain] == self.wanted


class Soak:
    """The session and its dictations."""

    def __init__(self, session, arguments, seed, has_small_disk):
        self.session = session
        self.arguments = arguments
        self.has_small_disk = has_small_disk
        self.chance = random.Random(seed)
        self.counts = collections.Counter()
        self.all = []
        self.active = {}
        self.again = []
        self.n_events = 0
        self.spoken = None
        self.player = None
        self.begun = 0
        self.clipboard = os.path.join(session.directory, "clipboard")

    # The service

    def start(self):
        """Starts Whis, or starts it again."""
        self.session.wait_until(lambda: not self.session.has_service(), "it stays on the bus")
        self.session.start_service()

    def kill(self):
        """Ends Whis at once, and finishes what it left."""
        self.counts["kills"] += 1
        if self.spoken is not None:
            self.end_spoken(now_ms() - self.begun - UNHEARD_MS)
        self.session.kill_service()
        self.read_events()
        self.start()
        left, self.active = self.active, {}
        for entry in self.history():
            left.pop(entry["id"], None)
            dictation = self.find(entry)
            if dictation is not None and entry["state"] in ("interrupted", "waiting"):
                self.resume(dictation, entry["id"])
            elif (dictation is not None and entry["state"] == "failed" and not dictation.tries
                  and dictation not in self.again):
                self.again.append(dictation)
        self.again += left.values()

    def history(self):
        """The newest entries."""
        (entries, _total) = self.session.call("ListHistory", "(a{sv})",
                                              {"limit": GLib.Variant("u", 100)})
        return entries

    def find(self, entry):
        """The dictation that an entry belongs to, if that is not settled."""
        for dictation in self.all[-100:]:
            if entry["id"] == dictation.id or (entry["name"] and entry["name"] == dictation.name):
                dictation.id = entry["id"]
                return dictation
        return None

    # Dictations

    def new(self, spoken=False):
        """The next dictation."""
        dictation = Dictation(len(self.all), self.chance, self.session.directory, spoken)
        dictation.speech.write(dictation.path)
        self.all.append(dictation)
        return dictation

    def give(self, dictation):
        """Gives a file to Whis."""
        with open(dictation.path, "rb") as file:
            files = Gio.UnixFDList.new()
            handle = files.append(file.fileno())
        answer, _ = self.session.bus.call_with_unix_fd_list_sync(
            APP_ID, PATH, INTERFACE, "TranscribeFile",
            GLib.Variant("(hsa{sv})", (handle, dictation.name,
                                       {"deliver": GLib.Variant("b", True)})),
            None, Gio.DBusCallFlags.NONE, 60000, files, None)
        (dictation.id,) = answer.unpack()
        self.active[dictation.id] = dictation

    def resume(self, dictation, name):
        """Finishes what was left."""
        self.counts["resumed"] += 1
        try:
            self.session.call("Resume", "(sa{sv})", name, {})
            dictation.id = name
            self.active[name] = dictation
        except GLib.Error as error:
            if self.is_done(name):
                return
            if dictation.wanted:
                self.complain("not resumed", dictation, error.message)
            self.again.append(dictation)

    def is_done(self, name):
        """Whether a dictation ended well, so that there is nothing to resume."""
        try:
            return self.session.call("GetHistoryEntry", "(s)", name)[0]["state"] == "done"
        except GLib.Error:
            return False

    def retry(self, dictation):
        """What failed is tried again: from its own sound, or the file once more."""
        dictation.tries += 1
        if not dictation.wanted:
            self.counts["ended before a word"] += 1
        elif dictation.tries > MOST_TRIES:
            self.counts["given up"] += 1
            self.complain("given up", dictation)
        elif dictation.spoken:
            self.resume(dictation, dictation.id)
        else:
            self.give(dictation)

    @staticmethod
    def complain(what, dictation, more=""):
        """Tells of something that is worth a look."""
        print(f"# {what}: {dictation.name} {dictation.id} {more}", file=sys.stderr, flush=True)

    def speak(self):
        """Begins to speak into the microphone."""
        try:
            name = self.session.start_dictation()
        except (GLib.Error, AssertionError) as error:
            self.counts["not started"] += 1
            print(f"# no dictation: {error}"[:300], file=sys.stderr)
            return
        dictation = self.new(spoken=True)
        dictation.id = name
        self.active[name] = dictation
        self.spoken = dictation
        self.begun = now_ms()
        self.player = self.session.spawn("paplay", "--device=mic", dictation.path)
        self.counts["spoken"] += 1

    def end_spoken(self, certain_ms=None):
        """The dictation is over; in the middle of it if a time is given."""
        if certain_ms is not None:
            self.spoken.cut_after(certain_ms)
            self.player.kill()
        self.player.wait()
        self.spoken = None

    def stop_when_said(self):
        """Stops when the last word is out."""
        if self.spoken is not None and self.player.poll() is not None:
            self.end_spoken()
            try:
                self.session.call("Stop")
            except GLib.Error:
                self.counts["not stopped"] += 1

    # What happens to them

    def read_events(self):
        """Looks which dictations have ended, and how."""
        while self.n_events < len(self.session.events):
            name, arguments = self.session.events[self.n_events]
            self.n_events += 1
            dictation = self.active.get(arguments[0]) if name in ("Finished", "Failed") else None
            if dictation is None:
                continue
            del self.active[arguments[0]]
            if dictation is self.spoken:
                self.end_spoken(now_ms() - self.begun - UNHEARD_MS)
            if name == "Failed":
                self.counts[f"failed: {arguments[1]}"] += 1
                dictation.told += arguments[1] == "file"
                if dictation.wanted:
                    self.complain("failed", dictation, " ".join(map(str, arguments[1:])))
                self.again.append(dictation)

    def try_again(self):
        """Tries again what failed."""
        again, self.again = self.again, []
        for dictation in again:
            self.retry(dictation)
        if self.again:
            self.wait(0.3)

    # What goes wrong

    def unplug(self):
        """Takes the microphone away while somebody speaks, and brings it back."""
        self.counts["unplugged"] += 1
        self.spoken.cut_after(now_ms() - self.begun - UNHEARD_MS)
        self.pactl("unload-module", "module-null-sink")
        self.wait(1)
        self.session.load_microphone("mic", "microphone")
        self.pactl("set-default-source", "microphone")

    def pactl(self, *command):
        """Tells the sound server."""
        subprocess.run(["pactl", *command], check=True, env=self.session.environment,
                       stdout=subprocess.DEVNULL)

    def fill_disk(self):
        """Nothing can be written for a moment."""
        if not self.has_small_disk:
            return
        self.counts["full disks"] += 1
        ballast = os.path.join(self.session.environment["XDG_DATA_HOME"], "ballast")
        with open(ballast, "wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(65536))
            except OSError:
                pass
        self.wait(1)
        os.unlink(ballast)

    def wait(self, seconds):
        """Lets things happen for a while."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.session.iterate(50)

    def disturb(self):
        """One of the things that go wrong."""
        choices = [self.kill, self.kill, self.kill, self.fill_disk]
        if self.spoken is not None:
            choices += [self.unplug, self.unplug, self.unplug]
        self.chance.choice(choices)()

    # From the first to the last

    def run(self):
        """All dictations."""
        arguments, chance = self.arguments, self.chance
        every = max(arguments.dictations // max(arguments.spoken, 1), 1)
        calm = chance.randint(3, 8)
        self.start()
        while len(self.all) < arguments.dictations or self.active or self.again:
            self.session.iterate(20)
            self.read_events()
            self.stop_when_said()
            self.try_again()
            if len(self.all) >= arguments.dictations or len(self.active) >= arguments.parallel:
                continue
            if self.spoken is None and len(self.all) % every == every - 1:
                self.speak()
            self.give(self.new())
            calm -= 1
            if calm == 0:
                self.wait(chance.uniform(0, 4 if self.spoken else 0.3))
                self.disturb()
                calm = chance.randint(3, 15)

    def judge(self):
        """(words lost, texts delivered twice)"""
        with open(self.clipboard, encoding="utf-8") as file:
            delivered = file.read().splitlines()
        kept = {entry["id"]: entry for entry in self.all_entries()}
        lost = twice = 0
        for dictation in self.all:
            if not dictation.wanted:
                continue
            times = sum(dictation.is_in(text) for text in delivered)
            entry = kept.get(dictation.id)
            if times > 1 + dictation.told:
                twice += 1
                self.complain("twice", dictation, f"tries {dictation.tries}: "
                              f"{[text for text in delivered if dictation.is_in(text)]}")
            if times == 0 and not (entry and dictation.is_in(entry["text"])):
                lost += len(dictation.wanted)
                self.complain("lost", dictation,
                              f"{dictation.wanted} of {dictation.speech.words}: {entry}")
            self.counts["only in the history"] += times == 0
        return lost, twice

    def all_entries(self):
        """The whole history."""
        entries, total = [], 1
        while len(entries) < total:
            query = {"offset": GLib.Variant("u", len(entries)), "limit": GLib.Variant("u", 500)}
            (page, total) = self.session.call("ListHistory", "(a{sv})", query)
            entries += page
        return entries


def install_clipboard(session):
    """A clipboard that notes all it gets."""
    programs = os.path.join(session.directory, "bin")
    os.mkdir(programs)
    tool = pathlib.Path(programs, "xclip")
    tool.write_text(CLIPBOARD, encoding="utf-8")
    tool.chmod(0o755)
    session.environment.update({
        "PATH": f"{programs}:{session.environment['PATH']}", "DISPLAY": ":nobody-looks",
        "WHIS_TEST_CLIPBOARD": os.path.join(session.directory, "clipboard")})
    pathlib.Path(session.directory, "clipboard").touch()


def mount_small_disk(session):
    """A file system for the data that is soon full. None if that is not allowed."""
    directory = session.environment["XDG_DATA_HOME"]
    os.makedirs(directory, exist_ok=True)
    if os.environ.get("WHIS_SOAK_MOUNTS") != "own":
        return False
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", directory], check=True)
    session.stack.callback(subprocess.run, ["umount", "-l", directory], check=False)
    return True


def enter_own_mounts():
    """Starts this program again where mounting disturbs nobody, if that is allowed."""
    if "WHIS_SOAK_MOUNTS" in os.environ:
        return
    able = os.geteuid() == 0 and shutil.which("unshare") is not None and subprocess.run(
        ["unshare", "-m", "sh", "-c", "mount -t tmpfs tmpfs /mnt"], check=False,
        stderr=subprocess.DEVNULL).returncode == 0
    os.environ["WHIS_SOAK_MOUNTS"] = "own" if able else "none"
    if able:
        os.execvp("unshare", ["unshare", "-m", sys.executable, *sys.argv])


@contextlib.contextmanager
def busy_cores(busy):
    """Something to do for every core, which Whis then shares."""
    burners = [subprocess.Popen([sys.executable, "-c", "while True: pass"])
               for _ in range(os.cpu_count() if busy else 0)]
    try:
        yield
    finally:
        for burner in burners:
            burner.kill()
            burner.wait()


def run_seed(seed, arguments):
    """All dictations of one seed. Returns whether every word arrived, and none twice."""
    print(f"# WHIS_SEED={seed}", flush=True)
    begin = time.monotonic()
    with WhisSession() as session:
        install_clipboard(session)
        has_small_disk = mount_small_disk(session)
        if not has_small_disk:
            print("# no full disk: only root may mount a small file system", flush=True)
        service = CodedService(session, seed=seed, least=20, most=200, faults=0.15)
        session.settings(provider="custom", addresses__custom=service.address)
        soak = Soak(session, arguments, seed, has_small_disk)
        soak.run()
        lost, twice = soak.judge()
        words = sum(len(dictation.wanted) for dictation in soak.all)
        details = ", ".join(f"{name} {count}" for name, count in sorted(soak.counts.items()))
        print(f"{len(soak.all)} dictations, {words} words: {lost} words lost, {twice} texts delivered"
              f" twice ({details}; {time.monotonic() - begin:.0f} s)", flush=True)
    return not lost and not twice


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--dictations", type=int, default=1000)
    parser.add_argument("--spoken", type=int, default=40, help="of them, into a microphone")
    parser.add_argument("--parallel", type=int, default=6)
    parser.add_argument("--seed", type=int, default=int(os.environ.get("WHIS_SEED") or 0))
    parser.add_argument("--seeds", type=int, default=1,
                        help="how many runs: from --seed on, or with random ones")
    parser.add_argument("--busy", action="store_true", help="keep every core busy meanwhile")
    arguments = parser.parse_args()
    enter_own_mounts()
    chance = random.SystemRandom()
    failed = []
    with busy_cores(arguments.busy):
        for number in range(arguments.seeds):
            seed = arguments.seed + number if arguments.seed else chance.randrange(1, 1_000_000)
            if not run_seed(seed, arguments):
                failed.append(seed)
    if arguments.seeds > 1:
        print(f"{arguments.seeds} seeds: {len(failed)} lost a word or delivered a text twice"
              f"{': ' if failed else ''}{', '.join(map(str, failed))}")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
