"""A stick that is pulled, swapped, or was never there: nothing goes anywhere in its place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from appliance.storage.chain import Entry
from appliance.storage.stick_disk import RealDisk
from appliance.storage.stick_errors import NoStickError
from tests.storage.conftest import Till
from tests.storage.samples import NOON
from tests.storage.sticks import OWNER, entries_of, stick_in


@pytest.fixture
def entries(till: Till) -> list[Entry]:
    till.journal.introduce_key(NOON)
    for number in range(6):
        till.sell(number)
    return entries_of(till.db)


def unmount(place: Path, away: Path) -> None:
    place.rename(away)


def swap(place: Path, away: Path) -> None:
    place.rename(away)
    place.mkdir()


@pytest.mark.parametrize("pull", [unmount, swap])
def test_a_stick_that_was_pulled_gets_nothing_more(
    tmp_path: Path, entries: list[Entry], pull: Callable[[Path, Path], None]
) -> None:
    """The open file still takes bytes after the stick is gone, or another is in its place: they would be nowhere."""
    stick = stick_in(tmp_path / "stick")
    stick.open()
    stick.append(entries[:5])
    pull(tmp_path / "stick", tmp_path / "pocket")
    assert not stick.is_present()
    with pytest.raises(NoStickError):
        stick.append(entries[5:6])
    stick.close()
    with pytest.raises(NoStickError) if pull is unmount else pytest.raises(ValueError, match="follow"):
        stick.open()
        stick.append(entries[5:6])


def test_a_folder_at_which_nothing_is_mounted_is_no_stick(tmp_path: Path) -> None:
    """Writing there would fill the card in the belief that it is the stick."""
    stick = stick_in(tmp_path / "stick")
    strict = type(stick)(tmp_path / "stick", OWNER)
    assert not strict.is_present()
    with pytest.raises(NoStickError, match="not plugged in"):
        strict.open()
    assert list((tmp_path / "stick").iterdir()) == []
    assert RealDisk().is_there(Path("/proc"), is_mount=True)
