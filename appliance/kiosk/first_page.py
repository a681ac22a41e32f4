"""Before the till: what the card's set-up found wrong in the settings, if anything, and the way to type them by touch.

The set-up runs before the kiosk and leaves its report beside the settings. Without settings the till is new: it is set
up here by touch, or on a PC. With those of before, the cashier goes on from here with one touch, and nobody finds out a
week later that half of what was typed never held.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Mapping, MutableMapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from appliance.kiosk.devices import SCAN_AGAIN, read_scanner
from appliance.kiosk.panel import read_panel
from appliance.kiosk.papers import Papers
from appliance.kiosk.rescue import AGAIN, power_off
from appliance.machine.cable import has_cable
from appliance.settings import Settings, SettingsError, load
from appliance.till.mistakes import NEVER_RAN, Mistakes
from appliance.ui.guard import UNWATCHED, Watcher
from appliance.ui.screens.settings import SettingsKeys
from appliance.ui.sounds import Sounds
from appliance.ui.window import WindowPlan, configure
from drivers.devices import Scan, ScanRejected

if TYPE_CHECKING:
    from appliance.till.setting_up import SettingUp

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
    report: Mapping[str, Any] = field(default_factory=dict)
    papers: Papers | None = None


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
    # A till that can sell is not set up by touch: whoever stands before it need not be its owner.
    is_new = not mistakes.can_sell and bool(report)
    papers = Papers.of(path, report, environment) if is_new else None
    return FirstPage(mistakes, _for_window(settings, report.get("screen")), mark, report, papers)


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
    setting_up = None if page.papers is None else _build(page.papers, page.report)
    rotation = screen.rotation if setting_up is None else setting_up.rotation
    plan = WindowPlan(
        screen.width,
        screen.height,
        "Gapless, settings",
        is_kiosk=is_kiosk,
        place=place,
        rotation=rotation,
    )
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
    with ExitStack() as stack:
        first, ready = "settings", lambda: read_panel(page.settings, frame.fingers, stack)
        if setting_up is not None and page.papers is not None:
            keys = replace(keys, by_touch=lambda: frame.desk.show("set-up"))
            first, ready = "set-up", _touch(frame, page.papers, setting_up, off, page.settings, stack)
        frame.offer({"settings": lambda desk: SettingsScreen(desk, keys, page.mistakes)})
        return frame.run_from(first, ready)


def _build(papers: Papers, report: Mapping[str, Any]) -> SettingUp:
    from appliance.kiosk.setting_up import build_setting_up  # noqa: PLC0415  # for a new till alone

    return build_setting_up(papers, report)


def _touch(
    frame: Any,
    papers: Papers,
    setting_up: SettingUp,
    off: Callable[[], None],
    settings: Settings,
    stack: ExitStack,
) -> Callable[[], None]:
    """Offer the pages of the set-up by touch; returns what is to be started once the first is drawn."""
    from appliance.kiosk.setting_up import found_printers, print_slip  # noqa: PLC0415  # for a new till alone
    from appliance.ui.screens.set_up import Hands, Walk, set_up_screens  # noqa: PLC0415

    touching = stack.enter_context(ExitStack())
    scanners: list[Callable[[], bool]] = []

    def turn(rotation: int) -> int:
        """The picture, and what a finger on the panel means."""
        frame.turn(rotation)
        touching.close()
        screen = replace(settings.screen, rotation=rotation)
        read_panel(replace(settings, screen=screen), frame.fingers, touching)
        return rotation

    def test_print(tell: Callable[[str], None]) -> None:
        print_slip(setting_up, lambda refusal: frame.desk.post(lambda: tell(refusal)))

    def done() -> None:
        papers.forget_draft()
        frame.stop(AGAIN)

    hands = Hands(
        found_printers,
        has_cable,
        lambda: any(is_there() for is_there in scanners),
        papers.listen,
        papers.heard,
        test_print,
        lambda: turn(frame.turning.next()),
        lambda: frame.desk.show("settings"),
        off,
        done,
    )
    frame.offer(set_up_screens(Walk(setting_up, hands)))

    def on_scan(scan: Scan | ScanRejected) -> None:
        if isinstance(scan, Scan):
            frame.desk.post(lambda: frame.desk.scan(scan.text, scan.symbology))
        else:
            frame.desk.post(lambda: frame.complain(SCAN_AGAIN))

    def ready() -> None:
        turn(frame.turning.rotation)
        frame.refresh_each_second()
        scanners.append(read_scanner(setting_up.scanner, on_scan, setting_up.take_layout, stack))

    return ready


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
