#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The command line where its terminal, its output or the other side goes away."""

import os
import pty
import signal
import subprocess
import sys
import termios

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [TESTS, os.path.join(TESTS, "service")]
# pylint: disable=wrong-import-position
import tap
from test_rough import WORDS, RoughTest
from whis_session import SPEECH


class Output(RoughTest):
    """A text that was paid for reaches the user, or is said to be somewhere."""

    def test_full_disk_behind_standard_output(self):
        for arguments in (["transcribe", SPEECH], ["last"]):
            with self.subTest(arguments=arguments), open("/dev/full", "wb") as full:
                result = self.run_whis(*arguments, stdout=full)
                self.assertEqual(result.returncode, 1)
                self.assertIn(b"whis last", result.stderr)
                self.assertEqual(len(result.stderr.splitlines()), 1, result.stderr)

    def test_reader_that_went_away(self):
        reader, writer = os.pipe()
        os.close(reader)
        with open(writer, "wb") as pipe:
            result = self.run_whis("transcribe", SPEECH, stdout=pipe)
        self.assertEqual(result.returncode, 1)
        self.assertIn(b"whis last", result.stderr)

    def test_plain_locale(self):
        """Cron and ssh often run without a locale: no letter becomes a question mark."""
        plain = {**self.session.environment, "LC_ALL": "C"}
        for arguments in (["transcribe", SPEECH], ["last"]):
            with self.subTest(arguments=arguments):
                result = self.run_whis(*arguments, env=plain)
                self.assertEqual(result.stdout.decode(), WORDS + "\n")

    def test_output_through_a_link(self):
        directory = self.session.directory
        target = os.path.join(directory, "target")
        link = os.path.join(directory, "link")
        os.symlink(target, link)
        result = self.run_whis("transcribe", SPEECH, "--output", link)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertTrue(os.path.islink(link), "the link is still a link")
        with open(target, encoding="utf-8") as file:
            self.assertEqual(file.read(), WORDS + "\n")

    def test_output_that_cannot_be_written(self):
        directory = self.session.directory
        full = os.path.join(directory, "full")
        os.symlink("/dev/full", full)
        for path in (full, os.path.join(directory, "absent", "x")):
            with self.subTest(path=path):
                result = self.run_whis("transcribe", SPEECH, "--output", path)
                self.assertEqual(result.returncode, 1)
                self.assertEqual(result.stdout.decode(), WORDS + "\n", "the text is not lost")
                self.assertEqual(len(result.stderr.splitlines()), 1, result.stderr)

    def test_closed_standard_streams(self):
        """What is opened in the place of a closed stream must not be read or written."""
        program = self.session.environment["WHIS_PROGRAM"]
        script = (f"{program} transcribe {SPEECH} <&- || exit 11;"
                  f"{program} last >&- && exit 12;"
                  f"{program} last <&- >&- 2>&- && exit 13; {program} last 2>&-")
        result = subprocess.run(["sh", "-c", script], env=self.session.environment, timeout=500,
                                capture_output=True, check=False)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(result.stdout.decode(), 2 * (WORDS + "\n"))

    def test_odd_file_names(self):
        """A name is shown in one line, and does nothing to the terminal."""
        for name in (b"new\nline", b"escape\x1b[2J", b"latin\xff"):
            with self.subTest(name=name):
                result = self.run_whis("transcribe", b"/nonexistent/" + name)
                self.assertEqual(len(result.stderr.splitlines()), 1, result.stderr)
                self.assertNotIn(b"\x1b", result.stderr)


class Callers(RoughTest):
    """The command line when the other side is gone."""

    def wait_in_flight(self, *arguments):
        """Starts to transcribe, up to where the provider has the sound and keeps it."""
        self.session.start_service()
        self.provider.gate.clear()
        self.addCleanup(self.provider.gate.set)
        process = self.spawn_whis("transcribe", *arguments)
        self.provider.wait_for_requests(1)
        return process

    def test_bus_goes_away(self):
        process = self.wait_in_flight(SPEECH)
        self.session.bus_daemon.kill()
        output, errors = process.communicate(timeout=500)
        self.assertEqual(self.session.service.wait(120), 0, "the service goes with its session")
        self.assertEqual((output, process.returncode), ("", 3))
        self.assertEqual(len(errors.splitlines()), 1, errors)

    def test_service_dies_with_files_to_go(self):
        process = self.wait_in_flight(SPEECH, SPEECH, SPEECH)
        self.session.kill_service()
        output, errors = process.communicate(timeout=500)
        self.assertEqual((output, process.returncode), ("", 3))
        self.assertEqual(len(errors.splitlines()), 1, errors)

    def end_caller(self, number):
        """Nobody waits for the text any more: what is not sent yet is not sent."""
        process = self.wait_in_flight(SPEECH)
        dictation = self.session.wait_until(
            lambda: next((arguments[0] for name, arguments in self.session.events
                          if name == "StateChanged"), None), "nothing has begun")
        process.send_signal(number)
        process.wait(120)
        self.session.wait_for(dictation, "cancelled")

    def test_caller_is_killed(self):
        self.end_caller(signal.SIGKILL)

    def test_terminal_is_closed(self):
        self.end_caller(signal.SIGHUP)

    def test_service_that_hangs(self):
        """A second Ctrl+C does not wait for an answer."""
        process = self.wait_in_flight(SPEECH)
        self.session.service.send_signal(signal.SIGSTOP)
        self.addCleanup(self.session.service.send_signal, signal.SIGCONT)
        process.send_signal(signal.SIGINT)
        while process.poll() is None:
            process.send_signal(signal.SIGINT)
            self.session.iterate()
        # One more Ctrl+C may meet it while it ends, which is the same to a shell.
        self.assertIn(process.returncode, (130, -signal.SIGINT))
        self.assertIn("does not answer", process.communicate(timeout=500)[1])

    def test_terminal_echoes_again(self):
        """Whoever thinks better of typing a key sees again what is typed."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with self.subTest(signal=number):
                pid, terminal = pty.fork()
                if pid == 0:
                    program = self.session.environment["WHIS_PROGRAM"]
                    os.execve(program, [program, "key", "set", "openai"], self.session.environment)
                while termios.tcgetattr(terminal)[3] & termios.ECHO:
                    self.session.iterate()
                os.kill(pid, number)
                _, status = os.waitpid(pid, 0)
                self.assertEqual(os.waitstatus_to_exitcode(status), -number)
                self.assertTrue(termios.tcgetattr(terminal)[3] & termios.ECHO)
                os.close(terminal)


if __name__ == "__main__":
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    tap.main()
