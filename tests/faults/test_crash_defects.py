"""The explorer proves itself: tills that are built wrong on purpose, and each is found out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.crash_campaign import Task, explore_with
from tests.faults.crash_disk import Depth
from tests.faults.crash_explore import Explorer, Plan, Tally
from tests.faults.crash_till import Parts
from tests.faults.defects import DEFECTS, Defect

PLAIN = Depth(subsets=0, single=0, drawn=0, torn=0)
"""What was not synced is all there, or nothing of it."""
FEW = Depth(subsets=2, single=2, drawn=1)


@pytest.fixture(scope="module")
def explorer() -> Iterator[Explorer]:
    explorer = Explorer()
    yield explorer
    explorer.close()


def explored(explorer: Explorer, defect: Defect, depth: Depth) -> Tally:
    plan = Plan(depth, depth, second=5 if defect.second else 0, first=True)
    task = Task(defect.name, defect.steps, plan, defect.from_version_1)
    return explore_with(explorer, task, defect.parts())


@pytest.mark.parametrize("defect", DEFECTS, ids=[defect.name for defect in DEFECTS])
def test_a_till_that_is_built_wrong_is_found_out(explorer: Explorer, defect: Defect) -> None:
    tally = explored(explorer, defect, PLAIN)
    assert tally.findings or explored(explorer, defect, FEW).findings


def test_there_are_defects_enough_and_no_two_are_called_the_same() -> None:
    assert len({defect.name for defect in DEFECTS}) == len(DEFECTS) >= 20


@pytest.mark.parametrize(
    "steps", sorted({defect.steps for defect in DEFECTS}), ids=lambda steps: f"{len(steps)} steps"
)
def test_the_till_as_it_is_passes_the_days_on_which_the_others_fail(
    explorer: Explorer, steps: tuple[tuple[str, int], ...]
) -> None:
    tally = explore_with(explorer, Task("right", steps, Plan(FEW)), Parts())
    assert tally.states > 10
    assert tally.findings == []
