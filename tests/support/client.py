"""A browser for tests that reads every page it fetches: valid HTML, one heading, labels, ids, policy."""

from __future__ import annotations

import re
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from graduated.web.headers import CSP
from tests.support.world import PASSWORD, email_of

XHTML = "{http://www.w3.org/1999/xhtml}"


def _elements(root: Element, *names: str) -> list[Element]:
    return [element for element in root.iter() if element.tag in {XHTML + name for name in names}]


def words(element: Element) -> str:
    """The text of an element, white space folded."""
    return " ".join("".join(element.itertext()).split())


LINES = ("span", "p", "b", "strong", "em", "small", "label", "h1", "h2", "h3", "h4")
BLOCKS = {"ul", "ol", "dl", "div", "p", "table", "details", "section", "form", "fieldset"}
"""What stands in lines of text, and what does not belong there."""


def inspect_page(response: TestResponse) -> Element:
    """Look hard at a whole page and return its tree."""
    assert response.headers["Content-Security-Policy"] == CSP
    parser = html5lib.HTMLParser(strict=False)
    root = parser.parse(response.text)
    faults = [code for _place, code, _more in parser.errors]
    assert not faults, f"the HTML has faults: {faults}"
    ids = [element.attrib["id"] for element in root.iter() if "id" in element.attrib]
    assert len(ids) == len(set(ids)), f"an id stands twice: {sorted(i for i in ids if ids.count(i) > 1)}"
    headings = _elements(root, "h1")
    assert len(headings) == 1, f"a page has one h1, this one has {len(headings)}"
    title = words(_elements(root, "title")[0])
    assert title.endswith("– Graduated"), f"the title is {title!r}"
    for element in root.iter():
        assert "style" not in element.attrib, f"inline style on {element.tag}"
        assert not any(name.startswith("on") for name in element.attrib), f"inline script on {element.tag}"
    _look_at_controls(root, set(ids))
    _look_at_contents(root)
    return root


def _look_at_contents(root: Element) -> None:
    """What validators find and parsers let pass: blocks within a line of text, and two choices where one can be."""
    for element in _elements(root, *LINES):
        inside = {part.tag.removeprefix(XHTML) for part in element.iter() if part is not element} & BLOCKS
        assert not inside, f"{sorted(inside)} within a line of text: {words(element)[:60]!r}"
    for select in _elements(root, "select"):
        chosen = [option.attrib.get("value") for option in _elements(select, "option") if "selected" in option.attrib]
        assert "multiple" in select.attrib or len(chosen) < 2, f"{select.attrib.get('name')} has two choices: {chosen}"


def _look_at_controls(root: Element, ids: set[str]) -> None:
    labelled = {label.attrib["for"] for label in _elements(root, "label") if "for" in label.attrib}
    for control in _elements(root, "input", "select", "textarea"):
        if control.attrib.get("type") in {"hidden", "submit"}:
            continue
        named = control.attrib.get("id") in labelled or "aria-label" in control.attrib
        assert named or "aria-labelledby" in control.attrib, f"no label for {control.attrib.get('name')}"
    for element in root.iter():
        for name in ("aria-describedby", "aria-labelledby"):
            for target in element.attrib.get(name, "").split():
                assert target in ids, f"{name} points at #{target}, which is not there"
    for link in _elements(root, "a"):
        href = link.attrib.get("href", "")
        if href.startswith("#") and len(href) > 1:
            assert href[1:] in ids, f"a link leads to {href}, which is not there"
        assert words(link) or "aria-label" in link.attrib, f"a link to {href} has no words"
    for form in _elements(root, "form"):
        if form.attrib.get("method", "get").lower() == "post":
            fields = {control.attrib.get("name") for control in _elements(form, "input")}
            assert "csrf_token" in fields, f"the form to {form.attrib.get('action')} has no CSRF token"


class PageClient(FlaskClient):
    """Fetches, follows, fills in and sends forms as a person without JavaScript would."""

    def page(self, path: str, *, status: int = 200, **options: Any) -> Element:
        """Fetch a whole page, following redirects, and look hard at it."""
        response = self.get(path, follow_redirects=True, **options)
        assert response.status_code == status, f"{path} answered {response.status_code}, not {status}"
        return inspect_page(response)

    def text(self, path: str, **options: Any) -> str:
        """The words of a page's main part."""
        root = self.page(path, **options)
        return words(next(element for element in _elements(root, "main")))

    def status(self, path: str, method: str = "GET", **options: Any) -> int:
        """Only the status of an answer, redirects not followed."""
        return int(self.open(path, method=method, **options).status_code)

    def form(self, path: str, index: int = 0) -> tuple[str, dict[str, Any]]:
        """Where a page's POST form (the n-th within main) is sent, and what it holds before anything is typed."""
        root = self.page(path)
        main = next(element for element in _elements(root, "main"))
        forms = [form for form in _elements(main, "form") if form.attrib.get("method", "").lower() == "post"]
        form = forms[index]
        return form.attrib.get("action") or path, form_values(form)

    def send(self, path: str, index: int = 0, *, status: int = 303, **typed: Any) -> TestResponse:
        """Fill in a page's form and send it; `status` is what must come of it."""
        action, values = self.form(path, index)
        response = self.post(action, data={**values, **typed}, content_type=_content_type(typed))
        if response.status_code != status:
            raise AssertionError(f"{action} answered {response.status_code}, not {status}: {_problems(response)}")
        if "text/html" in response.content_type and status in {200, 422} and b"<!doctype html>" in response.data:
            inspect_page(response)
        return response

    def token(self) -> str:
        """A CSRF token of this browser's session, for posts that no page offers."""
        found = re.search(r'name="csrf-token" content="([^"]+)"', self.get("/help").text)
        assert found is not None
        return found.group(1)

    def sign_in(self, who: str) -> PageClient:
        """Sign in as a person of the world."""
        response = self.send("/sign-in", email=email_of(who), password=PASSWORD)
        assert response.status_code == 303
        return self


def form_values(form: Element) -> dict[str, Any]:
    """The names and values that a form would send as it stands."""
    values: dict[str, Any] = {}
    for control in _elements(form, "input", "select", "textarea"):
        name = control.attrib.get("name")
        if not name or "disabled" in control.attrib:
            continue
        kind = control.attrib.get("type", "text") if control.tag == XHTML + "input" else control.tag
        if kind in {"submit", "button", "file"} or (kind in {"radio", "checkbox"} and "checked" not in control.attrib):
            continue
        if kind == XHTML + "textarea":
            value = (control.text or "").removeprefix("\n")
        elif kind == XHTML + "select":
            options = _elements(control, "option")
            chosen = [option for option in options if "selected" in option.attrib] or options[:1]
            value = chosen[0].attrib.get("value", words(chosen[0])) if chosen else ""
        else:
            value = control.attrib.get("value", "on" if kind == "checkbox" else "")
        if name in values:
            earlier = values[name] if isinstance(values[name], list) else [values[name]]
            values[name] = [*earlier, value]
        else:
            values[name] = value
    return values


def _content_type(typed: dict[str, Any]) -> str | None:
    return "multipart/form-data" if any(isinstance(value, tuple) for value in typed.values()) else None


def _problems(response: TestResponse) -> str:
    found = re.findall(r"govuk-error-message[^>]*>(.*?)</p>", response.text, re.S)
    return "; ".join(re.sub(r"<[^>]+>", "", one).strip() for one in found) or response.text[:500]
