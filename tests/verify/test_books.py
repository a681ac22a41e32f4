"""What the till itself, or somebody with its key, must not have written: the books have to add up."""

from __future__ import annotations

import json
from typing import Any

import pytest

from appliance import verify
from tests.verify.conftest import Judge
from tests.verify.day import resigned


def entry_of(judge: Judge, kind: str, after: int = 240) -> dict[str, Any]:
    """An entry of a kind, signed with the second key."""
    entries = (json.loads(line)["entry"] for line in judge.lines[after:])
    found: dict[str, Any] = next(each for each in entries if each["kind"] == kind)
    return found


def verdict_on(judge: Judge, entry: dict[str, Any], **changes: Any) -> tuple[int, int, str]:
    verdict = judge(resigned(judge.lines, entry["seq"], 2, **changes), with_head=False)
    return verdict.code, verdict.seq - entry["seq"], verdict.how


@pytest.mark.parametrize("name", verify.Z_REPORT.split())
def test_a_z_report_must_say_what_the_entries_before_it_make(judge: Judge, name: str) -> None:
    entry = entry_of(judge, "z-report")
    wrong = "0" * 64 if name == "head_hash" else entry["body"][name] + 1
    code, off, how = verdict_on(judge, entry, body=entry["body"] | {name: wrong})
    assert (code, off) == (1, 0), how
    assert f"a Z report whose {name} is {wrong}" in how


def test_a_z_report_without_a_figure_is_broken(judge: Judge) -> None:
    entry = entry_of(judge, "z-report")
    body = {key: value for key, value in entry["body"].items() if key != "grand_total_minor"}
    assert verdict_on(judge, entry, body=body)[:2] == (1, 0)


def test_a_sale_of_another_total_is_seen_by_the_next_z_report(judge: Judge) -> None:
    entry, z_report = entry_of(judge, "sale"), entry_of(judge, "z-report")
    payment = entry["body"]["payment"] | {"total": entry["body"]["payment"]["total"] - 100}
    code, off, how = verdict_on(judge, entry, body=entry["body"] | {"payment": payment})
    assert (code, off) == (1, z_report["seq"] - entry["seq"])
    assert "a Z report" in how


@pytest.mark.parametrize("kind", ["sale", "refund"])
@pytest.mark.parametrize(
    "receipt", ["T1B-000999", "T1B-000001", "T1-000005", "T9-000002", "T1B-1", "nonsense"]
)
def test_receipt_numbers_have_no_gap_and_no_double(judge: Judge, kind: str, receipt: str) -> None:
    entry = entry_of(judge, kind)
    code, off, how = verdict_on(judge, entry, body=entry["body"] | {"receipt": receipt})
    assert (code, off) == (1, 0)
    assert "a gap" in how


def test_time_runs_back_only_where_the_clock_was_put_right(judge: Judge) -> None:
    entry = entry_of(judge, "no-sale")
    code, off, how = verdict_on(judge, entry, at="2026-11-22T00:00:00.000000Z")
    assert (code, off) == (1, 0)
    assert "dated 2026-11-22" in how
    corrected = {"at": "2026-11-22T00:00:00.000000Z", "kind": "clock-corrected"}
    assert verdict_on(judge, entry, **corrected)[0] == 0


@pytest.mark.parametrize(
    "body", [{}, [], None, {"receipt": 7, "payment": {"total": 1}}, {"receipt": "T1B-1"}]
)
def test_a_sale_in_no_known_form_is_broken(judge: Judge, body: Any) -> None:
    code, off, how = verdict_on(judge, entry_of(judge, "sale"), body=body)
    assert (code, off) == (1, 0), how


def test_a_key_that_is_none_is_broken(judge: Judge) -> None:
    for name in ("", "zz", "01" + "00" * 31, "8a88"):
        code, off, how = verdict_on(
            judge, entry_of(judge, "no-sale"), kind="keyed", body={"public_key": name}
        )
        assert (code, off) == (1, 0), how
