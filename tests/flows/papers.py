"""Whether each receipt is on paper, read from the papers themselves."""

from __future__ import annotations

import re
from dataclasses import dataclass

import zxingcpp

from appliance.demo.stage import Stage, wait_until
from appliance.storage.print_jobs import PrintJob, PrintState
from drivers.virtual.paper import pictures
from tests.flows.agreement import till_file


@dataclass(frozen=True, slots=True)
class Papers:
    """What came of the receipts.

    Attributes:
        whole: sales whose paper can be read, whole.
        perhaps: sales that a kill fell into while they printed: the till asks whether there is a paper.
        missing: receipt numbers that should be on paper and are not.
    """

    whole: int
    perhaps: int
    missing: frozenset[str]


def wait_for_papers(stage: Stage, seconds: float = 20) -> Papers:
    """Wait until every receipt was tried. Those that a kill fell into are listed as perhaps printed."""

    def still_open() -> list[PrintJob]:
        with till_file(stage) as till:
            return till.print_jobs.open()

    wait_until(
        "every receipt was tried",
        lambda: all(job.state is PrintState.UNKNOWN for job in still_open()),
        seconds,
    )
    unknown = {job.sale_id for job in still_open() if job.sale_id}
    with till_file(stage) as till:
        sold = till.journal.last(10_000)
    surely = {each.receipt_number for each in sold if each.sale.sale_id not in unknown}
    found = set(numbers_on_paper(stage))
    return Papers(len(found), len(unknown), frozenset(surely - found))


def numbers_on_paper(stage: Stage) -> list[str]:
    """The receipt numbers that the codes on the papers say."""
    codes = [
        code.text
        for paper in stage.papers()
        for picture in pictures(paper)
        for code in zxingcpp.read_barcodes(picture)
    ]
    return [number for text in codes for number in re.findall(r"T1-\d{6}", text)]
