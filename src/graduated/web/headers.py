"""What every answer carries: a strict content policy, no caching of anybody's record."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from flask import Flask, Response, abort, current_app, request

from graduated.db.files import pieces

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_A_YEAR = 31_536_000


def attach_as(response: Response, name: str) -> None:
    """Make an answer a download of that name."""
    _dispose(response, "attachment", name)


def _dispose(response: Response, how: str, name: str) -> None:
    """Say whether an answer is kept or shown, and under which name.

    Headers are Latin-1 on the wire, and a Polish name in one would break the answer: so the name goes percent-encoded,
    and without its accents for what cannot read that.
    """
    stem, _, ending = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().rpartition(".")
    plain = f"{stem.strip(' -') or 'download'}.{ending}"
    options = (
        {"filename": plain} if plain == name else {"filename": plain, "filename*": f"UTF-8''{quote(name, safe='')}"}
    )
    response.headers.set("Content-Disposition", how, **options)


def download(content: bytes | Iterator[bytes], kind: str, name: str) -> Response:
    """A file made for the reader, to be kept and never run inside the site."""
    answer = Response(content, content_type=kind)
    attach_as(answer, name)
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


def shown_pdf(content: bytes, name: str) -> Response:
    """A PDF made for the reader, shown by the browser; `name` is what it is called when kept."""
    answer = Response(content, content_type="application/pdf")
    _dispose(answer, "inline", name)
    return answer


def shown_picture(sha256: str) -> Response:
    """A JPEG picture of the file store that we made ourselves, shown within a page of the site and nowhere else."""
    answer = stored_download(sha256, "image/jpeg", "preview.jpg")
    _dispose(answer, "inline", "preview.jpg")
    return answer


def stored_download(sha256: str, kind: str, name: str) -> Response:
    """A file of the file store to be kept by the reader; one that is gone or damaged is not given out (404).

    It is handed over in pieces: a pack with its papers may be larger than the memory of the process.
    """
    try:
        path = current_app.extensions["files"].whole(sha256)
        size = path.stat().st_size
    except (OSError, ValueError):  # gone from the disc, or by law: then the record names no file any more
        abort(404)
    answer = download(_handed_over(path), kind, name)
    answer.content_length = size
    return answer


def _handed_over(path: Path) -> Iterator[bytes]:
    with path.open("rb") as kept:
        yield from pieces(kept)


def install(app: Flask, *, https: bool) -> None:
    """Add the headers to every answer of the app."""

    @app.after_request
    def add(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if https:
            response.headers["Strict-Transport-Security"] = f"max-age={_A_YEAR}; includeSubDomains"
        if request.endpoint == "static" and response.status_code == 200 and "v" in request.args:
            response.headers["Cache-Control"] = f"public, max-age={_A_YEAR}, immutable"
        elif request.endpoint != "static":
            response.headers["Cache-Control"] = "no-store"
            response.vary.add("Cookie")
        return response
