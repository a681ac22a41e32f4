"""What every shop does with money that went back. Each test gets a shop through the ``counter`` fixture."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from appliance.domain.refund import CompletedRefund, Refundable, Returned
from appliance.domain.refund_planning import of_sale
from appliance.domain.tender import CompletedSale, TenderKind
from appliance.shops.contract import (
    Anchor,
    OrderStatus,
    RefusedError,
    Shop,
    ShopError,
    ShopRefund,
    UnknownOutcomeError,
)
from tests.shops.counter import Counter, at


def back(
    completed: CompletedSale,
    quantities: Mapping[int, int],
    damaged: Collection[int] = (),
    returned: Mapping[int, Returned] | None = None,
    rounding_minor: int = 0,
) -> CompletedRefund:
    """Money given back for so many pieces of a sale's lines, in cash, a day later."""
    refund = of_sale(uuid.uuid4().hex, Refundable(completed, returned or {}), quantities, damaged)
    later = at() + timedelta(days=1)
    cash, receipt = TenderKind.CASH, "T1-000124"
    return CompletedRefund(
        refund, cash, "", rounding_minor, "Faulty", None, receipt, later, 1, "Marta", "Till 1"
    )


def sold(counter: Counter, completed: CompletedSale) -> int:
    """Tell of a sale whole; its order."""
    return counter.shop.commit(counter.shop.reserve(completed).order_id).order_id


def told(shop: Shop, order_id: int, refund: CompletedRefund) -> ShopRefund | None:
    try:
        return shop.refund(order_id, refund)
    except ShopError:
        return None


class RefundsContract:
    def test_pieces_come_back_and_their_money_goes_off_the_order(self, counter: Counter) -> None:
        product = counter.product()
        completed = counter.sale(counter.line(product, 3))
        order_id = sold(counter, completed)
        made = counter.shop.refund(order_id, back(completed, {1: 1}))
        assert (made.total_minor, made.difference_minor, made.is_whole) == (980, 0, True)
        assert counter.stock(product["id"]) == 18
        seen = counter.shop.order(order_id, with_notes=True)
        assert seen is not None
        assert (seen.status, seen.is_refunded, seen.is_whole) == (OrderStatus.COMMITTED, False, True)
        assert (seen.stock_notes, seen.lines[0].reduced) == (1, 3), "the late look sees no wrong"

    def test_a_line_comes_back_in_portions_to_the_cent_and_the_order_is_told_all_the_same(
        self, counter: Counter
    ) -> None:
        tax = counter.tax()
        cup = replace(counter.line(counter.product(), 7, tax), unit_price_minor=333)
        other = counter.product(tax_class="reduced-rate")
        completed = counter.sale(cup, counter.line(other, 2, tax), tax=tax)
        order_id = sold(counter, completed)
        returned: dict[int, Returned] = {}
        for quantities in ({1: 2}, {1: 1, 2: 1}, {1: 4, 2: 1}):
            refund = back(completed, quantities, returned=returned)
            assert counter.shop.refund(order_id, refund).difference_minor == 0
            for line in refund.refund.lines:
                so_far = returned.get(line.of_position or 0, Returned())
                returned[line.of_position or 0] = Returned(
                    so_far.quantity + line.quantity,
                    so_far.amount_minor + line.amount_minor,
                    so_far.tax_minor + line.tax_minor,
                )
        raw = counter.owner.read(f"/wc/v3/orders/{order_id}", {"_fields": "status,total,refunds"})
        assert raw["status"] == "refunded"
        assert sum(counter.currency.parse(each["total"].lstrip("-")) for each in raw["refunds"]) == (
            completed.sale.total_minor
        )
        assert counter.stock(other["id"]) == 20
        seen = counter.shop.order(order_id)
        assert seen is not None
        assert (seen.status, seen.is_refunded, seen.is_whole) == (OrderStatus.COMMITTED, True, True)
        assert [line.reduced for line in seen.lines] == [7, 2]

    def test_what_is_damaged_is_paid_back_and_stays_off_the_shelf(self, counter: Counter) -> None:
        good, broken = counter.product(), counter.product()
        completed = counter.sale(counter.line(good, 2), counter.line(broken, 2))
        order_id = sold(counter, completed)
        made = counter.shop.refund(order_id, back(completed, {1: 1, 2: 2}, damaged=[2]))
        assert (made.total_minor, made.difference_minor) == (2940, 0)
        assert [counter.stock(each["id"]) for each in (good, broken)] == [19, 18]
        counter.shop.refund(order_id, back(completed, {1: 1}, [1], {1: Returned(1, 980, 183)}))
        assert counter.stock(good["id"]) == 19
        raw = counter.owner.read(f"/wc/v3/orders/{order_id}", {"_fields": "status"})
        assert raw["status"] == "refunded"

    def test_pieces_of_one_line_can_be_good_and_damaged(self, counter: Counter) -> None:
        product = counter.product()
        completed = counter.sale(counter.line(product, 3))
        order_id = sold(counter, completed)
        refund = back(completed, {1: 1})
        (line,) = refund.refund.lines
        both = replace(refund.refund, lines=(line, replace(line, position=2, restock=False)))
        made = counter.shop.refund(order_id, replace(refund, refund=both))
        assert made.total_minor == 1960
        assert counter.stock(product["id"]) == 18

    def test_a_refund_is_found_by_its_name_beside_those_of_the_owner(self, counter: Counter) -> None:
        completed = counter.sale(counter.line(counter.product(), 3))
        order_id = sold(counter, completed)
        assert counter.shop.refunds(order_id) == []
        by_hand = {"amount": "1.00", "api_refund": False, "reason": "Goodwill [see mail]"}
        owners = counter.owner.write(f"/wc/v3/orders/{order_id}/refunds", by_hand)
        refund = back(completed, {1: 1})
        made = counter.shop.refund(order_id, refund)
        found = counter.shop.refunds(order_id)
        assert found == [ShopRefund(owners["id"], None, 100, None), made]
        assert made.till_refund_id == refund.refund.refund_id

    def test_a_refund_that_was_cut_short_is_found_by_its_reason_alone(self, counter: Counter) -> None:
        completed = counter.sale(counter.line(counter.product(), 3))
        order_id = sold(counter, completed)
        name = uuid.uuid4().hex
        cut = {"amount": "9.80", "api_refund": False, "reason": f"Faulty [T1-000124 {name}]"}
        counter.owner.write(f"/wc/v3/orders/{order_id}/refunds", cut)
        (found,) = counter.shop.refunds(order_id)
        assert (found.till_refund_id, found.is_whole, found.total_minor) == (name, False, 980)

    def test_told_twice_in_a_row_it_is_made_once(self, counter: Counter) -> None:
        product = counter.product()
        completed = counter.sale(counter.line(product, 3))
        order_id = sold(counter, completed)
        refund = back(completed, {1: 1})
        counter.shop.refund(order_id, refund)
        with pytest.raises(UnknownOutcomeError, match="already"):
            counter.shop.refund(order_id, refund)
        assert [each.till_refund_id for each in counter.shop.refunds(order_id)] == [refund.refund.refund_id]
        assert counter.stock(product["id"]) == 18

    def test_more_than_is_left_is_not_refused_and_the_difference_is_said(self, counter: Counter) -> None:
        product = counter.product()
        completed = counter.sale(counter.line(product, 2))
        order_id = sold(counter, completed)
        by_hand = {"amount": "15.00", "api_refund": False, "reason": "Goodwill"}
        counter.owner.write(f"/wc/v3/orders/{order_id}/refunds", by_hand)
        made = counter.shop.refund(order_id, back(completed, {1: 1}))
        assert (made.total_minor, made.difference_minor) == (460, 520)
        assert counter.stock(product["id"]) == 19
        last = counter.shop.refund(order_id, back(completed, {1: 1}, returned={1: Returned(1, 980, 183)}))
        assert (last.total_minor, last.difference_minor) == (0, 980)
        assert counter.stock(product["id"]) == 20
        assert counter.shop.refunds(order_id)[1:] == [made, last]

    def test_what_the_owner_put_back_or_cancelled_is_not_put_back_twice(self, counter: Counter) -> None:
        product = counter.product()
        completed = counter.sale(counter.line(product, 2))
        order_id = sold(counter, completed)
        counter.owner.write(f"/wc/v3/orders/{order_id}", {"status": "cancelled"})
        assert counter.stock(product["id"]) == 20
        assert counter.shop.refund(order_id, back(completed, {1: 2})).difference_minor == 0
        assert counter.stock(product["id"]) == 20

    def test_a_cent_that_the_shop_made_of_its_own_goes_with_the_last_refund(self, counter: Counter) -> None:
        order_id, completed = _with_a_cent_more(counter)
        seen = counter.shop.order(order_id)
        assert seen is not None
        assert seen.difference_minor == 1
        one = counter.shop.refund(order_id, back(completed, {1: 1}))
        assert one.difference_minor == 0
        last = counter.shop.refund(order_id, back(completed, {2: 1}))
        assert (last.total_minor, last.difference_minor) == (980, -1)
        raw = counter.owner.read(f"/wc/v3/orders/{order_id}", {"_fields": "status"})
        assert raw["status"] == "refunded"

    def test_the_time_the_money_and_the_cashier_go_with_the_refund(self, counter: Counter) -> None:
        completed = counter.sale(counter.line(counter.product()))
        order_id = sold(counter, completed)
        refund = back(completed, {1: 1}, [1], rounding_minor=2)
        made = counter.shop.refund(order_id, refund, Anchor(418, "ab" * 32))
        (raw,) = counter.owner.page(f"/wc/v3/orders/{order_id}/refunds", {}).items
        meta = {each["key"]: each["value"] for each in raw["meta_data"]}
        assert (raw["id"], raw["refunded_payment"]) == (made.refund_id, False)
        assert raw["reason"] == f"Faulty [T1-000124 {refund.refund.refund_id}]"
        assert meta["till_refunded_at"] == "2026-11-20T10:11:12Z"
        assert (meta["till_tender"], meta["till_rounding"], meta["till_paid"]) == ("cash", "0.02", "9.82")
        assert (meta["till_receipt_number"], meta["till_cashier"]) == ("T1-000124", "Marta")
        assert (meta["till_damaged"], meta["_till_chain"]) == (
            "1 x Beeswax candles, pair",
            f"418:{'ab' * 32}",
        )

    def test_a_line_that_the_shop_has_no_more_is_money_alone(self, counter: Counter) -> None:
        kept = counter.product()
        line = counter.line(counter.product(), 2)
        nameless = replace(line, product_id=None, name="Old mirror", tax_class="standard")
        completed = counter.sale(nameless, counter.line(kept))
        order_id = sold(counter, completed)
        made = counter.shop.refund(order_id, back(completed, {1: 1, 2: 1}))
        assert (made.total_minor, made.difference_minor) == (1960, 0)
        assert counter.stock(kept["id"]) == 20

    def test_a_sale_over_nothing_comes_back_for_nothing(self, counter: Counter) -> None:
        product = counter.product()
        completed = counter.sale(replace(counter.line(product), unit_price_minor=0))
        order_id = sold(counter, completed)
        made = counter.shop.refund(order_id, back(completed, {1: 1}))
        assert (made.total_minor, made.difference_minor) == (0, 0)
        assert counter.stock(product["id"]) == 20

    def test_an_order_that_is_gone_has_no_refunds_no_notes_and_takes_none(self, counter: Counter) -> None:
        completed = counter.sale(counter.line(counter.product()))
        order_id = sold(counter, completed)
        counter.owner.remove(f"/wc/v3/orders/{order_id}")
        assert counter.shop.refunds(order_id) == []
        assert counter.shop.notes(order_id) == []
        with pytest.raises(RefusedError):
            counter.shop.refund(order_id, back(completed, {1: 1}))

    def test_of_two_tills_that_refund_the_same_at_once_one_or_both_are_heard(self, counter: Counter) -> None:
        """Why an inherited refund is told only by who wins its claim: the shop guards nothing but the total."""
        completed = counter.sale(counter.line(counter.product(), 9))
        order_id = sold(counter, completed)
        refund = back(completed, {1: 1})
        shops = [counter.again() for _ in range(2)]
        with ThreadPoolExecutor(2) as pool:
            made = list(pool.map(lambda shop: told(shop, order_id, refund), shops))
        heard = sorted((each for each in made if each), key=lambda each: each.refund_id)
        assert counter.shop.refunds(order_id) == heard != []

    def test_notes_can_be_read_back(self, counter: Counter) -> None:
        order_id = sold(counter, counter.sale(counter.line(counter.product())))
        counter.shop.note(order_id, "One unit was sold twice: the till's customer has it.")
        assert "One unit was sold twice: the till's customer has it." in counter.shop.notes(order_id)

    def test_who_claims_is_part_of_the_claim_and_is_told_to_the_others(self, counter: Counter) -> None:
        refund_id = uuid.uuid4().hex
        first = counter.shop.claim(refund_id, 4711, by="T1-5a5a")
        assert (first.order_id, first.by) == (4711, "T1-5a5a")
        assert counter.shop.claim(refund_id, 4711, by="T2-6b6b") == first
        with pytest.raises(ValueError, match="cannot stand"):
            counter.shop.claim(uuid.uuid4().hex, 4711, by="T1 & Co")
        counter.shop.drop_claim(first.claim_id)


def _with_a_cent_more(counter: Counter) -> tuple[int, CompletedSale]:
    """An order whose total the shop rounded up, as one that rounds its tax at the subtotal can."""
    tax, product = counter.tax(), counter.product()
    lines = [counter.line(product, tax=tax), counter.line(product, tax=tax)]
    order_id = sold(counter, counter.sale(*lines, tax=tax))
    meta = [{"key": "till_total", "value": "19.59"}]
    counter.owner.write(f"/wc/v3/orders/{order_id}", {"meta_data": meta})
    return order_id, counter.sale(lines[0], replace(lines[1], unit_price_minor=979), tax=tax)
