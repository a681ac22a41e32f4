"""What the sync service writes, and what happens beside the counter: steps with the worlds that they promise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from appliance.domain.approval import Guarded
from appliance.domain.catalogue import CatalogueChanges
from tests.faults.crash_counter import Counter, less
from tests.faults.crash_till import BACKUPS, GOODS, OPENS_AT


class Office(Counter):
    """The marks of telling the shop, the catalogue, checkpoints; sales set aside, refunds, cash, Z, backups."""

    def _mark(self, step: str, sale_id: str, act: Callable[[], object], **changes: Any) -> bool:
        self._begin(step)
        act()
        mark = replace(self.world.marks[sale_id], **changes)
        return self._acknowledge(replace(self.world, marks={**self.world.marks, sale_id: mark}))

    def _do_upload(self, way: int) -> bool:
        """One sale goes to the shop: as many of its four marks as the way says."""
        open_ = [
            (sale_id, mark) for sale_id, mark in self.world.marks.items() if mark.state in ("due", "reserved")
        ]
        if not open_:
            return False
        sale_id, mark = open_[0]
        telling, now = self.till.telling, self.moments.now
        if not mark.posted:
            self._mark("upload: posted", sale_id, lambda: telling.note_posted(sale_id, now()), posted=True)
        if way % 4 == 0:
            return True
        order_id = mark.order_id
        if order_id is None:
            self.orders += 1
            order_id = self.orders
            told = {"state": "reserved", "order_id": order_id}
            self._mark("upload: remember", sale_id, lambda: telling.remember(sale_id, order_id), **told)
            self.untold.pop(sale_id, None)
        if way % 4 == 1:
            return True
        if not mark.committing:
            self._mark(
                "upload: committing",
                sale_id,
                lambda: telling.note_committing(sale_id, now()),
                committing=True,
            )
        if way % 4 == 2:
            return True
        return self._mark("upload: sent", sale_id, lambda: telling.mark_sent(sale_id, now()), state="sent")

    def _do_park(self, way: int) -> bool:
        open_ = [sale_id for sale_id, mark in self.world.marks.items() if mark.state == "due"]
        parked = [sale_id for sale_id, mark in self.world.marks.items() if mark.state == "parked"]
        if parked and way % 2:
            sale_id = parked[0]
            back = "due" if self.world.marks[sale_id].order_id is None else "reserved"
            done = {"state": back, "attempts": 0, "reason": ""}
            return self._mark("unpark", sale_id, lambda: self.till.telling.unpark(sale_id), **done)
        if not open_:
            return False
        sale_id, reason = open_[-1], "The shop refused it."
        return self._mark(
            "park", sale_id, lambda: self.till.telling.park(sale_id, reason), state="parked", reason=reason
        )

    def _do_apply(self, way: int) -> bool:
        """The shop's catalogue: a price and a count changed; then how far it was read."""
        goods = GOODS[way % 2]
        count, price = 300 + way % 50, 500 + way % 90
        changed = replace(goods, price_minor=price, on_hand=count)
        self._begin("catalogue")
        self.till.applying.apply(CatalogueChanges((changed,), read_at=OPENS_AT))
        untold = sum(pieces.get(goods.product_id, 0) for pieces in self.untold.values())
        self._acknowledge(
            replace(
                self.world,
                prices={**self.world.prices, goods.product_id: price},
                on_hand={**self.world.on_hand, goods.product_id: count - untold},
            )
        )
        cursor = f"after {way}"
        self._begin("cursor")
        self.till.facts.set_cursor(cursor)
        return self._acknowledge(replace(self.world, cursor=cursor))

    def _do_checkpoint(self, _way: int) -> bool:
        self._begin("checkpoint")
        assert self.parts.checkpoint(self.till.sync)
        return self._acknowledge(self.world)

    def _do_restart(self, _way: int) -> bool:
        """Both programs end and start again."""
        self._begin("restart")
        self.till.close()
        self._open()
        return True

    # The back office ---------------------------------------------------------------------------------------------

    def _do_hold(self, way: int) -> bool:
        sale = self.till.selling.sale
        if sale is None or sale.is_empty or self.till.selling.payment is not None:
            return False
        self._begin("hold")
        self.till.holding.hold(("", "Mrs Blue")[way % 2])
        held = self.world.held | {sale.sale_id}
        return self._acknowledge(replace(self.world, held=held, draft=None).note("held"))

    def _do_recall(self, way: int) -> bool:
        """A sale that was set aside goes on, or is given up."""
        held = self.till.holding.all()
        if not held or self.till.selling.sale is not None:
            return False
        sale_id = held[way % len(held)].sale.sale_id
        rest = self.world.held - {sale_id}
        if way % 5 == 4:
            word = None
            if self.till.drafts.gave_back(sale_id):
                word = self._word(Guarded.VOID_AFTER_TENDER, sale_id)
            self._begin("drop")
            self.till.holding.drop(sale_id, word)
            return self._acknowledge(replace(self.world, held=rest).note("void-sale"))
        self._begin("recall")
        sale = self.till.holding.recall(sale_id)
        return self._acknowledge(replace(self.world, held=rest, draft=(sale, None)).note("recalled"))

    def _do_refund(self, way: int) -> bool:
        if not self.world.sales or self.till.selling.sale is not None:
            return False
        completed = self.world.sales[way % len(self.world.sales)]
        refundable = self.till.refunding.find(completed.receipt_number)
        lines = [line for line in completed.sale.lines if refundable.left(line)]
        if not lines:
            return False
        planned = self.till.refunding.of_sale(refundable, {lines[way % len(lines)].position: 1})
        code = self.till.journal.chain_code(completed.sale.sale_id)
        self._begin("refund")
        give_back = self.till.refunding.give_back
        done = give_back(planned, refundable.tender, "It is broken.", "slip 9", code=code).completed
        series, _, number = done.receipt_number.rpartition("-")
        # What came back is here and the shop has not heard: as pieces that were not sold.
        self.untold[planned.refund_id] = {
            line.stock_id: -line.quantity for line in planned.lines if line.stock_id is not None
        }
        row = (planned.refund_id, series, int(number), planned.total_minor)
        after = replace(
            self.world,
            refunds=(*self.world.refunds, row),
            jobs=(*self.world.jobs, (None, "queued")),
            on_hand=less(self.world.on_hand, self.untold[planned.refund_id]),
        )
        return self._acknowledge(after.note("refund"))

    def _do_cash(self, way: int) -> bool:
        """A float, money in, or money out."""
        till, amount, reason = self.till.cashing_up, 500 + way, "Window cleaner"
        kind = ("float", "paid-in", "paid-out")[way % 3]
        word = self._word(Guarded.PAID_OUT, f"{amount} {reason}") if kind == "paid-out" else None
        self._begin(kind)
        if kind == "paid-out":
            till.pay_out(amount, reason, word)
        else:
            (till.put_float if kind == "float" else till.pay_in)(amount, reason)
        moves = (*self.world.moves, (kind, amount, reason))
        return self._acknowledge(replace(self.world, moves=moves).note(kind))

    def _do_close_day(self, _way: int) -> bool:
        if self.till.selling.sale is not None or self.world.kinds[-1:] == ("z-report",):
            return False
        self._begin("Z report")
        report = self.till.cashing_up.close_day()
        totals = report.totals
        row = (report.number, totals.sales, totals.total_minor, totals.refunds, totals.refunded_minor)
        after = replace(
            self.world, closings=(*self.world.closings, row), jobs=(*self.world.jobs, (None, "queued"))
        )
        return self._acknowledge(after.note("z-report"))

    def _do_backup(self, _way: int) -> bool:
        self._begin("backup")
        folder = self.folder / BACKUPS
        folder.mkdir(exist_ok=True)
        with self.watched():
            path = self.parts.back_up(self.till.sync, folder)
        name = f"{BACKUPS}/{path.name}"
        self.recorded.copies[name] = self.world
        self.copies |= {name}
        return self._acknowledge(self.world)

    def _do_keep(self, _way: int) -> bool:
        return self._keep()
