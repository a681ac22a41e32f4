"""What is done to the sale as a whole: hold it, take it up again, give it up; and the drawer."""

from collections.abc import Callable

from appliance.domain.approval import Approval
from appliance.ui.counter import Counter
from appliance.ui.desk import Desk
from appliance.ui.screens.drawer import DrawerKey
from appliance.ui.screens.giving_back import given_back
from appliance.ui.screens.sell.column import Answer
from appliance.ui.screens.sell.telling import Telling


class WholeSale:
    """Its deeds; `begin` shows the screen afresh after one."""

    def __init__(self, telling: Telling, desk: Desk, counter: Counter, begin: Callable[[], None]) -> None:
        self.drawer = DrawerKey(desk, counter)
        self._telling, self._begin = telling, begin
        self._desk, self._say = desk, desk.say
        self._selling, self._holding, self._tendering = counter.selling, counter.holding, counter.tendering
        self._currency = counter.currency

    @property
    def held(self) -> int:
        """How many sales are set aside."""
        return len(self._holding.all())

    @property
    def is_open(self) -> bool:
        """Whether there is anything to hold."""
        sale = self._selling.sale
        return sale is not None and not sale.is_empty

    @property
    def can_be_dropped(self) -> bool:
        """Whether there is anything to give up: also a sale without lines, if money was taken for it."""
        return self.is_open or (self._selling.sale is not None and not self._selling.voidable)

    def hold(self) -> None:
        """Set the sale aside; for a while one tap takes it up again. Without a sale, show what is held."""
        if not self.is_open and self.held:
            self._desk.show("held", back="sell")
            return
        sale = self._selling.sale
        if not self._telling.dare(self._holding.hold) or sale is None:
            return
        self._desk.play("taken-off")
        self._begin()
        title = self._say.count("sell.held_title", sale.items)
        note = self._say("sell.held_note", total=self._currency.price(sale.total_minor))
        again = Answer(self._say("sell.recall"), lambda: self._recall(sale.sale_id))
        self._telling.put_up("calm", title, note, again)
        self._telling.forget_soon()

    def ask_take_all_off(self) -> None:
        """Cannot be undone, so it says its consequence and asks; an empty sale for which money was taken too."""
        if (sale := self._selling.sale) is None:
            return
        title = self._say.count("sell.drop_title", sale.items)
        note = self._say("sell.drop_note", total=self._currency.price(sale.total_minor))
        if not self._selling.voidable:
            title, note = self._say("sell.drop_paid"), self._say("sell.drop_paid_note")
        drop = Answer(self._say("sell.drop"), self._take_all_off)
        self._telling.put_up("look", title, note, drop, self._say("sell.keep"))

    def press_drawer(self) -> None:
        """Open the drawer without a sale."""
        self._telling.dare(self.drawer.press)

    def look_at_drawer(self) -> None:
        """Say so if the drawer that was asked for stayed shut: it opens on another thread."""
        if problem := self.drawer.problem():
            self._desk.play("refused")
            self._telling.put_up("stop", self._say("till.drawer_shut"), problem, Answer("", None))

    def _recall(self, sale_id: str) -> None:
        if self._telling.dare(lambda: self._holding.recall(sale_id)):
            self._desk.play("taken-off")
            self._begin()

    def _take_all_off(self) -> None:
        sale = self._selling.sale
        total = "" if sale is None else self._currency.price(sale.total_minor)
        if self._telling.dare(self._tendering.void_sale, self._void_paid, total):
            self._desk.play("taken-off")
            self._begin()

    def _void_paid(self, approval: Approval) -> None:
        """A manager agreed that a sale is given up for which money was taken; what is still here goes back."""
        back = given_back(self._say, self._currency, self._tendering.void_sale(approval))
        self._desk.show("sell")
        if back:
            self._telling.put_up("look", back[0], " ".join(back[1:]), Answer("", None))
