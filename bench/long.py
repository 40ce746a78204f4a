#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Whether a dictation of eight hours costs more than one of half an hour.

  long.py [--minutes 480] [--after 30] [--check] [--seed N]

One dictation, faster than real time: coded speech (tests/fidelity) comes through a pipe as fast as
Whis takes it in. Memory, open files and threads of the service are read after --after minutes of
sound and at the end, both times while the dictation goes on and everything so far is transcribed.
The text is compared with what was said. Sockets come and go with the connections that the pool keeps
open, threads with the work of the moment: three more are not a leak. With --check it fails when there
are more of them than that, more files, or 10 MB more memory.
"""

import argparse
import os
import sys
import time

from harness import ROOT, judge, memory, now_ms, print_table, start_quiet_service

sys.path.insert(0, str(ROOT / "tests" / "fidelity"))
# pylint: disable=wrong-import-position
from coded_text import CodedService, Speech, Talk, explain
from whis_session import WhisSession

BUDGET_MB = 5
CHECK_MB = 10
PASSING = 3
PIECE_MS = 5 * 60 * 1000


class Dictation:
    """One long talk, and what it costs."""

    def __init__(self, session, seed):
        self.session = session
        self.speech = Speech(seed)
        self.talk = Talk(session, self.speech)
        self.begin = now_ms()

    def go_on(self, minutes):
        """Talks until so much has been said, and taken in."""
        while self.speech.milliseconds < 60000 * minutes:
            self.speech.talk(min(60 * minutes, (self.speech.milliseconds + PIECE_MS) / 1000))
            self.talk.say()
            self.talk.wait_until_heard()

    def settle(self, service):
        """Waits until no upload is under way."""
        quiet_since = now_ms()
        while now_ms() - quiet_since < 3000:
            time.sleep(0.2)  # nothing tells of an upload that does not come
            if service.log():
                quiet_since = now_ms()

    def cost(self, service):
        """Memory, open files and threads."""
        self.settle(service)
        pid = self.session.service.pid
        pss, _, rss = memory(pid)
        links = [os.readlink(f"/proc/{pid}/fd/{name}") for name in os.listdir(f"/proc/{pid}/fd")]
        sockets = sum(link.startswith("socket:") for link in links)
        return {"minutes": self.speech.milliseconds / 60000, "pss": pss, "rss": rss,
                "files": len(links) - sockets, "sockets": sockets,
                "threads": len(os.listdir(f"/proc/{pid}/task")), "at": now_ms() - self.begin}


def row(cost):
    return (f"{cost['minutes']:.0f} min", f"{cost['pss']:.1f}", f"{cost['rss']:.1f}",
            cost["files"], cost["sockets"], cost["threads"], f"{cost['at'] / 1000:.0f}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=int, default=480)
    parser.add_argument("--after", type=int, default=30)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with WhisSession(pulse=False) as session:
        service = CodedService(session, least=50, most=50)
        session.settings(provider="custom", addresses__custom=service.address)
        start_quiet_service(session)
        dictation = Dictation(session, arguments.seed)
        dictation.go_on(arguments.after)
        early = dictation.cost(service)
        dictation.go_on(arguments.minutes)
        late = dictation.cost(service)
        dictation.talk.end()
        outcome = session.outcome(dictation.talk.dictation, 300)
        words, heard = dictation.speech.words, outcome[1].split()
        assert outcome[0] == "finished", outcome
        assert words == heard, explain(words, heard)
    growth = late["pss"] - early["pss"]
    print_table(f"One dictation of {arguments.minutes} minutes, {len(words)} words, all of them"
                " there, in order",
                ("sound so far", "PSS, MB", "RSS, MB", "open files", "sockets", "threads", "seconds"),
                [row(early), row(late)])
    print(f"Memory (PSS) grew by {growth:.1f} MB, RSS by {late['rss'] - early['rss']:.1f} MB;"
          f" budget {BUDGET_MB} MB: {judge(growth, BUDGET_MB)}")
    if arguments.check:
        allowed = {"files": 0, "sockets": PASSING, "threads": PASSING}
        more = [name for name, extra in allowed.items() if late[name] > early[name] + extra]
        sys.exit(f"more {more}" if more else growth > CHECK_MB)


if __name__ == "__main__":
    main()
