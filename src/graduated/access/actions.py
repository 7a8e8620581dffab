"""Everything a page or a form can do, each in one area of the access table."""

from __future__ import annotations

from graduated.access.policy import Action, Area, Hat, Power

_R, _C, _W = Power.READ, Power.CONTRIBUTE, Power.WRITE

PUBLIC = Action("public", Area.SELF, Power.NONE, hat=Hat.ANY, is_public=True)
OWN_ACCOUNT = Action("own-account", Area.SELF, _R, hat=Hat.ANY)
SECOND_STEP = Action("own-account.second-step", Area.SELF, _R, hat=Hat.ANY)
"""The one thing that is open to who must set up a second step of signing in and has not."""
TODAY = Action("today", Area.SELF, _R)

REGISTER_READ = Action("register.read", Area.REGISTER, _R)
REGISTER_EXPORT = Action("register.export", Area.REGISTER, _R, asks_again=True)
REGISTER_WRITE = Action("register.write", Area.REGISTER, _W)
CLASS_CARD = Action("class-card.read", Area.CLASS_CARD, _R)
CARD_READERS = Action("class-card.readers", Area.CLASS_CARD, _R, special="readers")
INSIGHT = Action("insight.read", Area.INSIGHT, _R)
INSIGHT_EXPORT = Action("insight.export", Area.INSIGHT, _R, asks_again=True)

ASSESS_READ = Action("assess.read", Area.ASSESS, _R)
ASSESS_CONTRIBUTE = Action("assess.contribute", Area.ASSESS, _C)
ASSESS_WRITE = Action("assess.write", Area.ASSESS, _W)

PLAN_READ = Action("plan.read", Area.PLAN_AGREED, _R)
PLAN_DRAFT = Action("plan.draft", Area.PLAN_DRAFT, _W)
PLAN_CONTRIBUTE = Action("plan.contribute", Area.PLAN_DRAFT, _C)
PLAN_AGREE = Action("plan.agree", Area.PLAN_DRAFT, _W)
PLAN_AMEND = Action("plan.amend", Area.PLAN_AGREED, _W)

COST_READ = Action("cost.read", Area.COST, _R)
PACK_TAKE = Action("request.take", Area.COST, _R, asks_again=True)
"""A built pack leaves the program: it prints hourly rates, so who reads no cost takes none (docs/decisions/009)."""
COST_WRITE = Action("cost.write", Area.COST, _W)

SESSIONS_READ = Action("sessions.read", Area.SESSIONS, _R)
SESSIONS_LOG = Action("sessions.log", Area.SESSIONS, _W)
DEVICE_LOG = Action("sessions.device", Area.SESSIONS, _W, on_device=True)
"""All that is open to who came in with a PIN on a school device: their own groups of today, to log and to undo."""
DEVICE_PIN = Action("own-account.pin", Area.SESSIONS, _W, asks_again=True)
"""A PIN is set by who logs sessions, and only a while after they proved who they are."""

REVIEW_READ = Action("review.read", Area.REVIEW_SEALED, _R)
REVIEW_WRITE = Action("review.write", Area.REVIEW_OPEN, _W)
REVIEW_CONTRIBUTE = Action("review.contribute", Area.REVIEW_OPEN, _C)
REVIEW_SEAL = Action("review.seal", Area.REVIEW_OPEN, _W, special="seal")
REVIEW_ADDENDUM = Action("review.addendum", Area.REVIEW_SEALED, _R, special="addenda")

RESTRICTED_READ = Action("restricted.read", Area.RESTRICTED, _R)
RESTRICTED_WRITE = Action("restricted.write", Area.RESTRICTED, _W)

# Attendance, suspensions and health are what a request asks for beyond the cycles: one row of the table for both.
BACKGROUND_READ = Action("background.read", Area.REQUEST, _R)
BACKGROUND_WRITE = Action("background.write", Area.REQUEST, _W)

REQUEST_READ = Action("request.read", Area.REQUEST, _R)
REQUEST_CONTRIBUTE = Action("request.contribute", Area.REQUEST, _C)
REQUEST_WRITE = Action("request.write", Area.REQUEST, _W)
REQUEST_BUILD = Action("request.build", Area.REQUEST, _W, special="build")
REQUEST_COPY_OUT = Action("request.copy-out", Area.REQUEST, _W, special="build", asks_again=True)
REQUEST_SIGN = Action("request.sign", Area.REQUEST, _R, special="sign")

SCHOOL_READ = Action("school.read", Area.SCHOOL, _R)
SCHOOL_WRITE = Action("school.write", Area.SCHOOL, _W)
ERASE = Action("erasure.ask", Area.AUDIT, _R, special="erase")
ERASE_AUTHORISE = Action("erasure.authorise", Area.AUDIT, _R, special="authorise")
AUDIT_READ = Action("audit.read", Area.AUDIT, _R)

FAMILY_HOME = Action("family.home", Area.PLAN_AGREED, _R, hat=Hat.FAMILY)
FAMILY_PLAN = Action("family.plan", Area.PLAN_AGREED, _R, hat=Hat.FAMILY)
FAMILY_REVIEW = Action("family.review", Area.REVIEW_SEALED, _R, hat=Hat.FAMILY)
DISCLOSE = Action("disclosure.write", Area.AUDIT, _R, special="disclose")
DISCLOSE_DECIDE = Action("disclosure.decide", Area.AUDIT, _R, special="decide")
"""Deciding what of a record goes to who asked for it; of what is kept to them, the safeguarding lead."""
LEAVE = Action("transfer.read", Area.AUDIT, _R, special="leave")
LEAVE_MAKE = Action("transfer.make", Area.AUDIT, _R, special="leave", asks_again=True)
"""A whole record leaves for another school: for the SENCO and the head, a while after they proved who they are."""
BRING_IN = Action("transfer.bring-in", Area.REQUEST, _W, special="build")
"""A record that another school sent is brought in by the SENCO: it writes plans, reviews and a request."""
DISCLOSE_TAKE = Action("disclosure.take", Area.AUDIT, _R, special="disclose", asks_again=True)
FAMILY_REQUEST = Action("family.request", Area.REQUEST, _R, hat=Hat.FAMILY)
FAMILY_DOCUMENT = Action("family.document", Area.PLAN_AGREED, _R, hat=Hat.FAMILY)
