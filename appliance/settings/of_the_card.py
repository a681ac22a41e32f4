"""The settings that only the card knows, beside those of the till itself: network, secrets, first manager."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from appliance.settings.checking import known_keys, mistakes_in

Values = Mapping[str, Any]
Wrong = Iterator[tuple[str, str]]
"""Keys with a sentence each."""

KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "shop": ("key", "secret"),
    "network": ("wifi_name", "wifi_password", "wifi_country", "address", "gateway", "dns"),
    "card": ("hostname", "language"),
    "staff": ("manager", "manager_pin"),
}
"""Each is a text; "" is none."""
SECRETS: Final[frozenset[tuple[str, str]]] = frozenset(
    {("shop", "key"), ("shop", "secret"), ("network", "wifi_password"), ("staff", "manager_pin")}
)
FIXED: Final[Mapping[tuple[str, str], str]] = {
    ("till", "data"): "the journal has its own place on the card",
    ("till", "keys_file"): "the till's keys have their own place on the card",
    ("shop", "secrets_file"): "key and secret are typed as shop.key and shop.secret",
}
LANGUAGES: Final = ("en",)
WANTED: Final[Mapping[tuple[str, str], str]] = {
    ("till", "time_zone"): "the time zone",
    ("money", "currency"): "the currency",
    ("receipt", "name"): "the shop's name",
    ("shop", "url"): "the address of the online shop",
}
"""What a till cannot begin without, and nobody can guess."""
SHOP_KEY: Final = "the shop's key (ck_...)"
SHOP_SECRET: Final = "the shop's secret (cs_...)"
MANAGER: Final = "the first manager's name"
MANAGER_PIN: Final = "the manager's PIN, four digits"

_HOSTNAME: Final = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_PASSPHRASE: Final = re.compile(r"[\x20-\x7e]{8,63}|[0-9A-Fa-f]{64}")
_SIGNS: Final = re.compile(r"[\x21-\x7e]+")
MOST_NAME: Final = 40
MOST_WIFI_NAME_BYTES: Final = 32


def check_shop(values: Values) -> Wrong:
    """Key and secret of the online shop, as typed."""
    for name, begin, other in (("key", "ck_", "cs_"), ("secret", "cs_", "ck_")):
        text = values.get(name, "")
        if text.startswith(other):
            yield (
                name,
                "key and secret are the wrong way round: the key begins with ck_, the secret with cs_.",
            )
            return
        elif text and not (text.startswith(begin) and _SIGNS.fullmatch(text)):
            yield (
                name,
                f"shop.{name} begins with {begin} and has no blanks in it. Copy it from the online shop again.",
            )
    if bool(values.get("key")) != bool(values.get("secret")):
        missing = "secret" if values.get("key") else "key"
        yield missing, "key and secret belong together: type both of them."


def check_network(values: Values) -> Wrong:
    """Wi-Fi and addresses."""
    yield from _check_wifi(values)
    yield from _check_address(values)


def _check_wifi(values: Values) -> Wrong:
    name, password, country = (values.get(key, "") for key in ("wifi_name", "wifi_password", "wifi_country"))
    if len(name.encode()) > MOST_WIFI_NAME_BYTES:
        yield "wifi_name", f"the name of a Wi-Fi has at most {MOST_WIFI_NAME_BYTES} letters."
    if password and not name:
        yield (
            "wifi_name",
            "there is a Wi-Fi password, so the name of the Wi-Fi is needed too: fill in wifi_name.",
        )
    if password and not _PASSPHRASE.fullmatch(password):
        yield "wifi_password", "a Wi-Fi password has 8 to 63 letters, digits or signs, without accents."
    if name and not re.fullmatch("[A-Z]{2}", country):
        yield "wifi_country", 'Wi-Fi needs the country in two capital letters: wifi_country = "IE"'


def _check_address(values: Values) -> Wrong:
    address, gateway, dns = (values.get(key, "") for key in ("address", "gateway", "dns"))
    if not address:
        if gateway or dns:
            yield "address", "gateway and dns belong to a fixed address: fill in address, or empty them all."
        return
    if "/" not in address and _is_address(address):
        yield (
            "address",
            f'the size of the network is missing behind the address: "{address}/24" in most shops.',
        )
        return
    network = _network(address)
    if network is None:
        yield "address", f'"{address}" is no address such as "192.168.1.50/24".'
        return
    if not _is_address(gateway):
        yield "gateway", 'a fixed address needs the address of the router: gateway = "192.168.1.1"'
    elif ipaddress.ip_address(gateway) not in network:
        yield "gateway", f"the router {gateway} is not in the network of {address}."
    if not servers(dns) or not all(map(_is_address, servers(dns))):
        yield "dns", 'a fixed address needs a name server, most often the router: dns = "192.168.1.1"'


def check_card(values: Values) -> Wrong:
    """Name and language of the machine."""
    hostname, language = values.get("hostname", ""), values.get("language", "")
    if hostname and not _HOSTNAME.fullmatch(hostname):
        yield "hostname", 'a host name has small letters, digits and - only, such as "till-1".'
    if language and language not in LANGUAGES:
        known = ", ".join(f'"{each}"' for each in LANGUAGES)
        yield "language", f'"{language}" is not spoken here yet. Known: {known}.'


def check_staff(values: Values) -> Wrong:
    """The first manager."""
    name, pin = values.get("manager", ""), values.get("manager_pin", "")
    if len(name) > MOST_NAME:
        yield "manager", f"a name has 1 to {MOST_NAME} letters."
    if pin and not name:
        yield "manager", "there is a PIN, so the manager's name is needed too: fill in manager."
    if pin and not re.fullmatch("[0-9]{4}", pin):
        yield "manager_pin", "a PIN has four digits, no more and no less."


def is_text(section: str, key: str, known: Mapping[str, Values]) -> bool:
    """Whether a key takes a text; one that nobody knows most likely does.

    Args:
        section, key: as typed.
        known: the till's own settings with what they are by default.
    """
    return isinstance(known.get(section, {}).get(key, ""), str)


CHECKS: Final[Mapping[str, Callable[[Values], Wrong]]] = {
    "shop": check_shop,
    "network": check_network,
    "card": check_card,
    "staff": check_staff,
}


def servers(dns: str) -> list[str]:
    """The name servers of a text with blanks or commas between them."""
    return re.split(r"[,;\s]+", dns.strip()) if dns.strip() else []


def _network(address: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_interface(address).network
    except ValueError:
        return None


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def wrong_in(sections: Mapping[str, Values]) -> Iterator[tuple[str, str, str]]:
    """Section, key and sentence of all that is wrong, in the till's own settings and in the card's.

    Args:
        sections: by their keys; each is a known one.
    """
    known = known_keys()
    own = {
        section: {key: value for key, value in keys.items() if key in known.get(section, {})}
        for section, keys in sections.items()
    }
    for mistake in mistakes_in({section: keys for section, keys in own.items() if keys}):
        yield mistake.section, mistake.key, mistake.words
    for section, check in CHECKS.items():
        for key, words in check(sections.get(section, {})):
            yield section, key, words
