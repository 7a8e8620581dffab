"""Pages of `assess`."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("assess", __name__)
