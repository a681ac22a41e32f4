"""The bench of a restore runs, and what it restores is the same: a tiny size, no judgement of speed."""

from __future__ import annotations

import json
from pathlib import Path

from tests.bench import bench_restore


def test_the_bench_of_a_restore_measures_it_and_compares_what_came_back(tmp_path: Path) -> None:
    file = tmp_path / "restore.json"
    bench_restore.main(["--rounds", "60", "--json", str(file), "--folder", str(tmp_path)])
    body = json.loads(file.read_text("utf-8"))
    assert [each["p50_ms"] > 0 for each in body["figures"]] == [True] * 3
    assert body["facts"]["rows, figures and chain are the same"] == "yes"
