"""School, Post: what waits, what could not be sent and why, what was sent."""

from __future__ import annotations

from flask import Response, current_app

from graduated.access.actions import SCHOOL_READ, SCHOOL_WRITE
from graduated.access.guards import guard, may
from graduated.db.machinery import PostState
from graduated.school import services_post as services
from graduated.school.panels import offer_link
from graduated.school.queries_post import find_post, post_in
from graduated.school.views import bp
from graduated.web.page import done, page

__all__ = ["find_post"]
offer_link(30, "Post: what waits, was sent or could not be sent", "school.post")


@bp.get("/school/post")
@guard(SCHOOL_READ)
def post() -> Response:
    """Recipients and subjects only: what a message says is for who gets it."""
    return page(
        "school/post.html",
        title="Post",
        failed=post_in(PostState.FAILED),
        waiting=post_in(PostState.WAITING),
        sent=post_in(PostState.SENT),
        to_folder=current_app.config["SETTINGS"].smtp_url is None,
        can_edit=may(SCHOOL_WRITE),
    )


@bp.post("/school/post/<int:post_id>/again")
@guard(SCHOOL_WRITE)
def try_again(post_id: int) -> Response:
    """Try a message again now."""
    services.try_again(post_id)
    return done("school.post", "It waits to be sent, and is tried at once.")
