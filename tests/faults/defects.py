"""Seeded defects: tills that are built wrong in one place each. The explorer that does not find them is worth nothing.

Most are the till's own code on a connection that ends its transaction too early (``Apart``), with a setting changed, or
on a disk whose sync goes astray.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from tests.faults.crash_lived import Step
from tests.faults.crash_till import Parts
from tests.faults.defects_card import (
    AcknowledgedEarly,
    Apart,
    CheckpointUnsynced,
    DraftKeptLate,
    DraftsUnsynced,
    LogThrownAway,
    PostedNotedLate,
    Settings,
    SyncSwallowed,
)
from tests.faults.defects_copies import (
    BackupNameUnsynced,
    BackupOfTheFile,
    BackupUnderItsName,
    BackupUnsynced,
    MigratedWithoutCopy,
    MigratedWithoutTransaction,
    PaperFirst,
    StickUnsynced,
    TornLineKept,
    VersionApart,
)

SALE: Final[tuple[Step, ...]] = (("scan", 0), ("scan", 2), ("pay", 1))
TOLD: Final[tuple[Step, ...]] = (*SALE, ("upload", 3))
VOID: Final[tuple[Step, ...]] = (("scan", 0), ("void_sale", 0))
GIVEN: Final[tuple[Step, ...]] = (("scan", 0), ("part", 0), ("give_back", 0))
APPLIED: Final[tuple[Step, ...]] = (("apply", 3),)
FOLDED: Final[tuple[Step, ...]] = (*SALE, ("checkpoint", 0))
HELD: Final[tuple[Step, ...]] = (("scan", 0), ("hold", 1), ("recall", 0))
REFUNDED: Final[tuple[Step, ...]] = (*SALE, ("refund", 0))
PAID_IN: Final[tuple[Step, ...]] = (("cash", 1),)
CLOSED: Final[tuple[Step, ...]] = (*SALE, ("close_day", 0))
PRINTED: Final[tuple[Step, ...]] = (*SALE, ("print", 0))
BACKED_UP: Final[tuple[Step, ...]] = (*SALE, ("backup", 0))
STARTED: Final[tuple[Step, ...]] = ()


@dataclass(frozen=True, slots=True)
class Defect:
    """A till that is built wrong.

    Attributes:
        name: what is wrong.
        parts: builds it.
        steps: a day on which it shows.
        second: found only when the power goes again while it recovers.
        from_version_1: the day begins with a file of the first version.
    """

    name: str
    parts: Callable[[], Parts]
    steps: tuple[Step, ...]
    second: bool = False
    from_version_1: bool = False


def _apart(what: str, steps: tuple[Step, ...], *, before: str = "", after: str = "") -> Defect:
    return Defect(what, lambda: Apart(before=before, after=after), steps)


DEFECTS: Final = (
    _apart(
        "a sale and its receipt number in a transaction before its lines", SALE, after="INSERT INTO sale ("
    ),
    _apart("the journal entry apart from the sale", SALE, after="INSERT INTO journal"),
    _apart("the tenders apart from the sale", SALE, before="INSERT INTO sale_tender"),
    _apart("the untold stock apart from the sale", SALE, before="INSERT INTO untold_stock"),
    _apart("the outbox row apart from the sale", SALE, before="INSERT INTO outbox"),
    _apart("the receipt to print apart from the sale", SALE, before="INSERT INTO print_job"),
    _apart("the draft taken away apart from the sale", SALE, before="DELETE FROM draft"),
    _apart("the draft of a voided sale taken away apart from its entry", VOID, after="DELETE FROM draft"),
    _apart("tenders given back apart from their entry", GIVEN, after="INSERT INTO journal"),
    _apart("the order remembered apart from the stock that it took", TOLD, before="UPDATE shop_stock"),
    _apart("the stock told apart from the pieces that were untold", TOLD, before="DELETE FROM untold_stock"),
    _apart("a product apart from its count", APPLIED, before="INSERT INTO shop_stock"),
    _apart("a sale set aside apart from its draft", HELD, before="DELETE FROM draft"),
    _apart("a sale recalled in two transactions", HELD, after="DELETE FROM held_sale"),
    _apart("a refund apart from its lines", REFUNDED, before="INSERT INTO refund_line"),
    _apart("money paid in apart from its entry", PAID_IN, before="INSERT INTO cash_move"),
    _apart("the Z report's entry apart from its row", CLOSED, before="INSERT INTO z_report"),
    _apart("the Z report apart from its paper", CLOSED, after="INSERT INTO z_report"),
    Defect("a sale acknowledged before it is committed", AcknowledgedEarly, SALE),
    Defect("the sale in progress kept after it was shown", DraftKeptLate, SALE),
    Defect("a scan that is not synced", DraftsUnsynced, SALE),
    Defect("a request noted when its answer is there", PostedNotedLate, TOLD),
    Defect("synchronous NORMAL", lambda: Settings(synchronous="normal"), SALE),
    Defect("synchronous OFF", lambda: Settings(synchronous="off"), SALE),
    Defect(
        "synchronous NORMAL in the sync service alone", lambda: Settings("sync", synchronous="normal"), TOLD
    ),
    Defect("a rollback journal with FULL", lambda: Settings(journal_mode="delete"), SALE),
    Defect(
        "a rollback journal with NORMAL", lambda: Settings(journal_mode="delete", synchronous="normal"), SALE
    ),
    Defect(
        "a truncated rollback journal with NORMAL",
        lambda: Settings(journal_mode="truncate", synchronous="normal"),
        SALE,
    ),
    Defect("the log's syncs swallowed", lambda: SyncSwallowed("-wal"), SALE),
    Defect("the file's syncs swallowed", lambda: SyncSwallowed("till.db"), FOLDED),
    Defect("a checkpoint that does not sync", CheckpointUnsynced, FOLDED),
    Defect("a start that throws the log away", LogThrownAway, SALE, second=True),
    Defect("a stick that is not synced", StickUnsynced, PRINTED),
    Defect("paper before the stick", PaperFirst, PRINTED),
    Defect("a torn line on the stick taken for whole", TornLineKept, PRINTED, second=True),
    Defect("a backup that copies the main file", BackupOfTheFile, BACKED_UP),
    Defect("a backup renamed before it is synced", BackupUnsynced, BACKED_UP),
    Defect("a backup whose name is not synced", BackupNameUnsynced, BACKED_UP),
    Defect("a backup written under its final name", BackupUnderItsName, BACKED_UP),
    Defect("a migration without a transaction", MigratedWithoutTransaction, STARTED, from_version_1=True),
    Defect("a migration with its number apart", VersionApart, STARTED, from_version_1=True),
    Defect(
        "a migration without a copy of the file before", MigratedWithoutCopy, STARTED, from_version_1=True
    ),
)
