"""From when a status that a file reports counts, so that an export never rewrites what a review decided."""

from __future__ import annotations

from datetime import date

from graduated.rules.vocabulary import StatusSource


def start_of_status(file_start: date | None, open_start: date, open_source: StatusSource, today: date) -> date:
    """The first day of a new SEN status.

    The file's date counts when it lies in the spell that is open now. An earlier one counts only when that spell came
    from the school's information system itself, which then knew better late. What a review, the authority or a person
    decided since is never overwritten: the new status begins today, or when the open spell does if that is later.
    """
    if file_start is not None and (file_start >= open_start or open_source is StatusSource.MIS):
        return file_start
    return max(today, open_start)
