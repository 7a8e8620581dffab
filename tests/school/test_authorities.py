"""Authority profiles: the schema, the sentences for faults, and what the two that are here say."""

from __future__ import annotations

from pathlib import Path

import pytest

from graduated.pack.content import Section
from graduated.school.authorities import FOLDER, ProfileFault, authority, authority_codes, read_folder, read_profile
from tests.support.client import PageClient

CODE = (FOLDER / "code.toml").read_text(encoding="utf-8")


def fault(folder: Path, old: str, new: str) -> str:
    """What is said of the Code's profile when something in it is changed."""
    assert old in CODE
    path = folder / "code.toml"
    path.write_text(CODE.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ProfileFault) as error:
        read_profile(path)
    return str(error.value)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('code = "code"', 'code = "other"', 'code must be the name of the file, "code"'),
        ('council = ""', "council = 3", "council must be there, in quotation marks"),
        ("la_codes = []", "la_codes = [838]", "la_codes must be a list of texts"),
        ('key = "reason"', 'key = "reasons"', "“reasons” is not a section of the pack"),
        ('key = "reason"', 'key = "summary"', "“summary” is not a section of the pack"),
        ('key = "index"', 'key = "reason"', "section reason stands twice"),
        ('title = "Evidence index"', 'heading = "Evidence index"', "entry 2 of sections must have key and title"),
        ("cycles = 2", "circles = 2", "thresholds may have"),
        ("cycles = 2", "cycles = 0", "threshold cycles must be a whole number from 1"),
        ("cycles = 2", "cycles = true", "threshold cycles must be a whole number from 1"),
        ("on = 2015-01-01", 'on = "2015"', "entry 1 of facts needs a date"),
        ("unconfirmed = []", "unconfirmed = 3", "unconfirmed must be a list"),
        ("unconfirmed = []", 'unconfirmed = []\nphone = "1"', "“phone” is not an entry of a profile"),
        ("unconfirmed = []", 'unconfirmed = []\nsendiass = { phone = "1" }', "sendiass must have a name"),
        ("unconfirmed = []", "unconfirmed = []\nasks = [{ lines = [] }]", "entry 1 of asks must have what, may have"),
        (
            "unconfirmed = []",
            'unconfirmed = []\nasks = [{ what = "A", details = ["shoe"] }]',
            "entry 1 of asks: “shoe” is not a detail of the pupil",
        ),
        (
            "unconfirmed = []",
            'unconfirmed = []\nannexes = [{ what = "A", documents = ["book"] }]',
            "entry 1 of annexes: “book” is not a kind of paper",
        ),
        (
            "unconfirmed = []",
            'unconfirmed = []\nannexes = [{ what = "A", consents = ["any"] }]',
            "“any” is not a question of agreement",
        ),
        ("unconfirmed = []", 'unconfirmed = []\nannexes = [{ what = "A", months = 12 }]', "documents must say which"),
        (
            "unconfirmed = []",
            'unconfirmed = []\nform = [{ question = "A", from = ["all"] }]',
            "entry 1 of form: “all” is not a source of words",
        ),
        ("unconfirmed = []", 'unconfirmed = []\nform = [{ question = "", from = [] }]', "question is empty"),
        ("unconfirmed = []", 'unconfirmed = []\nasks = [{ what = "A", lines = "cycles" }]', "must be a list"),
        (
            "unconfirmed = []",
            'unconfirmed = []\nasks = [{ what = "A", lines = ["circles"] }]',
            "“circles” is not a line",
        ),
        ('council = ""', "council = ", "not TOML"),
    ],
)
def test_a_faulty_profile_is_refused_with_its_file_and_field(tmp_path: Path, old: str, new: str, words: str) -> None:
    said = fault(tmp_path, old, new)
    assert said.startswith("code.toml")
    assert words in said


def test_a_folder_without_the_codes_own_order_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProfileFault, match="code.toml is missing"):
        read_folder(tmp_path)


def test_every_profile_has_a_source_and_a_date_for_each_fact() -> None:
    for code in authority_codes():
        profile = authority(code)
        assert profile.facts
        assert all(fact.what and fact.source and fact.on for fact in profile.facts)
        assert {entry.section for entry in profile.sections} == set(Section) - {Section.SUMMARY}


def test_the_authorities_of_whom_most_is_known_have_a_profile() -> None:
    assert set(authority_codes()) >= {"code", "dorset", "essex", "islington", "norfolk", "staffordshire"}
    assert authority_codes()[0] == "code"
    for code in ("essex", "islington", "norfolk", "staffordshire"):
        profile = authority(code)
        assert len(profile.asks) >= 7
        assert profile.unconfirmed
    assert authority("staffordshire").sections[0].section is Section.INDEX
    assert [one.section for one in authority("norfolk").sections] == [one.section for one in authority("code").sections]


def test_dorset_says_what_could_not_be_confirmed() -> None:
    dorset = authority("dorset")
    assert dorset.la_codes == ("838",)
    assert dorset.sendiass is not None
    assert dorset.sendiass.words == "Dorset SENDIASS, dorsetsendiass.co.uk"
    assert dorset.sendiass.phone == ""
    assert any("request form" in one for one in dorset.unconfirmed)


def test_a_profile_that_was_taken_away_leaves_the_codes_own_order() -> None:
    assert authority("gone").code == "code"
    assert authority("gone").council_words == "your local authority"


def test_the_page_shows_sources_and_gaps(client: PageClient) -> None:
    client.sign_in("head")
    words = client.text("/school/authority")
    assert "Ask Dorset Council before you rely on these" in words
    assert "dorsetsendiass.co.uk/what-is-send" in words
