"""Forms of signing in."""

from __future__ import annotations

from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired

from graduated.web.forms import Form


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
