"""What image/build copies by: nothing is forgotten, nothing is named that is not there, what starts is said once."""

import os
import subprocess

import pytest

from tests.systemd.units import NOT_INSTALLED, SYSTEMD, listed, rows, units

FOLDERS = {
    ".service": "/usr/lib/systemd/system/",
    ".timer": "/usr/lib/systemd/system/",
    ".path": "/usr/lib/systemd/system/",
    ".socket": "/usr/lib/systemd/system/",
    ".mount": "/usr/lib/systemd/system/",
    ".preset": "/usr/lib/systemd/system-preset/",
    ".rules": "/usr/lib/udev/rules.d/",
    ".network": "/usr/lib/systemd/network/",
}


def test_every_file_is_in_the_table_once_and_every_row_has_its_file() -> None:
    files = {str(path.relative_to(SYSTEMD)) for path in SYSTEMD.rglob("*") if path.is_file()}
    sources = [row.source for row in rows()]
    assert sorted(sources) == sorted(files - NOT_INSTALLED)


def test_no_two_rows_have_one_target() -> None:
    targets = [
        row.target + row.source.split("/")[-1] if row.target[-1] == "/" else row.target for row in rows()
    ]
    assert len(set(targets)) == len(targets)


def test_each_kind_of_file_goes_where_systemd_and_udev_look() -> None:
    for row in rows():
        ending = os.path.splitext(row.source)[1]  # noqa: PTH122
        assert row.target.startswith("/")
        if ending in FOLDERS:
            assert row.target == FOLDERS[ending], row


def test_scripts_may_be_run_and_nothing_else_may() -> None:
    for row in rows():
        is_script = (SYSTEMD / row.source).read_bytes().startswith(b"#!/bin/sh")
        assert row.mode == ("0755" if is_script else "0644"), row
        assert is_script == os.access(SYSTEMD / row.source, os.X_OK), row


def test_the_preset_enables_every_unit_of_ours_that_can_be_enabled_and_stops_all_others() -> None:
    lines = listed("80-till.preset")
    enabled = [line.removeprefix("enable ") for line in lines if line.startswith("enable ")]
    assert lines[-1] == "disable *"
    ours = {
        name
        for ending in ("service", "timer", "path", "mount")
        for name, unit in units(ending).items()
        if "Install" in unit
    }
    assert ours <= set(enabled)
    assert not set(enabled) & set(listed("masked.txt"))
    for name in enabled:
        if name.startswith("till-"):
            assert name in ours, f"{name} says nowhere what starts it"


def test_no_login_is_left_anywhere() -> None:
    masked = set(listed("masked.txt"))
    assert {
        "getty@.service",
        "serial-getty@.service",
        "autovt@.service",
        "console-getty.service",
        "debug-shell.service",
        "emergency.service",
        "rescue.service",
        "ctrl-alt-del.target",
        "systemd-logind.service",
    } <= masked


def test_nothing_waits_for_the_network() -> None:
    assert "systemd-networkd-wait-online.service" in listed("masked.txt")
    for name, unit in units("service").items():
        waits = " ".join(unit["Unit"]["After"] + unit["Unit"]["Wants"] + unit["Unit"]["Requires"])
        assert "network" not in waits.replace("systemd-networkd.service", ""), name
        assert "time-sync" not in waits, name


@pytest.mark.parametrize("name", ["keep-log", "open-data", "say-why", "usb-let-in", "usb-put-out"])
def test_the_scripts_are_shell_that_can_be_read(name: str) -> None:
    assert not subprocess.run(["sh", "-n", SYSTEMD / name], check=False).returncode
