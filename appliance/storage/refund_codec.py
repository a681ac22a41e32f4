"""Refunds as JSON: what the journal entry and the print job of a refund hold, enough to make it again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from appliance.domain.approval import Approval, Guarded
from appliance.domain.refund import CompletedRefund, Refund, RefundLine
from appliance.domain.tender import TenderKind
from appliance.storage.instants import to_instant, to_text

VERSION: Final = 1
LINE_FIELDS: Final = (
    "of_position",
    "product_id",
    "stock_id",
    "name",
    "quantity",
    "amount_minor",
    "rate_ppm",
    "tax_label",
    "tax_minor",
)


def refund_to_dict(completed: CompletedRefund) -> dict[str, Any]:
    """A refund as its journal entry and its print job keep it."""
    refund = completed.refund
    body: dict[str, Any] = {
        "cashier": {"id": completed.cashier_id, "name": completed.cashier_name},
        "completed_at": to_text(completed.completed_at),
        "id": refund.refund_id,
        "lines": [_line_to_dict(line) for line in refund.lines],
        "of": {"receipt": refund.of_receipt, "sale_id": refund.of_sale_id} if refund.of_sale_id else None,
        "reason": completed.reason,
        "receipt": completed.receipt_number,
        "reference": completed.reference,
        "rounding_minor": completed.rounding_minor,
        "tax_minor": refund.tax_minor,
        "tender": completed.tender.value,
        "till": completed.till_name,
        "total_minor": refund.total_minor,
        "v": VERSION,
    }
    if not completed.clock_is_set:
        body["clock_is_set"] = False
    if completed.approval is not None:
        body["approved"] = _approval_to_dict(completed.approval)
    return body


def refund_from_dict(body: Mapping[str, Any]) -> CompletedRefund:
    """The refund that :func:`refund_to_dict` wrote.

    Raises:
        ValueError: a format that this version does not know.
    """
    if body.get("v") != VERSION:
        raise ValueError(f"A refund in format {body.get('v')!r} is not known.")
    of, approved = body["of"] or {"receipt": "", "sale_id": ""}, body.get("approved")
    lines = tuple(RefundLine(position, **line) for position, line in enumerate(body["lines"], 1))
    return CompletedRefund(
        refund=Refund(body["id"], lines, of["sale_id"], of["receipt"]),
        tender=TenderKind(body["tender"]),
        reference=body["reference"],
        rounding_minor=body["rounding_minor"],
        reason=body["reason"],
        approval=None if approved is None else _approval_from_dict(approved),
        receipt_number=body["receipt"],
        completed_at=to_instant(body["completed_at"]),
        cashier_id=body["cashier"]["id"],
        cashier_name=body["cashier"]["name"],
        till_name=body["till"],
        clock_is_set=body.get("clock_is_set", True),
    )


def _line_to_dict(line: RefundLine) -> dict[str, Any]:
    body = {name: getattr(line, name) for name in LINE_FIELDS}
    return body if line.restock else {**body, "restock": False}


def _approval_to_dict(approval: Approval) -> dict[str, Any]:
    return {
        "about": approval.about,
        "at": to_text(approval.at),
        "by": approval.by,
        "name": approval.name,
        "what": approval.what.value,
        "why": approval.why,
    }


def _approval_from_dict(body: Mapping[str, Any]) -> Approval:
    return Approval(
        body["by"], body["name"], Guarded(body["what"]), body["why"], to_instant(body["at"]), body["about"]
    )
