#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The page about the D-Bus interface: complete, and its examples work."""

import html
import importlib.util
import os
import re
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
DATA = os.path.join(os.path.dirname(TESTS), "data")
XML = os.path.join(DATA, "io.github.whis_gtk.Whis1.xml")
MODELS_XML = os.path.join(DATA, "io.github.whis_gtk.Whis1.Models.xml")
DELIVERY_XML = os.path.join(DATA, "io.github.whis_gtk.Whis1.Delivery.xml")
ENDPOINT_XML = os.path.join(DATA, "io.github.whis_gtk.Whis1.Endpoint.xml")
SHORTCUTS_XML = os.path.join(DATA, "io.github.whis_gtk.Whis1.Shortcuts.xml")
sys.path[:0] = [TESTS, os.path.join(TESTS, "service")]
# pylint: disable=wrong-import-position
import tap
from fakes.fake_services import FakeService, text
from whis_session import INTERFACE, PATH, APP_ID, SPEECH, WhisSession


def load_generator():
    spec = importlib.util.spec_from_file_location("dbus_page", os.path.join(DATA, "dbus-page.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


class Comments(unittest.TestCase):
    """What is not described is not built."""

    path = XML
    least_length = 10000
    least_arguments = 50
    link = "and by Resume())"

    def setUp(self):
        self.generator = load_generator()
        self.xml = read(self.path)
        (self.interface,) = ElementTree.fromstring(self.xml).findall("interface")

    def refuse(self, xml, complaint):
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".xml") as file:
            file.write(xml)
            file.flush()
            with self.assertRaisesRegex(self.generator.Fault, complaint):
                self.generator.Page(file.name).refer()

    def without(self, pattern):
        changed, n = re.subn(pattern, "", self.xml, count=1, flags=re.S)
        self.assertEqual(n, 1, pattern)
        return changed

    def test_all_is_well(self):
        self.assertGreater(len(self.generator.Page(self.path).refer()), self.least_length)

    def test_every_member_needs_a_comment(self):
        for member in self.interface:
            name = member.get("name")
            with self.subTest(name=name):
                self.refuse(self.without(rf"<!--\s+{name}:(?:(?!-->).)*-->"), name)

    def test_every_argument_needs_a_description(self):
        n_arguments = 0
        for member in self.interface:
            name = member.get("name")
            for argument in member.findall("arg"):
                n_arguments += 1
                with self.subTest(member=name, argument=argument.get("name")):
                    place = rf"(?<=\n        {name}:\n)((?:(?!-->).)*?)( *@{argument.get('name')}:)"
                    changed, n = re.subn(place, r"\1 @other:", self.xml, count=1, flags=re.S)
                    self.assertEqual(n, 1)
                    self.refuse(changed, name)
        self.assertGreater(n_arguments, self.least_arguments)

    def test_links_lead_somewhere(self):
        self.assertIn(self.link, self.xml)
        broken = self.link.replace("()", "More()")
        self.refuse(self.xml.replace(self.link, broken), "More")


class ModelComments(Comments):
    """The same of the interface for models."""

    path = MODELS_XML
    least_length = 5000
    least_arguments = 15
    link = "Progress() follows"


class EndpointComments(Comments):
    """The same of the interface for other programs."""

    path = ENDPOINT_XML
    least_length = 1000
    least_arguments = 2
    link = "with SetEnabled()"


class DeliveryComments(Comments):
    """The same of the interface for texts at the cursor."""

    path = DELIVERY_XML
    least_length = 1000
    least_arguments = 8
    link = "after AllowPortal()"


class ShortcutsComments(Comments):
    """The same of the interface for shortcuts."""

    path = SHORTCUTS_XML
    least_length = 2000
    least_arguments = 5
    link = "uses Tap()"


class Page(unittest.TestCase):
    """The page as it is installed, beside the service."""

    def setUp(self):
        self.page = read(os.environ["WHIS_DBUS_PAGE"])
        self.provider = FakeService(text("plain words"))
        self.addCleanup(self.provider.close)
        self.session = WhisSession()
        self.addCleanup(self.session.close)
        self.session.settings(provider="custom", addresses__custom=self.provider.address)
        self.session.start_service()
        self.session.get("State")

    def examples(self, kind):
        found = re.findall(f'<pre class="{kind}">\n(.*?)</pre>', self.page, re.S)
        self.assertTrue(found)
        return [html.unescape(example) for example in found]

    def run_example(self, *command):
        result = subprocess.run(command, env=self.session.environment, capture_output=True,
                                text=True, timeout=120, check=False)
        self.assertEqual((result.returncode, result.stderr), (0, ""), command)
        return result.stdout

    def test_all_of_the_service_is_there(self):
        answer = self.session.bus.call_sync(APP_ID, PATH, "org.freedesktop.DBus.Introspectable",
                                            "Introspect", None, None, 0, -1, None)
        root = ElementTree.fromstring(answer.unpack()[0])
        interfaces = [i for i in root.findall("interface") if i.get("name").startswith(INTERFACE)]
        self.assertEqual(len(interfaces), 5)
        sections = dict(re.findall(r'<h3 id="([\w.]+)">(.*?)(?=<h[23]|</body>)', self.page, re.S))
        members = {}
        for interface in interfaces:
            area = interface.get("name").removeprefix(INTERFACE).removeprefix(".")
            for member in interface:
                if member.tag in ("method", "signal", "property"):
                    members[f"{area}.{member.get('name')}".removeprefix(".")] = member
        self.assertEqual(set(sections), set(members))
        for name, member in members.items():
            for argument in member.findall("arg"):
                self.assertIn(f"<code>{argument.get('name')}</code></td>"
                              f"<td><code>{argument.get('type')}</code>", sections[name])

    def test_links(self):
        for target in re.findall(r'href="#([\w.]+)"', self.page):
            self.assertIn(f'id="{target}"', self.page)

    def test_shell_examples(self):
        session = self.session
        toggle, start_and_stop, properties, history = self.examples("run")
        self.assertRegex(self.run_example("sh", "-ec", toggle), r"^\('[\w-]+',\)")
        session.wait_until(lambda: session.get("State") == "recording", "no recording")
        session.call("Cancel", "(s)", "")
        session.wait_until(lambda: session.get("State") == "cancelled", "no end")
        started, stopped = self.run_example("sh", "-ec", start_and_stop).splitlines()
        self.assertEqual(started, stopped)
        session.outcome(started.split('"')[1])
        host = self.provider.address.split("/")[2]
        self.assertEqual(self.run_example("sh", "-ec", properties).splitlines()[1], f's "{host}"')
        self.assertEqual(session.whis("transcribe", SPEECH).returncode, 0)
        self.assertIn('"plain words"', self.run_example("sh", "-ec", history))

    def test_monitor_example(self):
        (watch,) = self.examples("watch")
        monitor = self.session.spawn("sh", "-ec", "exec " + watch, stdout=subprocess.PIPE,
                                     text=True)
        while "owned by" not in monitor.stdout.readline():
            pass
        dictation = self.session.start_dictation()
        line = ""
        while "StateChanged" not in line:
            line = monitor.stdout.readline()
            self.assertTrue(line, "the monitor ended")
        self.assertIn(dictation, line)

    def test_python_example(self):
        (program,) = self.examples("python")
        path = os.path.join(self.session.directory, "example.py")
        with open(path, "w", encoding="utf-8") as file:
            file.write(program)
        self.assertEqual(self.run_example("/usr/bin/python3", path, SPEECH), "plain words\n")


if __name__ == "__main__":
    tap.main()
