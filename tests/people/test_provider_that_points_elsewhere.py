"""A provider of sign-ins whose address leads on to another is not followed there."""

from __future__ import annotations

import dataclasses
import threading

from flask import Flask, redirect
from werkzeug.serving import make_server

from graduated import config
from tests.support.client import PageClient
from tests.support.provider import running


def test_an_answer_that_points_elsewhere_is_no_answer(client: PageClient, app: Flask) -> None:
    led = Flask("somebody who points to the provider")
    with running() as provider, make_server("127.0.0.1", 0, led) as server:
        led.add_url_rule("/<path:path>", "there", lambda path: redirect(f"{provider.issuer}/{path}"))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        issuer = f"http://localhost:{server.port}"
        other = config.Provider("google", "Google", issuer, "graduated", "secret of ours", domain="purbeck.example")
        app.config["SETTINGS"] = dataclasses.replace(app.config["SETTINGS"], providers=(other,))
        answer = client.get("/sign-in/with/google")
        server.shutdown()
        assert provider.asked == []
    assert answer.status_code == 422
    assert "Google cannot be reached just now" in answer.text
