"""How providers of sign-ins are set up, and what is believed of what Microsoft says."""

from __future__ import annotations

from pathlib import Path

import pytest

from graduated import config
from graduated.config import NotSet, settings_from_environment
from graduated.people.providers import Refused, person_of

TENANT = "0f4a6c3e-1111-4222-8333-444455556666"
MICROSOFT = config.Provider("microsoft", "Microsoft", "https://m.example/v2.0", "c", "s", tenant=TENANT)
CLAIMS = {
    "iss": MICROSOFT.issuer, "aud": "c", "nonce": "n", "sub": "1", "tid": TENANT, "email": "A@b.example",
    "xms_edov": True,
}  # fmt: skip


@pytest.mark.parametrize("verified", [{"xms_edov": True}, {"xms_edov": "1"}, {"xms_edov": 1}, {"email_verified": True}])
def test_microsoft_says_in_its_own_way_that_an_address_is_verified(verified: dict[str, object]) -> None:
    claims = {name: value for name, value in CLAIMS.items() if name != "xms_edov"}
    assert person_of(MICROSOFT, {**claims, **verified}, "n").email == "a@b.example"


@pytest.mark.parametrize(
    "wrong",
    [
        {"tid": "99999999-1111-4222-8333-444455556666"},
        {"tid": None},
        {"xms_edov": False},
        {"xms_edov": 0},
        {"xms_edov": None},
        {"sub": ""},
        {"sub": "x" * 256},
        {"nonce": None},
        {"nonce": ""},
        {"aud": "d"},
        {"aud": None},
        {"iss": "https://m.example/common/v2.0"},
    ],
)
def test_of_another_tenant_or_with_an_address_nobody_verified_it_is_nobody(wrong: dict[str, object]) -> None:
    with pytest.raises(Refused):
        person_of(MICROSOFT, {**CLAIMS, **wrong}, "n")


def test_a_question_without_a_nonce_is_no_question() -> None:
    with pytest.raises(Refused):
        person_of(MICROSOFT, {**CLAIMS, "nonce": ""}, "")


SET = {
    "GRADUATED_SSO": "google microsoft",
    "GRADUATED_SSO_GOOGLE_CLIENT_ID": "g",
    "GRADUATED_SSO_GOOGLE_CLIENT_SECRET": "a secret",
    "GRADUATED_SSO_GOOGLE_DOMAIN": "Purbeck.example",
    "GRADUATED_SSO_MICROSOFT_CLIENT_ID": "m",
    "GRADUATED_SSO_MICROSOFT_TENANT": TENANT.upper(),
}


def test_google_and_microsoft_are_set_up_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SET.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "sso-microsoft").write_text("ms\n")
    settings = settings_from_environment(tmp_path)
    first, second = settings.providers
    assert (first.issuer, first.domain) == ("https://accounts.google.com", "purbeck.example")
    assert first.client_secret == "a secret"
    assert second.issuer == f"https://login.microsoftonline.com/{TENANT}/v2.0"
    assert second.client_secret == "ms"
    assert "a secret" not in repr(settings)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"GRADUATED_SSO_GOOGLE_CLIENT_ID": ""}, "CLIENT_ID"),
        ({"GRADUATED_SSO_GOOGLE_CLIENT_SECRET": ""}, "CLIENT_SECRET"),
        ({"GRADUATED_SSO_GOOGLE_DOMAIN": ""}, "whose people are meant"),
        ({"GRADUATED_SSO_GOOGLE_TENANT": TENANT}, "not both"),
        ({"GRADUATED_SSO_MICROSOFT_TENANT": "common"}, "own number"),
        ({"GRADUATED_SSO_GOOGLE_ISSUER": "http://accounts.evil.example"}, "https"),
        ({"GRADUATED_SSO": "../google"}, "no name for a provider"),
        (
            {"GRADUATED_SSO_MICROSOFT_TENANT": "", "GRADUATED_SSO_MICROSOFT_DOMAIN": "purbeck.example"},
            "set GRADUATED_SSO_MICROSOFT_TENANT to the directory's own number",
        ),
        (
            {"GRADUATED_SSO_GOOGLE_TENANT": TENANT, "GRADUATED_SSO_GOOGLE_DOMAIN": ""},
            "set GRADUATED_SSO_GOOGLE_DOMAIN to the school's domain",
        ),
        ({"GRADUATED_URL": "sen.school.example"}, "GRADUATED_URL must be an https address"),
        ({"GRADUATED_URL": "http://sen.school.example"}, "GRADUATED_URL must be an https address"),
        ({"GRADUATED_URL": "https://sen.school.example/sen"}, "with nothing after its name"),
    ],
)
def test_a_setting_that_cannot_be_meant_so_stops_the_start_and_says_which(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changed: dict[str, str], says: str
) -> None:
    more = {"GRADUATED_SSO_MICROSOFT_CLIENT_SECRET": "ms"}
    for name, value in {**SET, **more, **changed}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(NotSet, match=says):
        settings_from_environment(tmp_path)
