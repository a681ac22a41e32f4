"""What a cashier does at the counter: a day's steps with the worlds that they promise."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from appliance.domain.approval import Approval, Guarded
from appliance.till.tendering import Completed
from tests.faults.crash_lived import Lived
from tests.faults.crash_till import GOODS
from tests.faults.crash_world import Mark


class Counter(Lived):
    """Scanning, changing, paying, printing."""

    def _word(self, what: Guarded, about: str) -> Approval:
        """The manager who stands at this till says yes."""
        return self.till.approving.approve_own(what, self.till.person, "The customer asked", about)

    def _keep(self) -> bool:
        """Wait for the stick, as paper does."""
        self._begin("stick")
        if self.parts.keep(self.till):
            self.stick = len(self.world.kinds)
        return self._acknowledge(self.world)

    def _drafted(self, step: str, act: Callable[[], object]) -> bool:
        self._begin(step)
        act()
        sale = self.till.selling.sale
        draft = None if sale is None else (sale, self.till.selling.payment)
        return self._acknowledge(replace(self.world, draft=draft))

    def _do_scan(self, way: int) -> bool:
        goods = GOODS[way % len(GOODS)]
        return self._drafted(
            "scan", lambda: self.till.selling.add_product(goods.product_id, 1 + way // 7 % 2)
        )

    def _do_more(self, way: int) -> bool:
        lines = self.till.selling.sale.lines if self.till.selling.sale else ()
        if not lines:
            return False
        line = lines[way % len(lines)]
        return self._drafted("more", lambda: self.till.selling.set_quantity(line.position, line.quantity + 1))

    def _do_void_line(self, way: int) -> bool:
        sale = self.till.selling.sale
        if sale is None or len(sale.lines) < 2 or self.till.selling.payment is not None:
            return False
        return self._drafted(
            "void line", lambda: self.till.selling.void(sale.lines[way % len(sale.lines)].position)
        )

    def _do_undo(self, _way: int) -> bool:
        sale = self.till.selling.sale
        if sale is None or not sale.voided:
            return False
        return self._drafted("undo", self.till.selling.undo)

    def _do_void_sale(self, _way: int) -> bool:
        sale = self.till.selling.sale
        if sale is None:
            return False
        word = None if self.till.selling.voidable else self._word(Guarded.VOID_AFTER_TENDER, sale.sale_id)
        self._begin("void sale")
        self.till.tendering.void_sale(word)
        return self._acknowledge(replace(self.world, draft=None).note("void-sale"))

    def _do_no_sale(self, _way: int) -> bool:
        word = self._word(Guarded.NO_SALE, "")
        self._begin("no sale")
        self.till.tendering.no_sale(word)
        return self._acknowledge(self.world.note("no-sale"))

    def _do_part(self, way: int) -> bool:
        sale = self.till.selling.sale
        if sale is None or sale.is_empty or self.till.tendering.payment.due_minor < 200:
            return False
        take = self.till.tendering.take_card if way % 2 else self.till.tendering.take_cash
        return self._drafted("part payment", lambda: take(100))

    def _do_give_back(self, _way: int) -> bool:
        if self.till.selling.payment is None:
            return False
        self._begin("give back")
        self.till.tendering.give_back()
        assert self.till.selling.sale is not None
        after = replace(self.world, draft=(self.till.selling.sale, None))
        return self._acknowledge(after.note("tenders-given-back"))

    def _do_pay(self, way: int) -> bool:
        sale = self.till.selling.sale
        if sale is None or sale.is_empty:
            return False
        due = self.till.tendering.payment.due_minor
        self._begin("pay")
        if due == 0:
            done: object = self.till.tendering.finish()
        elif way % 3 == 2:
            done = self.till.tendering.take_card(due, "slip 7")
        else:
            done = self.till.tendering.take_cash(due + (0, 50)[way % 3])
        assert isinstance(done, Completed)
        return self._sold(done)

    def _sold(self, done: Completed) -> bool:
        completed = done.completed
        sale_id = completed.sale.sale_id
        pieces: dict[int, int] = {}
        for line in completed.sale.lines:
            if line.stock_id is not None:
                pieces[line.stock_id] = pieces.get(line.stock_id, 0) + line.quantity
        self.untold[sale_id] = pieces
        return self._acknowledge(
            replace(
                self.world,
                sales=(*self.world.sales, completed),
                draft=None,
                marks={**self.world.marks, sale_id: Mark()},
                jobs=(*self.world.jobs, (sale_id, "queued")),
                on_hand=less(self.world.on_hand, pieces),
            ).note("sale")
        )

    def _do_print(self, way: int) -> bool:
        """What the print thread writes for the oldest job that waits."""
        waiting = [number for number, job in enumerate(self.world.jobs, 1) if job[1] == "queued"]
        if not waiting:
            return False
        self._keep()
        for state in ("sending", ("printed", "sent", "unknown")[way % 3]):
            self._begin(f"print: {state}")
            self.till.jobs.set_state(waiting[0], state)
            jobs = list(self.world.jobs)
            jobs[waiting[0] - 1] = (jobs[waiting[0] - 1][0], state)
            self._acknowledge(replace(self.world, jobs=tuple(jobs)))
        return True


def less(on_hand: Mapping[int, int | None], pieces: Mapping[int, int]) -> dict[int, int | None]:
    """Pieces sold: a count that several products share falls for all of them."""
    stock = {goods.product_id: goods.stock_id for goods in GOODS}
    return {
        product_id: None if left is None else left - pieces.get(stock[product_id], 0)
        for product_id, left in on_hand.items()
    }
