"""What is asked of WooCommerce when money goes back: amounts, lines, rates."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from appliance.domain.money import currency
from appliance.domain.refund import CompletedRefund, Refund, RefundLine
from appliance.domain.tender import TenderKind
from appliance.shops.contract import OddAnswerError
from appliance.shops.woocommerce_refunds import refund_body
from tests.shops.counter import ShopAt
from tests.shops.scripted import json_answer, scripted

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
EURO = currency("EUR")


def item(number: int, position: int | None, *taxes: str) -> dict[str, Any]:
    meta = [{"key": "_till_line", "value": str(position)}] if position else []
    rates = [{"id": 7 + place, "total": tax} for place, tax in enumerate(taxes)]
    return {"id": number, "meta_data": meta, "taxes": rates}


def order(*items: dict[str, Any], total: str = "100.00", refunds: tuple[str, ...] = ()) -> dict[str, Any]:
    meta = [{"key": "till_total", "value": total}, {"key": "till_lines", "value": str(len(items))}]
    gone = [{"id": 1, "reason": "", "total": f"-{each}"} for each in refunds]
    return {"id": 5, "total": total, "refunds": gone, "line_items": list(items), "meta_data": meta}


def refund(*lines: tuple[int | None, int, int]) -> CompletedRefund:
    """Of lines of a sale: position, amount, tax; one piece each."""
    parts = tuple(
        RefundLine(place, of, 3, 3, "Mug", 1, amount, 200_000, "VAT", tax)
        for place, (of, amount, tax) in enumerate(lines, 1)
    )
    back = Refund("5a" * 16, parts, "6b" * 16, "T1-000001")
    return CompletedRefund(
        back, TenderKind.CARD, "4711", 0, "Faulty", None, "T1-000124", NOW, 1, "Marta", "Till 1"
    )


def test_a_line_is_known_by_what_it_says_and_not_by_its_place() -> None:
    body = refund_body(order(item(9, 2, "1"), item(4, 1, "1")), refund((2, 120, 20)), EURO)
    assert body["line_items"] == [
        {"id": 9, "quantity": 1, "refund_total": "1.00", "refund_tax": [{"id": 7, "refund_total": "0.20"}]}
    ]


def test_an_order_of_before_is_read_by_its_places_unless_a_line_is_gone() -> None:
    old = order(item(9, None), item(4, None))
    assert [each["id"] for each in refund_body(old, refund((2, 120, 20)), EURO)["line_items"]] == [9]
    del old["line_items"][1]
    body = refund_body(old, refund((1, 120, 20)), EURO)
    assert (body["line_items"], body["amount"]) == ([], "1.20")


def test_tax_is_shared_over_the_rates_of_a_line_and_nothing_is_lost() -> None:
    body = refund_body(order(item(4, 1, "5.00", "10.00")), refund((1, 1100, 100)), EURO)
    (line,) = body["line_items"]
    assert line["refund_total"] == "10.00"
    assert [each["refund_total"] for each in line["refund_tax"]] == ["0.33", "0.67"]


def test_a_line_without_a_rate_takes_its_tax_with_it() -> None:
    body = refund_body(order(item(4, 1)), refund((1, 1100, 100)), EURO)
    assert body["line_items"] == [{"id": 4, "quantity": 1, "refund_total": "11.00"}]


@pytest.mark.parametrize(
    ("gone", "amount", "totals"),
    [
        ("96.00", "4.00", ["4.00", "0.00"]),
        ("94.00", "6.00", ["5.00", "1.00"]),
        ("100.00", "0.00", ["0.00", "0.00"]),
        ("100.50", "0.00", ["0.00", "0.00"]),
    ],
)
def test_what_is_not_left_comes_off_the_last_lines(gone: str, amount: str, totals: list[str]) -> None:
    body = refund_body(order(item(4, 1), item(5, 2), refunds=(gone,)), refund((1, 500, 0), (2, 500, 0)), EURO)
    assert body["amount"] == amount
    assert [each["refund_total"] for each in body["line_items"]] == totals
    assert [each["quantity"] for each in body["line_items"]] == [1, 1]


def test_a_surplus_stays_while_something_else_is_left_and_when_it_is_no_rounding() -> None:
    whole = order(item(4, 1), item(5, 2))
    for total, told, amount in (
        ("10.01", "10.00", "5.01"),
        ("10.01", "10.01", "5.00"),
        ("19.00", "10.00", "5.00"),
    ):
        whole |= {"total": total, "refunds": [{"id": 1, "reason": "", "total": "-5.00"}]}
        whole["meta_data"][0]["value"] = told
        assert refund_body(whole, refund((1, 500, 0)), EURO)["amount"] == amount
    whole |= {"total": "10.01", "refunds": []}
    whole["meta_data"][0]["value"] = "10.00"
    assert refund_body(whole, refund((1, 500, 0)), EURO)["amount"] == "5.00"


def test_damaged_pieces_have_money_and_no_pieces() -> None:
    both = refund((1, 500, 0), (2, 500, 0))
    first, second = both.refund.lines
    some = replace(both, refund=replace(both.refund, lines=(first, replace(second, restock=False))))
    body = refund_body(order(item(4, 1), item(5, 2)), some, EURO)
    assert (body["api_restock"], [each["quantity"] for each in body["line_items"]]) == (True, [1, 0])
    lines = tuple(replace(each, restock=False) for each in both.refund.lines)
    body = refund_body(
        order(item(4, 1), item(5, 2)), replace(both, refund=replace(both.refund, lines=lines)), EURO
    )
    assert (body["api_restock"], [each["quantity"] for each in body["line_items"]]) == (False, [1, 1])


def test_two_parts_of_one_line_are_one_entry_for_the_shop_hears_only_the_last() -> None:
    both = refund((1, 500, 60), (1, 700, 90))
    first, second = both.refund.lines
    some = replace(both, refund=replace(both.refund, lines=(first, replace(second, restock=False))))
    (line,) = refund_body(order(item(4, 1, "1.00")), some, EURO)["line_items"]
    assert (line["quantity"], line["refund_total"], line["refund_tax"][0]["refund_total"]) == (
        1,
        "10.50",
        "1.50",
    )


def test_no_gateway_is_ever_asked_for_the_money() -> None:
    assert refund_body(order(item(4, 1)), refund((1, 500, 0)), EURO)["api_refund"] is False


@pytest.mark.parametrize(
    "answer",
    [
        {"id": 5},
        {"id": 5, "total": "x", "refunds": [], "line_items": [], "meta_data": []},
        {"id": 5, "total": "1.00", "refunds": [None], "line_items": [], "meta_data": []},
    ],
)
def test_an_order_that_cannot_be_read_is_not_refunded(shop_at: ShopAt, answer: object) -> None:
    with scripted(json_answer("200 OK", answer)) as server:
        with pytest.raises(OddAnswerError):
            shop_at(server.url).refund(5, refund((1, 500, 0)))
        assert len(server.seen) == 1


def test_another_refund_than_ours_is_not_believed(shop_at: ShopAt) -> None:
    read = order(item(4, 1)) | {"amount": "5.00", "reason": "Faulty"}
    with scripted(json_answer("200 OK", read)) as server, pytest.raises(OddAnswerError):
        shop_at(server.url).refund(5, refund((1, 500, 0)))
