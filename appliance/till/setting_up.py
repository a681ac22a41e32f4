"""Setting a new till up by touch: what was typed so far, what is wrong or missing, and in which order it is asked.

The settings are those of ``till.toml``, under its own names, and who checks them is passed in: the same checks with the
same words as for a file that was typed on a PC. Secrets stay in memory; everything else is kept after each step, so
that a power cut costs at most the shop's key and two passwords.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from appliance.domain.countries import Country, country_of
from appliance.domain.shop_address import address_in, is_address, key_page, keys_in
from appliance.domain.wifi_code import wifi_in
from appliance.till.mistakes import Mistakes
from appliance.till.questions import (
    ADDRESS,
    ASKED,
    CURRENCY,
    KEY,
    LAYOUT,
    MANAGER,
    NUMBERS,
    PIN,
    ROTATION,
    SECRET,
    STEPS,
    URL,
    WIFI_COUNTRY,
    WIFI_NAME,
    WIFI_PASSWORD,
    ZONE,
    Where,
)

Sections = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class FoundPrinter:
    """A receipt printer that is plugged in: what it calls itself, and what ``printer.match`` says to mean it."""

    name: str
    match: str


@dataclass(frozen=True, slots=True)
class Around:
    """What setting up stands on; the program passes it in.

    Attributes:
        wrong: section, key and sentence of each mistake in some sections.
        secrets: settings that are never kept in a draft.
        wanted: what a till cannot begin without.
        begin: what is on the card already, typed on a PC.
        draft: what was typed here before the power went.
        defaults: what holds where nothing is typed.
        keep: puts a draft by, without secrets.
        give: hands everything over to whoever checks and keeps it.
        outcome: what came of that: None while it is under way.
        countries: where a till may stand.
        has_key, has_manager: these need not be typed any more. has_wifi: there is a radio.
    """

    wrong: Callable[[Sections], Iterable[tuple[str, str, str]]]
    secrets: frozenset[Where]
    wanted: frozenset[Where]
    begin: Sections = field(default_factory=dict)
    draft: Sections = field(default_factory=dict)
    defaults: Sections = field(default_factory=dict)
    keep: Callable[[Sections], None] = lambda _sections: None
    give: Callable[[Sections], None] = lambda _sections: None
    outcome: Callable[[], Mistakes | None] = lambda: None
    countries: tuple[Country, ...] = ()
    has_key: bool = False
    has_manager: bool = False
    has_wifi: bool = True


class SettingUp:
    """What was typed so far."""

    def __init__(self, around: Around) -> None:
        self.around = around
        self._typed: dict[Where, str] = {
            (section, key): str(value)
            for sections in (around.begin, around.draft)
            for section, keys in sections.items()
            for key, value in keys.items()
            if (section, key) in ASKED
        }
        self.country = self._typed.get(WIFI_COUNTRY, "")

    def value(self, where: Where) -> str:
        """What is typed there, or holds without."""
        if where in self._typed:
            return self._typed[where]
        section, key = where
        return "" if self.is_wanted(where) else str(self.around.defaults.get(section, {}).get(key, ""))

    def is_wanted(self, where: Where) -> bool:
        """Whether a till cannot begin without it."""
        if where in (KEY, SECRET):
            return not self.around.has_key or any(self._typed.get(each) for each in (KEY, SECRET))
        if where in (MANAGER, PIN):
            return not self.around.has_manager or any(self._typed.get(each) for each in (MANAGER, PIN))
        if where == WIFI_PASSWORD:
            name = self._typed.get(WIFI_NAME, "").strip()
            return bool(name) and name != self.around.begin.get("network", {}).get("wifi_name")
        return where in self.around.wanted

    @property
    def rotation(self) -> int:
        """Degrees that the picture is turned by."""
        return int(self.value(ROTATION) or 0)

    @property
    def scanner(self) -> str:
        """Which scanner is this till's, where a file says so; "" for the first that is found."""
        return str(self.around.begin.get("scanner", {}).get("match", ""))

    @property
    def has_begun(self) -> bool:
        """Whether anything was typed that a till cannot begin without."""
        return any(self._typed.get(each) for each in self.around.wanted)

    def put(self, where: Where, value: str) -> None:
        """Type something."""
        self._typed[where] = value

    def keep(self) -> None:
        """A step is done: put by what a power cut must not take."""
        self._tidy()
        self.around.keep(self._sections(self.around.secrets))

    def take_scan(self, text: str) -> str:
        """Take what a scanner read, wherever it belongs; says where that was: "key", "address", "network" or ""."""
        if found := keys_in(text):
            self._typed[KEY], self._typed[SECRET] = found
            return "key"
        if is_address(text):
            self._typed[URL] = address_in(text)
            return "address"
        if wifi := wifi_in(text):
            self._typed[WIFI_NAME], self._typed[WIFI_PASSWORD] = wifi
            return "network"
        return ""

    def take_layout(self, texts: Mapping[str, str]) -> str:
        """Which keyboard the scanner types on, if a scan makes sense as one: its name, else "".

        Args:
            texts: the scan, as each layout reads it.
        """
        found = [name for name, text in texts.items() if keys_in(text) or is_address(text) or wifi_in(text)]
        if not found or (own := self.value(LAYOUT)) in found:
            return own if found else ""
        self._typed[LAYOUT] = found[0]
        return found[0]

    @property
    def has_key(self) -> bool:
        """Whether the shop's key is there, and right."""
        if not self._typed.get(KEY) and not self._typed.get(SECRET):
            return self.around.has_key
        return not self.missing((KEY, SECRET)) and not self.wrong((KEY, SECRET))

    @property
    def has_network(self) -> bool:
        """Whether another way than a cable was chosen."""
        return any(self.value(each) for each in (WIFI_NAME, ADDRESS))

    @property
    def key_page(self) -> str:
        """Where the shop makes a key: what an owner's telephone opens."""
        return key_page(self.value(URL))

    def missing(self, wheres: Iterable[Where]) -> list[Where]:
        """Of these, what must still be typed."""
        return [each for each in wheres if self.is_wanted(each) and not self.value(each).strip()]

    def wrong(self, wheres: Iterable[Where]) -> dict[Where, str]:
        """Of these, what is wrong, each with its sentence."""
        asked = set(wheres)
        return {
            (section, key): words[:1].upper() + words[1:]
            for section, key, words in self.around.wrong(self._sections())
            if (section, key) in asked
        }

    def is_done(self, step: str) -> bool:
        """Whether nothing of a step is missing or wrong."""
        wheres = STEPS[step]
        return not self.missing(wheres) and not self.wrong(wheres)

    def find_country(self, code: str) -> Country | None:
        """A country by its two letters."""
        return next((each for each in self.around.countries if each.code == code), None)

    def guess_country(self) -> None:
        """Take the country that the shop's address speaks of, if none was chosen."""
        if not self.country:
            self.choose_country(country_of(self.value(URL)))

    def choose_country(self, code: str) -> None:
        """Choose where the till stands: time zone and currency follow."""
        country = self.find_country(code)
        if country is None:
            return
        self.country = code
        self._typed[ZONE] = country.zones[0]
        if country.currency:
            self._typed[CURRENCY] = country.currency

    def hand_over(self) -> None:
        """Give everything to whoever checks and keeps it; ask `around.outcome` what came of it.

        Raises:
            OSError: it could not be written.
        """
        self._tidy()
        emptied = {
            section: {
                key: ""
                for key in keys
                if (section, key) in ASKED and not self._typed.get((section, key), "").strip()
            }
            for section, keys in self.around.begin.items()
        }
        given = self._sections()
        for section, keys in emptied.items():
            given[section] = {**keys, **given.get(section, {})}
        self.around.give({section: keys for section, keys in given.items() if keys})

    def _tidy(self) -> None:
        if URL in self._typed:
            self._typed[URL] = address_in(self._typed[URL])
        if self._typed.get(WIFI_NAME):
            self._typed[WIFI_COUNTRY] = self.country

    def _sections(self, without: frozenset[Where] = frozenset()) -> dict[str, dict[str, Any]]:
        """As till.toml says it; what is empty stays out."""
        sections: dict[str, dict[str, Any]] = {}
        for where, value in self._typed.items():
            section, key = where
            if where not in without and (text := value.strip()):
                sections.setdefault(section, {})[key] = int(text) if where in NUMBERS else text
        return sections
