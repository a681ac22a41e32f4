"""A card in the hand of a power cut: what was written after the last flush may be lost, torn or out of order.

To kill QEMU alone would be kind: all that it was given is in its file. So the computer runs on a layer of its own, and
every write is logged; at a cut the layer is thrown away, and what a real card might have kept is written to the card.
"""

from __future__ import annotations

import os
import random
from pathlib import Path

from image.machine.disk import Card, run
from image.machine.power import read_log, surviving


class Flash:
    """A copy of a card, whose power may be cut.

    Args:
        source: the card as it is now; it is copied. No computer may be running on it.
        folder: for the files.
        chance: decides what a cut leaves.

    Attributes:
        card: what the computer runs on.
        log: of the writes since it was switched on.
        cuts: how often the power was cut. lost_writes: how many writes these cuts took, wholly or in part.
    """

    def __init__(self, source: Card, folder: Path, chance: random.Random) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._below, self._layer, self._chance = folder / "below.raw", folder / "layer.qcow2", chance
        self.log = folder / "writes.log"
        self.cuts = self.lost_writes = 0
        run(["qemu-img", "convert", "-f", "qcow2", "-O", "raw", source.overlay, self._below])
        self.card = self._new_layer()

    def logging(self, node: str, name: str) -> list[str]:
        """QEMU's arguments for a disk ``name`` that logs every write to the disk ``node``; the log begins anew."""
        self.log.touch()
        os.truncate(self.log, 0)
        logged = f"driver=blklogwrites,file={node},log=log,log-super-update-interval=1,node-name={name}"
        return ["-blockdev", f"driver=file,filename={self.log},node-name=log", "-blockdev", logged]

    def begin(self) -> None:
        """Before the computer is switched on: what was written until it went off by itself is on the card."""
        run(["qemu-img", "commit", "-q", "-f", "qcow2", self._layer])
        self._new_layer()

    def lose(self) -> None:
        """After the power was cut: leave on the card what a card might have kept."""
        writes = read_log(self.log)
        kept = surviving(writes, len(writes), self._chance)
        self._layer.unlink()
        with self.log.open("rb") as source, self._below.open("r+b") as target:
            for write, size_bytes in kept:
                os.pwrite(target.fileno(), os.pread(source.fileno(), size_bytes, write.at), write.start_bytes)
        whole = sum(size_bytes == write.size_bytes for write, size_bytes in kept)
        self.cuts += 1
        self.lost_writes += sum(write.has_data for write in writes) - whole
        self._new_layer()

    def _new_layer(self) -> Card:
        self._layer.unlink(missing_ok=True)
        return Card(self._below, self._layer)
