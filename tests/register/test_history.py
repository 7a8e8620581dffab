"""The story of a pupil: every cycle in its order, what reviews said, outcomes followed through, and who may read it."""

from __future__ import annotations

from flask import Flask

from graduated.access.identity import acting, system_actor
from graduated.rules.vocabulary import Judgement
from tests.register.counting import counted
from tests.register.story import tell
from tests.support.client import PageClient
from tests.support.world import World

WORDS = ("Well on the way: the errors have halved.", "Holidays undid some of it.", "Back where it was, and steady.")
JUDGED = tuple(zip((Judgement.EXPECTED, Judgement.LESS, Judgement.MORE), WORDS, strict=True))


def _told(app: Flask, world: World, name: str = "zofia", closed: int = 3) -> int:
    """A story in which the first outcome of each cycle is carried into the next, and judged each time."""
    pupil_id = world.pupils[name]
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        tell(pupil_id, world.users["lead"], closed=closed, sessions=3, judged=JUDGED)
    return pupil_id


def test_the_story_is_on_one_page_from_the_first_cycle_to_the_running_one(
    app: Flask, client: PageClient, world: World
) -> None:
    text = client.sign_in("senco").text(f"/pupils/{_told(app, world)}/history")
    places = [
        text.index(words) for words in ("Cycle 1", "Cycle 2", "Cycle 3", "Cycle 4", "went on from cycle to cycle")
    ]
    assert places == sorted(places)
    for words in (
        "SEN support: ", "Brought forward from paper", "Less than expected", *WORDS, "Steady steps",
        "Little or no progress: ask for specialist advice", "minutes to date", "Educational psychologist",
        "Zofia asks an adult or friend for help in class at least three times a day",
    ):  # fmt: skip
        assert words in text, words


def test_an_outcome_is_followed_from_its_first_cycle_to_its_newest(
    app: Flask, client: PageClient, world: World
) -> None:
    text = client.sign_in("senco").text(f"/pupils/{_told(app, world)}/history")
    followed = text[text.index("went on from cycle to cycle") :]
    steps = ["Cycle 1 As expected", "Cycle 2 Less than expected", "Cycle 3 More than expected", "Cycle 4"]
    assert [words in followed for words in steps] == [True] * 4
    assert [followed.index(words) for words in steps] == sorted(followed.index(words) for words in steps)
    assert "asks an adult or friend" not in followed.partition("Standard")[0]  # never carried, so not followed


def test_who_reads_plans_but_no_reviews_reads_what_was_agreed_and_done_and_nothing_judged(
    app: Flask, client: PageClient, world: World
) -> None:
    path = f"/pupils/{_told(app, world)}/history"
    text = client.sign_in("ta").text(path)
    assert "Cycle 2" in text and "Precision reading" in text
    for words in (*WORDS, "Steady steps", "specialist advice", "Less than expected"):
        assert words not in text, words


def test_a_pupil_without_a_plan_has_a_page_that_says_so(client: PageClient, world: World) -> None:
    text = client.sign_in("senco").text(f"/pupils/{world.pupils['ivy']}/history")
    assert "No plan has been agreed yet" in text


def test_a_long_story_asks_as_few_questions_as_a_short_one(app: Flask, client: PageClient, world: World) -> None:
    short_id, long_id = _told(app, world, closed=1), _told(app, world, "ivy", closed=9)
    client.sign_in("senco")
    client.page(f"/pupils/{short_id}/history")
    with counted(app) as short:
        client.get(f"/pupils/{short_id}/history")
    with counted(app) as long:
        client.get(f"/pupils/{long_id}/history")
    assert len(short) == len(long)
    assert len(long) <= 40, "\n\n".join(long)
