# SPDX-License-Identifier: MIT
"""An X11 session for tests: a server without a screen, a window manager, a bus, and targets."""

import json
import os
import select
import shutil
import subprocess
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
PYTHON = "/usr/bin/python3"
SECONDS = 60  # a busy machine is slow; a test that waits for longer has failed


class Program:
    """A program whose lines of output are waited for."""

    def __init__(self, argv, env, **options):
        self.process = subprocess.Popen(
            argv, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, **options)
        self.lines = Lines(self.process.stdout.fileno())

    def read_line(self):
        return self.lines.read_line().decode()

    def await_json(self, key, value=None):
        """Reads lines until one has the key, with the value if one is given."""
        while True:
            told = json.loads(self.read_line())
            if key in told and value in (None, told[key]):
                return told[key]

    def write_line(self, line):
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()

    def end(self):
        self.process.stdin.close()
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()


class Lines:
    """Bytes from a descriptor."""

    def __init__(self, fd):
        self.fd = fd
        self.rest = b""

    def _read(self):
        if not select.select([self.fd], [], [], SECONDS)[0]:
            raise TimeoutError(f"nothing after {self.rest[-200:]!r}")
        data = os.read(self.fd, 1 << 20)
        if not data:
            raise EOFError(f"ended after {self.rest[-200:]!r}")
        self.rest += data

    def read_line(self):
        while b"\n" not in self.rest:
            self._read()
        line, self.rest = self.rest.split(b"\n", 1)
        return line

    def read_bytes(self, count):
        while len(self.rest) < count:
            self._read()
        data, self.rest = self.rest[:count], self.rest[count:]
        return data


class X11Session:
    """Starts the session; `end` stops all that was started in it."""

    def __init__(self):
        self.dir = tempfile.mkdtemp(prefix="whis-x11-")
        self.programs = []
        self.env = dict(os.environ, HOME=self.dir, XDG_RUNTIME_DIR=self.dir, LANG="C.UTF-8",
                        GTK_A11Y="none", NO_AT_BRIDGE="1", GSK_RENDERER="cairo",
                        LIBGL_ALWAYS_SOFTWARE="1", QT_QPA_PLATFORM="xcb")
        self.env.pop("WAYLAND_DISPLAY", None)
        self.env.pop("G_DEBUG", None)
        self.env.pop("GTK_IM_MODULE", None)
        self.write_settings()
        server = self.start("Xvfb", "-displayfd", "1", "-screen", "0", "1024x768x24", "-nolisten",
                            "tcp", stderr=subprocess.DEVNULL)
        self.env["DISPLAY"] = ":" + server.read_line()
        bus = self.start("dbus-daemon", "--session", "--print-address", "--nofork",
                         stderr=subprocess.DEVNULL)
        self.env["DBUS_SESSION_BUS_ADDRESS"] = bus.read_line()
        # What it starts by itself tells that it is ready.
        self.start("openbox", "--startup", "echo ready", stderr=subprocess.DEVNULL).read_line()

    def write_settings(self):
        """Konsole asks before it pastes more than 8,000 characters."""
        os.mkdir(os.path.join(self.dir, ".config"))
        with open(os.path.join(self.dir, ".config", "konsolerc"), "w", encoding="utf-8") as file:
            file.write("[Notification Messages]\nShowPasteHugeTextWarning=false\n")

    def start(self, *argv, **options):
        program = Program(argv, self.env, **options)
        self.programs.append(program)
        return program

    def stop(self, program):
        self.programs.remove(program)
        program.end()

    def run(self, *argv, **options):
        return subprocess.run(argv, env=self.env, check=True, timeout=SECONDS, **options)

    def start_target(self, version, kind):
        target = self.start(PYTHON, os.path.join(HERE, "text_target.py"), version, kind)
        target.await_json("focused")
        return target

    def start_manager(self):
        manager = self.start(PYTHON, os.path.join(HERE, "clipboard_manager.py"))
        manager.read_line()
        return manager

    def start_clipman(self):
        clipman = self.start("xfce4-clipman", stderr=subprocess.DEVNULL)
        self.run("gdbus", "wait", "--session", "org.xfce.clipman")
        return clipman

    def start_terminal(self, *argv):
        """Starts a terminal; what its program gets is read from the answer."""
        pipe = os.path.join(self.dir, "terminal")
        if os.path.exists(pipe):
            os.unlink(pipe)
        os.mkfifo(pipe)
        terminal = self.start(*argv, "-e", PYTHON, os.path.join(HERE, "terminal_target.py"), pipe,
                              stderr=subprocess.DEVNULL)
        terminal.lines = Lines(os.open(pipe, os.O_RDONLY))
        assert terminal.read_line() == "ready"
        self.run("xdotool", "search", "--sync", "--onlyvisible", "--class", argv[0],
                 "windowactivate", "--sync", stdout=subprocess.DEVNULL)
        return terminal

    def insert(self, text, *options, env=None):
        """Starts an insertion; its first line is the outcome."""
        path = os.path.join(self.dir, "text")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        program = Program([os.environ["WHIS_INSERT_PROGRAM"], *options, "--file", path],
                          dict(self.env, **(env or {})))
        self.programs.append(program)
        return program

    def copy(self, data, kind="UTF8_STRING"):
        self.run("xclip", "-selection", "clipboard", "-t", kind, "-i", input=data,
                 stdout=subprocess.DEVNULL)

    def get_copied(self, kind="UTF8_STRING"):
        return self.run("xclip", "-selection", "clipboard", "-t", kind, "-o",
                        stdout=subprocess.PIPE).stdout

    def end(self):
        while self.programs:
            self.programs.pop().end()
        shutil.rmtree(self.dir, ignore_errors=True)
