#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The part of a desktop behind the real xdg-desktop-portal that no package of Debian 12 has.

It plays the back ends `org.freedesktop.impl.portal.Background`, which keeps the programs that start
at login, and `org.freedesktop.impl.portal.Access`, the dialog. One line of JSON on standard output
tells each call. `answer` on the command line is what the user says to the dialog: 0 yes, 1 no; with
`never` the dialog stays open.
"""

import json
import sys

from gi.repository import Gio, GLib

NAME = "org.freedesktop.impl.portal.desktop.whistest"
PATH = "/org/freedesktop/portal/desktop"
XML = """
<node>
  <interface name="org.freedesktop.impl.portal.Background">
    <method name="GetAppState"><arg type="a{sv}" direction="out"/></method>
    <method name="NotifyBackground">
      <arg type="o" direction="in"/><arg type="s" direction="in"/><arg type="s" direction="in"/>
      <arg type="u" direction="out"/><arg type="a{sv}" direction="out"/>
    </method>
    <method name="EnableAutostart">
      <arg type="s" direction="in"/><arg type="b" direction="in"/><arg type="as" direction="in"/>
      <arg type="u" direction="in"/><arg type="b" direction="out"/>
    </method>
    <signal name="RunningApplicationsChanged"/>
  </interface>
  <interface name="org.freedesktop.impl.portal.Access">
    <method name="AccessDialog">
      <arg type="o" direction="in"/><arg type="s" direction="in"/><arg type="s" direction="in"/>
      <arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="s" direction="in"/>
      <arg type="a{sv}" direction="in"/>
      <arg type="u" direction="out"/><arg type="a{sv}" direction="out"/>
    </method>
  </interface>
</node>
"""


def tell(method, parameters):
    print(json.dumps([method, *parameters.unpack()]), flush=True)


def call(_connection, _sender, _path, _interface, method, parameters, invocation):
    """Answers a call of the portal."""
    if method != "GetAppState":
        tell(method, parameters)
    if method == "GetAppState":
        invocation.return_value(GLib.Variant("(a{sv})", ({},)))
    elif method == "NotifyBackground":
        invocation.return_value(GLib.Variant("(ua{sv})", (2, {})))
    elif method == "EnableAutostart":
        invocation.return_value(GLib.Variant("(b)", (parameters.unpack()[1],)))
    elif sys.argv[1] != "never":
        invocation.return_value(GLib.Variant("(ua{sv})", (int(sys.argv[1]), {})))


def main():
    bus = Gio.bus_get_sync(Gio.BusType.SESSION)
    for interface in Gio.DBusNodeInfo.new_for_xml(XML).interfaces:
        bus.register_object(PATH, interface, call, None, None)
    Gio.bus_own_name_on_connection(bus, NAME, Gio.BusNameOwnerFlags.NONE, None, None)
    GLib.MainLoop().run()


if __name__ == "__main__":
    main()
