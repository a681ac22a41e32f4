"""Approving: a manager's word for what a cashier may not do alone.

An act that is guarded (``domain.approval`` has the list) is tried without a word first and answers
:class:`~appliance.till.errors.ApprovalNeededError`. The screen then asks for a manager, a PIN and a reason, calls
:meth:`Approving.approve` with what the error says, and tries the act again with what came back. A manager who is
signed in says only why (:meth:`Approving.approve_own`), and is journalled as the one who approved.

A word holds once, for that act alone, and for two minutes of the machine's uptime. The last one counts: a new one
makes an older one void. It is kept in memory only: pulling the plug takes it back. The PIN is tried as at signing
in, with the same count of wrong ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, Never

from appliance.domain.approval import LONGEST_WHY, Approval, Guarded
from appliance.domain.card_numbers import mask
from appliance.domain.staff import Person, Role
from appliance.storage.journal import Journal
from appliance.storage.staff import Staff
from appliance.till.clock import Now
from appliance.till.errors import (
    ApprovalError,
    ApprovalNeededError,
    LockedOutError,
    ReasonNeededError,
    WrongPinError,
)
from appliance.till.signing_in import SigningIn

HOLDS_MS: Final = 120_000
REFUSED: Final = "approval-refused"


@dataclass(frozen=True, slots=True)
class _Word:
    """An approval that was not used yet.

    Attributes:
        boot_id, lapses_ms: until when it holds.
        own_of: the person who approved it for themselves alone, None if it is for whoever is signed in.
    """

    approval: Approval
    boot_id: str
    lapses_ms: int
    own_of: int | None


class Approving:
    """Asks managers, and holds the one word that was given and not used yet."""

    def __init__(self, staff: Staff, journal: Journal, signing_in: SigningIn, now: Now) -> None:
        self._staff = staff
        self._journal = journal
        self._signing_in = signing_in
        self._now = now
        self._word: _Word | None = None

    def managers(self) -> list[Person]:
        """Who may approve, by name."""
        return [person for person in self._staff.people() if person.role is Role.MANAGER]

    def approve(self, what: Guarded, manager_id: int, pin: str, why: str, about: str = "") -> Approval:
        """Take a manager's word for one act.

        Raises:
            ReasonNeededError: no reason was given; no PIN was tried.
            ApprovalError: this person is no manager.
            WrongPinError, LockedOutError: as at signing in. The journal keeps that it was refused.
        """
        reason = _reason(why)
        manager = self._manager(manager_id)
        if manager is None:
            self._refuse(what, about, manager_id, ApprovalError("Only a manager can approve this."))
        try:
            self._signing_in.prove(manager_id, pin)
        except (WrongPinError, LockedOutError) as refused:
            self._refuse(what, about, manager_id, refused)
        return self._give(what, manager, reason, about, own_of=None)

    def approve_own(self, what: Guarded, signed_in: Person, why: str, about: str = "") -> Approval:
        """A manager who is signed in says why, and needs no second PIN; it holds for nobody else.

        Raises:
            ReasonNeededError: no reason was given.
            ApprovalError: this person is no manager.
        """
        reason = _reason(why)
        manager = self._manager(signed_in.person_id)
        if manager is None:
            self._refuse(what, about, signed_in.person_id, ApprovalError("Only a manager can approve this."))
        return self._give(what, manager, reason, about, own_of=manager.person_id)

    @contextmanager
    def allowing(
        self, what: Guarded, person: Person, approval: Approval | None, about: str = ""
    ) -> Iterator[dict[str, Any]]:
        """Let a guarded act happen within the block; its word is used up when the block ends well.

        Args:
            what, about: the act.
            person: who is signed in.
            approval: a manager's word, None without one.

        Yields:
            What the act's journal entry says of it: ``{"approved": {"by", "name", "why"}}``.

        Raises:
            ApprovalNeededError: there is no word.
            ApprovalError: it is for something else, was used, or has lapsed.
        """
        if approval is None:
            raise ApprovalNeededError(what, about)
        self._check(approval, what, person, about)
        yield {"approved": {"by": approval.by, "name": approval.name, "why": approval.why}}
        self._word = None

    def _give(self, what: Guarded, manager: Person, why: str, about: str, *, own_of: int | None) -> Approval:
        approval = Approval(manager.person_id, manager.name, what, why, self._now(), about)
        witness = self._journal.witness()
        self._word = _Word(approval, witness.boot_id, witness.uptime_ms + HOLDS_MS, own_of)
        return approval

    def _check(self, approval: Approval, what: Guarded, person: Person, about: str) -> None:
        word, witness = self._word, self._journal.witness()
        if word is None or word.approval is not approval:
            raise ApprovalError("This approval was used already. Ask the manager again.")
        if (approval.what, approval.about) != (what, about) or word.own_of not in (None, person.person_id):
            raise ApprovalError("The manager approved something else. Ask again.")
        if witness.boot_id != word.boot_id or witness.uptime_ms > word.lapses_ms:
            raise ApprovalError("The approval has lapsed. Ask the manager again.")

    def _manager(self, person_id: int) -> Person | None:
        return next((each for each in self.managers() if each.person_id == person_id), None)

    def _refuse(self, what: Guarded, about: str, person_id: int, refused: Exception) -> Never:
        present = self._signing_in.present
        asked_by = present.person_id if present else 0
        body = {"what": what.value, "about": about, "manager": person_id}
        self._journal.note(REFUSED, asked_by, self._now(), body)
        raise refused


def _reason(why: str) -> str:
    reason = mask(" ".join(why.split()))[:LONGEST_WHY]
    if not reason:
        raise ReasonNeededError("Say why.")
    return reason
