"""The Wi-Fi of the settings: a radio is there, the till joins the shop's network by itself, and nothing waits for it.

It lists the networks that it hears, for a new till's screen.

The radios are the kernel's own rehearsed ones (mac80211_hwsim): two in one computer that hear each other. One is the
till's, with the card's programs; the other plays the shop's router, and would be no good one in any other way.
"""

from __future__ import annotations

import time
from typing import Final

from appliance.card.network import networks, wpa_supplicant
from image.machine.counter import STEP_SECONDS, Counter
from image.machine.errors import SceneError

NAME: Final = "Holm & Ash"
PASSWORD: Final = 'a "password" with quotes'
WRONG: Final = "not the password"
JOINED_SECONDS: Final = 120.0
NOT_JOINED_SECONDS: Final = 30.0
ROUTER: Final = "wlan1"
ADDRESS: Final = "192.168.77."
_ROUTERS_WIFI: Final = f"""ctrl_interface=DIR=/run/router
network={{
    ssid={NAME.encode().hex()}
    mode=2
    frequency=2412
    proto=RSN
    pairwise=CCMP
    key_mgmt=WPA-PSK
    ieee80211w=1
    psk="{PASSWORD}"
}}
"""
_ROUTERS_NETWORK: Final = f"""[Match]
Name={ROUTER}
[Link]
RequiredForOnline=no
[Network]
Address={ADDRESS}1/24
DHCPServer=yes
[DHCPServer]
PersistLeases=no
EmitDNS=no
EmitRouter=no
"""
"""Without ``PersistLeases=no`` it would answer nobody before a place to keep leases in is there; a till has none."""


def play(counter: Counter) -> None:
    """A wrong password first, then the right one."""
    shell = counter.machine.shell
    shell.run("cp -a /run/systemd/network /run/network.before")
    try:
        type_password(counter, WRONG)
        radios_come(counter)
        is_listed(counter)
        joins(counter, is_right=False)
        shell.run("systemctl stop till-wifi")
        is_listed(counter)
        type_password(counter, PASSWORD)
        shell.run("systemctl restart till-wifi")
        joins(counter, is_right=True)
    finally:
        shell.ask(
            "rm -f /run/till/wpa_supplicant.conf; pkill_router=$(cat /run/router.pid) && kill $pkill_router"
        )
        shell.ask("systemctl stop till-wifi; modprobe -r mac80211_hwsim")
        shell.ask(
            "rm -rf /run/systemd/network && mv /run/network.before /run/systemd/network; networkctl reload"
        )
        shell.ask("systemctl reload nftables && nft -f /run/till/shop.nft")
        shell.ask("systemctl reset-failed till-wifi")


def type_password(counter: Counter, password: str) -> None:
    """What till-setup does with the settings."""
    shell = counter.machine.shell
    shell.put("/run/till/wpa_supplicant.conf", wpa_supplicant(NAME, password, "IE").encode())
    for name, text in networks({"wifi_name": NAME}).items():
        shell.put(f"/run/systemd/network/{name}", text.encode())


def radios_come(counter: Counter) -> None:
    """Both radios; udev starts the till's own service for the first, and a router is played on the second."""
    shell = counter.machine.shell
    shell.put("/run/router.conf", _ROUTERS_WIFI.encode())
    shell.put(f"/run/systemd/network/05-{ROUTER}.network", _ROUTERS_NETWORK.encode())
    shell.run(f"nft insert rule inet till input iifname {ROUTER} accept")
    shell.run(f"nft insert rule inet till output oifname {ROUTER} accept")
    shell.run("modprobe mac80211_hwsim radios=2", STEP_SECONDS)
    shell.run(f"wpa_supplicant -B -P /run/router.pid -i {ROUTER} -c /run/router.conf", STEP_SECONDS)
    shell.run("networkctl reload")
    end = time.monotonic() + STEP_SECONDS
    while counter.inside.state_of("till-wifi.service") != "active":
        if time.monotonic() > end:
            raise SceneError(f"The radio came, till-wifi did not: {counter.inside.words_of('till-wifi')}")
        time.sleep(1)


def is_listed(counter: Counter) -> None:
    """A new till's screen would list the router, whether or not the settings have a Wi-Fi of their own.

    Raises:
        SceneError: it would not.
    """
    shell, start = counter.machine.shell, time.monotonic()
    shell.run("rm -f /run/till/radio.json && setpriv --reuid till --clear-groups touch /run/till-kiosk/radio")
    while NAME not in (heard := shell.ask("cat /run/till/radio.json")[1]):
        if time.monotonic() - start > STEP_SECONDS:
            said = counter.inside.words_of("till-radio.service")
            raise SceneError(f"The router is not in the list of the Wi-Fis that are heard: {heard} {said}")
        time.sleep(1)
    counter.album.figure("Heard after", f"{time.monotonic() - start:.0f} s, emulated")


def joins(counter: Counter, *, is_right: bool) -> None:
    """Whether the till joins and gets an address.

    Raises:
        SceneError: it does, or does not, against what the password says.
    """
    shell, start = counter.machine.shell, time.monotonic()
    limit = JOINED_SECONDS if is_right else NOT_JOINED_SECONDS
    address = ""
    while not address and time.monotonic() - start < limit:
        address = shell.run(f"ip -4 -br addr show dev wlan0 | grep -o '{ADDRESS}[0-9]*' || true").strip()
        time.sleep(1)
    if is_right and not address:
        said = counter.inside.words_of("till-wifi.service")
        said += "".join(
            shell.ask(f"networkctl status {each} --no-pager --full")[1] for each in ("wlan0", ROUTER)
        )
        said += shell.ask("nft list ruleset")[1]
        raise SceneError(f"The till did not join its Wi-Fi: {said}")
    if not is_right and address:
        raise SceneError("With a wrong password the till has an address.")
    if is_right:
        counter.album.figure("Joined, with an address", f"{time.monotonic() - start:.0f} s, emulated")
