"""The register in Django, on the product's own database file: run by `ratios.py` in an environment that has Django.

The same page: its navigation, links, filters and head, the same rows and cells, page one of a list of 100. Somebody has
signed in by Django's own session and authentication (in a database of its own); what they may see is asked once. It is
written as Django is meant to be: its templates (kept once they are read), its pages, its ORM. The product's own rules
say when a review is due, once for each day that occurs. `values` reads columns, `entities` reads model objects.

    python benchmarks/django_list.py DATABASE HOLIDAYS     (HOLIDAYS: days as JSON)
"""

from __future__ import annotations

import gc
import io
import json
import sys
import time
from collections import defaultdict
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

import django
from django.apps import apps
from django.conf import settings

from graduated.rules import reviews
from graduated.rules.calendar import TermDates
from graduated.rules.vocabulary import NeedType, Role, SenStatus, YearGroup

SOON = 21
OPEN = ("draft", "sent", "agreed")
NAVIGATION = ("Today", "Pupils", "Concerns", "Groups", "Reviews", "Requests", "Insight", "School")
BESIDE = ("Class cards", "Import from your MIS", "What to change in your MIS", "Professionals", "Planning meetings")
STATUSES = [("", "SEN support and EHC plans"), ("K", "SEN support"), ("E", "EHC plans"), ("N", "Neither"),
            ("all", "All pupils")]  # fmt: skip
DUES = [("", "Any time"), ("late", "Overdue"), ("soon", "Overdue or within three weeks"), ("draft", "Plan not agreed"),
        ("none", "No plan or no date")]  # fmt: skip
GAPS = [("", "Any"), ("cycle", "No complete cycle yet"), ("baseline", "A measured outcome without a baseline"),
        ("parents", "No recent view of the parents"), ("need", "No primary need")]  # fmt: skip
SORTS = (("Pupil", "name"), ("Year and class", "year"), ("Status", "status"), ("Need", "need"), ("Next review", "due"))
LABELS: dict[str, str] = {one.value: one.label for kind in (YearGroup, SenStatus, NeedType) for one in kind}  # type: ignore[attr-defined]
NAMES: list[str] = []
urlpatterns: list[Any] = []


def configure() -> None:
    """Django's settings: what a project of its own starts with, without what a page of staff does not need."""
    settings.configure(
        SECRET_KEY="a benchmark only", ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], USE_TZ=True,  # noqa: S106
        INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions",
                        "django.contrib.messages", "django.contrib.staticfiles"],
        MIDDLEWARE=["django.middleware.security.SecurityMiddleware", "django.contrib.sessions.middleware.SessionMiddleware",
                    "django.middleware.common.CommonMiddleware", "django.middleware.csrf.CsrfViewMiddleware",
                    "django.contrib.auth.middleware.AuthenticationMiddleware",
                    "django.contrib.messages.middleware.MessageMiddleware",
                    "django.middleware.clickjacking.XFrameOptionsMiddleware"],
        STATIC_URL="/static/", DEFAULT_AUTO_FIELD="django.db.models.AutoField", LANGUAGE_CODE="en-gb",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "/tmp/graduated-django.db", "CONN_MAX_AGE": None},  # noqa: S108
                   "school": {"ENGINE": "django.db.backends.sqlite3", "NAME": sys.argv[1], "CONN_MAX_AGE": None}},
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "OPTIONS": {
            "context_processors": ["django.template.context_processors.request", "django.contrib.auth.context_processors.auth",
                                   "django.contrib.messages.context_processors.messages"],
            "loaders": [("django.template.loaders.cached.Loader", [
                ("django.template.loaders.filesystem.Loader", [str(Path(__file__).with_name("django_templates"))])])]}}],
    )  # fmt: skip
    django.setup()


def main() -> None:
    """Set Django up, check, measure, and print what was found as JSON."""
    configure()
    from django.contrib.auth.models import User as Account
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application
    from django.test import Client

    call_command("migrate", verbosity=0)
    account, _new = Account.objects.get_or_create(pk=1, defaults={"username": "sandra", "first_name": "Sandra Coe"})
    views(frozenset(map(date.fromisoformat, json.loads(sys.argv[2]))))
    apps.clear_cache()
    app, client = get_wsgi_application(), Client()
    client.force_login(account)
    cookie = "; ".join(f"{key}={one.value}" for key, one in client.cookies.items())
    told: dict[str, Any] = {"version": django.get_version()}
    for kind in ("values", "entities"):
        environ = {"REQUEST_METHOD": "GET", "PATH_INFO": f"/{kind}", "SERVER_NAME": "localhost", "SERVER_PORT": "80",
                   "wsgi.url_scheme": "http", "HTTP_COOKIE": cookie, "QUERY_STRING": ""}  # fmt: skip

        def ask(given: dict[str, Any] = environ) -> bytes:
            answer = app({**given, "wsgi.input": io.BytesIO(b"")}, lambda *_told: None)
            body = b"".join(answer)
            answer.close()
            return body

        body = ask()
        told["names"] = NAMES[:]
        told[kind] = {"bytes": len(body), "ms": measured(ask), "page": body.decode()}
    print(json.dumps(told))


def measured(ask: Any) -> float:
    """Milliseconds of the processor for one call: the least of five batches of thirty."""
    best = float("inf")
    for _ in range(5):
        gc.collect()
        gc.disable()
        began = time.process_time()
        for _ in range(30):
            ask()
        best = min(best, 1000 * (time.process_time() - began) / 30)
        gc.enable()
    return best


def tables() -> dict[str, Any]:
    """The models of the product's tables, as far as the page needs them."""
    from django.db import models

    made: dict[str, Any] = {}

    def table(name: str, /, **columns: Any) -> Any:
        meta = type("Meta", (), {"managed": False, "db_table": name, "app_label": "staticfiles"})
        kind = type(name.title().replace("_", ""), (models.Model,), {"__module__": __name__, "Meta": meta, **columns})
        return made.setdefault(name, kind)

    words, day = (lambda: models.CharField(max_length=200)), (lambda: models.DateField(null=True))
    school = {"school_id": models.IntegerField()}
    pupil = table("pupil", **school, legal_surname=words(), legal_forename=words(), known_as=words(), known_surname=words(),
                  year_group=words(), registration_group=words(), left_on=day())  # fmt: skip

    def of_pupil(name: str) -> Any:
        return models.ForeignKey(pupil, models.DO_NOTHING, related_name=name, db_column="pupil_id")

    table("sen_status", pupil=of_pupil("spells"), status=words(), starts=day(), ends=day())
    table("need", pupil=of_pupil("needs"), type=words(), rank=models.IntegerField(), ends=day())
    user = table("user", name=words())
    cycle = table("cycle", pupil=of_pupil("cycles"), number=models.IntegerField(), status=words(), starts=day(),
                  review_due=day(), lead=models.ForeignKey(user, models.DO_NOTHING, null=True))  # fmt: skip
    table("review", cycle=models.ForeignKey(cycle, models.DO_NOTHING, related_name="reviews"), status=words(),
          held_on=day(), ready_by=words())  # fmt: skip
    table("membership", user_id=models.IntegerField(), role=words(), starts=day(), ends=day(),
          school=models.ForeignKey(table("school", name=words()), models.DO_NOTHING))  # fmt: skip
    table("term", school_id=models.IntegerField(), academic_year=words(), name=words(), starts=day(), ends=day(),
          half_term_starts=day(), half_term_ends=day(), inset_days=models.JSONField())  # fmt: skip
    return made


def due_of(
    terms: tuple[TermDates, ...],
    holidays: frozenset[date],
    day: date,
    status: str,
    starts: date,
    review_due: date | None,
    held_on: date | None,
) -> tuple[date | None, str, str]:
    """When a review is due, in which words, and how near that is."""
    due = reviews.due_date(review_due, starts, terms, holidays)
    if status != "agreed":
        return due, "Sent, not agreed yet" if status == "sent" else "Draft, not agreed yet", "draft"
    if due is None:
        return None, "No review date", "none"
    if held_on is not None:
        return due, f"Held {held_on.day} {held_on:%b}, not sealed", "held"
    late = (day - due).days
    return due, reviews.due_words(due, day), "late" if late > 0 else "soon" if late >= -SOON else "later"


def line(one: Any, status: str, needs: list[str], due: tuple[date | None, str, str], lead: str) -> dict[str, Any]:
    """What the page says of a pupil, from a row of columns or from an object."""
    get = one.get if isinstance(one, dict) else partial(getattr, one)
    known, surname = get("known_as") or get("legal_forename"), get("known_surname") or get("legal_surname")
    return {"id": get("id"), "name": f"{known} {surname}", "sort": f"{surname} {known}".casefold(),
            "year": LABELS[get("year_group")], "group": get("registration_group"), "status": status,
            "status_label": LABELS[status], "need": LABELS[needs[0]] if needs else "", "more": len(needs) - 1 if needs else 0,
            "due": due[0], "words": due[1], "state": due[2], "lead": lead}  # fmt: skip


def views(holidays: frozenset[date]) -> None:  # noqa: PLR0915 (what a module of views would hold)
    """The two views, and the addresses that the page names."""
    from django.contrib.auth.decorators import login_required
    from django.core.paginator import Paginator
    from django.db.models import Count, FilteredRelation, Prefetch, Q
    from django.http import HttpRequest, HttpResponse
    from django.shortcuts import render
    from django.urls import path, reverse

    kinds = tables()
    pupils, needs, cycles = (kinds[name].objects.using("school") for name in ("pupil", "need", "cycle"))
    members, spells, terms = (kinds[name].objects.using("school") for name in ("membership", "sen_status", "term"))
    plain = ("id", "legal_surname", "legal_forename", "known_as", "known_surname", "year_group", "registration_group")
    not_sealed = Q(reviews__status="open") & ~Q(reviews__ready_by="")

    def place(request: HttpRequest, day: date) -> Any:
        """Where the person works, and as what: what they may see."""
        return members.filter(Q(ends=None) | Q(ends__gte=day), user_id=request.user.pk, starts__lte=day).values(
            "school_id", "school__name", "role")[0]  # fmt: skip

    def calendar(school: int) -> tuple[TermDates, ...]:
        return tuple(
            TermDates(one.name, one.academic_year, one.starts, one.ends, one.half_term_starts, one.half_term_ends,
                      frozenset(map(date.fromisoformat, one.inset_days)))
            for one in terms.filter(school_id=school).order_by("starts"))  # fmt: skip

    def shown(request: HttpRequest, here: dict[str, Any], day: date, rows: list[dict[str, Any]]) -> HttpResponse:
        rows.sort(key=lambda row: row["sort"])
        pages = Paginator(rows, 100).get_page(request.GET.get("page"))
        NAMES[:] = [row["name"] for row in pages]
        open_spell = FilteredRelation("spells", condition=Q(spells__ends=None))
        counted = pupils.filter(Q(left_on=None) | Q(left_on__gte=day), school_id=here["school_id"]).annotate(
            spell=open_spell).values_list("spell__status", "year_group", "registration_group").annotate(many=Count("id"))  # fmt: skip
        by_status: dict[str, int] = defaultdict(int)
        years, groups = set(), set()
        for status, year, group, many in counted:
            by_status[status or "N"] += many
            years.add(year)
            groups.add(group)
        root = reverse("values")
        return render(request, "register.html", {
            "title": "Pupils", "here": root, "pages": pages, "school": here["school__name"],
            "role": Role(here["role"]).label, "pupil_href": reverse("pupil", args=[0]).removesuffix("0"),
            "counts": f"{by_status['K']} on SEN support · {by_status['E']} with EHC plans · {by_status['N']} others",
            "nav": [{"label": one, "href": reverse(one), "current": one == "Pupils"} for one in NAVIGATION],
            "beside": [(one, reverse(one)) for one in BESIDE], "chosen": request.GET,
            "sorts": [(text, f"{root}?{'down=1' if code == 'name' else 'sort=' + code}", "ascending" if code == "name" else "")
                      for text, code in SORTS],
            "filters": [("status", "Show", False, STATUSES, ""),
                        ("year", "Year", True, [(one.value, one.label) for one in YearGroup if one.value in years], None),
                        ("group", "Class", True, [(one, one) for one in sorted(groups) if one], None),
                        ("need", "Need", True, [(one.value, one.label) for one in NeedType], None),
                        ("due", "Next review", False, DUES, ""), ("gap", "Gap in evidence", False, GAPS, "")]})  # fmt: skip

    def listed(here: dict[str, Any], day: date) -> Any:
        return pupils.filter(Q(left_on=None) | Q(left_on__gte=day), school_id=here["school_id"], spells__ends=None,
                             spells__status__in=["K", "E"])  # fmt: skip

    @login_required
    def on_values(request: HttpRequest) -> HttpResponse:
        day = date.today()  # noqa: DTZ011
        here = place(request, day)
        kept: dict[int, list[str]] = defaultdict(list)
        for pupil_id, kind in (
            needs.filter(pupil__school_id=here["school_id"], ends=None)
            .order_by("rank", "id")
            .values_list("pupil_id", "type")
        ):
            kept[pupil_id].append(kind)
        of_pupil = {one[0]: one for one in cycles.filter(pupil__school_id=here["school_id"], status__in=OPEN).annotate(
            waiting=FilteredRelation("reviews", condition=not_sealed)).values_list(
            "pupil_id", "status", "starts", "review_due", "waiting__held_on", "lead__name")}  # fmt: skip
        due = cache(partial(due_of, calendar(here["school_id"]), holidays, day))
        return shown(request, here, day, [
            line(one, one["spells__status"], kept[one["id"]], due(*of_pupil[one["id"]][1:5]), of_pupil[one["id"]][5] or "")
            for one in listed(here, day).values(*plain, "spells__status")])  # fmt: skip

    @login_required
    def on_entities(request: HttpRequest) -> HttpResponse:
        day = date.today()  # noqa: DTZ011
        here = place(request, day)
        running = cycles.filter(status__in=OPEN).select_related("lead").prefetch_related(
            Prefetch("reviews", kinds["review"].objects.using("school").filter(status="open").exclude(ready_by="")))  # fmt: skip
        found = listed(here, day).prefetch_related(
            Prefetch("needs", needs.filter(ends=None).order_by("rank", "id")), Prefetch("cycles", running),
            Prefetch("spells", spells.filter(ends=None)))  # fmt: skip
        due = cache(partial(due_of, calendar(here["school_id"]), holidays, day))
        rows = []
        for one in found:
            cycle = one.cycles.all()[0]
            held = next((review.held_on for review in cycle.reviews.all()), None)
            rows.append(line(one, one.spells.all()[0].status, [kind.type for kind in one.needs.all()],
                             due(cycle.status, cycle.starts, cycle.review_due, held), cycle.lead.name))  # fmt: skip
        return shown(request, here, day, rows)

    urlpatterns[:] = [
        path("values", on_values, name="values"),
        path("entities", on_entities),
        path("pupils/<int:one>", on_values, name="pupil"),
        *(path(f"{number}", on_values, name=name)
          for number, name in enumerate((*NAVIGATION, *BESIDE, "account", "new", "stay"))),
    ]  # fmt: skip


if __name__ == "__main__":
    main()
