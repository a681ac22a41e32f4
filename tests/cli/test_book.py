"""``till book`` and ``till prices``, as a shopkeeper types them: processes of their own beside a till that sells."""

from __future__ import annotations

import argparse
import csv
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from appliance.cli import book, prices
from appliance.cli._booking import books
from appliance.cli._plain import plain
from appliance.domain.catalogue import CatalogueChanges, Category, Product
from appliance.domain.staff import Role
from appliance.domain.tax import TaxRate, TaxRules
from appliance.machine.keyring import Keyring
from appliance.settings import SettingsError, load
from appliance.storage.catalogue import Catalogue
from appliance.storage.database import Database
from appliance.storage.errors import StaffError
from appliance.storage.identity import Identity
from appliance.storage.journal import Journal
from appliance.storage.staff import Staff
from appliance.till.errors import NoSuchReceiptError
from appliance.till.signing_in import hash_pin

GOODS = (
    Product(10_023, "Beeswax candles", 980, sku="23", category_ids=(1,), manages_stock=True, on_hand=4),
    Product(10_612, "Picture hooks <brass> & co", 450, sku="612", category_ids=(2,)),
    Product(10_005, "Paper bag", 25, sku="5"),
    Product(707, "=Oak hook rail, 5 hooks", 4600, sku="RAIL-5", category_ids=(2,)),
)
Process = Callable[..., tuple[int, str]]
Till = Callable[..., int]


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    Keyring.make(tmp_path / "keys.toml")
    (tmp_path / "till.toml").write_text(
        f'[till]\ndata = "{tmp_path}"\nkeys_file = "{tmp_path}/keys.toml"\ntime_zone = "UTC"\n'
        '[receipt]\nname = "Holm & Ash"\n'
    )
    with Database.open(tmp_path / "till.db", now=now) as database:
        Identity(database).create("f" * 32, "T1", "EUR")
        catalogue, staff = Catalogue(database, now), Staff(database)
        catalogue.set_tax(TaxRules(True, {"standard": TaxRate("standard", 230_000, "VAT 23%")}))
        catalogue.set_categories([Category(1, "Kitchen"), Category(2, "Tools")])
        catalogue.apply(CatalogueChanges(GOODS))
        pin = hash_pin("2580", Keyring.load(tmp_path / "keys.toml").pepper)
        staff.add("Marta", Role.CASHIER, pin)
        staff.add("Sean", Role.MANAGER, pin)
    return tmp_path


@pytest.fixture
def here(folder: Path) -> Till:
    """The same command in this process: what asks nobody anything."""

    def run(command: str, *arguments: str) -> int:
        module = {"book": book, "prices": prices}[command]
        parser = argparse.ArgumentParser()
        module.options(parser)
        return int(
            module.run(parser.parse_args(arguments, argparse.Namespace(settings=folder / "till.toml")))
        )

    return run


@pytest.fixture
def till(folder: Path) -> Process:
    def run(*arguments: str, typed: str = "") -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", "appliance.cli", "--settings", f"{folder}/till.toml", *arguments],
            input=typed,
            capture_output=True,
            text=True,
            timeout=60,
            start_new_session=True,  # no terminal: the PIN is read from its standard input
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    return run


def test_a_list_is_shown_asked_for_and_booked_while_the_till_sells(folder: Path, till: Process) -> None:
    yesterday = (now() - timedelta(days=1)).date()
    with Database.open(folder / "till.db", now=now) as selling:  # the kiosk has the file open
        journal = Journal(selling, Identity(selling).get())
        how = (
            "--on",
            f"{yesterday}",
            "--at",
            "14:30",
            "--paid",
            "card",
            "--slip",
            "4711",
            "--cashier",
            "marta",
        )
        code, said = till("book", "23, 2x612 / 5", *how, typed="y\n2580\n")
        assert code == 0, said
        assert re.search(r"612 +2 × Picture hooks <brass> & co +4.50 +9.00", said)
        assert "2 sales, 4 items: €19.05" in said
        assert "Booked as T1-000001 to T1-000002." in said
        bag, candles = journal.last(9)
        assert (bag.payment.total_minor, candles.payment.total_minor) == (25, 1880)
        assert candles.sold_at == datetime(yesterday.year, yesterday.month, yesterday.day, 14, 30, tzinfo=UTC)
        assert (candles.cashier_name, candles.payment.tenders[0].reference) == ("Marta", "4711")

        assert journal.verify() is None


def test_what_is_wrong_is_said_and_nothing_is_booked(
    folder: Path, here: Till, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = folder / "sheet.txt"
    sheet.write_text("23, 99\n0x612\n")
    assert (
        here("book", "--file", f"{sheet}", "--cashier", "Marta", "--yes") == 1
    )  # without a PIN: nothing to book
    said = capsys.readouterr().err
    assert "99: no product has the number 99 (sale 1, item 2)" in said
    assert "0x612: a quantity from 1 to 999 is needed (sale 2, item 1)" in said
    for arguments, words in (
        (("23", "--yes"), "Say who books, with --cashier NAME: Marta, Sean."),
        (("23", "--cashier", "Nobody"), "Nobody does not work here."),
        (("--cashier", "Marta"), "give a list"),
        (("--cashier", "Marta", "--undo", "T1-000009"), "T1-000009 was not booked from paper"),
    ):
        with pytest.raises((StaffError, SettingsError, NoSuchReceiptError), match=words):
            here("book", *arguments)
    with Database.open(folder / "till.db", now=now) as database:
        assert Journal(database, Identity(database).get()).last(1) == []


def test_the_same_list_needs_a_second_yes_and_another_persons_a_manager(folder: Path, till: Process) -> None:
    with books(load(folder / "till.toml")) as opened:
        opened.booking.book(opened.booking.preview("23"), opened.cashier("marta"))

    code, said = till("book", "23", "--cashier", "Marta", typed="y\n2580\ny\n")
    assert re.search(r"This list is in the books already. Booked at \d\d:\d\d as T1-000001.", said)
    assert (code, "Booked as T1-000002." in said) == (0, True)
    how = ("--undo", "T1-000001", "--cashier", "Sean", "--yes")
    code, said = till("book", *how, typed="2580\nSean\nIt was mine\n2580\n")
    assert (code, "A manager must approve it" in said) == (0, True), said
    assert "T1-000001 is taken back by T1-000003: €9.80, cash." in said


def test_the_price_list_is_a_page_a_table_and_a_text(
    folder: Path, here: Till, capsys: pytest.CaptureFixture[str]
) -> None:
    page, table = folder / "prices.html", folder / "prices.csv"
    assert here("prices", "--html", f"{page}") == 0
    assert capsys.readouterr().out == f"{page}: 4 products with their numbers.\n"
    html = page.read_text()
    assert "Picture hooks &lt;brass&gt; &amp; co" in html
    assert html.index("Kitchen") < html.index("Tools") < html.index("Other")
    assert "http" not in html

    assert here("prices", "--csv", f"{table}", "--category", "tools") == 0
    rows = list(csv.reader(table.read_text(encoding="utf-8-sig").splitlines()))
    assert rows[1:] == [
        ["707", "'=Oak hook rail, 5 hooks", "46.00", "RAIL-5", "Tools"],
        ["612", "Picture hooks <brass> & co", "4.50", "", "Tools"],
    ]
    assert here("prices", "--category", "kitchen") == 0
    assert re.search(r"\nKitchen\n +23  Beeswax candles +9.80\n$", capsys.readouterr().out)
    with pytest.raises(SettingsError, match="there are: Kitchen, Tools"):
        here("prices", "--category", "Toys")


def test_odd_answers_end_with_a_sentence(folder: Path, till: Process) -> None:
    with books(load(folder / "till.toml")) as opened:
        opened.booking.book(opened.booking.preview("23/612"), opened.cashier("marta"))
    code, said = till("book", "612", "--cashier", "Marta", "--yes")
    assert (code, "Traceback" in said) == (2, False)
    assert "nothing was answered" in said
    twice = ("--undo", " t1-000001 ", "T1-000001")
    code, said = till("book", *twice, "--cashier", "Marta", "--yes", typed="2580\n")
    assert (code, "T1-000001 is taken back by T1-000003" in said) == (0, True), said


def test_a_buyers_name_commands_no_terminal() -> None:
    assert plain("\x1b]0;owned\x07Niamh\u202e Byrne") == "]0;ownedNiamh Byrne"
