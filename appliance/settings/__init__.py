"""What the owner and the technician may set: ``till.toml`` over the shipped defaults, every key checked.

A file on a card is edited by hand, so a slip must be named at start, with the key and what is allowed, and never
be passed over: a misspelt ``cash_roundign`` would round nothing for months. Keys of the online shop live in a file
of their own that only the sync service can read.
"""

from appliance.settings.checking import Mistake, kind_of, known_keys, mistakes_in
from appliance.settings.errors import SettingsError
from appliance.settings.reading import load, load_secrets
from appliance.settings.sections import (
    PrinterSettings,
    ReceiptSettings,
    ScannerSettings,
    ScreenSettings,
    Secrets,
    Settings,
    ShopSettings,
)

__all__ = [
    "Mistake",
    "PrinterSettings",
    "ReceiptSettings",
    "ScannerSettings",
    "ScreenSettings",
    "Secrets",
    "Settings",
    "SettingsError",
    "ShopSettings",
    "kind_of",
    "known_keys",
    "load",
    "load_secrets",
    "mistakes_in",
]
