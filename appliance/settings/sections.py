"""The sections of ``till.toml``: each key with what is allowed."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from appliance.domain.errors import DomainError
from appliance.domain.money import Currency, currency
from appliance.settings.display import DisplaySettings
from appliance.settings.errors import SettingsError
from appliance.settings.safety import ApprovalSettings, BackupSettings, SecondSettings
from appliance.settings.status import StatusSettings
from appliance.settings.stock import SafetyStockSettings, StockSettings
from appliance.settings.updates import UpdateSettings


@dataclass(frozen=True, slots=True)
class TillSettings:
    """The till itself."""

    name: str
    series: str
    data: Path
    keys_file: Path
    time_zone: str

    def __post_init__(self) -> None:
        if not (
            self.series.isascii()
            and self.series.isalnum()
            and self.series[0].isupper()
            and len(self.series) <= 8
        ):
            raise SettingsError(
                "till.series must be a capital letter and up to 7 letters or digits, such as T1"
            )
        try:
            ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError):
            raise SettingsError(
                f"till.time_zone {self.time_zone!r} is not a time zone such as Europe/Dublin"
            ) from None


@dataclass(frozen=True, slots=True)
class ShopSettings:
    """The online shop."""

    url: str
    ca_file: str
    secrets_file: Path
    poll_seconds: float
    deadline_seconds: float
    late_minutes: float

    def __post_init__(self) -> None:
        if self.url and not self.url.startswith(("https://", "http://")):
            raise SettingsError("shop.url must begin with https:// (or http:// on a test bench)")
        for name in ("poll_seconds", "deadline_seconds", "late_minutes"):
            if getattr(self, name) <= 0:
                raise SettingsError(f"shop.{name} must be more than 0")


@dataclass(frozen=True, slots=True)
class MoneySettings:
    """Currency and cash rounding. ``rounding_step_minor`` is 1 where cash is not rounded."""

    currency: str
    cash_rounding: str
    rounding_step_minor: int = field(init=False, default=1)

    def __post_init__(self) -> None:
        try:
            money = self.of
            step = money.parse(self.cash_rounding) if self.cash_rounding else 1
        except DomainError as error:
            raise SettingsError(f"money: {error}") from None
        if step < 1:
            raise SettingsError('money.cash_rounding must be an amount above zero, such as "0.05", or ""')
        object.__setattr__(self, "rounding_step_minor", step)

    @property
    def of(self) -> Currency:
        """The currency itself."""
        return currency(self.currency)


@dataclass(frozen=True, slots=True)
class ReceiptSettings:
    """What stands at the head and the foot of each receipt."""

    name: str
    strapline: str
    address: str
    phone: str
    tax_number: str
    web: str
    promise: list[str]
    thanks: str


@dataclass(frozen=True, slots=True)
class ScreenSettings:
    """The screen."""

    width: int
    height: int
    theme: str
    touch: str
    rotation: int

    def __post_init__(self) -> None:
        if (self.width, self.height) not in ((800, 480), (1280, 800)):
            raise SettingsError("screen.width and screen.height must be 800 and 480, or 1280 and 800")
        _one_of("screen.theme", self.theme, ("dark", "light"))
        _one_of("screen.touch", self.touch, ("panel", "mouse"))
        _one_of("screen.rotation", self.rotation, (0, 90, 180, 270))


@dataclass(frozen=True, slots=True)
class SoundSettings:
    """The tones."""

    volume: int

    def __post_init__(self) -> None:
        _one_of("sound.volume", self.volume, tuple(range(7)))


@dataclass(frozen=True, slots=True)
class ScannerSettings:
    """The barcode scanner."""

    match: str
    layout: str

    def __post_init__(self) -> None:
        _one_of("scanner.layout", self.layout, ("us", "de", "fr"))


@dataclass(frozen=True, slots=True)
class PrinterSettings:
    """The receipt printer and the drawer that hangs on it."""

    match: str
    width_dots: int
    stall_seconds: float
    drawer_pin: int
    drawer_pulse_ms: int

    def __post_init__(self) -> None:
        _one_of("printer.width_dots", self.width_dots, (576, 384))
        _one_of("printer.drawer_pin", self.drawer_pin, (2, 5))
        if not 60 <= self.drawer_pulse_ms <= 500:
            raise SettingsError(
                "printer.drawer_pulse_ms must be from 60 to 500; less does not open, more burns the coil"
            )
        if self.stall_seconds <= 0:
            raise SettingsError("printer.stall_seconds must be more than 0")


@dataclass(frozen=True, slots=True)
class BarcodeSettings:
    """The shop's own barcodes. The rules are read by ``domain.barcodes``, which names a bad one."""

    rules: list[str]


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of one till."""

    till: TillSettings
    shop: ShopSettings
    money: MoneySettings
    receipt: ReceiptSettings
    screen: ScreenSettings
    sound: SoundSettings
    scanner: ScannerSettings
    printer: PrinterSettings
    display: DisplaySettings
    barcodes: BarcodeSettings
    second: SecondSettings
    backup: BackupSettings
    update: UpdateSettings
    status: StatusSettings
    approval: ApprovalSettings
    stock: StockSettings
    safety: SafetyStockSettings

    @property
    def backups(self) -> Path:
        """Where copies of the journal are kept."""
        return self.till.data / "backups" if self.backup.folder == Path() else self.backup.folder

    @property
    def database(self) -> Path:
        """The one file that both programs open."""
        return self.till.data / "till.db"

    @property
    def zone(self) -> ZoneInfo:
        """The shop's time zone."""
        return ZoneInfo(self.till.time_zone)


@dataclass(frozen=True, slots=True)
class Secrets:
    """The shop's keys. Their repr hides them, so that no log can hold one."""

    key: str = field(repr=False)
    secret: str = field(repr=False)


def _one_of(name: str, value: object, allowed: tuple[object, ...]) -> None:
    if value not in allowed:
        raise SettingsError(f"{name} must be one of {', '.join(map(str, allowed))}, not {value!r}")
