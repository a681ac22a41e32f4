"""A first boot with the real ``till setup``: a journal, somebody who can sign in, and the hand-over sheet."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from appliance.card.credentials import run_command
from appliance.card.disk import Disk
from appliance.card.problems import Sells
from appliance.domain.money import currency
from appliance.domain.staff import Role
from appliance.kiosk.first_page import first_page
from appliance.machine.computer import Computer
from appliance.receipts.hand_over import HAND_OVER, WHEN
from appliance.receipts.wording import ReceiptHeader
from appliance.storage.database import Database
from appliance.storage.identity import Identity
from appliance.storage.journal import Journal
from appliance.storage.print_jobs import PrintJobs
from appliance.storage.staff import Staff
from appliance.till.errors import WrongPinError
from appliance.till.mistakes import NEVER_RAN
from appliance.till.paper import Paper
from appliance.till.signing_in import SigningIn
from drivers.document import Pair, Text
from drivers.printer_raster import ReceiptRaster
from tests.card.card import PIN, Card, filled_in

FONTS = Path(__file__).parents[2] / "appliance" / "fonts"
ON_THE_CARD = {"NOTIFY_SOCKET": "/run/systemd/notify"}


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def card(tmp_path: Path) -> Card:
    made = Card(tmp_path, Disk(), filled_in())
    made.machine = replace(made.machine, run=run_command)
    return made


def open_till(card: Card) -> Database:
    return Database.open(card.places.till_data / "till.db", now=now)


def sign_in(card: Card, pin: str) -> str:
    computer = Computer.of(card.places.till_data / "keys.toml", card.places.till_data)
    with open_till(card) as db:
        journal = Journal(db, Identity(db).get(), seal=computer.seal)
        signing = SigningIn(Staff(db), journal, now, computer.keyring.pepper)
        return signing.sign_in(signing.people()[0].person_id, pin).name


def test_the_manager_of_the_file_signs_in_on_a_till_with_its_own_series(card: Card) -> None:
    assert card.set_up() is Sells.AS_TYPED
    assert card.sentences() == []
    with open_till(card) as db:
        assert Identity(db).get()[1:] == ("T1", "EUR")
        assert [(each.name, each.role) for each in Staff(db).people()] == [("Ciarán", Role.MANAGER)]
    assert sign_in(card, PIN) == "Ciarán"
    assert card.secret("manager") == ""
    assert first_page(card.places.settings, ON_THE_CARD) is None

    card.type(card.typed().decode().replace('manager_pin = ""', 'manager_pin = "1470"'))
    assert card.set_up() is Sells.AS_TYPED
    assert sign_in(card, "1470") == "Ciarán"
    with pytest.raises(WrongPinError):
        sign_in(card, PIN)
    with open_till(card) as db:
        kinds = [row[0] for row in db.rows("SELECT kind FROM journal WHERE kind <> 'sale' ORDER BY seq")]
    assert "pin-from-card" in kinds
    assert kinds.count("bound") == 1


def test_the_hand_over_sheet_comes_out_with_the_first_start(card: Card) -> None:
    card.set_up()
    public_key = Computer.of(card.places.till_data / "keys.toml", card.places.till_data).public_key
    with open_till(card) as db:
        (job,) = PrintJobs(db).open()
        assert job.body["kind"] == HAND_OVER
        journal = Journal(db, Identity(db).get())
        paper = Paper(
            ReceiptHeader("Holm & Ash"), currency("EUR"), lambda at: at.astimezone(ZoneInfo("Europe/Dublin"))
        )
        document = paper.compose(journal, job)
        till_id, anchor = (
            Identity(db).get().till_id,
            db.rows("SELECT hex(hash) FROM journal ORDER BY seq DESC LIMIT 1"),
        )
    words = [each.text for each in document.elements if isinstance(each, Text)]
    pairs = {each.left: each.right for each in document.elements if isinstance(each, Pair)}
    printed = "".join(words).replace(" ", "")
    assert till_id in printed
    assert public_key in printed
    assert anchor[0][0].lower() in printed
    assert {what for what, _ in WHEN} <= set(words)
    assert pairs["Online shop"] == "https://shop.example"
    assert pairs["Signs in first"] == "Ciarán"
    assert not any(secret in f"{words}{pairs}" for secret in (PIN, "ck_", "cs_", "hunter2"))
    for width in (576, 384):
        picture = ReceiptRaster(FONTS, width).render(document)
        assert 60 < picture.height / 8 < 300, "millimetres"


def test_the_kiosk_shows_the_mistakes_before_anything_else(card: Card) -> None:
    card.type('[till]\nname = Front\n[screen]\ntheme = "light"\n')
    card.set_up()
    page = first_page(card.places.settings, ON_THE_CARD)
    assert page is not None
    assert page.mistakes.sentences[:1] == ('There is no [money] with currency = "...": the currency.',)
    assert 'Line 2: a text stands in quotes: name = "Front"' in page.mistakes.sentences
    assert not page.mistakes.can_sell
    assert (page.settings.screen.theme, page.settings.screen.touch) == ("light", "panel")


def test_a_mistake_that_was_answered_is_not_shown_again_until_another_comes(card: Card) -> None:
    card.set_up()
    text = card.typed().decode()
    card.type(text.replace('theme = "dark"', "theme = dark"))
    card.set_up()
    page = first_page(card.places.settings, ON_THE_CARD)
    assert page is not None
    assert page.mistakes.can_sell
    seen = {**ON_THE_CARD, "GAPLESS_MISTAKES_SEEN": page.mark}
    assert first_page(card.places.settings, seen) is None
    card.type(text.replace("volume = 4", "volume = 9"))
    card.set_up()
    assert first_page(card.places.settings, seen) is not None


def test_a_set_up_that_never_ran_is_said_on_the_card_and_nowhere_else(tmp_path: Path) -> None:
    settings = tmp_path / "till.toml"
    page = first_page(settings, ON_THE_CARD)
    assert page is not None
    assert page.mistakes.sentences == (NEVER_RAN,)
    assert page.settings.screen.touch == "panel"
    assert first_page(settings, {}) is None, "on a desk the missing file is named"
    settings.write_text('[screen]\ntouch = "mouse"\n')
    assert first_page(settings, ON_THE_CARD) is None
    (tmp_path / "setup.json").write_text("{half")
    page = first_page(settings, ON_THE_CARD)
    assert page is not None
    assert page.mistakes.can_sell
