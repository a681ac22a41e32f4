"""What the demo leaves behind: a picture of each screen, each receipt as it came out, and the programs' words."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from appliance.demo.stage import Stage
from drivers.virtual.paper import pictures


@dataclass(slots=True)
class Album:
    """A folder of pictures, numbered in the order of the day."""

    stage: Stage
    folder: Path
    count: int = 0

    def __post_init__(self) -> None:
        for name in ("screens", "receipts", "logs"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
            (self.folder / name).mkdir(parents=True)

    def look(self, step: str) -> None:
        """Take a picture of the till's screen after a step."""
        self.count += 1
        name = re.sub(r"\W+", "-", step.lower()).strip("-")
        self.stage.hand.screenshot(self.folder / "screens" / f"{self.count:02d}-{name}.png")

    def keep_papers(self) -> None:
        """Save what came out of the printer, piece by piece."""
        for number, paper in enumerate(self.stage.papers(), 1):
            for picture in pictures(paper):
                picture.save(self.folder / "receipts" / f"{number:02d}.png")

    def keep_logs(self) -> None:
        """Keep what the two programs said."""
        for program in (self.stage.kiosk, self.stage.syncd):
            if program.log.exists():
                shutil.copy(program.log, self.folder / "logs" / program.log.name)
