#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A program in the place of whis-offline that goes wrong as it is told by FAKE_RECOGNISER.

Its value is a list of what is done with one request after the other, parted by blanks; the number of
requests is counted in the file FAKE_RECOGNISER_COUNT, over all runs of the program. Behind the list
each request gets a text. FAKE_RECOGNISER_START does the same for starts, and
FAKE_RECOGNISER_CALIBRATION for runs that measure; those with a graphics processor have their own
in FAKE_RECOGNISER_GPU, and there is none without it. FAKE_RECOGNISER_PROVISIONAL is for requests
for what is still spoken. What happened one after the other is in the file
FAKE_RECOGNISER_COUNT-all.

With FAKE_RECOGNISER_FOLDER it has no model, and says so, until a file is in that folder.

    die:NUMBER   ends itself by a signal
    hang         never answers, and does not end when it is told to
    nonsense     answers with what is no HTTP
    fine         answers with a text
     slow         measures that it is slower than speech
     wrong        measures, and understands something else

The fields of each form but for the file are in the file FAKE_RECOGNISER_COUNT-forms, a line of JSON
for each. With FAKE_RECOGNISER_WORDS the words of the text have times, evenly over the sound.
"""

import argparse
import glob
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

GPU = "Fake Graphics 9000"

VARIABLES = {"requests": "FAKE_RECOGNISER", "starts": "FAKE_RECOGNISER_START",
             "calibrations": "FAKE_RECOGNISER_CALIBRATION",
             "gpu-calibrations": "FAKE_RECOGNISER_GPU",
             "provisional": "FAKE_RECOGNISER_PROVISIONAL", "gone": "FAKE_RECOGNISER_GONE"}


def note(kind):
    """Counts an event and returns what is to be done about it."""
    path = f"{os.environ['FAKE_RECOGNISER_COUNT']}-{kind}"
    variable = VARIABLES[kind]
    with open(f"{os.environ['FAKE_RECOGNISER_COUNT']}-all", "a", encoding="utf-8") as file:
        file.write(kind + "\n")
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

    def answer_provisionally(self, size):
        """With the length of the sound; or it waits until the client has gone."""
        if note("provisional") == "hang":
            # What is read is the end of the connection.
            self.rfile.read(1)
            note("gone")
            self.close_connection = True
            return
        text = f"{size // 32000} seconds so far"
        self.answer("application/json", json.dumps({"text": text}).encode())

    @staticmethod
    def note_form(body):
        """Writes down what was asked for beside the sound."""
        fields = re.findall(rb'; name="([^"]*)"\r\n(?:[^\r\n]+\r\n)*\r\n(.*?)\r\n--', body, re.S)
        with open(f"{os.environ['FAKE_RECOGNISER_COUNT']}-forms", "a", encoding="utf-8") as file:
            file.write(json.dumps({name.decode(): value.decode(errors="replace")
                                   for name, value in fields if name != b"file"}) + "\n")

    def do_POST(self):
        size = int(self.headers["Content-Length"])
        body = self.rfile.read(size)
        if b'name="quick"' in body:
            self.answer_provisionally(size)
            return
        self.note_form(body)
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


def exit_on_eof():
    """Goes with the service, as the recogniser does in the middle of its work."""
    while os.read(0, 4096):
        pass
    os._exit(0)


def calibrate():
    """Measures nothing, and prints what would be measured."""
    gpu = any(argument.startswith("--gpu") for argument in sys.argv)
    if gpu and "FAKE_RECOGNISER_GPU" not in os.environ:
        print("whis-offline: There is no graphics processor that can be used.", file=sys.stderr)
        sys.exit(3)
    order = note("gpu-calibrations" if gpu else "calibrations")
    obey(order)
    work = {"slow": 20_000}.get(order, 500 if gpu else 2_000)
    text = "something else" if order == "wrong" else TEXT
    print(f"{{'engine': <'fake 1'>, 'gpu': <'{GPU if gpu else ''}'>, 'text': <'{text}'>, "
          f"'speech-ms': <uint64 10000>, 'load-ms': <uint64 10>, 'work-ms': <uint64 {work}>, "
          "'peak-bytes': <uint64 242000000>}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--socket")
    parser.add_argument("--calibrate", action="store_true")
    options, _others = parser.parse_known_args()
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if options.calibrate:
        threading.Thread(target=exit_on_eof, daemon=True).start()
        calibrate()
        return
    obey(note("starts"))
    folder = os.environ.get("FAKE_RECOGNISER_FOLDER")
    if folder and not glob.glob(os.path.join(folder, "*.bin")):
        os.write(2, b"whis-offline: There is no model on this computer.\n")
        sys.exit(4)
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
