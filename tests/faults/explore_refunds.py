"""Every schedule of network faults and power cuts against the real telling of refunds.

As ``explore_upload`` does for sales: 25 kinds of fault at every request, power cut or program killed before or after
each write. A refund has no idempotent form in the shop. What something on the way delivers twice is there twice; that
cannot be prevented from here, so such an end counts as *known* where the late look tells a person, and as wrong
where it does not. Nothing else may make it twice.

    python tests/faults/explore_refunds.py --faults 3
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.faults.model_paths import Paths, Round
from tests.faults.model_refund_till import RefundParts, RefundState, fresh_refund, play, told_sale
from tests.faults.schedules import Choices, Explored, parser, tell

OURS: Final = RefundParts()


def explore(faults: int, parts: RefundParts = OURS) -> Explored:
    """Judge every schedule with up to so many faults."""

    def go(state: RefundState, prefix: tuple[int, ...]) -> tuple[Round[RefundState], Choices]:
        return play(state, prefix, parts)

    return Paths(go).explore(RefundState((fresh_refund(),), told_sale()), faults)


def main() -> int:
    """Print a table; 1 if any schedule ended wrong."""
    arguments = parser(__doc__ or "").parse_args()
    return tell(f"refund, up to {arguments.faults} faults", explore(arguments.faults), arguments.json)


if __name__ == "__main__":
    sys.exit(main())
