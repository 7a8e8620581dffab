"""Far more than a form has room for, and a pack of three hundred pages."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from tests.faults.conftest import seen
from tests.support.client import PageClient, form_values, inspect_page
from tests.support.world import World

LONG = " ".join(f"On day {number} she read the page with Mr Żuk." for number in range(250))
LONG_MARKED = f"{LONG}\r\n<b>ŵ & ŷ</b>"


def test_a_note_of_ten_thousand_letters_is_refused_with_every_letter_kept(client: PageClient, world: World) -> None:
    assert len(LONG_MARKED) > 10_000
    client.sign_in("senco")
    place = f"/pupils/{world.pupils['zofia']}/observations/new"
    action, values = client.form(place)
    answer = client.post(action, data=seen(values, LONG_MARKED))
    assert answer.status_code == 422
    root = inspect_page(answer)
    kept = [form_values(one) for one in root.iter() if one.tag.endswith("}form")]
    assert any(one.get("text", "").replace("\r\n", "\n") == LONG_MARKED.replace("\r\n", "\n") for one in kept)
    assert client.post(f"/drafts?place={place}", data=seen(values, LONG_MARKED)).status_code == 200
    assert client.form(place)[1]["text"].split() == LONG_MARKED.split(), "and it waits as a draft, whole"


def test_a_pack_of_three_hundred_pages_is_built_in_bounded_time_and_memory() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.long_pack"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        capture_output=True,
        text=True,
        check=True,
    )
    took = json.loads(done.stdout)
    assert took["pages"] >= 300
    assert took["grew"] <= 60, "megabytes of memory beyond those of a small pack"
    assert took["seconds"] <= 30, "about 3 s on an ordinary machine"
