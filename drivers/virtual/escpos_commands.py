"""The lengths of ESC/POS commands, so that a stream of them can be cut into commands without guessing.

Standard library only: the testbed's interpreter imports it. Source of the lengths: Epson's ESC/POS reference.
"""

from __future__ import annotations

from collections.abc import Callable

DLE, ESC, FS, GS = 0x10, 0x1B, 0x1C, 0x1D

Buffer = bytes | bytearray

_ESC_FIXED = {**dict.fromkeys(b"@2<SLimv\x0c", 2), **dict.fromkeys(b"c$\\", 4), ord("p"): 5, ord("W"): 10}
_GS_FIXED = {ord(":"): 2, **dict.fromkeys(b"LPW$\\", 4), ord("^"): 5, ord("g"): 6}
_FS_FIXED = {ord("&"): 2, ord("."): 2, **dict.fromkeys(b"pS", 4)}
_DLE_DC4 = {1: 5, 2: 5, 3: 5, 7: 4, 8: 10}


def extent(data: Buffer, start: int = 0) -> int | None:
    """Say how long the command at ``start`` is, as soon as its head tells; None while that is not there.

    The answer may reach past the end of ``data``: raster data comes in pieces.
    """
    lead = data[start]
    if lead not in _FAMILIES:
        return 1
    if len(data) - start < 2:
        return None
    return _FAMILIES[lead](data, start)


def _word(data: Buffer, at: int) -> int:
    return data[at] | data[at + 1] << 8


def _counted(data: Buffer, start: int) -> int | None:
    """``lead ( x pL pH ...``: the head counts what follows."""
    return 5 + _word(data, start + 3) if len(data) - start >= 5 else None


def _to_nul(data: Buffer, start: int, head: int) -> int | None:
    end = data.find(b"\0", start + head)
    return end - start + 1 if end >= 0 else None


def _dle(data: Buffer, start: int) -> int | None:
    kind = data[start + 1]
    if kind not in (0x04, 0x05, 0x14):
        return 1
    if len(data) - start < 3:
        return None
    argument = data[start + 2]
    if kind == 0x14:
        return _DLE_DC4.get(argument, 3)
    return 4 if kind == 0x04 and argument in (7, 8) else 3


def _esc(data: Buffer, start: int) -> int | None:
    kind, there = data[start + 1], len(data) - start
    if kind == ord("*"):
        if there < 5:
            return None
        return 5 + _word(data, start + 3) * (3 if data[start + 2] in (32, 33) else 1)
    if kind == ord("D"):
        return _to_nul(data, start, 2)
    if kind == ord("("):
        return _counted(data, start)
    if kind == ord("&"):
        return _user_characters(data, start)
    return _ESC_FIXED.get(kind, 3)


def _user_characters(data: Buffer, start: int) -> int | None:
    if len(data) - start < 5:
        return None
    at = start + 5
    for _ in range(data[start + 4] - data[start + 3] + 1):
        if at >= len(data):
            return None
        at += 1 + data[start + 2] * data[at]
    return at - start


def _gs_raster(data: Buffer, start: int) -> int | None:
    return 8 + _word(data, start + 4) * _word(data, start + 6) if len(data) - start >= 8 else None


def _gs_bar_code(data: Buffer, start: int) -> int | None:
    if len(data) - start < 4:
        return None
    return _to_nul(data, start, 3) if data[start + 2] <= 6 else 4 + data[start + 3]


def _gs_large(data: Buffer, start: int) -> int | None:
    return 7 + int.from_bytes(data[start + 3 : start + 7], "little") if len(data) - start >= 7 else None


def _gs_bit_image(data: Buffer, start: int) -> int | None:
    return 4 + 8 * data[start + 2] * data[start + 3] if len(data) - start >= 4 else None


def _gs_cut(data: Buffer, start: int) -> int | None:
    if len(data) - start < 3:
        return None
    return 4 if data[start + 2] in (65, 66, 97, 98, 103, 104) else 3


_GS_COUNTED: dict[int, Callable[[Buffer, int], int | None]] = {
    ord("("): _counted,
    ord("8"): _gs_large,
    ord("k"): _gs_bar_code,
    ord("v"): _gs_raster,
    ord("*"): _gs_bit_image,
    ord("V"): _gs_cut,
}


def _gs(data: Buffer, start: int) -> int | None:
    kind = data[start + 1]
    count = _GS_COUNTED.get(kind)
    return count(data, start) if count is not None else _GS_FIXED.get(kind, 3)


def _fs(data: Buffer, start: int) -> int | None:
    kind = data[start + 1]
    return _counted(data, start) if kind == ord("(") else _FS_FIXED.get(kind, 3)


_FAMILIES: dict[int, Callable[[Buffer, int], int | None]] = {DLE: _dle, ESC: _esc, GS: _gs, FS: _fs}
