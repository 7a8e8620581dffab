"""The people of a crowd: SENCOs who read and note, teaching assistants who log groups, parents who read."""

from __future__ import annotations

import random
import re
import threading
import time
from abc import abstractmethod
from collections.abc import Callable
from datetime import timedelta

from graduated.db.clock import today
from tests.load.book import Book
from tests.load.browser import Answer, Browser, Forms, NoAnswer, Values, filled

SEED = 20_261_123
Account = tuple[str, str]


class Person(threading.Thread):
    """Somebody at work until told to stop. What had no answer is sent again, with the same key, once there is one."""

    def __init__(
        self, number: int, account: Account, port: int, book: Book, stop: threading.Event, think: float
    ) -> None:
        super().__init__(daemon=True)
        self.number, self.account, self.book, self.stop, self.think = number, account, book, stop, think
        self.browser = Browser(port, book)
        self.chance = random.Random(SEED + number)
        self.written = 0
        self.beginning = ""

    def run(self) -> None:
        """Come in, and work."""
        try:
            self.until_answered(lambda: self.browser.sign_in(*self.account))
            self.until_answered(self.settle)
            while not self.stop.is_set():
                self.stop.wait(self.chance.uniform(0.5, 1.5) * self.think)
                self.until_answered(self.step)
        except Exception as error:
            self.book.fault(f"{type(self).__name__} {self.number}: {type(error).__name__}: {error}")
        finally:
            self.browser.close()

    @abstractmethod
    def settle(self) -> None:
        """Find what there is to do."""

    @abstractmethod
    def step(self) -> None:
        """Do one thing."""

    def until_answered(self, work: Callable[[], None]) -> None:
        """Do it, again from its beginning when the server went away; give up when the time is over."""
        while True:
            try:
                work()
                return
            except NoAnswer:
                if self.stop.is_set():
                    return
                time.sleep(0.5)

    def look(self, kind: str, path: str) -> Answer:
        """Open a page that has to be there."""
        answer = self.browser.page(kind, path)
        if answer.status != 200:
            self.book.fault(f"{path} answered {answer.status}")
        return answer

    def words(self) -> str:
        """Words that nobody else writes."""
        self.written += 1
        return f"{self.beginning} {self.number}-{self.written} said by {self.account[0].split('@')[0]}"

    def save(self, kind: str, path: str, values: Values, words: str) -> None:
        """Send a form until the server says that it is saved; for at most two minutes after the end of the work."""
        self.book.sends(words)
        patience = 240
        while patience:
            try:
                answer = self.browser.ask(kind, path, values)
            except NoAnswer:
                patience -= 1
                time.sleep(0.5)
                self.book.sends_again()
                continue
            if answer.status == 303 and "sign-in" not in answer.location:
                self.book.was_told(words)
                return
            if answer.status < 500:
                self.book.fault(f"{kind} at {path} answered {answer.status}: {' '.join(answer.text.split())[:300]}")
                return
            patience -= 1
            time.sleep(1)
            self.book.sends_again()
        self.book.fault(f"{kind} at {path} was never answered")


class Senco(Person):
    """Reads Today, the register and records, and notes what was seen."""

    def settle(self) -> None:
        """Find the pupils."""
        self.pupils = sorted(
            {int(one) for one in re.findall(r'"/pupils/(\d+)"', self.look("register", "/register").text)}
        )

    def step(self) -> None:
        """Mostly read."""
        pupil = self.chance.choice(self.pupils)
        kind, path = self.chance.choice(
            (("today", "/today"), ("register", "/register"), ("reviews", "/reviews"), ("groups", "/groups"),
             ("pupil", f"/pupils/{pupil}"), ("pupil", f"/pupils/{pupil}"), ("plan", f"/pupils/{pupil}/plan"),
             ("measures", f"/pupils/{pupil}/measures"), ("note", ""), ("note", ""), ("note", ""))
        )  # fmt: skip
        if kind != "note":
            self.look(kind, path)
            return
        place = f"/pupils/{pupil}/observations/new"
        forms = Forms(self.look("form of a note", place).text).found
        values = next(found for action, found in forms if "sign-out" not in action)
        words = self.words()
        self.save("note saved", place, filled(values, kind="strength", area="cognition", text=words), words)


class Assistant(Person):
    """Looks at the groups of a day and logs one."""

    def settle(self) -> None:
        """Find the groups."""
        text = self.look("groups", "/groups").text
        self.groups = sorted({int(one) for one in re.findall(r'"/groups/(\d+)/log', text)})

    def step(self) -> None:
        """Read or log."""
        if self.chance.random() < 0.5:
            kind, path = self.chance.choice((("today", "/today"), ("groups", "/groups")))
            self.look(kind, path)
            return
        group = self.chance.choice(self.groups)
        place = f"/groups/{group}/log?on={today() - timedelta(self.chance.randrange(25))}"
        forms = Forms(self.look("form of a session", place).text).found
        values = next(found for action, found in forms if "sign-out" not in action)
        if not any(name.startswith("presence-") for name, _value in values):
            return  # the group was empty on that day
        words = self.words()
        self.save("session logged", f"/groups/{group}/log", filled(values, note=words, second="another"), words)


class Parent(Person):
    """Reads a child's plan on the phone."""

    def settle(self) -> None:
        """Find the child's pages."""
        text = self.look("family", "/").text
        self.pages = sorted(set(re.findall(r'href="(/family/[^"#?]*)"', text))) or ["/"]
        self.pages = [one for one in self.pages if not re.search(r"\.(pdf|ics)|/events|/file", one)]

    def step(self) -> None:
        """Read."""
        self.look("family", self.chance.choice(self.pages))


def crowd_of(
    many: int, accounts: dict[str, Account], port: int, book: Book, stop: threading.Event, think: float, beginning: str
) -> list[Person]:
    """So many people: of ten, three SENCOs, five assistants and two parents."""
    order = (
        (Senco, "senco"), (Assistant, "ta"), (Parent, "parent"), (Assistant, "ta"), (Senco, "assistant"),
        (Assistant, "ta"), (Senco, "senco"), (Parent, "other_parent"), (Assistant, "ta"), (Assistant, "ta"),
    )  # fmt: skip
    people: list[Person] = []
    for number in range(many):
        kind, account = order[number % len(order)]
        one = kind(number, accounts[account], port, book, stop, think)
        one.beginning = beginning
        people.append(one)
    return people
