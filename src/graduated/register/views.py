"""Pages of `register`."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("register", __name__)
