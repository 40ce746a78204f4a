#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A program in the place of whis-offline that goes wrong as it is told by FAKE_RECOGNISER.

Its value is a list of what is done with one request after the other, parted by blanks; the number of
requests is counted in the file FAKE_RECOGNISER_COUNT, over all runs of the program. Behind the list
each request gets a text. FAKE_RECOGNISER_START does the same for starts.

    die:NUMBER   ends itself by a signal
    hang         never answers, and does not end when it is told to
    nonsense     answers with what is no HTTP
    fine         answers with a text

The fields of each form but for the file are in the file FAKE_RECOGNISER_COUNT-forms, a line of JSON
for each. With FAKE_RECOGNISER_WORDS the words of the text have times, evenly over the sound.
"""

import argparse
import http.server
import json
import os
import re
import signal
import socketserver
import sys
import threading
import time

TEXT = "the fake recogniser has spoken"


def note(kind):
    """Counts an event and returns what is to be done about it."""
    path = f"{os.environ['FAKE_RECOGNISER_COUNT']}-{kind}"
    variable = "FAKE_RECOGNISER" if kind == "requests" else "FAKE_RECOGNISER_START"
    with open(path, "a", encoding="utf-8") as file:
        file.write(" ".join(sys.argv[1:]) + "\n")
    with open(path, encoding="utf-8") as file:
        number = len(file.readlines())
    orders = os.environ.get(variable, "").split()
    return orders[number - 1] if number <= len(orders) else "fine"


def obey(order):
    """Does what ends the program or keeps it."""
    if order.startswith("die:"):
        os.kill(os.getpid(), int(order.removeprefix("die:")))
        time.sleep(60)
    elif order == "hang":
        threading.Event().wait()


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers."""

    protocol_version = "HTTP/1.1"

    def address_string(self):
        return "socket"

    def log_message(self, *arguments):  # pylint: disable=arguments-differ
        pass

    def answer(self, kind, body):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.answer("application/json", b'{"status":"ok"}')

    @staticmethod
    def words(size):
        """The words of the text, over as many seconds as that many bytes of samples have."""
        words = TEXT.split()
        step = size / 32000 / len(words)
        return [{"word": word, "start": i * step, "end": (i + 1) * step}
                for i, word in enumerate(words)]

    @staticmethod
    def note_form(body):
        """Writes down what was asked for beside the sound."""
        fields = re.findall(rb'; name="([^"]*)"\r\n(?:[^\r\n]+\r\n)*\r\n(.*?)\r\n--', body, re.S)
        with open(f"{os.environ['FAKE_RECOGNISER_COUNT']}-forms", "a", encoding="utf-8") as file:
            file.write(json.dumps({name.decode(): value.decode(errors="replace")
                                   for name, value in fields if name != b"file"}) + "\n")

    def do_POST(self):
        size = int(self.headers["Content-Length"])
        self.note_form(self.rfile.read(size))
        order = note("requests")
        obey(order)
        if order == "nonsense":
            self.wfile.write(b"\0\1\2 who is there\r\n\r\n")
            self.close_connection = True
        else:
            answer = {"text": TEXT}
            if "FAKE_RECOGNISER_WORDS" in os.environ:
                answer["words"] = self.words(size)
            self.answer("application/json", json.dumps(answer).encode())


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    """Listens."""

    daemon_threads = True


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--socket", required=True)
    options, _others = parser.parse_known_args()
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    obey(note("starts"))
    if os.path.exists(options.socket):
        os.unlink(options.socket)
    server = Server(options.socket, Handler)
    print("ready", flush=True)
    print(f"smaller {os.environ.get('FAKE_RECOGNISER_SMALLER', 'ggml-tiny')}", flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()
    os.unlink(options.socket)
    os._exit(0)


if __name__ == "__main__":
    main()
