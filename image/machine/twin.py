"""The same till on this computer: what each screen must look like, and where its keys are.

The demo's till runs the same programs, off screen. It is taken once through a sale; each screen's picture is what the
card must show on its own screen, and the places of its keys are where the finger goes. So nothing of the screen is
written down twice, and a screen that is changed changes its twin.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from PIL import Image

from appliance.demo.goods import GOODS
from appliance.demo.stage import SCANNER, Stage, staged, wait_until
from appliance.ui.theme import SEVEN_INCH
from image.machine.errors import MachineError
from image.machine.screen import Golden, Region

SIZE: Final = (800, 480)
FIRST_SKU: Final = "1209"
"""What is sold first, on the twin and on the card."""
_BELOW_HEADER: Final[Region] = (0, 50, 800, 480)
_RIGHT: Final[Region] = (352, 50, 800, 480)
_TABS: Final[Region] = (0, 50, 350, 96)
REGIONS: Final[Mapping[str, tuple[Region, ...]]] = {
    "sign-in": ((454, 96, 800, 400),),  # the pad; the names are another's
    "pin": ((454, 96, 800, 400),),
    "sell": (_TABS, _RIGHT),  # and its tiles, in any order: each keeps the place that it had when it came
    "selling": (_TABS,),  # whatever is in the sale
    "sell-one": (_RIGHT,),
    "pay": (_BELOW_HEADER,),
    "paying": ((0, 50, 395, 480),),  # its pad, whatever there is to pay
    "change": (_RIGHT,),
}
"""By what each screen is known."""
_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "sign-in": ("Aoife",),
    "pin": tuple("0123456789"),
    "sell": ("Menu", "Tiles", "Keys", "Search"),
    "sell-one": ("Pay", "One more", "One less"),
    "pay": ("Exact cash", "20.00", "Card"),
    "change": ("Next sale", "Print again"),
}
_TILE: Final = ((SEVEN_INCH.pad + SEVEN_INCH.seam) // 3 - SEVEN_INCH.seam, SEVEN_INCH.tile - SEVEN_INCH.seam)
"""Three beside each other, in pixels."""
_SETTLE_SECONDS: Final = 1.0


@dataclass(slots=True)
class Twin:
    """What was seen.

    Attributes:
        screens: the right picture of each screen.
        keys: the middle of each key, by screen and word, in pixels from the top left.
    """

    screens: dict[str, Golden] = field(default_factory=dict)
    keys: dict[tuple[str, str], tuple[float, float]] = field(default_factory=dict)

    def key(self, screen: str, word: str) -> tuple[float, float]:
        """Where a key is.

        Raises:
            MachineError: the twin was not asked for it.
        """
        if (screen, word) not in self.keys:
            raise MachineError(f"The twin does not know the key {word!r} on {screen!r}.")
        return self.keys[screen, word]


def see_twin(folder: Path) -> Twin:
    """Run the till here through one sale and look at it; 10 seconds."""
    twin, good = Twin(), next(each for each in GOODS if each.sku == FIRST_SKU)
    with staged(SIZE, "dark", headless=True) as stage:
        hand = stage.hand

        def arrive(screen: str, name: str, words: str = "") -> None:
            wait_until(f"the twin shows {name}", lambda: hand.screen() == screen and hand.sees(words), 20)
            _note(twin, stage, name, folder)

        arrive("sign-in", "sign-in")
        hand.tap("Marta")
        arrive("sign-in", "pin")
        for digit in "2580":
            hand.tap(digit)
        wait_until("the twin has its goods", lambda: hand.screen() == "sell" and hand.sees("Torch"), 20)
        arrive("sell", "sell")
        twin.screens["selling"] = replace(twin.screens["sell"], name="selling", regions=REGIONS["selling"])
        twin.screens["sell"] = replace(twin.screens["sell"], cells=_tiles(stage))
        stage.bench.scan(good.gtin, SCANNER)
        arrive("sell", "sell-one", good.name)
        hand.tap("Pay")
        arrive("pay", "pay")
        twin.screens["paying"] = replace(twin.screens["pay"], name="paying", regions=REGIONS["paying"])
        hand.tap("Exact cash")
        arrive("change", "change")
    return twin


def _note(twin: Twin, stage: Stage, name: str, folder: Path) -> None:
    time.sleep(_SETTLE_SECONDS)
    path = folder / f"{name}.png"
    stage.hand.screenshot(path)
    with Image.open(path) as picture:
        twin.screens[name] = Golden(name, picture.convert("RGB"), REGIONS[name])
    for word in _KEYS[name]:
        x, y = stage.hand.place(word)
        twin.keys[name, word] = (x, y)


def _tiles(stage: Stage) -> tuple[Region, ...]:
    """Where a tile stands for each of the goods that are shown."""
    shown, (width, height) = set(stage.hand.texts()), _TILE
    middles = [stage.hand.place(good.sku) for good in GOODS if good.sku in shown]
    lefts_tops = [(round(x - width / 2), round(y - height / 2)) for x, y in middles]
    return tuple((left, top, left + width, top + height) for left, top in lefts_tops)
