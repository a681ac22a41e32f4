import base64

import pytest

from tests.storage.conftest import Till
from tests.storage.samples import NOON, sealer


@pytest.mark.parametrize("text", ["Mrs Byrne", "Ana", "Łukasz 李 🛒", "sealed:", "x" * 10_000])
def test_what_was_sealed_is_opened_and_hides_the_text(text: str) -> None:
    sealed = sealer().seal(text)

    assert sealed.startswith("sealed:")
    assert text.encode() not in base64.b64decode(sealed.removeprefix("sealed:"))
    assert sealer().open(sealed) == text


def test_nothing_stays_nothing_and_old_clear_texts_pass() -> None:
    assert sealer().seal("") == sealer().open("") == ""
    assert sealer().open("Mrs Byrne") == "Mrs Byrne"


def test_equal_names_cannot_be_told_from_their_seals() -> None:
    assert sealer().seal("Mrs Byrne") != sealer().seal("Mrs Byrne")


@pytest.mark.parametrize("damaged", ["sealed:", "sealed:!", "sealed:é", "sealed:QUJD", "sealed:" + "A" * 80])
def test_a_lost_key_or_a_damaged_seal_is_no_error_on_the_screen(damaged: str) -> None:
    assert sealer(2).open(sealer(1).seal("Mrs Byrne")) == "(sealed)"
    assert sealer().open(damaged) == "(sealed)"


def test_one_changed_letter_is_seen() -> None:
    sealed = sealer().seal("Mrs Byrne")
    for at in range(len("sealed:"), len(sealed) - 2, 7):
        other = "A" if sealed[at] != "A" else "B"
        assert sealer().open(sealed[:at] + other + sealed[at + 1 :]) == "(sealed)"


def test_the_buyer_of_a_unit_sold_twice_is_sealed_in_the_file(till: Till) -> None:
    sold = till.sell(1).completed.sale
    found = {"product_id": 1, "product_name": "Rail", "units": 1, "sale_id": sold.sale_id, "found_at": NOON}
    units = till.oversold(sealer())
    units.found(**found, order_id=7, order_number="7", customer="Mrs Byrne")  # type: ignore[arg-type]

    (kept,) = till.db.rows("SELECT customer FROM oversold")
    assert kept[0].startswith("sealed:")
    assert units.open()[0].customer == "Mrs Byrne"
    assert till.oversold(sealer(2)).open()[0].customer == "(sealed)"


def test_names_from_before_there_were_seals_are_sealed_once(till: Till) -> None:
    sold = till.sell(1).completed.sale
    found = {"product_id": 1, "product_name": "Rail", "units": 1, "sale_id": sold.sale_id, "found_at": NOON}
    units = till.oversold(sealer())
    units.found(**found, order_id=7, customer="x")  # type: ignore[arg-type]
    till.db.rows("UPDATE oversold SET customer = 'Mrs Byrne'")
    assert units.open()[0].customer == "Mrs Byrne"

    assert (units.seal_old(), units.seal_old()) == (1, 0)
    assert units.open()[0].customer == "Mrs Byrne"
    assert "Byrne" not in str(till.db.rows("SELECT customer FROM oversold"))
