"""Turns a touch panel's events into fingers. Pure: no device, no clock, no thread.

Positions are 0..1 with x to the right and y DOWN from the top of the picture.
"""

from __future__ import annotations

from dataclasses import dataclass, field

# Event codes of <linux/input-event-codes.h>.
EV_SYN, EV_KEY, EV_ABS = 0x00, 0x01, 0x03
SYN_REPORT = 0
ABS_X, ABS_Y = 0x00, 0x01
ABS_MT_SLOT, ABS_MT_POSITION_X, ABS_MT_POSITION_Y, ABS_MT_TRACKING_ID = 0x2F, 0x35, 0x36, 0x39
BTN_TOUCH = 0x14A


@dataclass(frozen=True, slots=True)
class TouchDown:
    """A finger touched the panel; ``slot`` names it until it goes up."""

    slot: int
    x: float
    y: float
    at_monotonic: float


@dataclass(frozen=True, slots=True)
class TouchMove:
    """A finger that is down moved."""

    slot: int
    x: float
    y: float
    at_monotonic: float


@dataclass(frozen=True, slots=True)
class TouchUp:
    """A finger went up.

    Attributes:
        slot: Which one.
        x: Where it was last.
        y: Where it was last.
        at_monotonic: When.
        cancelled: It may still be down: events were lost or the panel was unplugged. Let go of the key under
        it, but
            do not take it for a press.
    """

    slot: int
    x: float
    y: float
    at_monotonic: float
    cancelled: bool = False


Touch = TouchDown | TouchMove | TouchUp


@dataclass(frozen=True, slots=True)
class Mounting:
    """How the panel sits behind the picture.

    Attributes:
        rotation: Degrees clockwise that the picture is turned on the panel: 0, 90, 180 or 270.
        invert_x: The panel counts x from the right (before the rotation).
        invert_y: The panel counts y from the bottom (before the rotation).
    """

    rotation: int = 0
    invert_x: bool = False
    invert_y: bool = False

    def __post_init__(self) -> None:
        """Refuse other angles.

        Raises:
            ValueError: for any other rotation.
        """
        if self.rotation not in (0, 90, 180, 270):
            raise ValueError(f"a touch panel is turned by 0, 90, 180 or 270 degrees, not {self.rotation}")

    def place(self, x: float, y: float) -> tuple[float, float]:
        """From the panel's own position to the picture's."""
        x, y = (1 - x if self.invert_x else x), (1 - y if self.invert_y else y)
        return {0: (x, y), 90: (y, 1 - x), 180: (1 - x, 1 - y), 270: (1 - y, x)}[self.rotation]


@dataclass(frozen=True, slots=True)
class Range:
    """Smallest and largest value of an axis."""

    minimum: int
    maximum: int

    def share(self, value: int) -> float:
        """Where a value lies, 0..1."""
        span = self.maximum - self.minimum
        return min(1.0, max(0.0, (value - self.minimum) / span)) if span > 0 else 0.0


@dataclass(slots=True)
class _Finger:
    raw_x: int
    raw_y: int
    tracking: int = -1  # what the panel says
    shown: bool = False  # whether we said TouchDown
    reported: tuple[float, float] = (0.0, 0.0)
    ignored: bool = False  # it was down while events were lost: wait until it goes up
    touched_anew: bool = False  # went up and down again within one report


@dataclass(slots=True)
class PanelState:
    """What the device says when it is asked: it sends only changes, so this is where they start from.

    Attributes:
        slot: The slot that the next events belong to.
        fingers: Per slot (tracking id, x, y) in the panel's units; tracking id -1 = not down.
    """

    slot: int
    fingers: list[tuple[int, int, int]]


@dataclass(slots=True)
class TouchDecoder:
    """Feed it every event in order; it answers at the end of each report.

    Attributes:
        x: Range of the panel's x.
        y: Range of the panel's y.
        multi: Whether it speaks multi-touch protocol B; else it has one finger.
        mounting: How it sits.
    """

    x: Range
    y: Range
    multi: bool = True
    mounting: Mounting = field(default_factory=Mounting)
    _slot: int = 0
    _fingers: dict[int, _Finger] = field(default_factory=dict)

    def begin(self, state: PanelState) -> None:
        """Start from what the device says; fingers that are already down are ignored until they go up."""
        self._slot = state.slot
        self._fingers = {
            slot: _Finger(x, y, tracking, ignored=tracking >= 0)
            for slot, (tracking, x, y) in enumerate(state.fingers)
        }

    def release(self, at: float) -> list[Touch]:
        """Give up all fingers: events were lost, or the panel is gone."""
        gone: list[Touch] = []
        for slot, finger in self._fingers.items():
            if finger.shown:
                finger.shown, finger.ignored = False, True
                gone.append(TouchUp(slot, *finger.reported, at, cancelled=True))
        return gone

    def feed(self, kind: int, code: int, value: int, at: float) -> list[Touch]:
        """One event; the answer is not empty only at the end of a report."""
        if kind == EV_SYN and code == SYN_REPORT:
            return self._report(at)
        if kind == EV_ABS and self.multi:
            self._feed_multi(code, value)
        elif not self.multi:
            self._feed_single(kind, code, value)
        return []

    def _finger(self) -> _Finger:
        return self._fingers.setdefault(self._slot, _Finger(self.x.minimum, self.y.minimum))

    def _feed_multi(self, code: int, value: int) -> None:
        if code == ABS_MT_SLOT:
            self._slot = value
        elif code == ABS_MT_TRACKING_ID:
            self._track(value)
        elif code == ABS_MT_POSITION_X:
            self._finger().raw_x = value
        elif code == ABS_MT_POSITION_Y:
            self._finger().raw_y = value

    def _feed_single(self, kind: int, code: int, value: int) -> None:
        if (kind, code) == (EV_KEY, BTN_TOUCH):
            self._track(0 if value else -1)
        elif (kind, code) == (EV_ABS, ABS_X):
            self._finger().raw_x = value
        elif (kind, code) == (EV_ABS, ABS_Y):
            self._finger().raw_y = value

    def _track(self, tracking: int) -> None:
        finger = self._finger()
        if finger.shown and tracking >= 0 and tracking != finger.tracking:
            finger.touched_anew = True
        if tracking != finger.tracking:
            finger.ignored = False
        finger.tracking = tracking

    def _report(self, at: float) -> list[Touch]:
        touches: list[Touch] = []
        for slot, finger in self._fingers.items():
            place = self.mounting.place(self.x.share(finger.raw_x), self.y.share(finger.raw_y))
            if finger.shown and (finger.tracking < 0 or finger.touched_anew):
                finger.shown = finger.touched_anew = False
                touches.append(TouchUp(slot, *finger.reported, at))
            if finger.tracking < 0 or finger.ignored:
                continue
            if not finger.shown:
                finger.shown, finger.reported = True, place
                touches.append(TouchDown(slot, *place, at))
            elif place != finger.reported:
                finger.reported = place
                touches.append(TouchMove(slot, *place, at))
        return touches
