# SPDX-License-Identifier: MIT
"""Compares what was read aloud with what was recognised: the words, and how they are written."""

import collections
import re
import unicodedata

# Models write numbers as they like: both ways count as the same.
NUMBERS = {str(number): word for number, word in enumerate(
    "zero one two three four five six seven eight nine ten eleven twelve".split())}

# No blanks between words: what is compared is characters.
WITHOUT_BLANKS = ("ja", "zh")

# A word as it is compared, as it is written, and the marks that follow it.
Token = collections.namedtuple("Token", "key written marks")


def is_mark(character):
    return unicodedata.category(character)[0] not in "LNM"


def make_token(part):
    end = len(part)
    while is_mark(part[end - 1]):
        end -= 1
    start = 0
    while is_mark(part[start]):
        start += 1
    key = part[start:end].casefold().replace("\u2019", "'")
    return Token(NUMBERS.get(key, key), part[start:end], part[end:])


def tokens(text, language="en"):
    """The words of a text; of Japanese and Chinese its characters."""
    text = unicodedata.normalize("NFKC", text)
    if language in WITHOUT_BLANKS:
        return [Token(character, character, "") for character in text if not is_mark(character)]
    parts = re.split(r"[\s\u2010-\u2015-]+", text)
    return [make_token(part) for part in parts if not all(map(is_mark, part))]


# How many words are others, missing, too many, and which pairs (i, j) are the same.
Alignment = collections.namedtuple("Alignment", "changed missing added pairs")


def align(known, heard):
    """The cheapest way from one list of tokens to the other (Levenshtein)."""
    table = [list(range(len(heard) + 1))]
    for i, token in enumerate(known, 1):
        above, row = table[-1], [i]
        for j, other in enumerate(heard, 1):
            row.append(min(above[j - 1] + (token.key != other.key), above[j] + 1, row[-1] + 1))
        table.append(row)
    changed, missing, added, pairs = [], [], [], []
    i, j = len(known), len(heard)
    while i > 0 or j > 0:
        differs = i > 0 and j > 0 and known[i - 1].key != heard[j - 1].key
        if i > 0 and j > 0 and table[i][j] == table[i - 1][j - 1] + differs:
            i, j = i - 1, j - 1
            (changed if differs else pairs).append((i, j))
        elif i > 0 and table[i][j] == table[i - 1][j] + 1:
            i -= 1
            missing.append(i)
        else:
            j -= 1
            added.append(j)
    return Alignment(changed[::-1], missing[::-1], added[::-1], pairs[::-1])


def ends_sentence(token):
    return any(mark in ".!?\u3002\u0964" for mark in token.marks)


def is_capital(token):
    return token.written[0].isupper()


class Comparison:
    """A recognised text beside the known one."""

    def __init__(self, known, heard, language="en"):
        self.known, self.heard = tokens(known, language), tokens(heard, language)
        self.alignment = align(self.known, self.heard)
        self.partner = dict(self.alignment.pairs)

    @property
    def wrong(self):
        """Words that are others, missing or too many."""
        return sum(map(len, self.alignment[:3]))

    @property
    def missing(self):
        """Words that were left out."""
        return len(self.alignment.missing)

    @property
    def added(self):
        """Words that nobody said."""
        return len(self.alignment.added)

    @property
    def longest_gap(self):
        """The most words in a row that were left out."""
        longest = run = 0
        for i in range(len(self.known)):
            run = run + 1 if i in self.alignment.missing else 0
            longest = max(longest, run)
        return longest

    def is_well_joined(self, place):
        """Whether one sentence or two are written where they were read, before this known word."""
        left, right = place - 1, place
        if left not in self.partner or right not in self.partner:
            return None
        before, after = self.heard[self.partner[left]], self.heard[self.partner[right]]
        return (ends_sentence(before) == ends_sentence(self.known[left])
                and is_capital(after) == is_capital(self.known[right]))

    def count_badly_joined(self, places=None):
        """Where sentences end or begin that do not, or the other way round."""
        places = range(1, len(self.known)) if places is None else places
        return sum(self.is_well_joined(place) is False for place in places)

    def known_place(self, n_heard):
        """The known word that follows so many recognised ones."""
        return next((i for i, j in self.alignment.pairs if j >= n_heard), len(self.known))

    def describe(self):
        """What is wrong, for whoever looks for the reason."""
        lines = [f"{self.known[i].written} → {self.heard[j].written}"
                 for i, j in self.alignment.changed]
        lines += [f"− {self.known[i].written}" for i in self.alignment.missing]
        lines += [f"+ {self.heard[j].written}" for j in self.alignment.added]
        return ", ".join(lines)
