"""kill -9 at random moments: what was acknowledged is there, once, and the sale in progress too."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from appliance.storage.database import Database
from appliance.storage.drafts import Drafts
from appliance.storage.identity import Identity
from appliance.storage.journal import Journal
from tests.storage.samples import fresh_till, sale, ticking

SELLER = Path(__file__).with_name("seller.py")
KILLS = 25


def sell_and_kill(path: Path, seconds: float) -> list[str]:
    """Let the cashier sell, kill the program, and return what it said."""
    seller = subprocess.Popen([sys.executable, str(SELLER), str(path)], stdout=subprocess.PIPE, text=True)
    assert seller.stdout is not None
    said = [seller.stdout.readline().strip()]
    time.sleep(seconds)
    seller.send_signal(signal.SIGKILL)
    *whole, _cut_short = seller.stdout.read().split("\n")  # it may die in the middle of a word
    assert seller.wait() == -signal.SIGKILL
    return [each for each in (*said, *whole) if each]


def check_whole(db: Database, journal: Journal) -> None:
    """Every sale is whole: its rows, its outbox row, its receipt, the chain."""
    db.check()
    assert journal.verify() is None
    numbers = [row[0] for row in db.rows("SELECT number FROM sale ORDER BY number")]
    assert numbers == list(range(1, len(numbers) + 1))
    for table in ("outbox", "print_job", "sale_tender", "journal"):
        assert db.rows(f"SELECT count(DISTINCT seq) FROM {table}") == [(len(numbers),)]
    odd = db.rows(
        "SELECT s.number FROM sale AS s JOIN sale_line AS l USING (seq) GROUP BY s.seq "
        "HAVING sum(l.quantity * l.unit_price_minor) <> s.total_minor"
    )
    assert odd == []


@pytest.mark.timeout(300)
def test_no_acknowledged_sale_is_lost_or_doubled_by_kill_9(tmp_path: Path) -> None:
    path = tmp_path / "till.db"
    fresh_till(path)[0].close()
    chance = random.Random(20261121)
    acknowledged: dict[str, tuple[str, str]] = {}
    for _ in range(KILLS):
        said = sell_and_kill(path, chance.uniform(0.0, 0.15))
        last_draft: list[str] = []
        for word, *rest in map(str.split, said):
            if word == "sold":
                assert rest[1] not in acknowledged
                acknowledged[rest[1]] = (rest[0], rest[2])
                last_draft = []
            else:
                last_draft = rest
        with Database.open(path, now=ticking()) as db:
            check_whole(db, Journal(db, Identity(db).get()))
            kept = {
                row[0]: (f"T1-{row[1]:06d}", str(row[2]))
                for row in db.rows("SELECT sale_id, number, total_minor FROM sale")
            }
            assert acknowledged.items() <= kept.items()
            assert len(kept) - len(acknowledged) <= 1  # committed, but killed before it could say so
            check_draft(Drafts(db), last_draft, kept)
            acknowledged = kept
    assert len(acknowledged) > KILLS


def check_draft(drafts: Drafts, said: list[str], kept: dict[str, tuple[str, str]]) -> None:
    """The sale in progress is the last that was acknowledged, or the one step after it."""
    draft = drafts.load()
    if draft is None:
        assert not said or said[0] in kept
        return
    sale_id, lines = draft.sale.sale_id, len(draft.sale.lines)
    assert sale_id not in kept
    assert draft.sale.lines == sale(int(sale_id, 16)).lines[:lines]
    if said:
        assert sale_id == said[0]
        assert lines in (int(said[1]), int(said[1]) + 1)
    else:
        assert lines == 1
