"""What systemd-networkd and wpa_supplicant read, made anew at each boot.

The wire always works by DHCP unless it has a fixed address; with a Wi-Fi the fixed address is the Wi-Fi's. Nothing
waits for any of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from appliance.settings.of_the_card import servers

HEAD: Final = "# Made by till-setup from till.toml at each boot.\n"
WIRE: Final = "10-till-wire.network"
WIFI: Final = "10-till-wifi.network"
_DHCP: Final = "DHCP=yes\n\n[DHCPv4]\nUseDomains=no\n"
STATUS_PORT: Final = 80
"""Of the status page (till-status.socket): a browser needs no more than the till's address."""
_LATER: Final = {WIRE: 100, WIFI: 600}
"""The wire goes before the Wi-Fi where both lead on."""


def networks(values: Mapping[str, str]) -> dict[str, str]:
    """The files of systemd-networkd, by name.

    Args:
        values: of the section [network], checked.
    """
    has_wifi = bool(values.get("wifi_name"))
    files = {WIRE: _network(WIRE, "Name=en* eth*", {} if has_wifi else values)}
    if has_wifi:
        files[WIFI] = _network(WIFI, "Name=wl*", values)
    return files


def _network(name: str, match: str, values: Mapping[str, str]) -> str:
    address = values.get("address", "")
    if address:
        lines = [f"Address={address}", f"Gateway={values['gateway']}"]
        how = "\n".join([*lines, *(f"DNS={each}" for each in servers(values["dns"]))]) + "\n"
    else:
        how = f"{_DHCP}RouteMetric={_LATER[name]}\n"
    return f"{HEAD}[Match]\n{match}\n\n[Link]\nRequiredForOnline=no\n\n[Network]\n{how}"


def wpa_supplicant(name: str, password: str, country: str) -> str:
    """What wpa_supplicant reads: one network, WPA2 or WPA3.

    The name is written in hexadecimal digits and the password between the first and the last quote of its line, so that
    no sign in either means anything.
    """
    is_raw = len(password) == 64
    ways = "WPA-PSK WPA-PSK-SHA256" if is_raw else "WPA-PSK WPA-PSK-SHA256 SAE"
    return (
        f"{HEAD}country={country}\nctrl_interface=DIR=/run/wpa_supplicant\nupdate_config=0\n\nnetwork={{\n"
        f"    ssid={name.encode().hex()}\n    scan_ssid=1\n    key_mgmt={ways}\n"
        f"    ieee80211w=1\n    psk={password if is_raw else chr(34) + password + chr(34)}\n}}\n"
    )


def shop_port(url: str) -> int:
    """The port that the sync service calls."""
    parts = urlsplit(url)
    try:
        return parts.port or (80 if parts.scheme == "http" else 443)
    except ValueError:
        return 443


def firewall(*urls: str, has_page: bool = False) -> str:
    """What the firewall's rules learn from the settings: the ports of the online shop and of new versions.

    And the status page's, if it is shown.

    Those of before are taken away in the same transaction: settings may change without a new start.
    """
    ports = sorted({shop_port(url) for url in urls if url} | {443})
    elements = ", ".join(map(str, ports))
    page = f"add element inet till status_ports {{ {STATUS_PORT} }}\n" if has_page else ""
    return (
        f"{HEAD}flush set inet till status_ports\n{page}"
        f"flush set inet till shop_ports\nadd element inet till shop_ports {{ {elements} }}\n"
    )
