"""Pages of `insight`."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("insight", __name__)
