"""The guide says what the program does, to each reader in their words."""

from __future__ import annotations

import pytest

from graduated.rules.next_step import PUBLISHED_TABLE
from graduated.rules.vocabulary import NextStep
from tests.support.client import PageClient
from tests.support.world import World


def test_the_table_that_is_published_is_the_one_that_is_run(client: PageClient) -> None:
    text = client.text("/help?staff=yes")
    at = [text.index(f"{number}. {row.condition}") for number, row in enumerate(PUBLISHED_TABLE, 1)]
    assert at == sorted(at)
    assert all(step.label in text for step in NextStep)


@pytest.mark.parametrize(
    ("who", "leads_to", "not_to"),
    [("senco", "/requests", "nothing"), ("ta", "/groups", "/requests"), (None, "/privacy", "/today")],
)
def test_it_leads_only_to_pages_that_the_reader_may_open(
    client: PageClient, world: World, who: str | None, leads_to: str, not_to: str
) -> None:
    if who:
        client.sign_in(who)
    page = client.get("/help?staff=yes").text
    assert f'href="{leads_to}"' in page
    assert f'href="{not_to}"' not in page


def test_a_parent_reads_it_without_the_words_of_the_trade(client: PageClient, world: World) -> None:
    client.sign_in("parent")
    text = client.text("/help")
    assert "Only the school can change it." in text
    assert "at any time" in text
    assert not any(word in text for word in ("MIS", "EHCNA", "outcome", "provision", "SENCO"))


def test_who_has_not_signed_in_reads_the_short_guide_in_their_language_and_finds_that_for_staff(
    client: PageClient,
) -> None:
    text = client.text("/help?lang=pl")
    assert "Pracujesz w szkole?" in text
    assert "?staff=yes" in client.get("/help").text
    assert PUBLISHED_TABLE[0].condition not in text


def test_who_has_signed_in_is_not_asked_whether_they_work_at_the_school(client: PageClient, world: World) -> None:
    client.sign_in("parent")
    assert "staff=yes" not in client.get("/help").text
    client.sign_in("senco")
    assert PUBLISHED_TABLE[0].condition in client.text("/help")
