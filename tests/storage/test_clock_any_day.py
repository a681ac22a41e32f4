"""Any days with any clocks: what always holds of the journal's order and times."""

from __future__ import annotations

import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.storage.corrections import AHEAD
from appliance.storage.instants import to_instant
from tests.storage.turned_clock import Computer, turned_clock

SECOND = timedelta(seconds=1)
far = st.integers(-40 * 365 * 86_400, 80 * 365 * 86_400)
near = st.integers(-90, 90)
offsets = st.one_of(near, far).map(lambda seconds: timedelta(seconds=seconds))
steps = st.one_of(
    st.tuples(st.just("boot"), offsets),
    st.tuples(st.just("jump"), offsets),
    st.tuples(st.just("pass"), st.floats(0.001, 20_000)),
    st.tuples(st.just("note"), st.none()),
    st.tuples(st.just("note"), st.none()),
    st.tuples(st.just("sync"), st.none()),
    st.tuples(st.just("watch"), st.none()),
    st.tuples(st.just("restart"), st.none()),
)


def play(computer: Computer, days: list[tuple[str, object]]) -> None:
    for name, value in days:
        match name, value:
            case "boot", timedelta():
                computer.pass_by(30)
                computer.boot(value)
            case "jump", timedelta():
                computer.jump(value)
            case "pass", float():
                computer.pass_by(value)
            case "sync", _:
                computer.sync()
            case "watch", _:
                computer.watch()
            case "restart", _:
                computer.start_program()
            case _:
                computer.note()


@settings(max_examples=120, deadline=None)
@given(st.lists(steps, max_size=40))
def test_whatever_the_clock_does_the_journal_is_in_order_and_can_be_dated(
    days: list[tuple[str, object]],
) -> None:
    with tempfile.TemporaryDirectory() as folder, turned_clock(Path(folder) / "till.db") as computer:
        play(computer, days)
        was_synced = computer.is_synced
        computer.watch()
        rows = computer.entries()

        moments = [(int(boot, 16), uptime_ms) for _, _, _, boot, uptime_ms, _ in rows]
        assert moments == sorted(moments)
        for before, row in zip(rows, rows[1:], strict=False):
            assert row[2] >= before[2] or row[1] == "clock-corrected"
        held = ""
        for seq, _, at, _, _, clock in rows:
            if clock == "synced":
                lead = to_instant(at) - computer.was_at[seq]
                # A clock that was less than AHEAD too fast is waited for: the order of the entries comes first.
                assert near_enough(to_instant(at), computer.was_at[seq]) or (at == held and lead <= AHEAD)
            held = at
        corrected = {boot for _, kind, _, boot, _, _ in rows if kind == "clock-corrected"}
        for seq, _, _, boot, _, clock in rows:
            dated = computer.corrections.true_at(seq)
            if boot in corrected or clock == "synced" or (was_synced and boot == computer.boot_id):
                assert dated is not None
                assert near_enough(dated, computer.was_at[seq])
            else:
                assert dated is None
        assert computer.journal.verify() is None


def near_enough(one: datetime, other: datetime) -> bool:
    return abs(one - other) <= SECOND
