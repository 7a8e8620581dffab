"""Forms of school devices: registering one, the one-time code, setting a PIN, coming in with it."""

from __future__ import annotations

from wtforms import PasswordField, RadioField, SelectChoice, StringField
from wtforms.validators import InputRequired, Length, Regexp

from graduated.web.fields import DatePartsField
from graduated.web.forms import Form

# Called a one-time code, so that the browser of a shared device does not offer to keep it.
_DIGITS = {"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": "6"}


class DeviceForm(Form):
    """A device to be registered."""

    name = StringField(
        "What is the device called?", [InputRequired("Enter a name, such as Tablet, Year 3"), Length(max=60)]
    )
    which = RadioField(
        "Which device is it?",
        [InputRequired("Choose which device it is")],
        choices=[
            SelectChoice("here", "The device that I am using now"),
            SelectChoice("code", "Another one: give me a code to type on it"),
        ],
    )
    expires_on = DatePartsField("Last day", noun="The last day")


class CodeForm(Form):
    """The one-time code, typed on the device."""

    code = StringField(
        "Code",
        [InputRequired("Enter the code"), Length(max=20, message="A code is not that long")],
        render_kw={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"},
    )


class PinForm(Form):
    """A PIN for the device in hand."""

    initials = StringField(
        "What your button says",
        [InputRequired("Enter your initials"), Regexp("^[A-Za-z0-9]{1,4}$", message="One to four letters or figures")],
        render_kw={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"},
    )
    pin = PasswordField("PIN", [InputRequired("Enter six digits")], render_kw=_DIGITS)
    again = PasswordField("The same PIN again", [InputRequired("Enter the PIN again")], render_kw=_DIGITS)


class ComeInForm(Form):
    """Who I am on this device, and my PIN."""

    who = RadioField("Who are you?", [InputRequired("Tap your initials")])
    pin = PasswordField("PIN", [InputRequired("Enter your PIN")], render_kw=_DIGITS)
