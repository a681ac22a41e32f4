"""Two tills with the same untold refund, a card that was copied: every schedule of faults, power cuts and turns.

As ``explore_clones`` does for a sale. The claim names the till that tells it; the other one watches. At the end there
must be one refund in the shop, or a person must have been told on one of the tills.

    python tests/faults/explore_refund_clones.py --faults 2
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from appliance.sync.late_look import CLAIM_KEPT
from appliance.sync.refund_telling import RefundTelling
from tests.faults import explore_clones
from tests.faults.explore_clones import Parts, World
from tests.faults.memory_refunds import MemoryRefunds
from tests.faults.model_refund_till import REFUND_ID, completed_refund, fresh_refund, told_sale
from tests.faults.model_till import LATE
from tests.faults.schedules import KNOWN, Explored, command

HOUR: Final = timedelta(hours=1)


class OneRefund:
    """One refund of a sale that the shop has.

    Args:
        world: the two tills.
        telling: how they tell it.
        names: what each calls itself in a claim.
    """

    pauses: Sequence[timedelta] = (LATE * 2, *[HOUR] * 27, CLAIM_KEPT)

    def __init__(
        self,
        world: World,
        telling: type[RefundTelling] = RefundTelling,
        names: tuple[str, str] = ("till-0", "till-1"),
    ) -> None:
        self.world, self._telling, self._names = world, telling, names
        world.shop.restore(told_sale())

    def fresh(self) -> MemoryRefunds:
        return MemoryRefunds([fresh_refund()])

    def tell(self, outbox: MemoryRefunds, till: int) -> bool:
        due = outbox.due(self.world.clock(), limit=10)
        for entry in due:
            self._of(outbox, till).tell(entry)
        return any(entry.state == "due" for entry in outbox.rows.values())

    def look_late(self, outbox: MemoryRefunds, till: int) -> None:
        telling = self._of(outbox, till)
        telling.look_late()
        telling.drop_claims()

    def wrong(self) -> list[str]:
        entries = [disk.entry(REFUND_ID) for disk in self.world.disks]
        made, is_told = self.world.shop.given_back, any(entry.reason for entry in entries)
        wrong = [] if len(made) == 1 else [f"refunded {len(made)} times"]
        wrong += [f"a till says {entry.state} {entry.reason}" for entry in entries if entry.state != "sent"]
        if self.world.shop.claims:
            wrong.append("claims left over")
        return [KNOWN + each for each in wrong] if is_told else wrong

    def _of(self, outbox: MemoryRefunds, till: int) -> RefundTelling:
        name = self._names[till]
        return self._telling(
            self.world.shop.whole, outbox, completed_refund, self.world.clock, LATE, lambda: name
        )


REFUND: Final = Parts(errand=OneRefund)


def explore(
    faults: int,
    sample: int | None = None,
    seed: int = 1,
    parts: Parts = REFUND,
    until_wrong: bool = False,
) -> Explored:
    """Run every schedule with up to so many faults, or a random sample of those with exactly so many."""
    return explore_clones.explore(faults, sample, seed, parts, until_wrong)


def main() -> int:
    """Print a table; 1 if any schedule ended wrong."""
    return command(__doc__ or "", explore)


if __name__ == "__main__":
    sys.exit(main())
