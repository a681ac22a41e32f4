"""How the kiosk asks root for help, and hears of it: two files (till-help.path, till-stick.service)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from appliance.kiosk.begin_page import WISHES
from appliance.machine.hardware import ROOT
from appliance.machine.number import till_number
from appliance.storage.journal import Journal
from appliance.till.clock import Now
from appliance.till.helping import Helping

_WISH: Final = "help"
_ANSWER: Final = Path("run/till/help.json")


def build_helping(
    environment: Mapping[str, str], journal: Journal, now: Now, root: Path = ROOT
) -> Helping | None:
    """Help on the card; None on a desk, where nobody would hear the wish."""
    folder = environment.get(WISHES, "").split(":")[0]
    if not folder:
        return None
    return Helping(journal, now, (Path(folder) / _WISH).touch, root / _ANSWER, till_number(root))
