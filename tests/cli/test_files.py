#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Many files at a time, and what their transcripts are written as."""

import json
import os
import pty
import re
import shutil
import signal
import struct
import subprocess
import sys
import threading
import unittest

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [TESTS, os.path.join(TESTS, "service")]
# pylint: disable=wrong-import-position
import tap
from fakes.fake_services import FakeService, reply, text
from gi.repository import Gio, GLib
from whis_session import APP_ID, INTERFACE, PATH, SPEECH, WhisSession

WORDS = "quillara mumbles"
CUE = r"(\d+)\n(\d\d):(\d\d):(\d\d),(\d\d\d) --> (\d\d):(\d\d):(\d\d),(\d\d\d)\n"


class FilesTest(unittest.TestCase):
    """A service with a fake provider on loopback, and sound files."""

    def setUp(self):
        self.provider = FakeService(text(WORDS))
        self.addCleanup(self.provider.close)
        self.session = WhisSession(pulse=False)
        self.addCleanup(self.session.close)
        self.session.settings(provider="custom", addresses__custom=self.provider.address)
        self.directory = os.path.join(self.session.directory, "files")
        os.mkdir(self.directory)

    def path(self, *names):
        """Where a file of the test is."""
        return os.path.join(self.directory, *names)

    def make(self, name, times=1):
        """A file with recorded speech."""
        path = self.path(name)
        subprocess.run(["sox", *[SPEECH] * times, path], check=True)
        return path

    def transcribe(self, *arguments, **options):
        """Runs `whis transcribe`."""
        return self.session.whis("transcribe", *arguments, **options)

    def spawn(self, *arguments):
        """Starts `whis transcribe` and lets it run."""
        return self.session.spawn(self.session.environment["WHIS_PROGRAM"], "transcribe",
                                  *arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, text=True)

    def read(self, *names):
        """What is in a file of the test."""
        with open(self.path(*names), encoding="utf-8") as file:
            return file.read()

    def assert_refused(self, result, *parts):
        """Wrong arguments are told in one sentence, and nothing is sent."""
        self.assertEqual((result.returncode, result.stdout), (2, ""), result.stderr)
        self.assertEqual(len(result.stderr.splitlines()), 1, result.stderr)
        for part in parts:
            self.assertIn(part, result.stderr)
        self.assertEqual(self.provider.requests, [])


class Many(FilesTest):
    """Some at a time; what comes of them in their order."""

    def most_at_once(self):
        """How many dictations ran at the same time."""
        running, most = set(), 0
        for name, (dictation, *rest) in self.session.events:
            if name == "StateChanged" and rest[0] == "transcribing":
                running.add(dictation)
                most = max(most, len(running))
            elif name in ("Finished", "Failed"):
                running.discard(dictation)
        return most

    def test_order(self):
        """The first is answered last, and printed first."""
        paths = [self.make(f"{times}.wav", times) for times in range(1, 6)]
        others = threading.Semaphore(0)

        def answer(request):
            times = round(len(request.files["file"][2]) / self.unit)
            if times > 1:
                others.release()
            else:
                for _ in range(4):
                    self.assertTrue(others.acquire(timeout=100))
            return text(f"{times} times")

        self.transcribe(paths[0])
        self.unit = len(self.provider.requests[0].files["file"][2])
        self.provider.default = answer
        result = self.transcribe("--jobs", "3", *paths)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(result.stdout.splitlines(),
                         ["1 times", "2 times", "3 times", "4 times", "5 times"])
        self.assertEqual(result.stderr, "", "no bar where no terminal is")

    def test_bound(self):
        self.session.start_service()
        self.provider.gate.clear()
        paths = [self.make(f"{number}.wav") for number in range(5)]
        process = self.spawn("--jobs", "2", *paths)
        self.provider.wait_for_requests(2)
        self.provider.gate.set()
        output, errors = process.communicate(timeout=500)
        self.assertEqual((output, process.returncode), (5 * (WORDS + "\n"), 0), errors)
        self.session.iterate()
        self.assertEqual(self.most_at_once(), 2)

    def test_one_bar(self):
        paths = [self.make(f"{number}.wav") for number in range(3)]
        pid, terminal = pty.fork()
        if pid == 0:
            program = self.session.environment["WHIS_PROGRAM"]
            os.execve(program, [program, "transcribe", *paths], self.session.environment)
        shown = b""
        try:
            while True:
                shown += os.read(terminal, 4096)
        except OSError:
            pass  # the end of a terminal
        os.close(terminal)
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), 0, shown)
        bars = re.findall(rb"\[#*-*\] (\d) of 3 files, (\d+) %", shown)
        self.assertEqual(bars[0], (b"0", b"0"))
        self.assertEqual(bars[-1], (b"3", b"100"))
        percents = [int(percent) for _, percent in bars]
        self.assertEqual(percents, sorted(percents))
        lines = shown.replace(b"\r\n", b"\n").split(b"\n")
        self.assertEqual([line.split(b"\x1b[K")[-1] for line in lines],
                         3 * [WORDS.encode()] + [b""], "the bar leaves nothing behind")

    def test_bad_ones_among_good_ones(self):
        silent = self.path("silent.wav")
        subprocess.run(["sox", "-n", "-r", "16000", silent, "trim", "0", "3"], check=True)
        result = self.transcribe(self.make("a.wav"), "/nonexistent", "/etc/passwd", "/tmp",
                                 self.make("b.wav"), silent)
        self.assertEqual(result.stdout, 2 * (WORDS + "\n"))
        self.assertEqual(result.returncode, 4, "the last failure's")
        lines = result.stderr.splitlines()
        self.assertEqual(len(lines), 4, result.stderr)
        for line, name in zip(lines, ("/nonexistent", "/etc/passwd", "/tmp", silent)):
            self.assertTrue(line.startswith("whis: ") and line.count(name) == 1, line)

    def test_interrupted(self):
        self.session.start_service()
        self.provider.gate.clear()
        self.addCleanup(self.provider.gate.set)
        process = self.spawn("--jobs", "2", *[self.make(f"{number}.wav") for number in range(5)])
        self.provider.wait_for_requests(2)
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=500)
        self.assertEqual((output, process.returncode), ("", 130))
        self.assertEqual(len(errors.splitlines()), 1, errors)
        self.assertIn("5 of 5", errors)
        self.session.wait_until(
            lambda: sum(name == "Failed" for name, _ in self.session.events) == 2,
            "both are cancelled")
        self.assertEqual(len(self.provider.requests), 2, "nothing more is sent")

    def test_reader_that_went_away(self):
        reader, writer = os.pipe()
        os.close(reader)
        program = self.session.environment["WHIS_PROGRAM"]
        with open(writer, "wb") as gone:
            result = subprocess.run(
                [program, "transcribe", "--jobs", "1", *[self.make(f"{n}.wav") for n in range(4)]],
                env=self.session.environment, stdout=gone, stderr=subprocess.PIPE, text=True,
                stdin=subprocess.DEVNULL, timeout=500, check=False)
        self.assertEqual(result.returncode, 1)
        self.assertEqual(len(result.stderr.splitlines()), 1, result.stderr)
        self.assertLess(len(self.provider.requests), 4, "the rest is not sent")

    def test_standard_input(self):
        with open(SPEECH, "rb") as speech:
            sound = speech.read()
        for name, arguments in (("pipe", {"input": sound}), ("file", {"stdin": open(SPEECH, "rb")})):
            with self.subTest(name=name):
                result = subprocess.run([self.session.environment["WHIS_PROGRAM"], "transcribe",
                                         "-"], env=self.session.environment, capture_output=True,
                                        timeout=500, check=False, **arguments)
                self.assertEqual((result.stdout.decode(), result.returncode), (WORDS + "\n", 0),
                                 result.stderr)
        arguments["stdin"].close()
        self.provider.requests.clear()
        self.assert_refused(self.transcribe("-", "-"), "once")


def atom(name, *contents):
    """An atom of a QuickTime file."""
    data = b"".join(contents)
    return struct.pack(">I4s", 8 + len(data), name) + data


def make_playlists(address):
    """Files that name sound at an address and hold none, by the names that they arrive under.

    Says of each whether GStreamer knows it as a playlist.
    """
    track = f"{address}/track"
    reference = f"{track}.mov".encode() + b"\0"
    media = (f"#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{track}.ts\n"
             "#EXT-X-ENDLIST\n")
    return {
        "hls.mp3": (media, True),
        "master.m3u8": ("#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=64000\n"
                        f"{track}.m3u8\n", True),
        "key.m3u8": (media.replace("#EXTINF", f'#EXT-X-KEY:METHOD=AES-128,URI="{track}.key"\n'
                                   "#EXTINF"), True),
        "dash.mp4": ("""<?xml version="1.0"?>
<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT10S"
     minBufferTime="PT2S" profiles="urn:mpeg:dash:profile:isoff-on-demand:2011"><Period>
<AdaptationSet mimeType="audio/mp4"><Representation id="1" bandwidth="64000" codecs="mp4a.40.2">"""
                     f"<BaseURL>{track}.mp4</BaseURL></Representation></AdaptationSet></Period>"
                     "</MPD>", True),
        "smooth.ism": ('<?xml version="1.0"?>\n<SmoothStreamingMedia MajorVersion="2" MinorVersion="0" '
                       'Duration="100000000"><StreamIndex Type="audio" QualityLevels="1" Chunks="1"'
                       f' Url="{track}"><QualityLevel Index="0" Bitrate="64000" FourCC="AACL" '
                       'SamplingRate="44100" Channels="2" BitsPerSample="16" PacketSize="4" '
                       'AudioTag="255" CodecPrivateData="1210"/><c d="100000000"/></StreamIndex>'
                       "</SmoothStreamingMedia>", True),
        "session.sdp": (f"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=x\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
                        f"a=control:{track.replace('http', 'rtsp')}\r\nm=audio 0 RTP/AVP 0\r\n",
                        True),
        "list.m3u": (f"#EXTM3U\n#EXTINF:10,Track\n{track}.mp3\n", False),
        "plain.m3u": (f"{track}.mp3\n", False),
        "list.pls": (f"[playlist]\nFile1={track}.mp3\nNumberOfEntries=1\nVersion=2\n", False),
        "list.xspf": ('<?xml version="1.0"?><playlist version="1" xmlns="http://xspf.org/ns/0/">'
                      f"<trackList><track><location>{track}.mp3</location></track></trackList>"
                      "</playlist>", False),
        "list.asx": (f'<asx version="3.0"><entry><ref href="{track}.mp3"/></entry></asx>', False),
        "asf.asf": (f"[Reference]\r\nRef1={track}.asf\r\n", False),
        "radio.ram": (f"{track.replace('http', 'rtsp')}.rm\n", False),
        "edit.xges": (f"<ges version='0.7'><project><ressources><asset id='{track}.mp3' "
                      "extractable-type-name='GESUriClip'/></ressources><timeline/></project></ges>",
                      False),
        "reference.mov": (atom(b"moov", atom(b"rmra", atom(b"rmda", atom(
            b"rdrf", b"\0\0\0\0url ", struct.pack(">I", len(reference)), reference)))), False),
    }


class Playlists(FilesTest):
    """Files that name sound elsewhere: nothing is opened but the file, and nothing is sent."""

    def setUp(self):
        super().setUp()
        self.elsewhere = FakeService()
        self.addCleanup(self.elsewhere.close)

    def write(self, name, content):
        """Writes a playlist."""
        with open(self.path(name), "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())
        return self.path(name)

    def assert_nothing_opened(self, address):
        """Refuses each kind of playlist that names an address."""
        for name, (content, is_known) in make_playlists(address).items():
            with self.subTest(name):
                result = self.transcribe(self.write(name, content))
                self.assertNotEqual(result.returncode, 0)
                self.assertEqual(result.stdout, "")
                if is_known:
                    self.assertIn("playlist", result.stderr)
                self.assertEqual(self.elsewhere.count_connections(), 0)
                self.assertEqual(self.provider.requests, [])

    def test_addresses(self):
        self.assert_nothing_opened(self.elsewhere.url)

    def test_other_files(self):
        """The user's other files are as little the caller's as the network is."""
        for suffix, options in ((".ts", ["-c:a", "mp2"]), (".mp4", ["-c:a", "aac"]),
                                (".mp3", []), (".mov", ["-c:a", "pcm_s16le"])):
            subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", SPEECH, *options,
                            self.path("track" + suffix)], check=True)
        self.assert_nothing_opened(f"file://{self.directory}")


class Subtitles(FilesTest):
    """What is written, and where."""

    def assert_srt(self, document, *texts):
        """The document has these cues, one after the other."""
        end = 0
        cues = list(re.finditer(CUE + r"(.+?)\n(?:\n|$)", document, re.DOTALL))
        self.assertEqual("".join(cue.group(0) for cue in cues), document)
        self.assertEqual([cue.group(10) for cue in cues], list(texts))
        for number, cue in enumerate(cues, 1):
            times = [int(cue.group(i)) for i in range(1, 10)]
            first, last = (((times[i] * 60 + times[i + 1]) * 60 + times[i + 2]) * 1000
                           + times[i + 3] for i in (1, 5))
            self.assertEqual(times[0], number)
            self.assertLessEqual(end, first)
            self.assertLess(first, last)
            end = last

    def test_standard_output(self):
        path = self.make("talk.wav")
        result = self.transcribe(path, "--format", "srt")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assert_srt(result.stdout, WORDS)
        result = self.transcribe(path, "--format", "vtt")
        self.assertTrue(result.stdout.startswith("WEBVTT\n\n00:00:"), result.stdout)
        result = self.transcribe(path, "--format", "text")
        self.assertEqual(result.stdout, WORDS + "\n")
        result = self.transcribe(path, path, "--format", "json")
        for line in result.stdout.splitlines():
            document = json.loads(line)
            self.assertEqual((document["file"], document["text"], document["service"]),
                             ("talk.wav", WORDS, "custom"))
            self.assertEqual(document["chunks"][0]["times"], "chunk")
            self.assertGreater(document["duration"], 2.5)
        self.assertEqual(len(result.stdout.splitlines()), 2)

    def test_long_file(self):
        """Each piece is where it was said."""
        self.session.settings(longest_chunk="10")
        numbers = iter(range(100))
        self.provider.default = lambda request: text(f"part{next(numbers)}")
        self.provider.latency = 0.05
        result = self.transcribe(self.make("long.wav", 12), "--format", "srt")
        cues = re.findall(CUE, result.stdout)
        self.assertEqual(len(cues), len(self.provider.requests))
        self.assertGreater(len(cues), 3)
        self.assertGreater(int(cues[-1][3]), 20)

    def test_directory(self):
        paths = [self.make("one.wav"), self.make("two.three.wav"), self.make("four.flac")]
        result = self.transcribe(*paths, "--format", "srt", "--output", self.path("new", "place"))
        self.assertEqual((result.returncode, result.stdout, result.stderr), (0, "", ""))
        self.assertEqual(sorted(os.listdir(self.path("new", "place"))),
                         ["four.srt", "one.srt", "two.three.srt"])
        self.assert_srt(self.read("new", "place", "one.srt"), WORDS)
        # Beside the files, for one of them, and what was there is replaced.
        with open(self.path("one.txt"), "w", encoding="utf-8") as file:
            file.write(9999 * "old")
        os.chmod(self.path("one.txt"), 0o640)
        result = self.transcribe(paths[0], "--output", self.directory)
        self.assertEqual((result.returncode, result.stdout), (0, ""), result.stderr)
        self.assertEqual(self.read("one.txt"), WORDS + "\n")
        self.assertEqual(os.stat(self.path("one.txt")).st_mode & 0o777, 0o640)
        self.assertEqual(sorted(os.listdir(self.directory)),
                         ["four.flac", "new", "one.txt", "one.wav", "two.three.wav"])

    def test_one_output(self):
        path = self.make("talk.wav")
        result = self.transcribe(path, "--format", "vtt", "--output", self.path("x.vtt"))
        self.assertEqual((result.returncode, result.stdout), (0, ""), result.stderr)
        self.assertTrue(self.read("x.vtt").endswith(WORDS + "\n"))
        result = self.transcribe(path, path, "--output", self.path("x.txt"))
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(self.read("x.txt"), 2 * (WORDS + "\n"))

    def test_output_that_cannot_be_written(self):
        os.mkdir(self.path("talk.srt"))
        result = self.transcribe(self.make("talk.wav"), self.make("b.wav"), "--format", "srt",
                                 "--output", self.directory)
        self.assertEqual(result.returncode, 1)
        self.assertIn(WORDS, result.stdout, "the text is not lost")
        self.assertIn(WORDS, self.read("b.srt"))
        self.assertEqual(len(result.stderr.splitlines()), 1, result.stderr)

    def test_refused(self):
        path = self.make("talk.wav")
        os.mkdir(self.path("other"))
        other = shutil.copy(path, self.path("other", "talk.flac"))
        disguised = shutil.copy(path, self.path("talk.txt"))
        os.link(path, self.path("link.srt"))
        before = os.stat(path).st_mtime_ns
        self.assert_refused(self.transcribe(path, other, "--format", "srt"), "--output")
        self.assert_refused(self.transcribe(path, other, "--output", self.path("new/")),
                            path, other, self.path("new", "talk.txt"))
        self.assertFalse(os.path.exists(self.path("new")))
        self.assert_refused(self.transcribe(disguised, "--output", self.directory), disguised)
        self.assert_refused(self.transcribe(path, "--output", path), path)
        self.assert_refused(self.transcribe(path, "--output", self.path("link.srt")), "link.srt")
        self.assert_refused(self.transcribe(path, "--format", "doc"), "doc")
        self.assert_refused(self.transcribe(path, "--format", "srt", "--json"), "--json")
        self.assert_refused(self.transcribe(path, "--jobs", "0"), "--jobs")
        self.assertEqual(os.stat(path).st_mtime_ns, before)

    def test_nothing_is_kept(self):
        """The subtitles come all the same, and no word stays."""
        path = self.make("talk.wav")
        for settings in ({"private": "true"},
                         {"private": "false", "keep_text": "0", "keep_sound": "0"}):
            with self.subTest(settings=settings):
                self.session.settings(**settings)
                result = self.transcribe(path, "--format", "srt")
                self.assert_srt(result.stdout, WORDS)
                self.session.wait_until(lambda: self.session.whis("history").stdout == "",
                                        "the history keeps it")
                data = self.session.environment["XDG_DATA_HOME"]
                found = subprocess.run(["grep", "-rl", "quillara", data], capture_output=True,
                                       text=True, check=False)
                self.assertEqual(found.stdout, "")


class Documents(FilesTest):
    """The method of the bus, and what the history exports."""

    def start(self, bus=None, **options):
        """Starts to transcribe, with options of the call."""
        with open(SPEECH, "rb") as file:
            files = Gio.UnixFDList.new_from_array([os.dup(file.fileno())])
        options = {name: GLib.Variant("b", value) for name, value in options.items()}
        answer, _ = (bus or self.session.bus).call_with_unix_fd_list_sync(
            APP_ID, PATH, INTERFACE, "TranscribeFile",
            GLib.Variant("(hsa{sv})", (0, "talk.wav", options)), None, Gio.DBusCallFlags.NONE,
            60000, files, None)
        return answer.unpack()[0]

    def get(self, dictation, form="text"):
        """The document of a dictation."""
        return self.session.call("GetDocument", "(ss)", dictation, form)[0]

    def wait_for_empty_history(self):
        """Waits until the rules have been applied."""
        self.session.wait_until(
            lambda: self.session.call("ListHistory", "(a{sv})", {})[1] == 0, "it is kept")

    def assert_error(self, name, dictation, form="text"):
        """There is no document."""
        with self.assertRaises(GLib.Error) as caught:
            self.get(dictation, form)
        self.assertIn(f"Whis.Error.{name}", caught.exception.message)

    def test_history(self):
        self.session.start_service()
        dictation = self.start()
        self.session.outcome(dictation)
        self.assertEqual(self.get(dictation), WORDS)
        self.assertEqual(json.loads(self.get(dictation, "json"))["text"], WORDS)
        subtitles = self.get(dictation, "srt")
        self.assertIn(f"\n{WORDS}\n", subtitles)
        self.assert_error("Arguments", dictation, "doc")
        self.assert_error("NotFound", "nobody")
        result = self.session.whis("history", "export", "--format", "srt", "last")
        self.assertEqual((result.stdout, result.returncode), (subtitles, 0), result.stderr)
        result = self.session.whis("history", "export", "--format", "vtt", "last")
        self.assertIn(f"\n{WORDS}\n", result.stdout)
        result = self.session.whis("history", "export", "--format", "srt", "--all")
        self.assertEqual((result.stdout, result.returncode), ("", 2))

    def test_option_of_a_recording(self):
        self.session.start_service()
        with self.assertRaisesRegex(GLib.Error, "Error.Arguments: There is no option “live”"):
            self.start(live=True)

    def test_gap(self):
        """A piece that failed is seen in the subtitles."""
        self.session.settings(longest_chunk="10")
        self.session.start_service()
        self.provider.answers = [text("first"), reply(400, {"error": {"message": "No."}})]
        path = self.make("long.wav", 8)
        result = self.transcribe(path, "--format", "srt")
        self.assertEqual((result.stdout, result.returncode), ("", 1))
        result = self.session.whis("history", "export", "--format", "srt", "last")
        self.assertRegex(result.stdout, r"\n(\[…\]|first)\n")
        self.assertIn("[…]", result.stdout)

    def test_remembered_once(self):
        self.session.settings(private="true")
        self.session.start_service()
        self.provider.gate.clear()
        self.addCleanup(self.provider.gate.set)
        dictation = self.start(document=True)
        self.provider.wait_for_requests(1)
        self.assert_error("Failed", dictation)
        self.provider.gate.set()
        self.session.outcome(dictation)
        self.wait_for_empty_history()
        self.assertIn(WORDS, self.get(dictation, "vtt"))
        self.assert_error("NotFound", dictation)

    def test_caller_that_goes(self):
        self.session.settings(private="true")
        self.session.start_service()
        self.provider.gate.clear()
        self.addCleanup(self.provider.gate.set)
        flags = (Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT
                 | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION)
        address = self.session.environment["DBUS_SESSION_BUS_ADDRESS"]
        bus = Gio.DBusConnection.new_for_address_sync(address, flags, None, None)
        bus.set_exit_on_close(False)
        gone = []
        self.session.bus.signal_subscribe(
            "org.freedesktop.DBus", "org.freedesktop.DBus", "NameOwnerChanged", None,
            bus.get_unique_name(), Gio.DBusSignalFlags.NONE, lambda *_signal: gone.append(True))
        dictation = self.start(bus, document=True)
        bus.close_sync(None)
        self.session.wait_until(lambda: gone, "the caller stays")
        self.provider.gate.set()
        self.assertEqual(self.session.outcome(dictation)[0], "finished")
        self.wait_for_empty_history()
        self.assert_error("NotFound", dictation)


if __name__ == "__main__":
    tap.main()
