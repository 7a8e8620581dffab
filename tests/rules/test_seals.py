"""Seals: canonical bytes and chained digests."""

import hashlib
import hmac
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graduated.rules.seals import canonical, digest, matches
from graduated.rules.vocabulary import NextStep

SALT = bytes(range(16))


@pytest.mark.parametrize(
    ("record", "text"),
    [
        ({"b": 1, "a": None, "c": True}, '{"a":null,"b":1,"c":true}'),
        ({"on": date(2026, 11, 24)}, '{"on":"2026-11-24"}'),
        ({"rate": Decimal("17.2300"), "none": Decimal("0.00"), "big": Decimal("1E+3")}, None),
        ({"name": "Szymańska"}, '{"name":"Szymańska"}'),
        ({"name": "Sia\u0302n"}, '{"name":"Siân"}'),
        ({"step": NextStep.SPECIALIST}, '{"step":"specialist"}'),
        ({"list": [1, ("x", {"z": 1, "y": 2})]}, '{"list":[1,["x",{"y":2,"z":1}]]}'),
        (
            {"at": datetime(2026, 7, 1, 15, 41, tzinfo=timezone(timedelta(hours=1)))},
            '{"at":"2026-07-01T14:41:00+00:00"}',
        ),
    ],
)
def test_one_record_has_one_form(record: dict[str, Any], text: str | None) -> None:
    expected = text if text is not None else '{"big":"1000","none":"0","rate":"17.23"}'
    assert canonical(record).decode() == expected


@pytest.mark.parametrize(
    ("record", "says"),
    [
        ({"a": 1.5}, "hold a float"),
        ({"a": {1, 2}}, "hold a set"),
        ({"a": b"x"}, "hold a bytes"),
        ({"a": datetime(2026, 7, 1)}, "time zone"),  # noqa: DTZ001
        ({"a": Decimal("NaN")}, "not finite"),
        ({"a": {1: "x"}}, "keys of a sealed record are text"),
        ({"Sia\u0302n": 1, "Siân": 2}, "read the same"),
    ],
)
def test_what_could_differ_tomorrow_is_refused(record: dict[str, Any], says: str) -> None:
    with pytest.raises(TypeError, match=says):
        canonical(record)


def test_the_digest_is_an_hmac_over_previous_and_record() -> None:
    record = canonical({"a": 1})
    first = digest(record, SALT)
    assert first == hmac.new(SALT, b"\n" + record, hashlib.sha256).hexdigest()
    assert digest(record, SALT, first) != first
    assert matches(first, record, SALT)
    assert not matches(first, canonical({"a": 2}), SALT)
    assert not matches(first, record, bytes(16))
    assert not matches(first, record, SALT, first)


def test_a_short_salt_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 16 bytes"):
        digest(b"{}", b"short")


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abcd"), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from("abcdef"), values, max_size=6))
def test_the_order_of_keys_does_not_matter(record: dict[str, Any]) -> None:
    assert canonical(record) == canonical(dict(reversed(record.items())))


@given(st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)), st.integers(-12, 12))  # noqa: DTZ001
def test_a_moment_is_the_same_in_every_zone(moment: datetime, hours: int) -> None:
    elsewhere = moment.astimezone(timezone(timedelta(hours=hours)))
    assert canonical({"at": elsewhere}) == canonical({"at": moment})
