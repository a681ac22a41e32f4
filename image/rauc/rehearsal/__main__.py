"""Rehearses updates on a card of this build: ``python -m image.rauc.rehearsal IMAGE`` (as ``image/rauc/rehearse``)."""

from __future__ import annotations

import argparse
import json
import sys
import threading
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from image.rauc.rehearsal.looking import inspect
from image.rauc.rehearsal.machine import Machine, Said, copy_disk
from image.rauc.rehearsal.parts import BUILD, FIRST, Parts, System, tampered

GOOD: Final = System("0.2.0", BUILD + 100)
CRASHES: Final = System("0.3.0", BUILD + 300, kiosk="crashes", migrates=2)
OLDER: Final = System("0.0.9", BUILD + 400, migrates=0)
SALES: Final = 4
"""Before the update."""


class Rehearsal:
    """All of it: prepares, plays, and keeps a row for each scene."""

    def __init__(self, parts: Parts, every_seconds: float) -> None:
        self.parts, self._every = parts, every_seconds
        self.rows: list[dict[str, Any]] = []
        self.states: list[Path] = []
        parts.unpack()
        self.roots = {system: parts.root(system) for system in (FIRST, GOOD, CRASHES)}
        card = parts.card(self.roots[FIRST])
        good, small = parts.bundle("good", self.roots[GOOD], GOOD), parts.small_root()
        wrong = parts.bundle("wrong-key", small, GOOD, parts.other_keys())
        older = parts.bundle("older", small, OLDER)
        sticks = [
            parts.stick(tampered(good, parts.work / "tampered.raucb"), wrong, older),
            parts.stick(good),
            parts.stick(parts.bundle("crashes", self.roots[CRASHES], CRASHES)),
        ]
        self.machine = Machine(card, sticks, parts.work / "machine.log")

    def row(self, scene: str, is_ok: bool, **facts: object) -> None:
        """Keep and print a row."""
        self.rows.append({"scene": scene, "ok": is_ok, **facts})
        sys.stdout.write(f"{'ok    ' if is_ok else 'FAILED'}  {scene:<28} {json.dumps(facts)}\n")
        sys.stdout.flush()

    def first_day(self) -> None:
        """A till is made and sells; three bad bundles are refused; a good one is put in."""
        ended = threading.Event()
        taking: list[threading.Thread] = []

        def heard(said: Said) -> None:
            if said["what"] == "update begins" and said["stick"] == "vdc":
                taking.append(threading.Thread(target=self._keep_states, args=(ended,)))
                taking[0].start()
            if said["what"] == "starts anew":
                ended.set()

        came_to = self.machine.start("rehearsal.sticks=vdb,vdc", heard)
        ended.set()
        for each in taking:
            each.join()
        last = self.parts.work / "state-last.img"
        copy_disk(self.machine.card, last)
        self.states.append(last)
        bad = next((each for each in self.machine.said if each.get("stick") == "vdb" and "words" in each), {})
        words = " | ".join(bad.get("words", []))
        wanted = ("wrong-key.raucb was not signed", "is older than what runs", "could not be written")
        self.row("three bad bundles", all(each in words for each in wanted) and bad["can_sell"], words=words)
        put_in = self.machine.last("update ends")
        self.row("a good bundle is put in", came_to == "again", said=put_in)

    def _keep_states(self, ended: threading.Event) -> None:
        """The card as a cut would leave it, every few seconds of an update."""
        while not ended.wait(self._every):
            state = self.parts.work / f"state{len(self.states)}.img"
            try:
                self.machine.keep_state(state)
            except OSError:  # it has just gone off
                return
            self.states.append(state)

    def trial(self) -> None:
        """The new system is tried, confirmed, sells; then one is put in whose kiosk never draws."""
        came_to = self.machine.start("rehearsal.sticks=vdd")
        verdict, boot = self.machine.last("verdict"), self.machine.last("boot")
        is_ok = verdict.get("verdict") == "confirm" and verdict["sector"] == ["os_prefix=b/"]
        self.row("it is tried and confirmed", is_ok and boot["slot"] == "B", boot=boot, verdict=verdict)
        self.row("a crashing one is put in", came_to == "again", said=self.machine.last("update ends"))

    def crash(self) -> None:
        """The one that crashes is given up, and the one before sells on."""
        came_to = self.machine.start()
        boot, verdict = self.machine.last("boot"), self.machine.last("verdict")
        is_ok = boot.get("version") == "0.3.0" and verdict.get("verdict") == "give up" and came_to == "again"
        self.row("it is tried and given up", is_ok, boot=boot, verdict=verdict)
        self.machine.start()
        last = self.machine.last("done")
        is_ok = (last.get("version"), last.get("slot"), last.get("sales")) == ("0.2.0", "B", SALES + 1)
        self.row("the one before sells on", is_ok and last["can_sell"] and last["sound"], last=last)

    def cuts(self) -> None:
        """Each state that a cut would have left: what starts, whether it is whole, and its sales."""
        roots = {"a/": self.roots[FIRST], "b/": self.roots[GOOD]}
        boots = {"a/": self.parts.boot_files(None), "b/": self.parts.boot_files(GOOD)}
        for state in self.states:
            found = inspect(state, roots, boots, self.parts.work / "look")
            self.row(f"cut: {state.stem}", not found.problems and found.sales == SALES, **asdict(found))
            state.unlink()


def main() -> int:
    """Play all scenes; 1 if one failed."""
    parser = argparse.ArgumentParser(prog="image/rauc/rehearse", description="Updates, rehearsed in QEMU.")
    parser.add_argument("image", type=Path, help="gapless-amd64.img, of image/build --arch amd64 --unpacked")
    parser.add_argument("--work", type=Path, required=True, help="a folder for disks: 8 GB")
    parser.add_argument("--rauc", default="rauc", help="the rauc that makes the bundles")
    parser.add_argument("--every", type=float, default=3.0, help="seconds between two states")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    rehearsal = Rehearsal(Parts(given.image, given.work, given.rauc), given.every)
    for scene in (rehearsal.first_day, rehearsal.cuts, rehearsal.trial, rehearsal.crash):
        scene()
        if given.json:
            given.json.write_text(json.dumps(rehearsal.rows, indent=1) + "\n", encoding="utf-8")
    failed = [row["scene"] for row in rehearsal.rows if not row["ok"]]
    minutes = (time.monotonic() - began) / 60
    sys.stdout.write(
        f"{len(rehearsal.rows)} rows, {len(failed)} failed {failed or ''}, {minutes:.0f} minutes\n"
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
