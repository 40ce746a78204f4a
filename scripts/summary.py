#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Counts the tests in Meson's logs: summary.py BUILD_DIRECTORY…; prints "N passed, N failed, …"."""

import glob
import json
import os
import sys
import xml.etree.ElementTree as xml


def count(path):
    """The passed, failed and skipped tests of one JUnit file, and the reasons of the skipped."""
    passed = failed = 0
    skipped = []
    for case in xml.parse(path).getroot().iter("testcase"):
        name = f"{case.get('classname')}: {case.get('name')}"
        reason = case.find("skipped")
        if case.find("failure") is not None or case.find("error") is not None:
            failed += 1
            print(f"failed: {name}")
        elif reason is not None:
            skipped.append(f"{name}: {reason.get('message') or reason.text or 'no reason'}")
        else:
            passed += 1
    return passed, max(failed, count_bad_programs(path)), skipped


def count_bad_programs(path):
    """Test programs that failed, also those that died before they could say which test it was."""
    bad = 0
    with open(path.replace(".junit.xml", ".json"), encoding="utf-8") as log:
        for line in log:
            test = json.loads(line)
            if test["result"] not in ("OK", "SKIP", "EXPECTEDFAIL"):
                print(f"failed: {test['name']} ({test['result']})")
                bad += 1
    return bad


def main():
    passed = failed = 0
    skipped = []
    for build in sys.argv[1:]:
        for path in sorted(glob.glob(os.path.join(build, "meson-logs", "testlog*.junit.xml"))):
            some_passed, some_failed, some_skipped = count(path)
            passed += some_passed
            failed += some_failed
            skipped += some_skipped
    for reason in skipped:
        print(f"skipped: {reason}")
    print(f"{passed} passed, {failed} failed, {len(skipped)} skipped")
    sys.exit(1 if failed or not passed else 0)


main()
