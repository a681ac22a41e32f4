"""What the journal says of tenders that were handed back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from appliance.domain.tender import Tender

GIVEN_BACK = "tenders-given-back"


def tender_notes(tenders: Iterable[Tender]) -> list[dict[str, Any]]:
    """Each with its kind, what it paid, and its slip number where it has one."""
    return [
        {
            "kind": tender.kind.value,
            "amount_minor": tender.amount_minor,
            **({"reference": tender.reference} if tender.reference else {}),
        }
        for tender in tenders
    ]
