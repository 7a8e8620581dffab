"""How the backups stand, from a small file of this machine: looking at it never waits for a disk that hangs."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from graduated.backup import by_law, sealed
from graduated.backup.errors import Damaged
from graduated.backup.keys import folder, public_keys
from graduated.backup.places import places
from graduated.config import Settings
from graduated.db.clock import now
from graduated.rules.backups import age_in_words, is_too_old


@dataclass(frozen=True, slots=True)
class PlaceState:
    """How a place stands: the last good backup there, and what went wrong since, in words ("" for nothing)."""

    place: str
    good_at: datetime | None = None
    name: str = ""
    size: int = 0
    seconds: float = 0.0
    kept: int = 0
    tried_at: datetime | None = None
    error: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """The last time that somebody tried whether a backup can be restored."""

    at: datetime
    name: str
    is_good: bool
    says: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BackupState:
    """How the backups of an installation stand. `owed`: what went by law since the backup that was restored."""

    is_set_up: bool = False
    has_key: bool = False
    places: tuple[PlaceState, ...] = ()
    rehearsal: Rehearsal | None = None
    owed: tuple[str, ...] = field(default=())

    @property
    def good_at(self) -> datetime | None:
        """When the newest good backup was made, wherever it lies."""
        return max((one.good_at for one in self.places if one.good_at is not None), default=None)

    @property
    def tried_at(self) -> datetime | None:
        """When a backup was last tried at the place that waits longest for one; None when the last try was good."""
        return min((one.tried_at for one in self.places if one.error and one.tried_at is not None), default=None)


def read(settings: Settings) -> BackupState:
    """How the backups stand."""
    data = _load(settings)
    chosen = [str(one) for one in places(settings)]
    known = data.get("places", {})
    shown = [_place(name, known.get(name, {})) for name in dict.fromkeys([*chosen, *known])]
    said = data.get("rehearsal")
    rehearsal = (
        Rehearsal(_moment(said["at"]) or now(), said["name"], said["is_good"], tuple(said["says"])) if said else None
    )
    return BackupState(
        bool(chosen), bool(public_keys(settings)), tuple(shown), rehearsal, tuple(data.get("owed_words", ()))
    )


def is_left_to_server(settings: Settings) -> bool:
    """Whether whoever runs a database server makes the backups: no age is known of these, and nothing is asked for."""
    return not settings.is_sqlite


def backup_age(settings: Settings) -> timedelta | None:
    """How old the last good backup is; None when there is none."""
    good_at = read(settings).good_at
    return None if good_at is None else max(now() - good_at, timedelta(0))


def warnings(settings: Settings, school_id: int | None = None) -> tuple[str, ...]:
    """What whoever runs the place has to be told of the backups, each in a sentence; none when all is well.

    `school_id`: for somebody of one school, who is told no more of another's pupils than that they are some.
    """
    state = read(settings)
    owed_now = state.owed if school_id is None else by_law.for_school(owed(settings), school_id)
    if settings.demo:
        return ()
    if is_left_to_server(settings):
        return tuple(owed_now)
    if not state.has_key:
        return ("No backups are made: there is no key for them yet. Run: graduated backup-keys", *owed_now)
    if not state.is_set_up:
        return ("No backups are made: nobody has said where to. Run: graduated backup-place FOLDER", *owed_now)
    said = []
    if is_too_old(now(), state.good_at):
        age = "Nothing has been backed up from here yet" if state.good_at is None else (
            f"The last good backup is {age_in_words(now() - state.good_at)} old"
        )  # fmt: skip
        said.append(f"{age}. Is the worker running, and the disk in?")
    said += [f"{one.place}: {one.error}" for one in state.places if one.error]
    said += [f"{one.place}: {words}" for one in state.places for words in one.warnings]
    return (*said, *owed_now)


def note(settings: Settings, **changes: Any) -> None:
    """Write down what has changed: `place` a PlaceState, `rehearsal` a Rehearsal, `owed` what is owed by law."""
    data = _load(settings)
    place = changes.pop("place", None)
    if place is not None:
        data.setdefault("places", {})[place.place] = _plain(asdict(place))
    if "rehearsal" in changes:
        data["rehearsal"] = _plain(asdict(changes.pop("rehearsal")))
    data |= changes
    sealed.write(folder(settings) / "state", data)


def owed(settings: Settings) -> list[dict[str, Any]]:
    """What went by law after the backup that was restored, as it was noted then."""
    found: list[dict[str, Any]] = _load(settings).get("owed", [])
    return found


def restored_at(settings: Settings) -> str:
    """When this copy was restored, if something that went by law came back with it."""
    return str(_load(settings).get("restored_at", ""))


def turn(settings: Settings) -> int:
    """How many backups were begun so far: it says which of the kept files are read again."""
    return int(_load(settings).get("turn", 0))


def of_place(settings: Settings, place: str) -> PlaceState:
    """How one place stands."""
    return _place(place, _load(settings).get("places", {}).get(place, {}))


def _load(settings: Settings) -> dict[str, Any]:
    path = settings.home / "backup" / "state"
    if not path.is_file():
        return {}
    try:
        found: dict[str, Any] = sealed.read(path)
    except Damaged:  # it is only a memory: the next backup writes it anew
        return {}
    return found


def _place(name: str, said: dict[str, Any]) -> PlaceState:
    kept = {key: value for key, value in said.items() if key in PlaceState.__slots__ and key != "place"}
    for key in ("good_at", "tried_at"):
        kept[key] = _moment(kept.get(key))
    kept["warnings"] = tuple(kept.get("warnings", ()))
    return PlaceState(name, **kept)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _plain(said: dict[str, Any]) -> dict[str, Any]:
    return {key: value.isoformat() if isinstance(value, datetime) else value for key, value in said.items()}
