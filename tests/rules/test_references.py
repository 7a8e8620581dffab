"""References in a narrative: what a mark is, how it breaks, what is read in its place, and when it needs a look."""

from __future__ import annotations

from datetime import date

import pytest

from graduated.rules.references import (
    GONE,
    RefKind,
    Source,
    Standing,
    as_words,
    at_the_end,
    changed_words,
    digest,
    faults,
    filled,
    ids_of,
    mark,
    marks,
    refs,
    relabelled,
    sources_after,
    standing,
)

YARC = "[[YARC, 12 March 2026: 84 #m123]]"
THEN, TODAY = date(2026, 5, 5), date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ()),
        ("She reads [aloud] now, and 3 #1 books.", ()),
        (f"She is at {YARC}.", ("m123",)),
        (f"{YARC} and {YARC}", ("m123",)),
        ("[[Her words #v7]], then [[dose #d9]]", ("v7", "d9")),
        ("[[#m5]]", ("m5",)),
        ("[[YARC, 12 March\n2026: 84\n#m123]]", ("m123",)),
        ("[[YARC # M 0123 ]]", ("m123",)),
        ("[[a label [Erased on 5 May 2026] inside #o4]]", ("o4",)),
        ("[[Number #1, 12 March #m8]]", ("m8",)),
        ("[[YARC #z12]] [[YARC #m]] [[YARC m12]] [YARC #m12]", ()),
        ("[[YARC #m1234567890]]", ()),
    ],
)
def test_a_mark_is_found_wherever_it_was_moved(text: str, found: tuple[str, ...]) -> None:
    assert refs(text) == found


def test_a_mark_knows_what_it_shows_and_where_it_stands() -> None:
    text = f"At {YARC}."
    (one,) = marks(text)
    assert (one.label, one.ref, text[one.start : one.end]) == ("YARC, 12 March 2026: 84", "m123", YARC)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (f"Well: {YARC}, and [so] on [1].", ()),
        ("[[YARC, 12 March]]", ("does not say which record",)),
        ("[[YARC #z9]]", ("does not say which record",)),
        ("Now [[YARC, 12 March 2026: 84 #m123", ("has lost its end",)),
        ("Now [[YARC, 12 March 2026: 84 #m123] and more", ("has lost its end",)),
        (f"Now [[YARC: 84 and {YARC}", ("has lost its end",)),
        ("Now YARC, 12 March 2026: 84 #m123]] more", ("has lost its beginning",)),
        ("Now [YARC, 12 March 2026: 84 #m123]] more", ("has lost its beginning",)),
        ("Now [YARC, 12 March 2026: 84 #m123] more", ("has lost a bracket",)),
        ("[[one\n[[two", ("has lost its end", "has lost its end")),
        ("[[one]] [[one]]", ("does not say which record",)),
    ],
)
def test_a_broken_mark_is_said_once_with_how_to_mend_it(text: str, says: tuple[str, ...]) -> None:
    found = faults(text)
    assert len(found) == len(says)
    for sentence, said in zip(found, says, strict=True):
        assert said in sentence
        assert sentence.endswith(".")


def test_a_long_broken_mark_is_not_shown_whole() -> None:
    (said,) = faults("[[" + "a very long label " * 20)
    assert "…" in said
    assert len(said) < 200


@pytest.mark.parametrize(
    ("label", "ref", "made"),
    [
        ("YARC, 12 March 2026: 84", "m123", YARC),
        ("Test [form] #2", "m1", "[[Test form 2 #m1]]"),
        ("", "v2", "[[#v2]]"),
        ("two\nlines", "v2", "[[two lines #v2]]"),
    ],
)
def test_what_is_put_in_can_be_read_again(label: str, ref: str, made: str) -> None:
    assert mark(label, ref) == made
    assert refs(made) == (ref,)


def test_the_records_of_one_kind_are_named_each_once() -> None:
    text = "[[one #m12]] and [[two #w3]], [[one again #m12]], [[three #w40]]"
    assert ids_of(text, RefKind.GIVEN) == (3, 40)
    assert ids_of(text, RefKind.MEASUREMENT) == (12,)
    assert ids_of("Nothing is named here.", RefKind.GIVEN) == ()


def test_a_long_label_is_cut() -> None:
    made = mark("word " * 100, "v1")
    assert made.endswith("word… #v1]]")
    assert len(made) < 180


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (f"At {YARC}.", "At 86 (YARC)."),
        ("Gone: [[x #m9]].", f"Gone: {GONE}."),
        ("None here.", "None here."),
        ("[[x #v1]]", "“[[x #m123]]”"),  # a quotation that looks like a mark stays a quotation
    ],
)
def test_a_record_is_read_in_place_of_its_mark(text: str, read: str) -> None:
    assert filled(text, {"m123": "86 (YARC)", "v1": "“[[x #m123]]”"}) == read


def test_only_the_named_marks_get_todays_label() -> None:
    text = f"{YARC} and [[mine #v7]]"
    assert relabelled(text, {"m123": "YARC: 86"}) == "[[YARC: 86 #m123]] and [[mine #v7]]"


@pytest.mark.parametrize(
    ("text", "words", "left"),
    [
        (f"At {YARC}, well.", "84 then", "At 84 then, well."),
        (f"At {YARC}, well.", "", "At, well."),
        (f"{YARC} [[y #v7]] {YARC}", "", " [[y #v7]]"),
        (f"{YARC} [[y #v7]]", "84", "84 [[y #v7]]"),
    ],
)
def test_a_mark_becomes_words_or_goes(text: str, words: str, left: str) -> None:
    assert as_words(text, "m123", words) == left


@pytest.mark.parametrize(("text", "after"), [("", "[[y #v7]]"), ("Words.\n\n", "Words. [[y #v7]]")])
def test_a_mark_is_put_at_the_end(text: str, after: str) -> None:
    assert at_the_end(text, "[[y #v7]]") == after


def test_a_digest_does_not_mind_white_space_and_does_mind_words() -> None:
    assert digest("Ask me  first.\n") == digest("Ask me first.")
    assert digest("81 % of the sessions") == digest("81% of the sessions") != digest("82% of the sessions")
    assert digest("84") != digest("86")
    assert "84" not in digest("84 on the YARC")


@pytest.mark.parametrize(
    ("today", "stands"),
    [(digest("84"), Standing.SAME), (digest("86"), Standing.CHANGED), (None, Standing.GONE)],
)
def test_how_a_reference_stands_to_its_record(today: str | None, stands: Standing) -> None:
    assert standing(Source("m123", digest("84"), THEN), today) is stands


OLD, NEW = Source("m1", "old", THEN), Source("m1", "new", TODAY)


@pytest.mark.parametrize(
    ("text", "before", "taken", "kept"),
    [
        ("[[x #m1]]", (), (), (NEW,)),
        ("[[x #m1]]", (OLD,), (), (OLD,)),
        ("[[x #m1]]", (OLD,), ("m1",), (NEW,)),
        ("no mark", (OLD,), (), ()),
        ("[[x #m9]]", (), (), ()),
        ("[[x #m9]]", (Source("m9", "was", THEN),), ("m9",), (Source("m9", "was", THEN),)),
    ],
)
def test_what_was_said_when_it_was_put_in_is_kept_until_the_new_is_taken(
    text: str, before: tuple[Source, ...], taken: tuple[str, ...], kept: tuple[Source, ...]
) -> None:
    assert sources_after(text, before, {"m1": "new"}, taken, TODAY) == kept


@pytest.mark.parametrize(
    ("changed", "gone", "words"),
    [
        (0, 0, ""),
        (1, 0, "Since you wrote, 1 thing that you quoted has changed."),
        (3, 0, "Since you wrote, 3 things that you quoted have changed."),
        (0, 1, "Since you wrote, 1 is not there any more."),
        (1, 2, "Since you wrote, 1 thing that you quoted has changed and 2 are not there any more."),
    ],
)
def test_how_many_need_a_look(changed: int, gone: int, words: str) -> None:
    assert changed_words(changed, gone) == words
