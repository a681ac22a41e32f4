"""Setting a new till up by touch: a page for each step, with the same settings as the file that a PC can write.

Every page has the way back at its top left and the way on under the lit key; what was typed stays, whichever is taken.
"""

from collections.abc import Callable

from appliance.ui.desk import Desk
from appliance.ui.screen import Screen
from appliance.ui.screens.set_up.choosing import Choosing
from appliance.ui.screens.set_up.forms import FORMS, Form
from appliance.ui.screens.set_up.key import KeyPage
from appliance.ui.screens.set_up.network import NetworkPage
from appliance.ui.screens.set_up.place import PlacePage
from appliance.ui.screens.set_up.printer import PrinterPage
from appliance.ui.screens.set_up.summary import Summary
from appliance.ui.screens.set_up.walk import Hands, Walk
from appliance.ui.screens.set_up.welcome import Welcome

__all__ = ["Hands", "Walk", "set_up_screens"]


def set_up_screens(walk: Walk) -> dict[str, Callable[[Desk], Screen]]:
    """How each page is made, by the name that it is shown by."""
    pages: dict[str, Callable[[Desk], Screen]] = {
        f"set-up-{name}": lambda desk, form=form: Form(desk, walk, form)  # type: ignore[misc]
        for name, form in FORMS.items()
    }
    return pages | {
        "set-up": lambda desk: Welcome(desk, walk),
        "set-up-key": lambda desk: KeyPage(desk, walk),
        "set-up-place": lambda desk: PlacePage(desk, walk),
        "set-up-choosing": lambda desk: Choosing(desk, walk),
        "set-up-network": lambda desk: NetworkPage(desk, walk),
        "set-up-printer": lambda desk: PrinterPage(desk, walk),
        "set-up-summary": lambda desk: Summary(desk, walk),
    }
