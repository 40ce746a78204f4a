# SPDX-License-Identifier: MIT
"""Texts that are inserted into real programs on X11, and what is known of it."""

import os
import random
import shutil
import subprocess
import sys
import unittest

sys.path[:0] = [os.path.dirname(os.path.abspath(__file__)),
                os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")]
import tap  # noqa: E402
from samples import MIXED, SAMPLES  # noqa: E402
from x11_session import X11Session  # noqa: E402


class Case(unittest.TestCase):
    def setUp(self):
        self.session = X11Session()
        self.addCleanup(self.session.end)

    def insert(self, text, *options):
        """Inserts a text and returns what is said about it; the clipboard stays while it is tested."""
        # A busy machine is slow; where a text is not to be seen a test says for how long.
        self.inserting = self.session.insert(text, "--deadline=60000", *options)
        return self.inserting.read_line()

    def end_insertion(self):
        self.session.stop(self.inserting)


class Fields(Case):
    def check(self, version):
        for name, text in SAMPLES.items():
            with self.subTest(name):
                target = self.session.start_target(version, "view")
                self.assertEqual(self.insert(text), "landed x11-paste copied")
                self.assertEqual(target.await_json("text", text), text)
                self.end_insertion()
                self.session.stop(target)

    def test_gtk3(self):
        self.check("3.0")

    def test_gtk4(self):
        self.check("4.0")

    def test_with_clipboard_manager(self):
        self.session.start_clipman()
        self.check("3.0")

    def test_selected_words_are_replaced(self):
        for version in "3.0", "4.0":
            with self.subTest(version):
                target = self.session.start_target(version, "selected")
                self.assertEqual(self.insert("new words"), "landed x11-paste copied")
                target.await_json("text", "new words")
                self.end_insertion()
                self.session.stop(target)

    def test_layouts(self):
        for layout in ("us -variant dvorak", "fr", "ru,us"):
            with self.subTest(layout):
                self.session.run("setxkbmap", *layout.split())
                target = self.session.start_target("3.0", "view")
                self.assertEqual(self.insert(MIXED), "landed x11-paste copied")
                target.await_json("text", MIXED)
                self.end_insertion()
                self.session.stop(target)


class Terminals(Case):
    def check(self, *argv):
        if shutil.which(argv[0]) is None:
            self.skipTest(f"{argv[0]} is not installed")
        terminal = self.session.start_terminal(*argv)
        for name in "mixed", "lines", "3900", "4097", "20000":
            with self.subTest(name):
                self.assertEqual(self.insert(SAMPLES[name]), "landed x11-paste copied")
                # Terminals send the key that a newline is on.
                expected = SAMPLES[name].replace("\n", "\r").encode()
                self.assertEqual(terminal.lines.read_bytes(len(expected)), expected)
                self.end_insertion()
        with self.subTest("newline at the end"):
            self.assertEqual(self.insert("ls \n\n"), "landed x11-paste copied")
            self.end_insertion()
            self.assertEqual(self.insert("end"), "landed x11-paste copied")
            self.assertEqual(terminal.lines.read_bytes(6), b"ls end")

    def test_xterm(self):
        self.check("xterm")

    def test_konsole(self):
        self.check("konsole")

    def test_keys_that_xterm_ignores(self):
        self.session.start_terminal("xterm")
        self.assertEqual(self.insert("words", "--chord=ctrl+shift+v",
                                     "--deadline=1000"), "not-seen x11-paste copied")


class Receipts(Case):
    def test_never_read_and_a_manager_reads(self):
        """A manager reads at once and after 250 ms; that is no receipt."""
        self.session.start_target("3.0", "ignore")
        manager = self.session.start_manager()
        self.assertEqual(self.insert("words", "--deadline=1000"), "not-seen x11-paste copied")
        self.assertEqual(manager.read_line(), "read True")
        self.assertEqual(manager.read_line(), "read True")
        self.assertEqual(self.session.get_copied(), b"words")

    def test_late(self):
        target = self.session.start_target("3.0", "ignore")
        self.assertEqual(self.insert("words", "--deadline=1"), "not-seen x11-paste copied")
        target.write_line("paste")
        target.await_json("text", "words")
        self.assertEqual(self.inserting.read_line(), "late-receipt")

    def test_another_copy_instead_of_the_paste(self):
        target = self.session.start_target("3.0", "copy-on-key")
        self.assertRegex(self.insert("words"), "^lost$")
        self.assertEqual(self.inserting.read_line(),
                         "not-seen x11-paste - Something else was copied while the text was "
                         "inserted.")
        target.await_json("copied")
        self.assertEqual(self.session.get_copied(), b"copied meanwhile")


class Clipboard(Case):
    def check_picture(self, size):
        picture = random.Random(size).randbytes(size)
        self.session.copy(picture, "image/png")
        target = self.session.start_target("3.0", "view")
        self.assertEqual(self.insert(MIXED, "--restore"), "landed x11-paste -")
        target.await_json("text", MIXED)
        self.assertEqual(self.session.get_copied("image/png"), picture)
        targets = self.session.get_copied("TARGETS").decode().split()
        self.assertNotIn("UTF8_STRING", targets)

    def test_picture_is_put_back(self):
        self.check_picture(20000)

    def test_large_picture_is_put_back(self):
        self.check_picture(1000000)

    def test_pieces_are_put_back(self):
        """What another program gives in pieces."""
        owner = self.session.insert(SAMPLES["pieces"], "--mode=copy")
        self.assertEqual(owner.read_line(), "copied - copied")
        target = self.session.start_target("3.0", "view")
        self.assertEqual(self.insert(MIXED, "--restore"), "landed x11-paste -")
        target.await_json("text", MIXED)
        self.assertEqual(owner.read_line(), "lost")
        self.assertEqual(self.session.get_copied().decode(), SAMPLES["pieces"])

    def test_text_is_put_back(self):
        self.session.copy("vorher 漢字".encode())
        target = self.session.start_target("4.0", "view")
        self.assertEqual(self.insert(MIXED, "--restore"), "landed x11-paste -")
        target.await_json("text", MIXED)
        self.assertEqual(self.session.get_copied(), "vorher 漢字".encode())

    def test_nothing_is_put_back(self):
        target = self.session.start_target("3.0", "view")
        self.assertEqual(self.insert(MIXED, "--restore"), "landed x11-paste -")
        target.await_json("text", MIXED)
        with self.assertRaises(Exception):
            self.session.get_copied()

    def test_later_copy_stays(self):
        self.session.copy(b"before")
        target = self.session.start_target("3.0", "copy-after")
        said = self.insert("words", "--restore")
        # A slow target copies only after the clipboard was put back.
        if said == "lost":
            said = self.inserting.read_line()
        self.assertEqual(said, "landed x11-paste -")
        target.await_json("copied")
        self.assertEqual(self.session.get_copied(), b"copied meanwhile")

    def test_not_seen_is_not_put_back(self):
        self.session.copy(b"before")
        self.session.start_target("3.0", "ignore")
        self.assertEqual(self.insert("words", "--restore", "--deadline=1"), "not-seen x11-paste copied")
        self.assertEqual(self.session.get_copied(), b"words")

    def test_hint_for_managers(self):
        self.session.start_target("3.0", "view")
        self.assertEqual(self.insert("words", "--sensitive"), "landed x11-paste copied")
        self.assertEqual(self.session.get_copied("x-kde-passwordManagerHint"), b"secret")

    def test_old_program(self):
        """A program that knows neither UTF-8 nor lists of formats."""
        self.session.start_target("3.0", "view")
        self.assertEqual(self.insert("Grüße"), "landed x11-paste copied")
        self.assertEqual(self.session.get_copied("STRING"), "Grüße".encode("latin-1"))
        self.assertRegex(self.session.get_copied("TIMESTAMP").decode(), r"^\d+\s*$")

    def test_copy_only(self):
        target = self.session.start_target("3.0", "view")
        self.assertEqual(self.insert("words", "--mode=copy"), "copied - copied")
        self.assertEqual(self.session.get_copied(), b"words")
        self.session.stop(target)


class Keys(Case):
    def test_held_modifier_is_waited_for(self):
        target = self.session.start_target("3.0", "view")
        self.session.run("xdotool", "keydown", "alt")
        inserting = self.session.insert("words", env={"G_MESSAGES_DEBUG": "whis-delivery"})
        while "waits for held modifiers" not in inserting.read_line():
            pass
        self.session.run("xdotool", "keyup", "alt")
        while (line := inserting.read_line()) and "DEBUG" in line:
            pass
        self.assertEqual(line, "landed x11-paste copied")
        target.await_json("text", "words")

    def test_modifier_held_too_long(self):
        self.session.start_target("3.0", "view")
        self.session.run("xdotool", "keydown", "shift")
        self.assertEqual(self.insert("words"),
                         "copied - copied A key such as Ctrl, Alt or Shift was held.")
        self.assertEqual(self.session.get_copied(), b"words")

    def test_locks_do_not_matter(self):
        target = self.session.start_target("3.0", "view")
        self.session.run("xdotool", "key", "Caps_Lock", "key", "Num_Lock")
        self.assertEqual(self.insert(MIXED), "landed x11-paste copied")
        target.await_json("text", MIXED)


class Focus(Case):
    def test_another_window(self):
        target = self.session.start_target("3.0", "view")
        self.assertEqual(self.insert("words", "--expected=x11:1"),
                         "copied - copied Another window has the focus than when you stopped "
                         "speaking.")
        self.assertEqual(self.session.get_copied(), b"words")
        self.session.stop(target)

    def get_focus(self):
        return self.session.run(os.environ["WHIS_INSERT_PROGRAM"], "--focus",
                                stdout=subprocess.PIPE).stdout.decode().splitlines()

    def test_window(self):
        self.session.start_terminal("xterm")
        terminal = self.get_focus()
        self.assertEqual(terminal[:2], ["terminal", "XTerm"])
        self.session.start_target("3.0", "view")
        field = self.get_focus()
        self.assertRegex(field[1], "(?i)text_target")
        self.assertRegex(field[2], "^x11:[0-9a-f]+$")
        self.assertNotEqual(field[2], terminal[2])
        self.assertEqual(self.insert(MIXED, "--expected=" + field[2]), "landed x11-paste copied")


class Accessibility(Case):
    def setUp(self):
        super().setUp()
        for name in "GTK_A11Y", "NO_AT_BRIDGE":
            self.session.env.pop(name)
        self.session.run("gdbus", "call", "--session", "--dest", "org.a11y.Bus", "--object-path",
                         "/org/a11y/bus", "--method", "org.a11y.Bus.GetAddress",
                         stdout=subprocess.DEVNULL)

    get_focus = Focus.get_focus

    def await_kind(self, kind):
        """Accessibility has a time limit, which a busy machine may exceed."""
        while (focus := self.get_focus())[0] != kind:
            pass
        return focus

    def test_password_field_gets_nothing(self):
        for version in "3.0", "4.0":
            with self.subTest(version):
                self.session.copy(b"before")
                target = self.session.start_target(version, "password")
                self.assertEqual(self.insert("words", "--expected-kind=password"),
                                 "password-field - -")
                self.end_insertion()
                self.assertEqual(self.session.get_copied(), b"before")
                self.session.stop(target)

    def test_text_before_the_caret(self):
        for version in "3.0", "4.0":
            with self.subTest(version):
                target = self.session.start_target(version, "view")
                self.await_kind("text")
                self.assertEqual(self.insert("Grüße, 漢字 "), "landed x11-paste copied")
                target.await_json("text", "Grüße, 漢字 ")
                self.assertEqual(self.await_kind("text")[3], "Grüße, 漢字 ")
                self.end_insertion()
                self.session.stop(target)

    def test_button(self):
        self.session.start_target("3.0", "button")
        self.await_kind("none")


if __name__ == "__main__":
    tap.main()
