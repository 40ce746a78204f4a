# SPDX-License-Identifier: MIT
"""Texts that are inserted by an input method and a virtual keyboard, and what is known of it."""

import os
import random
import sys
import unittest

sys.path[:0] = [os.path.dirname(os.path.abspath(__file__)),
                os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")]
import tap  # noqa: E402
from compositor_session import start_session  # noqa: E402
from samples import MIXED, SAMPLES  # noqa: E402

INSERTED = ("landed wayland-input-method -", "handed-over wayland-input-method -")
NO_FIELD = "copied - copied The focused window takes no text from an input method."


class Case(unittest.TestCase):
    layout = ""

    def setUp(self):
        self.session = start_session(self.layout)
        self.addCleanup(self.session.end)

    def insert(self, text, *options):
        self.inserting = self.session.insert(text, "--deadline=60000", *options)
        return self.inserting.read_line()

    def commit(self, text, *options):
        """Inserts by the input method; on a busy machine a field is told too late, and is asked again."""
        while (said := self.insert(text, "--mode=commit", *options)) == NO_FIELD:
            self.end_insertion()
        return said

    def paste(self, text, *options):
        return self.insert(text, "--mode=paste", *options)

    def end_insertion(self):
        self.session.stop(self.inserting)


class Commit(Case):
    def check(self, version):
        for name in "mixed", "lines", "3900", "4097", "20000":
            with self.subTest(name):
                target = self.session.start_target(version, "view")
                self.assertEqual(self.commit(SAMPLES[name]), "landed wayland-input-method -")
                self.assertEqual(target.await_json("text", SAMPLES[name]), SAMPLES[name])
                self.end_insertion()
                self.session.stop(target)

    def test_gtk3(self):
        self.check("3.0")

    def test_gtk4(self):
        self.check("4.0")

    def test_terminal(self):
        """Newlines become spaces, since a terminal would run the lines. foot answers when the caret moves."""
        terminal = self.session.start_terminal("foot")
        # It ignores what comes while it is starting.
        while not terminal.lines.has_bytes():
            self.commit("x", "--deadline=0")
            self.end_insertion()
        self.commit(".", "--deadline=0")
        self.end_insertion()
        while terminal.lines.read_bytes(1) != b".":
            pass
        for name in "mixed", "lines", "3900", "4097", "20000":
            with self.subTest(name):
                self.assertIn(self.commit(SAMPLES[name], "--deadline=0"), INSERTED)
                expected = SAMPLES[name].replace("\n", " ").encode()
                self.assertEqual(terminal.lines.read_bytes(len(expected)), expected)
                self.end_insertion()
        self.assertIn(self.commit("ls \n\n", "--deadline=0"), INSERTED)
        self.end_insertion()
        self.assertIn(self.commit("end", "--deadline=0"), INSERTED)
        self.assertEqual(terminal.lines.read_bytes(6), b"ls end")

    def test_password_field_gets_nothing(self):
        for version in "3.0", "4.0":
            with self.subTest(version):
                self.session.copy(b"before")
                target = self.session.start_target(version, "password")
                self.assertEqual(self.commit("words"), "password-field wayland-input-method -")
                self.end_insertion()
                self.assertEqual(self.session.get_copied(), b"before")
                self.session.stop(target)

    def test_taken_back(self):
        for version in "3.0", "4.0":
            with self.subTest(version):
                target = self.session.start_target(version, "view")
                self.assertEqual(self.commit("Grüße. "), "landed wayland-input-method -")
                self.end_insertion()
                self.assertEqual(self.commit("words", "--take-back"),
                                 "landed wayland-input-method -")
                self.assertEqual(self.inserting.read_line(), "taken back")
                target.await_json("text", "Grüße. words")
                target.await_json("text", "Grüße. ")
                self.end_insertion()
                self.session.stop(target)

    def test_not_taken_back(self):
        """GTK would delete more than the text."""
        target = self.session.start_target("4.0", "view")
        self.assertEqual(self.commit("Grüße. "), "landed wayland-input-method -")
        self.end_insertion()
        self.assertEqual(self.commit(MIXED, "--take-back"), "landed wayland-input-method -")
        self.assertEqual(self.inserting.read_line(), "not taken back")
        self.end_insertion()
        self.assertEqual(self.commit("end"), "landed wayland-input-method -")
        target.await_json("text", "Grüße. " + MIXED + "end")

    def test_clipboard_is_left_alone(self):
        self.session.copy(b"before")
        target = self.session.start_target("3.0", "view")
        self.assertEqual(self.commit("words"), "landed wayland-input-method -")
        target.await_json("text", "words")
        self.assertEqual(self.session.get_copied(), b"before")

    def test_button(self):
        self.session.start_target("3.0", "button")
        self.assertEqual(self.insert("words", "--mode=commit"), NO_FIELD)
        self.assertEqual(self.session.get_copied(), b"words")

    def test_other_input_method(self):
        """Another input method has the field, so that the text is pasted."""
        self.session.start_seat("input-method")
        target = self.session.start_target("4.0", "view")
        self.assertEqual(self.insert(MIXED), "landed wayland-paste copied")
        target.await_json("text", MIXED)


class Paste(Case):
    def check(self, version):
        for name in "mixed", "lines", "3900", "4097", "20000":
            with self.subTest(name):
                target = self.session.start_target(version, "view")
                self.assertEqual(self.paste(SAMPLES[name]), "landed wayland-paste copied")
                self.assertEqual(target.await_json("text", SAMPLES[name]), SAMPLES[name])
                self.end_insertion()
                self.session.stop(target)

    def test_gtk3(self):
        self.check("3.0")

    def test_gtk4(self):
        self.check("4.0")

    def check_terminal(self, chord):
        terminal = self.session.start_terminal("foot")
        for name in "mixed", "lines", "3900", "4097", "20000":
            with self.subTest(name):
                self.assertEqual(self.paste(SAMPLES[name], "--chord=" + chord),
                                 "landed wayland-paste copied")
                expected = SAMPLES[name].replace("\n", "\r").encode()
                self.assertEqual(terminal.lines.read_bytes(len(expected)), expected)
                self.end_insertion()

    def test_terminal(self):
        self.check_terminal("ctrl+shift+v")


class Dvorak(Case):
    layout = "us(dvorak)"

    def test_layout(self):
        target = self.session.start_target("3.0", "view")
        self.assertEqual(self.paste(MIXED), "landed wayland-paste copied")
        target.await_json("text", MIXED)


class Receipts(Case):
    def test_never_read(self):
        self.session.start_target("3.0", "ignore")
        self.assertEqual(self.paste("words", "--deadline=1"), "not-seen wayland-paste copied")
        self.assertEqual(self.session.get_copied(), b"words")

    def test_late(self):
        target = self.session.start_target("3.0", "ignore")
        self.assertEqual(self.paste("words", "--deadline=1"), "not-seen wayland-paste copied")
        target.write_line("paste")
        target.await_json("text", "words")
        self.assertEqual(self.inserting.read_line(), "late-receipt")


class Clipboard(Case):
    def test_picture_is_put_back(self):
        picture = random.Random(1).randbytes(1000000)
        self.session.copy(picture, "image/png")
        target = self.session.start_target("3.0", "view")
        self.assertEqual(self.paste(MIXED, "--restore"), "landed wayland-paste -")
        target.await_json("text", MIXED)
        self.assertEqual(self.session.get_formats(), ["image/png"])
        self.assertEqual(self.session.get_copied("image/png"), picture)

    def test_text_is_put_back(self):
        self.session.copy("vorher 漢字".encode())
        target = self.session.start_target("4.0", "view")
        self.assertEqual(self.paste(MIXED, "--restore"), "landed wayland-paste -")
        target.await_json("text", MIXED)
        self.assertEqual(self.session.get_copied(), "vorher 漢字".encode())

    def test_not_seen_is_not_put_back(self):
        self.session.copy(b"before")
        self.session.start_target("3.0", "ignore")
        self.assertEqual(self.paste("words", "--restore", "--deadline=1"),
                         "not-seen wayland-paste copied")
        self.assertEqual(self.session.get_copied(), b"words")

    def test_later_copy_stays(self):
        self.session.copy(b"before")
        target = self.session.start_target("3.0", "copy-after")
        self.assertEqual(self.paste("words", "--restore"), "landed wayland-paste -")
        target.await_json("copied")
        self.assertEqual(self.session.get_copied(), b"copied meanwhile")

    def test_hint_for_managers(self):
        self.session.start_target("3.0", "view")
        self.assertEqual(self.paste("words", "--sensitive"), "landed wayland-paste copied")
        self.assertEqual(self.session.get_copied("x-kde-passwordManagerHint"), b"secret")

    def test_copy_only(self):
        self.assertEqual(self.insert("words", "--mode=copy"), "copied - copied")
        self.assertEqual(self.session.get_copied(), b"words")


class Compositor(Case):
    def test_ended_while_a_read_is_awaited(self):
        self.session.start_target("3.0", "ignore")
        inserting = self.session.insert("words", "--mode=paste", "--deadline=60000",
                                        env={"G_MESSAGES_DEBUG": "whis-base"})
        while "sending -> awaiting" not in inserting.read_line():
            pass
        self.session.stop(self.session.compositor)
        while (line := inserting.read_line()) and not line.startswith("not-seen"):
            pass

    def test_ended_before(self):
        self.session.stop(self.session.compositor)
        self.assertRegex(self.insert("words"), "^error ")


if __name__ == "__main__":
    tap.main()
