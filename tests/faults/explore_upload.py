"""Every schedule of network faults and power cuts against the real uploader.

A schedule (``schedules``) says which of 25 kinds of fault strikes at each request (``model_faults``), and whether the
power goes or the program is killed before or after each write. Every schedule with up to ``--faults`` faults is
judged: the sale is told, looked at late, and its claim dropped; then shop and till are compared: one completed order,
its cents, each unit taken once, nothing left on hold, no claim left over, and the till knows that order.

It runs on an outbox in memory and in virtual time (``model_till``), round by round, and goes on once from rounds that
leave the same behind (``model_paths``): the schedules are counted exactly, and each is judged, but they share their
ends. ``--one-by-one`` runs each from its beginning.

    python tests/faults/explore_upload.py --faults 3
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.faults.model_faults import doubling_kinds_for, dying_kinds_for
from tests.faults.model_paths import Paths, Round
from tests.faults.model_till import MOVE_ID, OTHER_ID, SALE_ID, Parts, State, Told, completed, moved, play
from tests.faults.schedules import Choices, Explored, parser, tell, walk

SALE: Final = Told({SALE_ID: completed()})
TWO_SALES: Final = Told({SALE_ID: completed(), OTHER_ID: completed(OTHER_ID)})
MOVE: Final = Told({MOVE_ID: moved()})
"""A move of stock: an order over nothing that gives pieces of one product and takes some of another."""

OURS: Final = Parts()
DYING: Final = Parts(kinds=dying_kinds_for, may_be_told=True)
DOUBLING: Final = Parts(kinds=doubling_kinds_for, may_be_told=True)


def explore(
    faults: int,
    sample: int | None = None,
    seed: int = 1,
    parts: Parts = OURS,
    until_wrong: bool = False,
    told: Told = SALE,
    progress: Callable[[int, int], None] | None = None,
) -> Explored:
    """Judge every schedule with up to so many faults; or run them one by one, a sample, or until one is wrong."""
    start = told.start()

    def go(state: State, prefix: tuple[int, ...]) -> tuple[Round[State], Choices]:
        return play(state, prefix, told, parts)

    if sample is None and not until_wrong:
        return Paths(go, progress).explore(start, faults)
    return walk(lambda prefix: whole(start, prefix, told, parts), faults, sample, seed, until_wrong)


def whole(start: State, prefix: tuple[int, ...], told: Told, parts: Parts) -> tuple[list[str], Choices]:
    """One schedule from its beginning to its end."""
    choices, state = Choices(prefix), start
    while True:
        came_to, met = play(state, prefix[len(choices.trace) :], told, parts)
        choices.trace += met.trace
        choices.words += met.words
        if came_to.after is None:
            return list(came_to.wrong), choices
        state = came_to.after


def _progress(began: float) -> Callable[[int, int], None]:
    def show(runs: int, states: int) -> None:
        words = f"{runs:,} runs, {states:,} states, {time.monotonic() - began:.0f} s"
        print(words, end="\r", file=sys.stderr, flush=True)

    return show


def main() -> int:
    """Print a table; 1 if any schedule ended wrong."""
    words = parser(__doc__ or "")
    words.add_argument("--one-by-one", action="store_true", help="run each schedule from its beginning")
    words.add_argument("--of", choices=("sale", "two-sales", "move"), default="sale", help="what is told")
    words.add_argument(
        "--dying", action="store_true", help="the server may also die half-way through any write"
    )
    words.add_argument(
        "--doubled",
        action="store_true",
        help="a request may also arrive twice at once, so that both see the shop as it was",
    )
    arguments = words.parse_args()
    found = explore(
        arguments.faults,
        arguments.sample or (10**12 if arguments.one_by_one else None),
        parts=DYING if arguments.dying else DOUBLING if arguments.doubled else OURS,
        told={"sale": SALE, "two-sales": TWO_SALES, "move": MOVE}[arguments.of],
        progress=_progress(time.monotonic()),
    )
    return tell(f"{arguments.of}, up to {arguments.faults} faults", found, arguments.json)


if __name__ == "__main__":
    sys.exit(main())
