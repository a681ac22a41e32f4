"""What else happens on a day with power cuts: the network, the stick and the paper come and go."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from appliance.demo.stage import PRINTER, Stage

GOES: Final = {"network": 0.12, "stick": 0.08, "paper": 0.08}
RETURNS: Final = {"network": 0.25, "stick": 0.35, "paper": 0.4}
"""How likely each goes before a sale, and comes back before one."""


@dataclass(slots=True)
class BadDay:
    """Takes things away and gives them back, by chance.

    Attributes:
        stage: whose. chance: decides.
        without: how many sales were made without each.
    """

    stage: Stage
    chance: random.Random
    without: Counter[str] = field(default_factory=Counter)
    _gone: set[str] = field(default_factory=set)

    def before_sale(self) -> None:
        """Perhaps something goes, or comes back."""
        for what in GOES:
            is_gone = what in self._gone
            if self.chance.random() < (RETURNS if is_gone else GOES)[what]:
                self._turn(what, is_there=is_gone)
        self.without.update(self._gone)

    def end(self) -> None:
        """Everything comes back."""
        for what in [*self._gone]:
            self._turn(what, is_there=True)

    @property
    def is_online(self) -> bool:
        """Whether the network is there."""
        return "network" not in self._gone

    def _turn(self, what: str, *, is_there: bool) -> None:
        stage, pocket = self.stage, self.stage.folder / "pocket"
        if what == "network":
            stage.network.mode = "up" if is_there else "refuse"
        elif what == "paper":
            stage.bench.printer(PRINTER, paper=is_there)
        elif is_there:
            pocket.rename(stage.stick)
        else:
            stage.stick.rename(pocket)
        (self._gone.discard if is_there else self._gone.add)(what)
