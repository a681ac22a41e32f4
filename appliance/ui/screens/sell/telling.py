"""What the band over the lit key says, until the next deed or for a few seconds."""

from collections.abc import Callable

from appliance.till.errors import ApprovalNeededError
from appliance.ui.counter import Counter
from appliance.ui.desk import Desk
from appliance.ui.screens.approve import Act, ask
from appliance.ui.screens.sell.column import Answer, Message

UNDO_SECONDS = 5.0


class Telling:
    """The band's words, and what happens when the till refuses a deed.

    Attributes:
        message: what the band says now, None for no band.
        undo_seconds: how long a band stays that offers to undo.
    """

    def __init__(self, desk: Desk, counter: Counter, done: Callable[[], None]) -> None:
        """`done` is called after each change, and fills the screen."""
        self.message: Message | None = None
        self.undo_seconds = UNDO_SECONDS
        self._refusals = counter.refusals
        self._desk, self._say, self._done = desk, desk.say, done
        self._forget: Callable[[], None] = lambda: None

    def tell(self, message: Message | None = None) -> None:
        """Put a band up, or take it away."""
        self.rest()
        self.message = message
        self._done()

    def rest(self) -> None:
        """Forget what was to happen later by itself."""
        self._forget()
        self._forget = lambda: None

    def complain(self, sentence: str) -> None:
        """Say why something was refused."""
        self._desk.play("refused")
        self.put_up("stop", sentence, self._say("sell.refused_note"), Answer("", None))

    def put_up(self, kind: str, title: str, note: str, first: Answer, second: str = "") -> None:
        """Put a band up with one way on, and one to leave it."""
        leave = Answer(second or self._say("sell.leave_it"), self.tell)
        self.tell(Message(kind, title, note, (first, leave)))

    def forget_soon(self) -> None:
        """Take the band away by itself, after the time to undo."""
        self._forget = self._desk.after(self.undo_seconds, self.tell)

    def dare(self, do: Callable[[], object], with_word: Act | None = None, detail: str = "") -> bool:
        """Do it; a refusal becomes a band with the till's own sentence, and False.

        A manager may be asked first, who is shown ``detail``.
        """
        try:
            do()
        except ApprovalNeededError as needed:
            if with_word is None:
                self.complain(str(needed))
            else:
                ask(self._desk, needed, with_word, detail)
            return False
        except self._refusals as refused:
            self.complain(str(refused))
            return False
        return True
