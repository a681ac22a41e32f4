"""The section of ``till.toml`` about the customer's display."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from appliance.settings.errors import SettingsError

_KINDS: Final = ("", "escpos", "cd5220")
_BAUDS: Final = (1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200)
_PAGES: Final = ("437", "850", "852", "858", "860", "863", "865", "866", "1252")


@dataclass(frozen=True, slots=True)
class DisplaySettings:
    """The customer's display: two lines of 20 characters on a serial adapter.

    Attributes:
        kind: the commands that it understands; "" where there is none.
        match: which adapter it hangs on; "" takes the first.
        baud: its speed. code_page: the characters that it has.
        greeting: what it says above the shop's name while nobody is served.
    """

    kind: str
    match: str
    baud: int
    code_page: str
    greeting: str

    def __post_init__(self) -> None:
        for name, value, allowed in (
            ("kind", self.kind, _KINDS),
            ("baud", self.baud, _BAUDS),
            ("code_page", self.code_page, _PAGES),
        ):
            if value not in allowed:
                words = ", ".join(str(each) or '""' for each in allowed)
                raise SettingsError(f"display.{name} must be one of {words}, not {value!r}")
