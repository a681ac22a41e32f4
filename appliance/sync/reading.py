"""Sales as the shop is told of them: with the time at which they were really made."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from appliance.domain.tender import CompletedSale
from appliance.storage.corrections import Corrections
from appliance.storage.mending import Mending

NEAR: Final = timedelta(seconds=60)
"""A clock that was off by less was right."""


@dataclass(frozen=True, slots=True)
class TrueSales:
    """The journal's sales, dated as it is known now.

    An entry is never changed: where the clock was wrong when it was written, a later one says by how much. Of a sale
    from paper, a person said when it was. A line that the shop did not take may be told as another product.
    """

    mending: Mending
    corrections: Corrections

    def sale(self, sale_id: str) -> CompletedSale:
        """One of them.

        Raises:
            NoSuchSaleError: there is none.
        """
        completed = self.mending.told(sale_id)
        if completed.sold_at is not None:
            return completed
        true_at = self.corrections.true_time_of(sale_id)
        if true_at is None or abs(true_at - completed.completed_at) < NEAR:
            return completed
        return replace(completed, sold_at=true_at)
