# SPDX-License-Identifier: MIT
"""What is started in a session of a test, and what is waited for."""

import fcntl
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
        # A target whose output is not read yet must not wait for it.
        fcntl.fcntl(self.process.stdout, fcntl.F_SETPIPE_SZ, 1 << 20)
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

    def has_bytes(self):
        """Whether there is something that was not read."""
        return bool(self.rest or select.select([self.fd], [], [], 0)[0])

    def read_bytes(self, count):
        while len(self.rest) < count:
            self._read()
        data, self.rest = self.rest[:count], self.rest[count:]
        return data


class Session:
    """A bus and the programs that are started; `end` stops all of them."""

    user = ()  # what runs a program as another user
    extra = ()  # options of each insertion
    insert_program = os.environ.get("WHIS_INSERT_PROGRAM")

    def __init__(self, name):
        self.dir = tempfile.mkdtemp(prefix=f"whis-{name}-")
        self.programs = []
        self.env = dict(os.environ, HOME=self.dir, XDG_RUNTIME_DIR=self.dir, LANG="C.UTF-8",
                        GTK_A11Y="none", NO_AT_BRIDGE="1", GSK_RENDERER="cairo",
                        LIBGL_ALWAYS_SOFTWARE="1")
        for variable in "DISPLAY", "WAYLAND_DISPLAY", "G_DEBUG", "GTK_IM_MODULE":
            self.env.pop(variable, None)

    def start(self, *argv, **options):
        program = Program([*self.user, *argv], self.env, **options)
        self.programs.append(program)
        return program

    def stop(self, program):
        self.programs.remove(program)
        program.end()

    def run(self, *argv, env=None, **options):
        return subprocess.run([*self.user, *argv], env=env or self.env, check=True, timeout=SECONDS,
                              **options)

    def start_target(self, version, kind):
        target = self.start(PYTHON, os.path.join(HERE, "text_target.py"), version, kind)
        target.await_json("focused")
        return target

    def start_manager(self):
        manager = self.start(PYTHON, os.path.join(HERE, "clipboard_manager.py"))
        manager.read_line()
        return manager

    def start_program_in_terminal(self, *argv):
        """Starts a terminal; what its program gets is read from the answer."""
        pipe = os.path.join(self.dir, "terminal")
        if os.path.exists(pipe):
            os.unlink(pipe)
        os.mkfifo(pipe)
        os.chmod(pipe, 0o666)
        terminal = self.start(*argv, PYTHON, os.path.join(HERE, "terminal_target.py"), pipe,
                              stderr=subprocess.DEVNULL)
        terminal.lines = Lines(os.open(pipe, os.O_RDONLY))
        assert terminal.read_line() == "ready"
        return terminal

    def insert(self, text, *options, env=None):
        """Starts an insertion; its first line is the outcome."""
        path = os.path.join(self.dir, "text")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        program = Program([*self.user, self.insert_program, *self.extra, *options, "--file", path],
                          dict(self.env, **(env or {})))
        self.programs.append(program)
        return program

    def end(self):
        while self.programs:
            self.programs.pop().end()
        shutil.rmtree(self.dir, ignore_errors=True)
