"""A card that was copied: nothing goes up before a person confirmed, and everything still comes down."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from appliance.domain.hardware import fingerprint
from appliance.storage.binding import Bindings
from appliance.storage.facts import ShopFacts
from appliance.storage.identity import Identity
from appliance.storage.journal import Journal
from tests.storage.samples import seal

if TYPE_CHECKING:
    from tests.sync.conftest import Counter

HERE, ELSEWHERE = fingerprint("board 1", "card 1"), fingerprint("board 2", "card 1")


def bound(counter: Counter) -> tuple[Bindings, Journal]:
    """The till bound here, and its service on the copy, elsewhere; the kiosk never ran there."""
    database = counter.database
    journal = Journal(database, Identity(database).get(), "Till 1", seal())
    bindings = Bindings(database)
    bindings.begin(journal, HERE, counter.clock())
    counter.service.may_tell = lambda: bindings.may_upload(ELSEWHERE)
    return bindings, journal


def test_a_copy_uploads_nothing_though_the_kiosk_never_ran_and_still_hears_the_shop(
    counter: Counter,
) -> None:
    bound(counter)
    counter.sell(p331=1)
    ShopFacts(counter.database).set("cursor", None)
    for _ in range(2):  # every second look is for products
        counter.clock.ahead += timedelta(minutes=5)
        counter.service.round(force=True)
    assert counter.books().till_orders == ()
    assert counter.outbox.counts().due == 1
    assert ShopFacts(counter.database).get("cursor") is not None
    assert counter.service.lost is False


def test_once_a_person_has_confirmed_the_sale_goes_up_once(counter: Counter) -> None:
    bindings, journal = bound(counter)
    sale_id = counter.sell(p331=1)
    counter.service.round(force=True)
    bindings.rebind(journal, ELSEWHERE, counter.clock(), (1, "Sean"), "e" * 32)
    for _ in range(2):
        counter.service.round(force=True)
    assert [each for each, _ in counter.books().till_orders] == [sale_id]
    assert counter.outbox.entry(sale_id).state == "sent"


def test_what_the_kiosk_found_out_holds_the_service_back_as_well(counter: Counter) -> None:
    bindings, _ = bound(counter)
    counter.service.may_tell = lambda: bindings.may_upload(HERE)
    ShopFacts(counter.database).set("must_confirm", "the shop knows more")
    counter.sell(p331=1)
    counter.service.round(force=True)
    assert counter.books().till_orders == ()
    ShopFacts(counter.database).set("must_confirm", None)
    counter.service.round(force=True)
    assert len(counter.books().till_orders) == 1


def test_each_round_begins_with_what_else_is_to_be_seen_to(counter: Counter) -> None:
    rounds: list[int] = []
    counter.service.at_round = lambda: rounds.append(1)
    counter.service.round(force=True)
    assert rounds == [1]
