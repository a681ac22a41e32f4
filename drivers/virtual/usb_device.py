"""A virtual USB device: its usbfs ioctls are answered, so the libusb above is the real one.

umockdev's usbfs node is always ready to poll, so libusb spins while a transfer waits: it costs CPU, not
correctness.
"""

from __future__ import annotations

import errno
import struct
from collections.abc import Callable

from drivers.virtual.bed import Bed, Client, ClientGoneError, Handler, is_open
from drivers.virtual.usb_descriptors import UsbIdentity
from drivers.virtual.usb_transfers import Transfers, Urb, UsbFunction

_CAPABILITIES = 0x1F
_DISCONNECT, _CONNECT = 22, 23  # the codes inside USBDEVFS_IOCTL
_WORK_WHEN_GONE = (11, 12, 13, 16)  # DISCARDURB, REAPURB, REAPURBNDELAY, RELEASE


class VirtualUsbDevice:
    """A plugged device. ``number`` names the node and must be new for each plug, ``port`` is its socket."""

    def __init__(
        self, bed: Bed, number: int, port: int, identity: UsbIdentity, function: UsbFunction
    ) -> None:
        self.identity = identity
        self.node = f"/dev/bus/usb/001/{number + 1:03d}"
        self.driver: str | None = "usblp"  # the kernel's own printer driver sits on it first
        self.calls: list[str] = []  # ioctls seen, without the reaping, for tests that ask what the driver did
        self._bed, self._function = bed, function
        self._path = f"/devices/platform/soc/3f980000.usb/usb1/1-{port}"
        self._claimed_by: Client | None = None
        self._gone = False
        self._transfers = Transfers(identity, function)
        self._calls: dict[int, tuple[str, Callable[[Client, int, int], int]]] = {
            4: ("SETINTERFACE", self._nothing),
            5: ("SETCONFIGURATION", self._set_configuration),
            8: ("GETDRIVER", self._get_driver),
            10: ("SUBMITURB", self._submit),
            11: ("DISCARDURB", self._discard),
            12: ("", self._reap),
            13: ("", self._reap),
            15: ("CLAIM", self._claim),
            16: ("RELEASE", self._release),
            18: ("IOCTL", self._inner_ioctl),
            20: ("RESET", self._reset),
            21: ("CLEAR_HALT", self._nothing),
            26: ("CAPABILITIES", self._capabilities),
            27: ("DISCONNECT_CLAIM", self._disconnect_claim),
            31: ("GET_SPEED", lambda _client, _pointer, _size: 3),
        }
        self._handler = Handler(self._on_ioctl)
        bed.attach(self.node, self._handler)
        self._add(number)

    def _add(self, number: int) -> None:
        who, descriptors = self.identity, self.identity.descriptors().hex().upper()
        self._bed.add(
            f"P: {self._path}",
            f"N: {self.node.removeprefix('/dev/')}={descriptors}",
            "E: SUBSYSTEM=usb",
            "E: DEVTYPE=usb_device",
            f"E: DEVNAME={self.node}",
            "E: BUSNUM=001",
            f"E: DEVNUM={number + 1:03d}",
            "E: MAJOR=189",
            f"E: MINOR={number}",
            f"E: ID_VENDOR_ID={who.vendor:04x}",
            f"E: ID_MODEL_ID={who.product:04x}",
            "E: ID_USB_INTERFACES=:070102:",
            f"E: ID_SERIAL_SHORT={who.serial}",
            f"E: PRODUCT={who.vendor:x}/{who.product:x}/100",
            "A: busnum=1\\n",
            f"A: devnum={number + 1}\\n",
            "A: speed=480\\n",
            "A: bConfigurationValue=1\\n",
            "A: bNumConfigurations=1\\n",
            f"A: idVendor={who.vendor:04x}\\n",
            f"A: idProduct={who.product:04x}\\n",
            f"A: serial={who.serial}\\n",
            f"A: dev=189:{number}\\n",
            f"H: descriptors={descriptors}",
        )

    @property
    def is_claimed(self) -> bool:
        """Whether a program holds the interface."""
        return self._holder() is not None

    def let_go(self) -> None:
        """Whoever held it was killed."""
        with self._function.lock:
            self._claimed_by = None

    def unplug(self) -> None:
        """Pull the cable; a transfer under way ends with an error, and the device keeps what it took."""
        with self._function.lock:
            self._gone = self._transfers.gone = True
        self._bed.remove([f"/sys{self._path}"], [self.node])

    # -- ioctls, on umockdev's worker thread

    def _holder(self) -> Client | None:
        if self._claimed_by is not None and not is_open(self._claimed_by):
            self._claimed_by = None  # the program closed it, or died
        return self._claimed_by

    def _on_ioctl(self, client: Client, request: int) -> bool:
        try:
            return self._answer(client, request)
        except ClientGoneError:
            with self._function.lock:
                if self._claimed_by is client:
                    self._claimed_by = None  # as the kernel does when a program dies
            return True

    def _answer(self, client: Client, request: int) -> bool:
        size, kind, number = (request >> 16) & 0x3FFF, chr((request >> 8) & 0xFF), request & 0xFF
        if kind != "U":
            return False
        pointer = struct.unpack("Q", bytes(client.props.arg.retrieve()))[
            0
        ]  # before resolve(), which replaces it
        name, call = self._calls.get(number, (str(number), self._unknown))
        with self._function.lock:
            if name:
                self.calls.append(name)
            answer = (
                -errno.ENODEV if self._gone and number not in _WORK_WHEN_GONE else call(client, pointer, size)
            )
        client.complete(*((-1, -answer) if answer < 0 else (answer, 0)))
        return True

    def _unknown(self, _client: Client, _pointer: int, _size: int) -> int:
        return -errno.ENOTTY

    def _nothing(self, _client: Client, _pointer: int, _size: int) -> int:
        return 0

    def _capabilities(self, client: Client, _pointer: int, _size: int) -> int:
        client.props.arg.resolve(0, 4).update(0, list(struct.pack("I", _CAPABILITIES)))
        return 0

    def _get_driver(self, client: Client, _pointer: int, size: int) -> int:
        if self.driver is None:
            return -errno.ENODATA
        client.props.arg.resolve(0, size).update(4, list(self.driver.encode() + b"\0"))
        return 0

    def _inner_ioctl(self, client: Client, _pointer: int, size: int) -> int:
        _interface, code = struct.unpack("ii", bytes(client.props.arg.resolve(0, size).retrieve())[:8])
        if code & 0xFF == _DISCONNECT:
            if self.driver is None:
                return -errno.ENODATA
            self.driver = None
        elif code & 0xFF == _CONNECT:
            if self.driver is not None or self._holder() is not None:
                return -errno.EBUSY
            self.driver = "usblp"
        else:
            return -errno.ENOTTY
        return 0

    def _claim(self, client: Client, _pointer: int, _size: int) -> int:
        if self.driver is not None or self._holder() not in (None, client):
            return -errno.EBUSY
        self._claimed_by = client
        return 0

    def _disconnect_claim(self, client: Client, pointer: int, size: int) -> int:
        self.driver = None
        return self._claim(client, pointer, size)

    def _release(self, client: Client, _pointer: int, _size: int) -> int:
        if self._holder() is client:
            self._claimed_by = None
        return 0

    def _set_configuration(self, _client: Client, _pointer: int, _size: int) -> int:
        return -errno.EBUSY if self.driver or self._holder() else 0

    def _reset(self, _client: Client, _pointer: int, _size: int) -> int:
        self._function.reset()
        return 0

    def _submit(self, client: Client, pointer: int, size: int) -> int:
        memory = client.props.arg.resolve(0, size)
        raw = bytes(memory.retrieve())
        length = struct.unpack_from("i", raw, 24)[0]
        buffer = memory.resolve(16, length) if length else None
        self._transfers.submit(Urb(client, pointer, memory, buffer, raw[0], raw[1], length))
        return 0

    def _discard(self, client: Client, pointer: int, _size: int) -> int:
        return 0 if self._transfers.cancel(client, pointer) else -errno.EINVAL

    def _reap(self, client: Client, _pointer: int, _size: int) -> int:
        urb = self._transfers.reap(client)
        if urb is None:
            return -errno.ENODEV if self._gone else -errno.EAGAIN
        client.props.arg.resolve(0, 8).set_ptr(0, urb.memory)
        return 0
