"""The card is full, or fails: at every write and sync of a day the till says so, loses nothing, and goes on."""

from __future__ import annotations

from pathlib import Path

import apsw
import pytest

from tests.faults.crash_days import SCRIPTED
from tests.faults.crash_failing import fail_day, fail_openings, fold_without_room
from tests.faults.defects_copies import HeadCached

ERRORS = {"full": apsw.FullError, "failing": apsw.IOError}


@pytest.mark.parametrize("lasting", [False, True], ids=["once", "until the till has said so"])
@pytest.mark.parametrize("disk", ERRORS)
def test_a_disk_that_fails_at_any_write_of_a_day_costs_nothing(
    tmp_path: Path, disk: str, lasting: bool
) -> None:
    done = fail_day(tmp_path, f"{disk}-{lasting}", SCRIPTED, ERRORS[disk], lasting=lasting)
    assert done.findings == []
    assert done.faults > 500
    assert done.refused + done.passed == done.faults


@pytest.mark.parametrize("disk", ERRORS)
def test_a_disk_that_fails_while_the_till_starts_or_ends_costs_nothing(tmp_path: Path, disk: str) -> None:
    done = fail_openings(tmp_path, f"start-{disk}", ERRORS[disk])
    assert done.findings == []
    assert done.faults > 10


def test_a_sale_stands_although_the_log_could_not_be_folded_in_after_it(tmp_path: Path) -> None:
    done = fold_without_room(tmp_path, "folding")
    assert done.findings == []
    assert done.faults == 1
    assert done.passed >= 9


def test_a_till_that_remembers_the_chain_of_an_entry_that_was_not_written_is_found_out(
    tmp_path: Path,
) -> None:
    done = fail_day(tmp_path, "cached", SCRIPTED, apsw.FullError, lasting=False, parts=HeadCached())
    assert any("refused though nothing failed" in each for each in done.findings)
