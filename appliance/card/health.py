"""How the card is: kiosk, sync service, the till's file, room, clock. ``python -m appliance.card health`` says so.

The answer goes to /run/till/health.json, for the kiosk, the support file and who watches a system on trial; the exit
code is 1 while something is wrong. It only looks, and works however broken the rest is.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from appliance.card.devices import plugged_in
from appliance.card.disk import Disk
from appliance.card.places import Places
from appliance.card.problems import Sells
from appliance.card.records import keep_record, read_record
from appliance.machine.clock import FLOOR, is_synced
from appliance.storage.condition import Condition, look, quick_check
from appliance.storage.durability import is_locked
from appliance.storage.errors import StorageError
from appliance.storage.instants import to_instant

KIOSK: Final = "till-kiosk.service"
SYNC: Final = "till-sync.service"
LITTLE_ROOM_BYTES: Final = 200_000_000
BEHIND: Final = timedelta(minutes=2)

AREAS: Final = ("kiosk", "sync service", "journal", "card", "clock")
"""What a problem may be of: its first words."""
LOCKED: Final = "card: it cannot be written any more"

Ask = Callable[[str], dict[str, str]]
"""What systemd says of a unit: ActiveState, SubState, NRestarts."""


@dataclass(frozen=True, slots=True)
class Health:
    """What was found.

    Attributes:
        problems: sentences, each beginning with where: "kiosk: ...".
        restarts: of the kiosk, by systemd, since the machine was started.
        condition: of the till's file, None where it cannot be read or is not there yet.
        devices: what is plugged in.
    """

    at: datetime
    problems: tuple[str, ...]
    restarts: int
    condition: Condition | None
    devices: tuple[str, ...]
    free_bytes: int
    clock_is_set: bool

    @property
    def well(self) -> tuple[str, ...]:
        """What has no problem."""
        return tuple(each for each in AREAS if not any(_area(one) == each for one in self.problems))

    def problems_of(self, areas: Collection[str]) -> list[str]:
        """The problems of some of it."""
        return [each for each in self.problems if _area(each) in areas]

    @property
    def sales(self) -> int:
        """How many the till has."""
        return 0 if self.condition is None else self.condition.sales

    def to_dict(self) -> dict[str, Any]:
        """For the file: no name, no amount, no secret."""
        found = self.condition
        return {
            "at": self.at.isoformat(timespec="seconds"),
            "problems": list(self.problems),
            "kiosk_restarts": self.restarts,
            "devices": list(self.devices),
            "free_mb": self.free_bytes // 1_000_000,
            "clock_is_set": self.clock_is_set,
            "entries": found.end.seq if found else None,
            "unsent": found.unsent if found else None,
            "schema": found.version if found else None,
        }


def ask_systemd(unit: str) -> dict[str, str]:
    """What systemd says of a unit; {} where it does not answer."""
    wanted = "--property=ActiveState,SubState,NRestarts,Result"
    try:
        said = subprocess.run(
            ["systemctl", "show", unit, wanted], check=True, capture_output=True, timeout=20, text=True
        )
    except (OSError, subprocess.SubprocessError):
        return {}
    return dict(line.split("=", 1) for line in said.stdout.splitlines() if "=" in line)


def check(
    places: Places,
    ask: Ask = ask_systemd,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    free: Callable[[Path], int] = lambda at: shutil.disk_usage(at).free,
    is_locked: Callable[[Path], bool] = is_locked,
    synced: Callable[[], bool] = is_synced,
    *,
    may_start: bool = False,
) -> Health:
    """Look at everything, once.

    ``may_start``: a program on its first way up is no trouble yet. One that hangs there is started again, which is.
    """
    kiosk = ask(KIOSK)
    at, room = now(), free(places.data)
    problems = _unit("kiosk", kiosk, may_start)
    condition: Condition | None = None
    is_set_up = not is_new(places)
    if is_set_up:
        problems += _unit("sync service", ask(SYNC), may_start)
    if is_locked(places.data):
        problems.append(LOCKED)
    elif is_set_up:  # a locked card's file only looks damaged
        condition, file_problems = _look_at_file(places.till_data / "till.db")
        problems += file_problems
    if room < LITTLE_ROOM_BYTES:
        problems.append(f"card: only {room // 1_000_000} MB are free")
    clock = _clock_problem(at, condition)
    problems += [clock] if clock else []
    return Health(
        at=at,
        problems=tuple(problems),
        restarts=_number(kiosk.get("NRestarts", "")),
        condition=condition,
        devices=plugged_in(places.root),
        free_bytes=room,
        clock_is_set=not clock and synced(),
    )


def is_new(places: Places) -> bool:
    """Whether nobody has set the till up yet: its screen asks for what it needs, however long that takes."""
    report = read_record(places.report)
    is_asked = report.get("sells") == Sells.NO or report.get("begin") is True
    return is_asked and not (places.till_data / "till.db").exists()


def _unit(name: str, said: dict[str, str], may_start: bool) -> list[str]:
    """The kiosk tells systemd that it is ready once it has drawn, and is "active" only then."""
    state = said.get("ActiveState", "unknown")
    if may_start and state == "activating" and not _number(said.get("NRestarts", "")):
        return []
    return [] if state == "active" else [f"{name}: {state} ({said.get('SubState', 'no answer')})"]


def _look_at_file(path: Path) -> tuple[Condition | None, list[str]]:
    if not path.exists():
        return None, ["journal: there is none yet"]
    try:
        condition = look(path)
        broken = quick_check(path)
    except StorageError as error:
        return None, [f"journal: {error}"]
    return condition, [f"journal: {broken[:300]}"] if broken else []


def _clock_problem(at: datetime, condition: Condition | None) -> str:
    if at < FLOOR:
        return f"clock: {at:%Y-%m-%d} cannot be right"
    last = condition.end.at if condition else ""
    if last and to_instant(last) - at > BEHIND:
        return "clock: it is behind the journal's newest entry"
    return ""


def _area(problem: str) -> str:
    return problem.partition(":")[0]


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0


def main(arguments: list[str]) -> int:
    """Look, write it down, say what is wrong; 1 if anything is."""
    if arguments:
        sys.stderr.write("usage: python -m appliance.card health\n")
        return 2
    places = Places()
    health = check(places, may_start=True)
    keep_record(Disk(), places.run / "health.json", health.to_dict(), mode=0o644)
    sys.stdout.write("".join(f"{each}\n" for each in health.problems) or "all is well\n")
    return 1 if health.problems else 0
