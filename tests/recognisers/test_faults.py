#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A recogniser that dies, hangs or talks nonsense: no piece is lost, and one sentence says why."""

import os
import pty
import signal
import subprocess
import sys
import unittest

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [TESTS, os.path.join(TESTS, "service")]
# pylint: disable=wrong-import-position
import tap
from fakes.fake_recogniser import GPU, TEXT
from fakes.model_mirror import make_model
from gi.repository import Gio, GLib
from whis_session import APP_ID, PATH, SPEECH, WhisSession

MODELS = "io.github.whis_gtk.Whis1.Models"

CARDS = [f"/usr/share/pocketsphinx/test/data/cards/00{number}.wav" for number in (1, 2, 3, 4)]


class FaultTest(unittest.TestCase):
    """A session with a recogniser that obeys."""

    def begin(self, requests="", starts="", pulse=False, **variables):
        """Makes a session; what goes wrong is fixed before its service starts."""
        self.session = WhisSession(pulse=pulse)
        self.addCleanup(self.session.close)
        self.count = os.path.join(self.session.directory, "count")
        self.session.environment.update(
            WHIS_OFFLINE_PROGRAM=os.path.join(TESTS, "fakes", "fake_recogniser.py"),
            FAKE_RECOGNISER_COUNT=self.count, FAKE_RECOGNISER=requests,
            FAKE_RECOGNISER_START=starts, **variables)
        self.session.settings(provider="offline")

    def lines(self, kind):
        """What was counted."""
        path = f"{self.count}-{kind}"
        if not os.path.exists(path):
            return []
        with open(path, encoding="utf-8") as file:
            return file.read().splitlines()

    def assert_heard(self, *files):
        """Every file has its text, exactly once."""
        result = self.session.whis("transcribe", *files, timeout=300)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(result.stdout.count(TEXT), len(files), result.stdout)

    def assert_refused(self, *parts):
        """It fails with one sentence that has these in it."""
        result = self.session.whis("transcribe", CARDS[0], timeout=300)
        self.assertEqual((result.returncode, result.stdout), (1, ""), result.stderr)
        for part in parts:
            self.assertIn(part, result.stderr)


class Deaths(FaultTest):
    """Signals."""

    def test_once_each(self):
        """Whatever ends it in the midst of a piece, the piece is recognised by its successor."""
        for number in (signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT, signal.SIGILL):
            with self.subTest(number):
                self.begin(f"fine die:{int(number)}")
                self.assert_heard(*CARDS[:3])
                self.assertEqual(len(self.lines("starts")), 2)
                self.assertEqual(len(self.lines("requests")), 4)

    def test_illegal_instruction(self):
        """The successor uses the plain variant, and that is said."""
        self.begin("die:4")
        self.session.start_service()
        self.assert_heard(CARDS[0])
        first, second = self.lines("starts")
        self.assertNotIn("--plain-processor", first)
        self.assertIn("--plain-processor", second)
        checked = self.session.whis("key", "check", "offline")
        self.assertIn("slower than it could be", checked.stdout + checked.stderr)

    def test_memory(self):
        """The next smaller model is offered and not taken."""
        self.begin("die:9 die:9 die:9 die:9 die:9", FAKE_RECOGNISER_SMALLER="ggml-base-q5_1")
        self.session.settings(models__offline="ggml-small-q8_0")
        self.assert_refused("memory", "such as ggml-base-q5_1")
        for start in self.lines("starts"):
            self.assertIn("--model ggml-small-q8_0", start)

    def test_abort(self):
        self.begin("die:6 die:6 die:6 die:6 die:6")
        self.assert_refused("several times in a row", "fetch it again")

    def test_at_start(self):
        """After three times within a minute nobody starts it a fourth time."""
        self.begin(starts="die:11 die:11 die:11 die:11")
        self.assert_refused("several times in a row")
        self.assertEqual(len(self.lines("starts")), 3)


class Silence(FaultTest):
    """What does not come."""

    def test_hang_once(self):
        """It is ended, also when it does not end by itself, and its successor answers."""
        self.begin("fine hang", WHIS_OFFLINE_LIMIT_MS="1")
        self.assert_heard(*CARDS[:2])
        self.assertEqual(len(self.lines("starts")), 2)

    def test_hang(self):
        self.begin("hang hang hang hang", WHIS_OFFLINE_LIMIT_MS="1")
        self.assert_refused("did not finish in time", "smaller model")

    def test_nonsense_once(self):
        """It is asked again."""
        self.begin("nonsense")
        self.assert_heard(CARDS[0])
        self.assertEqual(len(self.lines("requests")), 2)

    def test_nonsense(self):
        """What was recorded stays, and the next request is answered."""
        self.begin("nonsense nonsense")
        self.assert_refused("makes no sense", "as it was")
        self.assert_heard(CARDS[0])


class CalibrationTest(FaultTest):
    """A session with a model of the user's own that can be measured."""

    MODEL = "my-model"

    def measure(self, orders, pulse=False, requests="", **variables):
        """Makes a session with a model of the user's own, and starts its service."""
        self.begin(requests, FAKE_RECOGNISER_CALIBRATION=orders, pulse=pulse, **variables)
        os.makedirs(os.path.dirname(self.path()))
        with open(self.path(), "wb") as file:
            file.write(make_model())
        self.events = []
        self.session.bus.signal_subscribe(None, MODELS, None, PATH, None,
                                          Gio.DBusSignalFlags.NONE, self.note)
        self.session.start_service()

    def path(self):
        return os.path.join(self.session.environment["XDG_DATA_HOME"], "whis", "models",
                            f"{self.MODEL}.bin")

    def note(self, _bus, _sender, _path, _interface, name, arguments):
        self.events.append((name, *arguments.unpack()))

    def call(self, method):
        return self.session.bus.call_sync(APP_ID, PATH, MODELS, method,
                                          GLib.Variant("(s)", (self.MODEL,)), None,
                                          Gio.DBusCallFlags.NONE, 120000, None).unpack()

    def row(self):
        (rows,) = self.session.bus.call_sync(APP_ID, PATH, MODELS, "List",
                                             GLib.Variant("(a{sv})", ({},)), None,
                                             Gio.DBusCallFlags.NONE, 120000, None).unpack()
        return {row["id"]: row for row in rows}[self.MODEL]

    def wait_for(self, name):
        return self.session.wait_until(
            lambda: next((event for event in self.events if event[0] == name), None),
            f"no {name}: {self.events}")

    def wait_until_begun(self, times):
        self.session.wait_until(lambda: len(self.lines("calibrations")) == times, "none begins")

    def whis_measure(self):
        result = self.session.whis("model", "measure", self.MODEL)
        return (result.returncode, result.stdout.replace("\u00a0", " "),
                result.stderr.replace("\u00a0", " "))


class Calibrations(CalibrationTest):
    """Models are measured by a recogniser that dies, hangs or is slow."""

    def test_fast(self):
        """What is measured holds until another program or another file is there."""
        self.measure("fine")
        self.assertNotIn("times-faster", self.row())
        self.assertEqual(self.whis_measure(), (
            0, f"{self.MODEL}: 5.0 times faster than speech, 242.0 MB of memory\n", ""))
        self.assertEqual(self.row()["times-faster"], 5)
        self.assertIn("5.0 times faster than speech", self.session.whis("models", "local").stdout)
        self.session.call("Quit")
        self.session.service.wait(120)
        self.session.start_service()
        self.assertEqual(self.row()["times-faster"], 5)
        with open(self.path(), "wb") as file:
            file.write(make_model(seed=2))
        self.assertNotIn("times-faster", self.row())

    def test_slow(self):
        """The next smaller model is offered, and nothing is changed."""
        self.measure("slow")
        os.truncate(self.path(), 200_000_000)
        self.session.settings(language="de")
        status, output, said = self.whis_measure()
        self.assertEqual((status, output), (
            0, f"{self.MODEL}: 2.0 times slower than speech, 242.0 MB of memory\n"))
        self.assertIn("The next smaller model is whisper-small-q5_1: “whis model fetch whisper-", said)
        self.assertEqual(self.row()["replacement"], "whisper-small-q5_1")
        self.assertEqual(self.session.whis("settings", "models/offline").stdout.strip(), "")

    def test_deaths(self):
        """It says how it ended, and the model can be used as before."""
        for number, part in ((signal.SIGKILL, "memory ran out"), (signal.SIGABRT, "gave up"),
                             (signal.SIGSEGV, "crashed")):
            with self.subTest(number):
                self.measure(f"die:{int(number)}")
                status, output, said = self.whis_measure()
                self.assertEqual((status, output), (1, ""))
                self.assertIn(part, said)
                self.assertIn(part, self.row()["measure-problem"])
                self.assertEqual(self.row()["state"], "own")
                self.assert_heard(CARDS[0])
                # The next time goes well.
                self.assertEqual(self.whis_measure()[0], 0)
                self.assertNotIn("measure-problem", self.row())

    def test_hang(self):
        self.measure("hang", WHIS_OFFLINE_LIMIT_MS="1")
        status, _output, said = self.whis_measure()
        self.assertEqual(status, 1)
        self.assertIn("did not finish in time", said)

    def test_cancelled(self):
        self.measure("hang")
        process = self.session.spawn(self.session.environment["WHIS_PROGRAM"], "model", "measure",
                                     self.MODEL, stderr=subprocess.PIPE, text=True)
        self.wait_until_begun(1)
        self.assertEqual(self.row()["measuring"], "running")
        process.send_signal(signal.SIGINT)
        _output, said = process.communicate(timeout=120)
        self.assertEqual((process.returncode, said),
                         (130, "whis: The measurement was cancelled.\n"))
        self.assertEqual(self.row()["measuring"], "")
        self.assertNotIn("measure-problem", self.row())

    def test_dictation_goes_first(self):
        """What runs is ended for a dictation, and begun again after it."""
        self.measure("hang fine")
        self.assertEqual(self.call("Measure"), ("running",))
        self.wait_until_begun(1)
        self.assert_heard(CARDS[0])
        self.wait_for("Measured")
        self.assertEqual(self.lines("all"), ["calibrations", "starts", "requests", "calibrations"])

    def test_waits_for_recording(self):
        self.measure("fine", pulse=True)
        dictation = self.session.start_dictation()
        self.assertEqual(self.call("Measure"), ("waiting",))
        self.assertEqual(self.row()["measuring"], "waiting")
        self.session.call("Cancel", "(s)", dictation)
        self.wait_for("Measured")
        self.assertEqual(self.row()["measuring"], "")

    def test_after_the_first_dictation(self):
        """A model that came with a package is measured once it was used, and once only."""
        self.measure("die:6")
        self.assertEqual(self.lines("calibrations"), [])
        self.assert_heard(CARDS[0])
        self.wait_for("MeasureFailed")
        self.assert_heard(CARDS[1])
        self.session.call("Quit")
        self.session.service.wait(120)
        self.assertEqual(len(self.lines("calibrations")), 1)
        self.events.clear()
        self.session.start_service()
        self.assert_heard(CARDS[2])
        self.wait_for("Measured")
        self.assertEqual(self.row()["times-faster"], 5)

    def test_service_quits(self):
        """The child goes with the service."""
        self.measure("hang")
        self.call("Measure")
        self.wait_until_begun(1)
        self.session.call("Quit")
        self.assertEqual(self.session.service.wait(120), 0)


class Graphics(CalibrationTest):
    """A graphics processor is used after it has recognised a known sound right."""

    def measure_gpu(self, *orders, requests="", calibrations="", **variables):
        self.measure(calibrations, requests=requests, FAKE_RECOGNISER_GPU=" ".join(orders),
                     **variables)
        status, _output, said = self.whis_measure()
        self.assertEqual(status, 0, said)
        return said

    def assert_gpu_is_used(self, used):
        """The next start is with or without it, and the text comes."""
        before = len(self.lines("starts"))
        self.assert_heard(CARDS[0])
        start = self.lines("starts")[before]
        if used:
            self.assertIn(f"--gpu {GPU} --gpu-model {self.MODEL}", start)
        else:
            self.assertNotIn("--gpu", start)

    def test_right(self):
        said = self.measure_gpu("fine")
        self.assertEqual(said, f"The graphics processor {GPU} is used.\n")
        self.assertEqual((self.row()["gpu-verdict"], self.row()["times-faster"]), ("right", 20))
        self.assert_gpu_is_used(True)

    def test_not_good(self):
        """Wrong, slower than the processor, crashed, hung, not there."""
        for order, said in (("wrong", "another text than the processor"),
                            ("slow", "slower than the processor"),
                            ("die:11", "crashed or did not finish"),
                            ("die:6", "crashed or did not finish")):
            with self.subTest(order):
                self.assertIn(said, self.measure_gpu(order))
                self.assertEqual(self.row()["times-faster"], 5)
                self.assert_gpu_is_used(False)

    def test_hangs(self):
        self.assertIn("crashed or did not finish",
                      self.measure_gpu("hang", WHIS_OFFLINE_LIMIT_MS="3000"))
        self.assert_gpu_is_used(False)

    def test_none(self):
        self.measure("fine")
        self.assertEqual(self.whis_measure()[2], "")
        self.assertEqual(self.row()["gpu-verdict"], "none")
        self.assert_gpu_is_used(False)

    def test_failed_is_not_tried_again(self):
        """One crash is enough for all models, until the user wants to know."""
        self.measure_gpu("die:11", "fine", "fine")
        self.session.call("Quit")
        self.session.service.wait(120)
        self.session.start_service()
        self.assertEqual(self.row()["gpu-verdict"], "failed")
        path = os.path.join(self.session.directory, "other.bin")
        with open(path, "wb") as file:
            file.write(make_model(seed=2))
        self.assertEqual(self.session.whis("model", "import", path).returncode, 0)
        self.wait_for("Measured")
        self.assertEqual(len(self.lines("gpu-calibrations")), 1)
        self.assertIn("is used", self.whis_measure()[2])

    def test_computer_goes_down(self):
        """What was being tried when the service was killed counts as failed."""
        self.measure("fine", FAKE_RECOGNISER_GPU="hang fine")
        self.call("Measure")
        self.session.wait_until(lambda: self.lines("gpu-calibrations"), "none begins")
        self.session.kill_service()
        self.session.start_service()
        self.assertEqual(self.row()["gpu-verdict"], "failed")
        self.assert_gpu_is_used(False)

    def test_lost(self):
        """The piece is recognised again, without the graphics processor; so is what follows."""
        self.measure_gpu("fine", requests="fine die:6")
        self.assert_heard(*CARDS[:3])
        first, second = self.lines("starts")
        self.assertIn("--gpu", first)
        self.assertNotIn("--gpu", second)
        self.session.wait_until(lambda: self.row()["gpu-verdict"] == "failed", "not remembered")
        self.session.call("Quit")
        self.session.service.wait(120)
        self.session.start_service()
        self.assert_gpu_is_used(False)

    def test_hangs_in_the_midst(self):
        self.measure_gpu("fine", requests="hang", WHIS_OFFLINE_LIMIT_MS="3000")
        self.assert_heard(CARDS[0])
        first, second = self.lines("starts")
        self.assertIn("--gpu", first)
        self.assertNotIn("--gpu", second)

    def test_memory(self):
        """What the kernel ends for its memory is not the driver's fault."""
        self.measure_gpu("fine", requests="die:9")
        self.assert_heard(CARDS[0])
        self.assertIn("--gpu", self.lines("starts")[1])


class Provisional(CalibrationTest):
    """What is still spoken is understood as it grows, where that is fast enough and seen."""

    def start(self, calibration="fine", orders=""):
        self.measure(calibration, pulse=True, FAKE_RECOGNISER_PROVISIONAL=orders)
        # The model is measured, and the dictation uses it.
        self.assertEqual(self.whis_measure()[0], 0)
        self.session.wait_until(lambda: "Measured" in [event[0] for event in self.events], "")

    def watch(self, looks=True):
        self.session.call("WatchText", "(b)", looks)

    def texts(self, dictation):
        return [arguments[1] for name, arguments in self.session.events
                if name == "PartialText" and arguments[0] == dictation]

    def record(self):
        """Records while somebody speaks into the microphone."""
        dictation = self.session.start_dictation(deliver=False)
        self.player = self.session.spawn("paplay", "--device=mic", SPEECH)
        return dictation

    def wait_for_text(self, dictation, text):
        self.session.wait_until(lambda: any(text in t for t in self.texts(dictation)),
                                f"no {text} in {self.texts(dictation)}")

    def stop(self, dictation):
        self.session.call("Stop")
        outcome = self.session.outcome(dictation)
        self.assertEqual(outcome[0], "finished", outcome)
        return outcome[1]

    def test_grows(self):
        self.start()
        self.watch()
        dictation = self.record()
        self.wait_for_text(dictation, "1 seconds so far")
        self.wait_for_text(dictation, "3 seconds so far")
        text = self.stop(dictation)
        # Nothing of it is in the text, or in the history.
        self.assertNotIn("so far", text)
        self.assertIn(TEXT, text)
        shown = self.session.whis("history", "show", dictation).stdout
        self.assertNotIn("so far", shown)

    def test_in_the_terminal(self):
        self.start()
        leader, follower = pty.openpty()
        process = self.session.spawn(self.session.environment["WHIS_PROGRAM"], "record",
                                     stdin=follower, stderr=follower, stdout=subprocess.PIPE)
        os.close(follower)
        self.session.wait_until(lambda: self.session.get("State") == "recording", "no recording")
        self.session.spawn("paplay", "--device=mic", SPEECH)
        shown = b""
        while b"2 seconds so far" not in shown:
            shown += os.read(leader, 4096)
        os.write(leader, b"\n")
        output, _errors = process.communicate(timeout=120)
        os.close(leader)
        self.assertEqual(process.returncode, 0)
        self.assertNotIn(b"so far", output)
        # The terminal is gone, and nobody looks any more.
        before = len(self.lines("provisional"))
        dictation = self.record()
        self.player.wait(120)
        self.stop(dictation)
        self.assertEqual(len(self.lines("provisional")), before)

    def watch_tooltip(self):
        """What the icon in the panel says besides the state, each time that it changes."""
        said = []
        self.session.bus.signal_subscribe(
            None, "org.freedesktop.DBus.Properties", "PropertiesChanged", "/StatusNotifierItem", None,
            Gio.DBusSignalFlags.NONE,
            lambda *arguments: said.extend(
                [tooltip[3] for name, tooltip in arguments[-1].unpack()[1].items() if name == "ToolTip"]))
        return said

    def test_in_the_tooltip(self):
        self.start()
        self.watch()
        said = self.watch_tooltip()
        dictation = self.record()
        self.session.wait_until(lambda: any("seconds so far" in text for text in said), "nothing is said")
        self.stop(dictation)
        self.assertNotIn("so far", said[-1])

    def test_nobody_looks(self):
        self.start()
        dictation = self.record()
        self.player.wait(120)
        self.stop(dictation)
        self.assertEqual(self.lines("provisional"), [])

    def test_somebody_looks_later(self):
        """And then no more."""
        self.start()
        dictation = self.record()
        self.session.wait_until(lambda: self.session.get("Elapsed") > 2000, "no sound")
        self.assertEqual(self.lines("provisional"), [])
        self.watch()
        self.wait_for_text(dictation, "so far")
        self.watch(False)
        self.player.wait(120)
        before = len(self.lines("provisional"))
        self.session.play(CARDS[0])
        self.stop(dictation)
        self.assertEqual(len(self.lines("provisional")), before)

    def test_too_slow(self):
        self.start(calibration="slow")
        self.watch()
        dictation = self.record()
        self.player.wait(120)
        self.stop(dictation)
        self.assertEqual(self.lines("provisional"), [])

    def test_never_in_the_way(self):
        """One that would not end is taken back at the stop, and the text comes."""
        self.start(orders="hang hang hang hang hang hang")
        self.watch()
        dictation = self.record()
        self.session.wait_until(lambda: self.lines("provisional"), "none was asked for")
        self.assertEqual(self.lines("gone"), [])
        self.assertIn(TEXT, self.stop(dictation))
        self.session.wait_until(lambda: self.lines("gone"), "it was not taken back")

    def test_other_text_goes_first(self):
        """A file that is transcribed meanwhile takes it back, too."""
        self.start(orders="hang")
        self.watch()
        dictation = self.record()
        self.session.wait_until(lambda: self.lines("provisional"), "none was asked for")
        self.assert_heard(CARDS[0])
        self.session.wait_until(lambda: self.lines("gone"), "it was not taken back")
        self.wait_for_text(dictation, "so far")
        self.stop(dictation)


if __name__ == "__main__":
    tap.main()
