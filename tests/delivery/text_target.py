# SPDX-License-Identifier: MIT
"""A window with a text field, of GTK 3 or 4, that prints what happens to it as lines of JSON.

The word "clear" on standard input empties it, and "active" asks whether it has the focus. Arguments: the version of GTK, and what it does:
  view         a text view
  selected     an entry whose whole text is selected
  ignore       a text view that ignores keys; the word "paste" on standard input makes it paste
  copy-after   a text view that copies something as soon as text arrives
  password     an entry for a password
  button       a button
  copy-on-key  a window that copies something when a key is pressed, and pastes nothing
"""

import json
import sys

import gi

VERSION, KIND = sys.argv[1:3]
gi.require_version("Gtk", VERSION)
gi.require_version("Gdk", VERSION)
from gi.repository import Gdk, GLib, Gtk  # noqa: E402


def tell(**what):
    print(json.dumps(what), flush=True)


def copy(text):
    if VERSION == "3.0":
        Gtk.Clipboard.get(Gdk.SELECTION_CLIPBOARD).set_text(text, -1)
    else:
        Gdk.Display.get_default().get_clipboard().set(text)
    tell(copied=text)


def get_text(field):
    if hasattr(field, "get_text"):
        return field.get_text()
    return field.get_buffer().get_property("text")


def on_changed(_source, field):
    text = get_text(field)
    tell(text=text)
    if KIND == "copy-after" and text:
        copy("copied meanwhile")


def on_key(*_args):
    if KIND == "copy-on-key":
        copy("copied meanwhile")
    return True


def ignore_keys(field):
    if VERSION == "3.0":
        field.connect("key-press-event", on_key)
    else:
        controller = Gtk.EventControllerKey()
        controller.set_propagation_phase(Gtk.PropagationPhase.CAPTURE)
        controller.connect("key-pressed", on_key)
        field.add_controller(controller)


def on_command(_channel, _condition, field):
    word = sys.stdin.readline().strip()
    if word == "paste":
        # A busy compositor tells later what was copied.
        while VERSION == "3.0" and not Gtk.Clipboard.get(
                Gdk.SELECTION_CLIPBOARD).wait_is_text_available():
            Gtk.main_iteration()
        field.emit("paste-clipboard")
    elif word == "clear":
        field.get_buffer().set_text("", 0)
    elif word == "active":
        window = field.get_toplevel() if VERSION == "3.0" else field.get_root()
        tell(active=window.get_property("is-active"))
    return bool(word)


def make_field():
    if KIND == "button":
        field = Gtk.Button(label="button")
    elif KIND == "password":
        if VERSION == "3.0":
            field = Gtk.Entry(visibility=False, input_purpose=Gtk.InputPurpose.PASSWORD)
        else:
            field = Gtk.PasswordEntry()
        field.connect("changed", on_changed, field)
    elif KIND == "selected":
        field = Gtk.Entry()
        field.set_text("selected words")
        field.connect("changed", on_changed, field)
    else:
        field = Gtk.TextView()
        field.get_buffer().connect("changed", on_changed, field)
    if KIND in ("ignore", "copy-on-key"):
        ignore_keys(field)
    return field


def add_child(widget, child):
    (widget.add if VERSION == "3.0" else widget.set_child)(child)


def scroll(field):
    """A long line must not make the window as wide."""
    scrolled = Gtk.ScrolledWindow()
    add_child(scrolled, field)
    return scrolled


def on_active(window, _property, field):
    if not window.get_property("is-active"):
        tell(left=True)
        return
    field.grab_focus()
    if KIND == "selected":
        field.select_region(0, -1)
    # Only when nothing is left to do, the field has what it was given.
    GLib.idle_add(lambda: tell(focused=True), priority=GLib.PRIORITY_LOW)


def main():
    if VERSION == "4.0":
        Gtk.init()
    field = make_field()
    window = Gtk.Window()
    window.set_default_size(400, 300)
    add_child(window, scroll(field) if isinstance(field, Gtk.TextView) else field)
    window.connect("notify::is-active", on_active, field)
    GLib.io_add_watch(0, GLib.IO_IN, on_command, field)
    if VERSION == "3.0":
        window.show_all()
    else:
        window.present()
    GLib.MainLoop().run()


main()
