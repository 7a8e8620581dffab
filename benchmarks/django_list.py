"""The register in Django, on the product's own database file: run by `ratios.py` in an environment that has Django.

Signed in by Django's own session and authentication (in a database of its own), one page of 100 of the pupils on SEN
support with status, need, next review and lead teacher. `values` reads columns, `entities` reads model objects.
"""

from __future__ import annotations

import gc
import io
import json
import sys
import time
from typing import Any

import django
from django.apps import apps
from django.conf import settings

TEMPLATE = """{% load static %}<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>Pupils</title></head><body>
<header>{{ request.user.username }}</header><main><h1>Pupils</h1><p>{{ count }} on SEN support</p>
<form method="get">{% csrf_token %}<select name="year">{% for code in years %}<option>{{ code }}</option>{% endfor %}</select></form>
<table class="stack dense"><caption class="govuk-visually-hidden">The register</caption><thead><tr><th scope="col">Pupil</th><th
scope="col">Class</th><th scope="col">Status</th><th scope="col">Need</th><th scope="col">Next review</th><th scope="col">Lead
teacher</th></tr></thead><tbody>{% for row in rows %}
<tr><th scope="row"><a href="{% url 'pupil' row.id %}">{{ row.name }}</a></th><td data-h="Class">{{ row.year }}, {{ row.group }}</td>
<td data-h="Status"><span class="tag tag-plan">{{ row.status }}</span></td><td data-h="Need">{{ row.need }}</td><td
data-h="Next review">{% if row.late %}<span class="late">{{ row.words }}</span> <span class="small soft nowrap">{{ row.due|date:"j M" }}</span>{% else %}{{ row.due|date:"j M Y" }}{% endif %}</td>
<td data-h="Lead">{{ row.lead }}</td></tr>{% endfor %}</tbody></table></main></body></html>"""


def main() -> None:
    """Set Django up, check, measure, and print what was found as JSON."""
    settings.configure(
        SECRET_KEY="a benchmark only", ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], USE_TZ=True,  # noqa: S106
        INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions",
                        "django.contrib.staticfiles"],
        MIDDLEWARE=["django.middleware.security.SecurityMiddleware", "django.contrib.sessions.middleware.SessionMiddleware",
                    "django.middleware.common.CommonMiddleware", "django.middleware.csrf.CsrfViewMiddleware",
                    "django.contrib.auth.middleware.AuthenticationMiddleware"],
        STATIC_URL="/static/", DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "/tmp/graduated-django.db", "CONN_MAX_AGE": None},  # noqa: S108
                   "school": {"ENGINE": "django.db.backends.sqlite3", "NAME": sys.argv[1], "CONN_MAX_AGE": None}},
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "OPTIONS": {
            "context_processors": ["django.template.context_processors.request"],
            "loaders": [("django.template.loaders.locmem.Loader", {"register.html": TEMPLATE})]}}],
    )  # fmt: skip
    django.setup()
    from django.contrib.auth.models import User as Account
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application
    from django.test import Client

    call_command("migrate", verbosity=0)
    account, _new = Account.objects.get_or_create(username="sandra")
    views()
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
        told[kind] = {"bytes": len(body), "ms": measured(ask)}
    print(json.dumps(told))


NAMES: list[str] = []
urlpatterns: list[Any] = []


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


def views() -> None:
    """The models of the product's tables, and the two views."""
    from datetime import date

    from django.db import models
    from django.http import HttpRequest, HttpResponse
    from django.shortcuts import render
    from django.urls import path

    def table(name: str, /, **columns: Any) -> Any:
        meta = type("Meta", (), {"managed": False, "db_table": name, "app_label": "staticfiles"})
        return type(name.title().replace("_", ""), (models.Model,), {"__module__": __name__, "Meta": meta, **columns})

    words, day = (lambda: models.CharField(max_length=200)), (lambda: models.DateField(null=True))
    pupil = table("pupil", school_id=models.IntegerField(), legal_surname=words(), legal_forename=words(), known_as=words(),
                  year_group=words(), registration_group=words(), left_on=day())  # fmt: skip
    under = {"on_delete": models.DO_NOTHING, "db_column": "pupil_id"}
    spell = table(
        "sen_status", pupil=models.ForeignKey(pupil, related_name="spells", **under), status=words(), ends=day()
    )
    need = table(
        "need",
        pupil=models.ForeignKey(pupil, related_name="needs", **under),
        type=words(),
        rank=models.IntegerField(),
        ends=day(),
    )
    user = table("user", name=words())
    table("cycle", pupil=models.ForeignKey(pupil, related_name="cycles", **under), number=models.IntegerField(), status=words(),
          review_due=day(), lead=models.ForeignKey(user, on_delete=models.DO_NOTHING))  # fmt: skip

    def line(one: Any, status: str, kind: str, due: Any, lead: str) -> dict[str, Any]:
        get = one.get if isinstance(one, dict) else lambda name: getattr(one, name)
        return {"id": get("id"), "name": f"{get('known_as') or get('legal_forename')} {get('legal_surname')}",
                "year": get("year_group"), "group": get("registration_group"), "status": status, "need": kind, "due": due,
                "late": due is not None and due < date.today(), "words": "Late", "lead": lead}  # noqa: DTZ011  # fmt: skip

    def shown(request: HttpRequest, rows: list[dict[str, Any]]) -> HttpResponse:
        rows.sort(key=lambda row: (row["name"].split()[1] + " " + row["name"].split()[0]).casefold())
        NAMES[:] = [row["name"] for row in rows[:100]]
        return render(request, "register.html", {"rows": rows[:100], "count": len(rows), "years": range(7)})

    def on_values(request: HttpRequest) -> HttpResponse:
        assert request.user.is_authenticated  # noqa: S101
        found = pupil.objects.using("school").filter(school_id=1, left_on=None, spells__ends=None, spells__status="K")
        listed = list(
            found.values(
                "id",
                "legal_surname",
                "legal_forename",
                "known_as",
                "year_group",
                "registration_group",
                "spells__status",
            )
        )
        needs = dict(need.objects.using("school").filter(ends=None, rank=1).values_list("pupil_id", "type"))
        cycles = {one["pupil_id"]: one for one in pupil._meta.get_field("cycles").related_model.objects.using("school")
                  .filter(status="agreed").values("pupil_id", "review_due", "lead__name")}  # fmt: skip
        return shown(request, [line(one, one["spells__status"], needs.get(one["id"], ""), cycles[one["id"]]["review_due"],
                                    cycles[one["id"]]["lead__name"]) for one in listed])  # fmt: skip

    def on_entities(request: HttpRequest) -> HttpResponse:
        assert request.user.is_authenticated  # noqa: S101
        running = (
            pupil._meta.get_field("cycles")
            .related_model.objects.using("school")
            .filter(status="agreed")
            .select_related("lead")
        )
        found = pupil.objects.using("school").filter(school_id=1, left_on=None, spells__ends=None, spells__status="K").prefetch_related(
            models.Prefetch("needs", need.objects.using("school").filter(ends=None)), models.Prefetch("cycles", running),
            models.Prefetch("spells", spell.objects.using("school").filter(ends=None)))  # fmt: skip
        return shown(request, [line(one, one.spells.all()[0].status, one.needs.all()[0].type, one.cycles.all()[0].review_due,
                                    one.cycles.all()[0].lead.name) for one in found])  # fmt: skip

    urlpatterns[:] = [
        path("values", on_values),
        path("entities", on_entities),
        path("pupils/<int:one>", on_values, name="pupil"),
    ]


if __name__ == "__main__":
    main()
