"""The storage benches run, and write what they measured: tiny sizes, no judgement of speed."""

from __future__ import annotations

import json
from pathlib import Path

from tests.bench import bench_catalogue, bench_device, bench_sale, bench_search


def written(path: Path) -> list[str]:
    """The names of the figures in a JSON file."""
    body = json.loads(path.read_text("utf-8"))
    assert body["facts"]
    assert all(each["p50_ms"] > 0 for each in body["figures"])
    return [each["name"] for each in body["figures"]]


def test_the_bench_of_a_sale_measures_the_till_and_both_floors(tmp_path: Path) -> None:
    bench_sale.main(["--rounds", "60", "--json", str(tmp_path / "sale.json"), "--folder", str(tmp_path)])
    assert len(written(tmp_path / "sale.json")) == 4


def test_the_bench_of_the_card_counts_what_a_sale_writes_where_it_can(tmp_path: Path) -> None:
    bench_device.main(["--rounds", "5", "--json", str(tmp_path / "device.json"), "--folder", str(tmp_path)])
    written(tmp_path / "device.json")
    facts = json.loads((tmp_path / "device.json").read_text("utf-8"))["facts"]
    assert all(facts[f"kB per sale, {what}"] > 20 for what in ("journal alone", "five scans"))
    assert 1 <= facts["flushes per sale, journal alone"] < facts["flushes per sale, five scans"]


def test_the_bench_of_the_card_counts_without_a_disk_of_its_own_too(tmp_path: Path) -> None:
    facts = bench_device.measure(bench_device.CountingVfs(tmp_path), 5)
    assert facts["measured at"] == bench_device.CountingVfs.how
    alone, with_scans = (
        float(facts[f"kB per sale, {w}"]) for w in ("journal alone", "five scans and the journal")
    )
    assert 20 < alone < with_scans < 120
    assert alone < 65


def test_the_bench_of_search_measures_each_size(tmp_path: Path) -> None:
    bench_search.main(["--rounds", "40", "--json", str(tmp_path / "search.json")], sizes=(300, 600))
    assert "search, 600 products" in written(tmp_path / "search.json")


def test_the_bench_of_the_catalogue_measures_import_and_the_sales_meanwhile(tmp_path: Path) -> None:
    arguments = ["--rounds", "1", "--json", str(tmp_path / "catalogue.json")]
    bench_catalogue.main(arguments, loaded_products=500, seconds=0.3, turns=1)
    assert len(written(tmp_path / "catalogue.json")) == 9
