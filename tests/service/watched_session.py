# SPDX-License-Identifier: MIT
"""A session that notes whatever leaves Whis: what others on the machine could read."""

import base64
import os
import subprocess
import urllib.parse

from gi.repository import Gio, GLib
from whis_session import INTERFACE, WhisSession

# What a desktop would have. It notes how it was started, and keeps the last text.
FAKE_CLIPBOARD = """#!/bin/sh
{ echo "$@"; tr '\\0' '\\n' </proc/self/environ; } >>"$WHIS_TEST_STARTED"
case "$*" in
*-out*) cat "$WHIS_TEST_CLIPBOARD" ;;
*) cat >"$WHIS_TEST_CLIPBOARD" ;;
esac
"""


def forms_of_key(key):
    """What a key looks like wherever it, or its beginning, may have gone."""
    part = key[:20].encode()
    forms = {part, urllib.parse.quote(part, safe="").encode()}
    for shift, skip in ((0, 0), (1, 2), (2, 3)):
        code = base64.b64encode(b"\0" * shift + part)
        forms.add(code[skip:(shift + len(part)) * 8 // 6])
    return forms


class BusTrace:
    """Every message on the session's bus, as bytes."""

    def __init__(self, session):
        self.session = session
        self.path = os.path.join(session.directory, "bus-trace")
        self.count = 0
        with open(self.path, "wb") as file:
            session.spawn("dbus-monitor", "--session", "--binary", stdout=file,
                          stderr=subprocess.DEVNULL)
        # The first one that it sees shows that it looks.
        session.wait_until(self.has_mark, "the bus is not watched")

    def read(self):
        with open(self.path, "rb") as file:
            return file.read()

    def has_mark(self):
        """Asks the bus for a name that nobody has; whether the question was seen."""
        self.count += 1
        name = f"io.github.whis_gtk.Mark{self.count}"
        self.session.bus.call_sync("org.freedesktop.DBus", "/org/freedesktop/DBus",
                                   "org.freedesktop.DBus", "NameHasOwner",
                                   GLib.Variant("(s)", (name,)), None, Gio.DBusCallFlags.NONE,
                                   -1, None)
        return name.encode() in self.read()

    def messages(self):
        """All messages until now: their member, their bytes."""
        self.session.wait_until(self.has_mark, "the bus is not watched any more")
        rest, calls, found = self.read(), {}, []
        while len(rest) >= 16:
            size = Gio.DBusMessage.bytes_needed(rest[:16])
            if size > len(rest):
                break
            message = Gio.DBusMessage.new_from_blob(
                rest[:size], Gio.DBusCapabilityFlags.UNIX_FD_PASSING)
            found.append((self.describe(message, calls), rest[:size]))
            rest = rest[size:]
        return found

    @staticmethod
    def describe(message, calls):
        """"signal Finished", "reply to GetLastText"; other interfaces than Whis's by full name."""
        kind = message.get_message_type().value_nick.replace("-", " ")
        if kind in ("method return", "error"):
            call = calls.get((message.get_destination(), message.get_reply_serial()), "nothing")
            return f"{'reply' if kind != 'error' else kind} to {call}"
        interface = message.get_interface()
        member = message.get_member()
        name = member if interface == INTERFACE else f"{interface}.{member}"
        calls[message.get_sender(), message.get_serial()] = name
        return f"{kind.replace('method ', '')} {name}"


class WatchedSession(WhisSession):
    """Notes command lines, environments, what is printed, and the bus."""

    def __init__(self, **options):
        super().__init__(**options)
        self.printed = []
        self.processes = []
        self.fixtures = set()
        self.trace = BusTrace(self)
        self.install_clipboard()
        self.spawn("/usr/bin/python3", "-m", "dbusmock", "--template", "notification_daemon",
                   stdout=subprocess.DEVNULL)
        self.wait_for_name("org.freedesktop.Notifications")

    def wait_for_name(self, name):
        def is_owned():
            return self.bus.call_sync("org.freedesktop.DBus", "/org/freedesktop/DBus",
                                      "org.freedesktop.DBus", "NameHasOwner",
                                      GLib.Variant("(s)", (name,)), None,
                                      Gio.DBusCallFlags.NONE, -1, None).unpack()[0]
        self.wait_until(is_owned, f"nobody is {name}")

    def install_clipboard(self):
        programs = os.path.join(self.directory, "bin")
        os.mkdir(programs)
        tool = os.path.join(programs, "xclip")
        with open(tool, "w", encoding="utf-8") as file:
            file.write(FAKE_CLIPBOARD)
        os.chmod(tool, 0o755)
        self.environment["PATH"] = f"{programs}:{self.environment['PATH']}"
        self.environment["DISPLAY"] = ":nobody-looks"
        self.environment["WHIS_TEST_CLIPBOARD"] = os.path.join(self.directory, "clipboard")
        self.environment["WHIS_TEST_STARTED"] = os.path.join(self.directory, "started")

    def start_keyring(self):
        """An unlocked gnome-keyring."""
        keyring = self.spawn("gnome-keyring-daemon", "--foreground", "--unlock",
                             "--components=secrets", stdin=subprocess.PIPE,
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        keyring.stdin.write(b"password")
        keyring.stdin.close()
        self.wait_for_name("org.freedesktop.secrets")

    def whis(self, *arguments, **options):
        result = super().whis(*arguments, **options)
        self.printed.append((" ".join(arguments), result.stdout, result.stderr))
        return result

    def note_processes(self):
        """Looks at the process list, as everybody can; at environments, as the user can."""
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/environ", "rb") as file:
                    environment = file.read()
                with open(f"/proc/{pid}/cmdline", "rb") as file:
                    arguments = file.read()
            except OSError:  # it ended, or is another user's
                continue
            if self.directory.encode() not in environment or int(pid) in self.fixtures:
                continue
            self.processes.append((arguments.split(b"\0")[0].decode(), "arguments", arguments))
            # What somebody gives to the service in its environment stays readable in there.
            if int(pid) != self.service.pid:
                self.processes.append((arguments.split(b"\0")[0].decode(), "environment",
                                       environment))

    def read_files(self):
        """Every file of the session, by its path in there."""
        files = {}
        for directory, _names, names in os.walk(self.directory):
            for name in names:
                path = os.path.join(directory, name)
                if os.path.isfile(path):
                    with open(path, "rb") as file:
                        files[os.path.relpath(path, self.directory)] = file.read()
        return files
