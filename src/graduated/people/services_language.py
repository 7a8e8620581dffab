"""The language that a person reads the family's side in: chosen by themselves, before signing in or after."""

from __future__ import annotations

from flask import session
from sqlalchemy import bindparam, select

from graduated.access.entry import Door
from graduated.access.identity import acting, system_actor
from graduated.access.policy import Hat
from graduated.db.session import db
from graduated.db.writing import writes
from graduated.people.models import User
from graduated.web import languages
from graduated.web.languages import N_

_LANGUAGE = select(User.language).where(User.id == bindparam("user_id"))


@writes("Language chosen")
def choose_language(user_id: int, code: str) -> int:
    """Keep the language that somebody chose for themselves; the user's id."""
    row = db.session.scalars(select(User).where(User.id == user_id)).one()
    row.language = code
    return row.id


def bring_language(user_id: int, door: Door) -> None:
    """At the family's door: the language chosen in this visit is theirs from now on, else the one they chose before.

    Who never chose one goes on reading what the device says, and their account is left without one.
    """
    if door.hat is not Hat.FAMILY:
        return
    chosen = languages.chosen_here()
    with acting(system_actor(door.school_id, "Signing in")):
        kept = db.session.scalar(_LANGUAGE, {"user_id": user_id})
        if chosen is not None and chosen != kept:
            choose_language(user_id, chosen)
    if chosen or kept:
        session[languages.KEY] = chosen or kept


SAID_ELSEWHERE = (
    N_("The email address or the password is not right. Check both and try again."),
    N_("The email address, the password or the code is not right. Check all three and try again."),
    N_("Too many tries. Wait five minutes, then try again."),
    N_("Signing in needs a secure address (https). Ask your administrator for it."),
    N_("Setting a password needs a secure address (https). Ask the school for it."),
    N_("Enter your email address"),
    N_("Enter your password"),
    N_("Enter your name"),
    N_("Enter a password"),
    N_("Enter a new password"),
    N_("Enter your password as it is now"),
    N_("This is not your password as it is now"),
    N_("The password is not right"),
    N_("Your own name"),
    N_("Your password"),
    N_("Your password now"),
    N_("New password"),
    N_("Password changed. Other browsers have been signed out."),
    N_("That browser has been signed out."),
    N_("You are signed out everywhere."),
    N_("as a parent or carer"),
    N_("as staff"),
    N_("Accessibility"),
    N_("Privacy"),
    N_("Help"),
    N_("Your account"),
    N_("Code"),
    N_("Code on your letter"),
    N_("Enter the code that stands on your letter"),
    N_("This code does not work. Compare it with your letter, or ask the school for a new one."),
    N_("Enter the code"),
    N_("A code is not that long"),
    N_("Code from your app, or a recovery code"),
    N_("The six digits that the app shows"),
    N_("Enter the six digits that the app shows"),
    N_("Name of this passkey"),
    N_("Enter a name by which you will know it again"),
    N_("The child’s date of birth"),
    N_("Your date of birth"),
    N_("Enter the date of birth"),
    N_("The date of birth"),
    N_("That is not the date of birth that the school has. If you are sure, ask the school."),
    N_("This code is not right, or was used before. Wait for the next one, and check that the phone’s clock is right."),
    N_("Too many wrong codes. Wait five minutes, then try again."),
    N_("Enter your password again: it is never sent back to the page."),
    N_("This is not your password"),
    N_("This is not the code that the app shows now. Check that the phone’s clock is right."),
    N_("This page stood open for too long. Scan the picture again: it is a new one."),
    N_("This passkey did not work here. Try again, or go on another way."),
    N_("Too many wrong tries from where you are. Wait an hour, or go on another way."),
    N_("Too many wrong tries from where you are. Wait an hour, or ask your school."),
    N_("Passkeys need an address with a name, and this page was opened by a number. Go on another way."),
    N_("You have no passkey for this address. Go on another way."),
    N_("It is more than five minutes since your password. Enter it again."),
    N_("A passkey is made by a script, which did not run here. Set up an app for codes instead."),
    N_("This passkey could not be made. Try again."),
    N_("Passkey made."),
    N_("Passkey renamed."),
    N_("Passkey removed. It no longer signs anybody in."),
    N_("Rename a passkey"),
    N_("Remove a passkey"),
    N_("Taken away. From now on a passkey is your second step."),
    N_("Taken away. From now on the password alone signs you in."),
)
"""What forms, titles and messages say that families meet, word for word as it stands where it is used."""
