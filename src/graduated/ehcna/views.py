"""Pages of `ehcna`."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("ehcna", __name__)
