"""An emulated /dev/input/eventN: answers every EVIOC* ioctl, and lets only the grabbing program read."""

from __future__ import annotations

import errno
import struct
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from drivers.virtual.bed import Bed, Client, Handler, fill, is_open
from drivers.virtual.event_queue import INPUT_EVENT, EventQueue

EV_SYN, EV_KEY, EV_ABS, EV_MSC, EV_LED, EV_REP = 0x00, 0x01, 0x03, 0x04, 0x11, 0x14
MSC_SCAN = 4
SYN_REPORT, SYN_DROPPED = 0, 3
ABS_MT_SLOT = 0x2F

RawEvent = tuple[int, int, int]  # type, code, value


@dataclass(slots=True)
class Axis:
    """Range and present value of one absolute axis."""

    minimum: int
    maximum: int
    value: int = 0

    def pack(self) -> bytes:
        """As struct input_absinfo."""
        return struct.pack("6i", self.value, self.minimum, self.maximum, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Identity:
    """What the plug says about itself."""

    name: str
    vendor: int
    product: int
    serial: str = ""
    phys: str = ""  # the USB port
    kind: str = "kbd"  # the last word of the by-id link
    udev: tuple[str, ...] = ("ID_INPUT_KEY=1", "ID_INPUT_KEYBOARD=1")


@dataclass(slots=True)
class Abilities:
    """What EVIOCGBIT and EVIOCGPROP answer, and the state behind EVIOCGABS and EVIOCGMTSLOTS."""

    codes: Mapping[int, list[int]]  # event type -> codes
    properties: tuple[int, ...] = ()
    axes: Mapping[int, Axis] = field(default_factory=dict)
    slots: Mapping[int, list[int]] = field(default_factory=dict)  # ABS_MT_* code -> value in each slot


class InputDevice:
    """One plugged device. ``number`` names the node and must be new for each plug."""

    def __init__(
        self, bed: Bed, number: int, identity: Identity, abilities: Abilities, ring: int | None = None
    ) -> None:
        self.node = f"/dev/input/event{number}"
        self.identity, self.abilities = identity, abilities
        self._bed, self._number = bed, number
        self._queue = EventQueue(ring)
        self._grabbed_by: Client | None = None
        self._gone = False
        self._down: set[int] = set()
        self._clock = time.CLOCK_REALTIME
        self._byid = f"/dev/input/by-id/usb-{identity.name.replace(' ', '_')}_{number}-event-{identity.kind}"
        self._parent = (
            f"/devices/platform/soc/3f980000.usb/usb2/2-{number}/2-{number}:1.0/input/input{number}"
        )
        handler = Handler(self._on_ioctl, self._queue.open, self._on_read)
        bed.attach(self.node, handler)
        bed.attach(self._byid, handler)
        self._handler = handler
        with self._queue.lock:  # a program may open the node before we are ready
            self._add()
            self._queue.wake_through(*bed.pty(self.node))

    def _add(self) -> None:
        who = self.identity
        properties = [f"E: {line}" for line in ("ID_INPUT=1", *who.udev)]
        self._bed.add(
            f"P: {self._parent}",
            "E: SUBSYSTEM=input",
            f'E: NAME="{who.name}"',
            f"E: PRODUCT=3/{who.vendor:x}/{who.product:x}/110",
            *properties,
            f"A: name={who.name}\\n",
            f"A: phys={who.phys}\\n",
            f"A: uniq={who.serial}\\n",
        )
        self._bed.add(
            f"P: {self._parent}/event{self._number}",
            f"N: input/event{self._number}",
            f"S: {self._byid.removeprefix('/dev/')}",
            "E: SUBSYSTEM=input",
            f"E: DEVNAME={self.node}",
            "E: MAJOR=13",
            f"E: MINOR={64 + self._number}",
            f"E: DEVLINKS={self._byid}",
            *properties,
            "E: ID_BUS=usb",
            f"E: ID_VENDOR_ID={who.vendor:04x}",
            f"E: ID_MODEL_ID={who.product:04x}",
            f"E: ID_SERIAL_SHORT={who.serial}",
            f"A: dev=13:{64 + self._number}\\n",
            f"L: device=../../input{self._number}",
        )

    @property
    def is_grabbed(self) -> bool:
        """Whether a program holds the device for itself alone."""
        return self._holder() is not None

    @property
    def readers(self) -> int:
        """How many open files of programs there are."""
        return len(self._queue.clients())

    def let_go(self) -> None:
        """Whoever held it or read from it was killed."""
        self._grabbed_by = None
        self._queue.forget()

    def _holder(self) -> Client | None:
        if self._grabbed_by is not None and not is_open(self._grabbed_by):
            self._grabbed_by = None  # the program closed it, or died
        return self._grabbed_by

    def _on_read(self, client: Client) -> bool:
        if self._gone:
            client.complete(-1, errno.ENODEV)
        else:
            self._queue.read(client)
        return True

    def _on_ioctl(self, client: Client, request: int) -> bool:
        size, kind, number = (request >> 16) & 0x3FFF, chr((request >> 8) & 0xFF), request & 0xFF
        if kind != "E":
            return False  # termios and such go to the pty
        if self._gone:
            client.complete(-1, errno.ENODEV)
        elif number == 0x90:
            client.complete(*self._grab(client))
        elif number == 0xA0:
            self._clock = struct.unpack("i", bytes(client.props.arg.resolve(0, 4).retrieve()))[0]
            client.complete(0, 0)
        elif number == 0x0A:
            code = struct.unpack_from("I", bytes(client.props.arg.resolve(0, size).retrieve()))[0]
            values = self.abilities.slots.get(code, [])
            fill(client, struct.pack(f"I{len(values)}i", code, *values), size)
            client.complete(0, 0)
        else:
            answer = self._answer(number, size)
            if answer is None:
                client.complete(-1, errno.EINVAL)
            else:
                fill(client, answer, size)
                client.complete(min(len(answer), size) if 0x06 <= number < 0x40 else 0, 0)
        return True

    def _grab(self, client: Client) -> tuple[int, int]:
        wanted = struct.unpack("l", bytes(client.props.arg.retrieve()))[0]  # an int by value, not a pointer
        if wanted and self._holder() is not None:
            return -1, errno.EBUSY
        if not wanted and self._holder() is not client:
            return -1, errno.EINVAL
        self._grabbed_by = client if wanted else None
        return 0, 0

    def _answer(self, number: int, size: int) -> bytes | None:
        who, can = self.identity, self.abilities
        fixed = {
            0x01: struct.pack("i", 0x010001),
            0x02: struct.pack("4H", 3, who.vendor, who.product, 0x110),
            0x03: struct.pack("2I", 250, 33),
            0x06: who.name.encode() + b"\0",
            0x07: who.phys.encode() + b"\0",
            0x08: who.serial.encode() + b"\0",
            0x09: _bits(list(can.properties), size),
            0x18: _bits(sorted(self._down), size),
            0x19: bytes(size),  # LEDs, sounds, switches: all off
            0x1A: bytes(size),
            0x1B: bytes(size),
            0x20: _bits([EV_SYN, *can.codes], size),
            0x84: struct.pack("i", 0),  # EVIOCGEFFECTS
        }
        if number in fixed:
            return fixed[number]
        if 0x20 < number < 0x40:
            return _bits(can.codes.get(number - 0x20, []), size)
        if 0x40 <= number < 0x80 and number - 0x40 in can.axes:
            return can.axes[number - 0x40].pack()
        return None

    def emit(self, *events: RawEvent) -> None:
        """Send events as one report. With no program reading they are lost, as in the kernel."""
        for kind, code, value in events:
            if kind == EV_KEY:
                (self._down.add if value else self._down.discard)(code)
        now = time.clock_gettime_ns(self._clock)
        stamp = (now // 1_000_000_000, now % 1_000_000_000 // 1000)
        report = [INPUT_EVENT.pack(*stamp, *event) for event in (*events, (EV_SYN, SYN_REPORT, 0))]
        self._queue.put(report, self._holder())

    def unplug(self) -> None:
        """What a pulled cable does: reads and ioctls say ENODEV, pollers wake, udev says remove."""
        self._gone = True
        self._bed.remove(
            [f"/sys{self._parent}/event{self._number}", f"/sys{self._parent}"], [self.node, self._byid]
        )
        self._queue.close()  # wakes every poll(); the read() after it meets _on_read


def _bits(codes: list[int], size: int) -> bytes:
    field_of_bits = bytearray(size)
    for code in codes:
        if code // 8 < size:
            field_of_bits[code // 8] |= 1 << (code % 8)
    return bytes(field_of_bits)
