"""The two strengths of the explorer: the long exploration lets the till open every state, the usual one a part."""

from __future__ import annotations

from contextlib import closing

from tests.faults.crash_campaign import Task, explore_with
from tests.faults.crash_disk import Depth
from tests.faults.crash_explore import Explorer, Plan, Tally
from tests.faults.crash_oracle import CHECKED, EVERY
from tests.faults.crash_till import Parts

DAY = (("scan", 0), ("scan", 1), ("pay", 1), ("print", 0), ("upload", 3))
SOME = Depth(subsets=2, single=2, drawn=1)


def explored(checked: int) -> Tally:
    with closing(Explorer(checked=checked)) as explorer:
        return explore_with(explorer, Task("short", DAY, Plan(SOME)), Parts())


def test_at_full_strength_the_till_opens_far_more_of_the_same_states_and_finds_nothing_either() -> None:
    usual, full = explored(CHECKED), explored(EVERY)
    assert (full.states, full.kinds) == (usual.states, usual.kinds)
    assert full.findings == usual.findings == []
    assert full.opened > 3 * usual.opened > 0
