"""Before the till: what the card's set-up found wrong in the settings, if anything.

The set-up runs before the kiosk and leaves its report beside the settings. Without settings this page is all there is;
with those of before, the cashier goes on from here with one touch, and nobody finds out a week later that half of what
was typed never held.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping, MutableMapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from appliance.kiosk.panel import read_panel
from appliance.kiosk.rescue import AGAIN, power_off
from appliance.settings import Settings, SettingsError, load
from appliance.till.mistakes import NEVER_RAN, Mistakes
from appliance.ui.guard import UNWATCHED, Watcher
from appliance.ui.screens.settings import SettingsKeys
from appliance.ui.sounds import Sounds
from appliance.ui.window import WindowPlan, configure

REPORT: Final = "setup.json"
_SEEN: Final = "GAPLESS_MISTAKES_SEEN"
"""Of the environment: which report was answered with "go on" in this start of the kiosk."""

log = logging.getLogger("appliance.kiosk")


@dataclass(frozen=True, slots=True)
class FirstPage:
    """What is to be shown before anything else, and how its window is to be."""

    mistakes: Mistakes
    settings: Settings
    mark: str


def first_page(settings: Path, environment: Mapping[str, str]) -> FirstPage | None:
    """What must be shown first; None if the till may begin.

    Args:
        settings: of the till; they may be missing.
        environment: of the process.
    """
    path = settings.with_name(REPORT)
    try:
        text = path.read_text("utf-8")
        report = json.loads(text)
        mistakes = Mistakes.of(report)
    except OSError:
        # On a desk there is no set-up, and a missing file is the developer's mistake.
        if settings.exists() or "NOTIFY_SOCKET" not in environment:
            return None
        text, report, mistakes = "", {}, Mistakes((NEVER_RAN,), "no")
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        log.error("%s cannot be read: %s", path, error)
        text, report, mistakes = "", {}, Mistakes((NEVER_RAN,), "as before" if settings.exists() else "no")
    mark = hashlib.sha256(text.encode()).hexdigest()[:16]
    if mistakes is None or (mistakes.can_sell and environment.get(_SEEN) == mark):
        return None
    return FirstPage(mistakes, _for_window(settings, report.get("screen")), mark)


def show_first_page(
    page: FirstPage,
    environment: MutableMapping[str, str],
    remote: Path | None = None,
    place: tuple[int, int] | None = None,
    watcher: Watcher = UNWATCHED,
) -> int:
    """Show it alone; returns the exit code, :data:`rescue.AGAIN` to begin anew.

    Args:
        page: what is shown.
        environment: of the process; it goes on to the program that begins anew.
        remote: a socket for a hand from outside.
        place: of the window, on a desktop.
        watcher: of the process.
    """
    screen = page.settings.screen
    is_kiosk = screen.touch == "panel"
    plan = WindowPlan(screen.width, screen.height, "Gapless, settings", is_kiosk=is_kiosk, place=place)
    configure(plan)
    from appliance.ui.frame import Frame  # noqa: PLC0415  # opens the window, so not before configure
    from appliance.ui.screens.settings import SettingsScreen  # noqa: PLC0415

    frame = Frame(plan, screen.theme, Sounds(page.settings.sound.volume), remote, watcher)

    def go_on() -> None:
        environment[_SEEN] = page.mark
        frame.stop(AGAIN)

    def off() -> None:
        if is_kiosk:
            power_off(environment)
        frame.stop(0)

    keys = SettingsKeys(go_on, lambda: frame.stop(AGAIN), off)
    frame.offer({"settings": lambda desk: SettingsScreen(desk, keys, page.mistakes)})
    with ExitStack() as stack:
        return frame.run_from("settings", lambda: read_panel(page.settings, frame.fingers, stack))


def _for_window(settings: Path, screen: object) -> Settings:
    """Settings to draw with: the till's, if they can be read, else the shipped ones on the screen that was found."""
    try:
        return load(settings)
    except SettingsError:
        shipped = load(None)
    found: dict[str, Any] = screen if isinstance(screen, dict) else {"touch": "panel"}
    known = {key: value for key, value in found.items() if hasattr(shipped.screen, key)}
    try:
        return replace(shipped, screen=replace(shipped.screen, **known))
    except (SettingsError, TypeError):
        return replace(shipped, screen=replace(shipped.screen, touch="panel"))
