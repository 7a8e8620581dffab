"""Pages of `do`."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("do", __name__)
