"""Files with bytes changed, cut, doubled or lost at random: each has an answer that a person understands."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from graduated.config import PACKAGE
from tests.uploads import files

_LOOK = """
import json, random, sys, traceback
from collections import Counter
from pathlib import Path
from graduated.uploads import limits
limits.confine(cpu_seconds=300, file_bytes=2**24)
from graduated.uploads.kinds import WrongFile
from graduated.uploads.look import look
folder, chance, said = Path(sys.argv[1]), random.Random(2026), Counter()
wholes = [path.read_bytes() for path in sorted(folder.glob("whole-*"))]
for number in range(int(sys.argv[2])):
    content = bytearray(wholes[number % len(wholes)])
    for _ in range(chance.randrange(1, 6)):
        at = chance.randrange(len(content))
        match chance.randrange(5):
            case 0: content[at] = chance.randrange(256)
            case 1: del content[at:]
            case 2: content[at:at] = chance.randbytes(chance.randrange(1, 40))
            case 3: content[at:at + chance.randrange(1, 40)] = b"\\xff" * 20
            case 4: content[at:at] = content[max(0, at - 100):at]
        content = content or bytearray(b"%")
    path = folder / "mutant"
    path.write_bytes(content)
    try:
        look(path, folder / "preview")
        said["kept"] += 1
    except WrongFile as wrong:
        said["refused"] += 1
        assert str(wrong).endswith(".") and len(str(wrong)) < 200, wrong
    except Exception:
        said[traceback.format_exc()] += 1
print(json.dumps(said))
"""


def test_six_hundred_mutants_are_kept_or_refused_and_nothing_else(tmp_path: Path) -> None:
    for number, content in enumerate(
        (files.pdf(3), files.scripted(), files.locked(), files.with_places(), files.picture(),
         files.word({"word/_rels/document.xml.rels": files.RELATIONS.format("")}))
    ):  # fmt: skip
        (tmp_path / f"whole-{number}").write_bytes(content)
    done = subprocess.run(
        [sys.executable, "-P", "-c", _LOOK, str(tmp_path), "600"], capture_output=True, text=True, check=False,
        env={"PYTHONPATH": str(PACKAGE.parent)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    said = json.loads(done.stdout)
    assert set(said) == {"kept", "refused"} and said["refused"] > 200, said
