#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The completions of bash, zsh and fish, each used in its shell."""

import os
import signal
import subprocess
import sys
import unittest

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [TESTS, os.path.join(TESTS, "service")]
# pylint: disable=wrong-import-position
import shells
import tap
from fakes.fake_services import FakeService, text
from whis_session import SPEECH, WhisSession


def list_commands(*path):
    """The commands that one has, as the table says."""
    listed = subprocess.run([os.environ["WHIS_MANUAL"], "commands"], capture_output=True, text=True,
                            check=True).stdout
    paths = {tuple(line.split()) for line in listed.splitlines() if "--" not in line}
    return [each[-1] for each in paths if each and each[:-1] == path]


class CompletionTest:
    """What a shell offers, in a session in which the bus could start the service."""

    shell_class = None

    def setUp(self):
        self.session = WhisSession(pulse=False)
        self.addCleanup(self.session.close)
        self.session.install_service_file()
        directory = self.session.directory
        self.install(os.path.join(directory, "share"))
        self.session.environment.update({
            "PATH": f"{os.path.dirname(self.session.environment['WHIS_PROGRAM'])}:/usr/bin:/bin",
            "XDG_DATA_DIRS": f"{directory}/share:/usr/share",
            "WHIS_ZSH_FUNCTIONS": f"{directory}/share/zsh/site-functions",
            "TERM": "dumb", "COLUMNS": "20000", "LINES": "500", "HISTFILE": "",
        })
        self.work = os.path.join(directory, "work")
        os.mkdir(self.work)
        for name in ("talk.mp3", "other.ogg"):
            with open(os.path.join(self.work, name), "w", encoding="utf-8"):
                pass
        self.shell = self.shell_class(self.session.environment, self.work)
        self.addCleanup(self.shell.close)

    def install(self, share):
        """As `meson install` does it."""
        scripts = os.path.join(os.path.dirname(TESTS), "data", "completions")
        for place, name, script in (("bash-completion/completions", "whis", "whis.bash"),
                                    ("zsh/site-functions", "_whis", "_whis"),
                                    ("fish/vendor_completions.d", "whis.fish", "whis.fish")):
            os.makedirs(os.path.join(share, place))
            os.symlink(os.path.join(scripts, script), os.path.join(share, place, name))

    def offers(self, line, *words):
        offered = self.shell.complete(line)
        if line.endswith(" "):
            # Where there is nothing else, zsh offers the options too.
            offered = [word for word in offered if not word.startswith("-")]
        self.assertEqual(sorted(offered), sorted(words), line)

    def test_commands(self):
        self.assertIn("transcribe", list_commands())
        self.offers("whis ", *list_commands())
        self.offers("whis tr", "transcribe")
        self.offers("whis history ", *list_commands("history"))
        self.offers("whis history re", "retry")
        self.offers("whis key ", "set", "check", "remove")
        self.offers("whis model ", "fetch", "remove", "import", "check", "measure")
        self.offers("whis model fetch whisper-t", "whisper-tiny", "whisper-turbo-q5_0",
                    "whisper-turbo-q8_0")
        self.offers("whis last ")

    def test_options(self):
        self.offers("whis --v", "--version")
        self.offers("whis transcribe --f", "--format")
        self.offers("whis history export --fo", "--format", "--force")
        self.offers("whis history --un", "--unfinished")
        self.offers("whis history delete --y", "--yes")

    def test_values(self):
        self.offers("whis transcribe --format ", "text", "json", "srt", "vtt")
        self.offers("whis transcribe -f s", "srt")
        self.offers("whis history export --format ", "text", "json", "audio", "srt", "vtt")
        self.offers("whis record --provider g", "groq", "gemini")
        self.offers("whis key set d", "deepgram")
        self.offers("whis history again last -p as", "assemblyai")

    def test_models_of_a_service(self):
        """Those of the one that is named."""
        self.offers("whis record --provider groq --model ", "whisper-large-v3-turbo",
                    "whisper-large-v3")
        self.offers("whis transcribe -p groq talk.mp3 -m whisper-large-v3-", "whisper-large-v3-turbo")

    def test_an_option_is_offered_once(self):
        self.offers("whis transcribe --jobs 2 --j", "--json")
        self.offers("whis transcribe --json --j", "--jobs")

    def test_services(self):
        self.session.start_service()
        (providers,) = self.session.call("ListProviders")
        self.offers("whis models ", "local", *[provider["id"] for provider in providers])

    def test_value_after_equals(self):
        offered = self.shell.complete("whis transcribe --format=s")
        self.assertIn(offered, (["srt"], ["--format=srt"]))

    def test_settings(self):
        listed = self.session.whis("settings", "--list").stdout.splitlines()
        self.offers("whis settings ", *[line.split(" = ")[0] for line in listed])
        self.offers("whis settings keep-", "keep-sound", "keep-text")
        self.offers("whis settings private ", "true", "false")
        self.offers("whis settings provider mi", "mistral")

    def test_settings_per_service(self):
        offered = self.shell.complete("whis settings models/g")
        self.assertEqual(sorted(word.removeprefix("models/") for word in offered),
                         ["gemini", "groq"])

    def test_nothing_typed_is_run(self):
        for line in ("whis settings $(touch${IFS}run)/", "whis history show $(touch${IFS}run)",
                     "whis settings `touch${IFS}run`/", "whis settings \\$\\(touch${IFS}run\\)/",
                     "whis models $(touch${IFS}run)", "whis settings '$(touch${IFS}run)/"):
            self.shell.complete(line)
        self.assertNotIn("run", os.listdir(self.work))

    def test_files(self):
        self.offers("whis transcribe talk", "talk.mp3")
        self.offers("whis transcribe --jobs 2 talk.mp3 ot", "other.ogg")
        self.offers("whis transcribe --output ot", "other.ogg")
        (offered,) = self.shell.complete("whis transcribe --output=ot")
        self.assertEqual(offered.removeprefix("--output="), "other.ogg")
        self.offers("whis models talk")

    def test_history_without_service(self):
        self.offers("whis history show ", "last")
        self.assertFalse(self.session.has_service(), "a completion has started the service")

    def test_history(self):
        provider = FakeService(text("plain words"))
        self.addCleanup(provider.close)
        self.session.settings(provider="custom", addresses__custom=provider.address)
        self.session.start_service()
        self.assertEqual(self.session.whis("transcribe", SPEECH).returncode, 0)
        (line,) = self.session.whis("history").stdout.splitlines()
        identifier = line.split()[0]
        self.offers("whis history show ", "last", identifier)
        self.offers(f"whis history delete last {identifier[:4]}", identifier)
        self.offers("whis history retry l", "last")

    def test_service_that_does_not_answer(self):
        service = self.session.start_service()
        self.session.get("State")
        service.send_signal(signal.SIGSTOP)
        try:
            self.offers("whis history show ", "last")
        finally:
            service.send_signal(signal.SIGCONT)


class Bash(CompletionTest, unittest.TestCase):
    """bash with bash-completion."""

    shell_class = shells.Bash


class Zsh(CompletionTest, unittest.TestCase):
    """zsh with compinit."""

    shell_class = shells.Zsh


class Fish(CompletionTest, unittest.TestCase):
    """fish."""

    shell_class = shells.Fish


if __name__ == "__main__":
    tap.main()
