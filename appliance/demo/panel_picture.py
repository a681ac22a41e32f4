"""Draws the panel once, off screen: ``python -m appliance.demo.panel_picture SOCKET ROOT URL MODE FILE THEME PNG``."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from appliance.demo.panel import opened
from appliance.ui.picture import save_picture
from drivers.virtual.client import VirtualBench

FRAMES = 3


@dataclass(slots=True)
class Cable:
    """How the network was when the picture was asked for."""

    mode: str


@dataclass(frozen=True, slots=True)
class Still:
    """The miniature, joined from another process."""

    bench: VirtualBench
    shop_url: str
    network: Cable
    database_path: Path


def main() -> int:
    """Draw and save."""
    socket_path, root, shop_url, mode, database, theme, path = sys.argv[1:]
    os.environ["SDL_VIDEODRIVER"] = "offscreen"
    bench = VirtualBench.connect(socket_path, root)
    with opened(Still(bench, shop_url, Cable(mode), Path(database)), theme) as panel:
        panel.start()
        panel.draw(FRAMES)
        save_picture(panel.window, Path(path))
    bench.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
