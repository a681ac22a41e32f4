"""The bench of a backup runs, and writes what it measured: tiny sizes, no judgement of speed."""

from __future__ import annotations

import json
from pathlib import Path

from tests.bench import bench_backup


def test_the_bench_of_a_backup_measures_the_sales_meanwhile(tmp_path: Path) -> None:
    file = tmp_path / "backup.json"
    arguments = ["--rounds", "50", "--json", str(file), "--folder", str(tmp_path)]
    bench_backup.main(arguments, seconds=1.0)

    body = json.loads(file.read_text("utf-8"))
    assert len(body["figures"]) == 5
    assert all(each["p50_ms"] > 0 for each in body["figures"])
