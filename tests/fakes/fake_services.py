# SPDX-License-Identifier: MIT
"""The fake transcription services of this folder, for tests in Python.

FakeServices are the real ones' likenesses, FakeService is an OpenAI-compatible one that answers what
a test wants, FakeRealtime is a live one. The servers are programs, started by FAKE_SERVICES and
FAKE_REALTIME.
"""

import atexit
import base64
import json
import os
import queue
import select
import signal
import socket
import subprocess
import threading
import time

# What the fixtures take for right (realtime/realtime.h).
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


class ScriptedServices:
    """The program of FakeService, one for all of them in a test program."""

    instance = None

    @classmethod
    def get(cls):
        """Starts it when it is first wanted."""
        if cls.instance is None:
            cls.instance = cls()
        return cls.instance

    def __init__(self):
        self.process = subprocess.Popen([os.environ["FAKE_SERVICES"], "--scripted"],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")
        atexit.register(self.close)
        assert self.process.stdout.readline(), "the fake services do not start"
        self.lock = threading.Lock()
        self.replies = queue.Queue()
        self.services = {}
        threading.Thread(target=self.read, daemon=True).start()

    def close(self):
        """Not by the end of its input, which a process that GTestDBus forks holds open too."""
        self.process.terminate()
        self.process.wait()

    def read(self):
        """Parts requests from replies."""
        for line in self.process.stdout:
            if line.startswith("request "):
                _word, kind, number, request = line.split(" ", 3)
                service = self.services.get(kind)
                if service is not None:
                    service.handle(int(number), json.loads(request))
            else:
                self.replies.put(line.strip())
        self.replies.put("error: the fake services have ended")

    def ask(self, *words):
        """Tells the program something; returns its answer."""
        with self.lock:
            self.process.stdin.write(" ".join(words) + "\n")
            self.process.stdin.flush()
            return self.replies.get()

    def add(self, service):
        """Another service, its kind and address."""
        kind, address = self.ask("new").split()
        self.services[kind] = service
        return kind, address

    def remove(self, kind):
        """It listens no more."""
        if self.services.pop(kind, None) is not None:
            self.ask("free", kind)


class Request:
    """One transcription request as it arrived."""

    def __init__(self, arrived):
        self.headers = arrived["headers"]
        self.fields = arrived["fields"]
        self.files = {}
        if "file" in arrived:
            self.files["file"] = (arrived["file_name"], arrived["file_type"],
                                  base64.b64decode(arrived["file"]))


def reply(status, body, content_type="application/json", headers=None):
    """An answer: status, body and type."""
    if not isinstance(body, (bytes, str)):
        body = json.dumps(body)
    if isinstance(body, str):
        body = body.encode()
    return status, body, content_type, headers or {}


def text(words):
    """The answer of a service that understood."""
    return reply(200, {"text": words})


class FakeService:
    """Answers the n-th transcription with the n-th of `answers`, then with `default`.

    An answer is what reply() and text() make, or a function of the request that returns one, or
    "reset". While `gate` is not set, nothing is answered.
    """

    def __init__(self, default=None, latency=0.0):
        self.default = default or text("hello world")
        self.answers = []
        self.models = ["fake"]
        self.key = None
        self.latency = latency
        self.requests = []
        self.gate = threading.Event()
        self.gate.set()
        self.arrived = threading.Condition()
        self.active = 0
        self.peak = 0
        self.program = ScriptedServices.get()
        self.kind, self.url = self.program.add(self)

    @property
    def address(self):
        """What the user would write into the settings."""
        return f"{self.url}/v1"

    def close(self):
        """Nothing listens at the address any more."""
        self.program.remove(self.kind)

    def count_connections(self):
        """How many have been opened."""
        return json.loads(self.program.ask("counts"))[self.kind]["connections"]

    def wait_for_requests(self, count, timeout=500):
        """Waits until so many requests have come."""
        with self.arrived:
            assert self.arrived.wait_for(lambda: len(self.requests) >= count, timeout), (
                f"{len(self.requests)} requests instead of {count}"
            )

    def handle(self, number, arrived):
        """Of the thread that reads, so that requests are noted in their order."""
        chosen = None
        if arrived["method"] == "POST":
            chosen = self.note(Request(arrived))
        threading.Thread(target=self.respond, args=(number, arrived, chosen), daemon=True).start()

    def note(self, request):
        """Keeps a request and picks its answer."""
        with self.arrived:
            number = len(self.requests)
            self.requests.append(request)
            self.arrived.notify_all()
            return request, self.answers[number] if number < len(self.answers) else self.default

    def respond(self, number, arrived, chosen):
        """Of a thread for each request, because that may wait."""
        sent = arrived["headers"].get("Authorization", "")
        if self.key is not None and sent != f"Bearer {self.key}":
            answer = reply(401, {"error": {
                "message": f"Incorrect API key provided: {sent}.",
                "type": "invalid_request_error", "param": None, "code": "invalid_api_key"}})
        elif chosen is not None:
            answer = self.choose(*chosen)
        elif arrived["method"] == "GET" and arrived["path"].endswith("/models"):
            answer = reply(200, {"object": "list", "data": [{"id": name} for name in self.models]})
        else:
            answer = reply(404, {"error": {"message": "no such path"}})
        self.answer(number, answer)

    def choose(self, request, answer):
        """When the gate is open, and after the latency that is being simulated."""
        with self.arrived:
            self.active += 1
            self.peak = max(self.peak, self.active)
        self.gate.wait(120)
        time.sleep(self.latency)
        with self.arrived:
            self.active -= 1
        return answer(request) if callable(answer) else answer

    def answer(self, number, answer):
        """Has the program send it."""
        if answer == "reset":
            told = {"trick": "reset"}
        else:
            status, body, content_type, headers = answer
            told = {"status": status, "type": content_type,
                    "body": base64.b64encode(body).decode(),
                    "headers": "\n".join(f"{name}: {value}" for name, value in headers.items())}
        result = self.program.ask("answer", self.kind, str(number), json.dumps(told))
        assert result == "ok" or self.kind not in self.program.services, result


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
