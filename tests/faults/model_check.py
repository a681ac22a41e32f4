"""An explicit-state model checker over the till's own decision table: every order in which things can happen.

Breadth first, so that what is found wrong is shown by a shortest trace. What must hold in every state: at most one
completed order; a till that says "sent" knows the one that is completed; where nothing is under way and nothing on
hold, its pieces were taken exactly once; nobody is called; and where nothing more can happen, all is told and swept.

    python tests/faults/model_check.py            all protocols, up to 7 requests and 2 crashes
    python tests/faults/model_check.py --quick    as tests/check does
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
import time
from collections import deque
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from appliance.shops.contract import OrderStatus
from tests.faults.model_check_steps import steps
from tests.faults.model_check_tables import DRAFT, MISTAKES, NAIVE, OURS, PLAIN, QUERY_FIRST
from tests.faults.model_check_world import Rules, World


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of one protocol.

    Attributes:
        wrong: what was found, "" for nothing.
        trace: a shortest way there.
        states: how many were reached (with repetitions); distinct: without.
        is_whole: all were looked at.
    """

    wrong: str
    trace: tuple[str, ...]
    states: int
    distinct: int
    seconds: float
    is_whole: bool = True


def check(rules: Rules, at_most: int = 50_000_000) -> Verdict:
    """Look at every state, nearest first, until one is wrong."""
    gc.disable()  # a million values and not one cycle
    try:
        return _check(rules, at_most)
    finally:
        gc.enable()


def _check(rules: Rules, at_most: int) -> Verdict:
    began, start = time.monotonic(), rules.start()
    came_from: dict[World, tuple[World, str] | None] = {start: None}
    queue, states = deque([start]), 1
    while queue:
        world = queue.popleft()
        is_last = True
        for name, after in steps(rules, world):
            states += 1
            is_last = False
            before = len(came_from)
            came_from.setdefault(
                after, (world, name)
            )  # one look, since it costs more than all else to hash a state
            if len(came_from) > before:
                queue.append(after)
                if wrong := broken(after):
                    return Verdict(
                        wrong, _trace(came_from, after), states, len(came_from), time.monotonic() - began
                    )
        if is_last and (wrong := unfinished(rules, world)):
            return Verdict(wrong, _trace(came_from, world), states, len(came_from), time.monotonic() - began)
        if len(came_from) >= at_most:
            return Verdict("", (), states, len(came_from), time.monotonic() - began, is_whole=False)
    return Verdict("", (), states, len(came_from), time.monotonic() - began)


def broken(world: World) -> str:
    """Which of the promises a state breaks, "" for none."""
    committed = [
        number for number, order in enumerate(world.orders, 1) if order.status is OrderStatus.COMMITTED
    ]
    if len(committed) > 1:
        return "two completed orders"
    for client in world.clients:
        if client is not None and client.is_parked:
            return "a person is called"
        if client is not None and client.is_sent and committed != [client.progress.order_id]:
            return "a till says sent, and that order is not completed"
    if committed and not world.net and not any(order.status in ON_HOLD for order in world.orders):
        taken = sum(order.taken for order in world.orders)
        if taken != 1:
            return f"stock taken {taken} times"
    return ""


ON_HOLD: Final = (OrderStatus.RESERVED, OrderStatus.PENDING)


def unfinished(rules: Rules, world: World) -> str:
    """What is left undone where nothing more can happen, and not for want of requests."""
    if world.requests >= rules.requests:
        return ""
    if not all(client is None or client.is_sent for client in world.clients):
        return "a till can never finish"
    return "left on hold" if any(order.status in ON_HOLD for order in world.orders) else ""


def _trace(came_from: dict[World, tuple[World, str] | None], world: World) -> tuple[str, ...]:
    names: list[str] = []
    while (before := came_from[world]) is not None:
        world, name = before
        names.append(name)
    return tuple(reversed(names))


CASES: Final[dict[str, tuple[Rules, bool]]] = {
    "naive: POST completed, again until answered": (Rules(NAIVE), False),
    "query before each try": (Rules(QUERY_FIRST), False),
    "plain draft: POST pending, PUT completed": (Rules(DRAFT), False),
    "draft, one finish at a time": (Rules(DRAFT, is_quiet=True), True),
    "ours (hold)": (Rules(PLAIN), True),
    "ours, requests delivered twice": (Rules(PLAIN, is_doubled=True), True),
    "ours, the server dies before it takes the stock": (Rules(PLAIN, is_dying=True), False),
    "the same, one finish at a time": (Rules(PLAIN, is_dying=True, is_quiet=True), True),
    "ours, cancelling impatiently": (Rules(PLAIN, is_patient=False), False),
    "hold without claim, cloned card": (Rules(PLAIN, is_cloned=True), False),
    "ours (claim + hold), cloned card": (Rules(OURS, is_cloned=True), True),
}
"""Each protocol, what is assumed, and whether it must pass."""

LIMITS: Final = (7, 2)
QUICK: Final = (5, 1)


def mistaken(name: str) -> Rules:
    """Ours with this mistake in it, before a cloned card where it claims; within the limits that show it."""
    table = MISTAKES[name]
    is_cloned = any(table.inherits)
    return Rules(table, is_cloned=is_cloned, requests=6 if is_cloned else 5, crashes=0 if is_cloned else 1)


def main() -> int:
    """Print a table; 1 if a verdict is not as it must be."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--quick", action="store_true")
    words.add_argument("--requests", type=int)
    words.add_argument("--crashes", type=int)
    words.add_argument("--only", help="cases whose name contains this")
    words.add_argument("--traces", action="store_true", help="show how each wrong state is reached")
    words.add_argument("--json", type=Path)
    arguments = words.parse_args()
    limits = QUICK if arguments.quick else LIMITS
    requests, crashes = (
        arguments.requests or limits[0],
        limits[1] if arguments.crashes is None else arguments.crashes,
    )
    cases = {
        name: (replace(rules, requests=requests, crashes=crashes), must_pass)
        for name, (rules, must_pass) in CASES.items()
    }
    cases |= {f"ours, but: {name}": (mistaken(name), False) for name in MISTAKES}
    rows = []
    for name, (rules, must_pass) in cases.items():
        if not arguments.only or arguments.only in name:
            verdict = check(rules)
            _print(name, verdict, must_pass, traces=arguments.traces)
            rows.append((name, verdict, must_pass))
    if arguments.json:
        figures = [
            {"protocol": n, "wrong": v.wrong, "steps": len(v.trace), "states": v.states, "distinct": v.distinct,
             "seconds": round(v.seconds, 1), "trace": v.trace}
            for n, v, _ in rows
        ]  # fmt: skip
        arguments.json.write_text(
            json.dumps({"requests": requests, "crashes": crashes, "cases": figures}, indent=1)
        )
    return int(any(bool(verdict.wrong) is must_pass for _, verdict, must_pass in rows))


def _print(name: str, verdict: Verdict, must_pass: bool, *, traces: bool) -> None:
    said = f"{verdict.wrong}, {len(verdict.trace)} steps" if verdict.wrong else "ok"
    mark = "" if bool(verdict.wrong) is not must_pass else "   <-- NOT AS IT MUST BE"
    print(
        f"{name:50} {said:55} {verdict.states:>12,} {verdict.distinct:>11,} {verdict.seconds:6.1f} s{mark}",
        flush=True,
    )
    if traces or mark:
        for number, step in enumerate(verdict.trace, 1):
            print(f"    {number:2} {step}")


if __name__ == "__main__":
    sys.exit(main())
