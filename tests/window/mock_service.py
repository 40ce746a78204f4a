#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A Whis service without sound: it owns the name, speaks the interface, and does as it is told.

What there is on the bus comes from the XML of the service (mock_bus.py); this is what it does. Tests
steer it through the interface io.github.whis_gtk.WhisMock on the same object:
  Set (name, value)     a property of the interface changes
  Emit (name, values)   a signal of the interface is sent
  Calls () -> as        the methods called since the last time, each as one line
  Key (provider) -> s   the key that arrived for a provider
  FailNext (method, error, message)   the next call of a method comes back with an error
  Hold (method) / Release ()          calls of a method are answered only on release
  Fill (count)          the history gets that many entries more, all older than those it has
  Add (id, text)        the history gets one more, the newest
  Offer (report)        what there is to import from the earlier Whis
  Alter (id, key, value)              an entry of the history becomes another
  Plug (id, name)       an input comes; with an empty name it goes
  Stock (states, current)             what there is of each model, and which is used

With WHIS_MOCK_SERVICES=all it lists the services of the real one, else a few with all their traits.
WHIS_XML has the files of the interface and of its areas, parted by colons.
"""

import os
import signal
import sys
import tempfile
import time

import gi

gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib  # noqa: E402

import all_services  # noqa: E402
from mock_bus import Behaviour, Refused  # noqa: E402
from mock_data import (UNFINISHED, as_variants, few_providers, invented_entry,  # noqa: E402
                       local_model, provider)

APP_ID = os.environ.get("WHIS_MOCK_APP_ID", "io.github.whis_gtk.Whis")
APP_PATH = "/" + APP_ID.replace(".", "/")
INTERFACE = "io.github.whis_gtk.Whis1"
ENDPOINT_ADDRESS = "http://127.0.0.1:9447/v1"
MOCK = "io.github.whis_gtk.WhisMock"

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
  <method name="Add"><arg type="s" direction="in"/><arg type="s" direction="in"/></method>
  <method name="Offer"><arg type="a(ss)" direction="in"/></method>
  <method name="Alter"><arg type="s" direction="in"/><arg type="s" direction="in"/>
    <arg type="v" direction="in"/></method>
  <method name="Stock"><arg type="a{{ss}}" direction="in"/><arg type="s" direction="in"/></method>
  <method name="Plug"><arg type="s" direction="in"/><arg type="s" direction="in"/></method>
</interface></node>
"""



class Service(Behaviour):
    """Its behaviour, and what it has."""

    ERROR = "io.github.whis_gtk.Whis.Error."
    DEFAULTS = ("CopyLastText", "HandOverDisplay", "OpenWindow", "WatchInput", "WatchMicrophones",
                "WatchText")
    UNNOTED = ("Models.List",)

    def __init__(self, interfaces, loop):
        super().__init__(interfaces)
        self.loop = loop
        self.triggers = {}
        self.main = self.interfaces[""]
        self.models = {"base": "absent", "tiny": "verified"}
        self.measures = {}
        self.mock_info = Gio.DBusNodeInfo.new_for_xml(MOCK_XML).lookup_interface(MOCK)
        self.connection = None
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
        self.main.set(State="idle", Level=-100.0, Destination="this computer", Provider="offline",
                      Tray=True, KeyringAvailable=True)
        self.set_property("Models.Current", "tiny")

    def export(self, connection):
        self.connection = connection
        for interface in self.interfaces.values():
            interface.export(connection, APP_PATH)
        connection.register_object(APP_PATH, self.mock_info, self.call_mock, None, None)

    def emit(self, member, *values):
        if member == "Finished":
            self.text = values[1]
        super().emit(member, *values)

    def get(self, name):
        return self.main.properties[name].unpack()

    def call_mock(self, _connection, _sender, _path, _interface, method, parameters, invocation):
        reply = getattr(self, "mock_" + method)(parameters)
        invocation.return_value(reply)

    # what tests say

    def mock_Set(self, parameters):
        name = parameters[0]
        if name.startswith("Models."):
            self.measures[name.removeprefix("Models.")] = parameters[1]
            self.emit("Models.Changed")
        else:
            self.set_property(name, parameters.get_child_value(1).get_variant())

    def mock_Emit(self, parameters):
        self.emit(parameters[0], *parameters[1])

    def mock_Calls(self, _parameters):
        calls, self.calls = self.calls, []
        return GLib.Variant("(as)", (calls,))

    def mock_Key(self, parameters):
        return GLib.Variant("(s)", (self.keys.get(parameters[0], ""),))

    def mock_FailNext(self, parameters):
        self.failures[parameters[0]] = (parameters[1], parameters[2])

    def mock_Hold(self, parameters):
        self.held_method = parameters[0]

    def mock_Release(self, _parameters):
        self.release()

    def mock_Fill(self, parameters):
        self.fill(parameters[0])

    def mock_Add(self, parameters):
        name, text = parameters
        entry = invented_entry(0, int(time.time() * 1000))
        entry.update({"id": name, "text": text})
        entry["versions"][0]["text"] = text
        self.history.insert(0, entry)
        self.changed(name)

    def mock_Offer(self, parameters):
        self.offer = parameters[0]

    def mock_Alter(self, parameters):
        self.find(parameters[0])[parameters[1]] = parameters[2]
        self.changed(parameters[0])

    def mock_Stock(self, parameters):
        self.models = dict(parameters[0])
        self.set_property("Models.Current", parameters[1])
        self.emit("Models.Changed")

    def mock_Plug(self, parameters):
        name, label = parameters
        self.microphones = [row for row in self.microphones if row[0] != name]
        if label:
            self.microphones.append((name, label))
        self.emit("MicrophonesChanged")

    # other programs, and models

    def do_Endpoint_SetEnabled(self, enabled):
        self.set_property("Endpoint.Address", ENDPOINT_ADDRESS if enabled else "")

    def do_Endpoint_OpenKey(self, _renew):
        end, write = os.pipe()
        os.write(write, b"whis-0123")
        os.close(write)
        return end

    def do_Shortcuts_Describe(self):
        session = os.environ.get("WHIS_MOCK_SHORTCUTS")
        backend = "" if session in ("line", "none") else "x11"
        description = {"backend": GLib.Variant("s", backend), "holds": GLib.Variant("b", True),
                       "suggestion": GLib.Variant("s", "<Super><Alt>d"),
                       "triggers": GLib.Variant("a{ss}", self.triggers)}
        if "F12" in self.triggers.values():
            description["problem"] = GLib.Variant("s", "Another program uses F12.")
        if session == "line":
            description["line"] = GLib.Variant("s", "bindsym F9 exec whis toggle\n")
            description["line-file"] = GLib.Variant("s", "~/.config/sway/config")
        return description

    def do_Shortcuts_Bind(self, triggers):
        self.triggers.update(triggers)
        self.triggers = {action: keys for action, keys in self.triggers.items() if keys}

    def do_Shortcuts_Check(self):
        return True

    # texts at the cursor

    def do_Delivery_InsertLastText(self):
        return "landed"

    def do_Delivery_InsertEntry(self, name):
        self.find_or_refuse(name)
        return "landed"

    def do_Models_List(self, _options):
        return [local_model(name, state, **self.measures.get(name, {}))
                for name, state in self.models.items()]

    def change_model(self, model, state):
        self.models[model] = state
        self.emit("Models.Changed")

    def do_Models_Fetch(self, model, _options):
        self.change_model(model, "fetching")

    def do_Models_CancelFetch(self, model):
        self.change_model(model, "partial")

    def do_Models_Remove(self, model):
        self.change_model(model, "absent")
        return 80_000_000

    # dictations

    def begin(self, state):
        self.serial += 1
        dictation = f"d{self.serial}"
        self.main.set(Dictation=dictation, State=state, Elapsed=0, Message="")
        self.emit("StateChanged", dictation, state)
        return dictation

    def become(self, state):
        self.main.set(State=state, Level=-100.0)
        self.emit("StateChanged", self.get("Dictation"), state)

    def do_Start(self, _options):
        if self.get("State") in ("starting", "recording"):
            raise Refused("AlreadyRecording", "A recording is under way.")
        return self.begin("recording")

    def do_Stop(self):
        if self.get("State") not in ("starting", "recording"):
            raise Refused("NotRecording", "Nothing is being recorded.")
        self.become("transcribing")
        return self.get("Dictation")

    def do_Toggle(self, options):
        if self.get("State") in ("starting", "recording"):
            return self.do_Stop()
        return self.do_Start(options)

    def do_Cancel(self, _dictation):
        if self.get("State") not in ("starting", "recording", "transcribing", "delivering"):
            raise Refused("NotFound", "There is nothing to cancel.")
        self.become("cancelled")
        self.main.set(CanUndoCancel=True)
        self.emit("Failed", self.get("Dictation"), "cancelled", "The dictation was cancelled.",
                  "sound", True)

    def do_UndoCancel(self):
        if not self.get("CanUndoCancel"):
            raise Refused("NotFound", "Nothing was cancelled in the last minute.")
        self.main.set(CanUndoCancel=False)
        self.become("transcribing")
        return self.get("Dictation")

    def do_TranscribeFile(self, descriptor, _name, _options):
        with os.fdopen(descriptor, "rb") as file:
            size = len(file.read())
        self.calls.append(f"file of {size} bytes")
        return self.begin("transcribing")

    def do_GetLastText(self):
        return self.text

    # what there is

    def do_ListProviders(self):
        rows = few_providers()
        if os.environ.get("WHIS_MOCK_SERVICES") == "all":
            rows = [provider(**fields) for fields in all_services.complete()]
        for row in rows:
            source = self.sources.get(row["id"].unpack(), "")
            row["key-source"] = GLib.Variant("s", source)
            row["has-key"] = GLib.Variant("b", source != "")
        return rows

    def do_ListModels(self, name):
        models = [("gpt-transcribe", "", False), ("gpt-4o-transcribe", "2027-02-26", False),
                  ("gpt-live-transcribe", "", True)] if name == "openai" else []
        return [{"id": GLib.Variant("s", name), "retires": GLib.Variant("s", retires),
                 "live": GLib.Variant("b", live)} for name, retires, live in models]

    def do_ListUsage(self):
        rows = [("2026-11", "openai", 214, 5_340_000, 0.40, 5.0),
                ("2026-11", "groq", 31, 600_000, 0.01, None),
                ("2026-10", "openai", 180, 4_100_000, 0.31, None)]
        usage = []
        for month, name, requests, sent, cost, cap in rows:
            row = {"month": GLib.Variant("s", month), "provider": GLib.Variant("s", name),
                   "requests": GLib.Variant("t", requests), "sent": GLib.Variant("t", sent),
                   "cost": GLib.Variant("d", cost)}
            if cap:
                row["cap"] = GLib.Variant("d", cap)
            usage.append(row)
        return usage

    def do_ListMicrophones(self):
        return [{"id": GLib.Variant("s", name), "name": GLib.Variant("s", label),
                 "default": GLib.Variant("b", number == 0)}
                for number, (name, label) in enumerate(self.microphones)]

    def do_ImportOriginal(self, options):
        if not self.offer:
            raise Refused("NotFound", "There are no settings of an earlier Whis to import.")
        report = self.offer
        if not options.get("dry-run"):
            self.offer = [line for line in report if line[0] == "waiting"]
            self.sources["openai"] = "keyring"
        return report

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
        self.main.set(Unfinished=unfinished)

    def find(self, name):
        return next((entry for entry in self.history if entry["id"] == name), None)

    def changed(self, name):
        self.count_unfinished()
        self.emit("HistoryChanged", name)

    def find_or_refuse(self, name):
        """An entry that exists."""
        entry = self.find(name)
        if entry is None:
            raise Refused("NotFound", "This dictation is no longer there.")
        return entry

    def do_ListHistory(self, query):
        words = query.get("search", "").casefold().split()
        found = [entry for entry in self.history
                 if (not query.get("marked") or entry["marked"])
                 and entry["state"] in query.get("states", [entry["state"]])
                 and all(word in entry["text"].casefold() for word in words)]
        offset = query.get("offset", 0)
        rows = [as_variants(entry, short=True)
                for entry in found[offset:offset + min(query.get("limit", 500), 500)]]
        return rows, len(found)

    def do_GetHistoryEntry(self, name):
        return as_variants(self.find_or_refuse(name))

    def do_CopyHistoryEntry(self, name, _version):
        self.find_or_refuse(name)

    def do_MarkHistoryEntry(self, name, marked):
        self.find_or_refuse(name)["marked"] = marked
        self.changed(name)

    def do_DeleteHistoryEntries(self, names):
        self.history = [entry for entry in self.history if entry["id"] not in names]
        self.changed(names[0] if len(names) == 1 else "")

    def do_OpenSound(self, name):
        self.find_or_refuse(name)
        with tempfile.TemporaryFile() as sound:
            sound.write(b"sound of " + name.encode())
            sound.seek(0)
            return os.dup(sound.fileno())

    def do_PlaySound(self, name):
        if name != "":
            self.find_or_refuse(name)
        self.main.set(Playing=name)

    def do_Resume(self, name, _options):
        entry = self.find(name) if name else next(
            (entry for entry in self.history if entry["state"] in UNFINISHED), None)
        if entry is None:
            raise Refused("NotFound", "There is nothing to finish.")
        entry.update(state="transcribing", code="", message="")
        self.changed(entry["id"])
        return entry["id"]

    def do_TranscribeAgain(self, name, _options):
        self.find_or_refuse(name)

    # keys, and the rest

    def do_SetKey(self, name, descriptor):
        with os.fdopen(descriptor, "rb") as pipe:
            self.keys[name] = pipe.read().decode()
        keyring = self.get("KeyringAvailable")
        self.sources[name] = "keyring" if keyring else "session"
        return (self.sources[name],
                "The key is in the keyring." if keyring else "The key is kept until Whis quits.")

    def do_RemoveKey(self, name):
        self.keys.pop(name, None)
        self.sources.pop(name, None)

    def do_CheckKey(self, name):
        if name not in self.sources:
            return "missing", "There is no key yet."
        if self.keys.get(name, "").startswith("wrong"):
            return "wrong", "The service does not accept this key; make a new one."
        return "ok", "The service accepts this key."

    def do_SetAutostart(self, enabled):
        settings = Gio.Settings.new(APP_ID)
        settings.set_boolean("autostart", enabled)
        Gio.Settings.sync()

    def quit(self):
        self.connection.flush_sync(None)
        self.loop.quit()

    def do_Quit(self):
        # once it was answered
        GLib.idle_add(self.quit)


def read_interfaces(paths):
    """Of each file, its interface, by what stands before the names of its members."""
    interfaces = {}
    for path in paths:
        with open(path, encoding="utf-8") as file:
            (info,) = Gio.DBusNodeInfo.new_for_xml(file.read()).interfaces
        area = info.name.removeprefix(INTERFACE).removeprefix(".")
        interfaces[area + "." if area else ""] = info
    return interfaces


def main():
    loop = GLib.MainLoop()
    GLib.unix_signal_add(GLib.PRIORITY_DEFAULT, signal.SIGTERM, loop.quit)
    service = Service(read_interfaces(os.environ["WHIS_XML"].split(":")), loop)
    Gio.bus_own_name(Gio.BusType.SESSION, APP_ID, Gio.BusNameOwnerFlags.NONE,
                     lambda connection, name: service.export(connection), None,
                     lambda connection, name: loop.quit())
    loop.run()
    return 1 if service.unknown else 0


if __name__ == "__main__":
    sys.exit(main())
