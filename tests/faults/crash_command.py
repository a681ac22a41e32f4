"""The command ``tests/faults/explore``: days without end, a table, and what makes a finding again."""

from __future__ import annotations

import argparse
import itertools
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from tests.faults.crash_campaign import DEEP, USUAL, Campaign, Task, by_chance, migrated, scripted
from tests.faults.crash_explore import Plan, Tally
from tests.faults.crash_oracle import EVERY

DAYS_AT_ONCE: Final = 20
SCRIPTED_PARTS: Final = 16
_FIRST: Final = SCRIPTED_PARTS + 1
"""Tasks before the first days that are made by chance."""


def main() -> int:
    """Explore for some minutes; 1 if a promise was broken."""
    parser = argparse.ArgumentParser(
        prog="tests/faults/explore", description="Pull the till's plug, many times."
    )
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=1, help="of the first days; it goes on from there")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there as well")
    parser.add_argument("--nested", type=int, default=1_500, help="of so many states one is crashed again")
    parser.add_argument("--day", metavar="NAME", help='only this day, such as "seed 7 day 3" or "scripted"')
    parser.add_argument("--workers", type=int, default=None)
    asked = parser.parse_args()
    campaign = Campaign(asked.workers, checked=EVERY)
    tasks = _tasks(asked.seed, asked.nested) if asked.day is None else _day(asked.day, asked.nested)
    tally = campaign.run(tasks, _tell, asked.minutes * 60)
    figures = _figures(tally)
    print(_table(tally))
    for each in figures["findings"][:20]:
        print(f"\nBROKEN: {each['day']}, after operation {each['point']}, {each['kind']}")
        print("\n".join(f"    {what}" for what in each["what"]))
    if tally.findings:
        print(
            f'\nTo see it again: tests/faults/explore --day "{tally.findings[0].day}" --nested {asked.nested}'
        )
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=1) + "\n")
    return 1 if tally.findings else 0


def _tasks(seed: int, second: int) -> Iterator[Task]:
    yield from scripted(Plan(DEEP, second=second, seed=seed), SCRIPTED_PARTS)
    yield from migrated(Plan(second=second, seed=seed))
    for number in itertools.count(seed):
        yield from by_chance(number, DAYS_AT_ONCE, Plan(USUAL, second=second))


def _day(name: str, second: int) -> Iterator[Task]:
    """The tasks of a day by its name, to see a finding again."""
    word, _, number = name.partition(" ")
    seed = int(number.split(" ")[0]) if word == "seed" else 1
    rows = _tasks(seed, second)
    for task in itertools.islice(rows, _FIRST + DAYS_AT_ONCE):
        if task.day == name:
            yield task


def _tell(tally: Tally, seconds: float) -> None:
    print(progress(tally, seconds), flush=True)


def progress(tally: Tally, seconds: float) -> str:
    """One line that says how far it has come."""
    every = tally.states + tally.nested
    rate = every / tally.cpu_seconds if tally.cpu_seconds else 0.0
    return (
        f"{seconds:6.0f} s  {every:9,} crash states ({tally.nested:,} of them a second crash), "
        f"{len(tally.findings)} findings, {rate:,.0f} per CPU-second"
    )


def _figures(tally: Tally) -> dict[str, Any]:
    return {
        "states": tally.states,
        "second crashes": tally.nested,
        "opened": tally.opened,
        "points": tally.points,
        "days": tally.days,
        "cpu_seconds": round(tally.cpu_seconds, 1),
        "kinds": dict(tally.kinds.most_common()),
        "findings": [
            {
                "what": each.what,
                "day": each.day,
                "point": each.point,
                "nested": each.nested,
                "kind": each.kind,
                "steps": each.steps,
            }
            for each in tally.findings[:200]
        ],
        "count of findings": len(tally.findings),
    }


def _table(tally: Tally) -> str:
    every = tally.states + tally.nested
    rows = [
        ("days", tally.days),
        ("moments at which the power went", tally.points),
        ("crash states", tally.states),
        ("states of a second crash, while it recovered", tally.nested),
        *((f"  {kind}", count) for kind, count in sorted(tally.kinds.items())),
        ("states that the till's own code opened", tally.opened),
        ("promises broken", len(tally.findings)),
        ("states per CPU-second", round(every / tally.cpu_seconds) if tally.cpu_seconds else 0),
    ]
    return "\n".join(f"{name:48} {count:12,}" for name, count in rows)


if __name__ == "__main__":
    sys.exit(main())
