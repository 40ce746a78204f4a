# SPDX-License-Identifier: MIT
"""Texts that are inserted into browsers and an office suite on X11, and read back from them."""

import http.server
import os
import queue
import shutil
import subprocess
import sys
import threading
import time
import unittest

sys.path[:0] = [os.path.dirname(os.path.abspath(__file__)),
                os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")]
import tap  # noqa: E402
from samples import SAMPLES  # noqa: E402
from session import SECONDS  # noqa: E402
from x11_session import X11Session  # noqa: E402

LANDED = "landed x11-paste copied"

# Tells when its field has the focus, and all that is in it when that changes.
PAGE = """<!DOCTYPE html>
<meta charset="utf-8"><title>field</title>
<textarea id="field" autofocus style="width: 90vw; height: 90vh"></textarea>
<script>
const field = document.getElementById('field');
const tell = (path, body) => fetch(path, {method: 'POST', body});
field.addEventListener('input', () => tell('/text', field.value));
const check = () => {
    if (document.hasFocus() && document.activeElement === field)
        tell('/focused', '');
};
window.addEventListener('focus', check);
field.addEventListener('focus', check);
window.addEventListener('load', check);
</script>
"""

FIREFOX_PREFERENCES = """
user_pref("browser.aboutwelcome.enabled", false);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("browser.startup.homepage_override.mstone", "ignore");
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("datareporting.policy.firstRunURL", "");
user_pref("termsofuse.bypassNotification", true);
user_pref("app.update.enabled", false);
"""

OFFICE_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Misc"><prop oor:name="ShowTipOfTheDay" oor:op="fuse"><value>false</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Misc"><prop oor:name="FirstRun" oor:op="fuse"><value>false</value></prop></item>
</oor:items>
"""


class Page:
    """A page with a field, and what it tells."""

    def __init__(self):
        self.told = queue.Queue()
        told = self.told

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                data = PAGE.encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                told.put((self.path, body))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_args):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def await_told(self, path):
        while (told := self.told.get(timeout=SECONDS))[0] != path:
            pass
        return told[1]

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Case(unittest.TestCase):
    def setUp(self):
        if shutil.which(self.PROGRAM) is None:
            self.skipTest(f"{self.PROGRAM} is not installed")
        self.session = X11Session()
        self.addCleanup(self.session.end)
        for name in "MALLOC_PERTURB_", "MALLOC_CHECK_":
            self.session.env.pop(name, None)
        self.profile = os.path.join(self.session.dir, "profile")

    def insert(self, text, deadline=60000):
        self.inserting = self.session.insert(text, f"--deadline={deadline}")
        return self.inserting.read_line()

    def end_insertion(self):
        self.session.stop(self.inserting)


class Browser(Case):
    def check(self, *argv):
        page = Page()
        self.addCleanup(page.close)
        self.session.start(self.PROGRAM, *argv, page.url, stderr=subprocess.DEVNULL)
        page.await_told("/focused")
        expected = ""
        for name in "mixed", "lines", "3900", "4097", "20000":
            with self.subTest(name):
                self.assertEqual(self.insert(SAMPLES[name]), LANDED)
                expected += SAMPLES[name]
                self.assertEqual(page.await_told("/text"), expected)
                self.end_insertion()


class Firefox(Browser):
    PROGRAM = "firefox-esr"

    def test_textarea(self):
        os.mkdir(self.profile)
        with open(os.path.join(self.profile, "user.js"), "w", encoding="utf-8") as file:
            file.write(FIREFOX_PREFERENCES)
        self.check("--no-remote", "--profile", self.profile)


class Chromium(Browser):
    PROGRAM = "chromium"

    def test_textarea(self):
        self.check(f"--user-data-dir={self.profile}", "--no-first-run", "--disable-gpu",
                   "--no-default-browser-check", "--disable-sync", "--password-store=basic",
                   *(["--no-sandbox"] if os.geteuid() == 0 else []))


class Writer(Case):
    PROGRAM = "soffice"

    def copy_document(self):
        """Nobody else has anything on the clipboard, so that what is there comes from the document."""
        self.session.run("xdotool", "key", "ctrl+a", "key", "ctrl+c")

    def await_copied(self, text, seconds=SECONDS):
        deadline = time.monotonic() + seconds
        copied = b""
        while copied != text.encode() and time.monotonic() < deadline:
            copied = subprocess.run(
                ["xclip", "-selection", "clipboard", "-t", "UTF8_STRING", "-o"], check=False,
                env=self.session.env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                timeout=SECONDS).stdout
        return copied.decode()

    def await_document(self):
        """Its window has the focus before it takes keys: it is asked until it has the last one."""
        for letter in "abcdefghijklmnopqrstuvwxyz":
            self.session.run("xdotool", "key", "ctrl+a", "key", letter)
            self.copy_document()
            if self.await_copied(letter, 3) == letter:
                self.session.run("xdotool", "key", "ctrl+a")
                return
        self.fail("Writer takes no keys")

    def start_writer(self, toolkit):
        os.makedirs(os.path.join(self.profile, "user"))
        with open(os.path.join(self.profile, "user", "registrymodifications.xcu"), "w",
                  encoding="utf-8") as file:
            file.write(OFFICE_SETTINGS)
        self.session.env["SAL_USE_VCLPLUGIN"] = toolkit
        self.session.start(self.PROGRAM, f"-env:UserInstallation=file://{self.profile}",
                           "--norestore", "--nologo", "--writer", stderr=subprocess.DEVNULL)
        self.await_document()

    def test_document(self):
        self.start_writer("gtk3")
        for name in "mixed", "lines", "3900", "4097", "20000":
            with self.subTest(name):
                # What is copied has a newline after each 10,000 characters of a paragraph.
                text = SAMPLES[name].replace("Satz. ", "Satz.\n")
                self.assertEqual(self.insert(text), LANDED)
                self.end_insertion()
                self.copy_document()
                self.assertEqual(self.await_copied(text), text)
                # The next text replaces what is selected.
                self.session.run("xdotool", "key", "ctrl+a")

    def test_without_toolkit(self):
        """It reads by another connection than that of its windows, as a clipboard manager does: the
        text is there, and that is not known."""
        self.start_writer("gen")
        self.assertEqual(self.insert(SAMPLES["mixed"], 3000), "not-seen x11-paste copied")
        self.end_insertion()
        self.copy_document()
        self.assertEqual(self.await_copied(SAMPLES["mixed"]), SAMPLES["mixed"])


if __name__ == "__main__":
    tap.main()
