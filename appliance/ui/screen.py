"""One page of the till: its parts, the fingers on them, and when to draw them again."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from appliance.till.facing import Moment
from appliance.ui.desk import Desk
from appliance.ui.marks import Area, Mark
from appliance.ui.widgets.header import Header, HeaderText
from appliance.ui.widgets.part import GUARD_SECONDS, Part
from appliance.ui.widgets.plain import Rounding

P = TypeVar("P", bound=Part)


@dataclass(slots=True)
class Finger:
    """A finger on the glass and the part it came down on."""

    part: Part | None
    x: float
    y: float


class Screen:
    """Base of every page.

    A subclass builds its parts once in `__init__` (by `add`), fills them in `enter` (each time it is shown)
    and in `refresh` (when the till's data may have changed), and answers `on_barcode`. It never draws: the
    desk does, after each of these calls and after each touch.
    """

    name = ""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.look, self.say = desk.look, desk.say
        self.parts: list[Part] = []
        self.header: Header | None = None
        self._fingers: dict[int, Finger] = {}

    def add(self, part: P) -> P:
        """Put a part on top of those that are there."""
        self.parts.append(part)
        return part

    def add_all(self, parts: Iterable[Part]) -> None:
        """Put several parts on top, in order."""
        self.parts.extend(parts)

    def add_header(self, header: Header) -> None:
        """Put the header on, and keep it filled."""
        self.header = header
        self.add_all(header.parts)

    def add_page_header(self, back: str, title: str, to: Callable[[], str]) -> None:
        """The header of a page that leads back: where to, this page's title, and the state chip."""
        show = self.desk.show
        self.add_header(
            Header(
                self.look,
                back=back,
                title=title,
                on_back=lambda: show(to()),
                on_state=lambda: show("waiting"),
            )
        )

    def round_off(self, *blocks: Area) -> None:
        """Round the outer corners of blocks; call it after their parts are added."""
        for block in blocks:
            self.add(Rounding(self.look, block))

    def enter(self, **why: object) -> None:
        """The screen is shown, for the reasons given to `desk.show`. Fill it."""

    def leave(self) -> None:
        """The screen goes."""

    def refresh(self) -> None:
        """The till's data may have changed: another program committed, or a second passed. Fill what differs."""

    def on_barcode(self, text: str, symbology: str | None) -> None:
        """A scan. By default the sell screen is shown and takes it: a scan works everywhere."""
        self.desk.show("sell", barcode=text, symbology=symbology)

    def for_customer(self) -> Moment | None:
        """What the customer's display shows beside the sale while this screen is shown; most have nothing of it."""
        return None

    def complain(self, sentence: str) -> None:
        """Something went wrong that no key asked for: say it where this screen has room. By default only a tone."""
        self.desk.play("refused")

    def fill_header(self, text: HeaderText) -> None:
        """Show the till's state; called by the desk."""
        if self.header is not None:
            self.header.fill(text)

    # fingers

    def appear(self, now: float) -> None:
        """Start every part's guard: the screen was just put on the glass."""
        self._fingers.clear()
        for part in self.parts:
            part.appeared_at = now
            part.release()

    def down(self, finger: int, x: float, y: float) -> None:
        """A finger comes down."""
        part = self.part_at(x, y)
        if part is not None and self.guarded_for(part, x, y) > 0:
            part = None
        self._fingers[finger] = Finger(part, x, y)
        if part is not None:
            part.press(x, y)

    def move(self, finger: int, x: float, y: float) -> None:
        """A finger moves."""
        held = self._fingers.get(finger)
        if held is not None and held.part is not None:
            held.part.slide(held.part.takes(x, y))

    def up(self, finger: int, x: float, y: float) -> None:
        """A finger leaves; if it is still on its part, that is a tap."""
        held = self._fingers.pop(finger, None)
        if held is None or held.part is None:
            return
        part = held.part
        is_tap = part.takes(x, y)
        part.release()
        if is_tap:
            self.desk.note_tap(x, y)
            part.tap(x, y)

    def part_at(self, x: float, y: float) -> Part | None:
        """The topmost part that takes a finger there."""
        return next((part for part in reversed(self.parts) if part.takes(x, y)), None)

    def guarded_for(self, part: Part, x: float, y: float) -> float:
        """Seconds that the part still ignores a finger there, 0 if it takes it.

        A part that appeared under the finger that made it appear ignores the second half of a double tap.
        """
        left = part.appeared_at + GUARD_SECONDS - self.desk.seconds()
        if left <= 0:
            return 0.0
        tapped = self.desk.last_tap
        return left if part.guards_always or (tapped is not None and part.takes(*tapped)) else 0.0

    # for tests and the remote hand

    def words(self) -> list[str]:
        """Everything that can be read on the screen, part by part."""
        return [each for part in self.parts if part.is_shown for each in part.words() if each]

    def find(self, label: str) -> Part | None:
        """The part that can be tapped and reads so: as a whole, by its name, or by one of its lines."""
        live = [part for part in reversed(self.parts) if part.is_shown and part.can_be_tapped]
        tests: tuple[Callable[[Part], bool], ...] = (
            lambda part: " ".join(part.words()) == label,
            lambda part: part.name == label,
            lambda part: label in part.words(),
        )
        return next((part for fits in tests for part in live if fits(part)), None)

    def marks(self) -> list[Mark]:
        """All marks of the screen, from back to front."""
        return [mark for part in self.parts if part.is_shown for mark in part.marks()]
