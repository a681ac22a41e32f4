from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.domain.errors import EmptySaleError, StillDueError, TenderError
from appliance.domain.money import currency
from appliance.domain.tender import Payment, check_completable, pieces_of, quick_amounts

CODES = ["EUR", "GBP", "USD", "CHF", "JPY", "KWD", "SEK", "AED"]


def test_cash_gives_change_back() -> None:
    paid = Payment(15150).cash(20000)

    assert (paid.is_settled, paid.change_minor, paid.due_minor, paid.rounding_minor) == (True, 4850, 0, 0)
    assert paid.tenders[0].amount_minor == 15150


def test_a_part_in_cash_and_the_rest_by_card() -> None:
    part = Payment(1002, 5).cash(500)
    assert (part.is_settled, part.due_minor, part.cash_due_minor) == (False, 502, 500)

    paid = part.card(502, "0042")
    assert (paid.is_settled, paid.rounding_minor, paid.change_minor) == (True, 0, 0)


def test_a_part_by_card_and_the_rest_in_cash_is_rounded() -> None:
    paid = Payment(1002, 5).card(500, "0042").cash(500)

    assert (paid.is_settled, paid.rounding_minor, paid.change_minor) == (True, -2, 0)


@pytest.mark.parametrize(
    ("total", "in_cash"), [(1001, 1000), (1002, 1000), (1003, 1005), (1004, 1005), (1005, 1005)]
)
def test_cash_is_rounded_to_the_nearest_five_cents(total: int, in_cash: int) -> None:
    assert Payment(total, 5).cash_due_minor == in_cash
    assert Payment(total, 5).cash(in_cash).rounding_minor == in_cash - total
    assert Payment(total, 5).due_minor == total  # a card is never rounded


def test_so_little_that_it_rounds_to_nothing_is_paid_with_nothing() -> None:
    due = Payment(2, 5)
    assert due.cash_due_minor == 0
    assert not due.is_settled

    assert due.cash(0).is_settled
    assert due.cash(0).rounding_minor == -2
    assert due.cash(5).change_minor == 5
    assert due.card(2, "").is_settled


def test_a_rest_that_rounds_to_nothing_is_paid_with_nothing() -> None:
    rest = Payment(1002, 5).card(1000, "")

    assert (rest.is_settled, rest.due_minor, rest.cash_due_minor) == (False, 2, 0)
    assert rest.cash(0).rounding_minor == -2


def test_an_amount_exactly_between_two_coins_is_rounded_up_and_never_forgiven() -> None:
    due = Payment(1005, 10)
    assert due.cash_due_minor == 1010

    part = due.cash(1000)  # rounding would forgive the 5 that are left, but 10.10 was due in cash
    assert (part.is_settled, part.due_minor, part.cash_due_minor) == (False, 5, 10)
    assert part.cash(10).rounding_minor == 5


def test_an_amount_that_no_coins_make_up_is_refused() -> None:
    with pytest.raises(TenderError, match="no coins"):
        Payment(1000, 5).cash(998)


@pytest.mark.parametrize("given_minor", [0, -5, 10**13])
def test_cash_that_is_no_amount_is_refused(given_minor: int) -> None:
    with pytest.raises(TenderError):
        Payment(1000).cash(given_minor)


def test_a_card_gives_no_change_and_pays_no_settled_sale() -> None:
    with pytest.raises(TenderError, match="more than is due"):
        Payment(1000).card(1001, "")
    with pytest.raises(TenderError, match="Nothing is due"):
        Payment(1000).cash(1000).card(1, "")
    with pytest.raises(TenderError, match="Nothing is due"):
        Payment(0).cash(0)


def test_a_total_of_nothing_needs_no_tender(sale_of: Any) -> None:
    free = sale_of([(1, 0, 0)])

    assert Payment(0).is_settled
    check_completable(free, Payment(free.total_minor))


def test_an_empty_an_unpaid_and_a_changed_sale_are_not_completed(sale_of: Any) -> None:
    with pytest.raises(EmptySaleError):
        check_completable(sale_of([]), Payment(0))
    with pytest.raises(StillDueError):
        check_completable(sale_of([(1, 100, 0)]), Payment(100).cash(50))
    with pytest.raises(TenderError, match="changed"):
        check_completable(sale_of([(1, 100, 0)]), Payment(90).cash(90))


def test_the_tenders_taken_count_towards_a_changed_total() -> None:
    part = Payment(1000).cash(400)

    assert part.of_total(1200).due_minor == 800
    assert part.of_total(400).is_settled
    with pytest.raises(TenderError, match="already paid"):
        part.of_total(300)


@given(st.integers(0, 100_000), st.sampled_from([1, 5, 10, 100]), st.data())
def test_every_total_can_be_paid_and_nothing_is_lost_on_the_way(
    total: int, step: int, data: st.DataObject
) -> None:
    payment = Payment(total, step)
    for _ in range(3):
        if payment.is_settled:
            break
        if data.draw(st.booleans()):
            payment = payment.card(data.draw(st.integers(1, payment.due_minor)), "1")
        else:
            coins = data.draw(st.integers(1, payment.cash_due_minor // step + 3))
            payment = payment.cash(coins * step)
    if not payment.is_settled:
        payment = payment.cash(payment.cash_due_minor)

    assert payment.is_settled
    assert payment.due_minor == 0
    assert payment.paid_minor == payment.total_minor + payment.rounding_minor
    assert abs(payment.rounding_minor) * 2 <= step
    assert sum(each.given_minor for each in payment.tenders) - payment.change_minor == payment.paid_minor


@pytest.mark.parametrize(
    ("code", "due", "amounts"),
    [
        ("EUR", 15150, (15200, 15500, 16000, 20000)),
        ("EUR", 14340, (14400, 14500, 15000, 20000)),
        ("EUR", 3000, (4000, 5000, 10000, 20000)),
        ("EUR", 2000, (5000, 10000, 20000)),
        ("EUR", 399, (400, 500, 1000, 2000)),
        ("EUR", 20, (100, 200, 500, 1000)),
        ("JPY", 1234, (1300, 1500, 2000, 5000)),
        ("SEK", 15200, (16000, 20000, 50000, 100000)),
        ("KWD", 1234, (1250, 1500, 2000, 5000)),
        ("EUR", 0, ()),
    ],
)
def test_quick_amounts_are_what_a_customer_hands_over(code: str, due: int, amounts: tuple[int, ...]) -> None:
    assert quick_amounts(due, currency(code)) == amounts


@given(st.integers(1, 10**7), st.sampled_from(CODES))
def test_quick_amounts_suffice_rise_and_are_few(due: int, code: str) -> None:
    amounts = quick_amounts(due, currency(code))

    assert len(amounts) <= 4
    assert all(amount > due for amount in amounts)
    assert list(amounts) == sorted(set(amounts))


@given(st.integers(0, 10**6), st.sampled_from(CODES))
def test_the_pieces_make_up_the_amount_but_for_what_has_no_coin(amount: int, code: str) -> None:
    cash = currency(code).cash_minor
    pieces = pieces_of(amount, currency(code))

    assert list(pieces) == sorted(pieces, reverse=True)
    assert 0 <= amount - sum(pieces) < cash[-1]


def test_change_of_48_50_is_two_twenties_a_five_two_coins_and_fifty_cents() -> None:
    assert pieces_of(4850, currency("EUR")) == (2000, 2000, 500, 200, 100, 50)
