"""What each boot asks of updates, answered without loading what acts on one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from appliance.card.slots import Slot
from appliance.card.trial import Record, Stage, Trial
from appliance.card.under_way import is_quiet
from tests.card.updates import Toy, next_migrations


@pytest.fixture
def toy(tmp_path: Path) -> Toy:
    return Toy(tmp_path / "card", next_migrations(tmp_path / "next"))


def test_a_card_that_was_never_updated_has_nothing_to_do(toy: Toy) -> None:
    assert is_quiet(toy.places)


def test_an_update_under_way_is_to_be_acted_on_until_it_has_ended(toy: Toy) -> None:
    card = toy.card()
    card.keep(Record(Trial("hash", "0.2.0", 2, Slot.B, Stage.WRITTEN)))
    assert not is_quiet(toy.places)
    card.end("confirmed", "It sells.")
    assert is_quiet(toy.places)


def test_a_choice_of_the_firmware_that_cannot_be_read_is_to_be_made_anew(toy: Toy) -> None:
    toy.slot_file.write_bytes(b"\0" * 512)
    assert not is_quiet(toy.places)


def test_what_acts_on_an_update_is_not_loaded_at_a_quiet_boot() -> None:
    script = (
        "import sys, appliance.card.boot\n"
        "print(sorted(each for each in sys.modules if each in "
        "('appliance.card.update', 'appliance.storage.journal', 'peewee', 'ssl', 'urllib.request')))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
