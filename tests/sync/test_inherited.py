"""Sales that two cards hold: told by claiming, over real HTTP, and what the shop bears witness to."""

from __future__ import annotations

import json
import shutil
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from appliance.demo.shop.database import ShopDatabase
from appliance.demo.shop.server import KEY, SECRET
from appliance.domain.money import currency
from appliance.domain.tender import CompletedSale
from appliance.shops.contract import ShopClock, ShopError, ShopHead
from appliance.shops.http import HttpClient
from appliance.shops.woocommerce import WooCommerce
from appliance.storage.database import Database
from appliance.storage.facts import ShopFacts
from appliance.storage.outbox import Outbox
from appliance.sync.late_look import CLAIM_KEPT
from appliance.sync.service import Service
from appliance.sync.upload import look_back

if TYPE_CHECKING:
    from tests.sync.conftest import Counter


@dataclass
class Heard:
    """The shop, and what it was asked."""

    shop: Any
    asked: list[str] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        self.asked.append(name)
        return getattr(self.shop, name)


def listen(counter: Counter) -> list[str]:
    heard = Heard(counter.service.telling.shop)
    counter.service.telling = replace(counter.service.telling, shop=heard)
    return heard.asked


def switch_off_and_on(counter: Counter) -> None:
    counter.machine.boot_id = uuid.uuid4().hex


def offline(counter: Counter, sales: int) -> list[str]:
    """Sell without a network."""
    counter.network.mode = "refuse"
    sold = [counter.sell(p347=1) for _ in range(sales)]
    with pytest.raises(ShopError):
        counter.service.run_once()
    counter.network.mode = "up"
    return sold


def copy_of(counter: Counter, path: Path) -> Path:
    """The card is copied while the machine is off."""
    counter.database.checkpoint()
    shutil.copy(counter.database.path, path)
    return path


@contextmanager
def second_till(counter: Counter, path: Path) -> Iterator[tuple[Service, Database]]:
    """The copy in another machine, with the shop of the first."""
    database = Database.open(path, now=counter.clock)
    http = HttpClient(counter.shop_url, deadline_seconds=5)
    shop = WooCommerce(http, KEY, SECRET, currency("EUR"), now=counter.clock, new_id=lambda: uuid.uuid4().hex)
    try:
        yield counter.another(shop, database, uuid.uuid4().hex), database
    finally:
        http.close()
        database.close()


def claims(counter: Counter) -> int:
    """Claims that the shop keeps."""
    shop = ShopDatabase(counter.shop_file, lambda: counter.clock().timestamp())
    try:
        return int(shop.value("SELECT count(*) FROM product WHERE sku LIKE 'CLAIM-%'"))
    finally:
        shop.close()


def test_a_sale_that_is_told_in_the_start_in_which_it_was_made_takes_two_requests(counter: Counter) -> None:
    asked = listen(counter)
    counter.sell(p331=1)
    counter.service.run_once()
    assert asked == ["reserve", "commit"]
    assert claims(counter) == 0


def test_what_was_unsent_when_the_machine_was_switched_off_is_told_by_claiming(counter: Counter) -> None:
    (sale_id,) = offline(counter, 1)
    assert not counter.outbox.entry(sale_id).inherited
    switch_off_and_on(counter)
    asked = listen(counter)
    counter.service.run_once()
    assert asked == ["find", "reserve", "claim", "find", "commit"]
    entry = counter.outbox.entry(sale_id)
    assert (entry.state, entry.inherited) == ("sent", True)
    assert entry.claim_id is not None
    assert claims(counter) == 1


def test_a_claim_is_dropped_a_day_after_all_was_found_right(counter: Counter) -> None:
    (sale_id,) = offline(counter, 1)
    switch_off_and_on(counter)
    for pause in (timedelta(0), timedelta(minutes=20), timedelta(hours=1)):
        counter.clock.ahead += pause
        counter.service.run_once()
    assert claims(counter) == 1
    counter.clock.ahead += CLAIM_KEPT
    counter.service.run_once()
    assert claims(counter) == 0
    assert counter.outbox.entry(sale_id).claim_id is None


def test_two_copies_of_one_card_that_tell_at_the_same_time_tell_each_sale_once(
    counter: Counter, tmp_path: Path
) -> None:
    sold = offline(counter, 6)
    copied = copy_of(counter, tmp_path / "copy.db")
    switch_off_and_on(counter)
    gate = threading.Barrier(2)

    def tell_there() -> None:
        with second_till(counter, copied) as (service, _):
            gate.wait(20)
            service.run_once()

    there = threading.Thread(target=tell_there)
    there.start()
    gate.wait(20)
    counter.service.run_once()
    there.join()
    with second_till(counter, copied) as (service, database):
        for pause in (timedelta(minutes=20), timedelta(minutes=20), CLAIM_KEPT):
            counter.clock.ahead += pause
            counter.service.run_once()
            service.run_once()
        told = {sale_id: counter.outbox.entry(sale_id).order_id for sale_id in sold}
        assert told == {sale_id: Outbox(database).entry(sale_id).order_id for sale_id in sold}
        assert Outbox(database).problems() == counter.outbox.problems() == []
    books = counter.books()
    assert (len(books.till_orders), books.doubled, books.unfinished) == (6, 0, 0)
    assert books.stock["347"] == counter.product("347").on_hand
    assert claims(counter) == 0


def test_a_copy_that_wakes_weeks_later_finds_that_all_was_told(counter: Counter, tmp_path: Path) -> None:
    sold = offline(counter, 2)
    copied = copy_of(counter, tmp_path / "copy.db")
    switch_off_and_on(counter)
    for pause in (timedelta(0), timedelta(minutes=20), CLAIM_KEPT, timedelta(days=30)):
        counter.clock.ahead += pause
        counter.service.run_once()
    with second_till(counter, copied) as (service, database):
        service.run_once()
        entries = [Outbox(database).entry(sale_id) for sale_id in sold]
    assert [each.state for each in entries] == ["sent", "sent"]
    assert len(counter.books().till_orders) == 2
    assert claims(counter) == 0


def test_an_order_that_the_owner_cancelled_after_its_claim_is_made_anew(counter: Counter) -> None:
    (sale_id,) = offline(counter, 1)
    switch_off_and_on(counter)

    def cut(*_: object) -> Any:
        raise KeyError("the power goes before the commit")

    real = counter.service.telling.shop
    broken: Any = Heard(real)
    broken.commit = cut
    counter.service.telling = replace(counter.service.telling, shop=broken)
    counter.service.run_once()
    entry = counter.outbox.entry(sale_id)
    assert entry.state == "parked"
    assert entry.order_id is not None
    real.cancel(entry.order_id)
    counter.service.telling = replace(counter.service.telling, shop=real)
    counter.outbox.unpark(sale_id)
    counter.service.run_once()
    told = counter.outbox.entry(sale_id)
    assert told.state == "sent"
    assert told.order_id != entry.order_id
    books = counter.books()
    assert (len(books.till_orders), books.unfinished, claims(counter)) == (1, 0, 1)


def test_nothing_is_told_while_a_person_must_confirm_and_all_else_goes_on(counter: Counter) -> None:
    facts = ShopFacts(counter.database)
    facts.set("must_confirm", "The card was copied.")
    sale_id = counter.sell(p331=1)
    counter.buy_online("1209", "Niamh Byrne")
    before = counter.product("1209").on_hand
    assert before is not None
    counter.clock.ahead += timedelta(minutes=20)
    counter.service.run_once()
    assert sale_id not in counter.books().sale_ids
    assert counter.product("1209").on_hand == before - 1
    facts.set("must_confirm", None)
    counter.service.run_once()
    assert sale_id in counter.books().sale_ids


def test_the_highest_receipt_that_the_shop_knows_is_noted_at_the_start_and_daily(counter: Counter) -> None:
    facts = ShopFacts(counter.database)
    assert facts.get("shop_head") is None
    sale_id = counter.sell(p331=1)
    counter.service.run_once()
    counter.clock.ahead += timedelta(hours=25)
    counter.service.run_once()
    seq, entry_hash = counter.outbox.anchor(sale_id)
    head = json.loads(facts.get("shop_head") or "")
    assert (head["receipt"], head["seq"], head["hash"]) == ("T1-000001", seq, entry_hash.hex())
    assert len(head["key"]) == 64


@pytest.mark.parametrize(("receipt", "is_noted"), [("T1-000001", False), ("T1-000099", True)])
def test_an_order_without_a_place_in_the_journal_says_something_only_if_its_receipt_is_not_ours(
    counter: Counter, receipt: str, is_noted: bool
) -> None:
    counter.sell(p331=1)
    odd: Any = Heard(counter.service.telling.shop)
    odd.newest_of = lambda _series: ShopHead(receipt)
    assert counter.service.witnessing is not None
    counter.service.witnessing = replace(counter.service.witnessing, shop=odd)
    counter.service.witnessing.look_at_head()
    assert (ShopFacts(counter.database).get("shop_head") is not None) == is_noted


def test_the_shops_clock_is_written_when_it_moved_or_was_written_an_hour_ago(counter: Counter) -> None:
    witnessing, facts = counter.service.witnessing, ShopFacts(counter.database)
    assert witnessing is not None
    said = iter([-30.0, -29.0, -27.5, -27.4, -27.4, -27.4])
    odd: Any = Heard(witnessing.shop)
    odd.clock = lambda: ShopClock(next(said), 0.5)
    watch = replace(witnessing, shop=odd)
    written = []
    for uptime_ms in (60_000, 120_000, 180_000, 240_000, 3_780_001, 3_781_000):
        counter.machine.uptime_ms = uptime_ms
        watch.note_clock()
        written.append(json.loads(facts.get("shop_clock") or "")["uptime_ms"])
    assert written == [60_000, 60_000, 180_000, 180_000, 3_780_001, 3_780_001]
    assert json.loads(facts.get("shop_clock") or "")["boot"] == counter.machine.boot_id


def test_the_shops_clock_is_measured_in_a_round(counter: Counter) -> None:
    counter.service.run_once()
    fact = json.loads(ShopFacts(counter.database).get("shop_clock") or "")
    assert abs(fact["offset_seconds"]) < 5
    assert set(fact) == {"at", "boot", "doubt_seconds", "offset_seconds", "uptime_ms"}


def test_orders_of_an_inherited_sale_are_searched_from_the_sale_on_not_from_the_first_try(
    counter: Counter,
) -> None:
    """The other card may have told it weeks before this one tried first."""
    (sale_id,) = offline(counter, 1)
    sale = counter.service.telling.read(sale_id)
    assert isinstance(sale, CompletedSale)
    entry = replace(counter.outbox.entry(sale_id), posted_at=sale.completed_at + timedelta(days=30))
    assert look_back(replace(entry, inherited=True), sale) < sale.completed_at
    assert look_back(entry, sale) > sale.completed_at
