"""The kiosk sells while the sync service applies a catalogue and marks sales, in two processes on one file."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from appliance.storage.database import Database
from appliance.storage.identity import Identity
from appliance.storage.journal import Journal
from appliance.storage.outbox import Outbox
from tests.storage.samples import fresh_till, ticking

HERE = Path(__file__).parent
SECONDS = 4


def start(program: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(HERE / program), *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.timeout(120)
def test_neither_program_waits_in_vain_and_nothing_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "till.db"
    fresh_till(path)[0].close()
    syncing = start("syncing.py", path, SECONDS + 1, 20_000)
    assert syncing.stdout is not None
    assert syncing.stdout.readline() == "ready\n"
    selling = start("seller.py", path, SECONDS)
    (sold, selling_said), (synced, syncing_said) = (
        selling.communicate(timeout=60),
        syncing.communicate(timeout=60),
    )
    assert (selling_said, syncing_said) == ("", "")
    assert (selling.returncode, syncing.returncode) == (0, 0)

    sales = [line.split() for line in sold.splitlines() if line.startswith("sold")]
    applied, sent = (int(synced.split()[place]) for place in (1, 3))
    assert len(sales) > 50
    assert applied >= 500
    times = sorted(float(each[4]) for each in sales)
    assert (
        times[int(len(times) * 0.99)] < 250
    )  # the bench measures it; here only that nobody waits for seconds
    with Database.open(path, now=ticking()) as db:
        db.check()
        assert Journal(db, Identity(db).get()).verify() is None
        numbers = [row[0] for row in db.rows("SELECT number FROM sale ORDER BY seq")]
        assert numbers == list(range(1, len(sales) + 1))
        counts = Outbox(db).counts()
        assert (counts.due + counts.sent, counts.sent) == (len(sales), sent)
        assert db.rows("SELECT count(*) FROM product") == [(min(applied, 20_000),)]
        untold = db.rows(
            "SELECT count(*) FROM untold_stock JOIN outbox USING (seq) WHERE order_id IS NOT NULL"
        )
        assert untold == [(0,)]
