#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Counts the tests in Meson's logs, and names those that failed or were skipped.

  summary.py BUILD_DIRECTORY…   prints "N passed, N failed, N skipped"
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


def parse_report(path):
    """The root of a report. Meson copies the output of a program as it is, and XML has no place for
    control characters."""
    with open(path, encoding="utf-8", errors="replace") as report:
        return xml.fromstring(re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", report.read()))


def count(path):
    """The passed, failed and skipped tests of one log, and the reasons of the skipped."""
    passed = failed = 0
    skipped = []
    reasons = read_reasons(path.replace(".junit.xml", ".json"))
    for suite in parse_report(path).iter("testsuite"):
        for case in suite.iter("testcase"):
            name = f"{case.get('classname')}: {case.get('name')}"
            reason = case.find("skipped")
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
    bad = [name for name, result in programs.items() if is_bad(result)]
    for name in bad:
        print(f"failed: {name} ({programs[name]})")
    return passed, max(failed, len(bad)), skipped


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
