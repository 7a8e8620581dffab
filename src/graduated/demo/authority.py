"""A profile of the school's own, lying ready and not in use: Dorset's facts, with the views before the reason."""

from __future__ import annotations

from graduated.demo.stage import Stage
from graduated.school.authorities import FOLDER
from graduated.school.services_authority import add_profile

_VIEWS = '    { key = "views", title = "Views" },\n'
_REASON = '    { key = "reason", title = "Reason for the request" },\n'


def lie_ready(stage: Stage) -> None:
    """Add it in the SENCO's name. Nothing in it says more of Dorset than the profile that comes with the program."""
    text = (FOLDER / "dorset.toml").read_text(encoding="utf-8")
    text = text.replace('code = "dorset"', 'code = "dorset-views-first"')
    text = text.replace('name = "Dorset"', 'name = "Dorset, views first"')
    text = text.replace(_VIEWS, "").replace(_REASON, _VIEWS + _REASON)
    with stage.act("legg", stage.calendar.shifted(stage.today, -12), "Authority profile added", 16, 20):
        add_profile(text)
