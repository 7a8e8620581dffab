"""The description of how entries are handed in (docs/entries-openapi.json) says what the server takes and answers."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from graduated.do import waiting
from graduated.do.sheets import LENGTH
from graduated.rules.vocabulary import AbsenceReason, CancelReason, Engagement, Word
from tests.do.devices import School, device

DOCUMENT = json.loads((Path(__file__).parents[2] / "docs" / "entries-openapi.json").read_text(encoding="utf-8"))
SCHEMAS = DOCUMENT["components"]["schemas"]
ENTRY, MARK = SCHEMAS["Entry"]["properties"], SCHEMAS["Mark"]["properties"]
PLAIN: dict[str, Any] = {
    "owner": "a" * LENGTH, "reference": "b" * LENGTH, "sheet": "c" * LENGTH, "on": "2026-11-24", "minutes": 30,
    "state": "delivered",
}  # fmt: skip


def _read(**more: Any) -> waiting.WaitingEntry:
    entry = waiting.read_entry({**PLAIN, **more})
    assert isinstance(entry, waiting.WaitingEntry)
    return entry


def _mark(**more: Any) -> waiting.Mark:
    return _read(marks=[{"place": "d" * LENGTH, "here": True, **more}]).marks[0]


def _codes(schema: dict[str, Any]) -> set[str]:
    return {one for one in schema["enum"] if one}


@pytest.mark.parametrize(
    ("schema", "words"),
    [(MARK["why"], AbsenceReason), (MARK["took"], Engagement), (ENTRY["reason"], CancelReason)],
    ids=["why", "took", "reason"],
)
def test_the_codes_are_those_of_the_vocabulary(schema: dict[str, Any], words: type[Word]) -> None:
    assert _codes(schema) == {one.value for one in words}


def test_what_is_required_is_what_the_server_misses() -> None:
    assert set(SCHEMAS["Entry"]["required"]) == set(PLAIN)
    for name in PLAIN:
        with pytest.raises(waiting.NotAnEntry):
            waiting.read_entry({key: value for key, value in PLAIN.items() if key != name})


def test_every_code_and_every_nothing_of_the_description_is_taken() -> None:
    for name in ("reason", "settle", "marks", "note", "stands"):
        for value in ENTRY[name].get("enum", [None]):
            _read(**{name: value})
    for name in ("why", "took", "reading", "note"):
        for value in MARK[name].get("enum", [None]):
            _mark(**{name: value})
    for state in ENTRY["state"]["enum"]:
        assert _read(state=state).state.value == state


def test_the_limits_are_those_of_the_server() -> None:
    _read(note="x" * ENTRY["note"]["maxLength"], minutes=ENTRY["minutes"]["maximum"])
    _read(minutes=ENTRY["minutes"]["minimum"], stands=ENTRY["stands"]["maximum"])
    _mark(note="x" * MARK["note"]["maxLength"])
    most = ENTRY["marks"]["maxItems"]
    _read(marks=[{"place": f"{number:024d}", "here": True} for number in range(most)])
    for more in (
        {"note": "x" * (ENTRY["note"]["maxLength"] + 1)},
        {"minutes": ENTRY["minutes"]["maximum"] + 1},
        {"minutes": ENTRY["minutes"]["minimum"] - 1},
        {"stands": ENTRY["stands"]["maximum"] + 1},
        {"marks": [{"place": "d" * LENGTH, "here": True, "note": "x" * (MARK["note"]["maxLength"] + 1)}]},
        {"marks": [{"place": f"{number:024d}", "here": True} for number in range(most + 1)]},
    ):
        with pytest.raises(waiting.NotAnEntry):
            _read(**more)


@pytest.mark.parametrize("reading", ["", "7", "-3.5", "<70", "> 12:30", "much", "12345", "1.", "<"])
def test_a_reading_is_what_its_pattern_says(reading: str) -> None:
    if re.search(MARK["reading"]["pattern"], reading):
        assert _mark(reading=reading).reading == reading
    else:
        with pytest.raises(waiting.NotAnEntry):
            _mark(reading=reading)


def test_what_is_answered_is_what_is_described(school: School) -> None:
    phone, other = device(school), device(school, "senco")
    entry = phone.entry()
    answers = [
        phone.send(entry),
        phone.send({**entry, "owner": "0" * LENGTH}),
        phone.send(phone.entry(sheet="0" * LENGTH)),
        other.send(other.entry()),
    ]
    came = SCHEMAS["Came"]
    assert {one["came"] for one in answers} == set(came["properties"]["came"]["enum"])
    for one in answers:
        assert set(came["required"]) <= set(one) <= set(came["properties"])
    assert phone.send({"owner": phone.owner, "reference": entry["reference"], "undo": True})["came"] == "saved"


def test_every_refusal_is_described(school: School) -> None:
    said = {int(code) for code in DOCUMENT["paths"]["/entries"]["post"]["responses"]}
    client, phone = school.window("ta"), device(school)
    token = client.get("/entries/mine").json["token"]
    stranger = school.app.test_client()
    found = {
        client.post("/entries", json=phone.entry(), headers={"X-CSRFToken": "stale"}).status_code,
        client.post("/entries", json={}, headers={"X-CSRFToken": token}).status_code,
        client.post("/entries", json={"note": "x" * 70_000}, headers={"X-CSRFToken": token}).status_code,
        stranger.post("/entries", json={}).status_code,
        stranger.post("/entries", json={}, headers={"HX-Request": "true"}).status_code,
        client.post("/entries", json=phone.entry(), headers={"X-CSRFToken": token}).status_code,
    }
    assert found == said - {403}  # who may not log at all
