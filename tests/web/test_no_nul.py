"""A NUL, which nobody types on purpose and PostgreSQL refuses, is in nothing that comes in."""

from __future__ import annotations

import json

import pytest
from flask import Flask, request

from graduated.transfer.reading import NotABundle, _object

FILES = (
    b'--x\r\nContent-Disposition: form-data; name="papers"; filename="one\0.pdf"\r\n\r\n%PDF\r\n'
    b'--x\r\nContent-Disposition: form-data; name="papers"; filename="two\0.pdf"\r\n\r\n%PDF\r\n'
    b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\na\0b\r\n--x--\r\n'
)


def test_words_of_addresses_forms_and_names_of_files_have_none(app: Flask) -> None:
    sent = {"data": FILES, "content_type": "multipart/form-data; boundary=x", "query_string": "q=c%00d"}
    with app.test_request_context("/", method="POST", **sent):
        assert (request.args["q"], request.form["text"]) == ("cd", "ab")
        assert [file.filename for file in request.files.getlist("papers")] == ["one.pdf", "two.pdf"]


def test_json_has_none_however_deep(app: Flask) -> None:
    told = {"te\0xt": "a\0b", "pupils": [{"note": "c\0"}, 5, None]}
    with app.test_request_context("/", method="POST", json=told):
        assert request.get_json() == {"text": "ab", "pupils": [{"note": "c"}, 5, None]}


def test_a_bundle_of_another_school_with_one_is_refused(app: Flask) -> None:
    fine = json.dumps({"text": "the words \\u0000 as somebody may write them"})
    assert _object(fine.encode(), dict, "records.json") == json.loads(fine)
    with pytest.raises(NotABundle):
        _object(json.dumps({"text": ["a\0b"]}).encode(), dict, "records.json")
