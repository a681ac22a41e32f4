"""The kiosk and the sync service as they run: start, memory, threads, and what they cost while nothing happens.

Both run in the demo's miniature, off screen with Mesa in software, on virtual devices. libusb spins on those while a
transfer waits, so what an idle kiosk costs is measured with the printer plugged and unplugged.

- start: from starting the process to its first frame on the glass (seen by polling each 20 ms); the page cache
  is warm.
- memory: resident (VmRSS) and proportional (PSS) size.
- idle: processor time of one core over a while on the sell screen.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from appliance.demo.books import read_books
from appliance.demo.program import Program
from appliance.demo.stage import PRINTER, Stage, staged, wait_until
from tests.bench.measuring import figure, milliseconds, options, report
from tests.flows.careful import CarefulCashier

STARTS = 7
IDLE_SECONDS = 15.0
SETTLE_SECONDS = 3.0
LIMIT_MIB, LIMIT_PERCENT = 160, 1.0
BASKETS = (("402", "347"), ("5",), ("33", "415", "612"), ("340001", "352"))
TICKS = os.sysconf("SC_CLK_TCK")

Facts = dict[str, float | str]


@dataclass(frozen=True, slots=True)
class Running:
    """A program's process, as /proc shows it."""

    pid: int

    @classmethod
    def of(cls, program: Program) -> Running:
        assert program.process is not None and program.process.poll() is None
        return cls(program.process.pid)

    def cpu_seconds(self) -> float:
        """Its processor time so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def mib(self) -> tuple[float, float]:
        """Resident and proportional size."""
        return self._kib("status", "VmRSS:") / 1024, self._kib("smaps_rollup", "Pss:") / 1024

    def threads(self) -> int:
        """How many threads it has now."""
        return self._kib("status", "Threads:")

    def _kib(self, name: str, field_name: str) -> int:
        rows = Path(f"/proc/{self.pid}/{name}").read_text().splitlines()
        return next(int(row.split()[1]) for row in rows if row.startswith(field_name))


@dataclass
class Result:
    """What was measured of one size of screen."""

    start_ms: list[float] = field(default_factory=list)
    facts: Facts = field(default_factory=dict)


def measure(size: tuple[int, int], sales: int, idle_seconds: float, starts: int) -> Result:
    """Run the miniature."""
    result = Result()
    with staged(size, "dark", headless=True) as stage:
        for _ in range(starts):
            stage.kiosk.stop()
            stage.hand.close()
            result.start_ms.append(milliseconds(stage.start_kiosk))
        kiosk, syncd = Running.of(stage.kiosk), Running.of(stage.syncd)
        cashier = CarefulCashier(stage)
        _note_memory(result.facts, "kiosk, first screen", kiosk)
        cashier.sign_in()
        for count in range(sales):
            cashier.sell(BASKETS[count % len(BASKETS)], by_card=count % 4 == 3)
            if count in (0, sales - 1):
                _note_memory(result.facts, f"kiosk, after {count + 1} sale{'s' * (count > 0)}", kiosk)
        _wait_until_quiet(stage, sales)
        _note_memory(result.facts, "sync service", syncd)
        result.facts |= {"threads, kiosk": kiosk.threads(), "threads, sync service": syncd.threads()}
        stage.hand.tap("Next sale")
        _note_idle(result.facts, "with the printer", (kiosk, syncd), idle_seconds)
        stage.bench.unplug(PRINTER)
        _note_idle(result.facts, "printer unplugged", (kiosk, syncd), idle_seconds)
    return result


def _wait_until_quiet(stage: Stage, sales: int) -> None:
    wait_until("all is told", lambda: len(read_books(stage.shop_file).till_orders) >= sales, 60, every=0.2)
    wait_until("all is printed", lambda: len(stage.papers()) >= sales, 60, every=0.5)


def _note_memory(facts: Facts, name: str, program: Running) -> None:
    resident, proportional = program.mib()
    facts |= {f"RSS MiB, {name}": round(resident, 1), f"PSS MiB, {name}": round(proportional, 1)}


def _note_idle(facts: Facts, how: str, programs: tuple[Running, Running], seconds: float) -> None:
    time.sleep(SETTLE_SECONDS)
    before, start = [each.cpu_seconds() for each in programs], time.monotonic()
    time.sleep(seconds)
    took = time.monotonic() - start
    for name, program, spent in zip(("kiosk", "sync service"), programs, before, strict=True):
        facts[f"idle CPU %, {name}, {how}"] = round(100 * (program.cpu_seconds() - spent) / took, 2)


def main(
    arguments: Sequence[str] | None = None,
    size: tuple[int, int] = (800, 480),
    idle_seconds: float = IDLE_SECONDS,
    starts: int = STARTS,
) -> Result:
    """Measure and print."""
    chosen = options(
        "Start, memory and idle cost of kiosk and sync service; rounds are sales.", 60, arguments
    )
    result = measure(size, chosen.rounds, idle_seconds, starts)
    name = f"{size[0]}x{size[1]}"
    figures = [figure(f"process start to first frame, {name}", result.start_ms)]
    limits: Facts = {"limit, RSS MiB of the kiosk": LIMIT_MIB, "limit, idle CPU %": LIMIT_PERCENT}
    report(f"The two programs, {name}", figures, result.facts | limits, chosen.json)
    return result


if __name__ == "__main__":
    main()
