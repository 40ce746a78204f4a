#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Models for this computer: command line and D-Bus, with a mirror on this computer."""

import json
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import unittest

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [TESTS, os.path.join(TESTS, "service")]
# pylint: disable=wrong-import-position
import tap
from fakes.model_mirror import FILE, MODEL, SIZE, Mirror, make_model, write_catalogue
from gi.repository import Gio, GLib
from whis_session import APP_ID, PATH, WhisSession

INTERFACE = "io.github.whis_gtk.Whis1.Models"


class ModelTest(unittest.TestCase):
    """A session whose catalogue has a small model."""

    def setUp(self):
        self.model = self.make_model()
        self.mirror = Mirror(self.model)
        self.addCleanup(self.mirror.close)
        self.session = WhisSession(pulse=False)
        self.addCleanup(self.session.close)
        catalogue = os.path.join(self.session.directory, "catalogue")
        write_catalogue(catalogue, self.model, "https://models.invalid/school-test.bin")
        self.session.environment["WHIS_MODEL_CATALOGUE"] = catalogue
        self.session.environment["WHIS_MODEL_MIRROR"] = self.mirror.address
        # Nobody in these tests may ask another host.
        self.session.environment["GIO_USE_PROXY_RESOLVER"] = "dummy"
        self.events = []
        self.session.bus.signal_subscribe(None, INTERFACE, None, PATH, None,
                                          Gio.DBusSignalFlags.NONE, self.note, None)
        self.session.start_service()

    @staticmethod
    def make_model():
        return make_model()

    def note(self, _bus, _sender, _path, _interface, name, arguments, _data=None):
        self.events.append((name, *arguments.unpack()))

    def wait_for(self, *names):
        """Waits for the first of some signals, and takes it."""
        def find():
            for event in self.events:
                if event[0] in names:
                    self.events.remove(event)
                    return event
            return None
        return self.session.wait_until(find, f"none of {names}")

    def call(self, method, signature=None, *arguments):
        parameters = GLib.Variant(signature, arguments) if signature else None
        return self.session.bus.call_sync(APP_ID, PATH, INTERFACE, method, parameters, None,
                                          Gio.DBusCallFlags.NONE, 120000, None).unpack()

    def row(self):
        """What the service says of the model."""
        (rows,) = self.call("List", "(a{sv})", {})
        return {row["id"]: row for row in rows}[MODEL]

    def path(self, name=FILE):
        return os.path.join(self.session.environment["XDG_DATA_HOME"], "whis", "models", name)

    def read(self, name=FILE):
        with open(self.path(name), "rb") as file:
            return file.read()

    def whis(self, *arguments):
        """Runs the command line; its output, and what it says."""
        result = self.session.whis(*arguments)
        return result.returncode, result.stdout, result.stderr.replace("\u00a0", " ")

    def spawn_whis(self, *arguments, **options):
        return self.session.spawn(self.session.environment["WHIS_PROGRAM"], *arguments,
                                  stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                  **options)

    def wait_until_half(self):
        """Waits until a million bytes are there, and no more come."""
        self.session.wait_until(lambda: self.row()["done"] >= 900_000, "no progress")


class Commands(ModelTest):
    """The command line."""

    def test_list(self):
        status, listed, _said = self.whis("models", "local")
        self.assertEqual(status, 0)
        lines = {line.split()[0]: line.replace("\u00a0", " ") for line in listed.splitlines()}
        self.assertEqual(len(lines), 12)
        self.assertRegex(lines["whisper-tiny"],
                         r"77.7 MB +99 languages +MIT +not here; checksum not yet verified")
        self.assertRegex(lines["parakeet-v3-q8_0"], r"668.8 MB +25 languages +CC-BY-4.0 ")
        self.assertNotIn("pinned", lines["parakeet-v3-q8_0"])
        self.assertIn("address not pinned", lines["parakeet-ultra-q8_0"])
        self.assertRegex(lines[MODEL], r"3.0 MB +en de +MIT +not here")
        self.assertEqual(self.mirror.paths, [])

    def test_fetch(self):
        status, output, said = self.whis("model", "fetch", MODEL)
        self.assertEqual((status, output), (0, ""), said)
        self.assertEqual(said.splitlines(), [
            "Fetching The school's model, 3.0 MB, from 127.0.0.1 (Made for the tests, MIT).",
            f"The model {MODEL} is on this computer now; its checksum is right."])
        self.assertEqual(self.read(), self.model)
        self.assertEqual(os.listdir(os.path.dirname(self.path())).count(FILE + ".part"), 0)
        self.assertEqual(self.mirror.paths, [f"/models/{FILE}"])
        self.assertRegex(self.whis("models", "local")[1], rf"{MODEL} .* here\n")
        # A second time nothing is fetched.
        status, _output, said = self.whis("model", "fetch", MODEL)
        self.assertEqual((status, said), (0, f"The model {MODEL} is on this computer already.\n"))
        self.assertEqual(len(self.mirror.paths), 1)
        self.assertEqual(self.row()["state"], "verified")

    def test_interrupted_and_resumed(self):
        self.mirror.hold_at = 1_000_000
        process = self.spawn_whis("model", "fetch", MODEL)
        self.wait_until_half()
        process.send_signal(signal.SIGINT)
        _output, said = process.communicate(timeout=120)
        self.assertEqual(process.returncode, 130, said)
        self.assertIn("whis: The download was cancelled. 1.0 MB are kept; the next download goes on",
                      said.replace("\u00a0", " "))
        self.assertFalse(os.path.exists(self.path()))
        self.assertEqual(self.row()["state"], "partial")
        self.assertIn("1.0 MB of it here", self.whis("models", "local")[1].replace("\u00a0", " "))
        status, _output, said = self.whis("model", "fetch", MODEL)
        self.assertEqual(status, 0, said)
        self.assertIn("1.0 MB of it are here already.", said)
        self.assertEqual(self.mirror.ranges, [0, 1_000_000])
        self.assertEqual(self.read(), self.model)

    def test_terminal_closed(self):
        """The download is the terminal's, and ends with it."""
        self.mirror.hold_at = 1_000_000
        process = self.spawn_whis("model", "fetch", MODEL)
        self.wait_until_half()
        process.kill()
        process.communicate()
        self.assertEqual(self.wait_for("FetchFailed")[1:3], (MODEL, "cancelled"))
        self.assertEqual(self.row()["done"], 1_000_000)

    def test_progress_on_a_terminal(self):
        self.mirror.hold_at = 1_500_000
        leader, follower = pty.openpty()
        process = self.session.spawn(self.session.environment["WHIS_PROGRAM"], "model", "fetch",
                                     MODEL, stdin=follower, stdout=follower, stderr=follower)
        os.close(follower)
        shown = b""
        while not re.search(rb"\[#+-+\]  *\d+ %", shown):
            shown += os.read(leader, 4096)
        self.mirror.released.set()
        self.assertEqual(process.wait(120), 0)
        os.close(leader)

    def test_wrong_file(self):
        self.mirror.served = make_model(seed=2)
        status, _output, said = self.whis("model", "fetch", MODEL)
        self.assertEqual(status, 1)
        self.assertIn("its checksum is another one", said)
        self.assertFalse(os.path.exists(self.path()))
        self.assertFalse(os.path.exists(self.path(FILE + ".part")))
        self.assertEqual(len(self.mirror.paths), 2)

    def test_other_length(self):
        self.mirror.served = b"<html>Sign in</html>"
        status, _output, said = self.whis("model", "fetch", MODEL)
        self.assertEqual(status, 1)
        self.assertIn("127.0.0.1 gives another file", said)
        self.assertEqual(self.row()["state"], "absent")

    def test_plain_mirror_elsewhere(self):
        self.session.environment["WHIS_MODEL_MIRROR"] = "http://192.0.2.1/models"
        status, _output, said = self.whis("model", "fetch", MODEL)
        self.assertEqual(status, 1)
        self.assertIn("has to begin with https://", said)

    def test_remove(self):
        self.assertEqual(self.whis("model", "fetch", MODEL)[0], 0)
        status, _output, said = self.whis("model", "remove", MODEL)
        self.assertEqual((status, said), (0, f"The model {MODEL} is removed; that frees 3.0 MB.\n"))
        self.assertFalse(os.path.exists(self.path()))
        status, _output, said = self.whis("model", "remove", MODEL)
        self.assertEqual(status, 1)
        self.assertIn("nothing to remove", said)

    def test_check(self):
        self.assertEqual(self.whis("model", "fetch", MODEL)[0], 0)
        self.assertEqual(self.whis("model", "check", MODEL)[0], 0)
        with open(self.path(), "r+b") as file:
            file.seek(1000)
            file.write(b"damage")
        status, _output, said = self.whis("model", "check", MODEL)
        self.assertEqual(status, 1)
        self.assertIn("is damaged", said)
        self.assertIn("damaged", self.whis("models", "local")[1])
        # Fetching it again mends it.
        self.assertEqual(self.whis("model", "fetch", MODEL)[0], 0)
        self.assertEqual(self.read(), self.model)

    def import_file(self, content, name="some file.dat"):
        path = os.path.join(self.session.directory, name)
        with open(path, "wb") as file:
            file.write(content)
        return self.whis("model", "import", path)

    def test_import(self):
        status, _output, said = self.import_file(self.model)
        self.assertEqual(
            (status, said), (0, f"This is the model {MODEL}; it is on this computer now.\n"))
        self.assertEqual(self.row()["state"], "verified")
        self.assertEqual(self.mirror.paths, [])
        status, _output, said = self.import_file(make_model(seed=3), "my own.bin")
        self.assertEqual(status, 0)
        self.assertIn("as my_own; it is not in the catalogue, so it is not verified", said)
        self.assertRegex(self.whis("models", "local")[1], r"my_own .* your own, not verified")
        status, _output, said = self.import_file(b"no model at all")
        self.assertEqual(status, 1)
        self.assertIn("not a model of Whisper or Parakeet", said)
        self.assertEqual(self.whis("model", "import", "/nonexistent")[0], 1)

    def test_models_of_the_service(self):
        """What is there can be chosen, as the models of a service can."""
        self.assertEqual(self.whis("models", "offline")[1], "")
        self.assertEqual(self.whis("model", "fetch", MODEL)[0], 0)
        self.assertRegex(self.whis("models", "offline")[1], rf"^{MODEL} *\n$")
        (providers,) = self.session.call("ListProviders")
        models = {p["id"]: p["models"] for p in providers}
        self.assertEqual(models["offline"], [MODEL])
        self.assertIn("whisper-1", json.dumps(models["openai"]))

    def test_mistakes(self):
        for arguments, complaint in (
                (("model",), "needs a command"), (("model", "eat"), "no command “model eat”"),
                (("model", "fetch"), "Write “whis model fetch NAME”"),
                (("model", "remove", "a", "b"), "Write “whis model remove NAME”"),
                (("models",), "whis models local")):
            with self.subTest(arguments=arguments):
                status, _output, said = self.whis(*arguments)
                self.assertEqual(status, 2)
                self.assertIn(complaint, said)
        for command in ("fetch", "remove", "check"):
            status, _output, said = self.whis("model", command, "nonsense")
            self.assertEqual(status, 1)
            self.assertIn("There is no model “nonsense”", said)


class Callers(ModelTest):
    """Several clients, and callers that go away."""

    def fetch(self, **options):
        typed = {k: GLib.Variant("b" if isinstance(v, bool) else "s", v)
                 for k, v in options.items()}
        self.call("Fetch", "(sa{sv})", MODEL, typed)

    def test_everybody_sees_it(self):
        self.fetch()
        self.assertEqual(self.wait_for("Fetched", "FetchFailed"), ("Fetched", MODEL))
        progress = [event for event in self.events if event[0] == "Progress"]
        self.assertTrue(progress)
        for _name, model, done, total in progress:
            self.assertEqual((model, total), (MODEL, SIZE))
            self.assertLessEqual(done, total)
        self.assertIn(("Changed",), self.events)

    def test_goes_on_without_the_caller(self):
        self.mirror.hold_at = 1_000_000
        self.fetch()
        self.wait_until_half()
        # A terminal that joins and goes away ends nothing.
        process = self.spawn_whis("model", "fetch", MODEL)
        self.assertIn("Fetching", process.stderr.readline())
        self.session.wait_until(lambda: ("Changed",) in self.events, "no change")
        process.kill()
        process.communicate()
        self.assertEqual(self.row()["state"], "fetching")
        self.mirror.released.set()
        self.assertEqual(self.wait_for("Fetched", "FetchFailed"), ("Fetched", MODEL))
        self.assertEqual(self.mirror.ranges, [0])

    def test_cancelled_on_request(self):
        self.mirror.hold_at = 1_000_000
        self.fetch()
        self.wait_until_half()
        self.call("CancelFetch", "(s)", MODEL)
        _name, model, code, message, kept, done = self.wait_for("FetchFailed")
        self.assertEqual((model, code, message),
                         (MODEL, "cancelled", "The download was cancelled."))
        self.assertEqual((kept, done), ("download", 1_000_000))
        with self.assertRaisesRegex(GLib.Error, "not being fetched"):
            self.call("CancelFetch", "(s)", MODEL)

    def test_not_removed_while_fetched(self):
        self.mirror.hold_at = 1_000_000
        self.fetch()
        self.wait_until_half()
        with self.assertRaisesRegex(GLib.Error, "cancel that first"):
            self.call("Remove", "(s)", MODEL)
        self.mirror.released.set()
        self.assertEqual(self.wait_for("Fetched", "FetchFailed"), ("Fetched", MODEL))

    def test_service_killed(self):
        """What had come is there for the next one."""
        self.mirror.hold_at = 1_000_000
        self.fetch()
        self.wait_until_half()
        self.session.kill_service()
        self.assertFalse(os.path.exists(self.path()))
        self.session.start_service()
        self.fetch()
        self.assertEqual(self.wait_for("Fetched", "FetchFailed"), ("Fetched", MODEL))
        self.assertGreaterEqual(self.mirror.ranges[1], 900_000)
        self.assertEqual(self.read(), self.model)

    def test_service_quits(self):
        self.mirror.hold_at = 1_000_000
        self.fetch()
        self.wait_until_half()
        self.session.call("Quit")
        self.session.service.wait(120)
        self.assertEqual(self.session.service.returncode, 0)
        self.assertEqual(os.path.getsize(self.path(FILE + ".part")), 1_000_000)


class Measuring(ModelTest):
    """With the real recogniser and a small model that runs like a real one."""

    @staticmethod
    def make_model():
        with open(os.path.join(os.environ["TEST_MODELS"], "ggml-tiny-test.bin"), "rb") as file:
            return file.read()

    def assert_measured(self, name):
        self.assertEqual(self.wait_for("Measured", "MeasureFailed"), ("Measured", name))
        (rows,) = self.call("List", "(a{sv})", {})
        row = {row["id"]: row for row in rows}[name]
        self.assertGreater(row["times-faster"], 1)
        self.assertGreater(row["peak-memory"], 1_000_000)
        self.assertRegex(self.whis("models", "local")[1],
                         rf"{name} .* times faster than speech, [\d.]+\sMB of memory")

    def test_fetched(self):
        self.assertEqual(self.whis("model", "fetch", MODEL)[0], 0)
        self.assert_measured(MODEL)

    def test_own(self):
        """On request."""
        os.makedirs(os.path.dirname(self.path()))
        shutil.copy(os.path.join(os.environ["TEST_MODELS"], "ggml-tiny-test.bin"),
                    self.path("mine.bin"))
        status, output, said = self.whis("model", "measure", "mine")
        self.assertEqual((status, said), (0, ""))
        self.assertRegex(output, r"^mine: \d+ times faster than speech, ")
        self.assert_measured("mine")

    def test_cannot_be_loaded(self):
        """What the engine says is passed on; the model stays."""
        path = os.path.join(self.session.directory, "random.bin")
        with open(path, "wb") as file:
            file.write(make_model())
        self.assertEqual(self.whis("model", "import", path)[0], 0)
        _name, _model, code, message = self.wait_for("Measured", "MeasureFailed")
        self.assertEqual(code, "failed")
        self.assertTrue(message.endswith("."), message)


class Disk(unittest.TestCase):
    """A disk without room for a model."""

    def test_no_space(self):
        model = make_model()
        mirror = Mirror(model)
        self.addCleanup(mirror.close)
        session = WhisSession(pulse=False)
        self.addCleanup(session.close)
        catalogue = os.path.join(session.directory, "catalogue")
        write_catalogue(catalogue, model, "https://models.invalid/x.bin")
        session.environment["WHIS_MODEL_CATALOGUE"] = catalogue
        session.environment["WHIS_MODEL_MIRROR"] = mirror.address
        data = session.environment["XDG_DATA_HOME"]
        os.makedirs(data)
        program = session.environment["WHIS_SERVICE_PROGRAM"]
        script = f"mount -t tmpfs -o size=100m tmpfs {data} && exec {program}"
        private = ["--mount"] if os.getuid() == 0 else ["--mount", "--user", "--map-root-user"]
        with open(session.log_path, "w", encoding="utf-8") as log:
            session.service = session.spawn("unshare", *private, "sh", "-c", script, stdout=log,
                                            stderr=log)
        session.wait_until(session.has_service, "the service does not come")
        result = session.whis("model", "fetch", MODEL)
        self.assertEqual(result.returncode, 1)
        self.assertIn("There is not enough space: 203.0 MB are needed",
                      result.stderr.replace("\u00a0", " "))
        self.assertEqual(mirror.paths, [])


if __name__ == "__main__":
    tap.main()
