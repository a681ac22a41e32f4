"""The key that opens the drawer without a sale: a manager's word first, and a sentence if it stays shut."""

from appliance.domain.approval import Approval
from appliance.till.errors import ApprovalNeededError
from appliance.ui.counter import Counter
from appliance.ui.desk import Desk
from appliance.ui.screens.approve import ask


class DrawerKey:
    """For the screens that have the key. The drawer opens on another thread: ask for `problem` now and then."""

    def __init__(self, desk: Desk, counter: Counter) -> None:
        self._desk, self._open, self._printing = desk, counter.open_drawer, counter.printing
        self._awaits = self._comes_back = False

    @property
    def works(self) -> bool:
        """Whether this till has a drawer to open."""
        return self._open is not None

    def press(self) -> None:
        """Open it, or ask a manager first. Raises what the till refuses with."""
        self._awaits = False
        try:
            self._do(None)
        except ApprovalNeededError as needed:
            ask(self._desk, needed, self._do)

    def forget(self) -> None:
        """The screen is shown again; unless it comes back from the manager, for another reason."""
        self._awaits, self._comes_back = self._comes_back, False

    def problem(self) -> str:
        """Why the drawer that was asked for stayed shut, said once; "" as long as all is well."""
        if not self._awaits or not (problem := self._printing.drawer_problem()):
            return ""
        self._awaits = False
        return problem

    def _do(self, approval: Approval | None) -> None:
        if self._open is not None:
            self._open(approval)
            self._awaits, self._comes_back = True, approval is not None
