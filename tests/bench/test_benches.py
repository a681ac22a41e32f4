"""The benches of the running till run, and write what they measured: tiny sizes, no judgement of speed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.bench import bench_kiosk, bench_scan, bench_upload


def written(path: Path) -> dict[str, Any]:
    """A bench's JSON file; every figure must have been measured."""
    body: dict[str, Any] = json.loads(path.read_text("utf-8"))
    assert body["facts"]
    assert all(each["p50_ms"] > 0 for each in body["figures"])
    return body


def test_the_bench_of_a_scan_sees_the_line_in_the_very_frame_that_it_times(tmp_path: Path) -> None:
    bench_scan.main(["--rounds", "20", "--json", str(tmp_path / "scan.json")], sizes=("800x480",))
    body = written(tmp_path / "scan.json")
    assert {each["n"] for each in body["figures"]} == {20, 4}
    assert body["facts"]["frames that held the line, 800x480"] == "2 of 2"


def test_the_bench_of_the_kiosk_measures_start_memory_and_idle_cost(tmp_path: Path) -> None:
    arguments = ["--rounds", "2", "--json", str(tmp_path / "kiosk.json")]
    bench_kiosk.main(arguments, idle_seconds=0.5, starts=1)
    facts = written(tmp_path / "kiosk.json")["facts"]
    assert facts["RSS MiB, kiosk, after 2 sales"] > facts["PSS MiB, kiosk, after 2 sales"] > 10
    assert facts["idle CPU %, kiosk, printer unplugged"] >= 0


def test_the_bench_of_an_upload_counts_two_requests_for_a_sale(tmp_path: Path) -> None:
    bench_upload.main(["--rounds", "3", "--json", str(tmp_path / "upload.json"), "--folder", str(tmp_path)])
    assert written(tmp_path / "upload.json")["facts"]["requests per sale"] == 2
