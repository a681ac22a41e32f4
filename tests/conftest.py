"""What every test stands on: Kivy draws off screen, makes no sound, and takes neither arguments nor settings.

Set before the first import of Kivy, whichever test makes it.
"""

import os

os.environ.update(
    SDL_VIDEODRIVER="offscreen",
    SDL_AUDIODRIVER="dummy",
    KIVY_NO_ARGS="1",
    KIVY_NO_CONFIG="1",
    KIVY_NO_FILELOG="1",
    KIVY_NO_ENV_CONFIG="1",
)

from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.virtual.client import PRELOAD, VirtualBench


@pytest.fixture(scope="session")
def usb_bench() -> Iterator[VirtualBench | None]:
    """The one virtual bench of this process, whoever asks libusb first; None without the preload.

    ONE, because libusb keeps its context and its udev socket for the life of the process, and the preload aborts
    a process whose bench goes away while a device is open.
    """
    if PRELOAD not in os.environ.get("LD_PRELOAD", ""):
        yield None
        return
    with VirtualBench.start() as bench, pytest.MonkeyPatch.context() as environment:
        environment.setenv("UMOCKDEV_DIR", bench.root)
        yield bench


LONGEST = ("tests/faults/", "tests/flows/")
PLAIN = ("tests/card/", "tests/image/", "tests/systemd/")
"""They start programs by the hundred, and the virtual devices' library keeps a socket for each one's /dev/null."""


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Do not even read what the marker that was asked for leaves out: each process of each session would, in vain."""
    asked: str = config.option.markexpr
    if "plain" in asked and collection_path.parent == Path(__file__).parent and collection_path.is_dir():
        is_plain = f"tests/{collection_path.name}/" in PLAIN
        return True if is_plain == ("not plain" in asked) else None
    if asked in ("alone", "behind", "calm") and collection_path.suffix == ".py":
        return True if f"mark.{asked}" not in collection_path.read_text("utf-8") else None
    return None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest: processes that share the rest end at about one time."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))
    for item in items:
        if item.nodeid.startswith(PLAIN):
            item.add_marker("plain")
