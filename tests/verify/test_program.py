"""The program as an accountant runs it: alone, on an export or a stick, with what is printed on paper."""

from __future__ import annotations

import ast
import csv
import json
import shutil
from pathlib import Path
from random import Random

import pytest

from appliance.storage.errors import StorageError
from tests.storage.samples import seal
from tests.verify.conftest import Judge, run_alone
from tests.verify.day import VERIFIER, Bench, export, rehashed, resigned

KEYS = [seal(1).public_key.hex(), seal(2).public_key.hex()]


def test_it_runs_alone_in_an_empty_folder_and_says_what_it_saw(judge: Judge, tmp_path: Path) -> None:
    shutil.copy(VERIFIER, tmp_path / "verify.py")
    seq, digest = judge.head
    code = digest[:12].upper()
    anchor = f"{seq}:{code[:4]} {code[4:8]} {code[8:]}"
    keys = [f"--key={key}" for key in KEYS]
    verdict = run_alone(tmp_path / "verify.py", judge.folder, "--anchor", anchor, *keys)
    assert verdict.code == 0, verdict.said
    assert f"{seq} entries, 2 key(s), receipts T1-000001..000120, T1B-000001..000120" in verdict.said
    assert "2026-11: 49 sales 2,449.29, 5 refunds 91.90 EUR" in verdict.said
    assert "cannot be seen" not in verdict.said


def test_it_is_written_in_the_python_of_any_pc() -> None:
    tree = ast.parse(VERIFIER.read_text(encoding="utf-8"), feature_version=(3, 9))
    imported = {each.name for node in ast.walk(tree) if isinstance(node, ast.Import) for each in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not any(name.startswith(("appliance", "nacl", "drivers")) for name in imported)


def test_a_sample_of_all_tampering_is_found_by_the_program_itself(judge: Judge) -> None:
    chance = Random(20)
    for way in ("flip", "delete", "swap", "rehash", "cut"):
        number = chance.randrange(10, 60)
        lines = list(judge.lines)
        if way == "flip":
            lines[number] = lines[number][:150] + bytes([lines[number][150] ^ 1]) + lines[number][151:]
        elif way == "delete":
            del lines[number]
        elif way == "swap":
            lines[number], lines[number + 9] = lines[number + 9], lines[number]
        elif way == "rehash":
            lines[number] = rehashed(lines[number], person=77)
        else:
            del lines[number:]
        judge.write(b"".join(lines), with_head=False)
        verdict = judge.really("--anchor", f"{judge.head[0]}:{judge.head[1]}")
        assert (verdict.code, verdict.seq) == (1, number + 1), (way, verdict.said)


def test_writing_all_anew_with_the_tills_key_is_seen_by_an_anchor_only(judge: Judge) -> None:
    data = resigned(judge.lines, 230, 2, person=9)
    assert judge(data, with_head=False).code == 0
    anchored = judge(data, f"400:{json.loads(judge.lines[399])['hash'][:12]}", with_head=False)
    assert (anchored.code, anchored.seq) == (1, 400)
    assert "not the one that was printed" in anchored.how
    assert judge(data).seq == len(judge.lines) + 1  # an export names its end


def test_a_receipts_code_is_an_anchor_too(judge: Judge) -> None:
    lines = [json.loads(line) for line in judge.lines]
    sale = next(line for line in lines[20:] if line["entry"]["kind"] == "sale")
    receipt = sale["entry"]["body"]["receipt"]
    judge.write(b"".join(judge.lines[:40]), with_head=False)
    assert judge.really("--anchor", f"{receipt}:{sale['hash'][:12]}").code == 0
    wrong = judge.really("--anchor", f"{receipt}:{'0' * 12}")
    assert (wrong.code, wrong.seq) == (1, sale["entry"]["seq"])


def test_writing_all_anew_with_another_key_is_seen_by_the_key_on_the_hand_over_sheet(judge: Judge) -> None:
    data = resigned(judge.lines, 7, 3, body={"public_key": seal(3).public_key.hex()})
    judge.write(b"".join(data.splitlines(keepends=True)[:40]), with_head=False)
    assert judge.really().code == 0  # all that it says of itself fits
    for key in (KEYS[0], KEYS[0].upper()):
        known = judge.really("--key", key)
        assert (known.code, known.seq) == (1, 7), known.said
        assert "a key that is not the till's" in known.how


def test_a_journal_without_any_signature_is_not_a_tills_that_has_a_key(judge: Judge) -> None:
    judge.write(b"".join(judge.lines[:6]), with_head=False)
    assert judge.really().code == 0
    assert judge.really("--key", KEYS[0]).code == 1
    (judge.write(b"".join(judge.lines[:6]), with_head=False) / "till.json").write_text(
        json.dumps({"public_key": KEYS[0]})
    )
    assert judge.really().code == 1


def test_anchors_are_read_from_what_the_shop_holds(judge: Judge, tmp_path: Path) -> None:
    kept = [json.loads(line) for line in judge.lines[20:80:5]]
    as_csv = "order,_till_chain\n" + "".join(
        f"{number},{each['entry']['seq']}:{each['hash']}\n" for number, each in enumerate(kept)
    )
    as_lines = "".join(
        json.dumps({"anchor": f"{each['entry']['seq']}:{each['hash']}"}) + "\n" for each in kept
    )
    judge.write(b"".join(judge.lines[:80]), with_head=False)
    for name, text in (("orders.csv", as_csv), ("orders.jsonl", as_lines)):
        (tmp_path / name).write_text(text)
        assert judge.really("--anchors", tmp_path / name).code == 0
    judge.write(b"".join(judge.lines[:50]), with_head=False)
    cut = judge.really("--anchors", tmp_path / "orders.csv")
    assert (cut.code, cut.seq) == (1, 51)


@pytest.mark.parametrize(
    "arguments", [["--anchor", "12"], ["--anchor", "12:xyz"], ["--anchors", "nowhere.csv"], []]
)
def test_what_cannot_be_checked_ends_with_2(judge: Judge, tmp_path: Path, arguments: list[str]) -> None:
    folder = judge.folder if arguments else tmp_path
    verdict = run_alone(VERIFIER, folder, *arguments)
    assert verdict.code == 2, verdict.said
    assert "Traceback" not in verdict.said
    assert "could not be checked" in verdict.said


def test_on_a_stick_a_line_torn_by_a_power_cut_is_said_and_is_no_break(judge: Judge, tmp_path: Path) -> None:
    stick = tmp_path / "gapless-01234567"
    stick.mkdir()
    (stick / "till.json").write_text(
        json.dumps({"till_id": "0" * 32, "public_key": KEYS[1], "currency": "EUR"})
    )
    whole = b"".join(judge.lines[:40])
    for tail in (judge.lines[40][:-1], judge.lines[40][:200], judge.lines[40][:9] + bytes(50), b"\0" * 20):
        (stick / "journal.jsonl").write_bytes(whole + tail)
        verdict = run_alone(VERIFIER, tmp_path)
        assert verdict.code == 0, verdict.said
        assert "torn" in verdict.said
        assert ": 40 entries" in verdict.said


def test_an_export_holds_the_same_sales_as_a_spreadsheet(judge: Judge) -> None:
    with (judge.folder / "sales.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 240
    assert [row["receipt"] for row in rows[:3]] == ["T1-000001", "T1-000002", "T1-000003"]
    cents = [int(row["total"].replace(".", "")) for row in rows]
    entries = [json.loads(line)["entry"] for line in judge.lines]
    last_z = next(each for each in reversed(entries) if each["kind"] == "z-report")
    assert sum(cents) == last_z["body"]["grand_total_minor"]
    for row in rows:
        paid = [int(row[name].replace(".", "")) for name in ("cash", "card")]
        assert sum(paid) == int(row["total"].replace(".", ""))
    assert not any(value.startswith(("=", "+", "@")) for row in rows for value in row.values())


def test_an_export_is_there_whole_or_not_at_all(bench: Bench, tmp_path: Path) -> None:
    folder = export(bench, tmp_path / "new")
    names = {"journal.jsonl", "till.json", "sales.csv", "verify.py", "README.txt"}
    assert {path.name for path in folder.iterdir()} == names
    with pytest.raises(StorageError, match="exists already"):
        export(bench, folder)
    with pytest.raises(StorageError, match="could not be written"):
        export(bench, Path("/proc/nowhere/export"))
    assert list(tmp_path.iterdir()) == [folder]
