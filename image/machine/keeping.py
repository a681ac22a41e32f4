"""A started till that is kept for the next time: the computer's snapshot and the shop beside it.

A start takes minutes on an emulated computer, going on from a snapshot takes seconds. It is kept for one image only:
for another the first start is played anew.
"""

from __future__ import annotations

import json
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from image.machine.counter import KIOSK, STEP_SECONDS, Counter
from image.machine.disk import run
from image.machine.errors import MachineError
from image.machine.shop import Shop

SNAPSHOT: Final = "started"
_PAUSE_SECONDS: Final = 1.0
"""Until the computer has seen that its devices were pulled: those of ours cannot be in a snapshot."""


class Kept:
    """What is kept of one image.

    Args:
        folder: where; made when missing.
        image: the raw file; another one, or one that was built anew, fits no more.
    """

    def __init__(self, folder: Path, image: Path) -> None:
        self._folder, self._image = folder, image.resolve()
        self.card, self._shop, self._facts = folder / "card.qcow2", folder / "shop.db", folder / "kept.json"

    @property
    def fits(self) -> bool:
        """Whether there is something to go on from."""
        return self._facts.exists() and self._read().get("image") == self._mark()

    def keep(self, counter: Counter) -> float:
        """Keep the counter as it is now, and let it go on; returns the seconds that it took."""
        start = time.monotonic()
        self._folder.mkdir(parents=True, exist_ok=True)
        self._facts.unlink(missing_ok=True)
        counter.pull_devices()
        time.sleep(_PAUSE_SECONDS)
        counter.machine.qmp.ask("stop")  # while it stands still the file is whole: savevm flushes it
        counter.machine.save(SNAPSHOT)
        run(["cp", "--sparse=always", counter.machine.card.overlay, self.card])
        counter.machine.qmp.ask("cont")
        with (
            closing(sqlite3.connect(counter.shop.file)) as source,
            closing(sqlite3.connect(self._shop)) as copy,
        ):
            source.backup(copy)
        shop = counter.shop
        facts = {"image": self._mark(), "port": shop.port, "key": shop.key, "secret": shop.secret}
        self._facts.write_text(json.dumps(facts), encoding="utf-8")
        counter.plug_devices()
        return time.monotonic() - start

    def open_shop(self, folder: Path) -> Shop:
        """The shop that the kept till knows, with its books, at the same address."""
        facts = self._read()
        run(["cp", self._shop, folder / "shop.db"])
        return Shop(folder, int(facts["port"]), str(facts["key"]), str(facts["secret"]))

    def copy_card(self, overlay: Path) -> None:
        """The card, for a computer of this time's."""
        run(["cp", "--sparse=always", self.card, overlay])

    def _read(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self._facts.read_text(encoding="utf-8"))
        return found

    def _mark(self) -> str:
        return mark_of(self._image)


def mark_of(image: Path) -> str:
    """Which image this is: its place, its size and when it was built."""
    status = image.stat()
    return f"{image.resolve()} {status.st_size} {status.st_mtime_ns}"


def go_on(counter: Counter) -> None:
    """Start the counter from the snapshot, with today's time.

    Raises:
        MachineError: the snapshot is not what it should be.
    """
    counter.machine.start(SNAPSHOT)
    counter.plug_devices()
    counter.machine.shell.wait(STEP_SECONDS)
    counter.machine.shell.run(f"date -s @{time.time():.0f}", STEP_SECONDS)
    if counter.inside.state_of(KIOSK) != "active":
        raise MachineError("The kept till is not ready; remove it and start anew.")
