"""What others make of Z reports and cash moves: a till that is rebuilt, and an accountant's check of the journal."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from appliance.domain.refund_planning import of_sale
from appliance.domain.tender import TenderKind
from appliance.receipts.reports import anchor
from appliance.storage import chain
from appliance.storage.cashing_up import CashingUp, replay_cash, replay_z
from appliance.storage.lines import to_line
from appliance.storage.refunds import Refunds
from tests.storage.conftest import Till
from tests.storage.samples import NOON, fresh_till, sale

VERIFY = Path(__file__).resolve().parents[2] / "appliance" / "verify.py"


@pytest.fixture
def cash(till: Till) -> CashingUp:
    """A till with two closed days, and a third one begun."""
    cash, refunds = CashingUp(till.db, till.journal), Refunds(till.db, till.journal)
    till.journal.introduce_key(NOON)
    cash.float(10_000, "", till.person, NOON)
    for day in range(2):
        till.sell(2 * day)
        till.sell(2 * day + 1)
        refund = of_sale(f"{day:032x}", refunds.refundable(sale(2 * day).sale_id), {1: 1})
        refunds.record(refund, TenderKind.CASH, "Faulty", till.person, NOON)
        cash.paid_out(500 + day, "bank", till.person, NOON, {"by": 1, "name": "Mara", "why": "x"})
        cash.close_day(till.person, NOON)
    cash.paid_in(100, "", till.person, NOON)
    return cash


def entries(till: Till) -> list[chain.Entry]:
    return [chain.Entry(*row) for row in till.db.rows(f"{chain.ENTRIES} ORDER BY seq")]


def test_the_journal_alone_rebuilds_the_rows(till: Till, cash: CashingUp, tmp_path: Path) -> None:
    rebuilt, _, _ = fresh_till(tmp_path / "rebuilt.db")
    replays = {"z-report": replay_z, "float": replay_cash, "paid-in": replay_cash, "paid-out": replay_cash}
    with rebuilt.transaction() as connection:
        for entry in entries(till):
            chain.replay(connection, entry)
            if entry.kind in replays:
                replays[entry.kind](connection, entry)

    for table in ("z_report", "cash_move"):
        assert rebuilt.rows(f"SELECT * FROM {table}") == till.db.rows(f"SELECT * FROM {table}")
    assert CashingUp(rebuilt, till.journal).z_report(2) == cash.z_report(2)
    rebuilt.close()


def check(folder: Path, lines: list[str], *options: str) -> subprocess.CompletedProcess[str]:
    journal = folder / "journal.jsonl"
    journal.write_text("".join(lines), "utf-8")
    command = [sys.executable, str(VERIFY), str(journal), *options]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_an_accountant_finds_the_z_reports_right_and_the_paper_anchors_them(
    till: Till, cash: CashingUp, tmp_path: Path
) -> None:
    last = cash.z_report(2)
    assert last is not None
    lines = [to_line(entry) for entry in entries(till)]
    whole = check(tmp_path, lines, "--anchor", anchor(last))
    assert (whole.returncode, whole.stdout[:6]) == (0, "intact"), whole.stdout + whole.stderr

    cut = check(tmp_path, lines[: last.seq - 1], "--anchor", anchor(last))
    assert cut.returncode == 1, cut.stdout
