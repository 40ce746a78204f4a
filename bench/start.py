#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""How long the service takes from its start until the panel is told of the icon.

  start.py [--rounds N]

From the fork to the call of RegisterStatusNotifierItem at a watcher, on a bus of its own. Beside it
is the start of xfconfd, the small settings service of XFCE, until it owns its name on the same bus;
and of the Python interpreter that does nothing.
"""

import argparse
import os
import statistics
import subprocess

from harness import judge, median, now_ms, print_table
from gi.repository import Gio, GLib
from whis_session import WhisSession

BUDGET_MS = 50
XFCONFD = "/usr/lib/x86_64-linux-gnu/xfce4/xfconf/xfconfd"

WATCHER = """<node><interface name="org.kde.StatusNotifierWatcher">
  <method name="RegisterStatusNotifierItem"><arg type="s" direction="in"/></method>
  <method name="RegisterStatusNotifierHost"><arg type="s" direction="in"/></method>
  <property name="IsStatusNotifierHostRegistered" type="b" access="read"/>
  <property name="RegisteredStatusNotifierItems" type="as" access="read"/>
  <property name="ProtocolVersion" type="i" access="read"/>
  <signal name="StatusNotifierHostRegistered"/>
</interface></node>"""

PROPERTIES = {
    "IsStatusNotifierHostRegistered": GLib.Variant("b", True),
    "RegisteredStatusNotifierItems": GLib.Variant("as", []),
    "ProtocolVersion": GLib.Variant("i", 0),
}


class Watcher:
    """Stands for the panel: notes when an icon is registered."""

    def __init__(self, session):
        self.registered = None
        interface = Gio.DBusNodeInfo.new_for_xml(WATCHER).interfaces[0]
        session.bus.register_object(
            "/StatusNotifierWatcher", interface, self.on_call,
            lambda _bus, _sender, _path, _interface, name: PROPERTIES[name], None)
        session.bus.call_sync("org.freedesktop.DBus", "/org/freedesktop/DBus",
                              "org.freedesktop.DBus", "RequestName",
                              GLib.Variant("(su)", ("org.kde.StatusNotifierWatcher", 0)), None,
                              Gio.DBusCallFlags.NONE, -1, None)

    def on_call(self, _bus, _sender, _path, _interface, method, _parameters, invocation):
        if method == "RegisterStatusNotifierItem" and self.registered is None:
            self.registered = now_ms()
        invocation.return_value(None)


def time_whis(session, watcher):
    watcher.registered = None
    begin = now_ms()
    process = session.spawn(session.environment["WHIS_SERVICE_PROGRAM"], stdout=subprocess.DEVNULL)
    session.wait_until(lambda: watcher.registered is not None, "no icon is registered")
    process.terminate()
    process.wait(20)
    session.wait_until(lambda: not session.has_service(), "the service does not go")
    return watcher.registered - begin


def time_name(session, name, *command):
    """How long a program takes to own its name."""
    owned = []

    def on_owner(_bus, _sender, _path, _interface, _signal, arguments):
        if arguments.unpack()[2]:
            owned.append(now_ms())

    subscription = session.bus.signal_subscribe(
        "org.freedesktop.DBus", "org.freedesktop.DBus", "NameOwnerChanged", None, name,
        Gio.DBusSignalFlags.NONE, on_owner)
    begin = now_ms()
    process = session.spawn(*command, stderr=subprocess.DEVNULL)
    session.wait_until(lambda: owned, f"{name} does not come")
    process.terminate()
    process.wait(20)
    session.bus.signal_unsubscribe(subscription)
    return owned[0] - begin


def time_run(session, *command):
    begin = now_ms()
    subprocess.run(command, env=session.environment, check=True)
    return now_ms() - begin


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=10)
    rounds = parser.parse_args().rounds
    times = {"whis": [], "name": [], "xfconfd": [], "python": []}
    with WhisSession(pulse=False) as session:
        watcher = Watcher(session)
        time_whis(session, watcher)  # the disk's share is not Whis's
        for _ in range(rounds):
            times["whis"].append(time_whis(session, watcher))
            times["name"].append(time_name(session, "io.github.whis_gtk.Whis",
                                           session.environment["WHIS_SERVICE_PROGRAM"]))
            if os.path.exists(XFCONFD):
                times["xfconfd"].append(time_name(session, "org.xfce.Xfconf", XFCONFD))
            times["python"].append(time_run(session, "/usr/bin/python3", "-c", "pass"))
    value = statistics.median(times["whis"])
    rows = [("`whis-service` until the icon is registered", median(times["whis"]),
             f"{BUDGET_MS} ms: {judge(value, BUDGET_MS)}"),
            ("`whis-service` until it owns its name", median(times["name"]), "")]
    if times["xfconfd"]:
        rows.append(("`xfconfd` until it owns its name", median(times["xfconfd"]), ""))
    rows.append(("`python3 -c pass` until it ends", median(times["python"]), ""))
    print_table(f"Start: milliseconds, median of {rounds} (least–most)",
                ("what", "ms", "budget"), rows)


if __name__ == "__main__":
    main()
