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
"""

import os
import sys

import gi

gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib  # noqa: E402

APP_ID = os.environ.get("WHIS_MOCK_APP_ID", "io.github.whis_gtk.Whis")
APP_PATH = "/" + APP_ID.replace(".", "/")
INTERFACE = "io.github.whis_gtk.Whis1"
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
</interface></node>
"""


def provider(**fields):
    types = {"models": "as"}
    booleans = ("needs-key", "takes-key", "has-key", "own-address")
    row = {}
    for name, value in fields.items():
        name = name.replace("_", "-")
        kind = types.get(name, "b" if name in booleans else "s")
        row[name] = GLib.Variant(kind, value)
    return row


class Service:
    def __init__(self, xml, loop):
        self.loop = loop
        self.info = Gio.DBusNodeInfo.new_for_xml(xml).lookup_interface(INTERFACE)
        self.mock_info = Gio.DBusNodeInfo.new_for_xml(MOCK_XML).lookup_interface(MOCK)
        self.connection = None
        self.calls = []
        self.failures = {}
        self.held_method = None
        self.held = []
        self.keys = {}
        self.sources = {"groq": "environment"}
        self.text = ""
        self.serial = 0
        self.properties = {
            "State": GLib.Variant("s", "idle"),
            "Dictation": GLib.Variant("s", ""),
            "Elapsed": GLib.Variant("t", 0),
            "Level": GLib.Variant("d", -100.0),
            "Destination": GLib.Variant("s", "this computer"),
            "Provider": GLib.Variant("s", "offline"),
            "Tray": GLib.Variant("b", True),
            "KeyringAvailable": GLib.Variant("b", True),
            "Message": GLib.Variant("s", ""),
        }

    def export(self, connection):
        self.connection = connection
        connection.register_object(APP_PATH, self.info, self.call, self.get, None)
        connection.register_object(APP_PATH, self.mock_info, self.call_mock, None, None)

    # the bus

    def get(self, _connection, _sender, _path, _interface, name):
        return self.properties[name]

    def set(self, **changes):
        for name, value in changes.items():
            self.properties[name] = value
        self.connection.emit_signal(
            None, APP_PATH, "org.freedesktop.DBus.Properties", "PropertiesChanged",
            GLib.Variant("(sa{sv}as)", (INTERFACE, changes, [])))

    def emit(self, name, *values):
        signature = {"StateChanged": "(ss)", "Progress": "(stt)", "PartialText": "(ss)",
                     "Finished": "(ss)", "Failed": "(ssss)"}[name]
        if name == "Finished":
            self.text = values[1]
        self.connection.emit_signal(None, APP_PATH, INTERFACE, name,
                                    GLib.Variant(signature, values))

    def call(self, _connection, _sender, _path, _interface, method, parameters, invocation):
        # A key is never a parameter, so that nothing secret can come to stand here.
        self.calls.append(" ".join([method, *map(str, parameters.unpack())]))
        if method == self.held_method:
            self.held.append((method, parameters, invocation))
        else:
            self.answer(method, parameters, invocation)

    def answer(self, method, parameters, invocation):
        if method in self.failures:
            error, message = self.failures.pop(method)
            name = error if "." in error else ERROR + error
            invocation.return_dbus_error(name, message)
            return
        handler = getattr(self, "do_" + method)
        handler(invocation, *parameters.unpack())

    def call_mock(self, _connection, _sender, _path, _interface, method, parameters, invocation):
        values = parameters
        reply = None
        if method == "Set":
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
        self.emit("Failed", self.properties["Dictation"].unpack(), "cancelled",
                  "The dictation was cancelled.", "Its sound is kept.")
        invocation.return_value(None)

    def do_TranscribeFile(self, invocation, handle, name, options):
        descriptor = invocation.get_message().get_unix_fd_list().get(handle)
        with os.fdopen(descriptor, "rb") as file:
            size = len(file.read())
        self.calls.append(f"file of {size} bytes")
        invocation.return_value(GLib.Variant("(s)", (self.begin("transcribing"),)))

    def do_GetLastText(self, invocation):
        invocation.return_value(GLib.Variant("(s)", (self.text,)))

    def do_CopyLastText(self, invocation):
        invocation.return_value(None)

    def do_ListProviders(self, invocation):
        rows = [
            provider(id="offline", name="On This Computer", needs_key=False, takes_key=False,
                     has_key=False, key_source="", key_page="", own_address=False, models=[],
                     host="", note="English only, rougher than a cloud service, works at once"),
            provider(id="openai", name="OpenAI", needs_key=True, takes_key=True,
                     key_page="https://platform.openai.com/api-keys", own_address=False,
                     models=["gpt-4o-mini-transcribe", "gpt-4o-transcribe", "whisper-1"],
                     host="api.openai.com", note="Sound goes to api.openai.com"),
            provider(id="groq", name="Groq", needs_key=True, takes_key=True,
                     key_page="https://console.groq.com/keys", own_address=False,
                     models=["whisper-large-v3-turbo", "whisper-large-v3"],
                     host="api.groq.com", note="Sound goes to api.groq.com"),
            provider(id="mistral", name="Mistral", needs_key=True, takes_key=True,
                     key_page="https://console.mistral.ai/api-keys", own_address=False,
                     models=["voxtral-mini-latest"], host="api.mistral.ai",
                     note="Sound goes to api.mistral.ai"),
            provider(id="custom", name="Own Server", needs_key=False, takes_key=True, key_page="",
                     own_address=True, models=[], host="", note="Any OpenAI-compatible server"),
        ]
        for row in rows:
            source = self.sources.get(row["id"].unpack(), "")
            row["key-source"] = GLib.Variant("s", source)
            row["has-key"] = GLib.Variant("b", source != "")
        invocation.return_value(GLib.Variant("(aa{sv})", (rows,)))

    def do_ListMicrophones(self, invocation):
        rows = [("alsa_input.headset", "Headset Microphone", True),
                ("alsa_input.webcam", "Webcam", False)]
        invocation.return_value(GLib.Variant("(aa{sv})", ([
            {"id": GLib.Variant("s", name), "name": GLib.Variant("s", label),
             "default": GLib.Variant("b", default)} for name, label, default in rows],)))

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
    service = Service(xml, loop)
    Gio.bus_own_name(Gio.BusType.SESSION, APP_ID, Gio.BusNameOwnerFlags.NONE,
                     lambda connection, name: service.export(connection), None,
                     lambda connection, name: loop.quit())
    loop.run()


if __name__ == "__main__":
    sys.exit(main())
