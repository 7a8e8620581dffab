"""People at the school and at home, as the journeys meet them: each does what the page in front of them offers.

Everything goes by the words on the page (labels, legends, buttons, links), so that a journey fails when a person would
be lost. Nothing here needs JavaScript, and nothing goes round it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.conftest import PASSWORD
from tests.browser.person import Person


def enter_birthday(page: Page, day: date) -> None:
    """Type a child's date of birth into the three boxes."""
    for name, value in (("day", day.day), ("month", day.month), ("year", day.year)):
        page.locator(f"[name=born_on-{name}]").fill(str(value))


@dataclass(frozen=True)
class Adult:
    """An adult of a family, as the SENCO enters them."""

    forename: str
    surname: str
    relationship: str
    email: str
    language: str = ""

    @property
    def name(self) -> str:
        """Both names."""
        return f"{self.forename} {self.surname}"


@dataclass(frozen=True)
class Outcome:
    """An outcome, as it is written in a plan."""

    area: str
    statement: str
    success: str
    measure: str = ""
    baseline: str = ""
    target: str = ""


@dataclass(frozen=True)
class Provision:
    """An intervention, as it is written in a plan."""

    name: str
    intervention: str
    member: str
    serves: str
    expected: str
    minutes: int = 20
    times_a_week: int = 3
    weeks: int = 10
    group_size: int = 1


@dataclass(frozen=True)
class Step:
    """A next step as it is chosen, with the words that it asks for."""

    choice: str
    reason: str
    judgement: str = "Less than expected"
    verdict: str = "Continue"


class Senco(Person):
    """The SENCO at her desk."""

    def accept_the_proposed_terms(self) -> None:
        """Enter this school year's term dates as proposed."""
        self.menu("School")
        self.follow("Term dates")
        self.follow("Enter the terms of")
        self.press("These are our dates")
        self.sees("added.", "school days")

    def import_the_roll(self, file: Path) -> None:
        """Choose the file, read what it would do, and take it."""
        self.menu("School")
        self.follow("Take a file")
        self.choose("The roll")
        self.main.locator("input[type=file]").set_input_files(file)
        self.press("Show what it would do")
        self.sees("Nothing is changed yet", "210 to be added", "0 refused")
        self.press("Import")
        self.wait_for("Imported on")
        self.sees("210 added")

    def open_pupil(self, name: str) -> str:
        """Find a pupil on the register and open the record; its address."""
        self.pupil = name
        self.menu("Pupils")
        self.main.get_by_label("Show", exact=True).select_option(label="All pupils")
        self.main.get_by_label("Name", exact=True).fill(name)
        self.press("Show")
        self.follow(name)
        self.is_on(name)
        return self.page.url.removeprefix(self.server.url)

    def record_adult(self, adult: Adult) -> None:
        """Enter an adult of the family who may read the plan."""
        self.tab("Family")
        self.follow("Add an adult")
        self.fill("First name", adult.forename)
        self.fill("Surname", adult.surname)
        self.fill("Email address", adult.email, kept=False)
        if adult.language:
            self.fill("Language", adult.language)
        self.select("Relationship to the pupil", adult.relationship)
        for box in ("Has parental responsibility", "The pupil lives with them", "May read the pupil"):
            self.choose(box)
        self.press("Save")
        self.sees(adult.name)

    def assign(self, member: str, reason: str) -> None:
        """Put a member of staff with the pupil by hand."""
        self.tab("Overview")
        self.follow("Staff who work with the pupil")
        self.follow("Add a member of staff")
        self.pick("Member of staff", member)
        self.fill("For what?", reason, kept=False)
        self.press("Add")
        self.sees(member, reason)

    def record_measurement(self, measure: str, figure: str, on: date, given_by: str) -> None:
        """Record one figure."""
        self.tab("Measures")
        self.follow("Record a measurement")
        self.pick("Measure", measure)
        self.fill("Figure", figure)
        self.date("When was it taken?", on)
        self.open_details("Form, who gave it")
        self.fill("Who gave it", given_by)
        self.press("Record")
        self.sees("The measurement is recorded.", figure)

    def record_observation(self, kind: str, area: str, words: str, source: str) -> None:
        """Add a strength or a difficulty."""
        self.tab("Needs and views")
        self.follow("Add a strength or difficulty")
        self.choose(kind)
        self.choose(area)
        self.fill("What is seen", words)
        self.fill("Who saw it", source)
        self.press("Record")
        self.sees("That is recorded.", words)

    def record_views(self, whose: str, how: str, words: str) -> None:
        """Write down what the pupil or a parent said."""
        self.tab("Needs and views")
        self.follow("Record views")
        self.choose(whose)
        self.select("How were they gathered?", how)
        self.fill("What they said", words)
        self.press("Record")
        self.sees("The views are recorded.", words)

    def start_plan(self, lead: str, summary: str) -> None:
        """Open a cycle as a draft."""
        self.tab("Overview")
        self.follow("Start a plan")
        self.pick("Lead teacher", lead)
        self.fill("What we know now", summary)
        self.press("Start the cycle")
        self.sees("The cycle is started.")

    def add_outcome(self, outcome: Outcome, by: date) -> None:
        """Add an outcome to the draft, with its measure if it has one."""
        self.follow("Add an outcome")
        card = self.main.locator("#outcome-new")
        self.fill("Outcome", outcome.statement, card)
        self.select("Area of need", outcome.area, card)
        self.fill("How everyone will know", outcome.success, card)
        self.date("By when", by, card)
        if outcome.measure:
            self.pick("Measure", outcome.measure, card)
            self.fill("Figure to start from", outcome.baseline, card)
            self.fill("Target", outcome.target, card)
        self.press("Save the outcome", card)
        self.sees("The outcome is added.", outcome.statement)

    def add_provision(self, one: Provision, *, join: str = "") -> None:
        """Add provision to the draft: a group of its own, or a place in one that runs."""
        self.follow("Add provision")
        card = self.main.locator("#provision-new")
        self.pick("Intervention", one.intervention, card)
        self.fill("Name", one.name, card)
        self.choose(one.serves, card)
        if join:
            self.pick("Group", join, card)
        else:
            self.pick("Who gives it", one.member, card)
            self.fill("Minutes each time", str(one.minutes), card, kept=False)
            self.fill("Times a week", str(one.times_a_week), card, kept=False)
            self.fill("Weeks", str(one.weeks), card, kept=False)
            self.fill("Pupils in the group", str(one.group_size), card, kept=False)
        self.fill("What difference is expected", one.expected, card)
        self.press("Save the provision", card)
        self.sees("The provision is added.", one.name)

    def add_strategy(self, words: str, who: str) -> None:
        """Add what adults do in lessons."""
        self.follow("Add a strategy")
        card = self.main.locator("#strategy-new")
        self.fill("What adults do", words, card)
        self.fill("Who", who, card)
        self.press("Save the strategy", card)
        self.sees("The strategy is added.", words)

    def add_part(self, who: str, words: str) -> None:
        """Say what the school, a parent or the pupil does."""
        self.follow("Say who does what")
        card = self.main.locator("#part-new")
        self.choose(who, card)
        self.fill("What they do", words, card)
        self.press("Save", card)
        self.sees("Who does what is saved.", words)

    def send_to_family(self) -> None:
        """Let the family read the draft."""
        self.follow("Send to the family first")
        self.press("Send")
        self.sees("The family can read the draft now.")

    def agree(self, adult: Adult, note: str) -> None:
        """Agree the plan with a parent at a meeting."""
        self.follow("Agree the plan")
        self.choose("Meeting at school")
        self.choose(adult.name, self.group("Which adults agreed?"))
        self.fill("Anything to remember", note)
        self.press("Agree the plan")
        self.sees("The plan is agreed.")

    def invite(self, adult: Adult, born: date) -> str:
        """Give an adult a sign-in; the link to hand over."""
        self.tab("Family")
        self.follow("Give a sign-in")
        self.choose("A link that you give them yourself")
        self.fill("Their email address", adult.email, kept=False)
        enter_birthday(self.page, born)
        self.press("Make the link or the letter")
        return (self.main.locator("code").text_content() or "").strip()

    def hold_review(self, parent: Adult, step: Step, pupil_views: str, parent_views: str) -> None:
        """Start the review, say everything that it asks for, and look at what follows from the step."""
        self.tab("Overview")
        self.main.get_by_role("link", name=re.compile("^(Start|Prepare) the review")).click()
        self.page.wait_for_url(re.compile(r"/review/new|/ask$"))
        if self.page.url.endswith("/ask"):  # the date lies ahead
            self.follow("Start the review")
        self.press("Start the review")
        self.choose(parent.name)
        self.choose("Hannah Legg")
        self.choose("Yes", self.group("Did a parent or carer take part?"))
        self.fill("The pupil’s views", pupil_views)
        self.fill("The parents’ views", parent_views)
        for outcome in self.main.locator("section.outcome", has_text="How far was it met?").all():
            self.choose(step.judgement, outcome)
            self.fill("Why", f"{step.judgement} by what was seen in class.", outcome)
        for provision in self.main.locator("section.outcome", has_text="What happens to it?").all():
            self.choose(step.verdict, provision)
            self.fill("Why", f"{step.verdict}: it was talked through at the meeting.", provision)
        self.choose(step.choice)
        self.fill("Why this step", step.reason)

    def refer(self, service: str, question: str, by: date) -> None:
        """Say which service is asked what, by whom and by when."""
        self.open_details("For specialist advice")
        self.choose("Refer to a service")
        self.fill("Which service", service)
        self.fill("What to ask them", question)
        self.fill("Who refers", "Hannah Legg")
        self.fill("By when", f"{by.day}/{by.month}/{by.year}", self.main.locator("details:has(#service)"), kept=False)
        self.choose("Yes", self.group("Do the parents agree"))

    def ask_for_assessment(self) -> None:
        """Open a draft request with the step, and say that the family knows its own right."""
        self.open_details("For an EHC needs assessment")
        self.choose("Open a draft request")
        self.choose("The family was told")

    def look_again_on(self, on: date) -> None:
        """A date to check back after coming off."""
        self.open_details("When the outcomes are met")
        self.fill("Look again on", f"{on.day}/{on.month}/{on.year}", kept=False)

    def seal(self, *follows: str) -> None:
        """Read what follows, and seal."""
        self.press("Check and seal")
        self.sees("What follows at once", *follows)
        self.press("Seal as Hannah Legg")
        self.sees("The review is sealed.", "sealed")

    def write_request(self, reason: str, more_needed: str, sought: str) -> None:
        """Say in words why, what more, and what for."""
        self.follow("Write")
        self.fill("Reason for the request", reason)
        self.fill("What is needed beyond", more_needed)
        self.fill("Outcomes sought", sought)
        self.press("Save")
        self.sees(reason, more_needed, sought)

    def record_agreement(self, adult: Adult, copies_to: str) -> None:
        """Write down that a parent agrees with the request."""
        self.follow("Record what they said")
        self.choose(adult.name, self.group("Who?"))
        self.choose("Agreed", self.group("What did they say?"))
        self.choose("Signed on paper")
        self.fill("Who gets copies of what", copies_to, kept=False)
        self.press("Record the answer")
        self.sees(adult.name, copies_to)

    def build_pack(self, into: Path) -> Path:
        """Build the evidence pack, wait for the worker, and download it."""
        self.press("Build the pack")
        self.wait_for("Back to the request")
        self.follow("Back to the request")
        with self.page.expect_download() as waiting:
            self.follow("Download")
        waiting.value.save_as(into)
        return into


class SupportStaff(Person):
    """A teaching assistant with a tablet."""

    def log_group(self, name: str, *, away: str = "", why: str = "", note: str = "") -> None:
        """Log today's session of a group: everybody here but one."""
        self.menu("Groups")
        fold = self.main.locator("details.sheet-fold", has_text=name)
        if fold.count():  # today is none of its days
            fold.locator("> summary").first.click()
        self.main.get_by_role("link", name=re.compile(f"^Log.*{re.escape(name)}")).click()
        if away:
            kid = self.main.get_by_role("group", name=away)
            self.choose("Away", kid)
            self.choose(why, kid)
        if note:
            self.open_details("Add a note")
            self.fill("Note", note)
        self.press("Save")
        self.sees("is logged:")


class Parent(Person):
    """A parent with a phone."""

    def accept(self, link: str, name: str, born: date) -> None:
        """Come in by the link that the school handed over."""
        self.page.goto(link)
        if self.main.get_by_label("Your own name").count():
            self.fill("Your own name", name)
        enter_birthday(self.page, born)
        self.page.locator("#new_password").fill(PASSWORD)
        self.press("Set password and come in")

    def is_refused(self, *paths: str) -> None:
        """Nothing else of the school answers, and nothing says that it is there."""
        for path in paths:
            answer = self.page.goto(f"{self.server.url}{path}")
            assert answer is not None and answer.status == 404, f"{path} answered {answer and answer.status}"
        self.window.faults.clear()
