"""A new card with another till's stick in it: asked first, answered once, and no book is lost or written over."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.card.begin import Beginning
from appliance.card.disk import Disk
from appliance.card.offering import is_asked
from appliance.card.problems import Sells
from appliance.domain.staff import Role
from appliance.kiosk.begin_page import BeginPage, is_to_begin
from appliance.machine.keyring import Keyring
from appliance.settings import load
from appliance.storage.database import Database
from appliance.storage.emergency import EMERGENCY_FILE, move_to_stick
from appliance.storage.identity import Identity
from appliance.storage.replaying import catch_up
from appliance.storage.staff import Staff
from tests.card.card import PIN, Card, filled_in
from tests.flows.restoring import LostTill
from tests.storage.samples import NOON, fresh_till, seal
from tests.storage.sticks import journal_of
from tests.storage.whole_day import rows_of

KIOSK = {"RUNTIME_DIRECTORY": "/run/till-kiosk"}


@pytest.fixture
def dead(folder: Path) -> Iterator[LostTill]:
    """A till that lived for a day; its stick holds all of it."""
    till = LostTill(folder)
    till.live(sales=3)
    till.keep()
    yield till
    till.db.close()


@pytest.fixture
def card(folder: Path, dead: LostTill) -> Card:
    """A spare card with that stick in it, not started yet."""
    made = Card(folder / "spare", Disk(), filled_in())
    plug(made, dead)
    made.places.wishes.mkdir()
    return made


def plug(card: Card, dead: LostTill) -> None:
    card.places.stick.parent.mkdir(exist_ok=True)
    shutil.move(dead.stick, card.places.stick)


def pull(card: Card) -> None:
    card.places.stick.rename(card.places.root / "pocket")


def answer(card: Card, **what: object) -> bool:
    """As the screen leaves it, and the unit carries it out; the set-up comes after it."""
    (card.places.wishes / "begin").write_text(json.dumps(what))
    went_well = Beginning(card.places).run()
    assert not (card.places.wishes / "begin").exists(), "it is carried out once"
    return went_well


def boot(card: Card) -> Sells:
    """Another start: what was in RAM is gone."""
    card.places.begun.unlink(missing_ok=True)
    return card.set_up()


def said(card: Card) -> dict[str, object]:
    found: dict[str, object] = json.loads(card.places.begun.read_text())
    return found


def books(card: Card) -> Database:
    return Database.open(card.places.till_data / "till.db", now=lambda: NOON)


def test_a_new_card_asks_before_it_founds_a_till(card: Card) -> None:
    assert card.set_up() is Sells.AS_TYPED
    assert card.report()["begin"] is True
    assert card.till.founded == []
    assert card.secret("manager"), "who signs in first is kept until it is known where"
    assert is_to_begin(card.places.settings, KIOSK)
    assert not is_to_begin(card.places.settings, {}), "on a desk nobody carries an answer out"


def test_without_a_stick_or_with_an_empty_one_nothing_is_asked(card: Card) -> None:
    shutil.rmtree(card.places.stick)
    card.places.stick.mkdir()
    card.set_up()
    assert "begin" not in card.report()
    assert card.till.founded == [("Ciarán", PIN)]


def test_a_card_that_cannot_sell_yet_asks_once_its_settings_are_complete(card: Card) -> None:
    card.type(filled_in(currency="EURO"))
    assert card.set_up() is Sells.NO
    assert "begin" not in card.report()
    card.type(filled_in())
    card.set_up()
    assert card.report()["begin"] is True


def test_the_page_shows_whose_books_they_are_and_where_they_end(card: Card, dead: LostTill) -> None:
    card.set_up()
    page = BeginPage(load(card.places.settings), {**KIOSK, "GAPLESS_STICK": str(card.places.stick)})
    (found,) = page.tills()
    assert (found.name, found.series, found.till_id) == ("Till 1", "T1", dead.identity.till_id)
    assert found.title == "Go on as Till 1?"
    words = " ".join(found.told)
    assert "receipts T1." in words
    assert found.last_receipt in words
    assert found.last_receipt
    pull(card)
    assert page.tills() == ()


def test_the_journal_comes_back_and_the_manager_of_this_card_is_let_in(card: Card, dead: LostTill) -> None:
    card.set_up()
    assert answer(card, till=dead.identity.till_id)
    assert said(card)["done"] == "stick"
    with books(card) as found:
        assert rows_of(found) == rows_of(dead.db)
    assert Keyring.load(card.places.till_data / "keys.toml").public_key != seal().public_key
    assert card.set_up() is Sells.AS_TYPED
    assert "begin" not in card.report()
    assert card.till.founded == [("Ciarán", PIN)]
    assert card.secret("manager") == ""
    assert boot(card) is Sells.AS_TYPED
    assert "begin" not in card.report()


def test_a_spare_card_has_the_name_of_the_till_that_it_goes_on_as_unless_one_was_typed(
    card: Card, dead: LostTill
) -> None:
    for path in card.places.stick.glob("gapless-*/till.json"):
        path.write_text(path.read_text().replace("Till 1", "Front counter"))
    card.set_up()
    assert card.settings()["till"].get("name", "Till 1") == "Till 1"
    assert answer(card, till=dead.identity.till_id)
    card.set_up()
    assert card.settings()["till"]["name"] == "Front counter"
    boot(card)
    assert load(card.places.settings).till.name == "Front counter"
    card.type(card.typed().decode().replace('name = "Till 1"', 'name = "Back door"'))
    boot(card)
    assert load(card.places.settings).till.name == "Back door"


def test_an_answer_that_it_is_a_new_till_holds_for_good(card: Card) -> None:
    card.set_up()
    assert answer(card, new=True)
    card.set_up()
    assert card.till.founded == [("Ciarán", PIN)]
    boot(card)
    assert "begin" not in card.report()


def test_a_power_cut_before_the_answer_is_kept_only_asks_again(card: Card, dead: LostTill) -> None:
    card.set_up()
    answer(card, new=True)
    boot(card)
    assert card.report()["begin"] is True
    answer(card, till=dead.identity.till_id)
    boot(card)
    assert "begin" not in card.report(), "a till with sales in its books is asked nothing"


def test_who_forgot_the_stick_puts_it_in_and_switches_on_again(card: Card, dead: LostTill) -> None:
    """The till was founded meanwhile and never worked with: its people stay, its empty journal makes room."""
    with_file(card)
    card.set_up()
    assert card.report()["begin"] is True
    assert answer(card, till=dead.identity.till_id)
    with books(card) as found:
        assert rows_of(found) == rows_of(dead.db)
        assert Identity(found).get() == dead.identity
        assert [person.name for person in Staff(found).people()] == ["Nora"]


def with_file(card: Card) -> None:
    """A journal as `till setup` makes it."""
    database, _, _ = fresh_till(card.places.journal / "till.db")
    for person in Staff(database).people():
        database.rows("DELETE FROM person WHERE person_id = ?", (person.person_id,))
    Staff(database).add("Nora", Role.MANAGER, "a hash")
    database.close()


def test_a_till_that_has_sold_is_never_asked_and_never_written_over(card: Card, dead: LostTill) -> None:
    dead.db.rows("VACUUM INTO ?", (str(card.places.journal / "till.db"),))
    before = (card.places.journal / "till.db").read_bytes()
    card.set_up()
    assert "begin" not in card.report()
    assert not answer(card, till=dead.identity.till_id)
    assert "not written over" in str(said(card)["failed"])
    assert (card.places.journal / "till.db").read_bytes() == before


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        ("pulled", "There is no till's journal"),
        ("other stick", "The stick that was shown is not plugged in any more."),
        ("damaged", "The stick's journal is damaged after entry 9."),
        ("currency", "Till 1 takes EUR, till.toml says GBP. Write the same currency there."),
    ],
)
def test_what_goes_wrong_is_said_and_leaves_no_till(
    card: Card, dead: LostTill, trouble: str, words: str
) -> None:
    till = dead.identity.till_id
    if trouble == "currency":
        card.type(filled_in(currency="GBP"))
    card.set_up()
    if trouble == "pulled":
        pull(card)
    if trouble == "other stick":
        till = "f" * 32
    if trouble == "damaged":
        lines = journal_of(card.places.stick).read_bytes().splitlines(keepends=True)
        lines[9] = lines[9].replace(b"2026", b"2025", 1)
        journal_of(card.places.stick).write_bytes(b"".join(lines))
    assert not answer(card, till=till)
    assert words in str(said(card)["failed"])
    assert not (card.places.journal / "till.db").exists()
    card.set_up()
    assert card.till.founded == [] or trouble == "pulled"


def test_the_stick_is_only_read_and_books_it_was_sold_from_are_put_away_last(
    card: Card, dead: LostTill
) -> None:
    """A file system that nobody may write to, for what reads it: then one rename, once the card has all of it."""
    stick = journal_of(card.places.stick).parent
    move_to_stick(dead.folder / "old" / "till.db", (), stick, catch_up)
    card.set_up()
    before = {path.name: path.read_bytes() for path in stick.iterdir() if path.is_file()}
    assert answer(card, till=dead.identity.till_id)
    assert {path.name: path.read_bytes() for path in stick.iterdir() if path.is_file()} == before
    assert not (card.places.journal / ".from-stick").exists()
    with books(card) as found:
        assert rows_of(found) == rows_of(dead.db)
    Beginning(card.places).put_away()
    assert not (stick / EMERGENCY_FILE).exists()
    assert (stick / "restored-1.db").read_bytes() == before[EMERGENCY_FILE]
    Beginning(card.places).put_away()


def test_a_stick_that_is_slow_is_waited_for_but_not_for_ever(card: Card, dead: LostTill) -> None:
    usb = card.places.root / "sys/bus/usb/devices/1-1:1.0"
    usb.mkdir(parents=True)
    (usb / "bInterfaceClass").write_text("08\n")
    pull(card)
    assert not is_asked(card.machine, wait_seconds=0.3)
    (card.places.root / "pocket").rename(card.places.stick)
    assert is_asked(card.machine, wait_seconds=0.3)
