# SPDX-License-Identifier: MIT
"""Reads what is copied as clipboard managers do: at once, and again after 250 ms."""

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("Gdk", "3.0")
from gi.repository import Gdk, GLib, Gtk  # noqa: E402

clipboard = Gtk.Clipboard.get(Gdk.SELECTION_CLIPBOARD)


def read():
    clipboard.request_text(lambda _clipboard, text: print("read", text is not None, flush=True))


def on_owner_change(_clipboard, _event):
    read()
    GLib.timeout_add(250, read)


clipboard.connect("owner-change", on_owner_change)
print("ready", flush=True)
GLib.MainLoop().run()
