"""Sales that another card may hold: which they are, what is known of their claim, and where the journal has them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from appliance.storage.errors import NoSuchSaleError, RuleBrokenError
from appliance.storage.journal import Journal
from appliance.storage.outbox import Outbox
from tests.storage.samples import NOON, fresh_till, paid, sale, seal


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    """Three sales: the first is with the shop, the second is on its way, the third is set aside."""
    db, identity, person = fresh_till(tmp_path / "till.db")
    journal = Journal(db, identity, seal=seal())
    for number in (1, 2, 3):
        made = sale(number)
        journal.record(made, paid(made), person, NOON, print_receipt=False)
    opened = Outbox(db)
    opened.remember(id_of(1), 501)
    opened.mark_sent(id_of(1), NOON)
    opened.remember(id_of(2), 502)
    opened.park(id_of(3), "The shop refused it.")
    return opened


def id_of(number: int) -> str:
    return sale(number).sale_id


def test_all_that_the_shop_has_not_heard_is_inherited_and_what_it_has_is_not(outbox: Outbox) -> None:
    assert outbox.inherit_all() == 2
    assert [outbox.entry(id_of(number)).inherited for number in (1, 2, 3)] == [False, True, True]
    assert outbox.inherit_all() == 0


def test_a_claim_and_the_order_that_it_names_are_remembered_together(outbox: Outbox) -> None:
    outbox.hold_claim(id_of(2), 900, 602)
    entry = outbox.entry(id_of(2))
    assert (entry.state, entry.order_id, entry.claim_id) == ("reserved", 602, 900)


def test_a_claim_that_names_another_sales_order_is_not_remembered_at_all(outbox: Outbox) -> None:
    with pytest.raises(RuleBrokenError):
        outbox.hold_claim(id_of(2), 900, 501)
    entry = outbox.entry(id_of(2))
    assert (entry.order_id, entry.claim_id) == (502, None)


def test_forgetting_an_order_forgets_its_claim(outbox: Outbox) -> None:
    outbox.hold_claim(id_of(2), 900, 502)
    outbox.forget_order(id_of(2))
    entry = outbox.entry(id_of(2))
    assert (entry.state, entry.order_id, entry.claim_id) == ("due", None, None)


def test_a_sale_that_another_card_told_is_sent_with_that_order(outbox: Outbox) -> None:
    outbox.unpark(id_of(3))
    outbox.adopt_sent(id_of(3), 603, NOON)
    entry = outbox.entry(id_of(3))
    assert (entry.state, entry.order_id, entry.sent_at) == ("sent", 603, NOON)


def test_a_claim_may_go_when_its_sale_was_looked_at_long_ago_and_found_right(outbox: Outbox) -> None:
    outbox.hold_claim(id_of(2), 900, 502)
    later = NOON + timedelta(days=1)
    assert outbox.claimed(later) == []
    outbox.mark_sent(id_of(2), NOON)
    assert outbox.claimed(later) == []
    outbox.mark_checked(id_of(2), NOON, "The shop has it twice.")
    assert outbox.claimed(later) == []
    outbox.mark_checked(id_of(2), NOON)
    assert outbox.claimed(NOON - timedelta(seconds=1)) == []
    assert [entry.claim_id for entry in outbox.claimed(later)] == [900]
    outbox.note_claim_dropped(id_of(2))
    assert outbox.claimed(later) == []


def test_a_sales_anchor_is_its_journal_entrys_number_and_hash(outbox: Outbox) -> None:
    anchors = [outbox.anchor(id_of(number)) for number in (1, 2, 3)]
    assert [len(entry_hash) for _, entry_hash in anchors] == [32, 32, 32]
    assert [seq - anchors[0][0] for seq, _ in anchors] == [0, 1, 2]
    with pytest.raises(NoSuchSaleError):
        outbox.anchor("f" * 32)
