"""The word by which a request is found in the log: said on an error page, and typed by whoever runs Graduated.

It is made here. What a proxy calls a request is noted beside it, and only where the settings say that one stands in
front: else anybody could put words into the log.
"""

from __future__ import annotations

import re
import secrets

from flask import current_app, g, request

_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without those that are taken for one another when read aloud or copied from a screen."""
_PROXYS = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{7,63}")


def reference() -> str:
    """The reference of this request, such as 7F3K-22QM; the same whoever asks for it and how often."""
    if "reference" not in g:
        letters = "".join(secrets.choice(_LETTERS) for _ in range(8))
        g.reference = f"{letters[:4]}-{letters[4:]}"
    return str(g.reference)


def proxys_name() -> str:
    """What the proxy in front calls this request (X-Request-ID); nothing where none stands in front."""
    if not current_app.config["SETTINGS"].proxies:
        return ""
    given = request.headers.get("X-Request-ID", "")
    return given if _PROXYS.fullmatch(given) else ""
