"""Money back: find the receipt, tick what comes back, say where it goes and why, give the money.

- `refund`: the screen; what each key does.
- `left`: the left block, one page at a time.
- `words`: what rows, facts and the lit key say.
- `returned`: the page after it, until the next sale.
"""

from appliance.ui.screens.refund.refund import GiveBack
from appliance.ui.screens.refund.returned import Returned

__all__ = ["GiveBack", "Returned"]
