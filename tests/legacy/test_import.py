#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What the earlier Whis left is taken over, once, and told."""

import json
import os
import stat
import subprocess
import sys
import unittest

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [TESTS, os.path.join(TESTS, "service")]
# pylint: disable=wrong-import-position
import tap
from fakes.fake_services import FakeService, text
from gi.repository import GLib
from watched_session import WatchedSession, forms_of_key
from whis_session import APP_ID, WhisSession

OPENAI_KEY = "sk-0123456789abcdefghijABCDEFGHIJ+earlier/openai"
GROQ_KEY = "gsk_9876543210zyxwvutsrqZYXWVUTSRQ+earlier/groq"


def shared_settings(**changes):
    """Settings as version 0.7.2 writes them; `ui__bubble` is a path."""
    settings = {
        "transcription": {
            "provider": "openai-realtime", "language": "de",
            "api_keys": {"openai": OPENAI_KEY, "groq": GROQ_KEY},
            "local_models": {"whisper_path": "/models/ggml-small.bin", "parakeet_path": None}},
        "post_processing": {"enabled": True, "processor": "ollama", "prompt": "Tidy it up."},
        "services": {"ollama": {"url": "https://ollama.example.org:11434/",
                                "model": "qwen2.5:1.5b", "keep_alive": "5m"}},
        "shortcuts": {"cli_mode": "system", "cli_key": "Ctrl+Alt+W", "desktop_key": "Ctrl+Alt+D",
                      "cli_push_to_talk": False},
        "ui": {"clipboard_backend": "auto", "microphone_device": "Headset Microphone",
               "vad": {"enabled": True, "threshold": 0.5}, "active_preset": None,
               "chunk_duration_secs": 60, "bubble": {"enabled": True, "custom_position": None},
               "model_memory": {"keep_model_loaded": True, "unload_after_minutes": 10},
               "output_method": "both", "autotype_backend": "auto", "autotype_delay_ms": None}}
    for path, value in changes.items():
        *parents, last = path.split("__")
        place = settings
        for name in parents:
            place = place[name]
        place[last] = value
    return settings


def put(path, content, age_s=0):
    """Writes a file with all its folders, so many seconds ago."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(content if isinstance(content, str) else json.dumps(content))
    os.chmod(path, 0o600)
    when = os.stat(path).st_mtime - age_s
    os.utime(path, (when, when))
    return path


def snapshot(directory):
    """Every file in a folder: what it is, and what is in it."""
    found = {}
    for folder, _folders, files in os.walk(directory):
        for name in files:
            path = os.path.join(folder, name)
            status = os.lstat(path)
            content = None
            if stat.S_ISREG(status.st_mode):
                with open(path, "rb") as file:
                    content = file.read()
            found[path] = (status.st_mode, status.st_mtime_ns, content)
    return found


class Importing(unittest.TestCase):
    def open(self, kind=WhisSession, pulse=False, **options):
        session = kind(pulse=pulse, **options)
        self.addCleanup(session.close)
        self.session = session
        return session

    def config(self, *names):
        return os.path.join(self.session.environment["XDG_CONFIG_HOME"], *names)

    def data(self, *names):
        return os.path.join(self.session.environment["XDG_DATA_HOME"], *names)

    def put_shared(self, **changes):
        return put(self.config("whis", "settings.json"), shared_settings(**changes))

    def run_import(self, *options, status=0):
        result = self.session.whis("import", *options)
        self.assertEqual(result.returncode, status, (result, self.session.read_log()[-2000:]))
        return result.stdout if status != 1 or result.stdout else result.stderr

    def setting(self, name):
        return self.session.whis("settings", name).stdout.strip()

    def sections(self, output):
        """The lines of a report by their heading."""
        found, heading = {}, None
        for line in output.splitlines():
            if line.startswith("  "):
                found[heading].append(line.strip())
            else:
                heading = line
                found[heading] = []
        return found

    def start_keyring(self):
        keyring = self.session.spawn(
            "gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets",
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        keyring.stdin.write(b"password")
        keyring.stdin.close()
        self.session.wait_until(
            lambda: subprocess.run(["gdbus", "wait", "--session", "--timeout", "1",
                                    "org.freedesktop.secrets"], check=False,
                                   env=self.session.environment).returncode == 0,
            "no keyring comes")

    def secret(self, provider):
        """What the keyring has, read by another program."""
        return subprocess.run(["secret-tool", "lookup", "provider", provider, "xdg:schema", APP_ID],
                              env=self.session.environment, capture_output=True, text=True,
                              check=False).stdout


class Settings(Importing):
    def test_everything_once(self):
        self.open()
        self.start_keyring()
        path = self.put_shared()
        before = snapshot(os.path.dirname(path))
        self.session.start_service()

        report = self.sections(self.run_import())
        self.assertEqual(report["Read:"], ["~/config/whis/settings.json"])
        self.assertEqual(report["Imported:"], [
            "Service: OpenAI", "Live text: on", "Language: de", "Microphone: Headset Microphone",
            "Longest piece in seconds: 60", "Address of Ollama: https://ollama.example.org:11434/v1",
            "1 preset, copied to ~/.local/share/whis/presets for when Whis can clean texts up; it "
            "cannot yet", "Key for OpenAI, now in the keyring", "Key for Groq, now in the keyring"])
        missing = " ".join(report["Not taken over:"])
        for word in ("Clean-up", "Typing", "Ctrl+Alt+D", "bubble", "silence"):
            self.assertIn(word, missing)
        self.assertIn("rm ~/config/whis/settings.json", report["Please note:"][0])
        self.assertNotIn("Kept", " ".join(report))

        self.assertEqual(self.setting("provider"), "openai")
        self.assertEqual(self.setting("live"), "true")
        self.assertEqual(self.setting("language"), "de")
        self.assertEqual(self.setting("microphone-name"), "Headset Microphone")
        self.assertEqual(self.setting("longest-chunk"), "60")
        self.assertEqual(self.setting("addresses/ollama"), "https://ollama.example.org:11434/v1")
        self.assertEqual(self.secret("openai"), OPENAI_KEY)
        self.assertEqual(self.secret("groq"), GROQ_KEY)
        self.assertEqual(snapshot(os.path.dirname(path)), before)

        again = self.run_import(status=1)
        self.assertRegex(again, r"were imported on .*\d\d:\d\d; “whis import --again” does it once")
        report = self.sections(self.run_import("--again"))
        self.assertNotIn("Imported:", report)
        self.assertIn("Language: de", report["The same already:"])

    def test_nothing_there(self):
        self.open().start_service()
        self.assertEqual(self.run_import(status=1),
                         "whis: There are no settings of an earlier Whis to import.\n")
        self.assertEqual(self.setting("imported"), "0")

    def test_dry_run(self):
        session = self.open()
        self.start_keyring()
        self.put_shared()
        put(self.config("whis", "presets", "mine.json"), {"prompt": "Shorter."})
        session.start_service()
        before = snapshot(self.config())
        report = self.sections(self.run_import("--dry-run"))
        self.assertIn("Service: OpenAI", report["Would be imported:"])
        self.assertIn("Key for Groq, into the keyring", report["Would be imported:"])
        self.assertEqual(snapshot(self.config()), before)
        self.assertFalse(os.path.exists(self.data("whis", "presets")))
        self.assertEqual(self.secret("groq"), "")
        self.assertIn("Service: OpenAI", self.sections(self.run_import())["Imported:"])

    def test_what_the_user_chose_stays(self):
        session = self.open()
        self.start_keyring()
        self.put_shared()
        session.start_service()
        session.settings(provider="groq", language="fr", microphone="other",
                         microphone_name="Other Microphone")
        session.whis("key", "set", "groq", stdin="gsk_chosen_later_0123456789\n")
        report = self.sections(self.run_import())
        self.assertEqual(report["Kept as it is in Whis:"], [
            "Service: Groq (the earlier Whis: OpenAI)", "Language: fr (the earlier Whis: de)",
            "Microphone: Other Microphone (the earlier Whis: Headset Microphone)",
            "Key for Groq: the one that Whis has"])
        self.assertEqual(self.setting("provider"), "groq")
        self.assertEqual(self.setting("live"), "false")
        self.assertEqual(self.setting("language"), "fr")
        self.assertEqual(self.setting("microphone"), "other")
        self.assertEqual(self.setting("longest-chunk"), "60")
        self.assertEqual(self.secret("groq"), "gsk_chosen_later_0123456789")

        self.run_import("--again", "--overwrite")
        self.assertEqual(self.setting("provider"), "openai")
        self.assertEqual(self.setting("language"), "de")
        self.assertEqual(self.setting("microphone-name"), "Headset Microphone")
        self.assertNotEqual(self.setting("microphone"), "other")
        self.assertEqual(self.secret("groq"), GROQ_KEY)

    def test_every_place(self):
        """Desktop program, command line, Flatpak; the newest counts, keys come from all."""
        session = self.open()
        self.start_keyring()
        home = session.environment["HOME"]
        sandbox = os.path.join(home, ".var", "app", "ink.whis.Whis")
        desktop = {"settings": shared_settings(
            transcription__provider="mistral", transcription__language=None,
            transcription__api_keys={"mistral": "mistral-key-01234567890123"})}
        put(self.data("ink.whis.Whis", "settings.json"), desktop, age_s=10)
        put(self.config("whis-cli", "settings.json"), shared_settings(
            transcription__api_keys={"deepgram": "deepgram-key-0123456789012"}), age_s=20)
        put(os.path.join(sandbox, "data", "ink.whis.Whis", "settings.json"),
            {"settings": shared_settings(transcription__api_keys={
                "mistral": "older-mistral-key-0123456789"})}, age_s=30)
        # Version 0.5 was flat.
        put(os.path.join(sandbox, "config", "whis", "settings.json"),
            {"shortcut": "Ctrl+Shift+R", "openai_api_key": OPENAI_KEY}, age_s=40)
        put(os.path.join(sandbox, "config", "whis", "presets", "boxed.json"), {"prompt": "Box it."})
        session.start_service()
        report = self.sections(self.run_import())
        self.assertEqual(report["Read:"], [
            "~/data/ink.whis.Whis/settings.json", "~/config/whis-cli/settings.json",
            "~/.var/app/ink.whis.Whis/data/ink.whis.Whis/settings.json",
            "~/.var/app/ink.whis.Whis/config/whis/settings.json"])
        self.assertEqual(self.setting("provider"), "mistral")
        self.assertEqual(self.setting("live"), "false")
        self.assertEqual(self.setting("language"), "")
        self.assertEqual(self.secret("mistral"), "mistral-key-01234567890123")
        self.assertEqual(self.secret("deepgram"), "deepgram-key-0123456789012")
        self.assertEqual(self.secret("openai"), OPENAI_KEY)
        self.assertTrue(os.path.exists(self.data("whis", "presets", "boxed.json")))

    def test_oldest_form(self):
        session = self.open()
        put(self.config("whis", "settings.json"),
            {"shortcut": "Ctrl+Shift+R", "openai_api_key": OPENAI_KEY})
        self.start_keyring()
        session.start_service()
        report = self.sections(self.run_import())
        self.assertEqual(report["Imported:"], ["Key for OpenAI, now in the keyring"])
        self.assertIn("Ctrl+Shift+R", report["Not taken over:"][0])
        self.assertEqual(self.setting("provider"), "offline")

    def test_services(self):
        """Each service of the earlier Whis finds its own, or is named."""
        key = "0123456789012345678901234567890"
        session = self.open()
        self.start_keyring()
        session.start_service()
        for service, provider, live in (
                ("openai", "openai", "false"), ("openai-realtime", "openai", "true"),
                ("deepgram", "deepgram", "false"), ("deepgram-realtime", "deepgram", "true"),
                ("mistral", "mistral", "false"), ("groq", "groq", "false"),
                ("elevenlabs", "elevenlabs", "false"), ("local-whisper", "offline", "false"),
                ("local-parakeet", "offline", "false"), ("parakeet", "offline", "false"),
                ("telepathy", "custom", "false")):
            with self.subTest(service=service):
                session.settings(provider="custom", live="false")
                self.put_shared(transcription__provider=service, transcription__language=None,
                                transcription__api_keys={provider: key})
                output = self.run_import("--again", "--overwrite")
                self.assertEqual(self.setting("provider"), provider)
                self.assertEqual(self.setting("live"), live)
                if service == "telepathy":
                    self.assertIn("Service: “telepathy” is not known to Whis.", output)
                if provider == "offline":
                    self.assertIn("whis model import FILE", output)

    def test_service_without_key(self):
        """The earlier Whis begins with Deepgram, without a key: nobody chose that."""
        session = self.open()
        self.put_shared(transcription__provider="deepgram", transcription__api_keys={})
        session.start_service()
        output = self.run_import()
        self.assertIn("Service: Deepgram was chosen, but there is no key for it.", output)
        self.assertEqual(self.setting("provider"), "offline")
        self.assertNotIn("Please note:", output)

    def test_microphone(self):
        """It is known by its name alone, and found by it."""
        provider = FakeService(text("plain words"))
        self.addCleanup(provider.close)
        session = self.open(pulse=True)
        session.settings(provider="custom", addresses__custom=provider.address)
        session.start_service()
        subprocess.run(["pactl", "load-module", "module-remap-source", "source_name=headset",
                        "master=mic.monitor", "source_properties=device.description=Headset"],
                       check=True, env=session.environment, stdout=subprocess.DEVNULL)
        name = next(row["name"] for row in session.call("ListMicrophones")[0]
                    if row["id"] == "headset")
        for microphone, warnings in ((name, 0), ("Another Microphone", 1)):
            self.put_shared(transcription__api_keys={}, ui__microphone_device=microphone)
            self.run_import("--again", "--overwrite")
            self.assertEqual(self.setting("microphone-name"), microphone)
            session.settings(provider="custom", language="", live="false")
            dictation = session.start_dictation(deliver=False)
            session.play()
            session.call("Stop")
            self.assertEqual(session.outcome(dictation), ("finished", "plain words"))
            self.assertEqual(len(session.warnings()), warnings)
            self.assertEqual(len(session.warnings(dictation)), warnings)

    def test_preset(self):
        session = self.open()
        put(self.config("whis", "presets", "letter.json"),
            {"description": "Letters", "prompt": "Make a letter of it.\nBe polite.",
             "post_processor": "openai", "model": "gpt-5-nano"})
        put(self.config("whis", "presets", "no-prompt.json"), {"description": "Nothing"})
        put(self.config("whis", "presets", "a name with spaces.json"), {"prompt": "Hm."})
        put(self.config("whis", "presets", "notes.txt"), "No preset at all.")
        session.start_service()
        output = self.run_import(status=1)
        self.assertIn("1 preset, copied to", output)
        self.assertIn("no-prompt.json was left out: it is no preset, or was damaged.", output)
        self.assertIn("a name with spaces.json was left out", output)
        self.assertNotIn("notes.txt", output)
        path = self.data("whis", "presets", "letter.json")
        with open(path, encoding="utf-8") as file:
            self.assertEqual(json.load(file), {
                "name": "letter", "description": "Letters",
                "prompt": "Make a letter of it.\nBe polite.", "service": "openai",
                "model": "gpt-5-nano"})
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
        self.assertEqual(stat.S_IMODE(os.stat(os.path.dirname(path)).st_mode), 0o700)

        put(path, "Changed by hand.")
        output = self.run_import("--again", status=1)
        self.assertIn("Preset letter: the one that is there", output)
        with open(path, encoding="utf-8") as file:
            self.assertEqual(file.read(), "Changed by hand.")


class Keys(Importing):
    def test_no_keyring(self):
        """Everything else is imported; the keys follow when there is a keyring."""
        session = self.open()
        self.put_shared()
        session.start_service()
        report = self.sections(self.run_import(status=1))
        self.assertEqual(report["Not imported yet:"], [
            "Keys for OpenAI, Groq: there is no keyring to put them into. Import again when there "
            "is one."])
        self.assertEqual(self.setting("provider"), "openai")
        self.assertEqual(self.setting("language"), "de")
        self.assertEqual(self.setting("imported"), "0")
        providers = {row["id"]: row for row in session.call("ListProviders")[0]}
        self.assertEqual(providers["openai"]["key-source"], "")

        self.start_keyring()
        report = self.sections(self.run_import())
        self.assertEqual(report["Imported:"], ["Key for OpenAI, now in the keyring",
                                               "Key for Groq, now in the keyring"])
        self.assertEqual(self.secret("openai"), OPENAI_KEY)

    def test_locked_keyring(self):
        """There is nobody who could unlock it."""
        session = self.open()
        self.start_keyring()
        subprocess.run(["secret-tool", "store", "--label=other", "some", "thing"], input="x",
                       text=True, check=True, env=session.environment)
        subprocess.run(["gdbus", "call", "--session", "--dest=org.freedesktop.secrets",
                        "--object-path=/org/freedesktop/secrets",
                        "--method=org.freedesktop.Secret.Service.Lock",
                        "['/org/freedesktop/secrets/collection/login']"], check=True,
                       stdout=subprocess.DEVNULL, env=session.environment)
        self.put_shared()
        session.start_service()
        report = self.sections(self.run_import(status=1))
        self.assertEqual(report["Not imported yet:"], [
            "Keys for OpenAI, Groq: the keyring does not take them now. Unlock it and import "
            "again."])
        self.assertEqual(self.setting("language"), "de")
        self.assertEqual(self.setting("imported"), "0")

    def test_key_that_is_none(self):
        session = self.open()
        self.start_keyring()
        self.put_shared(transcription__api_keys={"openai": "two words", "groq": GROQ_KEY,
                                                 "newservice": "a-key-of-another-service"})
        session.start_service()
        output = self.run_import()
        self.assertIn("Key for OpenAI: what is in the file can be no key.", output)
        self.assertIn("“transcription.api_keys.newservice”: its value is not understood.", output)
        self.assertEqual(self.secret("groq"), GROQ_KEY)

    def test_no_key_leaves(self):
        """Neither printed, logged, on the bus, in an argument, nor in another file."""
        session = self.open(WatchedSession)
        session.start_keyring()
        path = self.put_shared()
        session.start_service()
        session.note_processes()
        self.run_import("--dry-run")
        self.run_import()
        session.note_processes()
        forms = forms_of_key(OPENAI_KEY) | forms_of_key(GROQ_KEY)

        def has_key(data):
            return any(form in data for form in forms)
        with open(path, "rb") as file:
            self.assertTrue(has_key(file.read()))
        self.assertEqual([c for c, out, err in session.printed if has_key((out + err).encode())],
                         [])
        self.assertEqual([m for m, data in session.trace.messages() if has_key(data)], [])
        self.assertEqual([p[:2] for p in session.processes if has_key(p[2])], [])
        self.assertEqual([name for name, data in session.read_files().items()
                          if has_key(data) and not path.endswith("/" + name)], [])


class Damaged(Importing):
    def check(self, why, content=None, prepare=None):
        """A file that cannot be read is named; what else there is counts."""
        with self.subTest(why=why):
            session = self.open()
            path = self.config("whis", "settings.json")
            os.makedirs(os.path.dirname(path))
            if prepare is not None:
                prepare(path)
            else:
                with open(path, "wb") as file:
                    file.write(content)
            before = snapshot(os.path.dirname(path))
            put(self.config("whis", "presets", "good.json"), {"prompt": "Shorter."}, age_s=5)
            session.start_service()
            output = self.run_import(status=1)
            self.assertIn(f"~/config/whis/settings.json was left out: {why}.", output)
            self.assertIn("1 preset, copied", output)
            self.assertEqual(self.session.whis("status").stdout, "idle\n")
            after = snapshot(os.path.dirname(path))
            self.assertEqual({name: after[name] for name in before}, before)
            session.close()

    def test_files(self):
        damaged = "it is no file of settings, or was damaged"
        self.check(damaged, b"")
        self.check(damaged, b"{")
        self.check(damaged, b"[]")
        self.check(damaged, b"\xff\xfe{\x00}\x00")
        self.check(damaged, b'{"ui": "\xff"}')
        self.check(damaged, b"[" * 500000)
        self.check(damaged, b'{"a":' * 100000)
        self.check("it is too long for settings", b" " * (1024 * 1024) + b"{}")

    def test_no_files(self):
        self.check("it is no regular file", prepare=os.mkdir)
        self.check("it is no regular file", prepare=os.mkfifo)
        self.check("it is no regular file", prepare=lambda path: os.symlink("/dev/zero", path))
        self.check("Too many levels of symbolic links", prepare=lambda path: os.symlink(path, path))

    def test_link(self):
        """Some keep their settings elsewhere."""
        session = self.open()
        elsewhere = put(os.path.join(session.directory, "dotfiles", "settings.json"),
                        shared_settings(transcription__api_keys={},
                                        transcription__provider="local-whisper"))
        os.makedirs(self.config("whis"))
        os.symlink(elsewhere, self.config("whis", "settings.json"))
        session.start_service()
        self.assertIn("Language: de", self.run_import())

    def test_values(self):
        """Of values that make no sense each is named, and the others count."""
        session = self.open()
        put(self.config("whis", "settings.json"), {
            "transcription": {"provider": 7, "language": "klingon, please", "api_keys": "none"},
            "ui": {"microphone_device": ["a"], "chunk_duration_secs": 1e300, "bubble": "big",
                   "vad": {"enabled": "perhaps"}},
            "post_processing": None, "services": {"ollama": {"url": "ftp://nowhere"}},
            "shortcuts": {"desktop_key": "Ctrl+\x1b[31mX"}})
        session.start_service()
        output = self.run_import()
        for name in ("transcription.provider", "language", "ui.microphone_device",
                     "ui.chunk_duration_secs", "ui.vad.enabled", "shortcuts.desktop_key"):
            self.assertIn(f"“{name}”: its value is not understood.", output)
        self.assertIn("Address of Ollama: Whis does not send anything to ftp://nowhere.", output)
        self.assertNotIn("\x1b", output)
        self.assertEqual(self.setting("longest-chunk"), "30")

    def test_options(self):
        session = self.open()
        session.start_service()
        self.run_import("--backwards", status=2)
        self.run_import("everything", status=2)
        for options in ({"sideways": GLib.Variant("b", True)}, {"again": GLib.Variant("s", "yes")}):
            with self.assertRaisesRegex(GLib.Error, "There is no option"):
                session.call("ImportOriginal", "(a{sv})", options)


if __name__ == "__main__":
    tap.main()
