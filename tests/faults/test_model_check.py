"""The decision table under the model checker: what others do is refuted, ours holds, ours with a mistake does not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.faults.model_check import CASES, QUICK, check, mistaken
from tests.faults.model_check_tables import MISTAKES


@pytest.mark.parametrize("name", CASES)
def test_a_protocol_is_refuted_or_holds(name: str) -> None:
    rules, must_pass = CASES[name]
    requests, crashes = QUICK
    verdict = check(replace(rules, requests=requests, crashes=crashes))
    assert (verdict.wrong == "") is must_pass, verdict
    assert verdict.is_whole
    assert bool(verdict.trace) is not must_pass


@pytest.mark.parametrize("name", MISTAKES)
def test_ours_with_a_mistake_in_it_is_refuted(name: str) -> None:
    assert check(mistaken(name)).wrong
