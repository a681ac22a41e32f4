"""What is played on the card, one file a scene; each reads like the manual and says in its first line what it shows.

They run in order on one counter: what a scene sold is in the books of the next. A scene has ``play(counter)`` and
raises ``SceneError`` where the card did not do what it should.
"""

from __future__ import annotations

from typing import Final

FIRST: Final = "first_start"
QUICK: Final = (FIRST, "first_sale", "printer_troubles", "network_cut", "power_cut")
"""For every day, on the amd64 twin."""
FULL: Final = (
    *QUICK,
    "power_button",
    "line_display",
    "status_page",
    "help",
    "wifi",
    "locked",
    "locked_network",
    "evil_stick",
    "clock",
    "power_states",
    "many_cuts",
    "update_refused",
    "update_kept",
    "update_undone",
    "swap",
    "guide",
    "set_up_by_touch",
    "raspberry_pi",
    "small_board",
    "trouble",
    "board_key",
    "first_start_cuts",
    "long_day",
    "update_cuts",
)
"""What a card is held to before it goes out."""
NEEDED_KEYS: Final = {
    "help": ("token.key",),
    **dict.fromkeys(
        ("update_refused", "update_kept", "update_undone", "update_cuts"), ("sign.key", "sign.pem")
    ),
}
"""The files of ``--keys`` that a scene signs with."""
