# SPDX-License-Identifier: MIT
"""Interfaces on the bus that are made from their XML: each property has a value, each method an answer.

An answer comes from a function do_METHOD of the behaviour; where DEFAULTS names the method, it is the
default value of its type. A method that has neither is refused, the sentence that says so is printed,
and it is in `unknown`, with which the mock ends in failure. A function for something that the XML does not have is an error
at once, so that nothing is left behind when the interface changes.
"""

import os
import sys

from gi.repository import Gio, GLib


class Refused(Exception):
    """The answer is an error: its name (the service's where it has no dot), and its message."""


class Unknown(Exception):
    """The mock lacks something that the XML has, or the other way round."""


def default(signature):
    """What a value of that type is when nobody says what it is: what no bytes at all are read as."""
    if "h" in signature or "v" == signature:
        raise Unknown(f"A value of type {signature} has no default: the mock has to make one.")
    return GLib.Variant.new_from_bytes(GLib.VariantType(signature), GLib.Bytes.new(b""),
                                       False).unpack()


def printed(value):
    return str(dict(sorted(value.items())) if isinstance(value, dict) else value)


class Interface:
    """One interface. Its members are called PREFIX.NAME, or NAME alone without a prefix."""

    def __init__(self, info, prefix, behaviour):
        self.info = info
        self.prefix = prefix
        self.behaviour = behaviour
        self.properties = {row.name: GLib.Variant(row.signature, default(row.signature))
                           for row in info.properties}
        self.connection = self.path = None

    def members(self):
        """The full names of all methods."""
        return [self.prefix + method.name for method in self.info.methods]

    def export(self, connection, path):
        self.connection, self.path = connection, path
        connection.register_object(path, self.info, self.call, self.get, None)

    def get(self, _connection, _sender, _path, _interface, name):
        return self.properties[name]

    def set(self, **changes):
        """Changes properties; without a connection nobody is told."""
        for name, value in changes.items():
            info = self.info.lookup_property(name)
            if info is None:
                raise Unknown(f"{self.info.name} has no property {name}.")
            if not isinstance(value, GLib.Variant):
                value = GLib.Variant(info.signature, value)
            if value.get_type_string() != info.signature:
                raise Unknown(f"{name} is of type {info.signature}, not {value.get_type_string()}.")
            self.properties[name] = changes[name] = value
        if self.connection is not None:
            self.connection.emit_signal(
                None, self.path, "org.freedesktop.DBus.Properties", "PropertiesChanged",
                GLib.Variant("(sa{sv}as)", (self.info.name, changes, [])))

    def emit(self, name, *values):
        info = self.info.lookup_signal(name)
        if info is None:
            raise Unknown(f"{self.info.name} has no signal {name}.")
        signature = "".join(argument.signature for argument in info.args)
        self.connection.emit_signal(None, self.path, self.info.name, name,
                                    GLib.Variant(f"({signature})", values))

    def call(self, _connection, _sender, _path, _interface, method, parameters, invocation):
        self.behaviour.begin_call(self, method, parameters, invocation)

    def take_arguments(self, method, parameters, invocation):
        """As Python has them; a handle becomes the file descriptor."""
        arguments = list(parameters.unpack())
        for index, info in enumerate(method.in_args):
            if info.signature == "h":
                descriptors = invocation.get_message().get_unix_fd_list()
                arguments[index] = descriptors.get(arguments[index])
        return arguments

    def answer(self, name, parameters, invocation):
        """Does what the behaviour says, and replies."""
        method = self.info.lookup_method(name)
        types = [argument.signature for argument in method.out_args]
        handler = self.behaviour.find_handler(self.prefix + name)
        if handler is None:
            result = tuple(map(default, types))
        else:
            result = handler(*self.take_arguments(method, parameters, invocation))
            if len(types) < 2:
                result = (result,) * len(types)
        descriptors = Gio.UnixFDList.new()
        values = []
        for kind, value in zip(types, result, strict=True):
            if kind == "h":
                descriptor, value = value, descriptors.append(value)
                os.close(descriptor)
            values.append(value)
        invocation.return_value_with_unix_fd_list(
            GLib.Variant(f"({''.join(types)})", tuple(values)), descriptors)


class Behaviour:
    """What a mock does; a subclass has functions do_METHOD, or do_AREA_METHOD with a prefix."""

    # Methods of which it does not matter what they do, for as long as they do not fail.
    DEFAULTS = ()
    # Before the name of an error.
    ERROR = ""
    # Methods that are not noted.
    UNNOTED = ()

    def __init__(self, interfaces):
        """@interfaces: of each, the prefix of its members and its description."""
        self.interfaces = {prefix: Interface(info, prefix, self)
                           for prefix, info in interfaces.items()}
        self.calls = []
        self.unknown = []
        self.failures = {}
        self.held_method = None
        self.held = []
        self.check()

    def check(self):
        """Nothing is done for what no interface has."""
        members = {name for interface in self.interfaces.values() for name in interface.members()}
        for name in dir(self):
            if name.startswith("do_") and name[3:].replace("_", ".") not in members:
                raise Unknown(f"No interface has a method for {name} of the mock.")
        for name in (*self.DEFAULTS, *self.UNNOTED):
            if name not in members:
                raise Unknown(f"No interface has the method {name}, which the mock names.")

    def find_handler(self, member):
        """The function, or None where the default value will do."""
        handler = getattr(self, "do_" + member.replace(".", "_"), None)
        if handler is None and member not in self.DEFAULTS:
            raise Unknown(f"The mock does not know {member}: it needs a function "
                          f"do_{member.replace('.', '_')}, or a place in DEFAULTS.")
        return handler

    def begin_call(self, interface, method, parameters, invocation):
        """Notes a call and answers it, unless a test holds it."""
        member = interface.prefix + method
        # A key is never a parameter, so that nothing secret can come to stand here.
        if member not in self.UNNOTED:
            self.calls.append(" ".join([member, *map(printed, parameters.unpack())]))
        if member == self.held_method:
            self.held.append((interface, method, parameters, invocation))
        else:
            self.end_call(interface, method, parameters, invocation)

    def end_call(self, interface, method, parameters, invocation):
        """Answers, or fails as a test wants it."""
        try:
            if interface.prefix + method in self.failures:
                raise Refused(*self.failures.pop(interface.prefix + method))
            interface.answer(method, parameters, invocation)
        except Refused as refused:
            error, message = refused.args
            invocation.return_dbus_error(error if "." in error else self.ERROR + error, message)
        except Exception as failure:  # pylint: disable=broad-except
            # The caller must not wait for ever, and the test must not pass.
            self.unknown.append(str(failure))
            sys.excepthook(*sys.exc_info())
            invocation.return_dbus_error(self.ERROR + "Failed", str(failure))

    def release(self):
        """Answers what was held."""
        held, self.held, self.held_method = self.held, [], None
        for call in held:
            self.end_call(*call)

    def find_interface(self, member):
        """That of a member, and the member's name in there."""
        prefix, dot, name = member.rpartition(".")
        return self.interfaces[prefix + dot], name

    def set_property(self, member, value):
        interface, name = self.find_interface(member)
        interface.set(**{name: value})

    def emit(self, member, *values):
        interface, name = self.find_interface(member)
        interface.emit(name, *values)
