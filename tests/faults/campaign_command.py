"""The command ``tests/faults/real_sockets``: progress, a table, and 1 if anything differs."""

from __future__ import annotations

import argparse
import json
import logging
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from appliance.demo.network_faults import GROUPS
from tests.faults.campaign import run
from tests.faults.campaign_plan import Figures, Plan


def main() -> int:
    """Run one campaign."""
    plan = Plan()
    parser = argparse.ArgumentParser(
        prog="tests/faults/real_sockets", description="Sell through a network at its worst."
    )
    parser.add_argument("--tills", type=int, default=plan.tills)
    parser.add_argument("--sales", type=int, default=plan.sales, help="of all tills together")
    parser.add_argument("--faults", type=float, default=plan.faults, help="share of requests that meet one")
    parser.add_argument("--refunds", type=float, default=plan.refunds, help="to each sale")
    parser.add_argument("--moves", type=float, default=plan.moves, help="counts of the shelf, to each sale")
    parser.add_argument("--seed", type=int, default=plan.seed)
    parser.add_argument(
        "--late", type=float, default=None, metavar="SECONDS", help="when the late look comes"
    )
    parser.add_argument("--deadline", type=float, default=None, metavar="SECONDS", help="of a request")
    parser.add_argument("--kinds", nargs="+", choices=plan.kinds, default=plan.kinds, metavar="KIND")
    parser.add_argument("--shop", metavar="URL", help="a real one, over http; with --key and --secret")
    parser.add_argument("--key")
    parser.add_argument("--secret")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there as well")
    asked = parser.parse_args()
    shop = (asked.shop, asked.key, asked.secret) if asked.shop else None
    plan = Plan(
        tills=asked.tills,
        sales=asked.sales,
        faults=asked.faults,
        refunds=asked.refunds,
        moves=asked.moves,
        kinds=tuple(asked.kinds),
        seed=asked.seed,
        late_seconds=asked.late or (20.0 if shop else plan.late_seconds),
        deadline_seconds=asked.deadline or (3.0 if shop else plan.deadline_seconds),
        much_later_seconds=5.0 if shop else plan.much_later_seconds,
        shop=shop,
    )
    logging.disable(logging.WARNING)  # each lost answer has a line of its own
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="gapless-campaign-") as folder:
        figures = run(
            plan, Path(folder), lambda line: print(f"{time.monotonic() - began:6.0f} s  {line}", flush=True)
        )
    print(_table(figures))
    if asked.json:
        asked.json.write_text(json.dumps(_plain(figures, plan), indent=1) + "\n", "utf-8")
    is_whole = figures.sales == plan.sales and not figures.fell_over
    return 0 if is_whole and figures.differences.is_none else 1


def _plain(figures: Figures, plan: Plan) -> dict[str, Any]:
    facts = {name: getattr(figures, name) for name in Figures.__slots__}
    found = figures.differences
    facts |= {
        "requests": dict(figures.requests),
        "differences": asdict(found) | {"doubled": sorted(found.doubled)},
    }
    return {"plan": {name: getattr(plan, name) for name in ("tills", "sales", "faults", "seed")}, **facts}


def _table(figures: Figures) -> str:
    found = figures.differences
    lines = [
        f"sales {figures.sales}, refunds {figures.refunds}, counts {figures.moves}, web orders {figures.web_orders}:"
        f" {figures.seconds:.0f} s, and {figures.calm_seconds:.0f} s of calm",
        f"connections {figures.connections}, requests {figures.requests.total()}, {figures.faults} of them met a fault",
    ]
    for group, kinds in GROUPS.items():
        met = ", ".join(f"{kind.name} {figures.requests[kind.name]}" for kind in kinds)
        lines.append(f"    {group}: {met}")
    lines += [
        f"power cuts {figures.power_cuts}, kills {figures.kills}, fell over {figures.fell_over}",
        f"parked and sent again {figures.sent_again}, doubted and looked at again {figures.looked_again},"
        f" twins swept {found.twins}",
        f"refunds that were delivered and made twice (or cut short by one), given to a person: {len(found.doubled)}",
        f"twins whose cancel was delivered twice and gave back twice, given to a person: {len(found.miscounted)}",
        f"differences: orders {found.orders}, refunds {found.refunds}, cents {found.cents}, units {found.units},"
        f" unfinished {found.unfinished}, on the tills {found.tills}",
        *(f"    {each}" for each in found.words[:20]),
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
