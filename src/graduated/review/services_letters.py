"""A letter sent: kept as given, and where it goes by e-mail a notice that says nothing of the child."""

from __future__ import annotations

from graduated.db.machinery import Post
from graduated.db.session import db
from graduated.db.writing import writes
from graduated.review.errors import ReviewRefused
from graduated.review.queries_given import adults_to_give
from graduated.review.services_given import Giving, give
from graduated.rules.vocabulary import GivenHow
from graduated.school.queries import school_details


@writes("Letter to the parents")
def send_letter(pupil_id: int, giving: Giving, pdf: bytes) -> int:
    """Keep that the letter was given; by e-mail, write a notice to each adult in the same transaction.

    The letter itself never travels by e-mail: the notice asks to sign in and read it. So an adult without a sign-in
    gets it on paper. Gives the id of the last row.
    """
    if giving.how is GivenHow.EMAILED:
        _notices(pupil_id, giving)
    return give(pupil_id, giving, pdf)


def _notices(pupil_id: int, giving: Giving) -> None:
    known = {one.adult_id: one for one in adults_to_give(pupil_id)}
    school = school_details().name
    for adult_id in dict.fromkeys(giving.adult_ids):
        adult = known.get(adult_id)
        if adult is None or adult.contact_withheld:
            continue  # who may not be written to is refused by name in `give`
        if not (adult.may_look and adult.has_sign_in and adult.email):
            raise ReviewRefused(
                f"{adult.name} has no sign-in with an e-mail address, so the letter cannot be read that way. "
                "Print it and hand it over or post it."
            )
        db.session.add(
            Post(
                recipient=adult.email,
                subject=f"A message from {school}"[:200],
                body=f"{school} has written to you.\n\n"
                "Sign in to Graduated with the address and password that you have from the school. The letter stands "
                "there under “What you were given”.\n\n"
                "If you cannot sign in, ask the school for the letter on paper.\n",
            )
        )
