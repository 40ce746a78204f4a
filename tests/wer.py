#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Word error rate: how many words of a known text a recogniser got wrong.

The rate is (substitutions + deletions + insertions) / words of the reference, on the cheapest
alignment of the two texts (Levenshtein over words). It can pass 1 when words were invented.

Both texts are normalised first, so that only the words count and not the way they are written:
  1. Unicode NFKC, then case folding;
  2. the marks <s>, </s>, <sil>, [NOISE] and the like, and an utterance name in brackets at the
     end of a line of a transcription file, are dropped;
  3. curly apostrophes become straight, an apostrophe inside a word stays (don't), hyphens and
     dashes part words (cold-hearted is two words);
  4. all other punctuation is dropped, runs of blanks become one;
  5. the abbreviations mr, mrs, dr and st are spoken words: mister, missus, doctor, saint.
Numbers are not spelt out: write the reference as the recogniser is meant to write it.

Command line:
  wer.py REFERENCE HYPOTHESIS          prints the rate, e.g. 0.1667
  wer.py --max 0.3 REFERENCE HYPOTHESIS  exits with 1 when the rate is above 0.3
  wer.py --files REF.txt HYP.txt       the same with the texts in files, - is standard input
"""

import argparse
import re
import sys
import unicodedata

SPOKEN = {"mr": "mister", "mrs": "missus", "dr": "doctor", "st": "saint"}


def words(text):
    """The words of a text after normalisation."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = re.sub(r"</?s>|<sil>|\[\w+\]|\+\+\w+\+\+", " ", text)
    text = re.sub(r"\([^()\s]*\)\s*$", " ", text, flags=re.MULTILINE)
    text = re.sub("[\u2018\u2019\u02bc]", "'", text)
    text = re.sub(r"[^\w']+|_", " ", text)
    text = re.sub(r"(?<!\w)'+|'+(?!\w)", " ", text)
    return [SPOKEN.get(word, word) for word in text.split()]


def errors(reference, hypothesis):
    """(errors, words of the reference) between two texts."""
    known, heard = words(reference), words(hypothesis)
    row = list(range(len(heard) + 1))
    for i, word in enumerate(known, 1):
        diagonal, row[0] = row[0], i
        for j, other in enumerate(heard, 1):
            best = min(diagonal + (word != other), row[j] + 1, row[j - 1] + 1)
            diagonal, row[j] = row[j], best
    return row[-1], len(known)


def wer(reference, hypothesis):
    """The word error rate; with an empty reference 0 if nothing was heard, else 1."""
    wrong, count = errors(reference, hypothesis)
    if count == 0:
        return float(wrong > 0)
    return wrong / count


def read(name):
    if name == "-":
        return sys.stdin.read()
    with open(name, encoding="utf-8") as file:
        return file.read()


def main():
    parser = argparse.ArgumentParser(description="Word error rate of HYPOTHESIS against REFERENCE")
    parser.add_argument("--files", action="store_true", help="the arguments name files")
    parser.add_argument("--max", type=float, help="exit with 1 when the rate is above this")
    parser.add_argument("reference")
    parser.add_argument("hypothesis")
    args = parser.parse_args()
    texts = args.reference, args.hypothesis
    if args.files:
        texts = tuple(read(name) for name in texts)
    rate = wer(*texts)
    print(f"{rate:.4f}")
    return int(args.max is not None and rate > args.max)


if __name__ == "__main__":
    sys.exit(main())
