#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The D-Bus interface as any client sees it: what each method refuses, answers and tells."""

import json
import os
import pathlib
import re
import socket
import sys
import unittest

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [TESTS, os.path.join(TESTS, "service")]
# pylint: disable=wrong-import-position
import tap
from fakes.fake_services import FakeService, reply, text
from gi.repository import Gio, GLib
from legacy.test_import import GROQ_KEY, shared_settings
from whis_session import APP_ID, INTERFACE, PATH, SPEECH, WhisSession

MODELS = f"{INTERFACE}.Models"
ENDPOINT = f"{INTERFACE}.Endpoint"
DELIVERY = f"{INTERFACE}.Delivery"
DATA = pathlib.Path(TESTS).parent / "data"
WHIS_ERROR = "io.github.whis_gtk.Whis.Error."
NOBODY = "20200101-000000-nobody"


def read_interfaces():
    """What the XML of the four interfaces promises."""
    found = []
    for name in (INTERFACE, MODELS, ENDPOINT, DELIVERY):
        node = Gio.DBusNodeInfo.new_for_xml((DATA / f"{name}.xml").read_text(encoding="utf-8"))
        found += node.interfaces
    return found


class BusTest(unittest.TestCase):
    """A service without sound and without a keyring, for all tests of a class."""

    pulse = False

    @classmethod
    def prepare(cls):
        """What a class wants in its session before the service is started."""

    @classmethod
    def setUpClass(cls):
        cls.provider = FakeService(text("plain words"))
        cls.addClassCleanup(cls.provider.close)
        cls.session = WhisSession(pulse=cls.pulse)
        cls.addClassCleanup(cls.session.close)
        cls.prepare()
        cls.session.settings(provider="custom", addresses__custom=cls.provider.address)
        cls.session.start_service()

    @classmethod
    def call_on(cls, interface, method, signature=None, *arguments, files=None, bus=None):
        parameters = GLib.Variant(signature, arguments) if signature else None
        descriptors = Gio.UnixFDList.new()
        for file in files or ():
            descriptors.append(file)
        answer, received = (bus or cls.session.bus).call_with_unix_fd_list_sync(
            APP_ID, PATH, interface, method, parameters, None, Gio.DBusCallFlags.NONE, 120000,
            descriptors, None)
        return (answer.unpack(), received) if files is None and received else answer.unpack()

    def error_of(self, interface, method, signature=None, *arguments, **options):
        """The name of the error that a call comes back with, and its sentence."""
        with self.assertRaises(GLib.Error) as caught:
            self.call_on(interface, method, signature, *arguments, **options)
        name = Gio.DBusError.get_remote_error(caught.exception)
        message = caught.exception.message.removeprefix(f"GDBus.Error:{name}: ")
        # Code, id and what was kept stand in lines behind it.
        sentence = re.split(r"\n(?:code|id|kept): ", message)[0]
        return name.removeprefix(WHIS_ERROR), sentence

    def assert_refused(self, error, interface, method, signature=None, *arguments, **options):
        name, sentence = self.error_of(interface, method, signature, *arguments, **options)
        self.assertEqual(name, error, (method, sentence))
        if not name.startswith("org.freedesktop"):
            self.assertRegex(sentence, r"(?s)^[A-Z“].*[.…]$", method)  # a sentence for the user
        return sentence

    def connect(self):
        """Another client of the bus, which may leave."""
        flags = (Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT
                 | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION)
        bus = Gio.DBusConnection.new_for_address_sync(
            self.session.environment["DBUS_SESSION_BUS_ADDRESS"], flags, None, None)
        bus.set_exit_on_close(False)
        return bus

    def open_file(self, path, flags=os.O_RDONLY):
        descriptor = os.open(path, flags)
        self.addCleanup(os.close, descriptor)
        return descriptor

    def make_file(self, name, content):
        path = os.path.join(self.session.directory, name)
        with open(path, "wb") as file:
            file.write(content)
        return self.open_file(path)

    def make_pipe(self, content):
        reader, writer = os.pipe()
        self.addCleanup(os.close, reader)
        os.write(writer, content)
        os.close(writer)
        return reader


class Interface(BusTest):
    """What is promised in the XML."""

    def test_all_of_it_is_there(self):
        answer = self.call_on("org.freedesktop.DBus.Introspectable", "Introspect")[0]
        there = {each.name: each for each in Gio.DBusNodeInfo.new_for_xml(answer).interfaces}
        for promised in read_interfaces():
            for kind in ("methods", "signals", "properties"):
                with self.subTest(interface=promised.name, kind=kind):
                    self.assertEqual({each.name for each in getattr(promised, kind)},
                                     {each.name for each in getattr(there[promised.name], kind)})

    def test_properties(self):
        """Each can be read, has its type, and can be changed by nobody."""
        for promised in read_interfaces():
            values = self.session.bus.call_sync(
                APP_ID, PATH, "org.freedesktop.DBus.Properties", "GetAll",
                GLib.Variant("(s)", (promised.name,)), None, Gio.DBusCallFlags.NONE, 60000, None)
            values = values.get_child_value(0)
            for each in promised.properties:
                with self.subTest(property=each.name):
                    value = values.lookup_value(each.name, None)
                    self.assertEqual(value.get_type_string(), each.signature)
                    self.assert_refused("org.freedesktop.DBus.Error.InvalidArgs",
                                        "org.freedesktop.DBus.Properties", "Set", "(ssv)",
                                        promised.name, each.name, value)

    def test_first_state(self):
        self.assertEqual(self.session.get("State"), "idle")
        self.assertEqual(self.session.get("Dictation"), "")
        self.assertEqual(self.session.get("Provider"), "custom")
        self.assertEqual(self.session.get("Level"), -100)
        self.assertEqual(self.session.get("Playing"), "")
        self.assertFalse(self.session.get("CanUndoCancel"))

    def test_wrong_arguments(self):
        """A call with other arguments than those of the XML never gets to a handler."""
        for promised in read_interfaces():
            for method in promised.methods:
                with self.subTest(method=method.name):
                    self.assert_refused("org.freedesktop.DBus.Error.InvalidArgs", promised.name,
                                        method.name, "(ddd)", 1.0, 2.0, 3.0)

    def test_unknown_members(self):
        self.assert_refused("org.freedesktop.DBus.Error.UnknownMethod", INTERFACE, "Explode")
        self.assert_refused("org.freedesktop.DBus.Error.UnknownMethod", MODELS, "Start", "(a{sv})",
                            {})
        self.assert_refused("org.freedesktop.DBus.Error.InvalidArgs",
                            "org.freedesktop.DBus.Properties", "Get", "(ss)", INTERFACE, "Mood")


class Refusals(BusTest):
    """What there is not."""

    def test_dictations(self):
        for method, signature, arguments in (
                ("Cancel", "(s)", (NOBODY,)), ("Resume", "(sa{sv})", (NOBODY, {})),
                ("TranscribeAgain", "(sa{sv})", (NOBODY, {})),
                ("GetHistoryEntry", "(s)", (NOBODY,)), ("GetDocument", "(ss)", (NOBODY, "srt")),
                ("CopyHistoryEntry", "(su)", (NOBODY, 0)),
                ("MarkHistoryEntry", "(sb)", (NOBODY, True)),
                ("DeleteHistoryEntries", "(as)", ([NOBODY],)), ("OpenSound", "(s)", (NOBODY,)),
                ("PlaySound", "(s)", (NOBODY,))):
            with self.subTest(method=method):
                self.assert_refused("NotFound", INTERFACE, method, signature, *arguments)

    def test_ids_that_lead_elsewhere(self):
        for name in ("../../etc/passwd", "/etc/passwd", "a/../b", "a\nb", "\x1b[2J", "x" * 5000):
            for method, signature, more in (("GetHistoryEntry", "(s)", ()), ("OpenSound", "(s)", ()),
                                            ("GetDocument", "(ss)", ("text",)),
                                            ("Resume", "(sa{sv})", ({},))):
                with self.subTest(method=method, name=name[:20]):
                    self.assert_refused("NotFound", INTERFACE, method, signature, name, *more)

    def test_nothing_to_do(self):
        self.assert_refused("NotRecording", INTERFACE, "Stop")
        self.assert_refused("NotFound", INTERFACE, "UndoCancel")
        self.assert_refused("NotFound", INTERFACE, "CopyLastText")
        self.assert_refused("NotFound", INTERFACE, "ImportOriginal", "(a{sv})", {})
        self.assertEqual(self.call_on(INTERFACE, "GetLastText"), ("",))
        self.assertEqual(self.call_on(INTERFACE, "PlaySound", "(s)", ""), ())

    def test_services(self):
        for name in ("nobody", "", "Groq", "groq ", "../groq"):
            with self.subTest(service=name):
                self.assert_refused("NotFound", INTERFACE, "ListModels", "(s)", name)
                self.assert_refused("NotFound", INTERFACE, "CheckKey", "(s)", name)
                self.assert_refused("NotFound", INTERFACE, "RemoveKey", "(s)", name)
                self.assert_refused("NotFound", INTERFACE, "SetKey", "(sh)", name, 0,
                                    files=[self.make_pipe(b"sk-key")])

    def test_models(self):
        for method in ("Check", "Remove", "Measure"):
            with self.subTest(method=method):
                self.assert_refused("NotFound", MODELS, method, "(s)", "no-such-model")
                self.assert_refused("NotFound", MODELS, method, "(s)", "whisper-tiny")
        self.assert_refused("NotFound", MODELS, "Fetch", "(sa{sv})", "no-such-model", {})

    def test_files_that_are_none(self):
        directory = self.open_file("/")
        empty = self.make_file("empty.bin", b"")
        for file in (directory, empty):
            self.assert_refused("File", MODELS, "Import", "(hs)", 0, "a.bin", files=[file])
        for interface, method, signature, arguments in (
                (INTERFACE, "TranscribeFile", "(hsa{sv})", (3, "x", {})),
                (INTERFACE, "SetKey", "(sh)", ("groq", 3)),
                (MODELS, "Import", "(hs)", (3, "x"))):
            with self.subTest(method=method):
                name, _ = self.error_of(interface, method, signature, *arguments, files=[empty])
                self.assertIn(name, ("Arguments", "File"))

    def test_values_of_options(self):
        """An option of another type, one that there is not, and a value that cannot be."""
        string = lambda value: GLib.Variant("s", value)  # noqa: E731
        wrong = ({"colour": string("blue")}, {"provider": GLib.Variant("u", 1)},
                 {"model": GLib.Variant("b", True)}, {"language": string("../../etc")},
                 {"language": string("german language")}, {"language": GLib.Variant("as", ["en"])})
        for options in wrong:
            with self.subTest(options=options):
                self.assert_refused("Arguments", INTERFACE, "Start", "(a{sv})", options)
                self.assert_refused("Arguments", INTERFACE, "Toggle", "(a{sv})", options)
                self.assert_refused("Arguments", INTERFACE, "TranscribeFile", "(hsa{sv})", 0, "x",
                                    options, files=[self.open_file(SPEECH)])
        self.assert_refused("NotFound", INTERFACE, "Start", "(a{sv})", {"provider": string("nobody")})
        for query in ({"limit": GLib.Variant("i", 3)}, {"states": GLib.Variant("as", ["asleep"])},
                      {"marked": string("yes")}, {"limits": GLib.Variant("u", 1)}):
            with self.subTest(query=query):
                self.assert_refused("Arguments", INTERFACE, "ListHistory", "(a{sv})", query)
        self.assertEqual(self.call_on(INTERFACE, "ListHistory", "(a{sv})", {}), ([], 0))

    def test_types_of_options(self):
        """Each option that a method has, with a value of each other type, and those of its
        neighbours: nothing is passed over, and nothing is begun."""
        texts = ("provider", "model", "language")
        switches = ("times", "attached")
        known = (
            (INTERFACE, "Start", "(a{sv})", (), texts + ("microphone",),
             switches + ("deliver", "document", "live"), ("limit", "mirror")),
            (INTERFACE, "Toggle", "(a{sv})", (), texts + ("microphone",),
             switches + ("deliver", "document", "live"), ("limit", "mirror")),
            (INTERFACE, "Resume", "(sa{sv})", (NOBODY,), texts, switches + ("deliver",),
             ("document", "microphone", "live")),
            (INTERFACE, "TranscribeAgain", "(sa{sv})", (NOBODY,), texts, switches,
             ("deliver", "document", "microphone", "live")),
            (INTERFACE, "ImportOriginal", "(a{sv})", (), (), ("dry-run", "again", "overwrite"),
             ("dry_run", "force")),
            (MODELS, "List", "(a{sv})", (), ("language", "mirror", "endpoint"), (),
             ("metered", "attached")),
            (MODELS, "Fetch", "(sa{sv})", ("whisper-tiny",), ("mirror", "endpoint"),
             ("metered", "attached"), ("language", "")))
        before = self.session.get("Dictation")
        values = [GLib.Variant(kind, value) for kind, value in (
            ("s", "x"), ("b", True), ("u", 1), ("i", 1), ("d", 1.0), ("as", ["x"]), ("ay", b"x"),
            ("v", GLib.Variant("s", "x")), ("a{sv}", {}), ("o", "/"), ("g", "s"))]
        for interface, method, signature, arguments, strings, booleans, strange in known:
            wrong = [{name: value} for name in strings + booleans for value in values
                     if value.get_type_string() != ("s" if name in strings else "b")]
            wrong += [{name: value} for name in strange for value in values[:2]]
            for options in wrong:
                with self.subTest(method=method, options=options):
                    self.assert_refused("Arguments", interface, method, signature, *arguments,
                                        options)
        self.assertEqual(self.session.get("Dictation"), before)
        self.assert_refused("NotFound", MODELS, "CancelFetch", "(s)", "whisper-tiny")

    def test_pages_and_formats(self):
        self.assert_refused("Arguments", INTERFACE, "OpenWindow", "(s)", "kitchen")
        self.assert_refused("Arguments", INTERFACE, "HandOverDisplay", "(a{ss})",
                            {"LD_PRELOAD": "/tmp/evil.so"})

    def test_no_sound_server(self):
        """The sentence is for the user, and nothing is left recording."""
        (dictation,) = self.call_on(INTERFACE, "Start", "(a{sv})", {})
        outcome = self.session.outcome(dictation)
        self.assertEqual(outcome[:2], ("failed", "device"))
        self.assertEqual(outcome[2], self.session.get("Message"))
        self.assertEqual((self.session.get("State"), self.session.get("Code")),
                         ("failed", "device"))
        self.assert_refused("NotRecording", INTERFACE, "Stop")


class Results(BusTest):
    """Files, and what the history says of them afterwards."""

    def transcribe(self, options=None, name="talk.wav", path=SPEECH):
        (dictation,) = self.call_on(INTERFACE, "TranscribeFile", "(hsa{sv})", 0, name, options or {},
                                    files=[self.open_file(path)])
        return dictation

    def finish(self, words, **options):
        self.provider.default = text(words)
        dictation = self.transcribe(**options)
        self.assertEqual(self.session.outcome(dictation), ("finished", words))
        return dictation

    def entry(self, dictation):
        return self.call_on(INTERFACE, "GetHistoryEntry", "(s)", dictation)[0]

    def test_entry(self):
        dictation = self.finish("in the entry", name="talk\n\x1b.wav")
        entry = self.entry(dictation)
        self.assertEqual((entry["id"], entry["source"], entry["state"], entry["text"]),
                         (dictation, "file", "done", "in the entry"))
        self.assertEqual(entry["provider"], "custom")
        self.assertEqual([version["number"] for version in entry["versions"]], [0])
        self.assertFalse(entry["marked"])
        self.assertGreater(entry["length"], 1000)
        self.session.wait_until(
            lambda: ("HistoryChanged", (dictation,)) in self.session.events, "nobody is told")
        self.assertEqual(self.call_on(INTERFACE, "GetLastText"), ("in the entry",))

    def test_documents(self):
        dictation = self.finish("in a document")
        for form, begins in (("text", "in a document"), ("json", "{"), ("srt", "1\n00:00:"),
                             ("vtt", "WEBVTT\n")):
            with self.subTest(format=form):
                (document,) = self.call_on(INTERFACE, "GetDocument", "(ss)", dictation, form)
                self.assertTrue(document.startswith(begins), document)
                self.assertIn("in a document", document)
        for form in ("", "TEXT", "docx"):
            self.assert_refused("Arguments", INTERFACE, "GetDocument", "(ss)", dictation, form)

    def test_list(self):
        """Newest first, in pages, with the number of all; a summary has no chunks."""
        first, second, third = (self.finish(f"number {n} of a list") for n in (1, 2, 3))
        query = lambda **options: self.call_on(  # noqa: E731
            INTERFACE, "ListHistory", "(a{sv})",
            {"search": GLib.Variant("s", "number list"), **options})
        entries, total = query()
        self.assertEqual(([entry["id"] for entry in entries], total), ([third, second, first], 3))
        self.assertNotIn("chunks", entries[0])
        entries, total = query(limit=GLib.Variant("u", 1), offset=GLib.Variant("u", 1))
        self.assertEqual(([entry["id"] for entry in entries], total), ([second], 3))
        self.assertEqual(query(offset=GLib.Variant("u", 9)), ([], 3))
        self.assertEqual(query(states=GLib.Variant("as", ["failed"])), ([], 0))
        self.assertEqual(len(query(limit=GLib.Variant("u", 4000000000))[0]), 3)

    def test_mark_and_delete(self):
        """All are deleted, or none."""
        dictation = self.finish("marked words")
        self.call_on(INTERFACE, "MarkHistoryEntry", "(sb)", dictation, True)
        self.assertTrue(self.entry(dictation)["marked"])
        self.call_on(INTERFACE, "MarkHistoryEntry", "(sb)", dictation, True)
        self.assert_refused("NotFound", INTERFACE, "DeleteHistoryEntries", "(as)",
                            [dictation, NOBODY])
        self.assertTrue(self.entry(dictation)["marked"])
        self.call_on(INTERFACE, "DeleteHistoryEntries", "(as)", [dictation, dictation])
        self.assert_refused("NotFound", INTERFACE, "GetHistoryEntry", "(s)", dictation)
        self.call_on(INTERFACE, "DeleteHistoryEntries", "(as)", [])

    def test_versions(self):
        dictation = self.finish("the first text")
        self.provider.default = text("the second text")
        self.session.events.clear()
        self.call_on(INTERFACE, "TranscribeAgain", "(sa{sv})", dictation,
                     {"provider": GLib.Variant("s", "custom")})
        self.assertEqual(self.session.outcome(dictation), ("finished", "the second text"))
        entry = self.entry(dictation)
        self.assertEqual([version["text"] for version in entry["versions"]],
                         ["the first text", "the second text"])
        self.assertEqual(entry["text"], "the first text")  # what was delivered stays
        self.assert_refused("NotFound", INTERFACE, "CopyHistoryEntry", "(su)", dictation, 7)

    def test_sound_is_the_file(self):
        """The descriptor can be read from its beginning, and nothing can be written to it."""
        dictation = self.finish("with its sound")
        (handle,), received = self.call_on(INTERFACE, "OpenSound", "(s)", dictation)
        descriptor = received.get(handle)
        self.addCleanup(os.close, descriptor)
        self.assertGreater(len(os.read(descriptor, 100000)), 1000)
        with self.assertRaises(OSError):
            os.write(descriptor, b"x")

    def test_no_sound_in_it(self):
        path = os.path.join(self.session.directory, "page.html")
        with open(path, "wb") as file:
            file.write(b"<html>no sound</html>" * 99)
        outcome = self.session.outcome(self.transcribe(path=path))
        self.assertEqual(outcome[:2], ("failed", "file"))
        self.assertRegex(outcome[2], r"\.$")
        self.assert_refused("File", INTERFACE, "TranscribeFile", "(hsa{sv})", 0, "empty.wav", {},
                            files=[self.make_file("empty.wav", b"")])

    def test_who_leaves(self):
        """A file is given up with the caller that is attached to it, and with no other."""
        self.provider.default = text("for nobody")
        for attached, state in ((True, "cancelled"), (False, "done")):
            with self.subTest(attached=attached):
                self.provider.gate.clear()
                before = len(self.provider.requests)
                client = self.connect()
                (dictation,) = self.call_on(
                    INTERFACE, "TranscribeFile", "(hsa{sv})", 0, "talk.wav",
                    {"attached": GLib.Variant("b", attached)}, files=[self.open_file(SPEECH)],
                    bus=client)
                self.provider.wait_for_requests(before + 1)
                client.close_sync(None)
                if attached:
                    self.session.wait_for(dictation, "cancelled")
                self.provider.gate.set()
                self.session.wait_for(dictation, state)

    def test_failure_is_told_once(self):
        self.provider.default = reply(401, {"error": {"message": "wrong key", "type": "x"}})
        try:
            dictation = self.transcribe()
            outcome = self.session.outcome(dictation)
        finally:
            self.provider.default = text("plain words")
        self.assertEqual(outcome[:2], ("failed", "key-missing"))
        told = [name for name, arguments in self.session.events
                if name in ("Failed", "Finished") and arguments[0] == dictation]
        self.assertEqual(told, ["Failed"])
        self.assertEqual(self.entry(dictation)["code"], "key-missing")
        # The file is the caller's: there is no copy of it to go on with.
        self.assertEqual(outcome[3], "file")
        self.assert_refused("NotFound", INTERFACE, "Resume", "(sa{sv})", dictation, {})


class Endpoint(BusTest):
    """Whether other programs are answered: what each client is told of it."""

    def setUp(self):
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            self.port = found.getsockname()[1]
        self.session.settings(endpoint_port=str(self.port))

    def get(self, name):
        return self.call_on("org.freedesktop.DBus.Properties", "Get", "(ss)", ENDPOINT, name)[0]

    def set_enabled(self, enabled):
        return self.call_on(ENDPOINT, "SetEnabled", "(b)", enabled)

    def read_key(self, renew=False):
        (handle,), received = self.call_on(ENDPOINT, "OpenKey", "(b)", renew)
        with open(received.get(handle), "rb") as pipe:
            return pipe.read()

    def test_on_and_off(self):
        """A key is made once, comes by a pipe that ends, and stays until another is wanted."""
        self.assertEqual((self.get("Address"), self.get("Problem")), ("", ""))
        self.assert_refused("NotFound", ENDPOINT, "OpenKey", "(b)", False)
        self.assertEqual(self.set_enabled(False), ())
        self.assertEqual(self.set_enabled(True), ())
        self.assertEqual(self.set_enabled(True), ())
        self.assertIn(f":{self.port}", self.get("Address"))
        key = self.read_key()
        self.assertRegex(key, rb"^[!-~]{20,}$")
        self.assertEqual(self.read_key(), key)
        renewed = self.read_key(True)
        self.assertNotIn(renewed, (b"", key))
        self.set_enabled(False)
        self.assertEqual(self.get("Address"), "")
        self.assertEqual(self.read_key(), renewed)
        self.assertNotIn(renewed.decode(), self.session.read_log())

    def test_port_is_taken(self):
        """Nothing is changed, the sentence names the port, and it works once that is free."""
        with socket.socket() as other:
            other.bind(("127.0.0.1", self.port))
            other.listen()
            sentence = self.assert_refused("Failed", ENDPOINT, "SetEnabled", "(b)", True)
            self.assertIn(str(self.port), sentence)
            self.assertEqual(self.get("Address"), "")
            result = self.session.whis("settings", "endpoint")
            self.assertEqual(result.stdout.strip(), "false")
        self.set_enabled(True)
        self.assertIn(f":{self.port}", self.get("Address"))
        self.set_enabled(False)


class Import(BusTest):
    """What the earlier Whis left, by the method of the interface."""

    def call_import(self, **options):
        typed = {name.replace("_", "-"): GLib.Variant("b", value)
                 for name, value in options.items()}
        return self.call_on(INTERFACE, "ImportOriginal", "(a{sv})", typed)[0]

    def test_once(self):
        """Looked at first, then done, and not done a second time unless that is wanted."""
        folder = pathlib.Path(self.session.environment["XDG_CONFIG_HOME"], "whis")
        folder.mkdir(parents=True, exist_ok=True)
        self.assert_refused("NotFound", INTERFACE, "ImportOriginal", "(a{sv})", {})
        settings = folder / "settings.json"
        values = shared_settings(transcription__provider="groq")
        settings.write_text(json.dumps(values), encoding="utf-8")
        content = settings.read_bytes()
        looked = self.call_import(dry_run=True)
        self.assertIn("imported", [word for word, _ in looked])
        self.assertEqual(self.session.get("Provider"), "custom")
        self.assertEqual(self.call_import(dry_run=True), looked)

        done = self.call_import(overwrite=True)
        self.session.wait_until(lambda: self.session.get("Provider") == "groq", "it is not taken")
        self.assertNotIn(GROQ_KEY, str(looked) + str(done) + self.session.read_log())
        self.assertEqual(settings.read_bytes(), content)
        # There is no keyring: as long as the key waits for one the import is not over.
        self.assertIn("waiting", [word for word, _ in done])
        self.assertIn("waiting", [word for word, _ in self.call_import()])
        values["transcription"]["api_keys"] = {}
        settings.write_text(json.dumps(values), encoding="utf-8")
        self.assertNotIn("waiting", [word for word, _ in self.call_import()])
        self.assert_refused("Failed", INTERFACE, "ImportOriginal", "(a{sv})", {})
        again = [word for word, _ in self.call_import(again=True)]
        self.assertIn("same", again)
        self.assertNotIn("imported", again)
        # A file that cannot be read is told, and is no error of the call.
        settings.write_bytes(b"{\xff\x00")
        self.assertIn("failed", [word for word, _ in self.call_import(again=True)])


class ModelList(BusTest):
    """The models that a computer without any could have."""

    def test_rows(self):
        (rows,) = self.call_on(MODELS, "List", "(a{sv})", {})
        self.assertGreater(len(rows), 3)
        self.assertEqual(len({row["id"] for row in rows}), len(rows))
        self.assertLessEqual(len([row for row in rows if row["recommended"]]), 1)
        for row in rows:
            with self.subTest(model=row["id"]):
                self.assertEqual((row["state"], row["done"]), ("absent", 0))
                self.assertGreater(row["bytes"], 1000000)
                self.assertTrue(row["hosts"] and row["license"] and row["attribution"])
                self.assertIn(row["pinned"], (True, False))
                self.assertNotIn("times-faster", row)

    def test_places(self):
        """Who fetches is told where from, before the first byte."""
        mirror = {"mirror": GLib.Variant("s", "https://mirror.example/models")}
        (rows,) = self.call_on(MODELS, "List", "(a{sv})", mirror)
        for row in rows:
            self.assertTrue(row["hosts"].startswith("mirror.example"), row["hosts"])

    def test_nothing_is_fetched(self):
        for method in ("CancelFetch", "CancelMeasure"):
            self.assert_refused("NotFound", MODELS, method, "(s)", "whisper-tiny")
            self.assert_refused("NotFound", MODELS, method, "(s)", "no-such-model")


if __name__ == "__main__":
    tap.main()
