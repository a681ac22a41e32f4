"""One of many: letters narrow the list, a tap takes one; the Wi-Fis come in while it is looked at."""

import re

from appliance.domain.countries import CURRENCIES
from appliance.till.questions import CURRENCY, WIFI_NAME, WIFI_PASSWORD, ZONE
from appliance.ui.desk import Desk
from appliance.ui.marks import Area, split
from appliance.ui.screens.set_up.walk import StepPage, Walk
from appliance.ui.typed import typed
from appliance.ui.widgets.board import NAMES, Board
from appliance.ui.widgets.field import Field
from appliance.ui.widgets.lines import LineList, LineText
from appliance.ui.widgets.lit_key import LitKey

LONGEST = 32
"""As long as the name of a Wi-Fi can be (IEEE 802.11)."""
LISTEN_AGAIN_SECONDS = 5.0
Option = tuple[str, str, str]
"""What is kept, its name, and a note."""


class Choosing(StepPage):
    """Countries, time zones, currencies or Wi-Fis over a keyboard; the best hit is on the lit key.

    A Wi-Fi that is not in the list can be typed: it may be hidden, or out of reach now.
    """

    def __init__(self, desk: Desk, walk: Walk) -> None:
        super().__init__(desk, walk, "choosing")
        self._what, self._text = "country", ""
        self._options: list[Option] = []
        self._hits: list[Option] = []
        self._first = 0
        self._listened_at = 0.0
        look, sizes = self.look, self.look.sizes
        block = Area(sizes.margin, sizes.head, sizes.width - 2 * sizes.margin, sizes.body)
        field = block._replace(h=sizes.row - sizes.seam)
        self.field = self.add(Field(look, field, icon="search", on_clear=self._clear, on_more=self._turn))
        letters = (4 if look.is_large else 3) * sizes.row
        keyboard = Area(block.x, sizes.slab_top - letters, block.w, letters - sizes.seam)
        top = sizes.head + sizes.row
        rows = (keyboard.y - top) // sizes.row
        hits = Area(block.x, top, block.w, rows * sizes.row - sizes.seam)
        self.list = LineList(look, hits, rows, self._take, has_quantity=False)
        base = Area(block.x, sizes.slab_top, block.w, sizes.slab)
        left, lit = split(base, (758, 500) if look.is_large else (344, 442))
        self.board = Board(look, keyboard, left, self.say, self._press)
        self.add_all([*self.list.parts, *self.board.parts])
        self.lit = self.add(
            LitKey(look, lit, self.say("set_up.take"), lambda: self._take(self._first), icon="check")
        )
        self.add_notice()
        self.round_off(block)

    def enter(self, **why: object) -> None:
        """Shown for "country", "zone", "currency" or "wifi" (`what`)."""
        self._what, self._text = str(why.get("what", "country")), ""
        if self.header is not None:
            self.header.lead.change(title=self.say(f"set_up.{self._what}"))
        self._options = self._all()
        self.board.begin(NAMES)
        self._listened_at = self.desk.seconds()
        self._search()

    def go_back(self) -> None:
        """To the page that asked."""
        self.walk.go(self.desk, "network" if self._what == "wifi" else "place")

    def refresh(self) -> None:
        """A Wi-Fi that is heard later comes below: nothing moves under a finger."""
        if self._what != "wifi":
            return
        new = [each for each in self._all() if each not in self._options]
        if new:
            self._options += new
            self._search(self._first)
        elif not self._options and self.desk.seconds() >= self._listened_at + LISTEN_AGAIN_SECONDS:
            self._listened_at = self.desk.seconds()
            self.walk.hands.listen()

    def _all(self) -> list[Option]:
        countries = self.setting_up.around.countries
        if self._what == "wifi":
            return [(each, each, "") for each in self.walk.hands.wifis()]
        if self._what == "currency":
            return [(each, each, self.say(f"set_up.money_{each}")) for each in CURRENCIES]
        if self._what == "country":
            return [(each.code, each.name, each.zones[0]) for each in countries]
        here = self.setting_up.country
        zones = [(zone, zone, each.name) for each in countries for zone in each.zones]
        own = [option for option, each in zip(zones, self._owners(), strict=True) if each == here]
        return [*own, *sorted(each for each in zones if each not in own)]

    def _owners(self) -> list[str]:
        return [each.code for each in self.setting_up.around.countries for _zone in each.zones]

    def _press(self, key: str) -> None:
        self._text = typed(self._text, key, LONGEST)
        self._search()

    def _clear(self) -> None:
        self._text = ""
        self._search()

    def _turn(self) -> None:
        rows = len(self.list.rows)
        self._first = self._first + rows if self._first + rows < len(self._hits) else 0
        self._fill()

    def _search(self, first: int = 0) -> None:
        """What has a word that begins so before what has it inside."""
        asked = self._text.casefold().strip()
        found = [each for each in self._options if asked in f"{each[1]} {each[0]} {each[2]}".casefold()]
        self._hits = sorted(found, key=lambda each: not _has_word(each[1].casefold(), asked))
        own = self._text.strip()
        if self._what == "wifi" and own and all(name != own for name, _, _ in self._hits):
            self._hits.append((own, own, self.say("set_up.wifi_typed")))
        self._first = first
        self._fill()

    def _fill(self) -> None:
        rows, hits = len(self.list.rows), self._hits
        more = "" if len(hits) <= rows else "down" if self._first + rows < len(hits) else "up"
        count = self.say.count("search.found", len(hits))
        self.field.change(
            value=self._text, has_caret=True, count=count, more=more, can_clear=bool(self._text)
        )
        shown = list(enumerate(hits))[self._first : self._first + rows]
        lines = [LineText(at, name, note=note if note != name else "") for at, (_, name, note) in shown]
        self.list.fill(lines, self._first if shown else None)
        nothing = "set_up.listening" if self._what == "wifi" else "search.nothing"
        self.lit.change(is_lit=bool(shown), note=shown[0][1][1] if shown else self.say(nothing))

    def _take(self, at: int) -> None:
        if at >= len(self._hits):
            return
        chosen = self._hits[at][0]
        if self._what == "wifi":
            self._take_wifi(chosen)
            return
        if self._what == "country":
            self.setting_up.choose_country(chosen)
        else:
            self.setting_up.put(ZONE if self._what == "zone" else CURRENCY, chosen)
        self.go_back()

    def _take_wifi(self, name: str) -> None:
        """On to its password; another's does not fit."""
        if name != self.setting_up.value(WIFI_NAME):
            self.setting_up.put(WIFI_PASSWORD, "")
        self.setting_up.put(WIFI_NAME, name)
        self.walk.go(self.desk, "wifi")


def _has_word(name: str, asked: str) -> bool:
    return any(word.startswith(asked) for word in (name, *re.split(r"[ /_(-]", name)))
