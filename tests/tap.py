# SPDX-License-Identifier: MIT
"""Runs unittest tests with TAP on standard output, for Meson's `protocol: 'tap'`."""

import sys
import traceback
import unittest


class TapResult(unittest.TestResult):
    """Prints a line of TAP for each test."""

    count = 0
    failed_in_part = None  # a test has one line, however many of its subtests fail

    def _line(self, word, test, comment=""):
        TapResult.count += 1
        name = test.id().split(".", 1)[-1].replace("#", "")
        print(f"{word} {TapResult.count} {name}{comment}", flush=True)

    def _explain(self, error):
        text = "".join(traceback.format_exception(*error))
        # Meson shows standard error of a test that failed, and not the comments of TAP.
        print(text, file=sys.stderr, end="", flush=True)

    def addSuccess(self, test):
        super().addSuccess(test)
        self._line("ok", test)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._explain(err)
        self._line("not ok", test)

    def addError(self, test, err):
        super().addError(test, err)
        self._explain(err)
        self._line("not ok", test)

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is None:
            return
        print(f"in {subtest}".replace("\n", " "), file=sys.stderr, flush=True)
        self._explain(err)
        if self.failed_in_part is not test:
            self.failed_in_part = test
            self._line("not ok", test)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self._line("ok", test, f" # SKIP {reason}")


def main():
    """Runs the tests of the main module, or those named as arguments."""
    loader = unittest.TestLoader()
    module = sys.modules["__main__"]
    if len(sys.argv) > 1:
        suite = loader.loadTestsFromNames(sys.argv[1:], module)
    else:
        suite = loader.loadTestsFromModule(module)
    print(f"1..{suite.countTestCases()}", flush=True)
    result = TapResult()
    suite.run(result)
    sys.exit(0 if result.wasSuccessful() else 1)
