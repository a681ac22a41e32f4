"""Fills the parts of giving back from what is ticked, found and typed."""

from __future__ import annotations

from appliance.domain.refund import Refund
from appliance.domain.tender import TenderKind
from appliance.till.coming_back import Row
from appliance.till.recognising import Recognised
from appliance.till.refunding import Proof
from appliance.ui.counter import Counter
from appliance.ui.desk import Desk
from appliance.ui.screens.refund.giving import Giving
from appliance.ui.screens.refund.layout import GiveBackLayout
from appliance.ui.screens.refund.left import Page
from appliance.ui.screens.refund.words import Wording
from appliance.ui.widgets.points import Point

TYPING = (Page.FIND, Page.SLIP, Page.CODE, Page.NUMBER)


class Showing:
    """Reads; decides nothing."""

    def __init__(self, layout: GiveBackLayout, giving: Giving, desk: Desk, counter: Counter) -> None:
        self._layout, self._giving, self._desk, self._counter = layout, giving, desk, counter
        self._say, self._wording = desk.say, Wording(desk.say, counter)
        self._currency = counter.currency

    def show(self, page: Page, digits: str) -> None:
        """Bring all parts up to date."""
        now, left = self._desk.seconds(), self._layout.left
        left.turn(page, now)
        if page is Page.LINES:
            self._show_receipt(now)
        self._show_heading(page)
        self._show_row(self._giving.row())
        self._show_typed(page, digits)
        self._show_reasons(page)
        self._show_list(page, now)
        self._show_lit(page, digits)

    def ask_for_slip(self) -> None:
        """Say what the card terminal has to do first."""
        refund = self._giving.plan()
        if refund is not None:
            amount = self._currency.price(self._giving.amount_minor(refund))
            title, note = self._say("return.card_title", amount=amount), self._say("return.card_note")
            self._layout.notice.say("calm", title, self._desk.seconds(), notes=(note,), icon="card")

    # the left block

    def _show_heading(self, page: Page) -> None:
        left, receipt = self._layout.left, self._giving.receipt
        if page is Page.LINES and receipt is not None:
            number = receipt.refundable.completed.receipt_number
            left.head.change(strong=number, quiet=self._wording.when(receipt))
        elif page is Page.LINES:
            left.head.change(strong=self._say("return.without"), quiet="")
        else:
            left.head.change(strong=self._say(f"return.head_{page.value}"), quiet="")

    def _show_receipt(self, now: float) -> None:
        left, receipt, proof = self._layout.left, self._giving.receipt, self._giving.proof
        left.about.show(receipt is not None, now)
        left.told.show(receipt is None, now)
        asks = receipt is not None and proof is not Proof.GENUINE
        left.prove.show(asks, now)
        kind = "wrong" if proof is Proof.WRONG else "prove"
        bed, colour = ("coral-bed", "coral") if proof is Proof.WRONG else ("amber-bed", "amber")
        left.prove.change(
            text=self._say(f"return.{kind}"), name=self._say(f"return.{kind}"), bed=bed, colour=colour
        )
        left.facts = () if receipt is None else self._wording.facts(receipt, proof)
        left.about.change(is_stale=True)
        points = ("lock", "asks"), ("coins", "price"), ("scanner", "scan_goods")
        left.told.change(points=tuple(Point(icon, self._say(f"return.{name}")) for icon, name in points))

    def _show_row(self, row: Row | None) -> None:
        left, ticked = self._layout.left, row is not None and row.chosen > 0
        left.ask.change(strong=self._question(row.name) if ticked and row else self._say("return.tick"))
        damaged = bool(row and row.is_damaged)
        left.shelf.change(is_off=not ticked, is_chosen=ticked and not damaged)
        left.damaged.change(is_off=not ticked, is_chosen=ticked and damaged)
        left.fewer.change(is_off=row is None or row.chosen < 2)
        left.more.change(is_off=row is None or row.chosen >= row.most)
        on_receipt = self._giving.receipt is not None
        name = "return.all" if on_receipt else "return.number"
        could = any(each.chosen < each.most for each in self._giving.rows()) if on_receipt else True
        left.all_lines.change(
            text=self._say(name),
            name=self._say(name),
            icon="check" if on_receipt else "keys",
            is_off=not could,
        )

    def _question(self, name: str) -> str:
        """A long name gives way to the question."""
        look, size, left = self._desk.look, self._desk.look.sizes.text, self._layout.left
        asked = look.width_of(self._say("return.where", name=""), "SemiBold", size.px)
        room = left.ask.area.w - 2 * look.sizes.inner - asked
        return self._say("return.where", name=look.fit(name, "SemiBold", size.px, room))

    def _show_typed(self, page: Page, digits: str) -> None:
        left = self._layout.left
        if page not in TYPING:
            return
        value = digits
        if page is Page.FIND and digits:
            value = f"{self._counter.refunding.series}-{digits}"
        elif page is Page.CODE:
            value = " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))
        left.field.change(label=self._say(f"return.type_{page.value}"), value=value, has_caret=True)
        points = [Point("info", self._say(f"return.how_{page.value}"))]
        left.above_pad.change(points=tuple(points))

    def _show_reasons(self, page: Page) -> None:
        layout, giving = self._layout, self._giving
        for keys in (layout.reasons, layout.left.reasons):
            for at, key in enumerate(keys, 1):
                key.change(is_chosen=at == giving.reason, is_off=giving.coming is None)
        other = TenderKind.CARD if giving.tender is TenderKind.CASH else TenderKind.CASH
        name = self._say(f"return.in_{other.value}")
        for key in layout.other_way:
            key.change(text=name, name=name, is_off=giving.coming is None)
        if layout.why is not None:
            asks = not giving.reason and giving.coming is not None
            layout.why.change(quiet=self._say("return.why_note") if asks else "")

    # the right block

    def _show_list(self, page: Page, now: float) -> None:
        layout, giving = self._layout, self._giving
        px = self._desk.look.sizes.icon
        rows = giving.rows()
        layout.list.fill([self._wording.row(row, px) for row in rows], giving.chosen if rows else None)
        layout.points.show(giving.coming is None, now)
        points = ("qr", "scan_code"), ("keys", "or_type"), ("user", "no_receipt")
        layout.points.change(points=tuple(Point(icon, self._say(f"return.{name}")) for icon, name in points))
        layout.cap_text = self._say("return.cap" if giving.coming is not None else "return.cap_find")
        layout.cap.change(is_stale=True)

    def _show_lit(self, page: Page, digits: str) -> None:
        lit, say = self._layout.lit, self._say
        if page in (Page.FIND, Page.CODE, Page.NUMBER):
            note, ready = self._typed_note(page, digits)
            lit.change(verb=say(f"return.key_{page.value}"), note=note, amount="", icon="next", is_lit=ready)
            return
        refund = self._giving.plan()
        amount = self._currency.price(0 if refund is None else self._giving.amount_minor(refund))
        note, ready = self._give_note(page, digits, refund)
        lit.change(verb=say("return.key"), note=note, amount=amount, icon="", is_lit=ready)

    def _typed_note(self, page: Page, digits: str) -> tuple[str, bool]:
        say = self._say
        if page is Page.CODE:
            return say("return.code_note"), len(digits) == 12
        if not digits:
            return say(f"return.{page.value}_note"), False
        if page is Page.FIND:
            return f"{self._counter.refunding.series}-{digits:0>6}", True
        found = self._counter.recognising.number(int(digits))
        if isinstance(found, Recognised):
            return found.product.name, True
        return found.reason, False

    def _give_note(self, page: Page, digits: str, refund: Refund | None) -> tuple[str, bool]:
        giving, say = self._giving, self._say
        if refund is None:
            return giving.wrong or say("return.tick_first"), False
        if not giving.reason:
            can_ask = page is not Page.WHY and not self._desk.look.is_large
            return say("return.why_first"), can_ask
        if page is Page.SLIP and not digits:
            return say("return.slip_first"), False
        note = self._wording.lit_note(
            giving.tender, giving.pieces(), asks_manager=giving.needs_manager(refund)
        )
        return note, True
