# SPDX-License-Identifier: MIT
"""The transcription services as strict as the real ones (tests/fakes), for tests in Python."""

import json
import os
import select
import signal
import socket
import subprocess
import threading

# What the fixtures take for right (tests/fakes/realtime/realtime.h).
LIVE_KEY = "test-key-0123456789abcdef0123456789abcdef"

# The model that a service has to be told, and what its address ends in.
MODELS = {"azure": "whisper", "speaches": "Systran/faster-whisper-small", "localai": "whisper-1",
          "ollama": "gemma4:e2b"}
KINDS = ("openai", "groq", "mistral", "azure", "whisper-cpp", "speaches", "localai", "ollama",
         "deepgram", "elevenlabs", "assemblyai", "gemini")
PATHS = {"openai": "/v1", "groq": "/openai/v1", "mistral": "/v1", "speaches": "/v1",
         "localai": "/v1", "ollama": "/v1"}


class FakeServices:
    """All HTTP services at once."""

    def __init__(self, session):
        self.process = session.spawn(os.environ["FAKE_SERVICES"], stdin=subprocess.PIPE,
                                     stdout=subprocess.PIPE, text=True)
        self.addresses = json.loads(self.process.stdout.readline())
        self.keys = self.ask("keys")

    def ask(self, *words):
        """Tells the program something; returns its answer."""
        self.process.stdin.write(" ".join(words) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().strip()
        return json.loads(answer) if answer[:1] in "[{" else answer

    def fail(self, kind, failure, times=1):
        for _ in range(times):
            assert self.ask("fail", kind, failure) == "ok"

    def address(self, kind):
        """What a user would enter for it."""
        return self.addresses[kind] + PATHS.get(kind, "")

    def complaint(self, kind):
        """What a service found wrong in any request; None for nothing."""
        return self.ask("complaints").get(kind)

    def requests(self, kind):
        """What a service was asked."""
        return self.ask("requests", kind)

    def uploads(self, kind):
        """How many requests carried sound."""
        return sum(request["method"] == "POST" for request in self.requests(kind))


def set_up(session, services, kind):
    """Makes one of them the user's service."""
    values = {"provider": kind, f"addresses__{kind}": services.address(kind)}
    if kind in MODELS:
        values[f"models__{kind}"] = MODELS[kind]
    for name, value in values.items():
        result = session.whis("settings", name.replace("__", "/"), value)
        assert result.returncode == 0, result.stderr
    give_key(session, kind, services.keys[kind])


def give_key(session, kind, key):
    """Keeps a key as the user does, where the service takes one."""
    if kind != "whisper-cpp":
        result = session.whis("key", "set", kind, stdin=key)
        assert result.returncode == 0, result.stderr


class FakeRealtime:
    """The live transcription of one service."""

    def __init__(self, session, kind, sentences, drop_at=0):
        self.process = session.spawn(os.environ["FAKE_REALTIME"], kind, str(drop_at), *sentences,
                                     stdout=subprocess.PIPE, text=True)
        self.address = self.process.stdout.readline().strip()
        assert self.address, "no server"

    def report(self):
        """Ends it, and says what happened."""
        self.process.send_signal(signal.SIGTERM)
        return json.loads(self.process.stdout.readline())


def get_port(address):
    return int(address.split("//")[1].split("/")[0].rsplit(":", 1)[1])


class Switchboard:
    """One address for both: what asks for a WebSocket goes to one server, the rest to the other."""

    def __init__(self, web, live):
        self.ports = {False: get_port(web), True: get_port(live)}
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        threading.Thread(target=self.serve, daemon=True).start()

    def close(self):
        self.socket.close()

    def serve(self):
        while True:
            try:
                client, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self.connect, args=(client,), daemon=True).start()

    def connect(self, client):
        """Looks at the head of the first request, then carries bytes both ways."""
        head = b""
        while b"\r\n\r\n" not in head:
            part = client.recv(65536)
            if not part:
                client.close()
                return
            head += part
        live = b"upgrade: websocket" in head.split(b"\r\n\r\n")[0].lower()
        server = socket.create_connection(("127.0.0.1", self.ports[live]))
        server.sendall(head)
        ends = {client: server, server: client}
        while ends:
            for end in select.select(list(ends), [], [])[0]:
                try:
                    part = end.recv(65536)
                    ends[end].sendall(part)
                except OSError:
                    part = b""
                if not part:
                    client.close()
                    server.close()
                    return
