"""The card's firewall in a real kernel: two networks of their own, a cable between them, and packets."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import pytest

from appliance.card.network import firewall
from tests.systemd.units import SYSTEMD

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root may lay cables")

USERS = {"systemd-network": 3001, "systemd-resolve": 3002, "systemd-timesync": 3003, "till-sync": 901}
TILL, LAN, OUTSIDE = "10.9.0.1", "10.9.0.2", "8.9.0.2"
SHOP, OTHER, STATUS = 8443, 8444, 80
LISTEN = """
import selectors, socket, sys
sel = selectors.DefaultSelector()
for port in map(int, sys.argv[1:]):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        line = socket.socket(type=kind)
        line.bind(("0.0.0.0", port))
        if kind == socket.SOCK_STREAM:
            line.listen()
        sel.register(line, selectors.EVENT_READ)
print("open", flush=True)
while True:
    for key, _ in sel.select():
        is_tcp = key.fileobj.type == socket.SOCK_STREAM
        line = key.fileobj.accept()[0] if is_tcp else key.fileobj
        print("tcp" if is_tcp else "udp", key.fileobj.getsockname()[1], line.recv(99).decode(), flush=True)
"""
CALL = """
import socket, sys
kind, host, port, source, words = sys.argv[1:]
with socket.socket(type=socket.SOCK_STREAM if kind == "tcp" else socket.SOCK_DGRAM) as line:
    line.settimeout(0.5)
    line.bind((source, 0))
    try:
        line.connect((host, int(port)))
        line.sendall(words.encode())
    except OSError:
        pass
"""


@dataclass(frozen=True)
class Place:
    """A network of its own, kept by a process that sleeps in it."""

    pid: int
    address: str

    def run(self, *command: str, uid: int = 0, text: str = "") -> str:
        who = [] if uid == 0 else ["setpriv", f"--reuid={uid}", "--regid=65534", "--clear-groups", "--"]
        inside = ["nsenter", "-t", str(self.pid), "-n", *who, *command]
        done = subprocess.run(inside, input=text, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def nft(self, rules: str) -> None:
        self.run("nft", "-f", "-", text=rules)

    def call(self, host: str, port: int, kind: str, words: str, *, uid: int = 0, source: str = "") -> None:
        self.run("/usr/bin/python3", "-c", CALL, kind, host, str(port), source or "0.0.0.0", words, uid=uid)

    @contextmanager
    def ears(self, *ports: int) -> Iterator[list[str]]:
        """Whoever calls one of these ports is in the list once it is left."""
        command = ["nsenter", "-t", str(self.pid), "-n", "/usr/bin/python3", "-c", LISTEN, *map(str, ports)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as listening:
            assert listening.stdout is not None
            heard: list[str] = []
            assert listening.stdout.readline() == "open\n"
            yield heard
            listening.terminate()
            heard += listening.stdout.read().splitlines()


@contextmanager
def place(address: str) -> Iterator[Place]:
    ready = "import time; print(flush=True); time.sleep(600)"
    command = ["unshare", "--net", sys.executable, "-c", ready]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as sleeping:
        assert sleeping.stdout is not None
        sleeping.stdout.readline()
        yield Place(sleeping.pid, address)
        sleeping.kill()


@pytest.fixture
def counter() -> Iterator[tuple[Place, Place]]:
    """The till, and the shop's network; the till's firewall is loaded as its service loads it."""
    with ExitStack() as stack:
        till, lan = (stack.enter_context(place(each)) for each in (TILL, LAN))
        till.run("ip", "link", "add", "wire", "type", "veth", "peer", "name", "wire", "netns", str(lan.pid))
        for each in (till, lan):
            each.run("ip", "address", "add", f"{each.address}/24", "dev", "wire")
            each.run("ip", "link", "set", "wire", "up")
            each.run("ip", "link", "set", "lo", "up")
        lan.run("ip", "address", "add", f"{OUTSIDE}/24", "dev", "wire")
        till.run("ip", "route", "add", "default", "via", LAN)
        till.nft(rules())
        yield till, lan


def rules() -> str:
    """The card's, with numbers for its users' names."""
    text = (SYSTEMD / "nftables.conf").read_text("utf-8")
    for name, uid in USERS.items():
        text = text.replace(f'"{name}"', str(uid))
    return text


def knock(lan: Place, *ports: int, source: str = "") -> None:
    for port in ports:
        for kind in ("tcp", "udp"):
            lan.call(TILL, port, kind, "knock", source=source)


def test_nobody_comes_in_where_a_program_listens(counter: tuple[Place, Place]) -> None:
    till, lan = counter
    with till.ears(22, STATUS, 443, 9100) as heard:
        knock(lan, 22, STATUS, 443, 9100)
    assert heard == []
    till.nft("flush ruleset")
    with till.ears(22) as heard:
        knock(lan, 22)
    assert heard == ["tcp 22 knock", "udp 22 knock"], "with the firewall off the same packets arrive"


def test_the_status_page_is_let_in_once_it_is_switched_on_and_from_the_shop_alone(
    counter: tuple[Place, Place],
) -> None:
    till, lan = counter
    till.nft(firewall("https://shop.example", has_page=True))
    with till.ears(STATUS, 443) as heard:
        knock(lan, STATUS, 443)
        knock(lan, STATUS, source=OUTSIDE)
    assert heard == [f"tcp {STATUS} knock"]
    till.nft(firewall("https://shop.example"))
    with till.ears(STATUS) as heard:
        knock(lan, STATUS)
    assert heard == [], "switched off again"


def test_only_the_sync_service_reaches_the_shop_and_nobody_anybody_else(counter: tuple[Place, Place]) -> None:
    till, lan = counter
    till.nft(firewall(f"https://shop.example:{SHOP}"))
    callers = {"root": 0, "till": 900, "somebody": 4000} | USERS
    with lan.ears(SHOP, OTHER, 123, 53) as heard:
        for name, uid in callers.items():
            for port in (SHOP, OTHER, 123, 53):
                for kind in ("tcp", "udp"):
                    till.call(LAN, port, kind, name, uid=uid)
    shop = {f"tcp {SHOP} {name}" for name in ("root", "till-sync")}
    time = {"udp 123 systemd-timesync"}
    names = {
        f"{kind} 53 {name}"
        for kind in ("tcp", "udp")
        for name in ("root", "till-sync", "systemd-resolve", "systemd-timesync")
    }
    assert set(heard) == shop | time | names


def test_a_shop_that_moves_takes_its_port_along(counter: tuple[Place, Place]) -> None:
    till, lan = counter
    with lan.ears(SHOP, OTHER, 443) as heard:
        for port in (SHOP, OTHER):
            till.nft(firewall(f"https://shop.example:{port}"))
            for each in (SHOP, OTHER, 443):
                till.call(LAN, each, "tcp", f"shop at {port}", uid=USERS["till-sync"])
    assert set(heard) == {f"tcp {each} shop at {port}" for port in (SHOP, OTHER) for each in (port, 443)}
