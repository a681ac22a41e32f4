"""The till's screens as one program: window, desk, screens, and what keeps them going.

Calls come in on other threads (scanner, panel, printer) through `scan`, `reject_scan`, `fingers` and
`notice`; each is posted to the UI thread, which alone touches the activities and the file.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kivy.clock import Clock

from appliance.till.trouble import Trouble
from appliance.ui.counter import Counter
from appliance.ui.frame import Frame
from appliance.ui.guard import UNWATCHED, Watcher
from appliance.ui.screen import Screen
from appliance.ui.screens import every_screen
from appliance.ui.screens.devices import Devices
from appliance.ui.screens.trouble import TroubleKeys, TroubleScreen
from appliance.ui.widgets.header import HeaderText
from appliance.ui.window import WindowPlan

LOOK_SECONDS = 0.5
"""How often the file is asked whether another program changed it; it costs about 10 microseconds."""
HEADER_LOOKS = 10
"""Every so many looks the header is filled in any case: the clock, and what waits for a while."""
FIRST_SCREEN = "sign-in"


@dataclass(frozen=True, slots=True)
class Outside:
    """What the screens have to do with beyond the counter.

    Attributes:
        changed: whether another program committed since it was last asked.
        scanner_present: whether a scanner is plugged in.
        play: plays a tone by its name.
        remote: path of the remote hand's socket, None for none.
        trouble: why the file cannot be written or read any more, None while it can.
        on_trouble: what the keys of the trouble screen do.
        watcher: hears that the window is drawn and its loop turns.
    """

    changed: Callable[[], bool]
    scanner_present: Callable[[], bool] = lambda: True
    play: Callable[[str], None] = lambda _tone: None
    remote: Path | None = None
    trouble: Callable[[], Trouble | None] = lambda: None
    on_trouble: TroubleKeys | None = None
    watcher: Watcher = UNWATCHED


class TillApp(Frame):
    """One till on one window. `appliance.ui.window.configure` must have run before this module is imported."""

    def __init__(self, counter: Counter, plan: WindowPlan, scheme: str, outside: Outside) -> None:
        super().__init__(plan, scheme, outside.play, outside.remote, outside.watcher)
        self._counter, self._outside = counter, outside
        self._looks = 0
        self._may_be_moved = False
        self._seen: Screen | None = None
        self.offer(every_screen(counter))
        keys = outside.on_trouble
        if keys is not None:
            self.offer({"trouble": lambda desk: TroubleScreen(desk, keys)})

    def run(self, ready: Callable[[], None] = lambda: None) -> int:
        """Show the first screen and go on until `stop`; returns the program's exit code.

        `ready` is called once the first frame is on the glass: start the devices there.
        """

        def begin() -> None:
            Clock.schedule_interval(lambda _elapsed: self._look_round(), LOOK_SECONDS)
            ready()

        self.desk.set_header(self._header())
        self.desk.drawn = self._face_customer
        return self.run_from(FIRST_SCREEN, begin)

    # from other threads

    def scan(self, text: str, symbology: str | None = None) -> None:
        """A barcode was read."""
        self.desk.post(lambda: self.desk.scan(text, symbology))

    def reject_scan(self, sentence: str) -> None:
        """A scan arrived in pieces: say so, add nothing."""
        self.desk.post(lambda: self.complain(sentence))

    def notice(self) -> None:
        """Something changed that the file may not show: a device came or went."""
        self.desk.post(self._refresh)

    # on the UI thread

    def _look_round(self) -> None:
        """Ask the file whether another program committed; fill the header now and then in any case."""
        self._looks += 1
        self._face_customer()
        if self._shows_trouble():
            return
        if self._outside.changed():
            self._refresh()
        elif self._looks % HEADER_LOOKS == 0 or self.desk.screen is not self._seen:
            self.desk.set_header(self._header())
        self._ask_if_moved()
        self._hear_of_help()
        self._seen = self.desk.screen

    def _hear_of_help(self) -> None:
        """What came of a wish for help, or of a technician's token: on its page, else over whatever is shown."""
        helping, screen = self._counter.helping, self.desk.screen
        answer = helping.news() if helping is not None else None
        if answer is not None and isinstance(screen, Devices):
            screen.hear(answer)
            self.desk.draw()
        elif answer is not None:
            self.complain(answer.words)
            self.desk.draw()

    def _face_customer(self) -> None:
        """Let the customer's display follow what is on the screen; it is told, never waited for."""
        facing, selling, screen = self._counter.facing, self._counter.selling, self.desk.screen
        if facing is not None and screen is not None:
            facing.look(selling.sale, selling.payment, screen.for_customer())

    def _shows_trouble(self) -> bool:
        """Show what is wrong with the file. The stick is read for it, so now and then only while it is shown."""
        screen = self.desk.screen
        shown = screen.trouble if isinstance(screen, TroubleScreen) else None
        if shown is not None and self._looks % HEADER_LOOKS:
            return True
        trouble = self._outside.trouble()
        if trouble is None or not self.desk.has("trouble"):
            return False
        if trouble != shown:
            self.desk.show("trouble", trouble=trouble)
        return True

    def _ask_if_moved(self) -> None:
        """The shop may tell more while somebody sells: ask then, between two sales, not at the next sign-in."""
        selling, screen = self._counter.selling, self.desk.screen
        is_between = selling.cashier is not None and (selling.sale is None or selling.sale.is_empty)
        if self._may_be_moved and is_between and screen is not None and screen.name == "sell":
            self._may_be_moved = False
            if self._counter.has_moved():
                self.desk.show("moved")

    def _refresh(self) -> None:
        self._may_be_moved = True
        self.desk.set_header(self._header())
        self.desk.refresh()

    def _header(self) -> HeaderText:
        counter = self._counter
        state = counter.header(scanner_present=self._outside.scanner_present())
        cashier = counter.selling.cashier
        return HeaderText(
            till=counter.till_name,
            cashier=cashier.name if cashier is not None else "",
            state=state.kind.value,
            words=state.text,
            clock=counter.clock(),
        )
