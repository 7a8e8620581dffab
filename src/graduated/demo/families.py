"""Families of the demo school: a hold that runs out soon, invitations that wait or ran out, a translation."""

from __future__ import annotations

from datetime import timedelta

from graduated.access.identity import acting
from graduated.demo.lived import Life
from graduated.demo.papers import Paper, store
from graduated.demo.people import PARENTS
from graduated.demo.stage import Stage
from graduated.people.sign_in import hash_token
from graduated.plan.services_translations import Translated, attach_translation
from graduated.pupils.queries import FamilyAdult, adults_of
from graduated.pupils.services import NewBar, bar, invite_adult, renew_hold
from graduated.pupils.services_family import Offer
from graduated.rules.vocabulary import BarKind, DocumentKind, Visibility

_TRANSLATED = "Zofia Szymańska"
_WORDS = (
    "To jest tłumaczenie planu wsparcia, zatwierdzone przez szkołę. Plan w języku angielskim jest tym, który został "
    "uzgodniony.",
    "Zosia pracuje nad tym, aby opowiadać o lekcji własnymi słowami i prosić o pomoc, kiedy czegoś nie rozumie.",
    "W szkole: grupa rozmów kilka razy w tygodniu, nowe słowa przed lekcją i obrazki do poleceń.",
    "W domu: proszę rozmawiać z Zosią po polsku o tym, co było w szkole. Silny język domowy pomaga w angielskim.",
)


def tell(stage: Stage, lives: dict[str, Life]) -> None:
    """The translation of Zofia's plan; then a hold and invitations of the first families not told of elsewhere."""
    if _TRANSLATED in lives:
        _translate(stage, lives[_TRANSLATED])
    open_to = [
        (lives[name], one)
        for name in sorted(lives)
        for one in _adults(stage, lives[name])
        if one.may_look and not one.has_sign_in and one.email and one.name not in dict(PARENTS)
    ]
    apart = next((one for _life, one in open_to if not one.lives_with), None)
    if apart is not None:
        _hold(stage, apart)
    at_home = [one for _life, one in open_to if one.lives_with]
    for one, (number, days) in zip(at_home, ((1, 2), (2, 5), (3, 20)), strict=False):
        _invite(stage, one, number, days)


def _adults(stage: Stage, life: Life) -> list[FamilyAdult]:
    with stage.system():
        return adults_of(life.pupil_id)


def _hold(stage: Stage, adult: FamilyAdult) -> None:
    """Begun seven weeks ago, renewed once, and nine days from its end."""
    first, day = stage.today - timedelta(days=49), stage.today
    reason = "Social care is looking into what happened at handover. No contact until its meeting."
    with stage.act("hargreave", first, "Safeguarding hold entered", 8, 40):
        held = bar(adult.family_link_id, NewBar(BarKind.HOLD, first, first + timedelta(days=28), reason))
    with stage.act("hargreave", day - timedelta(days=25), "Safeguarding hold renewed", 8, 50):
        renew_hold(held, day + timedelta(days=9), "The meeting was put off; social care asks us to wait for it.")


def _invite(stage: Stage, adult: FamilyAdult, number: int, days: int) -> None:
    # Of no token: the words are not of a token's shape, so nobody can come in by them.
    with stage.act("legg", stage.today - timedelta(days=days), "Family invited", 16, 10 + number):
        invite_adult(adult.family_link_id, Offer(adult.email, printed=number == 2), hash_token(f"demo, {number}"))


def _translate(stage: Stage, life: Life) -> None:
    if life.cycle_id is None:
        return
    day = stage.calendar.on_or_before(stage.today - timedelta(days=6))
    with stage.on(day, 15, 5), acting(stage.cast.actor("legg")):
        title = "Plan wsparcia Zosi, po polsku"
        paper = store(Paper(DocumentKind.OTHER, title, "Purbeck Road Primary", day, _WORDS, Visibility.FAMILY))
    with stage.act("legg", day, "Approved translation attached", 15, 5):
        attach_translation(
            life.cycle_id, Translated("Polish", "Hannah Legg, with Mrs Kowalczyk, interpreter", day), paper
        )
