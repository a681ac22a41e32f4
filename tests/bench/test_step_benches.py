"""The benches of till and shop in step run, and write what they measured: tiny sizes, no judgement of speed."""

from __future__ import annotations

import json
from pathlib import Path

from tests.bench import bench_in_step, bench_queue


def test_the_bench_of_till_and_shop_in_step_waits_for_each_sale_to_come_across(tmp_path: Path) -> None:
    arguments = ["--rounds", "1", "--json", str(tmp_path / "step.json"), "--folder", str(tmp_path)]
    measured = bench_in_step.main(arguments, poll_seconds=0.3)
    assert min(measured.up_ms) > 2 * bench_in_step.SHOP_SECONDS * 1000
    assert len(measured.up_ms) == len(measured.down_ms) == 1
    assert json.loads((tmp_path / "step.json").read_text())["facts"]["up: the longest, ms"] > 0


def test_the_bench_of_a_long_queue_sells_on_a_till_with_all_waiting_and_with_none(tmp_path: Path) -> None:
    arguments = ["--rounds", "2", "--json", str(tmp_path / "queue.json"), "--folder", str(tmp_path)]
    times = bench_queue.main(arguments, queued=60)
    assert len(times["all"].pay) == len(times["none"].pay) == 2
    assert len(json.loads((tmp_path / "queue.json").read_text())["figures"]) == 12
