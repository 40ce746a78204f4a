# SPDX-License-Identifier: MIT
"""Texts that are inserted in tests."""

MIXED = "Grüße, 漢字 かな, 👩‍🚀 👍🏽, שלום עולם, العربية, “—”"


def make_text(size):
    """A text of so many bytes, with characters of each length."""
    words = MIXED + " und noch ein Satz. "
    text = words * (size // len(words.encode()))
    return text + "x" * (size - len(text.encode()))


SAMPLES = {
    "mixed": MIXED,
    "lines": "first line\nsecond line\n\nfourth line",
    "3900": make_text(3900),
    "4097": make_text(4097),
    "20000": make_text(20000),
    "pieces": make_text(600000),
}
