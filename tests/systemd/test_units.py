"""The services: what they start is there, whom they run as is there, and no lock was left off."""

import importlib
import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import PurePosixPath
from typing import Final

import pytest

from appliance.card.network import STATUS_PORT
from appliance.card.places import Places
from tests.systemd.units import ROOT, SYSTEMD, commands, read_unit, rows, units

SERVICES = units("service")
OURS_AT_WORK: Final = ("till-kiosk.service", "till-sync.service", "till-backup.service")
LOCKS: Final = {
    "CapabilityBoundingSet": "",
    "AmbientCapabilities": "",
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateUsers": "yes",
    "PrivateIPC": "yes",
    "RemoveIPC": "yes",
    "KeyringMode": "private",
    "DevicePolicy": "closed",
    "ProtectKernelTunables": "yes",
    "ProtectKernelModules": "yes",
    "ProtectKernelLogs": "yes",
    "ProtectControlGroups": "yes",
    "ProtectClock": "yes",
    "ProtectHostname": "yes",
    "ProtectProc": "invisible",
    "RestrictNamespaces": "yes",
    "RestrictRealtime": "yes",
    "RestrictSUIDSGID": "yes",
    "LockPersonality": "yes",
    "SystemCallArchitectures": "native",
    "SystemCallErrorNumber": "EPERM",
    "UMask": "0077",
    "LimitCORE": "0",
}
OF_ONE: Final = {
    "till-kiosk.service": {
        "PrivateNetwork": "yes",
        "IPAddressDeny": "any",
        "RestrictAddressFamilies": "AF_UNIX AF_NETLINK",
        "MemoryDenyWriteExecute": "no",  # LLVM
        "Type": "notify",
        "NotifyAccess": "main",
        "Restart": "always",
        "RestartPreventExitStatus": "78",
        "User": "till",
        "WatchdogSec": "30",
    },
    "till-sync.service": {
        "PrivateDevices": "yes",
        "RestrictAddressFamilies": "AF_INET AF_INET6 AF_UNIX",
        "MemoryDenyWriteExecute": "yes",
        "Type": "notify",
        "NotifyAccess": "main",
        "Restart": "always",
        "RestartPreventExitStatus": "78",
        "User": "till-sync",
        "WatchdogSec": "180",
    },
    "till-backup.service": {
        "PrivateNetwork": "yes",
        "PrivateDevices": "yes",
        "IPAddressDeny": "any",
        "MemoryDenyWriteExecute": "yes",
        "User": "till",
    },
    "till-status.service": {
        "PrivateNetwork": "yes",
        "PrivateDevices": "yes",
        "IPAddressDeny": "any",
        "RestrictAddressFamilies": "none",  # it makes no socket at all: systemd hands it one
        "MemoryDenyWriteExecute": "yes",
        "User": "till-status",
    },
}
REFUSED_CALLS: Final = (
    "~@privileged @resources @mount @debug @cpu-emulation @obsolete @raw-io @reboot @swap @clock @module"
)


@pytest.mark.parametrize("name", sorted(OF_ONE))
def test_no_lock_was_left_off(name: str) -> None:
    service = SERVICES[name]["Service"]
    for key, value in (LOCKS | OF_ONE[name]).items():
        assert service.get(key) == [value], f"{name}: {key}"
    assert service["SystemCallFilter"] == ["@system-service", REFUSED_CALLS]


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_whom_a_service_runs_as_exists(name: str) -> None:
    lines = [
        line.split()
        for line in (SYSTEMD / "sysusers.d/till.conf").read_text("utf-8").splitlines()
        if line and line[0] != "#"
    ]
    users = {line[1] for line in lines if line[0] in ("u", "u!")}
    groups = {line[1] for line in lines if line[0] == "g"}
    member = {line[2] for line in lines if line[:2] == ["m", "till"]}
    service = SERVICES[name]["Service"]
    assert set(service["User"]) <= users
    assert set(service["Group"]) <= groups
    for extra in service["SupplementaryGroups"]:
        assert set(extra.split()) <= member


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_what_a_service_starts_is_there(name: str) -> None:
    scripts = {row.target + PurePosixPath(row.source).name for row in rows() if row.mode == "0755"}
    for command in commands(SERVICES[name]):
        program, *words = shlex.split(command.lstrip("-+!@:"))
        assert program.startswith("/"), command
        if program.startswith("/usr/lib/gapless/"):
            assert program in scripts, command
        elif program == "/usr/bin/python3":
            assert words[:2] == ["-P", "-m"], command
            importlib.import_module(words[2])
            assert "PYTHONPATH=/usr/lib/gapless" in " ".join(SERVICES[name]["Service"]["Environment"]), name


@pytest.mark.parametrize("name", sorted(OF_ONE))
def test_the_programs_take_the_words_that_they_are_started_with(name: str) -> None:
    """They go so far as to miss the settings, which are the card's; a word too many would end them before."""
    (command,) = SERVICES[name]["Service"]["ExecStart"]
    _python, *words = shlex.split(command)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    missed, refused = (
        subprocess.run(
            [sys.executable, *words, *more], env=environment, capture_output=True, text=True, check=False
        ).stderr
        for more in ([], ["--no-such-word"])
    )
    assert "No such file" in missed
    assert "usage:" not in missed
    assert "usage:" in refused


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_the_commands_of_the_card_are_known(name: str) -> None:
    from appliance.card.__main__ import COMMANDS

    for command in commands(SERVICES[name]):
        if "-m appliance.card " in command:
            word = command.split("-m appliance.card ")[1].split()[0]
            assert word in COMMANDS
            importlib.import_module(COMMANDS[word])


def test_the_folders_of_the_settings_may_be_written_and_nothing_else_may() -> None:
    defaults = tomllib.loads((ROOT / "appliance/settings/defaults.toml").read_text("utf-8"))
    for name in OURS_AT_WORK:
        service = SERVICES[name]["Service"]
        assert service["ReadWritePaths"] == [f"{defaults['till']['data']} -/media"]
        assert SERVICES[name]["Unit"]["RequiresMountsFor"] == [defaults["till"]["data"]]


def test_the_status_page_can_write_nowhere_and_its_door_knows_the_shops_network_only() -> None:
    service = SERVICES["till-status.service"]["Service"]
    assert not service["ReadWritePaths"]
    assert not service["StateDirectory"] + service["RuntimeDirectory"]
    door = units("socket")["till-status.socket"]
    assert door["Socket"]["ListenStream"] == [str(STATUS_PORT)]
    assert door["Socket"]["IPAddressDeny"] == ["any"]
    assert "Install" not in door, "till-status.path opens it, where the settings want it"
    wanted = read_unit(SYSTEMD / "till-status.path")["Path"]["PathExists"]
    assert wanted == door["Unit"]["ConditionPathExists"] == [str(Places().status_page)]


def test_the_stick_is_mounted_in_a_folder_that_the_programs_may_write() -> None:
    rules = (SYSTEMD / "udev/72-till-stick.rules").read_text("utf-8")
    (where,) = set(re.findall(r'SYSTEMD_MOUNT_WHERE}="([^"]*)"', rules))
    assert where == "/media/till"


def test_the_watchdogs_have_patience_for_the_longest_that_a_loop_may_take() -> None:
    defaults = tomllib.loads((ROOT / "appliance/settings/defaults.toml").read_text("utf-8"))
    sync = int(SERVICES["till-sync.service"]["Service"]["WatchdogSec"][0])
    assert sync >= 2 * defaults["shop"]["deadline_seconds"] + 30


def test_every_timer_has_its_service_and_runs_by_the_machines_own_time() -> None:
    for name, timer in units("timer").items():
        assert name.replace(".timer", ".service") in SERVICES
        assert timer["Timer"]["OnBootSec"], name
        assert not timer["Timer"]["OnCalendar"], f"{name}: a till without a network may not know the date"


def test_the_firewall_lets_nothing_in_and_knows_who_may_go_out() -> None:
    rules = (SYSTEMD / "nftables.conf").read_text("utf-8")
    assert len(re.findall(r"policy drop;", rules)) == 3
    assert "policy accept" not in rules
    status = rules.split("set status_ports {")[1].split("}")[0]
    assert "elements" not in status, "the status page is off until somebody switches it on"
    for line in rules.splitlines():
        if "dport @shop_ports" in line:
            assert 'skuid { "till-sync", "root" }' in line
    assert "till-kiosk" not in rules
    assert '"till"' not in rules
    first = read_unit(SYSTEMD / "firewall-first.conf")
    assert first["Unit"]["Requires"] == ["nftables.service"]
