"""Check a till's journal: every entry there, none changed, each signed by the till. Needs nothing but Python 3.9.

    python3 verify.py FOLDER-OR-journal.jsonl ... [--anchor 1234:7F3A91C25D0E] [--anchors FILE] [--key HEX]

Give it an export or the till's USB stick. An anchor is what a Z report or a receipt has printed: the number of the
entry or of the receipt, and the code. Only with one can it be seen that entries were cut off at the end, or that who
holds the till's key wrote all anew. The key is on the hand-over sheet. Ends with 0: intact, 1: broken, 2: unreadable.
It shares no code with the till, on purpose: a fault of the till must not hide itself here.
"""

from __future__ import annotations

import argparse
import functools
import hashlib
import json
import re
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D, ROOT = -121665 * pow(121666, -1, P) % P, pow(2, (P - 1) // 4, P)
BASE = (4 * pow(5, -1, P) % P).to_bytes(32, "little")
Y8 = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD83D3D706A17C7
SMALL = {0, 1, P - 1, Y8, P - Y8}  # the y of all points of a small order: no honest key or signature
MARKS, FIRST = ("hash", "previous", "signature"), {"at", "body", "kind", "person", "seq", "v"}
SHAPES = {1: FIRST, 2: FIRST | {"boot", "clock", "uptime_ms"}}
ANCHOR = re.compile(r"\b([A-Z][A-Z0-9]*-\d+|\d+):((?:[0-9A-Fa-f]{4} ?){2,16})")
FORM = re.compile(rb'{"entry":.*"seq":(\d+),(?:"uptime_ms":\d+,)?"v":\d},"hash"')
Z_REPORT = "number first_seq last_seq head_hash grand_total_minor sales total_minor refunds refunded_minor"
WRONG_FORM = (ValueError, TypeError, KeyError, AttributeError, RecursionError)
SHEET = ": compare it with the hand-over sheet.\n"
canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


class BrokenError(Exception):
    """How the first entry that is not as the till wrote it is broken."""


def unpack(raw: bytes) -> tuple[int, int]:
    """The point of 32 bytes (RFC 8032, 5.1.3). Raises ValueError: none, written oddly, or of a small order."""
    odd, y = divmod(int.from_bytes(raw, "little"), 2**255)
    u, v = y * y - 1, D * y * y + 1
    x = u * v**3 * pow(u * v**7, (P - 5) // 8, P) % P
    if (v * x * x - u) % P:
        x = x * ROOT % P
    if len(raw) != 32 or y >= P or y in SMALL or (v * x * x - u) % P:
        raise ValueError("this is no public key")
    return (x if x & 1 == odd else P - x), y


def sums(steps: Iterable[tuple[int, int, int]]) -> Iterator[tuple[int, int, int, int]]:
    """Points as (y + x, y - x, 2dxy) added up: each sum in extended coordinates (RFC 8032, 5.1.4)."""
    x, y, z, t = 0, 1, 1, 0
    for plus, minus, xyd in steps:
        a, b, c, d = (y - x) * minus % P, (y + x) * plus % P, t * xyd % P, z + z
        e, f, g, h = b - a, d - c, d + c, b + a
        x, y, z, t = e * f % P, g * h % P, f * g % P, e * h % P
        yield x, y, z, t


@functools.lru_cache(maxsize=16)
def multiples(raw: bytes, sign: int) -> list[list[tuple[int, int, int]]]:
    """Each byte * 256**window of a point (or its negative): 32 of them added up multiply it by any number."""
    windows, (x, y) = [], unpack(raw)
    x *= sign
    for _window in range(32):
        flat = [(0, 1)]
        for px, py, z, _t in sums([(y + x, y - x, 2 * D * x * y % P)] * 256):
            over = pow(z, -1, P)
            flat.append((px * over % P, py * over % P))
        x, y = flat.pop()
        windows.append([(py + px, py - px, 2 * D * px * py % P) for px, py in flat])
    return windows


def signed(key: bytes, message: bytes, signature: bytes) -> bool:
    """True if S*B - k*A is R to the byte (RFC 8032, 5.1.7); a second way to write a signature is refused."""
    s, r = int.from_bytes(signature[32:], "little"), int.from_bytes(signature[:32], "little")
    if len(signature) != 64 or s >= L or r % 2**255 in SMALL:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    digits = s.to_bytes(32, "little") + k.to_bytes(32, "little")
    *_, (x, y, z, _t) = sums(map(list.__getitem__, multiples(BASE, 1) + multiples(key, -1), digits))
    x, y = x * pow(z, -1, P) % P, y * pow(z, -1, P) % P
    return y | (x & 1) << 255 == r


class Trail:
    """What the entries so far say; the next one must fit. Months: sales, their total, refunds, their total."""

    def __init__(self, anchors: list[tuple[str, str]], keys: list[str]) -> None:
        self.anchors: dict[str, list[str]] = {}  # the codes of what is yet to come
        for name, code in anchors:
            self.anchors.setdefault(name, []).append(code.replace(" ", "").lower())
        self.trusted = [key.lower() for key in keys]
        self.seq, self.hash, self.at, self.key = 0, "00" * 32, "", b""
        self.keys, self.numbers, self.months = dict[str, int](), dict[str, int](), dict[str, list[int]]()
        self.z_number, self.z_seq, self.offset, self.since_z = 0, 0, 0, [0, 0, 0, 0]

    def take(self, raw: bytes) -> None:
        """Check the next line; raises BrokenError."""
        try:
            line, entry, hashed = read(raw)
        except WRONG_FORM:
            raise BrokenError("changed: it is not as a till writes it") from None
        if hashlib.sha256(hashed).hexdigest() != line["hash"]:
            raise BrokenError("changed: its hash does not fit what it says")
        if entry["seq"] != self.seq + 1:
            raise BrokenError(f"missing: entry {entry['seq']} stands in its place")
        if line["previous"] != self.hash:
            raise BrokenError("changed: it was hashed anew and does not follow from the entry before it")
        try:
            self._check_signer(entry, line)
            self._check_outside(entry, line["hash"], entry["body"].get("receipt", ""))
            self._count(entry["kind"], entry["body"], entry["at"][:7])
        except WRONG_FORM:
            raise BrokenError(f"a {entry['kind']} in a form that is not known") from None
        self.seq, self.hash, self.at = entry["seq"], line["hash"], entry["at"]
        self.offset += len(raw)

    def _check_signer(self, entry: dict[str, Any], line: dict[str, str]) -> None:
        if entry["kind"] == "keyed":
            name = entry["body"]["public_key"]
            self.key = bytes.fromhex(name)
            self.keys.setdefault(name, entry["seq"])
            if self.trusted and name not in self.trusted:
                raise BrokenError("signed with a key that is not the till's: written anew from here on")
        if (entry["v"] == 1) != (self.key == b"") or (entry["v"] == 1 and line["signature"]):
            raise BrokenError("not signed as the entries before it are: added or changed without the key")
        if self.key and not signed(self.key, bytes.fromhex(line["hash"]), bytes.fromhex(line["signature"])):
            raise BrokenError("changed: its signature is not the till's; it was hashed anew without the key")

    def _check_outside(self, entry: dict[str, Any], digest: str, receipt: str) -> None:
        if entry["at"] < self.at and entry["kind"] != "clock-corrected":
            raise BrokenError(f"dated {entry['at']}, before the entry before it ({self.at})")
        for code in self.anchors.pop(str(entry["seq"]), []) + self.anchors.pop(receipt, []):
            if not digest.startswith(code):
                how = f"not the one that was printed ({code.upper()}, here {digest[:12].upper()})"
                raise BrokenError(f"{how}: it or one before it was changed, and all signed anew")

    def _count(self, kind: str, body: dict[str, Any], month: str) -> None:
        if kind in ("sale", "refund"):
            total = body["total_minor"] if kind == "refund" else body["payment"]["total"]
            series = body["receipt"].rpartition("-")[0]
            number = self.numbers[series] = self.numbers.get(series, 0) + 1
            if body["receipt"] != f"{series}-{number:06d}":
                raise BrokenError(f"receipt {body['receipt']} where number {number} belongs: a gap")
            for each in (self.since_z, self.months.setdefault(month, [0, 0, 0, 0])):
                each[2 * (kind == "refund")] += 1
                each[2 * (kind == "refund") + 1] += total
        if kind == "z-report":
            grand = sum(each[1] - each[3] for each in self.months.values())
            values = (self.z_number + 1, self.z_seq + 1, self.seq, self.hash, grand, *self.since_z)
            for name, value in zip(Z_REPORT.split(), values):  # noqa: B905 - Python 3.9
                if body[name] != value:
                    raise BrokenError(f"a Z report whose {name} is {body[name]}; the entries make it {value}")
            self.z_number, self.z_seq, self.since_z = self.z_number + 1, self.seq + 1, [0, 0, 0, 0]


def read(raw: bytes) -> tuple[dict[str, str], dict[str, Any], bytes]:
    """A line, the entry in it, what is hashed. Raises one of WRONG_FORM: it is not to the byte as a till writes."""
    line = json.loads(raw.decode(), parse_float=bytes.fromhex)  # a till writes no fractions: refused
    entry, text, marks = line["entry"], canonical(line["entry"]), [line[name] for name in MARKS]
    whole = '{{"entry":{},"hash":"{}","previous":"{}","signature":"{}"}}\n'.format(text, *marks).encode()
    if whole != raw or set(entry) != SHAPES[entry["v"]] or [bytes.fromhex(m).hex() for m in marks] != marks:
        raise ValueError
    return line, entry, bytes.fromhex(line["previous"]) + text.encode()


def follow(lines: Iterable[bytes], trail: Trail, size: int = 0) -> str:
    """Take line after line, showing progress of ``size`` bytes; returns a word on a last line that is torn."""
    began = time.monotonic()
    for raw in lines:
        if not raw.endswith(b"\n") and not re.search(rb'"signature":"\w*"}.', raw, re.S):
            return "- the line after it is torn, as a power cut leaves it; it does not count."
        trail.take(raw)
        if size and trail.seq % 256 == 0:
            done, spent = trail.offset / size, time.monotonic() - began
            print(f"{done:.0%}, {spent / done - spent:.0f} s left", end="  \r", file=sys.stderr, flush=True)
    return ""


def explain(numbers: list[int], seq: int, how: str) -> str:
    """How an entry is broken, seen together with the numbers that the file's lines bear."""
    later, added = numbers[seq:], "added: the till did not write it; the till's own of that number follows it"
    if not how.startswith("missing: entry"):
        return added if seq in later[:1] else how
    if numbers[seq - 1] < seq or numbers[seq - 1] in later:
        return f"added: entry {numbers[seq - 1]} stands there a second time"
    return f"moved: entry {numbers[seq - 1]} stands in its place, it comes later" if seq in later else how


def check(path: Path, trail: Trail) -> int:
    """Check one journal, or what a trail has not taken of it yet, and say what was found; returns the exit code."""
    beside, anchors = path.with_name("till.json"), len(trail.anchors)
    about = json.loads(beside.read_text("utf-8")) if beside.exists() else {}
    try:
        with path.open("rb") as file:
            file.seek(trail.offset)
            note = follow(file, trail, path.stat().st_size if sys.stderr.isatty() else 0)
        end = about.get("head", {"seq": trail.seq, "hash": trail.hash})
        if trail.anchors or (end["seq"], end["hash"]) != (trail.seq, trail.hash):
            once = ", ".join(trail.anchors) or f"entry {end['seq']} as the last"
            raise BrokenError(f"missing: cut off, or not the end that was written; there was once {once}")
        if not trail.keys and (trail.trusted or about.get("public_key")):
            raise BrokenError("missing: the till has a key, but nothing here is signed with it")
    except BrokenError as error:
        numbers = [int(m[1]) if (m := FORM.match(row)) else 0 for row in path.read_bytes().split(b"\n")]
        print(f"BROKEN: {path}: entry {trail.seq + 1} is {explain(numbers, trail.seq + 1, str(error))}.")
        return 1
    receipts = ", ".join(f"{name}-000001..{last:06d}" for name, last in trail.numbers.items())
    print(f"intact: {path}: {trail.seq:,} entries, {len(trail.keys)} key(s), receipts {receipts or 'none'}")
    for month, (sales, total, refunds, refunded) in trail.months.items():
        sold, back = (f"{Decimal(minor).scaleb(-about.get('exponent', 0)):,}" for minor in (total, refunded))
        print(f"  {month}: {sales} sales {sold}, {refunds} refunds {back} {about.get('unit', 'in cents')}")
    for key, seq in trail.keys.items():
        print(f"Signed from entry {seq} on with the key {key}", end=".\n" if trail.trusted else SHEET)
    print("The last entry is", trail.seq, "with the code", *re.findall("....", trail.hash[:12].upper()), note)
    if not anchors:
        print("No anchor was given, so a cut-off end cannot be seen: compare with the newest Z report.")
    return 0


def main(argv: Sequence[str] | None = None) -> int:
    """Check what the command line names."""
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("paths", nargs="+", type=Path, metavar="FOLDER-OR-FILE")
    parser.add_argument("--anchor", action="append", default=[], metavar="NUMBER:CODE")
    parser.add_argument("--anchors", type=Path, metavar="FILE")
    parser.add_argument("--key", action="append", default=[], metavar="HEX")
    given = parser.parse_args(argv)
    try:
        text = " ; ".join([*given.anchor, given.anchors.read_text("utf-8") if given.anchors else ""])
        anchors = ANCHOR.findall(text)
        if len(anchors) < len(given.anchor) + bool(given.anchors):
            raise ValueError("an anchor is NUMBER:CODE, such as 1234:7F3A91C25D0E")
        found = [[*each.rglob("journal.jsonl")] or [each] for each in given.paths]
        return max(check(file, Trail(anchors, given.key)) for files in found for file in files)
    except (OSError, ValueError) as error:
        print(f"could not be checked: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
