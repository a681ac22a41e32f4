"""Which backups are kept: by generations, and always the newest."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from appliance.storage.backup_files import BackupFile, Keep, backups_in, name_of, to_keep

KEEP = Keep(days=7, weeks=4, months=12)
START = datetime(2026, 1, 1, 3, 0, tzinfo=UTC)


def backup(seq: int, made_at: datetime) -> BackupFile:
    return BackupFile(Path(name_of(made_at, seq)), made_at, seq)


def newest_first(backups: Iterable[BackupFile]) -> list[BackupFile]:
    return sorted(backups, key=lambda each: (each.seq, each.made_at), reverse=True)


def after_days(days: int, keep: Keep = KEEP) -> list[BackupFile]:
    """What is left if one is made each night, and each evening, and the rest deleted each time."""
    left: list[BackupFile] = []
    for number in range(2 * days):
        made_at = START + timedelta(hours=12 * number)
        left = newest_first(to_keep(newest_first([*left, backup(number + 1, made_at)]), keep))
    return left


def test_after_two_years_there_are_seven_days_four_weeks_and_twelve_months() -> None:
    left = after_days(730)
    days = [each.made_at.date() for each in left]
    assert days[0] - days[7] == timedelta(days=6)  # the newest day has two: the newest two are always kept
    assert len({each.made_at.isocalendar()[:2] for each in left[:11]}) >= 4
    months = {(each.made_at.year, each.made_at.month) for each in left}
    assert months == {(2026 + (month - 1) // 12, (month - 1) % 12 + 1) for month in range(13, 25)}
    assert len(left) <= 2 + 7 + 4 + 12


def test_of_each_day_the_newest_is_kept() -> None:
    left = after_days(3, Keep(days=2, weeks=1, months=1, newest=1))
    assert [each.seq for each in left] == [6, 4]


def test_a_clock_that_is_years_ahead_deletes_nothing_good() -> None:
    normal = [backup(number, START + timedelta(days=number)) for number in range(1, 8)]
    ahead = backup(8, START + timedelta(days=4000))
    behind = backup(9, START - timedelta(days=4000))
    kept = to_keep(newest_first([*normal, ahead, behind]), KEEP)
    assert {ahead, behind} <= kept
    assert len(kept & set(normal)) >= 6


def test_the_newest_is_the_one_with_the_latest_entry_not_with_the_latest_time() -> None:
    early, late = backup(50, START), backup(40, START + timedelta(days=1))
    assert to_keep(newest_first([early, late]), Keep(1, 1, 1, newest=1)) >= {early}


@given(
    st.lists(st.tuples(st.integers(0, 10**6), st.datetimes(timezones=st.just(UTC))), max_size=60),
    st.integers(1, 4),
)
def test_whatever_the_clocks_said_the_newest_ones_stay(made: list[tuple[int, datetime]], newest: int) -> None:
    backups = newest_first({backup(seq, at) for seq, at in made})
    keep = Keep(days=7, weeks=4, months=12, newest=newest)
    kept = to_keep(backups, keep)
    assert set(backups[:newest]) <= kept
    assert len(kept) <= newest + 7 + 4 + 12
    assert to_keep(newest_first(kept), keep) == kept


def test_other_files_in_the_folder_are_passed_over(tmp_path: Path) -> None:
    made_at = datetime(2026, 11, 21, 18, 5, 0, tzinfo=UTC)
    names = ("till-20261121-180500-12.db", "till-20261121-180500-12.db.bad", "till.db.part", "notes.txt")
    for name in (*names, "till-20269921-180500-7.db", "till-20261121-180500-x.db"):
        (tmp_path / name).write_bytes(b"")
    found = backups_in(tmp_path)
    assert [each.seq for each in found] == [12, 7]
    assert found[0].made_at == made_at
    assert backups_in(tmp_path / "none") == []


def test_backups_are_listed_by_their_entries_whatever_the_clock_said(tmp_path: Path) -> None:
    for name in ("till-20191121-180500-120.db", "till-20261121-180500-13.db", "till-20301121-180500-9.db"):
        (tmp_path / name).write_bytes(b"")
    assert [each.seq for each in backups_in(tmp_path)] == [120, 13, 9]
