# SPDX-License-Identifier: MIT
"""whisper.cpp's own server, by itself with a model that says known sentences."""

import os
import re
import socket
import urllib.error
import urllib.request

import whisper_model


def find_port():
    """A port that nobody uses; the server cannot choose one itself."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


class WhisperServer:
    """The program, running until the session ends."""

    def __init__(self, session, *options, model=None):
        self.session = session
        self.options = options
        self.port = find_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.log_path = os.path.join(session.directory, f"whisper-server-{self.port}.log")
        self.model = model or os.path.join(session.directory, "model.bin")
        if not os.path.exists(self.model):
            whisper_model.write(self.model)
        self.start()

    def start(self):
        """Starts it, also again after an end, and waits until it answers."""
        with open(self.log_path, "a", encoding="utf-8") as log:
            self.process = self.session.spawn(
                os.environ["WHISPER_SERVER"], "--model", self.model, "--port", str(self.port),
                "--threads", "1", *self.options, stdout=log, stderr=log)
        self.session.wait_until(self.answers, f"no whisper-server; it says: {self.read_log()}")

    def stop(self):
        """Ends it, connections and all."""
        self.process.kill()
        self.process.wait()

    def answers(self):
        """Whether it takes requests."""
        assert self.process.poll() is None, self.read_log()
        try:
            with urllib.request.urlopen(f"{self.address}/", timeout=10):
                return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False

    def read_log(self):
        """What it said."""
        with open(self.log_path, encoding="utf-8", errors="replace") as log:
            return log.read()

    def languages(self):
        """The language of each request that carried sound that it could read."""
        return re.findall(r"processing '.*lang = (\w+)", self.read_log())
