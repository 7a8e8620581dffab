"""Pages of `pupils`."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("pupils", __name__)
