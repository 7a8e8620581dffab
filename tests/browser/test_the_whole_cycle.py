"""From the school's own export to the evidence pack: the whole cycle in a browser, with JavaScript and without it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import PASSWORD, Server, free_port
from tests.browser.journeys import Adult, Outcome, Parent, Provision, Senco, Step, SupportStaff

ROLL = Path(__file__).parents[1] / "data" / "mis" / "primary-210-sims-sen.csv"
PDFTOTEXT = shutil.which("pdftotext")
URN = "100001"
PEOPLE = {
    "senco": ("h.legg@purbeck.example.org", "Hannah Legg", "senco"),
    "ta": ("s.tuck@purbeck.example.org", "Sheila Tuck", "support"),
    "teacher": ("m.vine@purbeck.example.org", "Miriam Vine", "teacher"),
}
MAISIE, RORY, JAGO, CHLOE = "Maisie Kowalska", "Rory O'Brien", "Jago Hussain", "Chloe Dunford"
MAISIES_BIRTHDAY = date(2018, 1, 31)
MOTHER = Adult("Agnieszka", "Kowalska", "Mother", "a.kowalska@home.example.org", "Polish")
OTHERS = {
    RORY: (Adult("Sinéad", "O'Brien", "Mother", "s.obrien@home.example.org"), "Rory says what he wants to do next"),
    JAGO: (Adult("Farah", "Hussain", "Mother", "f.hussain@home.example.org"), "Jago joins a game that others chose"),
    CHLOE: (Adult("Kelly", "Dunford", "Mother", "k.dunford@home.example.org"), "Chloe tells two friends her news"),
}
GROUP = "Story words group"

MAISIES_OUTCOMES = (
    Outcome(
        "Communication and interaction",
        "Maisie retells a story she has heard in four steps, in order",
        "Four steps in order, with two stories she has not heard before, three times running",
        "YARC, reading comprehension",
        "84",
        "92",
    ),
    Outcome(
        "Social, emotional and mental health",
        "Maisie asks an adult for help when she has lost the thread",
        "She asks at least once in each English lesson of a week, without being prompted",
    ),
)
MAISIES_PROVISION = (
    Provision(GROUP, "Talk group", "Sheila Tuck", "1.", "She tells the order of a story without pictures",
              minutes=30, times_a_week=2, group_size=4),
    Provision("Help card practice", "Not in the library", "Miriam Vine", "2.", "She uses the card by herself",
              minutes=10, times_a_week=1),
)  # fmt: skip

CHOSEN = (
    MAISIE, "K838340122013", "31 January 2018", "SEN support", "Speech, language and communication needs",
    "YARC, reading comprehension", "Sheila Tuck", "Miriam Vine", "30 minutes", "Meeting at school",
    "With an interpreter", "Less than expected", "Continue", "Major concerns: consider an EHC needs assessment",
    "both parents", "Signed on paper",
)  # fmt: skip
"""What was chosen from lists or came with the roll, and belongs in the pack as well."""


def today() -> date:
    """The school's day."""
    return datetime.now(ZoneInfo("Europe/London")).date()


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh installation, made by a newcomer with the commands of the README."""
    server = Server(tmp_path_factory.mktemp("installed"), free_port())
    server.run("db", "upgrade")
    server.run("create-school", "--urn", URN, "--name", "Purbeck Road Primary", "--authority", "dorset")
    for email, name, role in PEOPLE.values():
        words = ("--urn", URN, "--email", email, "--name", name, "--role", role, "--password-stdin")
        server.run("create-user", *words, typed=f"{PASSWORD}\n")
    return server.home


@pytest.fixture
def school(installed: Path, tmp_path: Path) -> Iterator[Server]:
    """The installation, served, with its worker beside it."""
    home = tmp_path / "home"
    shutil.copytree(installed, home)
    server = Server(home, free_port())
    server.start()
    yield server
    server.stop()


def squeezed(text: str) -> str:
    """Text without white space and soft hyphens."""
    return "".join(text.replace("\u00ad", "").split())


def assess(senco: Senco) -> None:
    """What is known of Maisie: her mother, a figure, a strength, a difficulty, views."""
    senco.open_pupil(MAISIE)
    senco.record_adult(MOTHER)
    senco.assign("Sheila Tuck", "story words group")
    senco.record_measurement("YARC, reading comprehension", "84", today() - timedelta(days=30), "Hannah Legg")
    area = "Communication and interaction"
    senco.record_observation(
        "Strength", area, "Draws what happened in a story with care and detail.", "Ms Vine in English"
    )
    senco.record_observation(
        "Difficulty", area, "Loses the thread when an instruction has more than two parts.", "Ms Vine in October"
    )
    senco.record_views("Maisie", "Conversation", "I like it when we draw the story first. Long talking makes me tired.")
    senco.record_views("Agnieszka", "With an interpreter", "At home she tells the story in Polish, with her hands.")


def plan(senco: Senco) -> None:
    """Maisie's plan, agreed with her mother; then the other three have theirs."""
    senco.start_plan("Miriam Vine", "Maisie reads aloud well and loses the meaning. A picture beside the text helps.")
    for outcome in MAISIES_OUTCOMES:
        senco.add_outcome(outcome, today() + timedelta(days=60))
    for provision in MAISIES_PROVISION:
        senco.add_provision(provision)
    senco.add_strategy("Instructions one at a time, each with a picture", "Everybody who teaches her")
    senco.add_part("Parent", "Agnieszka reads one story a week in Polish and asks for its four steps")
    senco.agree(MOTHER, "The mother asked for the plan in large print.")
    for name, (mother, statement) in OTHERS.items():
        prepare(senco, name, mother, statement)


def prepare(senco: Senco, name: str, mother: Adult, statement: str) -> None:
    """A pupil with a mother, a plan of one outcome, a place in the group, and an agreement."""
    senco.open_pupil(name)
    senco.record_adult(mother)
    senco.start_plan("Miriam Vine", f"{name} follows a story better when it is acted out first.")
    senco.add_outcome(
        Outcome("Communication and interaction", statement, "Seen by two adults in two different lessons"),
        today() + timedelta(days=60),
    )
    senco.add_provision(
        Provision("", "Not in the library", "", "1.", "Tells what happened first, next and last"), join=f"Join {GROUP}"
    )
    senco.agree(mother, f"{mother.forename} would like to hear how the group goes.")


def deliver(assistant: SupportStaff) -> None:
    """One session of the group, with one pupil away."""
    assistant.log_group(GROUP, away="Chloe", why="Ill or away", note="Maisie told the whole story to the group.")


def review(senco: Senco, name: str, mother: Adult, step: Step) -> None:
    """Hold a review up to the next step, which is chosen but not sealed."""
    senco.open_pupil(name)
    senco.hold_review(
        mother,
        step,
        "I like the group when my friends sit beside me.",
        f"{mother.forename} says that evenings are calmer since the plan began.",
    )


def hold_reviews(senco: Senco) -> None:
    """Each of the four next steps, and what is said to follow from it."""
    better = Step("Good progress", "She tells her news by herself.", judgement="As expected", verdict="Stop")
    review(senco, CHLOE, OTHERS[CHLOE][0], better)
    senco.look_again_on(today() + timedelta(days=90))
    senco.seal("the register becomes N", "list of what to change", "Today reminds you to look again")
    review(senco, RORY, OTHERS[RORY][0], Step("Some progress", "He begins to say it with his cards."))
    senco.seal("Cycle 2 opens as a draft", OTHERS[RORY][1])
    review(senco, JAGO, OTHERS[JAGO][0], Step("Little or no progress", "A term of games at noon changed little."))
    senco.refer("Educational psychology", "What keeps Jago from joining in?", today() + timedelta(days=21))
    senco.seal("refers to Educational psychology", "What keeps Jago from joining in?", "Cycle 2 opens as a draft")
    review(senco, MAISIE, MOTHER, Step("Major concerns", "The gap grows although the plan was carried out."))
    senco.ask_for_assessment()
    senco.seal("A draft request for an EHC needs assessment opens", "Cycle 2 opens as a draft", "at any time")


def see_what_followed(senco: Senco) -> None:
    """The register, the next cycle with its carried outcome, the referral: all there."""
    senco.open_pupil(CHLOE)
    senco.sees("No SEN support")
    senco.menu("Today")
    senco.sees(f"{RORY}’s plan is not agreed yet", f"{MAISIE}: the request", "is not sent yet")
    senco.go("/register/changes-for-mis")
    senco.sees(CHLOE)
    senco.open_pupil(RORY)
    senco.tab("Current plan")
    senco.sees("Cycle 2", OTHERS[RORY][1], "cycle 1")
    senco.open_pupil(JAGO)
    senco.sees("SEN support")
    senco.tab("Needs and views")
    senco.sees("Educational psychology", "What keeps Jago from joining in?")


def ask_the_authority(senco: Senco, into: Path) -> Path:
    """The draft request that the review opened: its gaps, its words, an agreement, and the pack."""
    senco.open_pupil(MAISIE)
    senco.tab("EHC evidence")
    senco.sees("Draft", "Missing", "Partial", "It cannot say what an authority would decide")
    senco.follow("Go to the request")
    senco.write_request(
        "Maisie's understanding of spoken language falls behind although the plan was carried out.",
        "Daily work led by a speech and language therapist, which the school cannot give from what it has.",
        "Maisie follows a lesson of 20 minutes with a picture plan",
    )
    senco.record_agreement(MOTHER, "both parents")
    return senco.build_pack(into)


def family_reads(mother: Parent, link: str, pupil_path: str) -> None:
    """A parent reads the plan on a phone, and nothing else answers."""
    mother.accept(link, MOTHER.name, MAISIES_BIRTHDAY)
    mother.is_on("Maisie’s plan")
    mother.sees(*(outcome.statement for outcome in MAISIES_OUTCOMES), "You can also ask")
    mother.window.no_sideways_scroll()
    records = ("", "/measures", "/known", "/family", "/evidence", "/cycles", "/papers")
    staff = ("/register", "/today", "/groups", "/groups/1/log", "/reviews", "/reviews/1", "/reviews/1/record",
             "/cycles/1", "/cycles/1/edit", "/requests", "/requests/1", "/packs/1/pack.pdf", "/school",
             "/school/import", "/school/staff", "/pupils/new")  # fmt: skip
    mother.is_refused(*(pupil_path + one for one in records), *staff, "/family/children/1")


@pytest.mark.parametrize("javascript", [True, False], ids=["with-javascript", "without-javascript"])
def test_the_whole_cycle(browser: Browser, school: Server, tmp_path: Path, javascript: bool) -> None:
    senco = Senco(browser, school, PEOPLE["senco"][0], javascript=javascript)
    senco.sign_in()
    senco.accept_the_proposed_terms()
    senco.import_the_roll(ROLL)
    assess(senco)
    plan(senco)
    assistant = SupportStaff(browser, school, PEOPLE["ta"][0], javascript=javascript)
    assistant.sign_in()
    deliver(assistant)
    assistant.leave()
    hold_reviews(senco)
    see_what_followed(senco)
    pack = ask_the_authority(senco, tmp_path / "pack.pdf")
    pupil_path = senco.open_pupil(MAISIE)
    mother = Parent(browser, school, MOTHER.email, javascript=javascript, phone=True)
    family_reads(mother, senco.invite(MOTHER, MAISIES_BIRTHDAY), pupil_path)
    mother.leave()
    senco.leave()
    every_field_is_in(pack, [*senco.typed[MAISIE], *CHOSEN])


def every_field_is_in(pack: Path, typed: list[str]) -> None:
    """All that was typed about the pupil stands in the pack, white space aside."""
    if PDFTOTEXT is None:
        pytest.skip("needs the Debian package poppler-utils")
    text = subprocess.run([PDFTOTEXT, "-raw", pack, "-"], capture_output=True, text=True, check=True).stdout
    there = squeezed(text)
    assert [words for words in typed if squeezed(words) not in there] == []
