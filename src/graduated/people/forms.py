"""Forms of signing in, of one's own account, and of keeping staff."""

from __future__ import annotations

from typing import Any

from wtforms import HiddenField, PasswordField, RadioField, SelectChoice, StringField
from wtforms.validators import Email, InputRequired, Length

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
    next = HiddenField()


class InvitationForm(Form):
    """Coming in by a link: a new password; a name too when nobody has entered one."""

    name = StringField(
        "Your name", [InputRequired("Enter your name"), Length(max=120)], render_kw={"autocomplete": "name"}
    )
    new_password = PasswordField("New password", [InputRequired("Enter a password")])


class KnownInvitationForm(Form):
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
