"""The pages of the till, one module or folder each. They build parts, ask activities, and keep no truth."""

from collections.abc import Callable

from appliance.ui.counter import Counter
from appliance.ui.desk import Desk
from appliance.ui.screen import Screen
from appliance.ui.screens.approve import Approve
from appliance.ui.screens.book import Book
from appliance.ui.screens.cash import Cash
from appliance.ui.screens.change import Change
from appliance.ui.screens.closing import CloseDay
from appliance.ui.screens.devices import Devices
from appliance.ui.screens.held import Held
from appliance.ui.screens.menu import Menu
from appliance.ui.screens.moved import MovedTill
from appliance.ui.screens.note import Note
from appliance.ui.screens.oversold import SoldTwicePage
from appliance.ui.screens.pay import Pay
from appliance.ui.screens.refund import GiveBack, Returned
from appliance.ui.screens.report import Report
from appliance.ui.screens.search import Search
from appliance.ui.screens.sell import Sell
from appliance.ui.screens.sign_in import SignIn
from appliance.ui.screens.stick import Stick
from appliance.ui.screens.stock import Stock
from appliance.ui.screens.stock_compare import StockCompare
from appliance.ui.screens.stock_count import StockCount
from appliance.ui.screens.stuck import StuckPage
from appliance.ui.screens.waiting import WaitingSales


def every_screen(counter: Counter) -> dict[str, Callable[[Desk], Screen]]:
    """How each screen is made, by the name that it is shown by. It is made when it is first shown."""
    counting = counter.counting
    counts: dict[str, Callable[[Desk], Screen]] = {}
    if counting is not None:
        counts["stock-count"] = lambda desk: StockCount(desk, counter, counting)
        counts["stock-compare"] = lambda desk: StockCompare(desk, counter, counting)
    booking, prices = counter.booking, counter.price_listing
    if booking is not None and prices is not None:
        counts["book"] = lambda desk: Book(desk, counter, booking, prices)
    helping = counter.helping
    if helping is not None:
        counts["devices"] = lambda desk: Devices(desk, counter, helping)
    return counts | {
        "sign-in": lambda desk: SignIn(desk, counter),
        "sell": lambda desk: Sell(desk, counter),
        "search": lambda desk: Search(desk, counter),
        "pay": lambda desk: Pay(desk, counter),
        "change": lambda desk: Change(desk, counter),
        "waiting": lambda desk: WaitingSales(desk, counter),
        "menu": lambda desk: Menu(desk, counter),
        "stick": lambda desk: Stick(desk, counter),
        "approve": lambda desk: Approve(desk, counter),
        "moved": lambda desk: MovedTill(desk, counter),
        "x-report": lambda desk: Report(desk, counter),
        "cash": lambda desk: Cash(desk, counter),
        "held": lambda desk: Held(desk, counter),
        "close-day": lambda desk: CloseDay(desk, counter),
        "return": lambda desk: GiveBack(desk, counter),
        "returned": lambda desk: Returned(desk, counter),
        "oversold": lambda desk: SoldTwicePage(desk, counter),
        "note": Note,
        "stuck": lambda desk: StuckPage(desk, counter),
        "stock": lambda desk: Stock(desk, counter.running_out),
    }
