"""How every shop decides which order a sale is, and what it remembers of a till's journal."""

from __future__ import annotations

import uuid
from collections import Counter as Counted
from concurrent.futures import ThreadPoolExecutor

import pytest

from appliance.shops.contract import Anchor, OddAnswerError, Shop, ShopError, UnknownOutcomeError
from tests.shops.counter import Counter

AT_ONCE = 4


class ClaimsContract:
    def test_the_first_claim_holds_and_every_later_one_is_told_so(self, counter: Counter) -> None:
        sale_id = uuid.uuid4().hex
        first = counter.shop.claim(sale_id, 4711)
        assert first.order_id == 4711
        assert counter.shop.claim(sale_id, 4712) == first
        assert counter.shop.claim(sale_id, 4711) == first

    def test_each_sale_has_a_claim_of_its_own(self, counter: Counter) -> None:
        claims = [counter.shop.claim(uuid.uuid4().hex, number) for number in (1, 2)]
        assert [each.order_id for each in claims] == [1, 2]
        assert claims[0].claim_id != claims[1].claim_id

    def test_a_claim_that_was_dropped_can_be_made_anew_and_dropping_twice_is_nothing(
        self, counter: Counter
    ) -> None:
        sale_id = uuid.uuid4().hex
        first = counter.shop.claim(sale_id, 4711)
        for _ in range(2):
            counter.shop.drop_claim(first.claim_id)
        assert counter.shop.claim(sale_id, 4712).order_id == 4712

    def test_nothing_but_a_claim_is_ever_dropped(self, counter: Counter) -> None:
        product = counter.product()
        with pytest.raises(OddAnswerError):
            counter.shop.drop_claim(product["id"])
        assert counter.stock(product["id"]) == 20

    def test_a_claim_is_nothing_that_a_till_or_a_visitor_could_buy(self, counter: Counter) -> None:
        _, _, cursor = counter.pull(None)
        claim = counter.shop.claim(uuid.uuid4().hex, 4711)
        products, _, _ = counter.pull(cursor)
        assert claim.claim_id not in products
        assert claim.claim_id not in counter.shop.all_product_ids()
        assert all(claim.claim_id not in page.counts for page in counter.shop.stock())
        made = counter.read(claim.claim_id)
        assert (made["status"], made["price"], made["manage_stock"]) == ("private", "", False)

    def test_four_at_once_have_exactly_one_winner_and_agree_on_it(self, counter: Counter) -> None:
        shops = [counter.again() for _ in range(AT_ONCE)]
        before = _numbers(counter)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for _ in range(5):
                sale_id = uuid.uuid4().hex
                told = list(pool.map(_claimed, shops, [sale_id] * AT_ONCE, range(1, 5)))
                assert len(Counted(told)) == 1, told
        assert len(_numbers(counter) - before) == 5, "a loser leaves nothing behind"

    def test_an_order_carries_where_its_sale_stands_in_the_journal(self, counter: Counter) -> None:
        made = counter.shop.reserve(
            counter.sale(counter.line(counter.product())), Anchor(412, "ab" * 32, "cd" * 32)
        )
        raw = counter.owner.read(f"/wc/v3/orders/{made.order_id}", {"_fields": "meta_data"})
        meta = {each["key"]: each["value"] for each in raw["meta_data"]}
        assert (meta["_till_chain"], meta["_till_key"]) == (f"412:{'ab' * 32}", "cd" * 32)

    def test_the_highest_receipt_of_a_series_is_known_with_its_place_in_the_journal(
        self, counter: Counter
    ) -> None:
        series = f"Q{uuid.uuid4().int % 10**6}"
        line = counter.line(counter.product(stock_quantity=90))
        assert counter.shop.newest_of(series) is None
        for number in (7, 9, 8):  # a sale that was parked is told late
            sold = counter.sale(line, receipt=f"{series}-{number:06d}")
            counter.shop.reserve(sold, Anchor(number * 10, f"{number:064x}"))
        counter.shop.reserve(counter.sale(line, receipt=f"{series}B-000050"), Anchor(1, "0" * 64))
        found = counter.shop.newest_of(series)
        assert found is not None
        assert (found.receipt_number, found.seq, found.hash_hex) == (f"{series}-000009", 90, f"{9:064x}")

    def test_the_shops_clock_is_known_after_an_answer(self, counter: Counter) -> None:
        counter.shop.facts()
        found = counter.shop.clock()
        assert found is not None
        assert abs(found.offset_seconds) <= found.doubt_seconds + 1
        assert 0.5 <= found.doubt_seconds < 60


def _claimed(shop: Shop, sale_id: str, number: int) -> tuple[int, int]:
    for _ in range(5):
        try:
            told = shop.claim(sale_id, number)
            return told.claim_id, told.order_id
        except UnknownOutcomeError:
            continue
    raise ShopError("no claim")


def _numbers(counter: Counter) -> set[int]:
    fields = {"_fields": "id", "orderby": "id", "order": "asc"}
    return {item["id"] for page in counter.owner.pages("/wc/v3/products", fields) for item in page.items}
