"""The technician's token: a text file on a stick, signed with the fleet's key, that opens one till for a while.

    Gapless technician's token 1
    for: 10000000abcdef01
    from: 2026-11-22T08:00Z
    to: 2026-11-22T18:00Z
    minutes: 60
    by: Nora Quinn
    why: the printer does not answer
    id: 5e1f0a3c9d2b4788
    signature: (base64 of Ed25519 over all lines before this one)

Two others' ways were looked at. Ubuntu Core takes a ``system-user`` assertion from any stick (``auto-import.assert``):
text with since, until and the serials it is for, signed by the brand. ``ssh-keygen -Y`` binds a signature to a
namespace, so that what was signed for one use opens nothing else, and lets keys have times. From the first are the
one text file, the times and the till's number; from the second the first line, which is under the signature too.
Neither's program is on the card: PyNaCl, which signs the journal, checks this as well.

A till's clock may be behind (it has no battery) but not ahead, unless a time service set it. So the times of a token
are taken at their word while the clock is known to be right. While it is not, the token's own beginning counts as
the least that the time can be: whoever signed it had a right clock. And then each token opens once, as a till that
never sees a network would else take one for ever.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

HEAD: Final = "Gapless technician's token 1"
MOST_BYTES: Final = 2048
_FIELDS: Final = ("for", "from", "to", "minutes", "by", "why", "id")
_SIGNATURE: Final = "signature: "
_TIME: Final = "%Y-%m-%dT%H:%MZ"
_SHOWN: Final = "%Y-%m-%d %H:%M UTC"
LONGEST: Final = timedelta(days=31)
MOST_MINUTES: Final = 480

Verify = Callable[[bytes, bytes, bytes], bool]
"""Whether a public key (32 bytes) signed a message with this signature (64 bytes)."""


class TokenError(Exception):
    """The token does not open this till. The text is a sentence for the technician."""


@dataclass(frozen=True, slots=True)
class Token:
    """What was signed."""

    till: str
    begin: datetime
    end: datetime
    minutes: int
    by: str
    why: str
    id: str


@dataclass(frozen=True, slots=True)
class Moment:
    """What the till knows of the time.

    Attributes:
        now: by its clock.
        is_sure: a time service has set the clock since the start.
    """

    now: datetime
    is_sure: bool


def read_token(content: bytes, keys: Iterable[bytes], verify: Verify) -> Token:
    """The token, once its signature is found good; nothing of it counts before.

    Raises:
        TokenError: it is none of the fleet's, or not as it is written.
    """
    body, found, tail = content.replace(b"\r\n", b"\n").partition(b"\n" + _SIGNATURE.encode())
    if len(content) > MOST_BYTES or not found or not body.startswith(HEAD.encode() + b"\n"):
        raise TokenError("The file on the stick is no technician's token.")
    message = body + b"\n"
    try:
        signature = base64.b64decode(tail.strip(), validate=True)
    except (binascii.Error, ValueError):
        signature = b""
    if not any(verify(key, message, signature) for key in keys):
        raise TokenError("The technician's token was not signed with this fleet's key.")
    return _parsed(message)


def _parsed(message: bytes) -> Token:
    lines = message.decode("utf-8", "replace").splitlines()[1:]
    values = dict(line.partition(": ")[::2] for line in lines)
    try:
        if tuple(values) != _FIELDS or len(lines) != len(_FIELDS):
            raise ValueError
        begin, end = (datetime.strptime(values[key], _TIME).replace(tzinfo=UTC) for key in ("from", "to"))
        minutes = int(values["minutes"])
        if not (begin < end <= begin + LONGEST and 1 <= minutes <= MOST_MINUTES):
            raise ValueError
        if not all(re.fullmatch(r"[^\x00-\x1f\x7f]{1,80}", values[key]) for key in _FIELDS):
            raise ValueError
    except ValueError:
        raise TokenError("The technician's token is signed, but not written as this till reads it.") from None
    return Token(values["for"], begin, end, minutes, values["by"], values["why"], values["id"])


def opens(token: Token, number: str, moment: Moment, used: Iterable[str]) -> timedelta:
    """For how long it opens this till now.

    Args:
        token: whose signature is good.
        number: this till's.
        moment: what is known of the time.
        used: ids of tokens that opened this till before.

    Raises:
        TokenError: it does not.
    """
    if token.till.replace(" ", "").lower() != number.lower():
        raise TokenError(f"The technician's token is for the till {token.till}. This one is {number}.")
    now = moment.now if moment.is_sure else max(moment.now, token.begin)
    if now < token.begin:
        raise TokenError(
            f"The technician's token holds from {token.begin:{_SHOWN}} on. It is {now:{_SHOWN}} now."
        )
    if now >= token.end:
        raise TokenError(f"The technician's token held until {token.end:{_SHOWN}}. It is {now:{_SHOWN}} now.")
    if not moment.is_sure and token.id in used:
        raise TokenError(
            "The technician's token was used before, and nobody has set this till's clock since it was switched "
            "on. Connect it to the network, or bring a new token."
        )
    return min(timedelta(minutes=token.minutes), token.end - now)
