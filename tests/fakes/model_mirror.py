# SPDX-License-Identifier: MIT
"""A small model, a catalogue that has it, and a mirror on this computer that gives it."""

import hashlib
import http.server
import re
import struct
import threading

MODEL = "school-test"
FILE = "school-test.bin"
SIZE = 3_000_000

CATALOGUE = """[catalogue]
version=1
[{id}]
engine=whisper
name=The school's model
file={file}
addresses={address}
bytes={size}
sha256={sha256}
license=MIT
attribution=Made for the tests
languages=en de
speed=fast
memory-mb=10
"""


def make_model(seed=1, size=SIZE):
    """A file that has the header of a model of Whisper; another seed makes another one."""
    header = struct.pack("<12I", 0x67676D6C, 51865, 1500, 8, 2, 1, 448, 8, 2, 1, 80, 2002)
    body = hashlib.shake_128(bytes([seed])).digest(size - len(header))
    return header + body


def write_catalogue(path, model, address):
    """A catalogue with one row."""
    with open(path, "w", encoding="utf-8") as file:
        file.write(CATALOGUE.format(id=MODEL, file=FILE, address=address, size=len(model),
                                    sha256=hashlib.sha256(model).hexdigest()))


class Mirror(http.server.ThreadingHTTPServer):
    """Gives the model, from the byte that is asked for; holds it back when it is told to."""

    daemon_threads = True

    def __init__(self, model):
        super().__init__(("127.0.0.1", 0), Handler)
        self.model = model
        self.served = None           # another file in place of the model
        self.hold_at = None          # sends so many bytes of an answer, and then waits
        self.released = threading.Event()
        self.ranges = []             # of each request, the first byte that was asked for
        self.paths = []
        self.thread = threading.Thread(target=self.serve_forever, daemon=True)
        self.thread.start()

    @property
    def address(self):
        """Of the directory."""
        return f"http://127.0.0.1:{self.server_port}/models"

    def close(self):
        """Ends the server."""
        self.released.set()
        self.shutdown()
        self.server_close()

    def handle_error(self, *_arguments):
        """A client that has gone is what some tests want."""


class Handler(http.server.BaseHTTPRequestHandler):
    """One request."""

    def log_message(self, *_arguments):
        """Says nothing."""

    def do_GET(self):  # pylint: disable=invalid-name
        """The file, or its end."""
        found = re.match(r"bytes=(\d+)-$", self.headers.get("Range", ""))
        start = int(found[1]) if found else 0
        body = self.server.served or self.server.model
        self.server.paths.append(self.path)
        self.server.ranges.append(start)
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
        self.send_header("ETag", '"one"')
        self.send_header("Content-Length", str(len(body) - start))
        self.end_headers()
        body = body[start:]
        held = self.server.hold_at
        if held is not None:
            self.server.hold_at = None
            self.wfile.write(body[:held])
            self.wfile.flush()
            self.server.released.wait(300)
            body = body[held:]
        self.wfile.write(body)
