#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Writes small models for the tests into the folder that is named: make_models.py FOLDER"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# pylint: disable=wrong-import-position
import parakeet_model
import whisper_model


def main():
    folder = sys.argv[1]
    os.makedirs(folder, exist_ok=True)
    whisper_model.write(os.path.join(folder, "ggml-tiny-test.bin"))
    parakeet_model.write(os.path.join(folder, "ggml-parakeet-test.bin"))
    # What must never reach a library: noise, and the first half of a model.
    with open(os.path.join(folder, "ggml-tiny-test.bin"), "rb") as file:
        data = file.read()
    for name, part in (("cut.bin", data[:len(data) // 2]), ("noise.bin", os.urandom(100_000))):
        with open(os.path.join(folder, name), "wb") as file:
            file.write(part)


if __name__ == "__main__":
    main()
