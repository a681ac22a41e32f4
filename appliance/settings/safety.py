"""The sections of ``till.toml`` that keep sales safe: second medium, backups, approvals."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from appliance.settings.errors import SettingsError


@dataclass(frozen=True, slots=True)
class SecondSettings:
    """The second medium: each sale is also written there, so that the card alone cannot lose it."""

    folder: Path
    is_mount: bool
    wait_seconds: float

    def __post_init__(self) -> None:
        if self.wait_seconds <= 0:
            raise SettingsError("second.wait_seconds must be more than 0")

    @property
    def place(self) -> Path | None:
        """The folder, None where there is no second medium."""
        return None if self.folder == Path() else self.folder


@dataclass(frozen=True, slots=True)
class BackupSettings:
    """Copies of the journal, made after each Z report and every night."""

    folder: Path
    hour: int
    days: int
    weeks: int
    months: int

    def __post_init__(self) -> None:
        if not 0 <= self.hour <= 23:
            raise SettingsError("backup.hour must be from 0 to 23")
        for name in ("days", "weeks", "months"):
            if getattr(self, name) < 1:
                raise SettingsError(f"backup.{name} must be 1 or more")


@dataclass(frozen=True, slots=True)
class ApprovalSettings:
    """What a cashier may do alone."""

    discount_percent: int

    def __post_init__(self) -> None:
        if not 0 <= self.discount_percent <= 100:
            raise SettingsError("approval.discount_percent must be from 0 to 100")
