#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""In the place of whis-offline: runs it, and writes down what is asked of it.

WHIS_METERED_PROGRAM is the program, and WHIS_METERED_LOG a file that gets a line of JSON for each
request: path, when it came and was answered (milliseconds of CLOCK_MONOTONIC), seconds of sound, whether
a part had to be recognised again at a higher temperature. Arguments go on to
the program, with those in WHIS_METERED_ARGUMENTS behind them.
"""

import http.client
import http.server
import json
import os
import re
import socket
import socketserver
import subprocess
import sys
import threading
import time

BYTES_PER_SECOND = 32000


def now_ms():
    return time.clock_gettime_ns(time.CLOCK_MONOTONIC) / 1e6


class Connection(http.client.HTTPConnection):
    """To the program's socket."""

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self.server.inner)


class Handler(http.server.BaseHTTPRequestHandler):
    """Passes a request on."""

    protocol_version = "HTTP/1.1"

    def address_string(self):
        return "socket"

    def log_message(self, *arguments):  # pylint: disable=arguments-differ
        pass

    def pass_on(self):
        came = now_ms()
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        inner = Connection("localhost", timeout=3000)
        inner.server = self.server
        headers = {name: value for name, value in self.headers.items()
                   if name.lower() not in ("host", "connection")}
        inner.request(self.command, self.path, body, headers)
        answer = inner.getresponse()
        text = answer.read()
        inner.close()
        self.note(came, body, text)
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.getheader("Content-Type", "text/plain"))
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = pass_on

    def note(self, came, body, text):
        line = {"path": self.path, "came": came, "answered": now_ms(),
                "sound": len(body) / BYTES_PER_SECOND,
                "again": bool(re.search(rb'"temperature"\s*:\s*0\.[1-9]', text))}
        with self.server.lock, open(os.environ["WHIS_METERED_LOG"], "a", encoding="utf-8") as log:
            log.write(json.dumps(line) + "\n")


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    """Listens."""

    daemon_threads = True
    lock = threading.Lock()


def main():
    arguments = sys.argv[1:]
    place = arguments.index("--socket") + 1
    outer, inner = arguments[place], arguments[place] + "-i"
    arguments[place] = inner
    arguments += os.environ.get("WHIS_METERED_ARGUMENTS", "").split()
    program = subprocess.Popen([os.environ["WHIS_METERED_PROGRAM"], *arguments], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE)
    # The program ends with this one, and this one with the service.
    threading.Thread(target=lambda: (sys.stdin.read(), program.stdin.close()), daemon=True).start()
    with Server(outer, Handler) as server:
        server.inner = inner
        threading.Thread(target=server.serve_forever, daemon=True).start()
        for line in program.stdout:
            sys.stdout.buffer.write(line)
            sys.stdout.flush()
        status = program.wait()
        os.unlink(outer)
    os._exit(status)


if __name__ == "__main__":
    main()
