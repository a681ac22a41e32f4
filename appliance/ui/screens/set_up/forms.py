"""Pages with a keyboard: entries at the top, what is typed goes into the chosen one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from appliance.domain.shop_address import SCHEME
from appliance.till.questions import (
    ADDRESS,
    DNS,
    GATEWAY,
    KEY,
    MANAGER,
    PHONE,
    PIN,
    SECRET,
    SERIES,
    SHOP_NAME,
    STRAPLINE,
    STREET,
    TAX_NUMBER,
    TILL_NAME,
    URL,
    WEB,
    WIFI_NAME,
    WIFI_PASSWORD,
    Where,
)
from appliance.ui.desk import Desk
from appliance.ui.marks import Area, Box, Icon, Mark, split, word
from appliance.ui.screens.set_up.walk import StepPage, Walk
from appliance.ui.typed import typed
from appliance.ui.widgets.board import ADDRESSES, NAMES, Board
from appliance.ui.widgets.entry import Entry
from appliance.ui.widgets.lit_key import LitKey
from appliance.ui.widgets.pad import BACKSPACE
from appliance.ui.widgets.plain import Drawing
from appliance.ui.widgets.sentence import wrap

LONGEST = 120
PIN_LENGTH = 4
BESIDE_ICON = 10
HIDDEN = frozenset({WIFI_PASSWORD, PIN, SECRET})
FIGURES = frozenset({PHONE, ADDRESS, GATEWAY, DNS})
"""Where the keyboard begins with its figures."""
AS_ADDRESSES = frozenset({URL, WEB, KEY, SECRET})
LARGE_WORDS = frozenset({SHOP_NAME, STREET, TILL_NAME, MANAGER})
BEGINS_LARGE = LARGE_WORDS | frozenset({STRAPLINE, SERIES, TAX_NUMBER})


@dataclass(frozen=True, slots=True)
class FormPlan:
    """A form: its entries, row by row, and where it leads.

    Attributes:
        rows: what is asked.
        after: of which step it is a part; it goes on and back to that page. "" for a step of its own.
    """

    rows: Sequence[Sequence[Where]]
    after: str = ""


FORMS: Final[Mapping[str, FormPlan]] = {
    "address": FormPlan(((URL,),)),
    "typed-key": FormPlan(((KEY,), (SECRET,)), "key"),
    "name": FormPlan(((SHOP_NAME,), (TILL_NAME, SERIES))),
    "receipt": FormPlan(((STRAPLINE, WEB), (STREET,), (PHONE, TAX_NUMBER))),
    "wifi": FormPlan(((WIFI_NAME,), (WIFI_PASSWORD,)), "network"),
    "fixed": FormPlan(((ADDRESS,), (GATEWAY, DNS)), "network"),
    "manager": FormPlan(((MANAGER, PIN),)),
}


class Form(StepPage):
    """Entries and a keyboard; the lit key leads to the next entry that is missing, and then on."""

    def __init__(self, desk: Desk, walk: Walk, plan: FormPlan) -> None:
        name = next(each for each, form in FORMS.items() if form is plan)
        super().__init__(desk, walk, name)
        self._plan = plan
        self._wheres = tuple(where for row in plan.rows for where in row)
        self._chosen = self._wheres[0]
        self._is_asked = False
        sizes = self.look.sizes
        width = sizes.width - 2 * sizes.margin
        block = Area(sizes.margin, sizes.head, width, sizes.body)
        letters = (4 if self.look.is_large else 3) * sizes.row
        keyboard = Area(block.x, sizes.slab_top - letters, width, letters - sizes.seam)
        self.entries = dict(self._build_entries(block))
        rest = sizes.head + len(plan.rows) * sizes.row
        self.hint = self.add(
            Drawing(self.look, Area(block.x, rest, width, keyboard.y - sizes.seam - rest), self._draw)
        )
        *left, lit = split(
            Area(block.x, sizes.slab_top, width, sizes.slab), (758, 500) if self.look.is_large else (344, 442)
        )
        self.board = Board(self.look, keyboard, left[0], self.say, self._press)
        self.add_all(self.board.parts)
        self.lit = self.add(LitKey(self.look, lit, self.say("set_up.next"), self.go_on, icon="next"))
        self.add_notice()
        self.round_off(block)

    def _build_entries(self, block: Area) -> list[tuple[Where, Entry]]:
        sizes, made = self.look.sizes, []
        for row, wheres in enumerate(self._plan.rows):
            line = Area(block.x, block.y + row * sizes.row, block.w, sizes.row - sizes.seam)
            for where, cell in zip(wheres, split(line, len(wheres)), strict=True):
                made.append((where, self.add(self._entry(where, cell))))
        return made

    def _entry(self, where: Where, area: Area) -> Entry:
        label = self.say(f"set_up.{'_'.join(where)}")
        entry = Entry(self.look, area, label, lambda: self._choose(where), self._clear)
        entry.hint, entry.is_hidden = self.say(f"set_up.{'_'.join(where)}_hint"), where in HIDDEN
        return entry

    # life

    def enter(self, **why: object) -> None:
        """Shown: at the first entry that is missing."""
        self._is_asked = False
        self.notice.change(is_shown=False)
        if URL in self._wheres and not self.setting_up.value(URL):
            self.setting_up.put(URL, SCHEME)
        self._choose(next(iter(self._missing()), self._wheres[0]))

    def go_back(self) -> None:
        """To the page that this one belongs to, or to the step before."""
        if self._plan.after:
            self.setting_up.keep()
            self.walk.go(self.desk, self._plan.after)
        else:
            super().go_back()

    def go_on(self) -> None:
        """The lit key: what is missing or wrong is chosen and said, else on."""
        missing = self._missing()
        if missing and self._chosen not in missing:
            self._choose(missing[0])
            return
        self._is_asked = True
        wrong = self._wrong()
        if wrong:
            self.desk.play("refused")
            self._choose(next(iter(wrong)))
        elif self._plan.after:
            self.setting_up.keep()
            self.walk.go(self.desk, self._plan.after)
        else:
            super().go_on()

    def on_barcode(self, text: str, symbology: str | None) -> None:
        """The shop's key and a Wi-Fi have their places; what else is scanned fills the chosen entry."""
        where = self.setting_up.take_scan(text)
        self.desk.play("scanned")
        if where in ("key", "network"):
            self.walk.go(self.desk, where)
            return
        if self._chosen != URL:
            self.setting_up.put(self._chosen, text.strip()[:LONGEST])
        self._fill()

    # what the fingers do

    def _choose(self, where: Where) -> None:
        self._chosen = where
        value = self.setting_up.value(where)
        self.board.begin(
            ADDRESSES if where in AS_ADDRESSES else NAMES,
            with_figures=where in FIGURES,
            only_figures=where == PIN,
            is_large=where in BEGINS_LARGE and not value,
            has_large_words=where in LARGE_WORDS,
        )
        self._fill()

    def _press(self, key: str) -> None:
        text = self.setting_up.value(self._chosen)
        is_pin = self._chosen == PIN
        if not is_pin or key.isdigit() or key == BACKSPACE:
            text = typed(text, key, PIN_LENGTH if is_pin else LONGEST)
        self._is_asked = False
        self.setting_up.put(self._chosen, text)
        self._fill()

    def _clear(self) -> None:
        self.setting_up.put(self._chosen, SCHEME if self._chosen == URL else "")
        self._fill()

    # what is shown

    def _missing(self) -> list[Where]:
        """What must be typed; a Wi-Fi without its password is one."""
        missing = self.setting_up.missing(self._wheres)
        if URL in self._wheres and self.setting_up.value(URL) == SCHEME:
            missing.append(URL)
        return missing

    def _wrong(self) -> dict[Where, str]:
        missing = {where: self.say("set_up.missing") for where in self._missing()}
        return missing | self.setting_up.wrong(self._wheres)

    def _fill(self) -> None:
        wrong = self._wrong() if self._is_asked else {}
        for where, entry in self.entries.items():
            entry.change(
                value=self.setting_up.value(where), is_chosen=where == self._chosen, is_wrong=where in wrong
            )
        self.hint.change(is_stale=True)
        is_ready = not self._missing()
        self.lit.change(is_lit=is_ready or self.setting_up.value(self._chosen).strip() not in ("", SCHEME))

    def _draw(self) -> list[Mark]:
        """What is wrong with the chosen entry, or else what to know about it."""
        area, sizes = self.hint.area, self.look.sizes
        wrong = self._wrong().get(self._chosen, "") if self._is_asked else ""
        about = wrong or self.say(f"set_up.{'_'.join(self._chosen)}_about")
        bed, ink, sign = ("coral-bed", "coral", "stop") if wrong else ("panel", "sand", "info")
        x = area.x + sizes.inner + sizes.icon + BESIDE_ICON
        lines = wrap(self.look, about, "Medium", sizes.text, area.right - sizes.inner - x)
        top = area.y + sizes.row / 2 - sizes.text.line / 2
        band = min(area.h, sizes.row - sizes.seam + (len(lines) - 1) * sizes.text.line)
        marks: list[Mark] = [Box(area, "panel"), Box(area._replace(h=band), bed)]
        marks.append(Icon(area.x + sizes.inner, area.y + (sizes.row - sizes.icon) / 2, sign, sizes.icon, ink))
        for at, line in enumerate(lines):
            y = top + at * sizes.text.line
            if y + sizes.text.line <= area.bottom:
                marks.append(word(line, x, y, "Medium", sizes.text, "ivory" if wrong else "sand"))
        return marks
