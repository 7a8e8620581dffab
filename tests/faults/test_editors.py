"""Three people with one form open: whoever saves over what they have not seen is shown both, and nothing is dropped."""

from __future__ import annotations

from typing import Any

from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.support.client import PageClient, form_values, inspect_page

FORM = "/school/details"
FIELDS = ("name", "address", "phone")
EDITORS = ("senco", "admin", "second window of the senco")
WORDS = st.text("abcdefgh ", min_size=4, max_size=12).map(str.strip).filter(lambda one: len(one) > 3)


class Editors(RuleBasedStateMachine):
    """What three windows do, against what must then be saved."""

    windows: dict[str, PageClient]
    clashes = 0

    def __init__(self) -> None:
        super().__init__()
        self.open: dict[str, dict[str, Any]] = {}
        self.saved: dict[str, str] = {}

    def _now(self) -> dict[str, str]:
        _action, values = self.windows["senco"].form(FORM)
        return {name: values[name] for name in (*FIELDS, "version")}

    @initialize()
    def begin(self) -> None:
        """From what an earlier run left."""
        self.saved = self._now()

    @rule(who=st.sampled_from(EDITORS), name=st.sampled_from(FIELDS), words=WORDS)
    def types(self, who: str, name: str, words: str) -> None:
        """Somebody changes a field of the form that they have open, or opens it for that."""
        if who not in self.open:
            self.open[who] = self.windows[who].form(FORM)[1]
        self.open[who][name] = words

    @rule(who=st.sampled_from(EDITORS))
    def saves(self, who: str) -> None:
        """Somebody presses Save: it is taken, or they see both."""
        if who not in self.open:
            return
        mine = self.open.pop(who)
        answer = self.windows[who].post(FORM, data=mine)
        if mine["version"] == self.saved["version"]:
            assert answer.status_code == 303
            self.saved = {**self._now(), **{name: mine[name] for name in FIELDS}}
            return
        assert answer.status_code == 409
        Editors.clashes += 1
        root = inspect_page(answer)
        kept = next(
            values for one in root.iter() if one.tag.endswith("}form") and "phone" in (values := form_values(one))
        )
        assert {name: kept[name] for name in FIELDS} == {name: mine[name] for name in FIELDS}, "mine stays in the form"
        for name in FIELDS:
            assert mine[name] == self.saved[name] or self.saved[name] in answer.text, f"theirs is shown: {name}"
        assert kept["version"] == self.saved["version"], "having seen both, the next Save is one's own decision"
        self.open[who] = kept

    @invariant()
    def nothing_was_overwritten_unseen(self) -> None:
        """What is saved is what the last that was taken said."""
        if self.saved:
            assert {name: text for name, text in self._now().items() if name in FIELDS} == {
                name: text for name, text in self.saved.items() if name in FIELDS
            }


def test_whatever_three_editors_do_nobody_overwrites_what_they_have_not_seen(app: Flask) -> None:
    windows = {}
    for who in EDITORS:
        browser = app.test_client()
        assert isinstance(browser, PageClient)
        windows[who] = browser.sign_in("admin" if who == "admin" else "senco")
    Editors.windows = windows
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Editors,
        settings=settings(
            max_examples=10, stateful_step_count=12, deadline=None, derandomize=True,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )  # fmt: skip
    assert Editors.clashes > 2, "else they hardly met"
