"""Pages of `request`."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("request", __name__)
