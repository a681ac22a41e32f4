"""How the benches measure and report: milliseconds, percentiles, a table, and a JSON file."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of a bench's table: what was measured, how often, and what came out."""

    name: str
    n: int
    p50_ms: float
    p95_ms: float
    p99_ms: float


def milliseconds(act: Callable[[], object]) -> float:
    """How long an act took."""
    start = time.perf_counter()
    act()
    return (time.perf_counter() - start) * 1000


def figure(name: str, times_ms: Sequence[float]) -> Figure:
    """Percentiles of what was measured; p99 of fewer than 100 is the largest."""
    ordered = sorted(times_ms)
    p50, p95, p99 = (ordered[min(len(ordered) - 1, int(len(ordered) * part))] for part in (0.5, 0.95, 0.99))
    return Figure(name, len(ordered), round(p50, 4), round(p95, 4), round(p99, 4))


def report(
    title: str, figures: Sequence[Figure], facts: dict[str, float | str], json_file: Path | None
) -> None:
    """Print the table and the facts, and write both to a file if one is wanted."""
    load = round(os.getloadavg()[0], 2)
    print(f"{title} (load {load})")
    print(f"  {'':44}{'n':>7}{'p50 ms':>10}{'p95 ms':>10}{'p99 ms':>10}")
    for each in figures:
        print(f"  {each.name:44}{each.n:>7}{each.p50_ms:>10.3f}{each.p95_ms:>10.3f}{each.p99_ms:>10.3f}")
    for name, value in facts.items():
        print(f"  {name:44}{value:>17}")
    if json_file is not None:
        body = {"title": title, "load": load, "figures": [asdict(each) for each in figures], "facts": facts}
        json_file.write_text(json.dumps(body, indent=2) + "\n", "utf-8")


def options(description: str, rounds: int, arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """The options that every bench takes: ``--rounds``, ``--json`` and ``--folder``."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--rounds", type=int, default=rounds, help=f"how often to measure ({rounds})")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to FILE as well")
    parser.add_argument("--folder", type=Path, help="a folder on the disk to measure (a temporary one)")
    return parser.parse_args(sys.argv[1:] if arguments is None else arguments)
