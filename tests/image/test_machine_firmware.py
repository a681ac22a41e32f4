"""The harness plays the Pi's firmware: which kernel, initrd and kernel line a boot partition leads to."""

import pytest

from image.machine.errors import MachineError
from image.machine.firmware import Boot, read_boot

CONFIG = """\
arm_64bit=1
os_prefix=a/
include slot.txt   # the updater writes it
kernel=vmlinuz
initramfs initrd.img followkernel
[pi5]
kernel=kernel_2712.img
[all]
disable_splash=1
"""


class Files(dict[str, str]):
    def read(self, name: str) -> bytes:
        if name not in self:
            raise MachineError(f"{name} is not there")
        return self[name].encode()

    def has(self, name: str) -> bool:
        return name in self


def card(slot: str, **more: str) -> Files:
    both = {f"{each}/{name}": f"{each}" for each in "ab" for name in ("vmlinuz", "initrd.img")}
    lines = {f"{each}/cmdline.txt": f"root=PARTUUID=6a1e55ed-0{n} ro\n" for n, each in ((2, "a"), (3, "b"))}
    return Files({"config.txt": CONFIG, "slot.txt": slot, **both, **lines, **more})


def test_the_slot_file_decides_which_system_starts() -> None:
    assert read_boot(card("os_prefix=b/\n")) == Boot(
        "b/", "b/vmlinuz", "b/initrd.img", "root=PARTUUID=6a1e55ed-03 ro"
    )
    assert read_boot(card("os_prefix=a/\n# tried b/\n" + "\n" * 480)).prefix == "a/"


def test_an_empty_slot_file_leaves_the_first_system() -> None:
    assert read_boot(card("")).prefix == "a/"


def test_lines_for_another_board_are_passed_over() -> None:
    assert read_boot(card("os_prefix=a/")).kernel == "a/vmlinuz"
    assert read_boot(card("os_prefix=a/", **{"a/kernel_2712.img": ""}), {"all", "pi5"}).kernel == (
        "a/kernel_2712.img"
    )


def test_a_slot_without_a_kernel_does_not_count_as_on_the_board() -> None:
    files = card("os_prefix=c/", vmlinuz="", **{"initrd.img": "", "cmdline.txt": "root=/dev/other"})
    assert read_boot(files) == Boot("", "vmlinuz", "initrd.img", "root=/dev/other")


def test_a_config_that_includes_itself_is_refused() -> None:
    with pytest.raises(MachineError, match="includes itself"):
        read_boot(card("include config.txt\n"))


def test_a_missing_kernel_line_is_named() -> None:
    files = card("os_prefix=b/")
    del files["b/cmdline.txt"]
    with pytest.raises(MachineError, match="b/cmdline.txt"):
        read_boot(files)
