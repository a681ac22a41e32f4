"""One thing that is wrong, with a sale, a product, an answer or the file: all else must go on."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from appliance.demo.shop.database import ShopDatabase
from appliance.domain.tender import CompletedSale
from appliance.shops.contract import (
    Anchor,
    BusyError,
    OddAnswerError,
    ShopFailedError,
    ShopOrder,
    ShopSettings,
    UnauthorisedError,
    UnknownOutcomeError,
)
from appliance.storage.errors import DiskFullError
from appliance.storage.facts import ShopFacts
from tests.sync.test_clock import Steps

if TYPE_CHECKING:
    from tests.sync.conftest import Counter


@dataclass
class Odd:
    """The shop, with other ways to do some things."""

    shop: Any
    ways: dict[str, Callable[..., Any]]

    def __getattr__(self, name: str) -> Any:
        return self.ways.get(name) or getattr(self.shop, name)


def upload_to(counter: Counter, **ways: Callable[..., Any]) -> Any:
    """Put an odd shop before the real one for uploads; returns the real one."""
    real = counter.service.telling.shop
    odd: Any = Odd(real, ways)
    counter.service.telling = replace(counter.service.telling, shop=odd)
    return real


def download_from(counter: Counter, **ways: Callable[..., Any]) -> Any:
    """The same for downloads."""
    real = counter.service.download.shop
    odd: Any = Odd(real, ways)
    counter.service.download = counter.service.looking.download = replace(counter.service.download, shop=odd)
    return real


def rounds(counter: Counter, count: int, minutes: float = 6) -> None:
    for _ in range(count):
        counter.service.round(force=False)
        counter.clock.ahead += timedelta(minutes=minutes)


def parked(counter: Counter) -> list[str]:
    return [each.entry.sale_id for each in counter.outbox.waiting() if each.entry.state == "parked"]


def only(sale_id: str, real: Callable[[CompletedSale], ShopOrder], error: Exception) -> Any:
    def reserve(completed: CompletedSale, anchor: Anchor | None = None) -> ShopOrder:
        if completed.sale.sale_id == sale_id:
            raise error
        return real(completed)

    return reserve


@pytest.mark.parametrize(
    "error", [ValueError("odd"), KeyError("odd"), OverflowError("odd"), RuntimeError("odd")]
)
def test_a_sale_that_no_program_foresaw_is_parked_and_the_next_goes_on(
    counter: Counter, error: Exception
) -> None:
    poison, good = counter.sell(p331=1), counter.sell(p402=1)
    real = counter.service.telling.shop.reserve
    upload_to(counter, reserve=only(poison, real, error))
    rounds(counter, 1)
    assert good in counter.books().sale_ids
    assert parked(counter) == [poison]


def test_an_order_number_that_the_shop_gave_twice_parks_one_sale_and_stops_no_other(counter: Counter) -> None:
    """A shop that was set back to an old copy of itself gives its numbers again."""
    before = counter.sell(p331=1)
    rounds(counter, 1)
    number = counter.outbox.entry(before).order_id
    assert number is not None
    again, good = counter.sell(p331=1), counter.sell(p402=1)
    real = counter.service.telling.shop.reserve

    def reserve(completed: CompletedSale, anchor: Anchor | None = None) -> ShopOrder:
        made = real(completed)
        return replace(made, order_id=number) if completed.sale.sale_id == again else made

    upload_to(counter, reserve=reserve)
    rounds(counter, 1)
    assert good in counter.books().sale_ids
    assert parked(counter) == [again]


def test_a_sale_for_which_the_key_is_refused_does_not_hold_up_the_others(counter: Counter) -> None:
    """A security plugin can take a dislike to the words of one sale."""
    poison, good = counter.sell(p331=1), counter.sell(p402=1)
    real = counter.service.telling.shop.reserve
    upload_to(
        counter, reserve=only(poison, real, UnauthorisedError("The shop does not accept the till's key."))
    )
    rounds(counter, 4, minutes=0.02)
    assert good in counter.books().sale_ids
    rounds(counter, 10)
    assert parked(counter) == [poison]


def test_a_key_that_was_withdrawn_parks_no_sale(counter: Counter) -> None:
    def refuse(_completed: CompletedSale, _anchor: Anchor | None = None) -> ShopOrder:
        raise UnauthorisedError("The shop does not accept the till's key.")

    real = upload_to(counter, reserve=refuse)
    sold = [counter.sell(p331=1), counter.sell(p402=1)]
    rounds(counter, 40)
    assert parked(counter) == []
    counter.service.telling = replace(counter.service.telling, shop=real)
    rounds(counter, 3)
    assert set(counter.books().sale_ids) == set(sold)


def test_a_sale_of_which_the_shop_makes_another_order_each_time_is_parked_after_a_few(
    counter: Counter,
) -> None:
    """A plugin that drops what the till writes on its orders: each try makes one more, and takes its stock."""
    made: list[str] = []
    real = counter.service.telling.shop

    def reserve(completed: CompletedSale, anchor: Anchor | None = None) -> ShopOrder:
        made.append(completed.sale.sale_id)
        raise OddAnswerError("The shop answered with another order than the one it was sent.")

    upload_to(counter, reserve=reserve, find=lambda *_: [])
    poison = counter.sell(p331=1)
    rounds(counter, 30)
    assert parked(counter) == [poison]
    assert len(made) <= 3
    counter.service.telling = replace(counter.service.telling, shop=real)
    good = counter.sell(p402=1)
    rounds(counter, 2)
    assert good in counter.books().sale_ids


def test_a_shop_that_asks_for_a_days_patience_gets_ten_minutes(counter: Counter) -> None:
    def reserve(_completed: CompletedSale, _anchor: Anchor | None = None) -> ShopOrder:
        raise BusyError("The shop asks for patience.", 10**9)

    upload_to(counter, reserve=reserve)
    counter.sell(p331=1)
    at = counter.service.round(force=False)
    assert at - counter.clock() <= timedelta(minutes=10)


def test_trying_now_tries_the_sales_that_wait_for_their_turn_too(counter: Counter) -> None:
    sale_id = counter.sell(p331=1)
    counter.outbox.note_attempt(sale_id, counter.clock() + timedelta(minutes=4))
    counter.service.round(force=False)
    assert sale_id not in counter.books().sale_ids
    counter.service.round(force=True)
    assert sale_id in counter.books().sale_ids


def break_a_product(counter: Counter, price: str) -> None:
    shop = ShopDatabase(counter.shop_file, lambda: counter.clock().timestamp())
    shop.write("UPDATE product SET price = ? WHERE sku = '402'", (price,))
    shop.close()


def test_a_product_without_a_readable_price_stops_neither_the_catalogue_nor_the_counts(
    counter: Counter,
) -> None:
    ShopFacts(counter.database).set_cursor(None)
    counter.buy_online("1209", "Niamh Byrne")
    break_a_product(counter, "a lot")
    before = counter.product("1209").on_hand
    assert before is not None
    counter.clock.ahead += timedelta(minutes=20)
    counter.service.run_once()
    assert counter.product("1209").on_hand == before - 1
    assert counter.product("402").price_minor == 875, "it stays as it was"


@pytest.mark.parametrize("part", ["facts", "stock", "newest_customers", "orders_since"])
@pytest.mark.parametrize("error", [OddAnswerError("Odd."), ShopFailedError("Broke."), KeyError("odd")])
def test_one_answer_that_cannot_be_used_stops_no_other_download_and_no_sale(
    counter: Counter, caplog: pytest.LogCaptureFixture, part: str, error: Exception
) -> None:
    def fail(*_: object) -> Any:
        raise error

    real = download_from(counter, **{part: fail})
    counter.buy_online("1209", "Niamh Byrne")
    before = counter.product("1209").on_hand
    assert before is not None
    rounds(counter, 40, minutes=2)
    sale_id = counter.sell(p331=1)
    rounds(counter, 12, minutes=2)
    assert counter.product("1209").on_hand == before - 1
    assert counter.outbox.entry(sale_id).checked_at is not None, "the late look goes on too"
    words = [each.message for each in caplog.records if each.levelno >= logging.WARNING]
    assert len(words) == 1, "said once"
    assert ShopFacts(counter.database).get("needs_a_look")
    mended = replace(counter.service.download, shop=real)
    counter.service.download = counter.service.looking.download = mended
    counter.clock.ahead += timedelta(days=2)
    rounds(counter, 24, minutes=2)
    assert not ShopFacts(counter.database).get("needs_a_look")


@pytest.mark.parametrize("part", ["stock", "open_orders", "customers"])
def test_a_long_list_that_never_ends_in_time_leaves_the_shop_within_reach(
    counter: Counter, part: str
) -> None:
    def fail(*_: object) -> Any:
        raise UnknownOutcomeError("The shop did not answer in time.")

    download_from(counter, **{part: fail})
    sale_id = counter.sell(p331=1)
    rounds(counter, 20, minutes=2)
    assert not counter.service.lost
    assert counter.outbox.entry(sale_id).checked_at is not None


def test_a_shop_in_another_currency_is_asked_now_and_then_and_never_for_its_prices(counter: Counter) -> None:
    asked: list[str] = []
    shop = counter.service.download.shop

    def facts() -> ShopSettings:
        asked.append("facts")
        return replace(shop.facts(), currency="JPY")

    def changes(_cursor: str | None) -> Any:
        asked.append("changes")
        return iter(())

    download_from(counter, facts=facts, changes=changes)
    counter.clock.ahead += timedelta(hours=2)
    sale_id = counter.sell(p331=1)
    counter.service.run(Steps(*[lambda: None] * 6))
    assert asked == ["facts"]
    assert sale_id in counter.books().sale_ids
    assert "JPY" in (ShopFacts(counter.database).get("needs_a_look") or "")


@pytest.mark.parametrize("error", [DiskFullError("The till's memory card is full."), RuntimeError("odd")])
def test_trouble_of_its_own_does_not_end_the_service(
    counter: Counter, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    def fail(_completed: CompletedSale | None, _anchor: Anchor | None = None) -> ShopOrder:
        raise error

    real = upload_to(counter, reserve=fail)
    if isinstance(error, RuntimeError):
        counter.service.telling = replace(counter.service.telling, shop=real)
        counter.service.idle = lambda: fail(None)
    sale_id = counter.sell(p331=1)

    def mend() -> None:
        counter.service.telling = replace(counter.service.telling, shop=real)
        counter.service.idle = lambda: None

    def later() -> None:
        counter.clock.ahead += timedelta(seconds=10)

    counter.service.run(Steps(*[later] * 9, mend, *[later] * 12))
    assert sale_id in counter.books().sale_ids
    assert sum(each.levelno >= logging.ERROR for each in caplog.records) == 1, "said once"
