"""A scan posted to the line on the glass, against the floor of the same window drawing an empty frame, in one run.

Both are measured in the same process and window, from the post by another thread to the return of the swap, with the
graphics finished (`scanning_till` says how). Each size of screen has a process of its own: Kivy has one window.

- scan: `TillApp.scan`, from the scanner's thread: found, kept on the disk, drawn, swapped.
- kept: the part of it until the line is on the disk.
- typed: the same code typed at the virtual scanner, whose keys come 1 ms apart, read by the real driver.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))


from drivers.virtual.client import VirtualBench
from tests.bench.measuring import Figure, figure, options, report

SIZES = ("800x480", "1280x800")
TARGET_P99_MS = 50.0
TARGET_RATIO = 2.5


def measure(size: str, rounds: int, folder: Path | None) -> dict[str, Any]:
    """Run one till on one window."""
    with VirtualBench.start() as bench, tempfile.TemporaryDirectory(dir=folder) as place:
        bench.plug_scanner()
        command = [sys.executable, "-m", "tests.bench.scanning_till", place, size, str(rounds)]
        done = subprocess.run(
            [*command, bench.socket_path, bench.root],
            env=os.environ | bench.environment(),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            check=True,
        )
        bench.unplug("scanner")
    measured: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return measured


def figures_of(size: str, measured: dict[str, Any]) -> tuple[list[Figure], dict[str, float | str]]:
    """The table's lines and the ratios of one size."""
    scan = figure(f"scan, {size}", measured["scan_ms"])
    floor = figure(f"floor: an empty frame, {size}", measured["floor_ms"])
    figures = [
        scan,
        floor,
        figure(f"kept on the disk, {size}", measured["kept_ms"]),
        figure(f"typed at the scanner, {size}", measured["evdev_ms"]),
        figure(f"from its last key, {size}", measured["read_ms"]),
    ]
    facts: dict[str, float | str] = {
        f"p50: scan / floor, {size}": round(scan.p50_ms / floor.p50_ms, 2),
        f"p99: scan / floor, {size}": round(scan.p99_ms / floor.p99_ms, 2),
        f"frames that held the line, {size}": f"{measured['frames_right']} of {measured['frames_checked']}",
    }
    return figures, facts


def main(arguments: Sequence[str] | None = None, sizes: Sequence[str] = SIZES) -> list[Figure]:
    """Measure and print."""
    chosen = options("A scan to its line on the glass, against an empty frame.", 400, arguments)
    figures: list[Figure] = []
    facts: dict[str, float | str] = {}
    for size in sizes:
        more, more_facts = figures_of(size, measure(size, chosen.rounds, chosen.folder))
        figures += more
        facts |= more_facts
    facts |= {"target p99 at 800x480, ms": TARGET_P99_MS, "target: scan / floor": TARGET_RATIO}
    report("A scan to its line on the glass", figures, facts, chosen.json)
    return figures


if __name__ == "__main__":
    main()
