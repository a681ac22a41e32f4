"""``image/verify``: boots a card and plays the scenes on it."""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from image.machine.counter import Counter
from image.machine.disk import CARD_BYTES, Card, run, unpacked
from image.machine.errors import MachineError
from image.machine.host import prepare as prepare_host
from image.machine.host import see_keys, see_room
from image.machine.keeping import Kept, go_on, mark_of
from image.machine.machine import Machine
from image.machine.playing import Scene, load_scenes, play_all
from image.machine.report import Album
from image.machine.shop import Shop
from image.machine.technician import prepare
from image.machine.twin import Twin, see_twin
from image.scenes import FIRST, FULL, QUICK

CONSOLE: Final = "console.log"


def say(words: str) -> None:
    """Progress, for a person."""
    sys.stdout.write(f"{time.strftime('%H:%M:%S')} {words}\n")
    sys.stdout.flush()


def main() -> int:
    """Verify one image; 0 when every scene passed."""
    parser = argparse.ArgumentParser(
        prog="image/verify", description="Boots a card and plays a shop's day on it"
    )
    parser.add_argument(
        "image", type=Path, help="as image/build made it, .img or .img.zst; it is never written"
    )
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--quick", action="store_true", help="the daily scenes (the default)")
    length.add_argument("--full", action="store_true", help="all scenes")
    parser.add_argument("--only", default="", metavar="SCENE,SCENE", help="these scenes, in this order")
    parser.add_argument("--out", type=Path, default=Path("image-report"), help="the report's folder")
    parser.add_argument("--json", type=Path, help="the figures for a program, besides DIR/report.json")
    parser.add_argument(
        "--kept", type=Path, metavar="DIR", help="keep the started till here, and go on from it the next time"
    )
    parser.add_argument(
        "--go-on",
        action="store_true",
        help="with --kept: what the report in --out says that this very card has passed is not played again",
    )
    parser.add_argument(
        "--keys", type=Path, metavar="DIR", help="the keys that the image was built with: updates need them"
    )
    arguments = parser.parse_args()
    signal.signal(
        signal.SIGTERM, lambda *_: sys.exit(143)
    )  # so that the computer is switched off on the way out
    if arguments.go_on and arguments.kept is None:
        parser.error("--go-on needs --kept: the scenes that are left begin with a till that is started")
    names = tuple(filter(None, arguments.only.split(","))) or (FULL if arguments.full else QUICK)
    try:
        out, keys = arguments.out.resolve(), arguments.keys and arguments.keys.resolve()
        see_keys(names, keys)
        see_room(Path(tempfile.gettempdir()))
        prepare_host()
        return verify(
            arguments.image,
            names,
            out,
            arguments.json,
            arguments.kept,
            keys,
            goes_on=arguments.go_on,
        )
    except MachineError as error:
        say(f"image/verify: {error}")
        return 2


def verify(
    image: Path,
    names: tuple[str, ...],
    out: Path,
    json_file: Path | None,
    kept_folder: Path | None,
    keys: Path | None = None,
    *,
    goes_on: bool = False,
) -> int:
    """Set the counter up, play, write the report; after a scene that failed, go on from the till that was kept."""
    left = load_scenes(names)
    with tempfile.TemporaryDirectory(prefix="till-") as top:
        say("The card is flashed, and the shop's settings are written on it ...")
        raw = unpacked(image, Path(top))
        album = Album(out, {"Image": image.name}, mark_of(raw))
        (out / CONSOLE).unlink(missing_ok=True)
        kept = Kept(kept_folder, raw) if kept_folder is not None and raw == image.resolve() else None
        if goes_on and kept is not None and kept.fits:
            album.go_on()
        while left:
            with ExitStack() as stack:
                folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=top)))
                counter = set_up(raw, folder, album, stack, kept if kept and kept.fits else None)
                counter.keys, counter.bundles = keys, kept_folder and kept_folder.resolve() / "bundles"
                left = play_with(kept, left, counter)
                keep_console(counter, out)
            if not (kept and kept.fits):
                break
        for scene in left:
            album.begin(scene.name, scene.title)
    page = album.write()
    if json_file is not None:
        album.write_json(json_file)
    say(f"{'Passed' if album.is_green else 'NOT PASSED'}; the report is {page}\n{album.table()}")
    return 0 if album.is_green else 1


def keep_console(counter: Counter, out: Path) -> None:
    """Put the kernel's log behind what is in the report of it; a scene may have played on a card of its own alone."""
    if counter.machine.console.exists():
        with (out / CONSOLE).open("ab") as log:
            log.write(counter.machine.console.read_bytes())


def play_with(kept: Kept | None, scenes: list[Scene], counter: Counter) -> list[Scene]:
    """Play from the first start, or from the kept one, and keep it where it may be; returns what is left."""
    if kept is None:
        return play_all(scenes, counter, say)
    start = [scene for scene in scenes if scene.name == FIRST]
    left = [scene for scene in scenes if scene.name != FIRST]
    if kept.fits:
        say("Going on from the till that was kept")
        counter.album.about["Begins"] = "from a till that was started and kept before"
        counter.album.stands(FIRST)
        go_on(counter)
    else:
        play_all(start, counter, say)
        if start and not counter.album.is_green:
            return left
        if start:
            say(f"The started till was kept in {kept.keep(counter):.1f} s")
    return play_all(left, counter, say)


def set_up(raw: Path, folder: Path, album: Album, stack: ExitStack, kept: Kept | None) -> Counter:
    """The flashed card, the computer, the shop, and what the screens should look like."""
    shop = kept.open_shop(folder) if kept else Shop(folder)
    stack.callback(shop.stop)
    twin = _beside(lambda: see_twin(folder))
    if kept:
        kept.copy_card(folder / "card.qcow2")
    card = Card(raw, folder / "card.qcow2", CARD_BYTES)
    if kept is None:
        prepare(card, shop, folder)
    machine = Machine(card, folder / "m")
    stack.callback(machine.cut)
    machine.load_firmware()
    version = run([machine.arch.program, "--version"]).decode().splitlines()[0]
    album.about |= {"Computer": f"{machine.arch.name}, {version}", "Slot": machine.boot.prefix or "none"}
    return Counter(machine, shop, twin(), album, folder, raw)


def _beside(look: Callable[[], Twin]) -> Callable[[], Twin]:
    """Look at the twin while the card is flashed."""
    pool = ThreadPoolExecutor(1)
    seen = pool.submit(look)
    pool.shutdown(wait=False)
    return seen.result


if __name__ == "__main__":
    sys.exit(main())
