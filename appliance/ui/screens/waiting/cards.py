"""What needs a person, as cards with two ways out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from appliance.domain.oversold import Way
from appliance.till.putting_right import Asked, Question, Stuck
from appliance.till.sold_twice import Party, SoldTwice
from appliance.till.waiting import UnprintedReceipt, WaitingView
from appliance.ui.marks import Area, split
from appliance.ui.screens.waiting.pages import CARD_ROWS
from appliance.ui.strings import Words
from appliance.ui.theme import Look
from appliance.ui.widgets.band import GAP, Band, bed_of
from appliance.ui.widgets.key import Key
from appliance.ui.widgets.part import Part
from appliance.ui.widgets.plain import Panel
from appliance.ui.widgets.sentence import wrap

Do = Callable[[], None]


@dataclass(frozen=True, slots=True)
class WayOut:
    """A key of a card."""

    text: str
    icon: str
    do: Do


@dataclass(frozen=True, slots=True)
class CardText:
    """What a card says."""

    icon: str
    title: str
    notes: tuple[str, ...]
    amount: str
    ways: tuple[WayOut, WayOut]


@dataclass(frozen=True, slots=True)
class CardHands:
    """What the ways out do."""

    send_again: Callable[[Stuck], None]
    other_ways: Callable[[Stuck], None]
    settle: Callable[[SoldTwice, Way], None]
    answer: Callable[[Question, bool], None]
    look_again: Do
    print_now: Callable[[UnprintedReceipt], None]
    did_print: Callable[[UnprintedReceipt], None]


def cards_of(view: WaitingView, say: Words, hands: CardHands) -> list[CardText]:
    """All cards: about the shop as a whole first, then refused by it, then sold twice, then paper."""
    return [
        *(_question(each, say, hands) for each in view.questions),
        *(_parked(each, say, hands) for each in view.parked),
        *(_oversold(each, say, hands) for each in view.oversold),
        *(_unprinted(each, say, hands) for each in view.unprinted),
    ]


def _question(question: Question, say: Words, hands: CardHands) -> CardText:
    """Nothing is done about it before a manager says so."""
    if question.asked is Asked.VANISHED:
        yes = WayOut(say("waiting.are_gone"), "check", lambda: hands.answer(question, True))
        no = WayOut(say("waiting.look_again"), "swap", hands.look_again)
    else:
        yes = WayOut(say("waiting.tell_again"), "send", lambda: hands.answer(question, True))
        no = WayOut(say("waiting.leave_so"), "close", lambda: hands.answer(question, False))
    return CardText("globe", question.title, (question.note,), "", (yes, no))


def _parked(stuck: Stuck, say: Words, hands: CardHands) -> CardText:
    """What the shop has otherwise than it was sold is not sent a second time: it is looked at again."""
    name = "waiting.look_again" if stuck.in_shop else "waiting.send_again"
    again = WayOut(say(name), "swap", lambda: hands.send_again(stuck))
    other = WayOut(say("waiting.other_ways"), "more", lambda: hands.other_ways(stuck))
    return CardText("warn", stuck.title, (stuck.reason,), stuck.total_text, (again, other))


def _oversold(unit: SoldTwice, say: Words, hands: CardHands) -> CardText:
    """Both parties by name, a line each. Either key leads to the page of the ways; nothing is settled here."""
    ways = WayOut(say("waiting.ways"), "more", lambda: hands.settle(unit, Way.BACK_ORDER))
    found = WayOut(say("waiting.found"), "check", lambda: hands.settle(unit, Way.FOUND))
    notes = (unit.count_text, _party(unit.online), _party(unit.here))
    return CardText("warn", unit.title, notes, "", (ways, found))


def _party(party: Party) -> str:
    return " · ".join(each for each in (party.title, party.name, party.note) if each)


def _unprinted(receipt: UnprintedReceipt, say: Words, hands: CardHands) -> CardText:
    name = "waiting.maybe_printed" if receipt.copy else "waiting.not_printed"
    now = WayOut(say("waiting.print_now"), "printer", lambda: hands.print_now(receipt))
    other = ("waiting.did_print", "check") if receipt.copy else ("waiting.not_wanted", "close")
    did = WayOut(say(other[0]), other[1], lambda: hands.did_print(receipt))
    return CardText("printer", say(name, title=receipt.title), (receipt.reason,), "", (now, did))


class Card:
    """A band of two rows and a row of two keys. Not a part itself: add its `parts`."""

    def __init__(self, look: Look, area: Area) -> None:
        sizes = look.sizes
        self._look = look
        # The seams of a card are ground, whatever it covers.
        self.bed = Panel(look, area._replace(h=CARD_ROWS * sizes.row), "ground")
        self.band = Band(look, area._replace(h=(CARD_ROWS - 1) * sizes.row - sizes.seam), "look")
        row = Area(area.x, area.y + (CARD_ROWS - 1) * sizes.row, area.w, sizes.row - sizes.seam)
        bed = bed_of("look")
        self.keys = [Key(look, cell, " ", beside=True, bed=bed) for cell in split(row, 2)]
        self.fill(None, 0.0)

    @property
    def parts(self) -> Sequence[Part]:
        """What to add to the screen, over the rows that it covers."""
        return [self.bed, self.band, *self.keys]

    def fill(self, text: CardText | None, now: float) -> None:
        """Show another card, or none."""
        for part in self.parts:
            part.show(text is not None, now)
        if text is None:
            return
        is_new = text.title != self.band.title
        for key, way in zip(self.keys, text.ways, strict=True):
            if is_new:
                # Another card under a finger that meant the last one: its keys wait a moment.
                key.appeared_at, key.guards_always = now, True
            key.on_tap = way.do
            key.change(text=way.text, name=way.text, icon=way.icon, is_off=False)
        self.band.change(icon=text.icon, title=text.title, notes=self._notes(text), amount=text.amount)

    def _notes(self, text: CardText) -> tuple[str, ...]:
        """A single note may take two lines; several have one each."""
        look, sizes = self._look, self._look.sizes
        room = self.band.area.w - 2 * sizes.inner - sizes.icon_large - GAP
        if text.amount:
            room -= look.width_of(text.amount, "SemiBold", sizes.num) + GAP
        if len(text.notes) > 1:
            return text.notes
        return tuple(wrap(look, text.notes[0], "Medium", sizes.note, room, 2))
