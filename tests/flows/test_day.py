"""The demo's whole day by its own command, as a stranger runs it off screen."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image

from appliance.demo.day import OFFLINE_SALES

ROOT = Path(__file__).resolve().parents[2]
SIZE = (800, 480)
SECONDS = 240


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """What the day leaves behind; the command must have succeeded."""
    place = tmp_path_factory.mktemp("day")
    done = subprocess.run(
        [ROOT / "appliance/demo/run", "--headless", place, "--day"],
        cwd=place,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    yield place


@pytest.fixture(scope="module")
def verdict(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "verdict.json").read_text("utf-8"))
    return found


pytestmark = pytest.mark.timeout(SECONDS + 60)


def test_the_verdict_says_that_shop_and_till_agree(verdict: dict[str, Any]) -> None:
    differences = ("missing", "doubled", "money_difference_minor", "stock_differences")
    assert {name: verdict[name] for name in differences} == {
        "missing": 0,
        "doubled": 0,
        "money_difference_minor": 0,
        "stock_differences": {},
    }
    assert verdict["sales"] == verdict["orders_in_shop"] >= verdict["sold_offline"] >= OFFLINE_SALES
    assert verdict["receipts_printed"] >= verdict["sales"]
    assert verdict["seconds"] > 0


def test_the_unit_that_was_sold_twice_is_shown_with_both_parties(verdict: dict[str, Any]) -> None:
    assert verdict["oversold"]["found"] and verdict["oversold"]["shown"]
    assert re.fullmatch(r"T1-\d{6}", verdict["oversold"]["till_party"])
    assert "Niamh Byrne" in verdict["oversold"]["shop_party"]


def test_each_step_leaves_a_picture_of_the_screen(folder: Path) -> None:
    names = sorted(path.name for path in (folder / "screens").glob("[0-9]*.png"))
    assert [int(name.partition("-")[0]) for name in names] == list(range(1, len(names) + 1))
    steps = {re.sub(r"^\d+-|\.png$", "", name) for name in names}
    assert steps >= {"sign-in", "sell", "pay", "change", "pay-by-card", "waiting", "sold-twice", "x-report"}
    for name in names:
        with Image.open(folder / "screens" / name) as picture:
            assert picture.size == SIZE
            assert len(set(picture.convert("L").resize((80, 48)).tobytes())) > 4, f"{name} is blank"


def test_each_receipt_reads_back_its_number_from_its_code(folder: Path, verdict: dict[str, Any]) -> None:
    read: list[str] = []
    for path in sorted((folder / "receipts").glob("*.png")):
        with Image.open(path) as picture:
            codes = [code.text for code in zxingcpp.read_barcodes(picture.convert("L"))]
        read += [number for text in codes for number in re.findall(r"T1-\d{6}", text)]
    assert sorted(read) == [f"T1-{number:06d}" for number in range(1, verdict["sales"] + 1)]
