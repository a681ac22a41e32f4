"""Sold twice: who bought it, how it came about, and the ways out. Nothing is written before the lit key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from appliance.domain.oversold import Buyer, Way
from appliance.till.sold_twice import SoldTwice
from appliance.ui.counter import Counter
from appliance.ui.desk import Desk
from appliance.ui.marks import Area, Box, Icon, Mark, middle, split, word
from appliance.ui.screen import Screen
from appliance.ui.screens.columns import between, foot, top_row, two_columns
from appliance.ui.widgets.buyer_key import BuyerKey
from appliance.ui.widgets.heading import Heading
from appliance.ui.widgets.key import Key
from appliance.ui.widgets.lit_key import LitKey
from appliance.ui.widgets.notice import Notice
from appliance.ui.widgets.plain import Drawing
from appliance.ui.widgets.way_key import WayKey

WAYS: Final = (Way.BACK_ORDER, Way.SWAP, Way.REFUND, Way.OTHER_BRANCH, Way.FOUND)
TIME_COLUMN = 96


class SoldTwicePage(Screen):
    """Both buyers on the left: tap who does without. The ways out on the right."""

    def __init__(self, desk: Desk, counter: Counter) -> None:
        super().__init__(desk)
        self.counter = counter
        self._id, self._unit = 0, None
        self._way, self._without, self._note = WAYS[0], Buyer.ONLINE, ""
        left, right = two_columns(self.look.sizes)
        back, title = self.say("oversold.back"), self.say("oversold.title")
        self.add_page_header(back, title, lambda: "waiting")
        self._build_left(left)
        self._build_right(right)
        self.round_off(left, right)

    _unit: SoldTwice | None

    def _build_left(self, left: Area) -> None:
        look, sizes = self.look, self.look.sizes
        row = top_row(left, sizes)
        self.head = self.add(Heading(look, row))
        self.count = self.add(Drawing(look, row._replace(y=row.y + sizes.row), self._draw_count))
        room = between(left, sizes, 2)
        if look.is_large:
            story = room._replace(y=room.bottom - 5 * sizes.row + sizes.seam, h=5 * sizes.row - sizes.seam)
            cells = split(room._replace(h=story.y - sizes.seam - room.y), 2)
            self.story = self.add(Drawing(look, story, self._draw_story))
        else:
            cells = split(room, 1, 2)
        signs = (Buyer.ONLINE, "globe"), (Buyer.HERE, "bag")
        self.buyers = {
            buyer: self.add(BuyerKey(look, cell, icon, self._chooser(buyer)))
            for (buyer, icon), cell in zip(signs, cells, strict=True)
        }
        note, later = split(foot(left, sizes), 2)
        name = self.say("oversold.note")
        self.note = self.add(Key(look, note, name, self._write, icon="note", beside=True))
        name = self.say("oversold.later")
        self.add(Key(look, later, name, lambda: self.desk.show("waiting"), icon="clock", beside=True))
        self.notice = self.add(Notice(look, self.count.area))

    def _build_right(self, right: Area) -> None:
        look, sizes = self.look, self.look.sizes
        hello = self.say("oversold.ways"), self.say("oversold.nothing_yet")
        self.add(Heading(look, top_row(right, sizes), *hello))
        cells = split(between(right, sizes, 1), 1, len(WAYS))
        self.ways = {
            way: self.add(WayKey(look, cell, self._taker(way))) for way, cell in zip(WAYS, cells, strict=True)
        }
        self.lit = self.add(LitKey(look, foot(right, sizes), " ", self._settle, icon="send"))

    # life

    def enter(self, **why: object) -> None:
        """Shown for one (`oversold_id`), with a `way` chosen or not; or again, after its note was written."""
        oversold_id, way = why.get("oversold_id"), why.get("way")
        if isinstance(oversold_id, int):
            self._id, self._note = oversold_id, ""
            self._way = way if isinstance(way, Way) else WAYS[0]
            self._without = Buyer.ONLINE
            unit = self._read()
            if unit is not None and not unit.order_number:
                self._without = Buyer.HERE
        self.notice.change(is_shown=False)
        self.refresh()

    def refresh(self) -> None:
        """Read it again; go back to what waits if somebody has seen to it."""
        self._unit = self._read()
        if self._unit is None:
            self.desk.show("waiting")
            return
        self._fill(self._unit)

    def complain(self, sentence: str) -> None:
        """Say it over how many were sold."""
        super().complain(sentence)
        self.notice.say("stop", sentence, self.desk.seconds())

    def _read(self) -> SoldTwice | None:
        return next((each for each in self.counter.waiting.oversold() if each.oversold_id == self._id), None)

    # what the fingers do

    def _chooser(self, buyer: Buyer) -> Callable[[], None]:
        def choose() -> None:
            self._without = buyer
            self.refresh()

        return choose

    def _taker(self, way: Way) -> Callable[[], None]:
        def take() -> None:
            self._way = way
            self.refresh()

        return take

    def _write(self) -> None:
        unit = self._unit
        if unit is not None:
            about = self.say("oversold.note_about", name=unit.title)
            self.desk.show("note", back="oversold", text=self._note, about=about, done=self._keep_note)

    def _keep_note(self, text: str) -> None:
        self._note = text

    def _settle(self) -> None:
        unit = self._unit
        if unit is None:
            return
        try:
            person = self.counter.selling.signed_in()
            self.counter.settling.settle(unit.oversold_id, person, self._way, self._note, self._without)
        except self.counter.refusals as refused:
            self.complain(str(refused))
            return
        self.desk.play("done")
        if self._way is Way.REFUND and self._without is Buyer.HERE:
            self.desk.show("return", sale_id=unit.sale_id)
        else:
            self.desk.show("waiting")

    # what is shown

    def _fill(self, unit: SoldTwice) -> None:
        online, here = unit.online, unit.here
        self.buyers[Buyer.ONLINE].change(
            strong=online.name,
            quiet=online.title,
            note=online.note,
            hint=online.hint,
            is_off=not unit.order_number,
        )
        self.buyers[Buyer.HERE].change(strong=here.title, quiet=here.name, note=here.note, hint=here.hint)
        for buyer, key in self.buyers.items():
            key.change(is_chosen=buyer is self._without)
        for way, way_key in self.ways.items():
            way_key.change(
                text=self.say(f"oversold.{_name(way)}"),
                note=self._note_of(unit, way),
                is_chosen=way is self._way,
            )
        self.note.change(is_chosen=bool(self._note))
        self.lit.change(verb=self.say(f"oversold.{_name(self._way)}"), note=self._what_happens(unit))
        self.head.change(strong=unit.title, quiet=unit.number)
        self.count.change(is_stale=True)
        if self.look.is_large:
            self.story.change(is_stale=True)

    def _note_of(self, unit: SoldTwice, way: Way) -> str:
        name = f"oversold.{_name(way)}_{self._without.value}"
        return self.say(name, number=unit.order_number, receipt=unit.here.name)

    def _what_happens(self, unit: SoldTwice) -> str:
        if self._way is Way.REFUND and self._without is Buyer.HERE:
            return self.say("oversold.then_refund")
        if not unit.order_number:
            return self.say("oversold.no_order")
        return self.say("oversold.then_note", number=unit.order_number)

    def _draw_count(self) -> list[Mark]:
        area, sizes = self.count.area, self.look.sizes
        if self._unit is None:
            return []
        x = area.x + sizes.inner + sizes.icon + 10
        return [
            Box(area, "panel"),
            Icon(area.x + sizes.inner, middle(area, sizes.icon), "warn", sizes.icon, "amber"),
            word(self._unit.count_text, x, middle(area, sizes.text.line), "SemiBold", sizes.text),
            word(
                self.say("oversold.who"),
                area.right - sizes.inner,
                middle(area, sizes.note.line),
                "Medium",
                sizes.note,
                "sand",
                "right",
            ),
        ]

    def _draw_story(self) -> list[Mark]:
        look, sizes, area = self.look, self.look.sizes, self.story.area
        marks: list[Mark] = [Box(area, "panel")]
        rows = [("", self.say("oversold.story")), *(self._unit.story if self._unit is not None else ())]
        for at, (time, text) in enumerate(rows):
            row = Area(area.x, area.y + at * sizes.row, area.w, sizes.row - sizes.seam)
            x, top = row.x + TIME_COLUMN, middle(row, sizes.text.line)
            face = "Medium" if time else "SemiBold"
            taken = max(0, look.width_of(time, "Medium", sizes.text.px) + 2 * sizes.inner - TIME_COLUMN)
            said = look.fit(text, face, sizes.text.px, row.right - sizes.inner - x - taken)
            marks.append(word(time, row.x + sizes.inner, top, "Medium", sizes.text, "sand"))
            marks.append(word(said, x + taken, top, face, sizes.text))
            marks.append(Box(Area(row.x, row.bottom, row.w, sizes.seam), "ground"))
        return marks


def _name(way: Way) -> str:
    return way.value.replace("-", "_")
