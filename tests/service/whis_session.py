# SPDX-License-Identifier: MIT
"""A session for one test: a bus, a home and a sound server of its own, and Whis in it."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import threading

from gi.repository import Gio, GLib

APP_ID = "io.github.whis_gtk.Whis"
PATH = "/io/github/whis_gtk/Whis"
INTERFACE = "io.github.whis_gtk.Whis1"

SPEECH = ("/usr/share/pocketsphinx/test/data/librivox/"
          "sense_and_sensibility_01_austen_64kb-0880.wav")

BUS_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir={directory}</listen>
  <servicedir>{directory}/services</servicedir>
  <policy context="default">
    <allow send_destination="*"/><allow eavesdrop="true"/><allow own="*"/>
  </policy>
</busconfig>
"""

HIDDEN = ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "PULSE_SERVER", "G_DEBUG",
          "XDG_ACTIVATION_TOKEN", "MALLOC_PERTURB_", "MALLOC_CHECK_",
          "http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "all_proxy")


class WhisSession:
    """Everything that Whis needs around it, private to one test. Use it in a `with` statement."""

    def __init__(self, pulse=True, microphone=True, environment=None):
        self.stack = contextlib.ExitStack()
        self.directory = tempfile.mkdtemp(prefix="whis-test-")
        self.stack.callback(shutil.rmtree, self.directory, True)
        self.environment = {k: v for k, v in os.environ.items()
                            if k not in HIDDEN and not k.endswith("_API_KEY")}
        self.environment.update(self._private_environment())
        self.environment.update(environment or {})
        self.log_path = os.path.join(self.directory, "service.log")
        self.service = None
        self.ended_with = None
        self.bus = None
        self.events = []
        self._start_bus()
        if pulse:
            self._start_pulse(microphone)

    def __enter__(self):
        return self

    def __exit__(self, *_exception):
        self.close()

    def close(self):
        """Ends everything that was started. A service that ends badly, or has leaked, is an error."""
        try:
            self._quit_service()
        finally:
            self.stack.close()

    def _quit_service(self):
        if self.service is None:
            return
        if self.service.poll() is not None:
            # Killed by a test, or ended as it should; anything else is a crash.
            assert self.service.returncode in (0, -signal.SIGKILL, self.ended_with), (
                f"the service ended with {self.service.returncode}; "
                f"log:\n{self.read_log()[-5000:]}")
            return
        self.service.terminate()
        status = self.service.wait(120)
        assert status == 0, f"the service ended with {status}; log:\n{self.read_log()[-5000:]}"

    def _private_environment(self):
        runtime = os.path.join(self.directory, "runtime")
        os.mkdir(runtime, 0o700)
        return {
            "HOME": self.directory,
            "XDG_RUNTIME_DIR": runtime,
            "XDG_DATA_HOME": os.path.join(self.directory, "data"),
            "XDG_CONFIG_HOME": os.path.join(self.directory, "config"),
            "XDG_CACHE_HOME": os.path.join(self.directory, "cache"),
            "GSETTINGS_BACKEND": "keyfile",
            # Scanning all plugins anew for each test would take most of its time.
            "GST_REGISTRY": os.path.join(tempfile.gettempdir(), f"whis-test-gst-{os.getuid()}.bin"),
            "LC_ALL": "C.UTF-8",
            "NO_AT_BRIDGE": "1",
            # The microphone would hear the cues, as it hears all that sounds.
            "WHIS_SOUNDS_DIR": os.path.join(self.directory, "no-sounds"),
        }

    def install_service_file(self):
        """Lets the bus start Whis, as where it is installed."""
        directory = os.path.join(self.directory, "services")
        os.mkdir(directory)
        with open(os.path.join(directory, f"{APP_ID}.service"), "w", encoding="utf-8") as file:
            file.write(f"[D-BUS Service]\nName={APP_ID}\n"
                       f"Exec={self.environment['WHIS_SERVICE_PROGRAM']}\n")
        for method, arguments in (
                ("ReloadConfig", None),
                ("UpdateActivationEnvironment", GLib.Variant("(a{ss})", (self.environment,)))):
            self.bus.call_sync("org.freedesktop.DBus", "/org/freedesktop/DBus",
                               "org.freedesktop.DBus", method, arguments, None,
                               Gio.DBusCallFlags.NONE, -1, None)

    def spawn(self, *command, **options):
        """Starts a program that ends with the session."""
        options.setdefault("env", self.environment)
        process = subprocess.Popen(command, **options)
        self.stack.callback(self._end, process)
        return process

    @staticmethod
    def _end(process):
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for pipe in (process.stdout, process.stderr):
            if pipe:
                pipe.close()

    def _start_bus(self):
        config = os.path.join(self.directory, "bus.conf")
        with open(config, "w", encoding="utf-8") as file:
            file.write(BUS_CONFIG.format(directory=self.directory))
        self.bus_daemon = self.spawn("dbus-daemon", f"--config-file={config}", "--nofork",
                                     "--print-address=1", stdout=subprocess.PIPE, text=True,
                                     stderr=subprocess.DEVNULL)
        address = self.bus_daemon.stdout.readline().strip()
        assert address, "no bus"
        self.environment["DBUS_SESSION_BUS_ADDRESS"] = address
        flags = (Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT
                 | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION)
        self.bus = Gio.DBusConnection.new_for_address_sync(address, flags, None, None)
        self.bus.set_exit_on_close(False)
        self.bus.signal_subscribe(None, INTERFACE, None, PATH, None,
                                  Gio.DBusSignalFlags.NONE, self._note_signal)

    def _note_signal(self, _bus, _sender, _path, _interface, signal_name, arguments):
        self.events.append((signal_name, arguments.unpack()))

    def _start_pulse(self, microphone):
        socket = os.path.join(self.directory, "pulse.sock")
        modules = [f"module-native-protocol-unix auth-anonymous=1 socket={socket}"]
        if microphone:
            modules += self.microphone_modules("mic")
        command = ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1",
                   "--use-pid-file=no", "--disable-shm=yes", "--log-level=error"]
        for module in modules:
            command += ["-L", module]
        self.environment["PULSE_SERVER"] = f"unix:{socket}"
        self.pulse = self.spawn(*command, stderr=subprocess.DEVNULL)
        self.wait_until(lambda: os.path.exists(socket) or self.pulse.poll() is not None,
                        "no PulseAudio")
        assert self.pulse.poll() is None, "PulseAudio does not start"
        if microphone:
            subprocess.run(["pactl", "set-default-source", "microphone"], check=True,
                           env=self.environment)

    @staticmethod
    def microphone_modules(sink, source="microphone"):
        """What PulseAudio loads for a microphone that hears what is played into a null sink."""
        return [f"module-null-sink sink_name={sink}",
                f"module-remap-source source_name={source} master={sink}.monitor"]

    def load_microphone(self, sink, source):
        """Plugs another microphone in; it goes when its null sink is unloaded."""
        for module in self.microphone_modules(sink, source):
            subprocess.run(["pactl", "load-module", *module.split()], check=True,
                           env=self.environment, stdout=subprocess.DEVNULL)

    @staticmethod
    def iterate(context_timeout_ms=100):
        """Lets events in; returns after one, or after the time."""
        context = GLib.MainContext.default()
        timer = GLib.timeout_add(context_timeout_ms, lambda: GLib.SOURCE_CONTINUE)
        context.iteration(True)
        GLib.source_remove(timer)

    def wait_until(self, condition, complaint, seconds=120):
        """Waits for a condition, letting events in; returns what it is then."""
        expired = threading.Event()
        timer = threading.Timer(seconds, expired.set)
        timer.start()
        try:
            while True:
                value = condition()
                if value:
                    return value
                assert not expired.is_set(), f"{complaint}; log:\n{self.read_log()[-3000:]}"
                self.iterate(20)
        finally:
            timer.cancel()

    def whis(self, *arguments, stdin=None, timeout=500):
        """Runs the command line to its end."""
        return subprocess.run([self.environment["WHIS_PROGRAM"], *arguments], env=self.environment,
                              input=stdin, capture_output=True, text=True, timeout=timeout,
                              stdin=subprocess.DEVNULL if stdin is None else None, check=False)

    def has_service(self):
        """Whether the service is on the bus."""
        answer = self.bus.call_sync("org.freedesktop.DBus", "/org/freedesktop/DBus",
                                    "org.freedesktop.DBus", "NameHasOwner",
                                    GLib.Variant("(s)", (APP_ID,)), None,
                                    Gio.DBusCallFlags.NONE, -1, None)
        return answer.unpack()[0]

    def start_service(self, **options):
        """Starts the service, its log in a file."""
        log = open(self.log_path, "a", encoding="utf-8")
        self.stack.callback(log.close)
        environment = {**self.environment, "G_MESSAGES_DEBUG": "all"}
        self.service = self.spawn(self.environment["WHIS_SERVICE_PROGRAM"], stdout=log,
                                  stderr=log, env=environment, **options)
        self.wait_until(lambda: self.has_service() or self.service.poll() is not None,
                        "the service does not come")
        return self.service

    def read_log(self):
        """What the service logged."""
        if not os.path.exists(self.log_path):
            return ""
        with open(self.log_path, encoding="utf-8", errors="replace") as log:
            return log.read()

    def call(self, method, signature=None, *arguments):
        """Calls a method of the service; errors are raised as GLib.Error."""
        parameters = GLib.Variant(signature, arguments) if signature else None
        answer = self.bus.call_sync(APP_ID, PATH, INTERFACE, method, parameters, None,
                                    Gio.DBusCallFlags.NONE, 120000, None)
        return answer.unpack()

    def send(self, method, signature=None, *arguments, answered=None):
        """Calls a method of the service without waiting for its answer, which goes to `answered`."""
        parameters = GLib.Variant(signature, arguments) if signature else None
        self.bus.call(APP_ID, PATH, INTERFACE, method, parameters, None,
                      Gio.DBusCallFlags.NO_AUTO_START, 120000, None, answered)

    def get(self, name):
        """Reads a property of the service."""
        answer = self.bus.call_sync(APP_ID, PATH, "org.freedesktop.DBus.Properties", "Get",
                                    GLib.Variant("(ss)", (INTERFACE, name)), None,
                                    Gio.DBusCallFlags.NONE, 120000, None)
        return answer.unpack()[0]

    def start_dictation(self, **options):
        """Starts a dictation and waits until it records."""
        typed = {k: GLib.Variant("b" if isinstance(v, bool) else "s", v)
                 for k, v in options.items()}
        (dictation,) = self.call("Start", "(a{sv})", typed)
        self.wait_for(dictation, "recording")
        return dictation

    def states(self, dictation):
        """The states that a dictation has been in."""
        return [a[1] for name, a in self.events if name == "StateChanged" and a[0] == dictation]

    def wait_for(self, dictation, *states, seconds=120):
        """Waits until a dictation has reached one of the states."""
        self.wait_until(lambda: any(state in states for state in self.states(dictation)),
                        f"{dictation} is in {self.states(dictation)}, not {states}", seconds)

    def outcome(self, dictation, seconds=120):
        """Waits for the end of a dictation: ("finished", text) or ("failed", code, message, kept)."""
        def find():
            for name, arguments in self.events:
                if name in ("Finished", "Failed") and arguments[0] == dictation:
                    return (name.lower(), *arguments[1:4])
            return None
        return self.wait_until(find, "the dictation does not end", seconds)

    def warnings(self, dictation=None):
        """The sentences that somebody was warned with, but for that of a slow start: a busy machine
        has it, too."""
        return [arguments[1] for name, arguments in self.events
                if name == "Warning" and dictation in (None, arguments[0])
                and "GStreamer looks through its plugins" not in arguments[1]]

    def unload_microphone(self, sink):
        """Takes a microphone away that load_microphone() has made."""
        listed = subprocess.run(["pactl", "list", "short", "modules"], check=True, text=True,
                                env=self.environment, capture_output=True).stdout
        (number,) = [line.split()[0] for line in listed.splitlines() if f"sink_name={sink}" in line]
        subprocess.run(["pactl", "unload-module", number], check=True, env=self.environment)

    def play(self, path=SPEECH, sink="mic"):
        """Plays a sound into a microphone, to its end."""
        subprocess.run(["paplay", f"--device={sink}", path], check=True, env=self.environment,
                       timeout=300)

    def settings(self, **values):
        """Changes settings as a user of the command line would; two underscores stand for a slash."""
        for key, value in values.items():
            name = key.replace("__", "/").replace("_", "-")
            result = self.whis("settings", name, value)
            assert result.returncode == 0, result.stderr

    def recordings(self):
        """The sound files that Whis keeps."""
        directory = os.path.join(self.environment["XDG_DATA_HOME"], "whis", "recordings")
        if not os.path.isdir(directory):
            return []
        return sorted(os.path.join(directory, name) for name in os.listdir(directory))

    def kill_service(self, number=signal.SIGKILL):
        """Ends the service with a signal."""
        self.ended_with = -number
        self.service.send_signal(number)
        self.service.wait(120)
