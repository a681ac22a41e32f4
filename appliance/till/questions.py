"""What a new till is asked: settings of till.toml under its own names, step by step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

Where = tuple[str, str]
"""Section and key of till.toml."""

URL: Final = ("shop", "url")
KEY: Final = ("shop", "key")
SECRET: Final = ("shop", "secret")
SHOP_NAME: Final = ("receipt", "name")
TILL_NAME: Final = ("till", "name")
SERIES: Final = ("till", "series")
ZONE: Final = ("till", "time_zone")
CURRENCY: Final = ("money", "currency")
ROUNDING: Final = ("money", "cash_rounding")
WIFI_NAME: Final = ("network", "wifi_name")
WIFI_PASSWORD: Final = ("network", "wifi_password")
WIFI_COUNTRY: Final = ("network", "wifi_country")
ADDRESS: Final = ("network", "address")
GATEWAY: Final = ("network", "gateway")
DNS: Final = ("network", "dns")
PRINTER: Final = ("printer", "match")
WIDTH: Final = ("printer", "width_dots")
LAYOUT: Final = ("scanner", "layout")
ROTATION: Final = ("screen", "rotation")
MANAGER: Final = ("staff", "manager")
PIN: Final = ("staff", "manager_pin")
STRAPLINE: Final = ("receipt", "strapline")
STREET: Final = ("receipt", "address")
PHONE: Final = ("receipt", "phone")
TAX_NUMBER: Final = ("receipt", "tax_number")
WEB: Final = ("receipt", "web")

STEPS: Final[Mapping[str, tuple[Where, ...]]] = {
    "address": (URL,),
    "key": (KEY, SECRET),
    "name": (SHOP_NAME, TILL_NAME, SERIES),
    "receipt": (STRAPLINE, WEB, STREET, PHONE, TAX_NUMBER),
    "place": (ZONE, CURRENCY, ROUNDING),
    "network": (WIFI_NAME, WIFI_PASSWORD, WIFI_COUNTRY, ADDRESS, GATEWAY, DNS),
    "printer": (PRINTER, WIDTH),
    "manager": (MANAGER, PIN),
}
"""What is asked, in its order."""
NUMBERS: Final = frozenset({WIDTH, ROTATION})
ASKED: Final = frozenset({LAYOUT, ROTATION}.union(*STEPS.values()))
"""All that is set here; whatever else a file says stays as it is there."""
