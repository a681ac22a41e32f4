"""The bytes of ESC/POS that a till needs: a picture in bands, a cut, a pulse, a confirmation.

Only GS v 0 draws: it is the one raster command that every clone has. Source of the commands: Epson's
reference.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

#: Most lines of one GS v 0; more overruns clones (Odoo's slice).
BAND_LINES = 255

#: Printer to its defaults; Automatic Status Back for drawer, online, error and paper.
BEGIN = b"\x1b@" + b"\x1da\x0f"

#: Feed to the knife and cut, leaving one point.
CUT = b"\x1dVB\0"

#: Ask for the paper sensor; answered in order, so after a cut the answer says that the cut was reached.
ASK_STATUS = b"\x1dr\x01"

#: Ask in real time, also while offline: printer, cause, paper roll.
ASK_REALTIME = b"\x10\x04\x01\x10\x04\x02\x10\x04\x04"

_BLANK_RUN = 24  # white lines from which a band of their own is worth its head
_REALTIME = re.compile(rb"\x10(?=[\x04\x05\x14])")


def raster(image: Image.Image) -> bytes:
    """Encode a picture of mode "1" (0 = black) in bands.

    White runs go as bands one byte wide and not as paper feeds: a feed counts in motion units, which are not
    dots on every printer, and the picture would be torn apart. DLE followed by EOT, ENQ or DC4 is a real-time
    command on some printers even inside a picture (DC4 would open the drawer): there one more dot is set,
    which nobody sees.
    """
    stride = (image.width + 7) // 8
    white = image.convert("1").tobytes()
    ink = bytes(value ^ 0xFF for value in white)
    if spare := stride * 8 - image.width:  # the bits that fill up the last byte are not ink
        ink = _without_padding(ink, stride, spare)
    lines = [ink[at : at + stride] for at in range(0, len(ink), stride)]
    job = bytearray()
    for blank, run in _runs(lines):
        for at in range(0, len(run), BAND_LINES):
            job += _band([b"\0"] * len(run[at : at + BAND_LINES]) if blank else run[at : at + BAND_LINES])
    return bytes(job)


def _without_padding(ink: bytes, stride: int, spare: int) -> bytes:
    mask = 0xFF << spare & 0xFF
    return b"".join(
        ink[at : at + stride - 1] + bytes([ink[at + stride - 1] & mask]) for at in range(0, len(ink), stride)
    )


def _runs(lines: list[bytes]) -> list[tuple[bool, list[bytes]]]:
    """Part the lines into (is blank, lines); a short blank run stays inside its surroundings."""
    runs: list[tuple[bool, list[bytes]]] = []
    for blank, group in groupby(lines, key=lambda line: not any(line)):
        run = list(group)
        worth = blank and len(run) >= _BLANK_RUN
        if not worth and runs and not runs[-1][0]:
            runs[-1][1].extend(run)
        else:
            runs.append((worth, run))
    return runs


def _band(lines: list[bytes]) -> bytes:
    head = b"\x1dv0\0" + len(lines[0]).to_bytes(2, "little") + len(lines).to_bytes(2, "little")
    return head + _REALTIME.sub(b"\x18", b"".join(lines))


def resynchronise(width_dots: int) -> bytes:
    """Bring a printer to the beginning of a command after a job that broke off; cut off what it did.

    It may still wait for most of a band: blank dots fill it, and what is too much are NULs, which ESC/POS
    ignores.
    """
    return bytes((width_dots + 7) // 8 * BAND_LINES) + b"\x1b@" + CUT


def ask_process_id(tag: bytes) -> bytes:
    """Ask for an answer with these four characters when everything before it is on paper (GS ( H)."""
    if len(tag) != 4 or not all(0x20 <= value <= 0x7E for value in tag):
        raise ValueError(f"a process id has 4 printable characters, not {tag!r}")
    return b"\x1d(H\x06\x0000" + tag


def pulse(pin: int, milliseconds: int) -> bytes:
    """Open the drawer in turn: after what was sent before, and only when the printer is ready (ESC p).

    Args:
        pin: 2 or 5, the connector's pin.
        milliseconds: Length of the pulse, 2 to 510 in steps of 2; the pause after it is 250 ms or twice the
            pulse.
    """
    pause = min(max(250, milliseconds * 2), 510)
    return b"\x1bp" + bytes([_connector(pin), milliseconds // 2, pause // 2])


def pulse_at_once(pin: int, milliseconds: int) -> bytes:
    """Open the drawer in real time, although the paper is out (DLE DC4); steps of 100 ms."""
    return b"\x10\x14\x01" + bytes([_connector(pin), min(max(round(milliseconds / 100), 1), 8)])


def _connector(pin: int) -> int:
    return {2: 0, 5: 1}[pin]
