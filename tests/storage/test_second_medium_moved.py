"""A till that moved has several folders on its stick: the one that it is in now is found by its key."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from appliance.storage.chain import Entry
from appliance.storage.emergency import EMERGENCY_FILE, file_in_use, folder_on
from tests.storage.conftest import Till
from tests.storage.samples import NOON
from tests.storage.sticks import OWNER, entries_of, stick_in


def keep(folder: Path, till_id: str, entries: list[Entry]) -> None:
    medium = stick_in(folder, replace(OWNER, till_id=till_id))
    medium.open()
    medium.append(entries)


def test_the_longest_journal_is_the_tills_and_the_one_it_sells_from_before_that(
    till: Till, tmp_path: Path
) -> None:
    till.journal.introduce_key(NOON)
    for number in range(3):
        till.sell(number)
    stick, entries = tmp_path / "stick", entries_of(till.db)
    for ids in (("f0" * 16, "0" * 32), ("0" * 32, "f0" * 16)):
        first, second = ids
        place = stick / first[:4]
        place.mkdir(parents=True)
        keep(place, first, entries[:2])
        keep(place, second, entries)
        assert folder_on(place, OWNER.public_key) == place / f"gapless-{second[:8]}"
        sold_from = place / f"gapless-{first[:8]}" / EMERGENCY_FILE
        sold_from.touch()
        assert folder_on(place, OWNER.public_key) == sold_from.parent
        assert file_in_use(till.db.path, place, OWNER.public_key) == sold_from
