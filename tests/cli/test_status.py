"""``till setup`` and ``till status``, on a real folder."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from appliance.cli import setup, status
from appliance.domain.hardware import fingerprint
from appliance.domain.staff import Person, Role
from appliance.machine.computer import Computer
from appliance.machine.keyring import Keyring
from appliance.storage.binding import MUST_CONFIRM, Bindings
from appliance.storage.database import Database
from appliance.storage.errors import IdentityError
from appliance.storage.facts import ShopFacts
from appliance.storage.identity import Identity
from appliance.storage.journal import Journal
from tests.storage.samples import paid, sale


def now() -> datetime:
    return datetime.now(UTC)


class Folder:
    """A till's folder, its settings, and the two commands."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capsys = folder, capsys
        self.keys = folder / "etc/keys.toml"
        self.settings = folder / "till.toml"
        self.write()

    def write(self, more: str = "") -> None:
        self.settings.write_text(f'[till]\ndata = "{self.folder}/data"\nkeys_file = "{self.keys}"\n{more}')

    def setup(self) -> str:
        assert setup.run(argparse.Namespace(settings=self.settings)) == 0
        return self._capsys.readouterr().out

    def status(self) -> str:
        self.code = status.run(argparse.Namespace(settings=self.settings, json=False))
        return self._capsys.readouterr().out

    def facts(self) -> dict[str, Any]:
        self.code = status.run(argparse.Namespace(settings=self.settings, json=True))
        found: dict[str, Any] = json.loads(self._capsys.readouterr().out)
        return found

    def change(self, what: Callable[[Database], object]) -> None:
        with Database.open(self.folder / "data/till.db", now=now) as database:
            what(database)

    def note(self, **facts: str) -> None:
        def set_them(database: Database) -> None:
            for name, value in facts.items():
                ShopFacts(database).set(name, value)

        self.change(set_them)

    def journal(self, database: Database) -> Journal:
        return Journal(database, Identity(database).get(), seal=Computer.of(self.keys, self.folder).seal)


@pytest.fixture
def till(tmp_path: Path, capsys: pytest.CaptureFixture[str], usb_bench: object) -> Folder:
    """It asks libusb for the printer, so it must not be before the bench."""
    return Folder(tmp_path, capsys)


def test_setting_up_makes_the_keys_and_prints_what_the_hand_over_sheet_needs(till: Folder) -> None:
    printed = till.setup()
    key = Keyring.load(till.keys).public_key.hex()
    assert key in printed.replace(" ", "")
    assert "its receipts begin with T1-000001" in printed
    till.change(
        lambda database: (
            database.rows("SELECT kind FROM journal") == [("keyed",), ("bound",)] or pytest.fail()
        )
    )


def test_keys_that_are_there_are_kept_and_a_till_is_set_up_once(till: Folder) -> None:
    Keyring.make(till.keys)
    before = till.keys.read_bytes()
    till.setup()
    with pytest.raises(IdentityError, match="set up already"):
        till.setup()
    assert till.keys.read_bytes() == before


def test_a_new_till_is_well_and_says_on_which_hardware_it_is(till: Folder) -> None:
    till.setup()
    text = till.status()
    assert "T1 bound since" in text
    assert "If the card died now, 0 sales would be lost." in text
    assert "Moved" not in text
    facts = till.facts()
    assert facts["hardware"] == facts["bound_hardware"]
    assert facts["moved"] is None
    assert facts["at_risk_receipts"] == []


def test_a_till_that_has_moved_needs_a_person(till: Folder) -> None:
    till.setup()

    def bind_elsewhere(database: Database) -> None:
        elsewhere, who = fingerprint("another board", "another card"), (1, "Sean")
        Bindings(database).rebind(till.journal(database), elsewhere, now(), who, "e" * 32)

    till.change(bind_elsewhere)
    till.note(**{MUST_CONFIRM: "other card"})
    facts = till.facts()
    assert (facts["moved"] is not None, facts["series"], facts["needs_a_person"]) == (True, "T1B", True)
    text = till.status()
    assert "Nothing is uploaded until a person confirms" in text
    assert till.code == 1


@pytest.mark.parametrize(
    ("facts", "words", "needs"),
    [
        ({"backup": '{"ok": true, "words": "Last night, tested."}'}, "Last night, tested.", False),
        ({"backup": '{"ok": false, "words": "It could not be read back."}'}, "could not be read back", True),
        ({"backup": "no json"}, "none yet", False),
        ({"card_lost": "The card lost 3 entries."}, "The card lost 3 entries.", True),
        ({"stick_aside": "A stick has a sale of its own."}, "a sale of its own", True),
    ],
)
def test_what_the_other_parts_found_is_said(
    till: Folder, facts: dict[str, str], words: str, needs: bool
) -> None:
    till.setup()
    till.note(**facts)
    assert words in till.status()
    assert till.facts()["needs_a_person"] is needs


def test_a_clock_that_the_shop_contradicts_is_named_with_the_difference(till: Folder) -> None:
    till.setup()
    computer = Computer.of(till.keys, till.folder)
    witness, at = computer.clock.witness(), f"{now():%Y-%m-%dT%H:%M:%SZ}"
    fact = {"boot": witness.boot_id, "uptime_ms": witness.uptime_ms, "offset_seconds": 90_000, "at": at}
    till.note(shop_clock=json.dumps(fact))
    facts = till.facts()
    assert abs(facts["clock_off_seconds"] - 90_000) <= 2
    assert facts["clock"] in ("unset", "restored")
    assert "the shop's clock differs by" in till.status()


def test_sales_that_are_on_the_card_alone_are_at_risk(till: Folder) -> None:
    till.setup()
    made, mara = sale(1), Person(1, "Mara", Role.CASHIER)
    till.change(lambda database: till.journal(database).record(made, paid(made), mara, now()))
    assert "1 sale would be lost: T1-000001" in till.status()
    till.write(f'[second]\nfolder = "{till.folder}/stick"\n')
    assert "not in " in till.status()
    assert till.code == 1


def test_what_is_held_back_from_the_web_is_said(till: Folder) -> None:
    till.setup()
    assert "held back" not in till.status()
    till.change(lambda db: db.rows("INSERT INTO held_back (stock_id, quantity) VALUES (1, 2), (2, 29)"))
    assert "2 products held back from the web (31 pieces)" in till.status()
    assert till.facts()["held_back"] == {"products": 2, "pieces": 31}
    assert till.code == 0, "nobody is needed for it"
