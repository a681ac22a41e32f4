"""The pictures of the technician's guide are what the till draws; GAPLESS_GOLDEN=write draws them anew."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from tests.screens.conftest import UI
from tests.screens.looks import GOLDEN_MEAN, head, offer
from tests.screens.set_up import new_till
from tests.screens.till import open_till

PICTURES = Path(__file__).parents[2] / "image/pictures"


def nothing_typed(ui: UI, _folder: Path) -> None:
    """The card as it was flashed."""
    new_till(ui)
    ui.show("set-up")


def who_is_there(ui: UI, folder: Path) -> None:
    """The end of the first start."""
    with open_till(folder) as till:
        offer(ui, till)
        head(ui, "09:02")
        ui.show("sign-in")


@pytest.mark.parametrize("panel", ["7"])
@pytest.mark.parametrize(("name", "draw"), [("new", nothing_typed), ("sign-in", who_is_there)])
def test_a_picture_of_the_guide_is_what_is_drawn(
    ui: UI, panel: str, tmp_path: Path, name: str, draw: Callable[[UI, Path], None]
) -> None:
    draw(ui, tmp_path)
    picture, path = ui.pixels(), PICTURES / f"{name}.png"
    if os.environ.get("GAPLESS_GOLDEN") == "write":
        PICTURES.mkdir(exist_ok=True)
        picture.quantize(64).save(path, optimize=True)
    with Image.open(path) as kept:
        channels = ImageStat.Stat(ImageChops.difference(picture, kept.convert("RGB"))).mean
    assert sum(channels) / len(channels) < GOLDEN_MEAN
