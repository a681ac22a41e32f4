"""The sections of ``till.toml`` about stock: when it is low, and what is held back from the web."""

from __future__ import annotations

from dataclasses import dataclass

from appliance.domain.errors import RuleError
from appliance.domain.safety import SafetyRules
from appliance.settings.errors import SettingsError


@dataclass(frozen=True, slots=True)
class StockSettings:
    """When little is left.

    Attributes:
        low_at: tell when so few are left, where the shop names no number of its own.
        low_days: or when it lasts for no more days than this at the pace of late; 0 for never.
    """

    low_at: int
    low_days: int

    def __post_init__(self) -> None:
        for name in ("low_at", "low_days"):
            if getattr(self, name) < 0:
                raise SettingsError(f"stock.{name} must be 0 or more")


@dataclass(frozen=True, slots=True)
class SafetyStockSettings:
    """What this till holds back from the web. One till of a shop does so, the others leave it empty."""

    hold_back: list[str]
    learn: bool

    def __post_init__(self) -> None:
        try:
            _ = self.rules
        except RuleError as error:
            raise SettingsError(f"safety.hold_back: {error}") from None

    @property
    def rules(self) -> SafetyRules:
        """The rules themselves."""
        return SafetyRules.from_texts(self.hold_back, learns=self.learn)
