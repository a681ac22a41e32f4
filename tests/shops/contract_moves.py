"""How every shop moves stock without a sale. Each test gets a shop through the ``counter`` fixture."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from appliance.domain.stock import MoveKind, StockMove, StockMoveLine
from appliance.shops.contract import Anchor, OrderStatus
from appliance.shops.woocommerce_rest import Json
from tests.shops.counter import Counter, at


def moved(product: Json, quantity: int, **counted: int) -> StockMoveLine:
    """A line that adds so much to the shop's count."""
    parent = product.get("parent_id") or None
    stock_id = parent if parent and product.get("manage_stock") == "parent" else product["id"]
    return StockMoveLine(
        product["id"], parent, stock_id, product["name"], quantity, product["sku"], **counted
    )


def move(*lines: StockMoveLine, series: str = "T1", kind: MoveKind = MoveKind.COUNT) -> StockMove:
    """A move of stock that a person made."""
    reason = "Counted on Thursday"
    return StockMove(uuid.uuid4().hex, f"{series}-S417", kind, reason, lines, at(), 1, "Marta", "Till 1")


def long_ago() -> datetime:
    return datetime.now(UTC) - timedelta(hours=1)


class MovesContract:
    def test_a_move_gives_and_takes_as_soon_as_it_is_reserved_over_nothing(self, counter: Counter) -> None:
        found, lost = counter.product(), counter.product(stock_quantity=5)
        made = counter.shop.reserve(move(moved(found, 3), moved(lost, -2)))
        assert (made.status, made.is_whole, made.is_move) == (OrderStatus.RESERVED, True, True)
        assert (made.total_minor, made.difference_minor) == (0, 0)
        assert [(line.quantity, line.reduced) for line in made.lines] == [(-3, -3), (2, 2)]
        assert [counter.stock(each["id"]) for each in (found, lost)] == [23, 3]

    def test_completing_a_move_changes_nothing_more_however_often_and_at_once(self, counter: Counter) -> None:
        found, lost = counter.product(), counter.product()
        made = counter.shop.reserve(move(moved(found, 3), moved(lost, -2)))
        shops = [counter.again() for _ in range(3)]
        with ThreadPoolExecutor(3) as pool:
            told = list(pool.map(lambda shop: shop.commit(made.order_id).status, shops))
        assert told == [OrderStatus.COMMITTED] * 3
        assert counter.shop.commit(made.order_id).is_whole
        assert [counter.stock(each["id"]) for each in (found, lost)] == [23, 18]
        seen = counter.shop.order(made.order_id, with_notes=True)
        assert seen is not None
        assert seen.stock_notes == 1

    def test_cancelling_a_twin_of_a_move_undoes_it_once(self, counter: Counter) -> None:
        found, lost = counter.product(), counter.product()
        both = move(moved(found, 3), moved(lost, -2))
        twins = [counter.shop.reserve(both) for _ in range(2)]
        assert [counter.stock(each["id"]) for each in (found, lost)] == [26, 16]
        for _ in range(2):
            assert counter.shop.cancel(twins[1].order_id).status is OrderStatus.CANCELLED
        assert [counter.stock(each["id"]) for each in (found, lost)] == [23, 18]
        seen = counter.shop.order(twins[1].order_id, with_notes=True)
        assert seen is not None
        assert (seen.stock_notes, [line.reduced for line in seen.lines]) == (1, [None, None])
        assert [line.moved for line in seen.lines] == [0, 0]
        kept = counter.shop.order(twins[0].order_id, with_notes=True)
        assert kept is not None
        assert [line.moved for line in kept.lines] == [3, -2]

    def test_a_move_does_not_swallow_what_the_web_sold_meanwhile(self, counter: Counter) -> None:
        product = counter.product(stock_quantity=10)
        variance = moved(product, -1, expected=10, counted=9)
        body = {"status": "processing", "line_items": [{"product_id": product["id"], "quantity": 3}]}
        counter.owner.write("/wc/v3/orders", body)
        counter.shop.reserve(move(variance))
        assert counter.stock(product["id"]) == 6

    def test_a_count_below_zero_comes_up_again_and_can_be_bought(self, counter: Counter) -> None:
        product = counter.product(stock_quantity=1)
        counter.shop.reserve(counter.sale(counter.line(product, 3)))
        counter.shop.reserve(move(moved(product, 6)))
        seen = counter.read(product["id"])
        assert (seen["stock_quantity"], seen["stock_status"]) == (4, "instock")

    def test_a_move_of_a_variation_goes_to_the_count_that_it_draws_on(self, counter: Counter) -> None:
        shared, (small, _) = counter.variable(["S", "M"], manage_stock=True, stock_quantity=6)
        parent, (own, other) = counter.variable(["S", "M"])
        whole = StockMoveLine(shared["id"], None, shared["id"], shared["name"], 5)
        made = counter.shop.reserve(move(moved(small, 2), moved(own, 1), whole))
        assert [(line.product_id, line.parent_id) for line in made.lines][:2] == [
            (small["id"], shared["id"]),
            (own["id"], parent["id"]),
        ]
        path = f"/wc/v3/products/{parent['id']}/variations"
        counts = [counter.owner.read(f"{path}/{each['id']}")["stock_quantity"] for each in (own, other)]
        assert (counter.stock(shared["id"]), counts) == (13, [11, 10])

    def test_a_move_of_a_product_that_is_gone_or_not_counted_moves_nothing(self, counter: Counter) -> None:
        gone, plain = counter.product(), counter.product(manage_stock=False, stock_quantity=None)
        counter.owner.remove(f"/wc/v3/products/{gone['id']}")
        made = counter.shop.reserve(move(moved(gone, 2), moved(plain, 2)))
        assert made.is_whole
        assert [line.reduced for line in made.lines] == [None, None]

    def test_a_move_is_found_by_its_name_with_its_twins_and_is_no_sale(self, counter: Counter) -> None:
        product = counter.product()
        one = move(moved(product, 2))
        made = [counter.shop.reserve(one).order_id for _ in range(2)]
        found = counter.shop.find(one.move_id, long_ago())
        assert [each.order_id for each in found] == made
        assert all(each.is_whole and each.is_move and each.sale_id == one.move_id for each in found)
        sold = counter.shop.reserve(counter.sale(counter.line(product)))
        assert not sold.is_move
        held = counter.shop.orders_for(product["id"], long_ago())
        assert [each.sale_id for each in held] == [sold.sale_id, one.move_id, one.move_id]

    def test_a_move_says_who_when_why_and_where_it_stands_in_the_journal(self, counter: Counter) -> None:
        product = counter.product()
        line = moved(product, -1, expected=10, counted=9)
        one = move(line, kind=MoveKind.COUNT)
        made = counter.shop.commit(counter.shop.reserve(one, Anchor(417, "ab" * 32, "cd" * 32)).order_id)
        raw = counter.owner.read(f"/wc/v3/orders/{made.order_id}")
        meta = {each["key"]: each["value"] for each in raw["meta_data"]}
        assert (meta["till_label"], meta["till_kind"], meta["till_move"]) == ("T1-S417", "stock", "count")
        assert (meta["till_reason"], meta["till_cashier"]) == ("Counted on Thursday", "Marta")
        assert (meta["_till_chain"], meta["_till_key"]) == (f"417:{'ab' * 32}", "cd" * 32)
        assert (raw["date_paid_gmt"], raw["total"]) == ("2026-11-19T10:11:12", counter.currency.plain(0))
        assert raw["shipping_lines"][0]["method_title"] == "Till stock T1-S417"
        told = {each["key"]: each["value"] for each in raw["line_items"][0]["meta_data"]}
        assert (told["till_expected"], told["till_counted"]) == ("10", "9")

    def test_moves_are_no_receipts_of_their_series_and_no_favourites_of_the_customers(
        self, counter: Counter
    ) -> None:
        series = f"M{uuid.uuid4().int % 10**6}"
        product = counter.product()
        counter.shop.reserve(
            counter.sale(counter.line(product), receipt=f"{series}-000007"), Anchor(70, "a" * 64)
        )
        sold = counter.read(product["id"])["total_sales"]
        assert sold == 1
        for _ in range(2):
            one = move(moved(product, 4), series=series)
            counter.shop.commit(counter.shop.reserve(one, Anchor(417, "b" * 64)).order_id)
        head = counter.shop.newest_of(series)
        assert head is not None
        assert (head.receipt_number, head.seq) == (f"{series}-000007", 70)
        assert counter.read(product["id"])["total_sales"] == sold
