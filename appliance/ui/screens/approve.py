"""A manager's word, at the till of the cashier who needs it: who, why, and four digits."""

from collections.abc import Callable, Sequence

from appliance.domain.approval import DEEDS, Approval
from appliance.domain.staff import Person, Role
from appliance.till.errors import ApprovalNeededError
from appliance.till.signing_in import PIN_LENGTH
from appliance.ui.counter import Counter
from appliance.ui.desk import Desk
from appliance.ui.marks import Area, Box, Icon, Mark, middle, split, word
from appliance.ui.screen import Screen
from appliance.ui.screens.columns import foot, top_row, two_columns
from appliance.ui.widgets.header import Header
from appliance.ui.widgets.key import Key
from appliance.ui.widgets.lit_key import LitKey
from appliance.ui.widgets.notice import Notice
from appliance.ui.widgets.pad import BACKSPACE, number_pad
from appliance.ui.widgets.person_key import PersonKey
from appliance.ui.widgets.plain import Drawing

PIN_KEYS = ("7", "8", "9", "4", "5", "6", "1", "2", "3", "", "0", BACKSPACE)
PLACES = 4
"""So many managers stand on the page; a shop with more turns the page on the last key."""
NEXT_PAGE = -1

Act = Callable[[Approval], object]


def ask(desk: Desk, needed: ApprovalNeededError, act: Act, detail: str = "") -> None:
    """Ask a manager, then do what needed one and come back to the screen that is shown now.

    ``detail`` is what it is about, such as the amount: nobody shall say yes to more than was said.
    """
    back = desk.screen.name if desk.screen is not None else "sell"
    desk.show("approve", needed=needed, act=act, back=back, detail=detail)


class Approve(Screen):
    """Managers and reasons on the left, the number pad on the right. A manager who is signed in needs no PIN."""

    def __init__(self, desk: Desk, counter: Counter) -> None:
        super().__init__(desk)
        self.counter = counter
        self._needed: ApprovalNeededError | None = None
        self._act: Act = lambda _approval: None
        self._back = "sell"
        self._page = 0
        self._person: Person | None = None
        self._reason = self._typed = self._detail = ""
        left, right = two_columns(self.look.sizes, wide_first=True)
        back, title = self.say("approve.back"), self.say("approve.title")
        self.add_header(Header(self.look, on_back=self._leave, back=back, title=title))
        self._build_left(left)
        self._build_right(right)
        self.notice = self.add(Notice(self.look, top_row(left, self.look.sizes)))
        self.round_off(left, right)

    def _build_left(self, left: Area) -> None:
        look, sizes = self.look, self.look.sizes
        self.deed = self.add(Drawing(look, top_row(left, sizes), self._draw_deed))
        cells = split(Area(left.x, left.y + sizes.row, left.w, left.h - sizes.row), 2, 4)
        self.people = [self.add(PersonKey(look, cell, self._choose)) for cell in cells[:PLACES]]
        self.reasons = [
            self.add(Key(look, cell, "", chosen_bar="side", at_start=True)) for cell in cells[PLACES:]
        ]

    def _build_right(self, right: Area) -> None:
        look, sizes = self.look, self.look.sizes
        pad = Area(right.x, sizes.slab_top - 4 * sizes.tile, right.w, 4 * sizes.tile - sizes.seam)
        area = Area(right.x, right.y, right.w, pad.y - sizes.seam - right.y)
        self.prompt = self.add(Drawing(look, area, self._draw_prompt))
        self.pad = number_pad(look, pad, self._type, PIN_KEYS)
        self.add_all(self.pad)
        self.lit = self.add(LitKey(look, foot(right, sizes), self.say("approve.key"), self._approve))

    # life

    def enter(self, **why: object) -> None:
        """Take up what needs a manager; shown without it, go back to selling."""
        needed, act, back = why.get("needed"), why.get("act"), why.get("back")
        if not isinstance(needed, ApprovalNeededError) or not callable(act):
            self.desk.show("sell")
            return
        self._needed, self._act, self._back = needed, act, str(back or "sell")
        self._detail = str(why.get("detail", ""))
        self._page, self._reason, self._typed = 0, "", ""
        managers, own = self.counter.approving.managers(), self._own()
        self._person = own or (managers[0] if len(managers) == 1 else None)
        for at, key in enumerate(self.reasons, 1):
            text = self.say(f"approve.{needed.what.value.replace('-', '_')}_{at}")
            key.change(text=text)
            key.on_tap = self._chooser(text)
        self.notice.change(is_shown=False)
        self._fill()

    def on_barcode(self, text: str, symbology: str | None) -> None:
        """A scan waits for the manager."""
        self.desk.play("refused")

    def complain(self, sentence: str) -> None:
        """Say it over what is asked; what was typed so far is gone."""
        super().complain(sentence)
        self._typed = ""
        self.notice.say("stop", sentence, self.desk.seconds())
        self._fill()

    # what the fingers do

    def _own(self) -> Person | None:
        cashier = self.counter.selling.cashier
        return cashier if cashier is not None and cashier.role is Role.MANAGER else None

    def _choose(self, key: int) -> None:
        if key == NEXT_PAGE:
            self._page += 1
        else:
            self._person = next(each for each in self._managers() if each.person_id == key)
        self._typed = ""
        self._fill()

    def _chooser(self, reason: str) -> Callable[[], None]:
        def choose() -> None:
            self._reason = reason
            self.notice.change(is_shown=False)
            self._fill()
            self._approve_when_typed()

        return choose

    def _type(self, key: str) -> None:
        if self._person is None or self._own() is not None:
            return
        if key == BACKSPACE:
            self._typed = self._typed[:-1]
        elif len(self._typed) < PIN_LENGTH:
            self._typed += key
        self._fill()
        self._approve_when_typed()

    def _approve_when_typed(self) -> None:
        if self._is_ready() and self._own() is None:
            # The fourth dot is drawn before the PIN is checked, which takes a moment by design.
            self.desk.post(self._approve)

    def _is_ready(self) -> bool:
        has_pin = self._own() is not None or len(self._typed) == PIN_LENGTH
        return self._person is not None and bool(self._reason) and has_pin

    def _approve(self) -> None:
        needed, person, pin = self._needed, self._person, self._typed
        if needed is None or person is None or not self._is_ready() or self.desk.screen is not self:
            return
        approving = self.counter.approving
        try:
            if self._own() is not None:
                approval = approving.approve_own(needed.what, person, self._reason, needed.about)
            else:
                approval = approving.approve(needed.what, person.person_id, pin, self._reason, needed.about)
            self._act(approval)
        except self.counter.refusals as refused:
            self.complain(str(refused))
            return
        self.desk.play("done")
        self._leave()

    def _leave(self) -> None:
        self._typed = ""
        if self.desk.screen is self:
            self.desk.show(self._back)

    # what is shown

    def _managers(self) -> Sequence[Person]:
        own = self._own()
        return [own] if own is not None else self.counter.approving.managers()

    def _fill(self) -> None:
        for place, (person_id, name, note) in zip(self.people, self._shown(), strict=True):
            chosen = self._person is not None and self._person.person_id == person_id
            place.change(key=person_id, name=name, note=note, is_chosen=chosen)
        for key in self.reasons:
            key.change(is_chosen=bool(key.text) and key.text == self._reason)
        needs_pin = self._own() is None
        for key in self.pad:
            key.change(is_off=self._person is None or not needs_pin or not (key.text or key.icon))
        dots = (len(self._typed), PIN_LENGTH) if needs_pin else None
        self.lit.change(dots=dots, is_lit=self._is_ready())
        self.deed.change(is_stale=True)
        self.prompt.change(is_stale=True)

    def _shown(self) -> list[tuple[int, str, str]]:
        people, turn = list(self._managers()), list[tuple[int, str, str]]()
        if len(people) > PLACES:
            step = PLACES - 1
            start = self._page * step % (-(-len(people) // step) * step)
            people = people[start : start + step]
            turn = [(NEXT_PAGE, self.say("sign_in.more"), self.say("sign_in.more_note"))]
        rows = [(each.person_id, each.name, self.say("sign_in.manager")) for each in people]
        return rows + [(0, "", "")] * (PLACES - len(rows) - len(turn)) + turn

    def _draw_deed(self) -> list[Mark]:
        area, sizes = self.deed.area, self.look.sizes
        x = area.x + sizes.inner + sizes.icon + 10
        deed = DEEDS[self._needed.what] if self._needed else ""
        right = area.right - sizes.inner
        taken = self.look.width_of(self._detail, "SemiBold", sizes.text.px) + sizes.inner
        text = self.look.fit(deed[:1].upper() + deed[1:], "SemiBold", sizes.text.px, int(right - taken - x))
        top = middle(area, sizes.text.line)
        return [
            Box(area, "sky-bed"),
            Icon(area.x + sizes.inner, middle(area, sizes.icon), "lock", sizes.icon, "sky"),
            word(text, x, top, "SemiBold", sizes.text),
            word(self._detail, right, top, "SemiBold", sizes.text, align="right"),
        ]

    def _draw_prompt(self) -> list[Mark]:
        area, sizes = self.prompt.area, self.look.sizes
        text = self.look.fit(self._prompt(), "SemiBold", sizes.text.px, area.w - 2 * sizes.inner)
        top = middle(area, sizes.text.line)
        return [Box(area, "panel"), word(text, area.x + sizes.inner, top, "SemiBold", sizes.text)]

    def _prompt(self) -> str:
        if not self._managers():
            return self.say("approve.nobody")
        if self._person is None:
            return self.say("approve.who")
        if not self._reason:
            return self.say("approve.why")
        if self._own() is not None:
            return self.say("approve.yours")
        return self.say("sign_in.pin", person=self._person.name)
