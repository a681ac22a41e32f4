"""Settling an oversell: the way, the journal, and what the shop's owner reads."""

from datetime import timedelta
from typing import Any

import pytest

from appliance.cli.status import sold_twice_lines
from appliance.domain.oversold import Buyer, Way
from appliance.storage.errors import StorageError
from appliance.till.errors import AlreadySettledError


def sold_twice(bench: Any, *, order_id: int | None = 10482, units: int = 1) -> int:
    """The rail was sold here and online; the number of the row."""
    sale_id = bench.sell(707)
    bench.clock.pass_by(minutes=8)
    known = (
        {}
        if order_id is None
        else {
            "order_id": order_id,
            "order_number": str(order_id),
            "customer": "Niamh Byrne",
            "ordered_at": bench.clock() - timedelta(minutes=40),
        }
    )
    bench.oversold.found(
        product_id=707,
        product_name="Oak hook rail, 5 hooks",
        units=units,
        sale_id=sale_id,
        found_at=bench.clock(),
        **known,
    )
    return int(bench.oversold.open()[0].oversold_id)


def notes(bench: Any) -> list[tuple[int, str]]:
    return [tuple(row) for row in bench.database.rows("SELECT order_id, body FROM order_note")]


def test_the_way_is_in_the_journal_and_the_owner_reads_it_on_the_order(bench: Any) -> None:
    settled = bench.settling.settle(sold_twice(bench), bench.marta, Way.BACK_ORDER, "  Comes on  Friday ")

    entry = bench.entry("oversold-settled")
    assert (entry["way"], entry["without"], entry["units"], entry["note"]) == (
        "back-order",
        "online",
        1,
        "Comes on Friday",
    )
    assert entry["sale"] == {"id": settled.sale_id, "receipt": "T1-000001"}
    assert entry["order"] == {"id": 10482, "number": "10482"}
    assert notes(bench) == [
        (
            10482,
            "Sold twice: Oak hook rail, 5 hooks, 1 too many sold. It was also sold at Till 1, receipt T1-000001, "
            "21 Nov 15:32. This order is to be sent later, when there is more. Decided by Marta. "
            "Note: Comes on Friday",
        )
    ]
    (row,) = bench.oversold.all()
    assert (row.way, row.way_note, row.settled_at) == ("back-order", "Comes on Friday", bench.clock())


@pytest.mark.parametrize("way", Way)
@pytest.mark.parametrize("without", Buyer)
def test_every_way_says_what_becomes_of_the_order(bench: Any, way: Way, without: Buyer) -> None:
    bench.settling.settle(sold_twice(bench), bench.marta, way, without=without)
    ((_, text),) = notes(bench)
    assert ("This order can be sent." in text or "this order can be sent." in text) == (
        without is Buyer.HERE or way is Way.FOUND
    )


def test_without_a_known_order_there_is_nobody_to_leave_a_note_for(bench: Any) -> None:
    bench.settling.settle(sold_twice(bench, order_id=None), bench.marta, Way.REFUND, without=Buyer.HERE)
    assert notes(bench) == []
    assert bench.entry("oversold-settled")["order"] is None


def test_it_is_settled_once(bench: Any) -> None:
    oversold_id = sold_twice(bench)
    bench.settling.settle(oversold_id, bench.marta, Way.FOUND)
    for gone in (oversold_id, 99):
        with pytest.raises(AlreadySettledError):
            bench.settling.settle(gone, bench.sean, Way.SWAP)
    assert len(notes(bench)) == 1


@pytest.mark.parametrize("table", ["journal", "oversold", "order_note"])
def test_it_is_written_as_one_or_not_at_all(bench: Any, table: str) -> None:
    oversold_id = sold_twice(bench)
    with bench.broken(table), pytest.raises(StorageError):
        bench.settling.settle(oversold_id, bench.marta, Way.FOUND)
    assert (notes(bench), len(bench.oversold.open()), bench.kinds()) == ([], 1, ["sale"])


def test_a_card_number_in_a_note_is_masked(bench: Any) -> None:
    bench.settling.settle(sold_twice(bench), bench.marta, Way.REFUND, "4111111111111111")
    assert "4111111111111111" not in str((notes(bench), bench.entry("oversold-settled")))


def test_till_status_says_it_on_one_line(bench: Any) -> None:
    sold_twice(bench, units=2)
    assert sold_twice_lines(bench.oversold, bench.local) == [
        "Oak hook rail, 5 hooks, 2 too many sold: receipt T1-000001 here, 21 Nov 15:32, by Marta; "
        "order 10482 of Niamh Byrne online, 21 Nov 15:00"
    ]
