"""The kiosk and its stick, as they stand on the counter: paper after the stick, and a card that lies is found out."""

from __future__ import annotations

import shutil
import subprocess
import sys

from appliance.demo.stage import Stage, wait_until
from appliance.storage.database import Database
from appliance.storage.facts import ShopFacts
from appliance.storage.print_jobs import PrintJobs
from appliance.till.joining import CARD_LOST, LOST
from tests.flows.careful import CarefulCashier
from tests.storage.sticks import entries_of, journal_of


def entries(stage: Stage) -> list[tuple[int, str, bytes]]:
    with Database.open(stage.database_path, now=stage.now) as db:
        return [(entry.seq, entry.kind, entry.hash) for entry in entries_of(db)]


def is_printed(stage: Stage) -> bool:
    """Whether no receipt is on its way: a till that finds one half sent asks about it before all else."""
    with Database.open(stage.database_path, now=stage.now) as db:
        return not PrintJobs(db).open()


def is_level(stage: Stage) -> bool:
    """Whether the stick's last line is the card's last entry."""
    last = journal_of(stage.stick).read_bytes().splitlines()[-1]
    return entries(stage)[-1][2].hex().encode() in last


def told(stage: Stage, *words: str) -> tuple[int, str]:
    """What ``till stick`` says."""
    command = [sys.executable, "-m", "appliance.cli", "--settings", str(stage.settings_path), "stick", *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout


def test_what_the_card_lost_is_brought_back_from_the_stick_before_anything_is_sold(stage: Stage) -> None:
    cashier = CarefulCashier(stage)
    cashier.sign_in()
    cashier.sell(["402", "347"])
    wait_until("the stick and the paper have it", lambda: is_level(stage) and is_printed(stage), 10)
    stage.syncd.stop()
    with Database.open(stage.database_path, now=stage.now) as db:
        older = stage.folder / "older.db"
        db.rows("VACUUM INTO ?", (str(older),))
    cashier.sell(["5"])
    cashier.sell(["33", "33"])
    wait_until("the stick has them", lambda: is_level(stage), 10)
    promised = entries(stage)
    stage.kiosk.kill()
    stage.hand.close()
    for name in ("", "-wal", "-shm"):  # a card that said "written" and had not
        stage.database_path.with_name(f"till.db{name}").unlink(missing_ok=True)
    shutil.move(older, stage.database_path)
    stage.start_kiosk()
    wait_until("the header says it", lambda: stage.hand.sees("Change the card"), 10)
    found = entries(stage)
    assert found[: len(promised)] == promised
    assert found[len(promised)][1] == CARD_LOST
    with Database.open(stage.database_path, now=stage.now) as db:
        assert "Change the card." in (ShopFacts(db).get(LOST) or "")
        assert db.rows("SELECT number FROM sale ORDER BY seq") == [(1,), (2,), (3,)]
        cashier.sign_in()
        cashier.sell(["5"])
        assert db.rows("SELECT number FROM sale ORDER BY seq") == [(1,), (2,), (3,), (4,)]
    assert told(stage) == (
        1,
        "The card lost 2 entries; they were brought back from the stick. Change the card.\n",
    )
    assert told(stage, "--seen")[0] == 0
    assert told(stage) == (0, "Nothing came to light about the stick.\n")


def test_a_stick_that_is_pulled_is_said_in_the_header_and_catches_up(stage: Stage) -> None:
    cashier = CarefulCashier(stage)
    cashier.sign_in()
    stage.stick.rename(stage.folder / "pocket")
    wait_until("the header says it", lambda: stage.hand.sees("No stick"), 10)
    cashier.sell(["402"])
    wait_until("its paper comes all the same", lambda: len(stage.papers()) == 1, 10)
    (stage.folder / "pocket").rename(stage.stick)
    wait_until("the header is quiet again", lambda: not stage.hand.sees("No stick"), 10)
    wait_until("the stick has it", lambda: is_level(stage), 10)
