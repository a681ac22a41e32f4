"""Before the till: the question of a new card that finds another till's stick (``card.offering``).

The kiosk reads whose books are on the stick, and leaves what was touched as a file in its own folder; root sees it and
has it carried out (till-begin.path), then starts the kiosk anew. Until then this page shows how far it is.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from appliance.kiosk.first_page import REPORT
from appliance.kiosk.panel import read_panel
from appliance.kiosk.rescue import power_off
from appliance.settings import Settings
from appliance.storage.errors import StorageError
from appliance.storage.instants import to_instant
from appliance.storage.restoring import Source, sources_in
from appliance.storage.stick_disk import RealDisk
from appliance.storage.stick_lines import last_receipt, look
from appliance.till.beginning import DeadTill
from appliance.ui.guard import UNWATCHED, Watcher
from appliance.ui.screens.begin import BeginKeys
from appliance.ui.sounds import Sounds
from appliance.ui.window import WindowPlan, configure

STICK: Final = Path("/media/till")
"""Where the card mounts a stick."""
WISHES: Final = "RUNTIME_DIRECTORY"
"""Of the environment: the kiosk's own folder, made by systemd."""
_STICK_AT: Final = "GAPLESS_STICK"
_WISH: Final = "begin"
_BEGUN: Final = "begun.json"
_LOOK_SECONDS: Final = 0.5
_PATIENCE_SECONDS: Final = 120.0
_NOBODY: Final = (
    "Nobody carried it out. Switch the till off and on, and call the technician if it happens again."
)

log = logging.getLogger("appliance.kiosk")


def is_to_begin(settings: Path, environment: Mapping[str, str]) -> bool:
    """Whether the set-up left the question to the screen, and there is somebody to carry the answer out."""
    try:
        report = json.loads(settings.with_name(REPORT).read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(report, dict) and report.get("begin") is True and WISHES in environment


@dataclass(slots=True)
class BeginPage:
    """The page and what it needs.

    Attributes:
        settings: of this card.
        environment: of the process.
    """

    settings: Settings
    environment: Mapping[str, str]
    _said: str = field(default="", init=False)

    @property
    def folder(self) -> Path:
        """Where wishes are left."""
        return Path(self.environment[WISHES].split(":")[0])

    def tills(self) -> tuple[DeadTill, ...]:
        """Whose books are on the stick now; of one till under several ids the longest."""
        stick = Path(self.environment.get(_STICK_AT, STICK))
        try:
            found = sources_in(stick)
        except (StorageError, OSError) as error:
            if str(error) != self._said:  # it is looked for each second
                log.warning("The stick: %s", error)
            self._said = str(error)
            return ()
        self._said = ""
        first = {each.first_hash: each for each in reversed(found)}
        return tuple(_dead_till(each, self.settings.zone) for each in found if each in first.values())

    def wish(self, what: Mapping[str, object]) -> None:
        """Leave what was touched; whole, as it is looked for all the time."""
        (self.folder / _BEGUN).unlink(missing_ok=True)
        new = self.folder / f".{_WISH}"
        new.write_text(json.dumps(what), "utf-8")
        new.replace(self.folder / _WISH)

    def is_waiting(self) -> bool:
        """Whether nobody has taken the wish yet."""
        return (self.folder / _WISH).exists()

    def give_up(self) -> None:
        """Nobody does: take it back."""
        (self.folder / _WISH).unlink(missing_ok=True)

    def state(self) -> dict[str, Any]:
        """How far it is."""
        try:
            found = json.loads((self.folder / _BEGUN).read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}


def show_begin_page(
    page: BeginPage,
    remote: Path | None = None,
    place: tuple[int, int] | None = None,
    watcher: Watcher = UNWATCHED,
) -> int:
    """Show it alone; returns the exit code. Once it was answered, root ends this program and starts it anew."""
    settings = page.settings
    is_kiosk = settings.screen.touch == "panel"
    plan = WindowPlan(
        settings.screen.width, settings.screen.height, "Gapless, a new card", is_kiosk=is_kiosk, place=place
    )
    configure(plan)
    from appliance.ui.frame import Frame  # noqa: PLC0415  # opens the window, so not before configure
    from appliance.ui.screens.begin import BeginScreen  # noqa: PLC0415

    frame = Frame(plan, settings.screen.theme, Sounds(settings.sound.volume), remote, watcher)

    def off() -> None:
        if is_kiosk:
            power_off(page.environment)
        frame.stop(0)

    keys = BeginKeys(
        page.tills, lambda till: page.wish({"till": till.till_id}), lambda: page.wish({"new": True}), off
    )
    screens: list[BeginScreen] = []

    def make(desk: Any) -> BeginScreen:
        screens.append(BeginScreen(desk, keys))
        return screens[-1]

    frame.offer({"begin": make})
    with ExitStack() as stack:
        ended = threading.Event()
        stack.callback(ended.set)

        def ready() -> None:
            read_panel(settings, frame.fingers, stack)
            frame.refresh_each_second()
            _follow(page, lambda state: frame.desk.post(lambda: _tell(screens[-1], state)), ended)

        return frame.run_from("begin", ready)


def _follow(page: BeginPage, tell: Callable[[dict[str, Any]], None], ended: threading.Event) -> None:
    """Look how far it is, on a thread of its own."""

    def look_on() -> None:
        seen: dict[str, Any] = {}
        waits = 0.0
        while not ended.wait(_LOOK_SECONDS):
            state = page.state()
            waits = waits + _LOOK_SECONDS if page.is_waiting() else 0.0
            if waits > _PATIENCE_SECONDS:
                page.give_up()
                state = {"failed": _NOBODY}
            if state and state != seen:
                tell(state)
            seen = state

    threading.Thread(target=look_on, name="begin", daemon=True).start()


def _tell(screen: Any, state: Mapping[str, Any]) -> None:
    if words := state.get("failed"):
        screen.failed(str(words))
    else:
        screen.follow(int(state.get("entries", 0)))


def _dead_till(source: Source, zone: ZoneInfo) -> DeadTill:
    owner, is_emergency = source.owner, source.emergency is not None
    disk = RealDisk()
    end = None if is_emergency else look(disk, source.folder)
    return DeadTill(
        owner.till_id,
        owner.name,
        owner.series,
        entries=end.seq if end else 0,
        last_at=to_instant(end.at).astimezone(zone) if end and end.at else None,
        last_receipt=last_receipt(disk, source.folder),
    )
