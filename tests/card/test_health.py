"""How the card is, found out by looking only."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from appliance.card.devices import missing, plugged_in
from appliance.card.health import LITTLE_ROOM_BYTES, Health, ask_systemd, check
from appliance.storage.database import Database
from appliance.storage.durability import is_locked
from tests.card.updates import Toy, next_migrations
from tests.storage.samples import NOON

ACTIVE = {"ActiveState": "active", "SubState": "running", "NRestarts": "2"}


@pytest.fixture
def toy(tmp_path: Path) -> Toy:
    toy = Toy(tmp_path / "card", next_migrations(tmp_path / "next"))
    toy.new_till(3)
    return toy


def look(
    toy: Toy,
    said: dict[str, dict[str, str]] | None = None,
    at: datetime = NOON,
    free: int = 10**9,
    *,
    may_start: bool = False,
    is_locked: Callable[[Path], bool] = is_locked,
) -> Health:
    answers = {"till-kiosk.service": ACTIVE, "till-sync.service": ACTIVE} | (said or {})
    return check(
        toy.places,
        ask=lambda unit: answers[unit],
        now=lambda: at,
        free=lambda _at: free,
        synced=lambda: True,
        may_start=may_start,
        is_locked=is_locked,
    )


def plug(
    toy: Toy, name: str, vendor: str, product: str, device_class: str = "00", interface: str = "07"
) -> None:
    device = toy.root / "sys/bus/usb/devices" / name
    (device / f"{name}:1.0").mkdir(parents=True)
    for key, value in (("idVendor", vendor), ("idProduct", product), ("bDeviceClass", device_class)):
        (device / key).write_text(f"{value}\n")
    (device / f"{name}:1.0" / "bInterfaceClass").write_text(f"{interface}\n")


def test_a_card_that_is_well_has_nothing_to_say(toy: Toy) -> None:
    health = look(toy)
    assert health.problems == ()
    assert (health.sales, health.restarts, health.clock_is_set) == (3, 2, True)
    said = json.dumps(health.to_dict())
    assert '"unsent": 3' in said
    assert "Mara" not in said


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (
            {"till-kiosk.service": {"ActiveState": "activating", "SubState": "start"}},
            "kiosk: activating (start)",
        ),
        ({"till-kiosk.service": {}}, "kiosk: unknown (no answer)"),
        (
            {"till-sync.service": {"ActiveState": "failed", "SubState": "failed"}},
            "sync service: failed (failed)",
        ),
    ],
)
def test_a_program_that_does_not_run_is_named(toy: Toy, said: dict[str, dict[str, str]], words: str) -> None:
    health = look(toy, said)
    assert health.problems == (words,)
    assert words.partition(":")[0] not in health.well


@pytest.mark.parametrize(("restarts", "problems"), [("0", ()), ("1", ("sync service: activating (start)",))])
def test_a_program_on_its_first_way_up_is_no_trouble_yet(
    toy: Toy, restarts: str, problems: tuple[str, ...]
) -> None:
    said = {"till-sync.service": {"ActiveState": "activating", "SubState": "start", "NRestarts": restarts}}
    assert look(toy, said, may_start=True).problems == problems
    assert look(toy, said).problems, "a version on trial is confirmed only once both run"


def test_a_full_card_is_named(toy: Toy) -> None:
    assert look(toy, free=LITTLE_ROOM_BYTES - 1).problems == ("card: only 199 MB are free",)


def test_a_card_that_takes_nothing_new_is_named(toy: Toy) -> None:
    health = look(toy, is_locked=lambda at: at == toy.places.data)
    assert health.problems == ("card: it cannot be written any more",)
    toy.journal.write_bytes(b"EIO for every block")
    health = look(toy, is_locked=lambda _at: True)
    assert health.problems == ("card: it cannot be written any more",), "the file only looks damaged"


@pytest.mark.parametrize(
    "at",
    [datetime(1970, 1, 1, tzinfo=UTC), NOON - timedelta(hours=1)],
    ids=["never set", "behind the journal"],
)
def test_a_clock_that_cannot_be_right_is_named(toy: Toy, at: datetime) -> None:
    health = look(toy, at=at)
    assert [each.partition(":")[0] for each in health.problems] == ["clock"]
    assert not health.clock_is_set


def test_a_damaged_file_is_named_and_does_not_stop_the_look(toy: Toy) -> None:
    content = bytearray(toy.journal.read_bytes())
    content[4096:12288] = b"\x5a" * 8192
    toy.journal.write_bytes(bytes(content))
    assert [each.partition(":")[0] for each in look(toy).problems] == ["journal"]
    toy.journal.write_bytes(b"no database at all" * 100)
    health = look(toy)
    assert [each.partition(":")[0] for each in health.problems] == ["journal"]
    assert health.condition is None
    toy.journal.unlink()
    assert look(toy).problems == ("journal: there is none yet",)


@pytest.mark.parametrize("report", [{"sells": "no"}, {"sells": "as typed", "begin": True}])
def test_a_till_that_nobody_has_set_up_yet_lacks_nothing(toy: Toy, report: dict[str, object]) -> None:
    dead = {"till-sync.service": {"ActiveState": "inactive", "SubState": "dead"}}
    toy.places.report.parent.mkdir(parents=True, exist_ok=True)
    toy.places.report.write_text(json.dumps(report))
    assert look(toy, dead).problems == ("sync service: inactive (dead)",)
    toy.journal.unlink()
    assert look(toy, dead).problems == ()
    failed = dead | {"till-kiosk.service": {"ActiveState": "failed", "SubState": "failed"}}
    assert look(toy, failed).problems == ("kiosk: failed (failed)",)


def test_a_look_while_the_till_sells_sees_the_sale_and_does_not_disturb_it(toy: Toy) -> None:
    with Database.open(toy.journal, now=lambda: NOON) as db, db.transaction():
        assert look(toy).sales == 3
    toy.sell(7)
    assert look(toy).sales == 4


def test_hubs_and_sticks_are_no_devices_of_the_till(toy: Toy) -> None:
    plug(toy, "usb1", "1d6b", "0002", device_class="09")
    plug(toy, "1-1", "04b8", "0e28")
    plug(toy, "1-2", "0781", "5567", interface="08")
    plug(toy, "1-3", "04b8", "0e28")
    assert plugged_in(toy.root) == ("04b8:0e28", "04b8:0e28")
    assert look(toy).devices == ("04b8:0e28", "04b8:0e28")


def test_a_device_that_did_not_come_back_is_missed_and_a_new_one_is_not() -> None:
    assert missing(["a", "a", "b"], ["a", "c"]) == ["a", "b"]
    assert missing([], ["c"]) == []


def test_a_machine_without_systemd_says_nothing_of_its_units() -> None:
    assert ask_systemd("till-no-such-unit.service").get("ActiveState") != "active"
