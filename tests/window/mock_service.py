#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A Whis service without sound: it owns the name, speaks the interface, and does as it is told.

Tests steer it through the interface io.github.whis_gtk.WhisMock on the same object:
  Set (name, value)     a property of the interface changes
  Emit (name, values)   a signal of the interface is sent
  Calls () -> as        the methods called since the last time, each as one line
  Key (provider) -> s   the key that arrived for a provider
  FailNext (method, error, message)   the next call of a method comes back with an error
  Hold (method) / Release ()          calls of a method are answered only on release
  Fill (count)          the history gets that many entries more, all older than those it has
  Offer (report)        what there is to import from the earlier Whis
  Alter (id, key, value)              an entry of the history becomes another
  Plug (id, name)       an input comes; with an empty name it goes
  Stock (states, current)             what there is of each model, and which is used

With WHIS_MOCK_SERVICES=all it lists the services of the real one, else a few with all their traits.
"""

import os
import sys
import tempfile
import time

import gi

gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib  # noqa: E402

import all_services  # noqa: E402

APP_ID = os.environ.get("WHIS_MOCK_APP_ID", "io.github.whis_gtk.Whis")
APP_PATH = "/" + APP_ID.replace(".", "/")
INTERFACE = "io.github.whis_gtk.Whis1"
MODELS = "io.github.whis_gtk.Whis1.Models"
ENDPOINT = "io.github.whis_gtk.Whis1.Endpoint"
SHORTCUTS = "io.github.whis_gtk.Whis1.Shortcuts"
ENDPOINT_ADDRESS = "http://127.0.0.1:9447/v1"
MOCK = "io.github.whis_gtk.WhisMock"
ERROR = "io.github.whis_gtk.Whis.Error."

MOCK_XML = f"""
<node><interface name="{MOCK}">
  <method name="Set"><arg type="s" direction="in"/><arg type="v" direction="in"/></method>
  <method name="Emit"><arg type="s" direction="in"/><arg type="v" direction="in"/></method>
  <method name="Calls"><arg type="as" direction="out"/></method>
  <method name="Key"><arg type="s" direction="in"/><arg type="s" direction="out"/></method>
  <method name="FailNext"><arg type="s" direction="in"/><arg type="s" direction="in"/>
    <arg type="s" direction="in"/></method>
  <method name="Hold"><arg type="s" direction="in"/></method>
  <method name="Release"/>
  <method name="Fill"><arg type="u" direction="in"/></method>
  <method name="Offer"><arg type="a(ss)" direction="in"/></method>
  <method name="Alter"><arg type="s" direction="in"/><arg type="s" direction="in"/>
    <arg type="v" direction="in"/></method>
  <method name="Stock"><arg type="a{{ss}}" direction="in"/><arg type="s" direction="in"/></method>
  <method name="Plug"><arg type="s" direction="in"/><arg type="s" direction="in"/></method>
</interface></node>
"""


def provider(**fields):
    types = {"models": "as", "live-models": "as"}
    booleans = ("needs-key", "takes-key", "has-key", "own-address", "needs-model")
    row = {}
    for name, value in fields.items():
        name = name.replace("_", "-")
        kind = types.get(name, "b" if name in booleans else "s")
        row[name] = GLib.Variant(kind, value)
    return row


def few_providers():
    """One of each sort, for the tests."""
    return [
        provider(id="offline", name="Offline", needs_key=False, takes_key=False,
                 has_key=False, key_source="", key_page="", own_address=False, models=[],
                 host="", note="Works without an account and without a network. How good it is, "
                      "and in which languages, depends on the model."),
        provider(id="openai", name="OpenAI", needs_key=True, takes_key=True,
                 key_page="https://platform.openai.com/api-keys", own_address=False,
                 models=["gpt-transcribe", "gpt-4o-transcribe", "gpt-4o-mini-transcribe", "whisper-1"],
                 live_models=["gpt-live-transcribe"], host="api.openai.com",
                 note=""),
        provider(id="groq", name="Groq", needs_key=True, takes_key=True,
                 key_page="https://console.groq.com/keys", own_address=False,
                 models=["whisper-large-v3-turbo", "whisper-large-v3"],
                 host="api.groq.com", note=""),
        provider(id="mistral", name="Mistral", needs_key=True, takes_key=True,
                 key_page="https://console.mistral.ai/api-keys", own_address=False,
                 models=["voxtral-mini-transcribe-latest", "voxtral-small-transcribe-latest",
                         "voxtral-mini-latest"], host="api.mistral.ai",
                 note=""),
        provider(id="custom", name="Own server", needs_key=False, takes_key=True, key_page="",
                 own_address=True, address_hint="http://127.0.0.1:8000/v1", models=[], host="",
                 note="Any other server that speaks the OpenAI dialect."),
        provider(id="azure", name="Azure OpenAI", needs_key=True, takes_key=True,
                 key_page="https://portal.azure.com/", own_address=True, needs_model=True,
                 address_hint="https://RESOURCE.openai.azure.com", models=[], host="",
                 note="The model is the name of your deployment."),
    ]


UNFINISHED = ("waiting", "interrupted")

SENTENCES = (
    "The meeting moves to Thursday at ten, please tell the others and bring the figures.",
    "Buy oats, apples, and the good bread from the corner; we are out of coffee too.",
    "Dear Maren, thank you for your letter. I read it twice and will answer at length on Sunday.",
    "The test fails only when the network goes away between two chunks, and only on battery.",
    "Remember to water the plants in the office before the long weekend.",
    "Das Gutachten ist fertig, es fehlt nur noch die Unterschrift der Leiterin.",
    "A longer thought about the third chapter: it begins too late, and the storm should come "
    "before the quarrel, so that the reader knows the boat is gone when they speak of leaving.",
)


def invented_entry(number, created):
    """One of an endless row of dictations: most went well, some did not."""
    kinds = {2: "waiting", 4: "failed", 9: "interrupted", 12: "cancelled"}
    state = kinds.get(number % 40, "done")
    text = SENTENCES[number % len(SENTENCES)] + f" Note {number}."
    offline = number % 5 == 3
    entry = {
        "id": f"h{number}", "created": created, "source": "microphone", "name": "",
        "state": state, "length": 7000 + number * 7919 % 240000,
        "provider": "offline" if offline else "openai",
        "model": "" if offline else "gpt-4o-mini-transcribe", "language": "en",
        "host": "this computer" if offline else "api.openai.com",
        "text": text if state == "done" else "", "code": "", "message": "",
        "delivered": state == "done", "marked": number % 11 == 1, "private": False,
        "has-sound": number < 50 or number % 3 == 0,
    }
    if number % 17 == 6:
        entry.update(source="file", name="interview.ogg")
    if state == "failed":
        entry.update(code="key-wrong", message="OpenAI does not accept the key; put a new one "
                     "into the preferences.")
    elif state == "waiting":
        entry.update(code="network", message="OpenAI cannot be reached; Whis tries again when "
                     "the network is back.")
    parts = 1 if state == "done" else 5
    entry["chunks"] = [
        {"index": index, "start": index * 30000, "length": 30000, "has-speech": True,
         "provider": entry["provider"],
         "text": text if state == "done" else SENTENCES[index] if index < 3 else "",
         "message": "" if state == "done" or index < 3 else entry["message"]}
        for index in range(parts)]
    entry["chunks"].append({"index": parts, "start": parts * 30000, "length": 4000,
                            "has-speech": False, "provider": "", "text": "", "message": ""})
    if number == 7:
        # A second service gave a part of it, and a third was asked in vain.
        entry["chunks"][0].update({"host": "api.openai.com"})
        entry["chunks"].insert(1, {"index": 1, "start": 30000, "length": 5000, "has-speech": True,
                                   "provider": "groq", "host": "api.groq.com", "tried": "mistral",
                                   "text": "", "message": ""})
    if state != "done":
        entry["text"] = " ".join(chunk["text"] for chunk in entry["chunks"][:3])
    entry["versions"] = []
    if entry["text"]:
        entry["versions"].append({"number": 0, "created": created, "provider": entry["provider"],
                                  "model": entry["model"], "text": entry["text"]})
    if number % 7 == 3:
        entry["versions"].append({
            "number": 1, "created": created + 60000, "provider": "groq",
            "model": "whisper-large-v3",
            "text": entry["text"].replace("only when", "whenever").replace("two chunks", "chunks")
            .replace("battery.", "battery power.")})
    return entry


def printed(value):
    return str(dict(sorted(value.items())) if isinstance(value, dict) else value)


TYPES = {"created": "x", "length": "t", "start": "t", "index": "u", "number": "u",
         "chunks": "aa{sv}", "versions": "aa{sv}"}


def as_variants(row, short=False):
    """A row of the history as it goes over the bus; short as in a list."""
    variants = {}
    for name, value in row.items():
        if name in ("chunks", "versions"):
            if short:
                continue
            value = [as_variants(part) for part in value]
        elif short and name == "text" and len(value) > 300:
            value = value[:300] + "…"
        kind = TYPES.get(name, "b" if isinstance(value, bool) else "s")
        variants[name] = GLib.Variant(kind, value)
    return variants


# For pictures.
BEAUTIFUL = {
    "base": (("name", "s", "Parakeet v3 (8 bits)"), ("bytes", "t", 668_757_119),
             ("hosts", "s", "huggingface.co"), ("license", "s", "CC-BY-4.0"),
             ("attribution", "s", "Parakeet TDT 0.6B v3 by NVIDIA"),
             ("languages", "as", "bg hr cs da nl en et fi fr de el hu it lv lt mt pl pt ro sk sl es "
              "sv ru uk".split())),
    "tiny": (("name", "s", "Parakeet v3 (4 bits)"), ("bytes", "t", 415_611_879),
             ("hosts", "s", "huggingface.co"), ("license", "s", "CC-BY-4.0"),
             ("attribution", "s", "Parakeet TDT 0.6B v3 by NVIDIA"),
             ("languages", "as", "bg hr cs da nl en et fi fr de el hu it lv lt mt pl pt ro sk sl es "
              "sv ru uk".split())),
}


def local_model(name, state, **fields):
    """A model for this computer."""
    row = {"id": GLib.Variant("s", name), "name": GLib.Variant("s", name.capitalize()),
           "state": GLib.Variant("s", state), "bytes": GLib.Variant("t", 80_000_000),
           "done": GLib.Variant("t", fields.get("done", 0)), "engine": GLib.Variant("s", "whisper"),
           "system": GLib.Variant("b", False), "hosts": GLib.Variant("s", "models.example"),
           "license": GLib.Variant("s", "MIT"), "attribution": GLib.Variant("s", "Somebody"),
           "languages": GLib.Variant("as", ["en", "de"]),
           "file": GLib.Variant("s", f"ggml-{name}.bin"),
           "recommended": GLib.Variant("b", name == "base"),
           "smaller": GLib.Variant("s", "tiny" if name == "base" else ""),
           "checksum-verified": GLib.Variant("b", True)}
    if os.environ.get("WHIS_MOCK_SERVICES") == "all":
        row.update({key: GLib.Variant(kind, value) for key, kind, value in BEAUTIFUL[name]})
    kinds = {"measuring": "s", "measure-problem": "s", "times-faster": "d", "peak-memory": "t",
             "replacement": "s", "replacement-name": "s", "gpu-verdict": "s", "gpu": "s"}
    row.update({key: GLib.Variant(kinds[key], value) for key, value in fields.items()
                if key in kinds})
    return row


class Service:
    def __init__(self, xml, models_xml, endpoint_xml, shortcuts_xml, loop):
        self.loop = loop
        self.shortcuts_info = Gio.DBusNodeInfo.new_for_xml(shortcuts_xml).lookup_interface(
            SHORTCUTS)
        self.triggers = {}
        self.endpoint_info = Gio.DBusNodeInfo.new_for_xml(endpoint_xml).lookup_interface(ENDPOINT)
        self.endpoint = {"Address": "", "Problem": ""}
        self.models_info = Gio.DBusNodeInfo.new_for_xml(models_xml).lookup_interface(MODELS)
        self.models = {"base": "absent", "tiny": "verified"}
        self.current_model = "tiny"
        self.measures = {}
        self.info = Gio.DBusNodeInfo.new_for_xml(xml).lookup_interface(INTERFACE)
        self.mock_info = Gio.DBusNodeInfo.new_for_xml(MOCK_XML).lookup_interface(MOCK)
        self.connection = None
        self.calls = []
        self.failures = {}
        self.held_method = None
        self.held = []
        self.keys = {}
        self.sources = {"groq": "environment"}
        if os.environ.get("WHIS_MOCK_SERVICES") == "all":
            self.sources["openai"] = "keyring"
        self.text = ""
        self.offer = []
        self.history = []  # newest first
        self.microphones = [("alsa_input.headset", "Headset Microphone"),
                            ("alsa_input.webcam", "Webcam")]
        self.serial = 0
        self.properties = {
            "State": GLib.Variant("s", "idle"),
            "Dictation": GLib.Variant("s", ""),
            "Elapsed": GLib.Variant("t", 0),
            "Level": GLib.Variant("d", -100.0),
            "Destination": GLib.Variant("s", "this computer"),
            "Provider": GLib.Variant("s", "offline"),
            "Silent": GLib.Variant("b", False),
            "Unfinished": GLib.Variant("u", 0),
            "CanUndoCancel": GLib.Variant("b", False),
            "Playing": GLib.Variant("s", ""),
            "Tray": GLib.Variant("b", True),
            "KeyringAvailable": GLib.Variant("b", True),
            "Message": GLib.Variant("s", ""),
            "Code": GLib.Variant("s", ""),
        }

    def export(self, connection):
        self.connection = connection
        connection.register_object(APP_PATH, self.info, self.call, self.get, None)
        connection.register_object(APP_PATH, self.mock_info, self.call_mock, None, None)
        connection.register_object(APP_PATH, self.models_info, self.call_models, self.get_models,
                                   None)
        connection.register_object(APP_PATH, self.endpoint_info, self.call_endpoint,
                                   self.get_endpoint, None)
        connection.register_object(APP_PATH, self.shortcuts_info, self.call_shortcuts, None, None)

    # the bus

    def get(self, _connection, _sender, _path, _interface, name):
        return self.properties[name]

    def set(self, **changes):
        for name, value in changes.items():
            self.properties[name] = value
        self.connection.emit_signal(
            None, APP_PATH, "org.freedesktop.DBus.Properties", "PropertiesChanged",
            GLib.Variant("(sa{sv}as)", (INTERFACE, changes, [])))

    def emit_models(self, name, *values):
        signature = {"Progress": "(stt)", "Fetched": "(s)", "FetchFailed": "(sssst)",
                     "Changed": "()"}[name]
        self.connection.emit_signal(None, APP_PATH, MODELS, name, GLib.Variant(signature, values))

    def emit(self, name, *values):
        if name.startswith("Models."):
            self.emit_models(name.removeprefix("Models."), *values)
            return
        signature = {"StateChanged": "(ss)", "Progress": "(stt)", "PartialText": "(ss)",
                     "Finished": "(ss)", "Failed": "(ssssb)", "Warning": "(ss)",
                     "HistoryChanged": "(s)", "MicrophonesChanged": "()"}[name]
        if name == "Finished":
            self.text = values[1]
        self.connection.emit_signal(None, APP_PATH, INTERFACE, name,
                                    GLib.Variant(signature, values))

    def call(self, _connection, _sender, _path, _interface, method, parameters, invocation):
        # A key is never a parameter, so that nothing secret can come to stand here.
        self.calls.append(" ".join([method, *map(printed, parameters.unpack())]))
        if method == self.held_method:
            self.held.append((method, parameters, invocation))
        else:
            self.answer(method, parameters, invocation)

    def call_models(self, _connection, _sender, _path, _interface, method, parameters, invocation):
        if method != "List":
            self.calls.append(" ".join(["Models." + method, *map(printed, parameters.unpack())]))
        self.answer("Models_" + method, parameters, invocation)

    def call_endpoint(self, _connection, _sender, _path, _interface, method, parameters, invocation):
        self.calls.append(" ".join(["Endpoint." + method, *map(printed, parameters.unpack())]))
        self.answer("Endpoint_" + method, parameters, invocation)

    def call_shortcuts(self, _connection, _sender, _path, _interface, method, parameters,
                       invocation):
        if method != "Describe":
            self.calls.append(" ".join(["Shortcuts." + method, *map(printed, parameters.unpack())]))
        self.answer("Shortcuts_" + method, parameters, invocation)

    def do_Shortcuts_Describe(self, invocation):
        description = {"backend": GLib.Variant("s", "x11"), "holds": GLib.Variant("b", True),
                       "suggestion": GLib.Variant("s", "<Super><Alt>d"),
                       "triggers": GLib.Variant("a{ss}", self.triggers)}
        if "F12" in self.triggers.values():
            description["problem"] = GLib.Variant("s", "Another program uses F12.")
        if os.environ.get("WHIS_MOCK_SHORTCUTS") == "line":
            description["line"] = GLib.Variant("s", "bindsym F9 exec whis toggle\n")
            description["line-file"] = GLib.Variant("s", "~/.config/sway/config")
        invocation.return_value(GLib.Variant("(a{sv})", (description,)))

    def do_Shortcuts_Bind(self, invocation, triggers):
        self.triggers.update(triggers)
        self.triggers = {action: keys for action, keys in self.triggers.items() if keys}
        invocation.return_value(None)

    def do_Shortcuts_Check(self, invocation):
        invocation.return_value(GLib.Variant("(b)", (True,)))

    def get_endpoint(self, _connection, _sender, _path, _interface, name):
        return GLib.Variant("s", self.endpoint[name])

    def do_Endpoint_SetEnabled(self, invocation, enabled):
        self.endpoint["Address"] = ENDPOINT_ADDRESS if enabled else ""
        changes = {name: GLib.Variant("s", value) for name, value in self.endpoint.items()}
        self.connection.emit_signal(
            None, APP_PATH, "org.freedesktop.DBus.Properties", "PropertiesChanged",
            GLib.Variant("(sa{sv}as)", (ENDPOINT, changes, [])))
        invocation.return_value(None)

    def do_Endpoint_OpenKey(self, invocation, _renew):
        end, write = os.pipe()
        os.write(write, b"whis-0123")
        os.close(write)
        fds = Gio.UnixFDList.new_from_array([end])
        invocation.return_value_with_unix_fd_list(GLib.Variant("(h)", (0,)), fds)

    def do_Models_List(self, invocation, _options):
        rows = [local_model(name, state, **self.measures.get(name, {}))
                for name, state in self.models.items()]
        invocation.return_value(GLib.Variant("(aa{sv})", (rows,)))

    def use_model(self, model):
        self.current_model = model
        self.connection.emit_signal(
            None, APP_PATH, "org.freedesktop.DBus.Properties", "PropertiesChanged",
            GLib.Variant("(sa{sv}as)", (MODELS, {"Current": GLib.Variant("s", model)}, [])))

    def get_models(self, _connection, _sender, _path, _interface, _name):
        return GLib.Variant("s", self.current_model)

    def change_model(self, model, state):
        self.models[model] = state
        self.emit_models("Changed")

    def do_Models_Fetch(self, invocation, model, _options):
        self.change_model(model, "fetching")
        invocation.return_value(None)

    def do_Models_CancelFetch(self, invocation, model):
        self.change_model(model, "partial")
        invocation.return_value(None)

    def do_Models_Remove(self, invocation, model):
        self.change_model(model, "absent")
        invocation.return_value(GLib.Variant("(t)", (80_000_000,)))

    def answer(self, method, parameters, invocation):
        if method in self.failures:
            error, message = self.failures.pop(method)
            name = error if "." in error else ERROR + error
            invocation.return_dbus_error(name, message)
            return
        handler = getattr(self, "do_" + method)
        handler(invocation, *parameters.unpack())

    def refuse(self, invocation, error, message):
        invocation.return_dbus_error(ERROR + error, message)

    def call_mock(self, _connection, _sender, _path, _interface, method, parameters, invocation):
        values = parameters
        reply = None
        if method == "Set" and values[0].startswith("Models."):
            self.measures[values[0].removeprefix("Models.")] = values[1]
            self.emit_models("Changed")
        elif method == "Set":
            self.set(**{values[0]: parameters.get_child_value(1).get_variant()})
        elif method == "Emit":
            self.emit(values[0], *values[1])
        elif method == "Calls":
            reply = GLib.Variant("(as)", (self.calls,))
            self.calls = []
        elif method == "Key":
            reply = GLib.Variant("(s)", (self.keys.get(values[0], ""),))
        elif method == "FailNext":
            self.failures[values[0]] = (values[1], values[2])
        elif method == "Hold":
            self.held_method = values[0]
        elif method == "Release":
            held, self.held, self.held_method = self.held, [], None
            for call in held:
                self.answer(*call)
        elif method == "Fill":
            self.fill(values[0])
        elif method == "Offer":
            self.offer = values[0]
        elif method == "Alter":
            self.find(values[0])[values[1]] = values[2]
            self.changed(values[0])
        elif method == "Stock":
            self.models = dict(values[0])
            self.use_model(values[1])
            self.emit_models("Changed")
        elif method == "Plug":
            self.microphones = [row for row in self.microphones if row[0] != values[0]]
            if values[1]:
                self.microphones.append((values[0], values[1]))
            self.emit("MicrophonesChanged")
        invocation.return_value(reply)

    # the methods

    def begin(self, state):
        self.serial += 1
        dictation = f"d{self.serial}"
        self.set(Dictation=GLib.Variant("s", dictation), State=GLib.Variant("s", state),
                 Elapsed=GLib.Variant("t", 0), Message=GLib.Variant("s", ""))
        self.emit("StateChanged", dictation, state)
        return dictation

    def become(self, state):
        self.set(State=GLib.Variant("s", state), Level=GLib.Variant("d", -100.0))
        self.emit("StateChanged", self.properties["Dictation"].unpack(), state)

    def state(self):
        return self.properties["State"].unpack()

    def do_Start(self, invocation, options):
        if self.state() in ("starting", "recording"):
            invocation.return_dbus_error(ERROR + "AlreadyRecording", "A recording is under way.")
        else:
            invocation.return_value(GLib.Variant("(s)", (self.begin("recording"),)))

    def do_Stop(self, invocation):
        if self.state() not in ("starting", "recording"):
            invocation.return_dbus_error(ERROR + "NotRecording", "Nothing is being recorded.")
            return
        self.become("transcribing")
        invocation.return_value(GLib.Variant("(s)", (self.properties["Dictation"].unpack(),)))

    def do_Toggle(self, invocation, options):
        if self.state() in ("starting", "recording"):
            self.do_Stop(invocation)
        else:
            self.do_Start(invocation, options)

    def do_Cancel(self, invocation, dictation):
        if self.state() not in ("starting", "recording", "transcribing", "delivering"):
            invocation.return_dbus_error(ERROR + "NotFound", "There is nothing to cancel.")
            return
        self.become("cancelled")
        self.set(CanUndoCancel=GLib.Variant("b", True))
        self.emit("Failed", self.properties["Dictation"].unpack(), "cancelled",
                  "The dictation was cancelled.", "sound", True)
        invocation.return_value(None)

    def do_TranscribeFile(self, invocation, handle, name, options):
        descriptor = invocation.get_message().get_unix_fd_list().get(handle)
        with os.fdopen(descriptor, "rb") as file:
            size = len(file.read())
        self.calls.append(f"file of {size} bytes")
        invocation.return_value(GLib.Variant("(s)", (self.begin("transcribing"),)))

    def do_HandOverDisplay(self, invocation, environment):
        invocation.return_value(None)

    def do_GetLastText(self, invocation):
        invocation.return_value(GLib.Variant("(s)", (self.text,)))

    def do_CopyLastText(self, invocation):
        invocation.return_value(None)

    def do_ListProviders(self, invocation):
        rows = few_providers()
        if os.environ.get("WHIS_MOCK_SERVICES") == "all":
            rows = [provider(**fields) for fields in all_services.complete()]
        for row in rows:
            source = self.sources.get(row["id"].unpack(), "")
            row["key-source"] = GLib.Variant("s", source)
            row["has-key"] = GLib.Variant("b", source != "")
        invocation.return_value(GLib.Variant("(aa{sv})", (rows,)))

    def do_WatchText(self, invocation, _watch):
        invocation.return_value(None)

    def do_ListModels(self, invocation, provider):
        models = [("gpt-transcribe", "", False), ("gpt-4o-transcribe", "2027-02-26", False),
                  ("gpt-live-transcribe", "", True)] if provider == "openai" else []
        invocation.return_value(GLib.Variant("(aa{sv})", ([
            {"id": GLib.Variant("s", name), "retires": GLib.Variant("s", retires),
             "live": GLib.Variant("b", live)} for name, retires, live in models],)))

    def do_ListUsage(self, invocation):
        rows = [("2026-11", "openai", 214, 5_340_000, 0.40, 5.0), ("2026-11", "groq", 31, 600_000, 0.01, None),
                ("2026-10", "openai", 180, 4_100_000, 0.31, None)]
        usage = []
        for month, provider_id, requests, sent, cost, cap in rows:
            row = {"month": GLib.Variant("s", month), "provider": GLib.Variant("s", provider_id),
                   "requests": GLib.Variant("t", requests), "sent": GLib.Variant("t", sent),
                   "cost": GLib.Variant("d", cost)}
            if cap:
                row["cap"] = GLib.Variant("d", cap)
            usage.append(row)
        invocation.return_value(GLib.Variant("(aa{sv})", (usage,)))

    def do_ListMicrophones(self, invocation):
        invocation.return_value(GLib.Variant("(aa{sv})", ([
            {"id": GLib.Variant("s", name), "name": GLib.Variant("s", label),
             "default": GLib.Variant("b", number == 0)}
            for number, (name, label) in enumerate(self.microphones)],)))

    def do_ImportOriginal(self, invocation, options):
        if not self.offer:
            self.refuse(invocation, "NotFound", "There are no settings of an earlier Whis to import.")
            return
        report = self.offer
        if not options.get("dry-run"):
            self.offer = [line for line in report if line[0] == "waiting"]
            self.sources["openai"] = "keyring"
        invocation.return_value(GLib.Variant("(a(ss))", (report,)))

    def do_WatchMicrophones(self, invocation, watch):
        invocation.return_value(None)

    # the history

    def fill(self, count):
        start = len(self.history)
        newest = int(time.time() * 1000) if not self.history else self.history[-1]["created"]
        for number in range(start, start + count):
            entry = invented_entry(number, newest - 1000 - (number - start) * 5400000)
            self.history.append(entry)
        self.count_unfinished()
        self.emit("HistoryChanged", "")

    def count_unfinished(self):
        unfinished = sum(entry["state"] in UNFINISHED for entry in self.history)
        self.set(Unfinished=GLib.Variant("u", unfinished))

    def find(self, name):
        return next((entry for entry in self.history if entry["id"] == name), None)

    def changed(self, name):
        self.count_unfinished()
        self.emit("HistoryChanged", name)

    def begin_again(self, invocation, name):
        """An entry that exists, or None after the caller was told that it does not."""
        entry = self.find(name)
        if entry is None:
            self.refuse(invocation, "NotFound", "This dictation is no longer there.")
        return entry

    def do_ListHistory(self, invocation, query):
        words = query.get("search", "").casefold().split()
        found = [entry for entry in self.history
                 if (not query.get("marked") or entry["marked"])
                 and entry["state"] in query.get("states", [entry["state"]])
                 and all(word in entry["text"].casefold() for word in words)]
        offset = query.get("offset", 0)
        rows = [as_variants(entry, short=True)
                for entry in found[offset:offset + min(query.get("limit", 500), 500)]]
        invocation.return_value(GLib.Variant("(aa{sv}u)", (rows, len(found))))

    def do_GetHistoryEntry(self, invocation, name):
        entry = self.begin_again(invocation, name)
        if entry is not None:
            invocation.return_value(GLib.Variant("(a{sv})", (as_variants(entry),)))

    def do_CopyHistoryEntry(self, invocation, name, version):
        if self.begin_again(invocation, name) is not None:
            invocation.return_value(None)

    def do_MarkHistoryEntry(self, invocation, name, marked):
        entry = self.begin_again(invocation, name)
        if entry is not None:
            entry["marked"] = marked
            self.changed(name)
            invocation.return_value(None)

    def do_DeleteHistoryEntries(self, invocation, names):
        self.history = [entry for entry in self.history if entry["id"] not in names]
        self.changed(names[0] if len(names) == 1 else "")
        invocation.return_value(None)

    def do_OpenSound(self, invocation, name):
        entry = self.begin_again(invocation, name)
        if entry is None:
            return
        with tempfile.TemporaryFile() as sound:
            sound.write(b"sound of " + name.encode())
            sound.seek(0)
            handles = Gio.UnixFDList.new()
            handle = handles.append(sound.fileno())
            invocation.return_value_with_unix_fd_list(GLib.Variant("(h)", (handle,)), handles)

    def do_PlaySound(self, invocation, name):
        if name == "" or self.begin_again(invocation, name) is not None:
            self.set(Playing=GLib.Variant("s", name))
            invocation.return_value(None)

    def do_Resume(self, invocation, name, options):
        entry = self.find(name) if name else next(
            (entry for entry in self.history if entry["state"] in UNFINISHED), None)
        if entry is None:
            self.refuse(invocation, "NotFound", "There is nothing to finish.")
            return
        entry.update(state="transcribing", code="", message="")
        self.changed(entry["id"])
        invocation.return_value(GLib.Variant("(s)", (entry["id"],)))

    def do_TranscribeAgain(self, invocation, name, options):
        if self.begin_again(invocation, name) is not None:
            invocation.return_value(None)

    def do_UndoCancel(self, invocation):
        if not self.properties["CanUndoCancel"].unpack():
            self.refuse(invocation, "NotFound", "Nothing was cancelled in the last minute.")
            return
        self.set(CanUndoCancel=GLib.Variant("b", False))
        self.become("transcribing")
        invocation.return_value(GLib.Variant("(s)", (self.properties["Dictation"].unpack(),)))

    def do_SetKey(self, invocation, name, handle):
        descriptor = invocation.get_message().get_unix_fd_list().get(handle)
        with os.fdopen(descriptor, "rb") as pipe:
            self.keys[name] = pipe.read().decode()
        keyring = self.properties["KeyringAvailable"].unpack()
        stored = "keyring" if keyring else "session"
        message = "The key is in the keyring." if keyring else "The key is kept until Whis quits."
        self.sources[name] = stored
        invocation.return_value(GLib.Variant("(ss)", (stored, message)))

    def do_RemoveKey(self, invocation, name):
        self.keys.pop(name, None)
        self.sources.pop(name, None)
        invocation.return_value(None)

    def do_CheckKey(self, invocation, name):
        if name not in self.sources:
            result = ("missing", "There is no key yet.")
        elif self.keys.get(name, "").startswith("wrong"):
            result = ("wrong", "The service does not accept this key; make a new one.")
        else:
            result = ("ok", "The service accepts this key.")
        invocation.return_value(GLib.Variant("(ss)", result))

    def do_SetAutostart(self, invocation, enabled):
        settings = Gio.Settings.new(APP_ID)
        settings.set_boolean("autostart", enabled)
        Gio.Settings.sync()
        invocation.return_value(None)

    def do_WatchInput(self, invocation, microphone, watch):
        invocation.return_value(None)

    def do_OpenWindow(self, invocation, page):
        invocation.return_value(None)

    def do_Quit(self, invocation):
        invocation.return_value(None)
        self.connection.flush_sync(None)
        self.loop.quit()


def main():
    with open(os.environ["WHIS_XML"], encoding="utf-8") as file:
        xml = file.read()
    loop = GLib.MainLoop()
    models_path = os.environ["WHIS_XML"].replace(".xml", ".Models.xml")
    with open(models_path, encoding="utf-8") as file:
        models_xml = file.read()
    with open(models_path.replace("Models", "Endpoint"), encoding="utf-8") as file:
        endpoint_xml = file.read()
    with open(models_path.replace("Models", "Shortcuts"), encoding="utf-8") as file:
        shortcuts_xml = file.read()
    service = Service(xml, models_xml, endpoint_xml, shortcuts_xml, loop)
    Gio.bus_own_name(Gio.BusType.SESSION, APP_ID, Gio.BusNameOwnerFlags.NONE,
                     lambda connection, name: service.export(connection), None,
                     lambda connection, name: loop.quit())
    loop.run()


if __name__ == "__main__":
    sys.exit(main())
