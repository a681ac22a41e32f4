"""A card just flashed, its till's real program, real touches on a panel, and root, who carries out what is wished."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from appliance.card.credentials import run_command
from appliance.card.disk import Disk
from appliance.card.setup import set_up
from appliance.demo.hand import Hand, HandError
from appliance.demo.program import Program
from appliance.demo.stage import SCANNER, Stage, StageError, wait_until
from tests.card.card import Card

PANEL = "panel"
GUARD_SECONDS = 0.45
"""A key that has just appeared ignores a finger for so long."""
SHOWN_SECONDS = 20
SIZE = (800, 480)
FIRST_KEYS = ("q", "Q", "1", "á", "[")
"""With one of them the keyboard begins."""


@dataclass
class NewCard:
    """A new till at the counter.

    Attributes:
        card: its file systems.
        stage: shop, network and devices; its own till is off.
        rotation: how the screen hangs: a finger that aims at the picture meets the panel there.
    """

    card: Card
    stage: Stage
    kiosk: Program
    hand: Hand
    rotation: int = 0
    taken: list[bytes] = field(default_factory=list)

    def tap(self, label: str) -> None:
        """A finger on the glass, where the word stands."""
        x, y = self.hand.place(label)
        across, down = x / (SIZE[0] - 1), y / (SIZE[1] - 1)
        if self.rotation == 180:
            across, down = 1 - across, 1 - down
        self.stage.bench.tap_screen(across, down, device=PANEL)

    def tap_to(self, label: str, screen: str) -> None:
        """A key that leads to another page, whose keys then take fingers."""
        self.tap(label)
        self.wait_for(screen)

    def wait_for(self, screen: str) -> None:
        self.wait(f"{screen} is shown", lambda: self.hand.screen() == screen)
        time.sleep(GUARD_SECONDS)

    def wait(self, what: str, true: Callable[[], bool], seconds: float = SHOWN_SECONDS) -> None:
        """Wait for the screen; what it showed instead is told."""
        try:
            wait_until(what, true, seconds)
        except StageError as error:
            with suppress(HandError):
                error.add_note(f"The screen says {self.hand.texts()}.")
            error.add_note(self.kiosk.words())
            raise

    def type(self, text: str, after: str = "") -> None:
        """Letter by letter, each once the one before is shown; large ones and figures by the keys that lead to them.

        Args:
            text: what is typed.
            after: what stands there already.
        """
        for at, letter in enumerate(text):
            if letter == " ":
                self.tap("Space")
            else:
                for key in ("abc", "ABC") if letter.isalpha() else ("123",):
                    if letter not in self.hand.texts() and key in self.hand.texts():
                        self._turn(key)
                self.tap(letter)
            so_far = after + text[: at + 1]
            self.wait(f"{so_far!r} is typed", lambda: so_far in self._entries())  # noqa: B023

    def _entries(self) -> list[str]:
        """What stands above the keyboard."""
        texts = self.hand.texts()
        return texts[: min(texts.index(key) for key in FIRST_KEYS if key in texts)]

    def _turn(self, key: str) -> None:
        before = self.hand.texts()
        self.tap(key)
        self.wait("the keys changed", lambda: self.hand.texts() != before)

    def sees(self, words: str) -> None:
        self.wait(f"the screen says {words!r}", lambda: self.hand.sees(words))

    def scan(self, text: str) -> None:
        self.stage.bench.scan(text, SCANNER)

    def begins_anew(self, screen: str) -> None:
        """Wait while the program begins anew by itself."""
        began = time.monotonic()

        def is_back() -> bool:
            with suppress(HandError):  # in between there is nobody
                self.hand.close()
                self.hand.connect(SHOWN_SECONDS, lambda: None)
                return self.hand.screen() == screen
            return False

        self.wait(f"{screen} is shown by the program begun anew", is_back, 90)
        print(f"{screen} after {time.monotonic() - began:.1f} s")
        time.sleep(GUARD_SECONDS)

    def sync_settings(self) -> Path:
        """What the sync service reads, with the keys that systemd would hand to it."""
        keys = self.card.places.run / "shop"
        keys.touch(0o600)
        keys.write_text(self.card.secret("shop"))
        text = self.card.places.sync_settings.read_text("utf-8")
        text = text.replace("/run/credentials/till-sync.service/shop", str(keys))
        till_keys = str(self.card.places.till_data / "keys.toml")
        text = text.replace("/run/credentials/till-sync.service/keys", till_keys)
        path = self.card.places.run / "sync-here.toml"
        path.write_text(text)
        return path

    def switch_off(self) -> None:
        """Pull the plug: what lay in RAM is gone."""
        self.kiosk.kill()
        self.hand.close()
        self.card.places.handed.unlink(missing_ok=True)

    def switch_on(self) -> None:
        self.card.set_up()
        self.stage.bench.let_go()
        self.kiosk.start()
        self.hand.connect(60, lambda: None)
        bench = self.stage.bench
        self.wait("the panel is held", lambda: bool(bench.input_state(PANEL)["grabbed"]), 20)
        self.wait("the scanner is held", lambda: bool(bench.input_state(SCANNER)["grabbed"]), 20)
        time.sleep(GUARD_SECONDS)


@contextmanager
def new_card(folder: Path, stage: Stage) -> Iterator[NewCard]:
    """Start it; the stage's own till must be off."""
    card = Card(folder / "new", Disk())
    card.machine = replace(card.machine, run=run_command)
    places = card.places
    places.wishes.mkdir(mode=0o700)
    environment = {
        "SDL_VIDEODRIVER": "offscreen",
        "SDL_AUDIODRIVER": "dummy",
        "RUNTIME_DIRECTORY": str(places.wishes),
        "NOTIFY_SOCKET": str(folder / "nobody"),
        "KIVY_HOME": str(folder / "kivy"),
    }
    remote = folder / "new.sock"
    arguments = ["appliance.kiosk", "--settings", str(places.settings), "--remote", str(remote)]
    kiosk = Program(
        "the new till", arguments, stage.bench.environment() | environment, folder / "new-kiosk.log"
    )
    made = NewCard(card, stage, kiosk, Hand(remote))
    ended = threading.Event()
    root = threading.Thread(target=_be_root, args=(made, ended), daemon=True)
    with ExitStack() as stack:
        stack.callback(made.hand.close)
        stack.callback(kiosk.stop)
        stack.callback(root.join)
        stack.callback(ended.set)
        stage.bench.plug_touch(PANEL, width=SIZE[0], height=SIZE[1])
        stack.callback(lambda: stage.bench.unplug(PANEL))
        root.start()
        made.switch_on()
        yield made


def _be_root(till: NewCard, ended: threading.Event) -> None:
    """What till-typed.path and till-typed.service do."""
    handed = till.card.places.handed
    while not ended.wait(0.05):
        if handed.exists():
            assert handed.stat().st_mode & 0o777 == 0o600
            assert handed.stat().st_uid == os.getuid()
            till.taken.append(handed.read_bytes())
            set_up(till.card.machine)
