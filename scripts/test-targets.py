#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What ninja has to build before the tests of some suites can run.

  test-targets.py BUILD_DIRECTORY SUITE…   prints the files of their targets, one a line
"""

import json
import os
import sys


def read(build, name):
    """One file of what Meson says of itself."""
    with open(os.path.join(build, "meson-info", f"intro-{name}.json"), encoding="utf-8") as file:
        return json.load(file)


def main():
    build, suites = os.path.abspath(sys.argv[1]), set(sys.argv[2:])
    wanted = {target for test in read(build, "tests")
              if suites & {suite.rpartition(":")[2] for suite in test["suite"]}
              for target in test["depends"]}
    for target in read(build, "targets"):
        if target["id"] in wanted:
            for path in target["filename"]:
                print(os.path.relpath(path, build))


main()
