"""The second line of defence of the support file: what must not leave the till, taken out of every text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, Final
from urllib.parse import urlsplit

from appliance.domain.card_numbers import mask

GONE: Final = "[taken out]"
SHORTEST: Final = 3
"""Of a part of a name that is taken out by itself; the whole name is, however short."""
_FORMS: Final = re.compile(
    r"c[ks]_\w+"  # the shop's key and secret
    r"|\$argon2\S+"
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"  # an e-mail address
    r"|(?<=\bBasic )\S+|(?<=\bBearer )\S+"
    r"|(?<=://)[^/\s@]+@"  # a name and a password in an address
    r"|(?i:(?<=ssid[ =])|(?<=ssid=))(?:'[^']*'|\"[^\"]*\"|\S+)"
    r"|(?i:(?:password|passphrase|psk|secret|pin)\s*[=:]\s*)(?:'[^']*'|\"[^\"]*\"|\S+)"
)
_OF_A_LINE: Final = re.compile(r"\bLine \d+: .*")
"""What the set-up says of a line of till.toml: it may repeat what was typed there."""
_QUOTED: Final = re.compile(r"\"[^\"]*\"|(?<!\w)'[^']*'")
_HEX: Final = re.compile(r"((?<![0-9A-Fa-f])[0-9a-f]{32,}(?![0-9A-Fa-f]))")
"""Ids and hashes: their digits are no card's."""
_SAYS_NO_NAME: Final = frozenset(
    {"shop", "till", "money", "screen", "sound", "scanner", "printer", "second", "backup", "update", "card"}
)
"""Sections of till.toml of whose mistakes the words are kept, without what was typed."""


class Scrubber:
    """Takes out what is known to be secret or a person's, and what looks like it."""

    def __init__(self, known: Iterable[str], names: Iterable[str] = ()) -> None:
        """Build it.

        Args:
            known: keys, addresses: taken out where they stand whole.
            names: of persons: also each of their parts that is not too short.
        """
        named = list(names)
        parts = {part for each in named for part in re.split(r"[\s,;]+", each) if len(part) >= SHORTEST}
        whole = {each.strip() for each in (*known, *named)} - {""}
        words = "|".join(map(re.escape, sorted(whole | parts, key=len, reverse=True)))
        self._known = re.compile(rf"(?i)(?<!\w)(?:{words})(?!\w)" if words else r"(?!)")

    def text(self, text: str) -> str:
        """A text, or a line, without it."""
        clean = self._known.sub(GONE, _FORMS.sub(GONE, _OF_A_LINE.sub(_cut, text)))
        return "".join(each if _HEX.fullmatch(each) else mask(each) for each in _HEX.split(clean))

    def data(self, found: Any) -> Any:
        """The same for every text in lists and objects, however deep."""
        if isinstance(found, str):
            return self.text(found)
        if isinstance(found, dict):
            return {str(key): self.data(value) for key, value in found.items()}
        return [self.data(each) for each in found] if isinstance(found, list | tuple) else found


def _cut(found: re.Match[str]) -> str:
    return f"{found[0].partition(':')[0]}: {GONE}"


def without_typed(report: dict[str, Any]) -> dict[str, Any]:
    """The set-up's report without what somebody typed: line and key always, the sentence where it names nobody."""
    problems = []
    for each in report.get("problems", []):
        section = str(each.get("where", "")).partition(".")[0]
        # Without its "Line 7:", which the scrubber takes for a line of the log.
        words = _QUOTED.sub('"..."', re.sub(r"^Line \d+: ", "", str(each.get("words", ""))))
        problems.append({**each, "words": words if section in _SAYS_NO_NAME else GONE})
    return {**report, "problems": problems}


def bare_address(url: str) -> str:
    """An address of the web without name, password, question and mark."""
    with suppress(ValueError):
        parts = urlsplit(url)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}" if parts.scheme else ""
    return GONE
