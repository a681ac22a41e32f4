"""``till selftest --display``: the technician sees on the customer's display whether the settings are right."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.cli import selftest
from drivers.virtual.client import PRELOAD, VirtualBench


@pytest.fixture
def bench(usb_bench: VirtualBench | None) -> Iterator[VirtualBench]:
    assert usb_bench is not None, f"run these tests with LD_PRELOAD={PRELOAD}"
    yield usb_bench
    for device in usb_bench.devices():
        usb_bench.unplug(device)


def say(folder: Path, settings: str, capsys: pytest.CaptureFixture[str]) -> str:
    (folder / "till.toml").write_text(settings)
    assert selftest.run(argparse.Namespace(settings=folder / "till.toml", display=True, scan=False)) == 0
    return capsys.readouterr().out


def test_a_display_of_the_settings_shows_the_test_text(
    bench: VirtualBench, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bench.plug_display()
    said = say(tmp_path, '[display]\nkind = "escpos"\ncode_page = "858"\n', capsys)
    upper, lower = bench.display()["lines"]
    assert upper == "Gapless escpos   858"
    assert lower.endswith("€1,234.50")
    assert f'It should show "{upper}" and "{lower}"' in said


def test_settings_without_a_display_say_so(
    bench: VirtualBench, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bench.plug_display()
    assert "[display] kind is empty" in say(tmp_path, "", capsys)
    assert bench.display()["taken"] == 0
