# SPDX-License-Identifier: MIT
"""Runs in a terminal, shows what it gets and writes it into a pipe, which is its argument."""

import os
import sys
import tty

tty.setraw(0)
with open(sys.argv[1], "wb", buffering=0) as pipe:
    pipe.write(b"ready\n")
    while data := os.read(0, 65536):
        pipe.write(data)
        os.write(1, data)
