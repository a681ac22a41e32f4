"""The kill test as a command: power cuts without end, and one table of what they did.

The day is cut into several, each with a new shop, a new till and a new stick, so that each is judged on its own.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Final

from appliance.demo.stage import Stage, staged
from tests.flows.agreement import Agreement, till_file, wait_for_agreement, wait_for_stick
from tests.flows.bad_day import BadDay
from tests.flows.careful import CarefulCashier
from tests.flows.killing import CLOSE, HOLD, RECALL, SELDOM, Killer, plan
from tests.flows.papers import Papers, wait_for_papers

KILLS_A_DAY: Final = 50
GOODS: Final = ("402", "347", "5", "33", "415", "612", "340001", "352", "518")
"""Of which there are many: nothing here is about the last one."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one day of kills ended.

    Attributes:
        seed: makes the same day again, as far as the machine does.
        hits: kills by program and step.
        without: sales without network, stick or paper.
        closed: Z reports that she made, and that the till holds.
        looked_again: what she found when the till came back.
        entries: of the journal; the stick holds the same, byte for byte. verified: what `verify.py` says.
    """

    seed: int
    hits: Counter[tuple[str, str]]
    without: Counter[str]
    closed: tuple[int, int]
    looked_again: Counter[str]
    agreement: Agreement
    entries: int
    verified: str
    papers: Papers
    seconds: float
    agrees: bool = field(init=False)

    def __post_init__(self) -> None:
        must = Agreement(sales=self.agreement.sales, orders=self.agreement.sales)
        is_closed = self.closed[0] == self.closed[1]
        agrees = (
            self.agreement == must and is_closed and not self.papers.missing and "intact" in self.verified
        )
        object.__setattr__(self, "agrees", agrees)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        hits = {f"{victim}: {step}": count for (victim, step), count in sorted(self.hits.items())}
        counts = {"hits": hits, "without": dict(self.without), "looked_again": dict(self.looked_again)}
        plain = {each.name: getattr(self, each.name) for each in fields(self)}
        papers = asdict(self.papers) | {"missing": sorted(self.papers.missing)}
        return plain | counts | {"agreement": asdict(self.agreement), "papers": papers}


def play(stage: Stage, seed: int, kills: int) -> Outcome:
    """Play a day with two sales for each kill; returns how it ended.

    Raises:
        AssertionError: the till came back with something else than she saw.
        StageError: it did not come to agreement in time.
    """
    began, chance = time.monotonic(), random.Random(seed)
    sales = 2 * kills + 2
    killer = Killer(stage, plan(chance, range(1, sales - 2), kills, SELDOM))
    closings = [each.sale for each in killer.left if each.step == CLOSE]
    held = {each.sale - (each.step == RECALL) for each in killer.left if each.step in (HOLD, RECALL)}
    cashier, day = CarefulCashier(stage, killer.step, killer.join), BadDay(stage, chance)
    cashier.sign_in()
    while (count := len(cashier.sold)) < sales:
        day.before_sale()
        if day.is_online:
            killer.step(count, "upload")
        if closings and closings[0] <= count:
            del closings[0]
            cashier.close_day()
        basket = chance.choices(GOODS, k=chance.randint(1, 4))
        if count in held:
            cashier.hold(basket)
            cashier.sell(chance.choices(GOODS, k=chance.randint(1, 4)))
            cashier.recall(basket)
        cashier.sell(basket, by_card=count % 4 == 3)
    killer.join()
    day.end()
    agreement = wait_for_agreement(stage, cashier.sold, 120)
    verified, papers = wait_for_stick(stage, 60), wait_for_papers(stage, 60)
    with till_file(stage) as till:
        made, entries = till.z_reports(), till.lines().count(b"\n")
    seconds = round(time.monotonic() - began, 1)
    looked = Counter(cashier.looked_again)
    closed = (cashier.closed, made)
    return Outcome(
        seed, killer.hits, day.without, closed, looked, agreement, entries, verified, papers, seconds
    )


def days(kills: int, seed: int) -> Iterator[Outcome]:
    """Play as many days as so many kills need. A day that fails leaves its folder."""
    for number, done in enumerate(range(0, kills, KILLS_A_DAY)):
        with staged((800, 480), "dark", headless=True, deadline_seconds=4, late_minutes=0.1) as stage:
            try:
                yield play(stage, seed + number, min(KILLS_A_DAY, kills - done))
            except BaseException:
                kept = Path(tempfile.mkdtemp(prefix="gapless-kill-"))
                shutil.copytree(
                    stage.folder, kept, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.sock")
                )
                print(f"Day {number + 1}, seed {seed + number}, failed. What it left is in {kept}.")
                raise


def table(outcomes: list[Outcome]) -> str:
    """All days in one, for a person."""
    hits = sum((each.hits for each in outcomes), Counter[tuple[str, str]]())
    without = sum((each.without for each in outcomes), Counter[str]())
    looked = sum((each.looked_again for each in outcomes), Counter[str]())
    judged = [each.agreement for each in outcomes]
    gaps = sum(len(each.receipt_numbers_missing) for each in judged)
    stock = sum(abs(pieces) for each in judged for pieces in each.stock_differences.values())
    money = sum(abs(each.money_difference_minor) for each in judged)
    intact = sum("intact" in each.verified for each in outcomes)
    rows = [(f"Killed: {victim}, at {step!r}", str(count)) for (victim, step), count in sorted(hits.items())]
    rows += [(f"Looked again: {words}", str(count)) for words, count in sorted(looked.items())]
    rows += [
        ("Kills", f"{hits.total()} on {len(outcomes)} days"),
        ("Sales", f"{sum(each.sales for each in judged)}"),
        *((f"Sales without {what}", str(count)) for what, count in sorted(without.items())),
        ("Z reports", f"{sum(each.closed[1] for each in outcomes)} of {sum(each.closed[0] for each in outcomes)}"),
        ("Orders in the shop", f"{sum(each.orders for each in judged)}"),
        ("Lost", str(sum(each.missing for each in judged))),
        ("Doubled", str(sum(each.doubled for each in judged))),
        ("Half-way or set aside", str(sum(each.unfinished + each.parked for each in judged))),
        ("Gaps in the numbers", str(gaps)),
        ("Money, stock", f"{money} cents, {stock} pieces of difference"),
        ("Stick", f"= the journal's {sum(each.entries for each in outcomes)} entries; {intact} intact by verify.py"),
        ("Papers", f"{sum(each.papers.whole for each in outcomes)} whole, "
         f"{sum(each.papers.perhaps for each in outcomes)} perhaps, "
         f"{sum(len(each.papers.missing) for each in outcomes)} missing"),
        ("Time", f"{sum(each.seconds for each in outcomes):.0f} s"),
        ("Verdict", "agreement" if all(each.agrees for each in outcomes) else "NO AGREEMENT"),
    ]  # fmt: skip
    return "\n".join(f"{name:<44}{text}" for name, text in rows)


def main() -> int:
    """Kill, and say what came of it; 1 if anything was lost, doubled, or not as she saw it."""
    parser = argparse.ArgumentParser(prog="tests/flows/kill", description="Power cuts on running days")
    parser.add_argument("kills", type=int, nargs="?", default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, help="write the figures there too")
    arguments = parser.parse_args()
    outcomes: list[Outcome] = []
    for outcome in days(arguments.kills, arguments.seed):
        outcomes.append(outcome)
        agreed = "agreement" if outcome.agrees else f"NO AGREEMENT: {outcome.agreement} {outcome.papers}"
        kills, sales = outcome.hits.total(), outcome.agreement.sales
        print(
            f"Seed {outcome.seed}: {kills} kills, {sales} sales, {outcome.seconds:.0f} s: {agreed}",
            flush=True,
        )
    print(f"\n{table(outcomes)}")
    if arguments.json:
        found = [each.as_dict() for each in outcomes]
        arguments.json.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0 if all(each.agrees for each in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
