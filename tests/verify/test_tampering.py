"""200 of each kind of tampering with a real journal: all are caught, and the first broken entry is the right one."""

from __future__ import annotations

import json
from random import Random

import pytest
from nacl.signing import SigningKey

from appliance import verify
from tests.verify.conftest import Judge
from tests.verify.day import rehashed

OFTEN = 200
UNSIGNED = 6  # entries of version 1, before there was a key


def forged(judge: Judge, seq: int, key: SigningKey, **changes: object) -> bytes:
    """An entry of its number, hashed rightly behind the one before it, signed with another key."""
    previous = json.loads(judge.lines[seq - 2])["hash"]
    like = judge.lines[max(seq - 1, 10)]
    line = json.loads(rehashed(like, previous, **{"seq": seq, **changes}))
    line["signature"] = key.sign(bytes.fromhex(line["hash"])).signature.hex()
    return (verify.canonical(line) + "\n").encode()


def relinked(lines: list[bytes], previous: str, shift: int) -> list[bytes]:
    """The lines hashed anew, one behind the other, their numbers moved."""
    made = []
    for line in lines:
        made.append(rehashed(line, previous, seq=json.loads(line)["entry"]["seq"] + shift))
        previous = json.loads(made[-1])["hash"]
    return made


def test_the_journal_as_it_was_written_is_intact(judge: Judge) -> None:
    verdict = judge(judge.data)
    assert verdict.code == 0, verdict.said
    assert verdict.said.startswith("intact: ")
    assert len(judge.lines) >= 400


def test_any_flipped_byte_is_found_in_its_entry(judge: Judge) -> None:
    chance = Random(1)
    for became in b" \t\r\0},x\x0b\x8a":  # what ends the last line
        check_flip(judge, len(judge.data) - 1, became ^ ord("\n"))
    for _ in range(OFTEN):
        position = chance.randrange(len(judge.data))
        check_flip(judge, position, chance.randrange(1, 256))


@pytest.mark.parametrize(
    "where", [b'"signature":"', b'"hash":"', b'"previous":"', b'"boot":"', b'"seq":', b"\n"]
)
def test_a_flipped_byte_is_found_wherever_it_is_in_the_line(judge: Judge, where: bytes) -> None:
    chance = Random(2)
    for number in [0, len(judge.lines) - 1, *(chance.randrange(len(judge.lines)) for _ in range(10))]:
        start = sum(map(len, judge.lines[:number]))
        found = judge.lines[number].rfind(where)
        if found >= 0:
            within = len(where) - (where == b"\n")
            for flip in (0x01, 0x20, 0x80):  # 0x20 makes a capital of a hexadecimal digit
                check_flip(judge, start + found + within, flip)


def check_flip(judge: Judge, position: int, flip: int) -> None:
    data = bytearray(judge.data)
    data[position] ^= flip
    verdict = judge(bytes(data))
    assert (verdict.code, verdict.seq) == (1, judge.line_at(position)), (position, flip, verdict.said)
    assert "changed" in verdict.how


def otherwise(line: bytes) -> list[bytes]:
    """A line that means the same to a lenient reader, but is not as a till writes it."""
    outer = json.loads(line)
    entry = verify.canonical(outer["entry"]).encode()
    swapped = {name: outer["entry"][name] for name in reversed(outer["entry"])}
    return [
        line[:-1] + b"\r\n",
        line[:-1] + b" \n",
        b"\xef\xbb\xbf" + line,
        line.replace(b'"hash":', b'"hash": ', 1),
        line.replace(b'"kind":"s', b'"kind":"\\u0073', 1),
        line.replace(b'{"entry":', b'{"entry":{"at":"1999"},"entry":', 1),
        line.replace(entry, json.dumps(swapped, separators=(",", ":"), ensure_ascii=False).encode()),
        line.replace(b'"hash":"', b'"note":"","hash":"', 1),
        line.replace(outer["hash"].encode(), outer["hash"].upper().encode(), 1),
        line.replace(outer["signature"].encode(), outer["signature"].upper().encode(), 1),
        line.replace(outer["signature"].encode(), b" " + outer["signature"].encode(), 1),
    ]


def test_an_entry_written_in_another_way_is_found_though_it_means_the_same(judge: Judge) -> None:
    numbers = [number for number, line in enumerate(judge.lines) if b'"kind":"sale"' in line]
    for number in (numbers[0], numbers[len(numbers) // 2], numbers[-1], len(judge.lines) - 1):
        for line in otherwise(judge.lines[number]):
            if line != judge.lines[number]:
                verdict = judge(b"".join([*judge.lines[:number], line, *judge.lines[number + 1 :]]))
                assert (verdict.code, verdict.seq) == (1, number + 1), (line, verdict.said)
                assert "changed" in verdict.how


def test_any_deleted_entry_is_missed(judge: Judge) -> None:
    for number in Random(3).sample(range(len(judge.lines)), OFTEN):
        verdict = judge(b"".join(judge.lines[:number] + judge.lines[number + 1 :]))
        assert (verdict.code, verdict.seq) == (1, number + 1), verdict.said
        assert "missing" in verdict.how


def test_any_two_entries_that_changed_places_are_seen(judge: Judge) -> None:
    chance = Random(4)
    for _ in range(OFTEN):
        first, second = sorted(chance.sample(range(len(judge.lines)), 2))
        lines = list(judge.lines)
        lines[first], lines[second] = lines[second], lines[first]
        verdict = judge(b"".join(lines))
        assert (verdict.code, verdict.seq) == (1, first + 1), verdict.said
        assert "moved" in verdict.how


def test_a_copy_of_an_entry_elsewhere_is_seen(judge: Judge) -> None:
    chance = Random(5)
    for _ in range(50):
        number, place = chance.randrange(len(judge.lines)), chance.randrange(1, len(judge.lines))
        if place != number:
            verdict = judge(b"".join([*judge.lines[:place], judge.lines[number], *judge.lines[place:]]))
            expected = place + 1 if place != number + 1 else place + 1
            assert (verdict.code, verdict.seq) == (1, expected), verdict.said
            assert "added" in verdict.how


@pytest.mark.parametrize("relink", [False, True])
def test_any_entry_changed_and_hashed_anew_without_the_key_is_found(judge: Judge, relink: bool) -> None:
    chance = Random(6 + relink)
    for number in chance.sample(range(UNSIGNED, len(judge.lines)), OFTEN // 2):
        entry = json.loads(judge.lines[number])["entry"]
        change = chance.choice(
            [{"person": 99}, {"uptime_ms": 5}, {"body": entry["body"] | {"total_minor": 1}}]
        )
        line = rehashed(judge.lines[number], **change)
        after = judge.lines[number + 1 :]
        if relink:
            after = relinked(after[:20], json.loads(line)["hash"], 0)
        verdict = judge(b"".join([*judge.lines[:number], line, *after]))
        assert (verdict.code, verdict.seq) == (1, number + 1), verdict.said
        assert "without the key" in verdict.how or "added" in verdict.how


def test_an_unsigned_entry_of_version_1_changed_and_hashed_anew_does_not_reach_the_first_signature(
    judge: Judge,
) -> None:
    for number in range(UNSIGNED):
        line = rehashed(judge.lines[number], body={"name": "Nobody"})
        alone = judge(b"".join([*judge.lines[:number], line, *judge.lines[number + 1 :]]))
        assert (alone.code, alone.seq) == (1, number + 2), alone.said
        rest = relinked(judge.lines[number + 1 :], json.loads(line)["hash"], 0)
        whole = judge(b"".join([*judge.lines[:number], line, *rest]))
        assert (whole.code, whole.seq) == (1, UNSIGNED + 1), whole.said


@pytest.mark.parametrize("renumber", [False, True])
def test_any_forged_entry_is_found(judge: Judge, renumber: bool) -> None:
    chance, key = Random(8 + renumber), SigningKey(b"f" * 32)
    for number in chance.sample(range(UNSIGNED + 1, len(judge.lines)), OFTEN // 2):
        line = forged(
            judge, number + 1, key, kind="paid-out", body={"amount_minor": 5_000, "reason": "float"}
        )
        after = judge.lines[number:]
        if renumber:
            after = relinked(after[:20], json.loads(line)["hash"], 1)
        verdict = judge(b"".join([*judge.lines[:number], line, *after]))
        assert (verdict.code, verdict.seq) == (1, number + 1), verdict.said
        assert ("changed" if renumber else "added") in verdict.how


def test_an_entry_of_version_1_after_the_first_signature_is_found(judge: Judge) -> None:
    for number in Random(10).sample(range(UNSIGNED + 1, len(judge.lines)), 20):
        outer = json.loads(judge.lines[number])
        outer["entry"] = {k: v for k, v in outer["entry"].items() if k in verify.SHAPES[1]} | {"v": 1}
        line = rehashed(verify.canonical(outer | {"signature": ""}).encode())
        verdict = judge(b"".join([*judge.lines[:number], line, *judge.lines[number + 1 :]]))
        assert (verdict.code, verdict.seq) == (1, number + 1), verdict.said
        assert "not signed" in verdict.how


def test_any_cut_off_end_is_seen_with_an_anchor_and_admitted_without_one(judge: Judge) -> None:
    chance = Random(11)
    seq, digest = judge.head
    for number in range(OFTEN):
        size = chance.randrange(1, len(judge.data) - 1)
        left = judge.data[:size]
        whole = left.count(b"\n")
        if number % 2:  # between two entries
            left = left[: left.rfind(b"\n") + 1]
        anchored = judge(left, f"{seq}:{digest[:12]}", with_head=False)
        assert (anchored.code, anchored.seq) == (1, whole + 1), anchored.said
        assert "cut off" in anchored.how
        alone = judge(left, with_head=False)
        assert alone.code == 0
        assert "a cut-off end cannot be seen" in alone.said
