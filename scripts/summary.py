#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Counts the tests in Meson's logs.

  summary.py BUILD_DIRECTORY…           prints "N passed, N failed, N skipped"
  summary.py --failed BUILD_DIRECTORY   prints the programs that failed, as `meson test` takes them

A program that failed in testlog and passed in testlog-again is named, and counts as it did then.
"""

import glob
import json
import os
import re
import sys
import xml.etree.ElementTree as xml


def read_programs(path):
    """The result of each test program, by its name."""
    if not os.path.exists(path):
        return {}
    with open(path, encoding="utf-8") as log:
        return {test["name"]: test["result"] for test in map(json.loads, log)}


def read_reasons(path):
    """Why tests were skipped, by the number of the test in its program: newer versions of Meson leave
    it out of the other log."""
    reasons = {}
    if not os.path.exists(path):
        return reasons
    with open(path, encoding="utf-8") as log:
        for test in map(json.loads, log):
            for number, reason in re.findall(r"^ok (\d+).*# SKIP (.*)$", test.get("stdout", ""), re.M):
                reasons[(short_name(test["name"]), number)] = reason
    return reasons


def short_name(name):
    """The name of a program without the project's and the suites', which stand before a slash or, in
    newer versions of Meson, a hyphen."""
    return re.split(r" / | - (?=\w+:)|\w+:(?=[^ ]+$)", name)[-1]


def is_bad(result):
    """Whether a program failed, also if it died before it could say which test it was."""
    return result not in ("OK", "SKIP", "EXPECTEDFAIL")


def is_of(suite, case, programs):
    """Whether a test is one of these programs, or in one: a program of tests is a suite."""
    _, dot, program = suite.get("name").partition(".")
    return (program if dot else case.get("name")) in programs


def count(path, left_out):
    """The passed, failed and skipped tests of one log, and the reasons of the skipped."""
    passed = failed = 0
    skipped = []
    reasons = read_reasons(path.replace(".junit.xml", ".json"))
    for suite in xml.parse(path).getroot().iter("testsuite"):
        for case in suite.iter("testcase"):
            name = f"{case.get('classname')}: {case.get('name')}"
            reason = case.find("skipped")
            if is_of(suite, case, left_out):
                continue
            if case.find("failure") is not None or case.find("error") is not None:
                failed += 1
                print(f"failed: {name}")
            elif reason is not None:
                number = case.get("name").partition(" ")[0]
                why = reason.get("message") or reason.text or reasons.get(
                    (short_name(case.get("classname")), number), "no reason")
                skipped.append(f"{name}: {why}")
            else:
                passed += 1
    programs = read_programs(path.replace(".junit.xml", ".json"))
    bad = [name for name, result in programs.items() if is_bad(result) and name not in left_out]
    for name in bad:
        print(f"failed: {name} ({programs[name]})")
    return passed, max(failed, len(bad)), skipped


def find_mended(directory):
    """The programs that failed and then passed alone."""
    again = read_programs(os.path.join(directory, "testlog-again.json"))
    first = read_programs(os.path.join(directory, "testlog.json"))
    return [name for name, result in first.items()
            if is_bad(result) and name in again and not is_bad(again[name])]


def print_failed(directory):
    """The names of programs that failed, without the project's and the suites'."""
    for name, result in read_programs(os.path.join(directory, "testlog.json")).items():
        if is_bad(result):
            print(short_name(name))


def main():
    if sys.argv[1] == "--failed":
        print_failed(os.path.join(sys.argv[2], "meson-logs"))
        return
    passed = failed = 0
    skipped = []
    for build in sys.argv[1:]:
        directory = os.path.join(build, "meson-logs")
        mended = find_mended(directory)
        for name in mended:
            print(f"failed at first, and passed when run alone: {name}")
        for path in sorted(glob.glob(os.path.join(directory, "testlog*.junit.xml"))):
            first = os.path.basename(path) == "testlog.junit.xml"
            again = os.path.basename(path) == "testlog-again.junit.xml"
            if again and not mended:
                continue
            some_passed, some_failed, some_skipped = count(path, mended if first else [])
            passed += some_passed
            failed += some_failed
            skipped += some_skipped
    for reason in skipped:
        print(f"skipped: {reason}")
    print(f"{passed} passed, {failed} failed, {len(skipped)} skipped")
    sys.exit(1 if failed or not passed else 0)


main()
