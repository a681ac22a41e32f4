"""What is played on the card, one file a scene; each reads like the manual and says in its first line what it shows.

They run in order on one counter: what a scene sold is in the books of the next. A scene has ``play(counter)`` and
raises ``SceneError`` where the card did not do what it should.
"""

from __future__ import annotations

from typing import Final

FIRST: Final = "first_start"
QUICK: Final = (FIRST, "first_sale", "printer_troubles", "network_cut", "power_cut")
"""For every day, on the amd64 twin."""
FULL: Final = (*QUICK, "power_states", "many_cuts")
"""All that there is. Updates and the way back come here with their own scenes."""
