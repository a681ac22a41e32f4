"""What a stick may set going: each piece of it only as far as it must."""

from __future__ import annotations

from tests.systemd.test_units import LOCKS
from tests.systemd.units import SYSTEMD, listed, units

SERVICES, PATHS = units("service"), units("path")
KIOSKS = "/run/till-kiosk/"


def test_what_is_read_from_a_stick_is_read_by_the_tills_own_user_who_cannot_write_there() -> None:
    service = SERVICES["till-begin.service"]["Service"]
    assert service["User"] == ["till"]
    assert service["PrivateNetwork"] == ["yes"]
    assert service["ReadOnlyPaths"] == ["-/media"]
    assert "media" not in " ".join(service["ReadWritePaths"])
    for key, value in LOCKS.items():
        assert service[key] == [value] or key == "UMask", key
    assert service["UMask"] == ["0007"], "the sync service is of the till's group, and works on the same file"


def test_only_root_lines_that_are_needed_leave_the_locks_of_beginning() -> None:
    service = SERVICES["till-begin.service"]["Service"]
    assert not any(line.startswith("+") for line in service["ExecStart"])
    unlocked = [
        line for line in (*service["ExecStartPre"], *service["ExecStartPost"]) if line.startswith("+")
    ]
    assert [" ".join(line.split()[-2:]) for line in unlocked] == [
        "stop till-sync.service",
        "begin put-away",
        "appliance.card setup",
        "till-kiosk.service till-sync.service",
    ]
    assert "--reuid=till" in unlocked[1]


def test_the_kiosks_wishes_are_looked_for_where_it_may_write() -> None:
    runtime = SERVICES["till-kiosk.service"]["Service"]["RuntimeDirectory"]
    assert runtime == [KIOSKS.strip("/").removeprefix("run/")]
    assert PATHS["till-begin.path"]["Path"]["PathExists"] == [f"{KIOSKS}begin"]
    assert PATHS["till-help.path"]["Path"]["PathExists"] == [f"{KIOSKS}help"]
    assert PATHS["till-help.path"]["Path"]["Unit"] == ["till-stick.service"]
    for name in ("till-begin.service", "till-stick.service"):
        assert KIOSKS.rstrip("/") in " ".join(SERVICES[name]["Service"]["ReadWritePaths"])


def test_a_stick_is_looked_at_when_it_is_mounted() -> None:
    where = "media-till.mount"
    assert 'ENV{SYSTEMD_MOUNT_WHERE}="/media/till"' in (SYSTEMD / "udev/72-till-stick.rules").read_text()
    unit = SERVICES["till-stick.service"]
    assert unit["Install"]["WantedBy"] == [where]
    named = [unit["Unit"][key] for key in ("After", "Requires", "BindsTo", "RequiresMountsFor")]
    assert where not in str(named), (
        "till-help.path keeps it loaded, and a loaded name cannot be mounted again"
    )
    assert unit["Service"]["PrivateNetwork"] == ["yes"]


def test_the_technicians_console_starts_by_a_token_alone_and_ends_with_its_stick() -> None:
    console = SERVICES["till-console.service"]
    assert "Install" not in console
    assert "enable till-console.service" not in listed("80-till.preset")
    assert console["Unit"]["Conflicts"] == ["till-kiosk.service"]
    assert console["Unit"]["BindsTo"] == ["media-till.mount"]
    assert console["Unit"]["ConditionPathExists"] == ["/run/till/console/environment"]
    (start,) = console["Service"]["ExecStart"]
    assert "${SECONDS_LEFT}" in start
    assert "/data/system/log/console.log" in start
    over = "till-console-over.service"
    assert console["Unit"]["OnSuccess"] == console["Unit"]["OnFailure"] == [over]
    ends = SERVICES[over]["Service"]
    assert "start till-kiosk.service" in ends["ExecStartPost"][0]
    assert ends["ExecStartPre"] == ["/bin/rm -f /run/till/console/environment"]
