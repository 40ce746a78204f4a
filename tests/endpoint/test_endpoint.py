#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The recogniser for other programs: real clients over the loopback, and everybody who is refused."""

import http.client
import io
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import unittest
import wave

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [TESTS, os.path.join(TESTS, "service")]
# pylint: disable=wrong-import-position
import tap
from fakes.fake_recogniser import TEXT
from gi.repository import Gio, GLib
from watched_session import BusTrace, forms_of_key
from whis_session import APP_ID, PATH, SPEECH, WhisSession

INTERFACE = "io.github.whis_gtk.Whis1.Endpoint"
CARD = "/usr/share/pocketsphinx/test/data/cards/001.wav"
TRANSCRIPTIONS = "/v1/audio/transcriptions"
BOUNDARY = "a-boundary"


def free_port():
    """A port that nobody listens at, on both loopback addresses."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def part(name, value, filename=None):
    """A part of a form."""
    file = f'; filename="{filename}"' if filename else ""
    return (f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'.encode()
            + (value if isinstance(value, bytes) else value.encode()) + b"\r\n")


def form(*fields, file=None):
    """A form with a file and fields, as a client sends it."""
    if file is None:
        with open(CARD, "rb") as card:
            file = card.read()
    return (b"".join(part(name, value) for name, value in fields) + part("file", file, "x.wav")
            + f"--{BOUNDARY}--\r\n".encode())


FORM_TYPE = f"multipart/form-data; boundary={BOUNDARY}"


class Answer:
    """What came back."""

    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read().decode()

    def json(self):
        return json.loads(self.body)

    def error(self):
        """The code of OpenAI's error."""
        error = self.json()["error"]
        assert set(error) == {"message", "type", "param", "code"}, error
        assert error["message"].rstrip(")").endswith("."), error
        return error["code"]


class EndpointTest(unittest.TestCase):
    """A session with an endpoint that is switched on."""

    def begin(self, requests="", fake=True, on=True, **variables):
        """Starts Whis, with a recogniser that obeys or with the real one."""
        self.session = WhisSession(pulse=False)
        self.addCleanup(self.session.close)
        self.count = os.path.join(self.session.directory, "count")
        if fake:
            variables["WHIS_OFFLINE_PROGRAM"] = os.path.join(TESTS, "fakes", "fake_recogniser.py")
        self.session.environment.update(FAKE_RECOGNISER_COUNT=self.count, FAKE_RECOGNISER=requests,
                                        FAKE_RECOGNISER_START="", **variables)
        self.port = free_port()
        # What the user chose for dictations is of no account here.
        self.session.settings(endpoint_port=str(self.port), provider="groq")
        self.session.start_service()
        self.addCleanup(self.check_log)
        if on:
            self.switch_on()

    def check_log(self):
        """Nothing went wrong that is a mistake of the program."""
        found = [line for line in self.session.read_log().splitlines()
                 if "CRITICAL" in line or "WARNING" in line]
        self.assertEqual(found[:5], [])

    def switch_on(self):
        result = self.session.whis("endpoint", "on")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.key = self.read_key()

    def read_key(self, *arguments):
        result = self.session.whis("endpoint", "key", *arguments)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout.strip()

    def address(self):
        """What the service says on the bus."""
        answer = self.session.bus.call_sync(APP_ID, PATH, "org.freedesktop.DBus.Properties", "Get",
                                            GLib.Variant("(ss)", (INTERFACE, "Address")), None,
                                            Gio.DBusCallFlags.NONE, 120000, None)
        return answer.unpack()[0]

    def connect(self, host="127.0.0.1"):
        connection = http.client.HTTPConnection(host, self.port, timeout=500)
        self.addCleanup(connection.close)
        return connection

    def ask(self, method="GET", path="/v1/models", body=None, host="127.0.0.1", key=None, **headers):
        """Asks with the key, unless another is given; two underscores in a header are a hyphen."""
        connection = self.connect(host)
        sent = {"Authorization": f"Bearer {self.key if key is None else key}"}
        if body is not None:
            sent["Content-Type"] = FORM_TYPE
        sent.update({name.replace("__", "-"): value for name, value in headers.items()})
        connection.request(method, path, body,
                           {name: value for name, value in sent.items() if value is not None})
        return Answer(connection.getresponse())

    def post(self, *fields, file=None, **options):
        return self.ask("POST", TRANSCRIPTIONS, form(*fields, file=file), **options)

    def send_headers(self, **headers):
        """Begins a request for a transcription whose body is to follow; its connection."""
        connection = self.connect()
        connection.putrequest("POST", TRANSCRIPTIONS)
        for name, value in {"Authorization": f"Bearer {self.key}", "Content-Type": FORM_TYPE,
                            **{n.replace("__", "-"): v for n, v in headers.items()}}.items():
            connection.putheader(name, value)
        connection.endheaders()
        return connection

    def n_requests(self):
        """How many pieces the recogniser was given."""
        path = f"{self.count}-requests"
        if not os.path.exists(path):
            return 0
        with open(path, encoding="utf-8") as file:
            return len(file.readlines())

    def leftovers(self):
        """Files of sound that are somewhere below the home."""
        found = []
        for directory, _names, files in os.walk(self.session.directory):
            found += [os.path.join(directory, name) for name in files
                      if name.endswith((".mp3", ".wav")) or name.startswith("upload-")]
        return found


class Answers(EndpointTest):
    """Those who may ask."""

    def test_formats(self):
        """Each format has the same words."""
        self.begin(FAKE_RECOGNISER_WORDS="yes")
        plain = self.post()
        self.assertEqual(plain.status, 200, plain.body)
        self.assertEqual(plain.headers["Content-Type"], "application/json")
        self.assertEqual(plain.headers["Cache-Control"], "no-store")
        self.assertIsNone(plain.headers["Access-Control-Allow-Origin"])
        self.assertEqual(plain.json(), {"text": TEXT, "usage": {"type": "duration", "seconds": 2}})

        answer = self.post(("response_format", "text"), ("temperature", "0"), ("language", "en"),
                           ("prompt", "Sense and Sensibility"), ("model", "whisper-1"))
        self.assertEqual((answer.status, answer.body), (200, TEXT + "\n"))
        self.assertTrue(answer.headers["Content-Type"].startswith("text/plain"))

        # A field without a value is none.
        answer = self.post(("response_format", ""), ("temperature", " "), ("language", ""),
                           ("model", ""), ("prompt", ""), ("timestamp_granularities[]", ""))
        self.assertEqual(answer.json(), plain.json())

        verbose = self.post(("response_format", "verbose_json")).json()
        self.assertEqual((verbose["task"], verbose["text"]), ("transcribe", TEXT))
        self.assertGreater(verbose["duration"], 1)
        self.assertNotIn("words", verbose)
        self.assertEqual(" ".join(s["text"] for s in verbose["segments"]), TEXT)
        self.assertLess(verbose["segments"][0]["start"], verbose["segments"][0]["end"])

        subtitles = self.post(("response_format", "srt")).body
        self.assertRegex(subtitles, rf"^1\n00:00:00,000 --> 00:00:01,\d{{3}}\n{TEXT}\n$")
        subtitles = self.post(("response_format", "vtt")).body
        self.assertRegex(subtitles, rf"^WEBVTT\n\n00:00:00.000 --> 00:00:01.\d{{3}}\n{TEXT}\n$")

    def test_wishes_are_passed_on(self):
        """To the recogniser, with the user's own hint and language left out."""
        self.begin()
        self.session.settings(language="fr", prompt="Of the settings")
        self.assertEqual(self.post().status, 200)
        self.assertEqual(self.post(("temperature", "0.25"), ("language", "pt-BR"), ("model", "english"),
                                   ("prompt", "Sense and Sensibility")).status, 200)
        with open(f"{self.count}-forms", encoding="utf-8") as file:
            plain, wished = [json.loads(line) for line in file]
        for field in ("temperature", "language", "prompt"):
            self.assertNotIn(field, plain)
        self.assertEqual((wished["temperature"], wished["language"], wished["prompt"],
                          wished["model"]), ("0.25", "pt", "Sense and Sensibility", "english"))

    @unittest.skipUnless("TEST_MODELS" in os.environ, "whisper.cpp is not built in")
    def test_model(self):
        """A model on this computer is listed, and hears by its name."""
        self.begin(fake=False, on=False)
        models = os.path.join(self.session.environment["XDG_DATA_HOME"], "whis", "models")
        os.makedirs(models)
        shutil.copy(os.path.join(os.environ["TEST_MODELS"], "ggml-tiny-test.bin"), models)
        self.switch_on()
        names = [model["id"] for model in self.ask().json()["data"]]
        self.assertEqual(len(names), 2, names)
        answer = self.post(("model", names[1]), ("response_format", "verbose_json"),
                           ("timestamp_granularities[]", "word"))
        self.assertEqual(answer.status, 200, answer.body)
        self.assertEqual(" ".join(word["word"] for word in answer.json()["words"]),
                         answer.json()["text"])

    def test_nothing_is_kept(self):
        """Neither sound nor text, in the history, on the clipboard, in the log or on the disk."""
        self.begin()
        self.assertEqual(self.post().json()["text"], TEXT)
        self.assertEqual(self.session.whis("history").stdout, "")
        self.assertEqual(self.session.whis("last").stdout, "")
        self.assertEqual(len(self.session.whis("stats").stdout.splitlines()), 1)
        self.assertEqual(self.session.events, [])
        self.assertEqual(self.leftovers(), [])
        self.assertNotIn(TEXT, self.session.read_log())
        for where, _names, files in os.walk(self.session.directory):
            for path in (os.path.join(where, name) for name in files):
                if not os.path.isfile(path):
                    continue
                with open(path, "rb") as file:
                    self.assertNotIn(TEXT.encode(), file.read(), path)

    def test_no_service(self):
        """Sound goes to this computer, also where the user chose a service, and a second one."""
        with socket.create_server(("127.0.0.1", 0)) as service:
            service.setblocking(False)
            address = f"http://127.0.0.1:{service.getsockname()[1]}/v1"
            self.begin("die:9 die:9 die:9 die:9 die:9 die:9 die:9 die:9")
            self.session.settings(addresses__custom=address, provider="custom",
                                  models__custom="any", addresses__speaches=address,
                                  models__speaches="any", fallback_provider="speaches")
            answer = self.post()
            self.assertEqual((answer.status, answer.error()), (503, "recogniser_unavailable"),
                             answer.body)
            with self.assertRaises(BlockingIOError):
                service.accept()

    def test_curl(self):
        """Another client, which sends its headers first, and the real recogniser."""
        self.begin(fake=False)
        with open(SPEECH, "rb") as file:
            samples = file.read()
        # More than a megabyte, so that curl waits for "100 Continue"; silence follows.
        large = os.path.join(self.session.directory, "large.wav")
        with open(large, "wb") as file:
            file.write(samples[:4] + b"\xff\xff\xff\x7f" + samples[8:40] + b"\xff\xff\xff\x7f"
                       + samples[44:] + bytes(1_100_000))
        result = subprocess.run(
            ["curl", "--silent", "--show-error", "--fail-with-body", "--form", f"file=@{large}",
             "--form", "model=whisper-1", "--form", "response_format=text", "--header",
             f"Authorization: Bearer {self.key}", f"http://localhost:{self.port}{TRANSCRIPTIONS}"],
            capture_output=True, text=True, timeout=500, check=False)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertIn("he was not", result.stdout)

    def test_models(self):
        self.begin()
        answer = self.ask()
        self.assertEqual(answer.status, 200)
        self.assertEqual(answer.json(), {"object": "list", "data": [
            {"id": "whisper-1", "object": "model", "created": 0, "owned_by": "whis"}]})
        if socket.has_ipv6 and os.path.exists("/proc/net/if_inet6"):
            with open("/proc/net/if_inet6", encoding="ascii") as file:
                if " lo\n" in file.read():
                    self.assertEqual(self.ask(host="::1").status, 200)

    def test_words(self):
        """Words with times, from a model that has them."""
        self.begin(FAKE_RECOGNISER_WORDS="yes")
        fields = [("response_format", "verbose_json"), ("timestamp_granularities[]", "word")]
        answer = self.post(*fields).json()
        self.assertNotIn("segments", answer)
        self.assertEqual([word["word"] for word in answer["words"]], TEXT.split())
        self.assertTrue(all(0 <= w["start"] <= w["end"] <= answer["duration"]
                            for w in answer["words"]), answer)
        self.assertGreater(answer["words"][-1]["start"], answer["words"][0]["start"])
        answer = self.post(*fields, ("timestamp_granularities[]", "segment")).json()
        self.assertEqual(len(answer["words"]), len(TEXT.split()))
        self.assertEqual([segment["text"] for segment in answer["segments"]], [TEXT])

    def test_silence(self):
        """No words are no error."""
        self.begin()
        sound = io.BytesIO()
        with wave.open(sound, "wb") as file:
            file.setparams((1, 2, 16000, 0, "NONE", ""))
            file.writeframes(bytes(64000))
        answer = self.post(file=sound.getvalue())
        self.assertEqual(answer.status, 200, answer.body)
        self.assertEqual(answer.json()["text"], "")

    def test_wrong_values(self):
        """What cannot be done is said, with the field that is wrong."""
        self.begin(fake=False)
        for fields, file, status, code, param in (
                ([("model", "no-such-model")], None, 404, "model_not_found", "model"),
                ([("language", "de")], None, 400, "unsupported_language", "language"),
                ([("language", "../../x")], None, 400, "invalid_value", "language"),
                ([("temperature", "2")], None, 400, "invalid_value", "temperature"),
                ([("temperature", "warm")], None, 400, "invalid_value", "temperature"),
                ([("response_format", "diarized_json")], None, 400, "invalid_value",
                 "response_format"),
                ([("timestamp_granularities[]", "letter")], None, 400, "invalid_value",
                 "timestamp_granularities[]"),
                ([("stream", "true")], None, 400, "invalid_value", "stream"),
                ([], b"", 400, "invalid_audio", "file"),
                ([], b"this is no sound at all" * 100, 400, "invalid_audio", "file")):
            with self.subTest(fields=fields, file=file):
                answer = self.post(*fields, file=file)
                self.assertEqual((answer.status, answer.error()), (status, code), answer.body)
                self.assertEqual(answer.json()["error"]["param"], param)
        self.assertEqual(self.leftovers(), [])


class Refusals(EndpointTest):
    """Those who may not ask."""

    def setUp(self):
        self.begin()

    def assert_refused(self, answer, status, code):
        self.assertEqual((answer.status, answer.error()), (status, code), answer.body)
        self.assertIsNone(answer.headers["Access-Control-Allow-Origin"])
        self.assertEqual(self.n_requests(), 0)

    def test_without_key(self):
        for authorization in (None, "", "Bearer", "Bearer ", f"Basic {self.key}", self.key,
                              f"Bearer {self.key[:-1]}", f"Bearer {self.key}0",
                              f"Bearer {self.key[:-1]}g", f"Bearer {self.key}, Bearer {self.key}"):
            with self.subTest(authorization):
                for answer in (self.ask(Authorization=authorization),
                               self.post(Authorization=authorization)):
                    self.assert_refused(answer, 401, "invalid_api_key")
                    self.assertEqual(answer.headers["WWW-Authenticate"], "Bearer")
        self.assertEqual(self.ask(Authorization=f"bearer {self.key}").status, 200)

    def test_other_host(self):
        """A page whose name was made to lead here (DNS rebinding)."""
        for host in ("evil.example", f"evil.example:{self.port}", "127.0.0.1.evil.example",
                     "localhost.evil.example", "127.0.0.1:1", "0.0.0.0", "127.0.0.2", "[::2]"):
            with self.subTest(host):
                self.assert_refused(self.ask(Host=host), 403, "wrong_host")
                self.assert_refused(self.post(Host=host), 403, "wrong_host")
        for host in ("localhost", f"LocalHost:{self.port}", "127.0.0.1", f"[::1]:{self.port}"):
            with self.subTest(host):
                self.assertEqual(self.ask(Host=host).status, 200)

    def test_browser(self):
        """Pages, with the key or without."""
        for origin in ("https://evil.example", "http://localhost", "null",
                       f"http://127.0.0.1:{self.port}"):
            with self.subTest(origin):
                self.assert_refused(self.ask(Origin=origin), 403, "origin_refused")
                self.assert_refused(self.post(Origin=origin), 403, "origin_refused")
                preflight = self.ask("OPTIONS", TRANSCRIPTIONS, Origin=origin, Authorization=None,
                                     Access__Control__Request__Method="POST")
                self.assert_refused(preflight, 403, "origin_refused")

    def test_paths_and_methods(self):
        self.assert_refused(self.ask(path="/"), 404, "not_found")
        self.assert_refused(self.ask(path="/v1/chat/completions"), 404, "not_found")
        answer = self.ask(path=TRANSCRIPTIONS)
        self.assert_refused(answer, 405, "method_not_allowed")
        self.assertEqual(answer.headers["Allow"], "POST")
        self.assert_refused(self.ask("DELETE"), 405, "method_not_allowed")

    def test_no_form(self):
        for content_type in (None, "application/json", "multipart/form-data",
                             "multipart/form-data; boundary=", "multipart/mixed; boundary=x"):
            with self.subTest(content_type):
                self.assert_refused(self.post(Content__Type=content_type), 400, "invalid_form")
        whole = form()
        for body in (b"", b"{}", whole[:-10], whole.replace(b"a-boundary--", b"b-boundary--"),
                     b"x" * 100_000):
            with self.subTest(body[:20]):
                answer = self.ask("POST", TRANSCRIPTIONS, body)
                self.assert_refused(answer, 400, "invalid_form")
        answer = self.ask("POST", TRANSCRIPTIONS, part("model", "x") + b"--a-boundary--\r\n")
        self.assert_refused(answer, 400, "invalid_audio")
        twice = form()[:-len(f"--{BOUNDARY}--\r\n")] + form()
        self.assert_refused(self.ask("POST", TRANSCRIPTIONS, twice), 400, "invalid_value")

    def test_too_large(self):
        """What says so at once is not read; what does not say how much it is, to the limit alone."""
        connection = self.send_headers(Content__Length=str(300 * 1024 * 1024),
                                       Expect="100-continue")
        self.assert_refused(Answer(connection.getresponse()), 413, "file_too_large")

        connection = self.send_headers(Transfer__Encoding="chunked")
        connection.send(self.chunk(part("file", b"", "x.wav")[:-2]))
        piece = self.chunk(bytes(1024 * 1024))
        for _ in range(257):
            connection.send(piece)
        connection.send(b"0\r\n\r\n")
        self.assert_refused(Answer(connection.getresponse()), 413, "file_too_large")
        self.assertEqual(self.leftovers(), [])

    @staticmethod
    def chunk(data):
        return f"{len(data):x}\r\n".encode() + data + b"\r\n"

    def test_other_addresses(self):
        """It listens on the loopback alone."""
        listening = []
        for table in ("tcp", "tcp6"):
            path = f"/proc/net/{table}"
            if not os.path.exists(path):
                continue
            with open(path, encoding="ascii") as file:
                for line in file.readlines()[1:]:
                    address, port = line.split()[1].split(":")
                    if int(port, 16) == self.port and line.split()[3] == "0A":
                        listening.append(address)
        self.assertIn("0100007F", listening)
        self.assertLessEqual(set(listening), {"0100007F", "0" * 24 + "01000000"})


class Work(EndpointTest):
    """Many at a time, slow ones, and those who go away."""

    def test_queue_and_limit(self):
        """They are worked on in their order; more than eight are told to come again."""
        self.begin("hang")
        first = self.send_headers(Content__Length=str(len(form())))
        first.send(form())
        self.session.wait_until(lambda: self.n_requests() == 1, "nothing is worked on")
        others = []
        for _ in range(7):
            connection = self.send_headers(Content__Length=str(len(form())))
            connection.send(form())
            others.append(connection)
        answers = []
        def find_limit():
            answer = self.post()
            answers.append(answer)
            return answer.status == 429
        self.session.wait_until(find_limit, "there is no limit")
        self.assertEqual(answers[-1].error(), "rate_limit_exceeded")
        self.assertGreater(int(answers[-1].headers["Retry-After"]), 0)
        self.assertEqual(self.n_requests(), 1)
        # The first one leaves; all the others are answered.
        first.close()
        for connection in others:
            answer = Answer(connection.getresponse())
            self.assertEqual((answer.status, answer.json()["text"]), (200, TEXT), answer.body)
        self.assertEqual(self.post().status, 200)

    def test_client_leaves(self):
        """Its work ends, in the recogniser too, and its sound is gone."""
        self.begin("hang")
        connection = self.send_headers(Content__Length=str(len(form())))
        connection.send(form())
        self.session.wait_until(lambda: self.n_requests() == 1, "nothing is worked on")
        connection.close()
        self.session.wait_until(lambda: not self.leftovers(), "its sound stays")
        self.assertEqual(self.post().json()["text"], TEXT)

    def test_client_leaves_while_sending(self):
        self.begin()
        body = form()
        for size in (0, 10, 200, len(body) - 1):
            connection = self.send_headers(Content__Length=str(len(body)))
            connection.send(body[:size])
            connection.close()
        self.assertEqual(self.post().json()["text"], TEXT)
        self.assertEqual(self.leftovers(), [])

    def test_slow(self):
        """Who sends nothing, or a little at a time, does not keep others out."""
        self.begin(WHIS_ENDPOINT_TIMEOUT_MS="100")
        silent = [socket.create_connection(("127.0.0.1", self.port)) for _ in range(32)]
        half = self.send_headers_when_possible()
        half.send(form()[:1000])
        for connection in silent:
            connection.settimeout(120)
            self.assertEqual(connection.recv(1), b"")
            connection.close()
        half.sock.settimeout(120)
        self.assertEqual(half.sock.recv(1), b"")
        # One byte after the other is no better.
        self.assertTrue(self.trickle())
        self.assertEqual(self.post().json()["text"], TEXT)

    def send_headers_when_possible(self):
        """When others hold all connections they are closed soon."""
        def attempt():
            try:
                return self.send_headers(Content__Length=str(len(form())))
            except OSError:
                return None
        return self.session.wait_until(attempt, "no connection is taken")

    def trickle(self):
        """Sends a byte at a time; whether that is ended before the last one."""
        connection = self.send_headers(Content__Length=str(len(form())))
        ended = threading.Event()
        try:
            for byte in form():
                connection.send(bytes([byte]))
                ended.wait(0.05)
        except OSError:
            return True
        return False

    def test_no_model(self):
        """One sentence, and a status that says that it is no fault of the request."""
        self.begin(WHIS_OFFLINE_PROGRAM="/nowhere/whis-offline", fake=False)
        answer = self.post()
        self.assertEqual((answer.status, answer.error()), (503, "recogniser_unavailable"),
                         answer.body)
        self.assertEqual(self.ask().status, 200)
        self.session.close()
        # What the real one says and does when there is none.
        path = os.path.join(tempfile.mkdtemp(), "whis-offline")
        self.addCleanup(shutil.rmtree, os.path.dirname(path))
        with open(path, "w", encoding="utf-8") as file:
            file.write("#!/bin/sh\necho 'whis-offline: There is no model here.' >&2\nexit 3\n")
        os.chmod(path, 0o700)
        self.begin(WHIS_OFFLINE_PROGRAM=path, fake=False)
        answer = self.post()
        self.assertEqual((answer.status, answer.error()), (503, "recogniser_unavailable"),
                         answer.body)
        self.assertIn("There is no model here.", answer.json()["error"]["message"])

    def test_dying_recogniser(self):
        """The successor answers; where all die it is said."""
        self.begin("die:9")
        self.assertEqual(self.post().json()["text"], TEXT)


class Switch(EndpointTest):
    """On, off, and the key."""

    def assert_closed(self):
        with self.assertRaises(ConnectionRefusedError):
            self.connect().connect()

    def test_off_by_default(self):
        self.begin(on=False)
        self.assert_closed()
        result = self.session.whis("endpoint", "status")
        self.assertEqual((result.returncode, result.stdout), (0, "off\n"))
        result = self.session.whis("endpoint", "key")
        self.assertEqual(result.returncode, 1)
        self.assertIn("There is no key yet", result.stderr)
        self.assertEqual(self.address(), "")
        self.assertEqual(self.session.whis("settings", "endpoint").stdout, "false\n")
        # The port that is documented.
        self.session.whis("settings", "endpoint-port", "9447")
        self.assertEqual(self.session.whis("settings", "endpoint-port").stdout, "9447\n")

    def test_on_and_off(self):
        self.begin()
        self.assertEqual(self.session.whis("endpoint", "status").stdout,
                         f"http://127.0.0.1:{self.port}/v1\n")
        self.assertEqual(self.session.whis("settings", "endpoint").stdout, "true\n")
        self.assertEqual(self.ask().status, 200)
        # Another port is another address, at once; the setting alone does it.
        before, self.port = self.port, free_port()
        self.session.settings(endpoint_port=str(self.port))
        self.session.wait_until(lambda: self.address().endswith(f":{self.port}/v1"), "no new port")
        self.assertEqual(self.ask().status, 200)
        with self.assertRaises(ConnectionRefusedError):
            http.client.HTTPConnection("127.0.0.1", before).connect()
        self.assertEqual(self.session.whis("endpoint", "off").returncode, 0)
        self.assert_closed()
        self.session.settings(endpoint="true")
        self.session.wait_until(self.address, "the setting does nothing")
        self.assertEqual(self.ask().status, 200)

    def test_started_by_status(self):
        """A service that has just started says where it listens, not that it does not yet."""
        self.begin()
        self.session.service.terminate()
        self.assertEqual(self.session.service.wait(120), 0)
        result = self.session.whis("endpoint", "status")
        self.assertEqual((result.returncode, result.stdout),
                         (0, f"http://127.0.0.1:{self.port}/v1\n"), result.stderr)
        self.assertEqual(self.session.whis("quit").returncode, 0)

    def test_off_while_working(self):
        """What is asked for ends, and nothing is left."""
        self.begin("hang")
        connection = self.send_headers(Content__Length=str(len(form())))
        connection.send(form())
        self.session.wait_until(lambda: self.n_requests() == 1, "nothing is worked on")
        self.assertEqual(self.session.whis("endpoint", "off").returncode, 0)
        with self.assertRaises((http.client.HTTPException, OSError)):
            connection.getresponse()
        self.session.wait_until(lambda: not self.leftovers(), "its sound stays")
        self.switch_on()
        self.assertEqual(self.post().json()["text"], TEXT)

    def test_port_taken(self):
        """Nothing is switched on, and it is said why; the same on the other loopback address."""
        self.begin(on=False)
        families = [(socket.AF_INET, "127.0.0.1")]
        if os.path.exists("/proc/net/if_inet6"):
            families.append((socket.AF_INET6, "::1"))
        for family, host in families:
            with self.subTest(host), socket.socket(family) as other:
                try:
                    other.bind((host, self.port))
                except OSError:
                    continue
                other.listen()
                result = self.session.whis("endpoint", "on")
                self.assertEqual(result.returncode, 1)
                self.assertIn(f"port {self.port} already", result.stderr)
                self.assertEqual(self.session.whis("settings", "endpoint").stdout, "false\n")
                self.assertEqual(self.session.whis("endpoint", "status").returncode, 1)

    def test_new_key(self):
        self.begin()
        self.assertRegex(self.key, r"^whis-[0-9a-f]{64}$")
        self.assertEqual(self.read_key(), self.key)
        new = self.read_key("--new")
        self.assertNotEqual(new, self.key)
        self.assertEqual(self.ask().status, 401)
        self.assertEqual(self.ask(key=new).status, 200)

    def test_key_leaves_no_trace(self):
        """It is in the keyring, and comes back from there; on the bus, in logs and files it is not."""
        self.begin(on=False)
        keyring = self.session.spawn(
            "gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets",
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        keyring.stdin.write(b"password")
        keyring.stdin.close()
        self.session.wait_until(
            lambda: subprocess.run(["gdbus", "wait", "--session", "--timeout", "1",
                                    "org.freedesktop.secrets"], check=False,
                                   env=self.session.environment,
                                   capture_output=True).returncode == 0, "no keyring comes")
        trace = BusTrace(self.session)
        self.switch_on()
        self.assertEqual(self.post().status, 200)
        stored = subprocess.run(["secret-tool", "lookup", "provider", "endpoint", "xdg:schema",
                                 APP_ID], env=self.session.environment, capture_output=True,
                                text=True, check=False).stdout
        self.assertEqual(stored, self.key)
        ours = [data for name, data in trace.messages() if "secrets" not in name.lower()]
        for form_of_key in forms_of_key(self.key):
            self.assertFalse(any(form_of_key in data for data in ours))
        self.assertNotIn(self.key[:20], self.session.read_log())
        self.assertNotIn(TEXT, self.session.read_log())
        listed = self.session.whis("settings", "--list").stdout
        self.assertNotIn(self.key[:20], listed)
        for directory in ("data", "config", "cache"):
            for where, _names, files in os.walk(os.path.join(self.session.directory, directory)):
                for name in files:
                    if "keyrings" in where:
                        continue
                    with open(os.path.join(where, name), "rb") as file:
                        self.assertNotIn(self.key[:20].encode(), file.read(), name)
        # The next run of the service answers to the same key.
        self.session.service.terminate()
        self.assertEqual(self.session.service.wait(120), 0)
        self.session.start_service()
        self.session.wait_until(self.address, "it is not switched on again")
        self.assertEqual(self.ask().status, 200)

    def test_leftovers_of_a_crash(self):
        """Sound that a killed service had in the works is gone when the next one has started."""
        self.begin("hang")
        connection = self.send_headers(Content__Length=str(len(form())))
        connection.send(form())
        self.session.wait_until(lambda: self.n_requests() == 1, "nothing is worked on")
        self.assertTrue(self.leftovers())
        for path in self.leftovers():
            self.assertEqual(os.stat(path).st_mode & 0o077, 0)
            self.assertEqual(os.stat(os.path.dirname(path)).st_mode & 0o077, 0)
        self.session.kill_service()
        self.session.start_service()
        self.session.wait_until(lambda: not self.leftovers(), "its sound stays")
        self.session.wait_until(self.address, "it is not switched on again")


if __name__ == "__main__":
    tap.main()
