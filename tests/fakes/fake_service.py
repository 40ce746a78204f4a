# SPDX-License-Identifier: MIT
"""An OpenAI-compatible transcription service on loopback that misbehaves on command."""

import email.parser
import email.policy
import http.server
import json
import sys
import threading
import time


class Request:
    """One transcription request as it arrived."""

    def __init__(self, headers, fields, files):
        self.headers = headers
        self.fields = fields
        self.files = files


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


class FakeService(http.server.ThreadingHTTPServer):
    """Answers the n-th transcription with the n-th of `answers`, then with `default`."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, default=None, latency=0.0):
        super().__init__(("127.0.0.1", 0), Handler)
        self.default = default or text("hello world")
        self.answers = []
        self.models = ["fake"]
        self.key = None
        self.latency = latency
        self.requests = []
        self.gate = threading.Event()
        self.gate.set()
        self.lock = threading.Lock()
        self.active = 0
        self.peak = 0
        self.arrived = threading.Condition(self.lock)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def address(self):
        """What the user would write into the settings."""
        return f"http://127.0.0.1:{self.server_port}/v1"

    def handle_error(self, request, client_address):
        """A client that goes away in the middle is what some tests are about."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)

    def next_answer(self, request):
        """Notes a request and picks its answer."""
        with self.lock:
            number = len(self.requests)
            self.requests.append(request)
            self.arrived.notify_all()
            if number < len(self.answers):
                return self.answers[number]
            return self.default

    def wait_for_requests(self, count, timeout=500):
        """Waits until so many requests have come."""
        with self.lock:
            assert self.arrived.wait_for(lambda: len(self.requests) >= count, timeout), (
                f"{len(self.requests)} requests instead of {count}"
            )


class Handler(http.server.BaseHTTPRequestHandler):
    """The HTTP side of FakeService."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def answer(self, status, body, content_type, headers):
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def has_key(self):
        return self.server.key is None or (
            self.headers.get("Authorization") == f"Bearer {self.server.key}"
        )

    def refuse_key(self):
        sent = self.headers.get("Authorization", "")
        self.answer(*reply(401, {"error": {
            "message": f"Incorrect API key provided: {sent}.",
            "type": "invalid_request_error", "param": None, "code": "invalid_api_key"}}))

    def do_GET(self):
        if not self.has_key():
            self.refuse_key()
        elif self.path.endswith("/models"):
            self.answer(*reply(200, {"object": "list", "data": [
                {"id": name} for name in self.server.models]}))
        else:
            self.answer(*reply(404, {"error": {"message": "no such path"}}))

    def parse(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + body)
        fields, files = {}, {}
        for part in message.iter_parts():
            name = part.get_param("name", header="content-disposition")
            if part.get_filename():
                files[name] = (part.get_filename(), part.get_content_type(),
                               part.get_payload(decode=True))
            else:
                fields[name] = part.get_payload(decode=True).decode()
        return Request(dict(self.headers), fields, files)

    def do_POST(self):
        server = self.server
        request = self.parse()
        if not self.has_key():
            server.next_answer(request)
            self.refuse_key()
            return
        with server.lock:
            server.active += 1
            server.peak = max(server.peak, server.active)
        answer = server.next_answer(request)
        server.gate.wait(120)
        if server.latency:
            time.sleep(server.latency)  # the latency that is being simulated
        with server.lock:
            server.active -= 1
        if answer == "reset":
            self.connection.close()
            self.close_connection = True
        else:
            self.answer(*(answer(request) if callable(answer) else answer))
