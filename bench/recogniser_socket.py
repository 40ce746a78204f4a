# SPDX-License-Identifier: MIT
"""whis-offline with real weights, on a socket of its own."""

import http.client
import json
import os
import pathlib
import re
import socket
import subprocess
import urllib.parse

# As the service starts it, src/offline-client/recogniser-child.c
ENVIRONMENT = {"OMP_WAIT_POLICY": "passive", "GOMP_SPINCOUNT": "20000", "GGML_NO_BACKTRACE": "1"}
BOUNDARY = "----------whis"


class Recogniser:
    """Use it in a `with` statement."""

    def __init__(self, program, folder, models):
        self.path = str(pathlib.Path(folder) / "socket")
        self.process = subprocess.Popen(
            [program, "--socket", self.path, "--exit-on-eof", "--models-dir", models],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, **ENVIRONMENT})
        assert self.process.stdout.readline() == b"ready\n"

    def __enter__(self):
        return self

    def __exit__(self, *_exception):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()

    def request(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("localhost")
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.connect(self.path)
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        assert answer.status == 200, data
        return json.loads(data)

    def load(self, model):
        """Waits until a model is loaded."""
        self.request("GET", f"/health?model={urllib.parse.quote(model)}", headers={"Prefer": "wait"})

    def transcribe(self, path, **fields):
        """The text of a sound file."""
        parts = [f"--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
                 .encode() for name, value in fields.items()]
        body = (b"".join(parts) + f"--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; "
                f"filename=\"sound.wav\"\r\n\r\n".encode() + pathlib.Path(path).read_bytes()
                + f"\r\n--{BOUNDARY}--\r\n".encode())
        return self.request("POST", "/v1/audio/transcriptions", body,
                            {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"})["text"]

    def peak_memory(self):
        """The most resident memory so far, in MB."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return int(re.search(r"^VmHWM:\s+(\d+)", status, re.MULTILINE).group(1)) * 1024 / 1e6
