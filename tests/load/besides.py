"""What a school's machine does beside the people: a backup, an import, three packs."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
import time
from pathlib import Path

from tests.load.book import Book
from tests.load.browser import Browser, Forms, NoAnswer
from tests.support.databases import ON_POSTGRESQL, by_hand, dump
from tests.support.served import Server

PACKS = 3
URN = "100001"


class Besides(threading.Thread):
    """All of it, one after the other, again until told to stop."""

    def __init__(
        self, server: Server, account: tuple[str, str], book: Book, stop: threading.Event, pause: float
    ) -> None:
        super().__init__(daemon=True)
        self.server, self.account, self.book, self.stop, self.pause = server, account, book, stop, pause
        self.browser = Browser(server.port, book)
        self.jobs: set[int] = set()
        self.requests: list[int] = []
        self.is_in = False
        self.copies = server.home.parent / "backups"
        self.number = 0

    def run(self) -> None:
        """Once at least."""
        try:
            self.copies.mkdir(exist_ok=True)
            if not ON_POSTGRESQL:
                self.command("backup-keys", "--out", str(self.server.home.parent / "key.txt"))
            while not self.stop.is_set() or not self.number:
                self.packs()
                self.backup()
                self.command("import", str(self.attendance()), "--urn", URN, "--kind", "attendance")
                self.number += 1
                self.stop.wait(self.pause)
        except Exception as error:
            self.book.fault(f"beside the people: {type(error).__name__}: {error}")
        finally:
            self.browser.close()

    def command(self, *words: str) -> None:
        """A command of the program, which must do what it is asked."""
        began = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-m", "graduated", *words],
            env=self.server.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        self.book.besides.append(f"{words[0]} {time.monotonic() - began:.1f} s")
        if done.returncode:
            self.book.fault(f"{words[0]} ended with {done.returncode}: {(done.stderr or done.stdout)[-600:]}")

    def backup(self) -> None:
        """What a machine does at night: Graduated's own, or, where a server keeps the records, that one's."""
        if not ON_POSTGRESQL:
            self.command("backup", "--to", str(self.copies))
            return
        began = time.monotonic()
        dump(self.server.home, self.copies / f"{self.number}.dump")
        self.book.besides.append(f"backup {time.monotonic() - began:.1f} s")

    def attendance(self) -> Path:
        """A file with a fortnight of five years ago and one more, for every pupil with a UPN."""
        path = self.server.home.parent / "attendance.csv"
        with by_hand(self.server.home) as hand:
            upns = [one for (one,) in hand.execute("SELECT upn FROM pupil WHERE upn IS NOT NULL AND left_on IS NULL")]
        day = f"{4 + self.number % 20:02d}/10/2021"
        lines = [f"{upn},{day},{day},2,0,{number % 2}" for number, upn in enumerate(upns)]
        heads = "UPN,From,To,Possible sessions,Authorised absences,Unauthorised absences"
        path.write_text("\n".join((heads, *lines)) + "\n")
        return path

    def packs(self) -> None:
        """Ask for packs as the SENCO does."""
        asked = 0
        while asked < PACKS and not (self.stop.is_set() and self.number):
            try:
                if not self.is_in:
                    self.browser.sign_in(*self.account)
                    self.is_in = True
                if not self.requests:
                    text = self.browser.page("requests", "/requests").text
                    self.requests = sorted({int(one) for one in re.findall(r'"/requests/(\d+)"', text)})
                if self._ask_for_one(self.requests[asked % len(self.requests)]):
                    asked += 1
            except NoAnswer:
                time.sleep(0.2)

    def _ask_for_one(self, request_id: int) -> bool:
        page = self.browser.page("request", f"/requests/{request_id}")
        action, values = next(one for one in Forms(page.text).found if one[0].endswith("/build"))
        while True:
            try:
                answer = self.browser.ask("pack asked for", action, values)
            except NoAnswer:  # the same form again: one job, however often
                time.sleep(0.2)
                self.book.sends_again()
                continue
            found = re.search(r"/packs/jobs/(\d+)", answer.location)
            if answer.status == 303 and found:
                self.jobs.add(int(found[1]))
                return True
            self.book.fault(f"a pack was not asked for: {answer.status} {answer.location}")
            return True

    def wait_for_packs(self, seconds: float) -> dict[str, int]:
        """How the jobs stand once none waits any more, or the time is over."""
        until = time.monotonic() + seconds
        while True:
            with by_hand(self.server.home) as hand:
                rows = hand.execute("SELECT id, state FROM job").fetchall()
            states = [state for row_id, state in rows if row_id in self.jobs]
            if not {"waiting", "running"} & set(states) or time.monotonic() > until:
                return {state: states.count(state) for state in sorted(set(states))} | {"asked": len(self.jobs)}
            time.sleep(1)


def checked(server: Server, *words: str) -> dict[str, object]:
    """What a command says as JSON, whatever it found."""
    done = subprocess.run(
        [sys.executable, "-m", "graduated", *words, "--json"],
        env=server.environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    found: dict[str, object] = json.loads(done.stdout)
    return found
