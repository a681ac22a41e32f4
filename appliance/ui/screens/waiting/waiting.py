"""The page of waiting sales."""

from __future__ import annotations

from collections.abc import Callable

from appliance.domain.approval import Approval
from appliance.domain.oversold import Way
from appliance.till.errors import ApprovalNeededError
from appliance.till.putting_right import Question, Stuck
from appliance.till.sold_twice import SoldTwice
from appliance.till.waiting import UnprintedReceipt, WaitingView
from appliance.ui.counter import Counter
from appliance.ui.desk import Desk
from appliance.ui.marks import Area, split
from appliance.ui.screen import Screen
from appliance.ui.screens.approve import ask
from appliance.ui.screens.columns import between, foot, two_columns
from appliance.ui.screens.waiting.cards import Card, CardHands, CardText, cards_of
from appliance.ui.screens.waiting.chip import ChipWords
from appliance.ui.screens.waiting.pages import CARD_ROWS, Page, pages
from appliance.ui.screens.waiting.summary import Summary
from appliance.ui.widgets.header import Header
from appliance.ui.widgets.key import Key
from appliance.ui.widgets.lit_key import LitKey
from appliance.ui.widgets.notice import Notice
from appliance.ui.widgets.plain import Panel
from appliance.ui.widgets.queue_row import QueueRow, QueueText

TRYING_SECONDS = 10.0
"""So long the page says that it tries, after somebody asked; then it says again what the file does."""

LOOK_AGAIN_SECONDS = 5.0


class WaitingSales(Screen):
    """How many wait on the left, what waits on the right, what needs a person first.

    On the large panel the first of those that need a person stands on the left.
    """

    def __init__(self, desk: Desk, counter: Counter) -> None:
        super().__init__(desk)
        self.counter, self.waiting = counter, counter.waiting
        self._back, self._page, self._tried_at = "sell", 0, -TRYING_SECONDS
        self._stop_looking: Callable[[], None] = lambda: None
        self._hands = CardHands(
            self._send_again,
            self._other_ways,
            self._settle,
            self._answer,
            self._try_now,
            self._print_now,
            self._did_print,
        )
        left, right = two_columns(self.look.sizes)
        back, title = self.say("till.sale"), self.say("waiting.title")
        self.add_header(Header(self.look, on_back=self._go_back, back=back, title=title))
        self._build_left(left)
        self._build_right(right)
        self.round_off(left, right)

    def _build_left(self, left: Area) -> None:
        look, sizes = self.look, self.look.sizes
        room = between(left, sizes)
        card = room._replace(
            y=room.bottom - CARD_ROWS * sizes.row + sizes.seam, h=CARD_ROWS * sizes.row - sizes.seam
        )
        self.summary = self.add(Summary(look, room, self.say))
        self.room_alone, self.room_above = room, room._replace(h=card.y - sizes.seam - room.y)
        self.first_card = Card(look, card) if look.is_large else None
        if self.first_card is not None:
            self.add_all(self.first_card.parts)
        try_now, stick = split(foot(left, sizes), 2)
        self.try_now = self.add(
            Key(look, try_now, self.say("waiting.try_now"), self._try_now, icon="swap", beside=True)
        )
        name = self.say("waiting.stick")
        self.stick = self.add(
            Key(look, stick, name, lambda: self.desk.show("stick"), icon="usb", beside=True)
        )
        foot_of = self.room_above if look.is_large else room
        notice = room._replace(y=foot_of.bottom - 2 * sizes.row + sizes.seam, h=2 * sizes.row - sizes.seam)
        self.notice = self.add(Notice(look, notice))
        self.chip = ChipWords(self.notice, self.desk)

    def _build_right(self, right: Area) -> None:
        look, sizes = self.look, self.look.sizes
        room = between(right, sizes)
        self.height = (room.h + sizes.seam) // sizes.row
        self.add(Panel(look, room))
        tops = [room.y + at * sizes.row for at in range(self.height)]
        areas = [Area(room.x, top, room.w, min(sizes.row, room.bottom - top)) for top in tops]
        self.rows = [self.add(QueueRow(look, area, self._turn)) for area in areas]
        places = range(self.height // CARD_ROWS)
        self.cards = [Card(look, room._replace(y=room.y + at * CARD_ROWS * sizes.row)) for at in places]
        for card in self.cards:
            self.add_all(card.parts)
        back = self.say("waiting.back")
        self.add(LitKey(look, foot(right, sizes), back, lambda: self.desk.show("sell"), icon="send"))

    # life

    def enter(self, **why: object) -> None:
        """`back` names the screen that the arrow leads to, the sell screen without it."""
        self._back = str(why.get("back", "sell"))
        self._page = 0
        self.notice.change(is_shown=False)
        self.chip.forget()
        self._look_again()

    def _look_again(self) -> None:
        """The next try comes nearer without anything being written."""
        self.refresh()
        self._stop_looking = self.desk.after(LOOK_AGAIN_SECONDS, self._look_again)

    def refresh(self) -> None:
        """Read again what waits."""
        self.chip.tell(self.desk.header)
        view = self.waiting.view()
        cards = cards_of(view, self.say, self._hands)
        self._fill_left(view, cards)
        rest = cards[1:] if self.first_card is not None else cards
        spread = pages(len(rest), len(view.waiting), self.height)
        self._page = min(self._page, len(spread) - 1)
        self._fill_page(view, rest, spread[self._page], is_last=self._page == len(spread) - 1)

    def leave(self) -> None:
        """Stop looking again."""
        self._stop_looking()

    def complain(self, sentence: str) -> None:
        """Say it over the summary's foot."""
        super().complain(sentence)
        self.notice.say("stop", sentence, self.desk.seconds())

    # what the fingers do

    def _go_back(self) -> None:
        self.desk.show(self._back)

    def _turn(self) -> None:
        view = self.waiting.view()
        cards = len(cards_of(view, self.say, self._hands)) - bool(self.first_card)
        self._page = (self._page + 1) % len(pages(max(cards, 0), len(view.waiting), self.height))
        self.refresh()

    def _try_now(self) -> None:
        self._tried_at = self.desk.seconds()
        self._do(self.waiting.try_now)

    def _send_again(self, stuck: Stuck) -> None:
        self._do(lambda: self.waiting.putting_right.send_again(stuck))

    def _other_ways(self, stuck: Stuck) -> None:
        self.desk.show("stuck", stuck=stuck)

    def _settle(self, unit: SoldTwice, way: Way) -> None:
        self.desk.show("oversold", oversold_id=unit.oversold_id, way=way)

    def _answer(self, question: Question, yes: bool) -> None:
        """A manager answers; coming back from that, the page is filled anew."""

        def answer(approval: Approval | None = None) -> None:
            person = self.counter.selling.signed_in()
            self.waiting.putting_right.answer(question, person, yes=yes, approval=approval)

        try:
            self._do(answer)
        except ApprovalNeededError as needed:
            ask(self.desk, needed, answer)

    def _print_now(self, receipt: UnprintedReceipt) -> None:
        sale_id = receipt.job.sale_id
        if receipt.copy and sale_id is not None and self._is_listed(receipt):
            self._do(lambda: self.counter.reprinting.receipt(sale_id))
        else:
            self._do(lambda: self.waiting.print_again(receipt))
        if problem := self.counter.printing.problem():
            note = self.say("waiting.when_back")
            self.notice.say("look", problem, self.desk.seconds(), notes=(note,), icon="printer")

    def _is_listed(self, receipt: UnprintedReceipt) -> bool:
        """Whether it did not come out, and nobody saw to it, since the list was read."""
        open_ids = [job.job_id for job in self.counter.printing.unprinted()]
        return receipt.job.job_id in open_ids

    def _did_print(self, receipt: UnprintedReceipt) -> None:
        self._do(lambda: self.waiting.dismiss(receipt))

    def _do(self, what: Callable[[], object]) -> None:
        """Do it and show what has become of it; a refusal is said in a band."""
        self.notice.change(is_shown=False)
        try:
            what()
        except ApprovalNeededError:
            raise
        except self.counter.refusals as refused:
            self.complain(str(refused))
        self.refresh()

    # what is shown

    def _fill_left(self, view: WaitingView, cards: list[CardText]) -> None:
        is_trying = self.desk.seconds() < self._tried_at + TRYING_SECONDS
        can_try = bool(view.count) or not view.reachable
        next_try = self.say("waiting.trying") if is_trying else view.next_try
        self.summary.change(view=view, next_try=next_try if can_try else "")
        self.try_now.change(is_off=is_trying or not can_try)
        self.stick.change(is_off=self.waiting.safety.view() is None)
        if self.first_card is not None:
            self.first_card.fill(cards[0] if cards else None, self.desk.seconds())
            room = self.room_above if cards else self.room_alone
            self.summary.change(area=room)
            notice = self.notice.area._replace(y=room.bottom - self.notice.area.h)
            self.notice.change(area=notice, target=notice)

    def _fill_page(self, view: WaitingView, cards: list[CardText], page: Page, *, is_last: bool) -> None:
        shown = [cards[at] for at in page.cards]
        for place, card in enumerate(self.cards):
            card.fill(shown[place] if place < len(shown) else None, self.desk.seconds())
        texts: list[QueueText | None] = [None] * (CARD_ROWS * len(shown))
        for at in page.rows:
            row = view.waiting[at]
            texts.append(QueueText(row.receipt_number, row.note, row.total_text))
        texts += [None] * (self.height - len(texts))
        caption = self._caption(view, cards, page, is_last=is_last) if page.has_caption else ""
        for at, (part, text) in enumerate(zip(self.rows, texts, strict=True)):
            part.change(
                text=text, caption=caption if at == self.height - 1 else "", icon="up" if is_last else "down"
            )

    def _caption(self, view: WaitingView, cards: list[CardText], page: Page, *, is_last: bool) -> str:
        if is_last:
            return self.say("waiting.first")
        more = len(cards) - page.cards.stop
        return self.say.count("waiting.needs", more) if more else self.waiting.more_text(view, page.rows.stop)
