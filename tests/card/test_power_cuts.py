"""The power goes at every step of the set-up, and comes back: no setting, no secret and no manager is lost.

The secrets are sealed by the real systemd-creds; what a FAT partition does to a file that is written over in its place
is that sectors are old or new, in any order, which the halves stand for.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from appliance.card.credentials import Run
from appliance.card.disk import NEW
from appliance.card.problems import Sells
from tests.card.card import KEY, PIN, SECRET, WIFI_PASSWORD, Card, filled_in
from tests.card.cutting import CuttingDisk, CuttingRun, PowerCutError, QuickSeal

SECRETS = {"shop": (KEY, SECRET), "wifi": (WIFI_PASSWORD,), "manager": (PIN,)}
TEARS = ("", "head", "tail")
NEW_SECRET = "cs_ffffffffffffffffffffffffffffffffffffffff"
SAMPLES = 15


class Bench:
    """A card on a disk that can be cut, and what must be so whatever happens."""

    def __init__(self, root: Path, text: str, seal: Callable[[Run], Run] = lambda run: run) -> None:
        self.disk = CuttingDisk()
        self.card = Card(root, self.disk, text)
        run = CuttingRun(seal(self.card.till), self.disk)
        self.card.machine = replace(self.card.machine, run=run)
        self.original = self.card.typed()

    def type(self, text: str) -> None:
        self.card.type(text)
        self.original = self.card.typed()

    def boot(self, cut_at: int = 0, tears: str = "", *, loses: bool = False) -> bool:
        """False if the power went."""
        self.disk.plug_in(cut_at, tears, loses=loses)
        try:
            self.card.set_up()
        except PowerCutError:
            return False
        return True

    def lost(self) -> list[str]:
        """What can be found nowhere any more."""
        now = self.card.typed()
        found = [] if self.is_original_but_for_secrets(now) else ["the technician's file"]
        for name, parts in SECRETS.items():
            typed = all(
                f'"{part}"'.encode() in now for part in parts if f'"{part}"'.encode() in self.original
            )
            kept = self.card.secret(name)
            is_in = all(part in kept for part in parts)
            if not (typed or is_in or (name == "manager" and self.card.till.founded)):
                found.append(name)
        return found

    def is_original_but_for_secrets(self, now: bytes) -> bool:
        """Byte for byte, outside of the places of secrets."""
        if len(now) != len(self.original):
            return False
        same = bytearray(now)
        for found in re.finditer(rb'(?m)^(key|secret|wifi_password|manager_pin) = ("[^"]*")', self.original):
            same[slice(*found.span(2))] = found[2]
        return bytes(same) == self.original

    def wrong_in_the_end(self) -> list[str]:
        """What is not as it must be after a whole boot."""
        card, now = self.card, self.card.typed()
        text = now.decode()
        found = [f"told {words}" for words in card.sentences()]
        found += [f"{part[:6]} is readable" for parts in SECRETS.values() for part in parts if part in text]
        found += [
            f"a half of {part[:6]}" for part in (KEY, SECRET) if part[:12] in text or part[-12:] in text
        ]
        found += [f"sells {card.report()['sells']}"] if card.report()["sells"] != Sells.AS_TYPED else []
        found += [] if card.till.founded[-1:] == [("Ciarán", PIN)] else ["no manager"]
        found += [] if KEY in card.secret("shop") else ["no key of the shop"]
        found += (
            []
            if WIFI_PASSWORD in card.places.run.joinpath("wpa_supplicant.conf").read_text()
            else ["no Wi-Fi"]
        )
        found += [] if self.is_original_but_for_secrets(now) else ["the file"]
        found += [] if card.secret("manager") == "" else ["the PIN is still kept"]
        found += ["half written"] if (card.places.system / "blanking.json").exists() else []
        return found


def test_a_first_boot_that_is_not_cut_takes_so_many_steps(folder: Path) -> None:
    bench = Bench(folder, filled_in())
    assert bench.boot()
    assert bench.wrong_in_the_end() == []
    assert bench.disk.steps > 60
    assert {"write", "rename", "sync_folder", "overwrite", "remove", "after a program"} <= set(
        bench.disk.kinds
    )
    assert not [path for path in folder.rglob(f"*{NEW}") if path.is_file()]


@pytest.mark.timeout(600)
def test_the_power_goes_at_any_step_of_the_first_boot(folder: Path) -> None:
    whole = Bench(folder / "whole", filled_in(), QuickSeal)
    assert whole.boot()
    cuts = [
        (step, tears, loses)
        for step, kind in enumerate(whole.disk.kinds, 1)
        for tears, loses in (("", False), ("", True), ("head", False), ("tail", False))
        if not tears or kind in ("write", "overwrite")
    ]
    assert len(cuts) > 150
    for step, tears, loses in cuts:
        bench = Bench(folder / f"{step}{tears}{loses}", filled_in(), QuickSeal)
        assert not bench.boot(step, tears, loses=loses)
        which = f"after a cut at step {step} ({bench.disk.kinds[-1]}, {tears}, {loses})"
        assert bench.lost() == [], which
        assert bench.boot()
        assert bench.wrong_in_the_end() == [], which


@pytest.mark.timeout(600)
def test_the_power_goes_at_two_boots_in_a_row(folder: Path) -> None:
    chance = random.Random(20261122)
    for sample in range(SAMPLES):
        bench = Bench(folder / f"{sample}", filled_in())
        cuts = [(chance.randint(1, 90), chance.choice(TEARS), chance.random() < 0.5) for _ in range(2)]
        for at, tears, loses in cuts:
            bench.boot(at, tears, loses=loses)
            assert bench.lost() == [], f"after the cuts {cuts}"
        assert bench.boot()
        assert bench.wrong_in_the_end() == [], f"after the cuts {cuts}"


@pytest.mark.timeout(600)
def test_the_power_goes_while_a_new_secret_takes_the_place_of_the_old(folder: Path) -> None:
    for step in count(1):
        bench = Bench(folder / f"{step}", filled_in())
        assert bench.boot()
        text = bench.card.typed().decode()
        text = re.sub(r'(?m)^key = ""', f'key = "{KEY}"', text)
        bench.type(re.sub(r'(?m)^secret = ""', f'secret = "{NEW_SECRET}"', text))
        if bench.boot(step, TEARS[step % 3]):
            assert step > 10
            return
        kept, now = bench.card.secret("shop"), bench.card.typed().decode()
        assert NEW_SECRET in kept or (SECRET in kept and f'"{NEW_SECRET}"' in now), (
            f"after a cut at step {step}"
        )
        assert bench.boot()
        assert NEW_SECRET in bench.card.secret("shop")
        assert NEW_SECRET[-12:] not in bench.card.typed().decode()
        assert bench.card.sentences() == []


def test_a_file_that_was_edited_after_a_cut_is_not_written_over(folder: Path) -> None:
    bench = Bench(folder, filled_in())
    whole = Bench(folder / "whole", filled_in(), QuickSeal)
    assert whole.boot()
    assert not bench.boot(whole.disk.kinds.index("overwrite") + 2)
    edited = filled_in().replace('strapline = ""', 'strapline = "Hardware and home"')
    bench.type(edited)
    assert bench.boot()
    assert bench.wrong_in_the_end() == []
    assert b"Hardware and home" in bench.card.typed()
