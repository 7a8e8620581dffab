"""Forms of signing in, of one's own account, and of keeping staff."""

from __future__ import annotations

from typing import Any

from wtforms import HiddenField, PasswordField, RadioField, SelectChoice, StringField
from wtforms.validators import Email, InputRequired, Length, Optional

from graduated.people.giving import staff_roles
from graduated.rules.vocabulary import AssignmentSource, Role
from graduated.web.fields import DatePartsField
from graduated.web.forms import Form

_EMAIL = {"autocomplete": "off", "type": "email", "spellcheck": "false"}
_KINDS = (AssignmentSource.REGISTRATION, AssignmentSource.TEACHING)


def _choices(words: Any) -> list[Any]:
    return [SelectChoice(word.value, word.label) for word in words]


class SignInForm(Form):
    """E-mail and password. Both errors read alike."""

    email = StringField(
        "Email address",
        [InputRequired("Enter your email address")],
        render_kw={"autocomplete": "username", "type": "email", "spellcheck": "false"},
    )
    password = PasswordField(
        "Password", [InputRequired("Enter your password")], render_kw={"autocomplete": "current-password"}
    )
    code = StringField(
        "Code from your app, or a recovery code",
        [Optional(), Length(max=40)],
        render_kw={"autocomplete": "one-time-code", "spellcheck": "false", "autocapitalize": "none"},
    )
    next = HiddenField()


def _code() -> StringField:
    return StringField(
        "Code",
        [InputRequired("Enter the code"), Length(max=40, message="A code is not that long")],
        render_kw={"autocomplete": "one-time-code", "spellcheck": "false", "autocapitalize": "none"},
    )


class CodeForm(Form):
    """The second step of signing in."""

    code = _code()


class PasskeyForm(Form):
    """What a device answered, as JSON that a script put there; without scripts it stays empty."""

    passkey = HiddenField()
    next = HiddenField()


def _key_name() -> StringField:
    return StringField(
        "Name of this passkey",
        [InputRequired("Enter a name by which you will know it again"), Length(max=60)],
        render_kw={"autocomplete": "off"},
    )


class PasskeyAddForm(Form):
    """A new passkey."""

    name = _key_name()
    passkey = HiddenField()


class PasskeyNameForm(Form):
    """Another name for a passkey."""

    name = _key_name()


class ProveForm(Form):
    """Who has a second step enters a code, everybody else the password."""

    password = PasswordField("Your password", [InputRequired("Enter your password")])
    code = _code()
    next = HiddenField()


class SetUpForm(Form):
    """A second step is set up: the first code proves that the app has the secret. `kept` is the secret, enciphered."""

    password = PasswordField("Your password", [InputRequired("Enter your password")])
    code = StringField(
        "The six digits that the app shows",
        [InputRequired("Enter the six digits that the app shows"), Length(max=40)],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"},
    )
    kept = HiddenField()


class _ByLink(Form):
    """Who comes in for a child says when the child was born; others are not asked."""

    born_on = DatePartsField(
        "The child’s date of birth", [InputRequired("Enter the date of birth")], noun="The date of birth", birthday=True
    )


class InvitationForm(_ByLink):
    """Coming in by a link: a new password; a name too when nobody has entered one."""

    name = StringField(
        "Your own name", [InputRequired("Enter your name"), Length(max=120)], render_kw={"autocomplete": "name"}
    )
    new_password = PasswordField("New password", [InputRequired("Enter a password")])


class KnownInvitationForm(_ByLink):
    """Coming in by a link when the account has a password already."""

    password = PasswordField("Your password", [InputRequired("Enter your password")])


class PasswordForm(Form):
    """A new password for one's own account."""

    password = PasswordField("Your password now", [InputRequired("Enter your password as it is now")])
    new_password = PasswordField("New password", [InputRequired("Enter a new password")])


class PersonForm(Form):
    """A new member of staff."""

    name = StringField("Name", [InputRequired("Enter the person’s name"), Length(max=120)])
    email = StringField(
        "Email address",
        [
            InputRequired("Enter an email address"),
            Email("Enter an email address in full, for example j.samways@school.example"),
            Length(max=254),
        ],
        render_kw=_EMAIL,
    )
    role = RadioField("Role", [InputRequired("Choose a role")])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.role.choices = _choices(staff_roles())


class RoleForm(Form):
    """Another role for somebody who works here."""

    role = RadioField("Role", [InputRequired("Choose a role")])
    starts = DatePartsField("First day", [Optional()], noun="The first day")

    def offer(self, roles: list[Role]) -> None:
        """The roles to choose from."""
        self.role.choices = _choices(roles)


class EndRoleForm(Form):
    """When a role ends."""

    when = RadioField(
        "When does it end?",
        [InputRequired("Choose when the role ends")],
        choices=[SelectChoice("now", "Now, at once"), SelectChoice("after", "After their last day")],
    )
    last_day = DatePartsField("Last day", noun="The last day")


class GroupForm(Form):
    """A class, tutor group or teaching group for a member of staff."""

    kind = RadioField("What kind of group?", [InputRequired("Choose the kind of group")], choices=_choices(_KINDS))
    name = StringField(
        "Name of the group",
        [InputRequired("Enter the name of the group, as the information system writes it"), Length(max=60)],
        render_kw={"autocomplete": "off", "list": "known-groups"},
    )


class CodeOnPaperForm(Form):
    """The code of a printed invitation."""

    code = StringField(
        "Code on your letter",
        [InputRequired("Enter the code that stands on your letter"), Length(max=60)],
        render_kw={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"},
    )
