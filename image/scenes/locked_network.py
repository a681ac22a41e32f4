"""Somebody in the shop's network: nothing comes in, nothing but the shop's own goes out, and the kiosk has no network.

Each lock is also opened once, to see that the same packet then arrives: so it was the lock that held it.
"""

from __future__ import annotations

import time
from typing import Final

from appliance.card.network import firewall
from image.machine.counter import KIOSK, Counter
from image.machine.errors import SceneError
from image.machine.lan import Ears, ears, knock

OPEN_SECONDS: Final = 120.0
DOORS: Final = (22, 23, 80, 443, 631, 3389, 5355, 5900, 8080, 9100)
USERS: Final = ("root", "till", "till-sync", "systemd-timesync", "systemd-resolve", "nobody")
_DOORS_SCRIPT: Final = """
import os, socket, selectors, sys
sel = selectors.DefaultSelector()
for port in map(int, sys.argv[1:]):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        s = socket.socket(type=kind)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        s.bind(("0.0.0.0", port))
        if kind == socket.SOCK_STREAM:
            s.listen()
        sel.register(s, selectors.EVENT_READ, (kind, port))
open("/run/doors.pid", "w").write(str(os.getpid()))
print("open", flush=True)
while True:
    for key, _ in sel.select():
        kind, port = key.data
        if kind == socket.SOCK_STREAM:
            key.fileobj.accept()[0].close()
        else:
            key.fileobj.recv(100)
        print("tcp" if kind == socket.SOCK_STREAM else "udp", port, flush=True)
"""
_CALL_SCRIPT: Final = """
import socket, sys
host, port, kind = sys.argv[1], int(sys.argv[2]), sys.argv[3]
try:
    with socket.socket(type=socket.SOCK_STREAM if kind == "tcp" else socket.SOCK_DGRAM) as s:
        s.settimeout(4)
        s.connect((host, port))
        s.sendall(sys.argv[4].encode())
    print("came through")
except OSError as error:
    print("refused", error)
"""


def play(counter: Counter) -> None:
    """In, out, and the shop at another address."""
    shell = counter.machine.shell
    shell.put("/run/doors.py", _DOORS_SCRIPT.encode())
    shell.put("/run/call.py", _CALL_SCRIPT.encode())
    nobody_comes_in(counter)
    only_the_shop_goes_out(counter)
    the_shop_moves(counter)


def nobody_comes_in(counter: Counter) -> None:
    """Even where a program would listen, nothing arrives; but at the status page's port once that is switched on."""
    shell, qmp = counter.machine.shell, counter.machine.qmp
    doors = f"python3 /run/doors.py {' '.join(map(str, DOORS))}"
    shell.run(f"setsid {doors} >/run/doors.log 2>&1 &")
    end = time.monotonic() + OPEN_SECONDS
    while "open" not in shell.run("cat /run/doors.log"):
        if time.monotonic() > end:
            raise SceneError("No program listens, so nothing could come in.")
        time.sleep(1)
    for port in DOORS:
        knock(qmp, port)
        knock(qmp, port, udp=True)
    if came := shell.run("cat /run/doors.log").splitlines()[1:]:
        raise SceneError(f"Packets came in: {came}")
    shell.run(f"nft add element inet till status_ports {{ {DOORS[-1]} }}")
    knock(qmp, DOORS[-1])
    knock(qmp, DOORS[-2])
    shell.run("for n in $(seq 20); do grep -q tcp /run/doors.log && break; sleep 1; done; sleep 2")
    came = shell.run("cat /run/doors.log").splitlines()[1:]
    if set(came) != {f"tcp {DOORS[-1]}"}:  # a knock that was in vain before may come again
        raise SceneError(f"With the status page's port open there came {came}.")
    shell.run("nft flush set inet till status_ports; kill $(cat /run/doors.pid)")
    counter.album.figure("Ports that were knocked at in vain", f"{len(DOORS)} TCP, {len(DOORS)} UDP")


def call(counter: Counter, user: str, port: int, kind: str = "tcp") -> bool:
    """Whether a user's call reaches a port of somebody in the network."""
    who = f"setpriv --reuid={user} --regid=nogroup --clear-groups -- "
    said = counter.machine.shell.run(f"{who}python3 /run/call.py 10.0.2.2 {port} {kind} {user}")
    return "came through" in said


def only_the_shop_goes_out(counter: Counter) -> None:
    """Each user calls somebody: only the sync service reaches the shop, and nobody anybody else."""
    with ears() as stranger:
        for user in USERS:
            call(counter, user, stranger.port)
            call(counter, user, stranger.port, "udp")
        if stranger.calls:
            raise SceneError(f"A stranger in the network was called: {stranger.calls}")
        reaching = [user for user in USERS if call(counter, user, counter.shop.port)]
        if reaching != ["root", "till-sync"]:
            raise SceneError(f"These reach the shop: {reaching}.")
        hears_at_all(counter, stranger)
    shell = counter.machine.shell
    main = shell.run(f"systemctl show -P MainPID {KIOSK}").strip()
    cards = shell.run(f"nsenter -t {main} -n ip -color=never -br link")
    if [line.split()[0] for line in cards.splitlines()] != ["lo"]:
        raise SceneError(f"The kiosk has a network: {cards}")


def hears_at_all(counter: Counter, stranger: Ears) -> None:
    """With the lock off the same calls arrive: so it was the lock.

    Raises:
        SceneError: they do not.
    """
    shell = counter.machine.shell
    shell.run("nft insert rule inet till output accept")
    call(counter, "till", stranger.port)
    call(counter, "till", stranger.port, "udp")
    time.sleep(1)
    shell.run("systemctl reload nftables && { test ! -e /run/till/shop.nft || nft -f /run/till/shop.nft; }")
    if sorted(stranger.calls) != ["tcp", "udp till"]:
        raise SceneError(f"Without the firewall there came {stranger.calls}: the test does not hear.")


def the_shop_moves(counter: Counter) -> None:
    """The shop's address has another port now: the new one is open, the one before is shut."""
    shell = counter.machine.shell
    with ears() as moved:
        shell.run("cp /run/till/shop.nft /run/shop.nft")
        old = shell.run("nft -j list set inet till shop_ports")
        shell.put("/run/till/shop.nft", firewall(f"http://10.0.2.2:{moved.port}").encode())
        shell.run("nft -f /run/till/shop.nft")
        reached = call(counter, "till-sync", moved.port)
        still = call(counter, "till-sync", counter.shop.port)
        shell.run("cp /run/shop.nft /run/till/shop.nft && nft -f /run/till/shop.nft")
        if not reached or still:
            raise SceneError(f"After the shop moved: new address {reached}, the one before {still}.")
        if shell.run("nft -j list set inet till shop_ports") != old:
            raise SceneError("The firewall is not as before.")
