"""What an owner, a customer and an importer do to a shop, as rules of a state machine."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from appliance.shops.contract import ShopError
from tests.sync.both_sides import ORDERS, PRODUCTS, Side, Sql, new_id
from tests.sync.conftest import Clock

PRICES: Final = st.sampled_from(("0.00", "1.00", "2.50", "9.80", "12.34", "100.00"))
COUNTS: Final = st.integers(-3, 40)
NUMBERS: Final = st.integers(0, 10)


@dataclass(frozen=True, slots=True)
class RealShop:
    """A real WooCommerce to play in."""

    url: str
    key: str
    secret: str
    ca: str | None
    sql: Sql
    currency: str


@dataclass(slots=True)
class Played:
    """What was done in all examples."""

    examples: int = 0
    edits: int = 0
    sales: int = 0
    cuts: int = 0
    restarts: int = 0
    compared: int = 0
    requests: int = 0
    slowest: list[float] = field(default_factory=list)


class Edits(RuleBasedStateMachine):
    """The shop's side."""

    real: RealShop | None = None
    played = Played()
    side: Side
    clock: Clock

    def _product(self, number: int) -> int:
        return self.side.products[number % len(self.side.products)]

    def _write(self, path: str, body: dict[str, Any]) -> None:
        self.played.edits += 1
        self.side.owner.write(path, body)

    @rule(number=NUMBERS, price=PRICES)
    def a_price_changes(self, number: int, price: str) -> None:
        self._write(f"{PRODUCTS}/{self._product(number)}", {"regular_price": price})

    @rule(number=NUMBERS, hours=st.integers(-5, 5))
    def a_sale_is_scheduled(self, number: int, hours: int) -> None:
        begins = self.clock().replace(microsecond=0, tzinfo=None) + timedelta(hours=hours)
        window = (begins.isoformat(), (begins + timedelta(hours=3)).isoformat())
        body = {"sale_price": "0.50", "date_on_sale_from_gmt": window[0], "date_on_sale_to_gmt": window[1]}
        self._write(f"{PRODUCTS}/{self._product(number)}", body)

    @rule(number=NUMBERS, count=COUNTS)
    def a_count_changes(self, number: int, count: int) -> None:
        self._write(f"{PRODUCTS}/{self._product(number)}", {"manage_stock": True, "stock_quantity": count})

    @rule(number=NUMBERS)
    def a_product_is_counted_no_more(self, number: int) -> None:
        self._write(f"{PRODUCTS}/{self._product(number)}", {"manage_stock": False})

    @rule(number=NUMBERS, body=st.sampled_from(({"name": "Salt & pepper"}, {"tax_class": "zero-rate"},
          {"status": "draft"}, {"status": "publish"}, {"backorders": "notify"}, {"low_stock_amount": 3},
          {"categories": []}, {"regular_price": ""})))  # fmt: skip
    def a_product_is_edited(self, number: int, body: dict[str, Any]) -> None:
        self._write(f"{PRODUCTS}/{self._product(number)}", body)

    @precondition(lambda self: self.real is None)
    @rule(number=NUMBERS, name=st.sampled_from(("", "mug.png", "cup.png")))
    def a_picture_changes(self, number: int, name: str) -> None:
        images = [{"src": f"http://shop.test/{name}"}] if name else []
        self._write(f"{PRODUCTS}/{self._product(number)}", {"images": images})

    @rule(number=NUMBERS, price=PRICES)
    def a_price_changes_past_the_dates(self, number: int, price: str) -> None:
        self.played.edits += 1
        self.side.sql.price(self._product(number), price)

    @rule(number=NUMBERS, count=COUNTS)
    def a_count_changes_past_the_dates(self, number: int, count: int) -> None:
        self.played.edits += 1
        self.side.sql.stock(self._product(number), count)

    @rule(price=PRICES)
    def a_product_is_added(self, price: str) -> None:
        self.played.edits += 1
        self.side.add_product(regular_price=price, categories=[{"id": self.side.category}])

    @precondition(lambda self: len(self.side.products) > 1)
    @rule(number=NUMBERS, forced=st.booleans())
    def a_product_is_thrown_away_or_deleted(self, number: int, forced: bool) -> None:
        self._away(f"{PRODUCTS}/{self._product(number)}", forced=forced)
        self.side.products.remove(self._product(number))

    def _away(self, path: str, *, forced: bool) -> None:
        self.played.edits += 1
        (self.side.owner.remove if forced else self.side.owner.throw_away)(path)

    @rule(number=NUMBERS, what=st.sampled_from(("price", "count", "add", "delete")), price=PRICES)
    def a_variation_is_edited(self, number: int, what: str, price: str) -> None:
        parent = self.side.variables[0]
        family = self.side.variations(parent)
        self.played.edits += 1
        if what == "add" or not family:
            self.side.add_variation(parent, "L", regular_price=price)
            return
        path = f"{PRODUCTS}/{parent}/variations/{family[number % len(family)]['id']}"
        if what == "delete":
            self.side.owner.remove(path)
        else:
            change = (
                {"regular_price": price}
                if what == "price"
                else {"manage_stock": True, "stock_quantity": number}
            )
            self.side.owner.write(path, change)

    @rule(shared=st.booleans())
    def a_family_shares_its_count_or_does_not(self, shared: bool) -> None:
        count = {"manage_stock": True, "stock_quantity": 6} if shared else {"manage_stock": False}
        self._write(f"{PRODUCTS}/{self.side.variables[0]}", count)

    @rule(name=st.sampled_from(("Kitchen", "Garden & yard", "Old")))
    def a_category_is_renamed(self, name: str) -> None:
        named = f"{name} {self.side.category}"
        self._write(f"{PRODUCTS}/categories/{self.side.category}", {"name": named})

    @precondition(lambda self: self.real is None)
    @rule(rate=st.sampled_from(("13.5000", "20.0000", "23.0000")))
    def a_tax_changes(self, rate: str) -> None:
        self._write("/wc/v3/taxes/1", {"rate": rate})

    @rule(number=NUMBERS, what=st.sampled_from(("new", "edit", "trash", "delete")))
    def a_coupon_changes(self, number: int, what: str) -> None:
        codes = self.side.coupons
        self.played.edits += 1
        if what == "new" or not codes:
            made = self.side.owner.write("/wc/v3/coupons", {"code": f"m{new_id()[:10]}", "amount": "5"})
            codes.append(made["id"])
        elif what == "edit":
            with suppress(ShopError):  # thrown away, or deleted
                self.side.owner.write(f"/wc/v3/coupons/{codes[number % len(codes)]}", {"amount": str(number)})
        else:
            with suppress(ShopError, AssertionError):
                self._away(f"/wc/v3/coupons/{codes[number % len(codes)]}", forced=what == "delete")

    @rule(number=NUMBERS, what=st.sampled_from(("new", "edit", "delete")))
    def a_customer_changes(self, number: int, what: str) -> None:
        people = self.side.customers
        self.played.edits += 1
        if what == "new" or not people:
            made = self.side.owner.write(
                "/wc/v3/customers", {"email": f"{new_id()}@x.test", "first_name": "Ann"}
            )
            people.append(made["id"])
        elif what == "edit":
            with suppress(ShopError):
                path = f"/wc/v3/customers/{people[number % len(people)]}"
                self.side.owner.write(path, {"first_name": f"Bob {number}"})
        else:
            self.side.sql.forget_customer(people[number % len(people)])

    @rule(number=NUMBERS, quantity=st.integers(1, 3))
    def somebody_buys_online(self, number: int, quantity: int) -> None:
        self.played.edits += 1
        line = {"product_id": self._product(number), "quantity": quantity}
        body = {"status": "processing", "billing": {"first_name": "Niamh"}, "line_items": [line]}
        self.side.orders.append(self.side.owner.write(ORDERS, body)["id"])

    @precondition(lambda self: self.side.orders)
    @rule(number=NUMBERS, what=st.sampled_from(("completed", "cancelled", "on-hold", "trash", "delete")))
    def an_order_changes(self, number: int, what: str) -> None:
        path = f"{ORDERS}/{self.side.orders[number % len(self.side.orders)]}"
        with suppress(ShopError, AssertionError):  # it may be deleted already
            if what in ("trash", "delete"):
                self._away(path, forced=what == "delete")
            else:
                self._write(path, {"status": what})


EACH: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    ("somebody_buys_online", {"number": 0, "quantity": 1}),
    ("somebody_buys_online", {"number": 1, "quantity": 2}),
    ("a_coupon_changes", {"number": 0, "what": "new"}),
    ("a_customer_changes", {"number": 0, "what": "new"}),
    ("time_passes", {"count": 3}),
    ("a_price_changes", {"number": 0, "price": "12.34"}),
    ("a_sale_is_scheduled", {"number": 1, "hours": -1}),
    ("a_count_changes_past_the_dates", {"number": 0, "count": 7}),
    ("a_product_is_added", {"price": "2.50"}),
    ("a_price_changes_past_the_dates", {"number": 2, "price": "1.00"}),
    ("it_is_cut", {"after": 3, "how": "lost", "hours": 0}),
    ("the_till_sells", {"number": 0, "quantity": 2}),
    ("a_variation_is_edited", {"number": 0, "what": "delete", "price": "1.00"}),
    ("a_variation_is_edited", {"number": 0, "what": "price", "price": "9.80"}),
    ("a_family_shares_its_count_or_does_not", {"shared": True}),
    ("a_category_is_renamed", {"name": "Kitchen"}),
    ("it_is_cut", {"after": 5, "how": "power", "hours": 0}),
    ("an_order_changes", {"number": 0, "what": "completed"}),
    ("an_order_changes", {"number": 1, "what": "delete"}),
    ("a_product_is_edited", {"number": 1, "body": {"name": "Salt & pepper"}}),
    ("a_product_is_thrown_away_or_deleted", {"number": 2, "forced": True}),
    ("a_coupon_changes", {"number": 3, "what": "edit"}),
    ("a_customer_changes", {"number": 3, "what": "edit"}),
    ("the_till_sells", {"number": 1, "quantity": 1}),
    ("the_program_starts_again", {}),
)  # fmt: skip
"""Every kind of edit, with cuts between: for a shop in which an example takes minutes."""
