"""The storage benches run, and write what they measured: tiny sizes, no judgement of speed."""

from __future__ import annotations

import json
from pathlib import Path

from tests.bench import bench_catalogue, bench_sale, bench_search


def written(path: Path) -> list[str]:
    """The names of the figures in a JSON file."""
    body = json.loads(path.read_text("utf-8"))
    assert body["facts"]
    assert all(each["p50_ms"] > 0 for each in body["figures"])
    return [each["name"] for each in body["figures"]]


def test_the_bench_of_a_sale_measures_the_till_and_both_floors(tmp_path: Path) -> None:
    bench_sale.main(["--rounds", "60", "--json", str(tmp_path / "sale.json"), "--folder", str(tmp_path)])
    assert len(written(tmp_path / "sale.json")) == 3


def test_the_bench_of_search_measures_each_size(tmp_path: Path) -> None:
    bench_search.main(["--rounds", "40", "--json", str(tmp_path / "search.json")], sizes=(300, 600))
    assert "search, 600 products" in written(tmp_path / "search.json")


def test_the_bench_of_the_catalogue_measures_import_and_the_sales_meanwhile(tmp_path: Path) -> None:
    bench_catalogue.main(["--rounds", "1", "--json", str(tmp_path / "catalogue.json")], seconds=0.3)
    assert len(written(tmp_path / "catalogue.json")) == 9
