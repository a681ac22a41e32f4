"""The campaign of real sockets, small: the command tests/faults/real_sockets runs it large."""

from __future__ import annotations

from pathlib import Path

from tests.faults.campaign import run
from tests.faults.campaign_plan import Plan


def test_three_tills_through_a_bad_network_with_power_cuts_agree_with_the_shop_to_the_cent(
    tmp_path: Path,
) -> None:
    said: list[str] = []
    plan = Plan(
        sales=18,
        refunds=0.3,
        moves=0.2,
        products=5,
        late_seconds=1.0,
        deadline_seconds=0.3,
        much_later_seconds=0.6,
        lingering_seconds=5,
    )
    figures = run(plan, tmp_path, said.append)
    assert figures.differences.is_none, figures.differences.words
    assert (figures.sales, figures.fell_over) == (18, 0)
    assert figures.faults > 10
    assert figures.web_orders > 0
    assert figures.refunds > 0
    assert figures.moves > 0
    assert said
