"""Plan checks on pages: published with their examples, beside the box as one writes, and in nobody's way."""

from __future__ import annotations

from datetime import timedelta
from html import unescape
from itertools import count

from graduated.db.clock import today
from graduated.plan import services
from graduated.plan.services import OutcomeDetails, ProvisionDetails
from graduated.rules.plan_checks import CHECKS
from graduated.rules.sources import law_only
from graduated.rules.vocabulary import Evidencing, MeasureKind, NeedArea, ProvisionKind
from graduated.school.queries import measures
from tests.plan.conftest import Ask
from tests.plan.scene import agreed, on, open_draft
from tests.support.client import PageClient
from tests.support.world import World

AS_PROVISION = "This reads as what is given"


def live(client: PageClient, page: str, ask_at: str, **typed: str) -> dict[str, str]:
    """What htmx gets while a page's form is typed in: words by the id of their place."""
    values = next(values for action, values in (client.form(page, index) for index in count()) if action == page)
    answer = client.post(ask_at, data={**values, **typed}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    places: dict[str, str] = {}
    for part in unescape(answer.text).split('<div id="')[1:]:
        name, _, words = part.partition('"')
        places[name] = words.partition(">")[2]
    return places


def test_every_check_is_published_with_its_reason_its_source_and_both_examples(client: PageClient) -> None:
    client.sign_in("ta")
    text = client.text("/help/plan-checks")
    for check in CHECKS:
        for words in (check.title, check.reason, check.fails_on, check.passes_on, law_only(check.paragraph)):
            assert words in text, (check.id, words)
    assert f"{len(CHECKS)} questions" in text


def test_a_check_speaks_beside_the_box_as_one_writes_and_keeps_nothing(
    client: PageClient, world: World, ask: Ask
) -> None:
    cycle = ask(open_draft, world)
    client.sign_in("senco")
    page = f"/cycles/{cycle}/outcomes/new"
    at = f"/cycles/{cycle}/outcomes/checks"
    assert f'hx-post="{at}"' in client.get(page).text
    said = live(client, page, at, statement="Zofia will receive 5 hours of TA support")
    assert AS_PROVISION in said["outcome-new-statement-check"]
    assert "/help/plan-checks#outcome-not-provision" in said["outcome-new-statement-check"]
    assert all(f'id="{place}"' in client.get(page).text for place in said)
    assert AS_PROVISION not in live(client, page, at, statement="Reads aloud")["outcome-new-statement-check"]
    assert "No outcome yet" in client.text(f"/cycles/{cycle}/edit")


def test_an_empty_box_says_nothing_while_something_new_is_written(client: PageClient, world: World, ask: Ask) -> None:
    cycle = ask(open_draft, world)
    client.sign_in("senco")
    for page, at, typed in (
        (f"/cycles/{cycle}/outcomes/new", f"/cycles/{cycle}/outcomes/checks", {"statement": "Reads aloud"}),
        (f"/cycles/{cycle}/provision/new", f"/cycles/{cycle}/provision/checks", {"name": "Precision reading"}),
    ):
        assert not any("Check" in words for words in live(client, page, at, **typed).values())


def test_what_was_saved_is_checked_whole_while_it_is_changed(client: PageClient, world: World, ask: Ask) -> None:
    cycle = ask(open_draft, world)
    outcome = ask(services.add_outcome, cycle, OutcomeDetails(NeedArea.COGNITION, "Reads aloud"))
    provision = ask(services.add_provision, cycle, ProvisionDetails("Support", minutes=15, times_a_week=4))
    client.sign_in("senco")
    page, at = f"/outcomes/{outcome}/edit", f"/outcomes/{outcome}/checks"
    said = live(client, page, at)
    assert "Say how everyone will know" in said[f"outcome-{outcome}-success-check"]
    mended = live(client, page, at, success="Fewer than 5 errors")
    assert "Check" not in mended[f"outcome-{outcome}-success-check"]
    page, at = f"/provisions/{provision}/edit", f"/provisions/{provision}/checks"
    said = live(client, page, at)
    assert "could be anything" in said[f"provision-{provision}-name-check"]
    assert "Add who gives it." in said[f"provision-{provision}-minutes-check"]
    mended = live(client, page, at, name="Precision reading", staff_id=str(world.users["ta"]), serves=str(outcome))
    assert "Check" not in mended[f"provision-{provision}-name-check"]
    assert "Check" not in mended[f"provision-{provision}-minutes-check"]
    assert "Check" not in mended[f"provision-{provision}-serves-check"]


def test_a_target_on_the_wrong_side_is_seen_while_it_is_typed(client: PageClient, world: World, ask: Ask) -> None:
    standard = next(row for row in ask(measures) if row.kind is MeasureKind.STANDARD and row.name.startswith("NGRT"))
    cycle = ask(open_draft, world)
    client.sign_in("senco")
    page, at = f"/cycles/{cycle}/outcomes/new", f"/cycles/{cycle}/outcomes/checks"
    typed = {"measure_id": str(standard.id), "baseline": "84", "target": "80", "statement": "Reads"}
    assert "lies the other way" in live(client, page, at, **typed)["outcome-new-target-check"]
    unreadable = live(client, page, at, **{**typed, "target": "eighty"})
    assert "Check" not in unreadable["outcome-new-target-check"]


def test_dates_and_lead_of_the_plan_are_checked_as_they_are_typed(client: PageClient, world: World, ask: Ask) -> None:
    cycle = ask(open_draft, world, None)
    client.sign_in("senco")
    page, at = f"/cycles/{cycle}/edit", f"/cycles/{cycle}/checks"
    sunday = today() + timedelta(days=6 - today().weekday())
    said = live(client, page, at, **on("review_due", sunday))
    assert "is not a school day" in said["review_due-check"] or "lies before" in said["review_due-check"]
    assert "Say which teacher leads" in said["lead_id-check"]
    mended = live(client, page, at, lead_id=str(world.users["lead"]), assess_summary="Guesses words")
    assert "Check" not in mended["lead_id-check"] + mended["assess_summary-check"]
    half_typed = live(client, page, at, **{"starts-day": "", "starts-month": "", "starts-year": "2026"})
    assert not any("Check" in words for words in half_typed.values())


def test_support_that_nobody_logs_is_asked_about_once_the_plan_is_saved(
    client: PageClient, world: World, ask: Ask
) -> None:
    cycle = ask(open_draft, world)
    outcome = ask(services.add_outcome, cycle, OutcomeDetails(NeedArea.COGNITION, "Reads aloud"))
    quiet = ProvisionDetails(
        "Word mat", ProvisionKind.IN_CLASS, minutes=10, times_a_week=5, evidencing=Evidencing.NONE, serves=(outcome,)
    )
    ask(services.add_provision, cycle, quiet)
    client.sign_in("senco")
    text = client.text(f"/cycles/{cycle}/edit")
    assert "Nothing that serves this outcome is logged" in text
    assert "Say what adults do in lessons" in text


def test_an_agreed_plan_is_checked_no_more(client: PageClient, world: World, ask: Ask) -> None:
    cycle = ask(agreed, world)
    client.sign_in("senco")
    assert "Plan checks" not in client.text(f"/cycles/{cycle}")
