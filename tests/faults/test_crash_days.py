"""The till's plug is pulled at every write of a day, a hundred thousand times: nothing that it promised may be gone."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import pytest

from tests.faults.crash_campaign import USUAL, Campaign, Task, by_chance, migrated, scripted
from tests.faults.crash_command import progress
from tests.faults.crash_explore import Plan

SEED = 20261121
LEAST_STATES = 100_000
LEAST_AGAIN = 10_000
DAYS = 10


def days() -> Iterator[Task]:
    """The same days each time."""
    plan = Plan(USUAL, second=1_000, seed=SEED)
    yield from migrated(plan)
    yield from scripted(plan, 8)
    yield from by_chance(SEED, DAYS, plan)


@pytest.mark.behind
@pytest.mark.timeout(1500)  # 110 seconds on two cores that have nothing else to do
def test_whatever_a_power_cut_leaves_the_till_keeps_what_it_promised(
    capfd: pytest.CaptureFixture[str],
) -> None:
    took: list[float] = []
    tally = Campaign(os.cpu_count()).run(days(), lambda _tally, seconds: took.append(seconds))
    with capfd.disabled():  # what a process beside others prints is heard only there
        print(f"\n        {progress(tally, took[-1])}", file=sys.stderr, flush=True)
    said = [f"{each.day}, operation {each.point}, {each.kind}: {each.what}" for each in tally.findings[:10]]
    assert not said, "\n".join(said)
    assert tally.states + tally.nested >= LEAST_STATES
    assert tally.nested >= LEAST_AGAIN
