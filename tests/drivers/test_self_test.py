"""The technician's self-test says in words what is plugged in."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import usb.core

from drivers.__main__ import report, try_display
from drivers.line_display_serial import LineDisplaySettings
from drivers.survey import survey
from drivers.virtual.client import VirtualBench
from tests.drivers.contract import Until


def test_it_lists_every_device_with_how_to_pair_it(bench: VirtualBench, until: Until) -> None:
    bench.plug_scanner()
    bench.plug_scanner("desk", name="Logitech USB Keyboard", vendor=0x046D, product=0xC31C, serial="")
    bench.plug_touch()
    bench.plug_printer()
    until(lambda: usb.core.find(idVendor=0x04B8) is not None, "libusb sees the printer")
    text = "\n".join(report())
    for words in (
        "Honeywell 1900 Barcode Scanner",
        'vendor_product = "0c2e:0b61"',
        'serial = "S123456"',
        "several fingers",
        "EPSON TM-T20III",
        'serial = "X3SERIAL01"',
        "ready",
        "Other keyboards (pair one of these if it is your scanner)\n  Logitech",
    ):
        assert words in text, text


def test_it_says_what_a_printer_lacks(bench: VirtualBench, until: Until) -> None:
    bench.plug_printer()
    bench.printer(paper=False)
    until(lambda: usb.core.find(idVendor=0x04B8) is not None, "libusb sees the printer")
    assert "out of paper" in "\n".join(report())


def test_it_says_what_is_missing(bench: VirtualBench, until: Until) -> None:
    until(lambda: usb.core.find(idVendor=0x04B8) is None, "libusb forgets the printers of other tests")
    text = "\n".join(report())
    assert "is it plugged in, and set to USB keyboard?" in text
    assert "none found on USB" in text


def test_it_reads_barcodes_aloud(bench: VirtualBench) -> None:
    bench.plug_scanner(layout="de")
    self_test = subprocess.Popen(
        [sys.executable, "-m", "drivers", "--scan", "--layout", "de"],
        env=os.environ | bench.environment(),
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert self_test.stdout is not None
    while self_test.stdout.readline().strip() != "Scan a barcode.":
        pass
    bench.scan("]C10104006381333931\x1d10Z-1")
    assert self_test.stdout.readline().strip() == "0104006381333931<GS>10Z-1  [symbology C1]"
    self_test.terminate()
    self_test.communicate()


def test_it_lists_serial_adapters_and_opens_none(bench: VirtualBench) -> None:
    bench.plug_display(identity={"serial": "VFD220"})
    text = "\n".join(report())
    assert "Serial adapters (a customer's display hangs on one)\n  FT232R USB UART (/dev/ttyUSB" in text
    for words in ('match = "0403:6001"', 'match = "VFD220"', 'match = "3-'):
        assert words in text, text
    assert bench.display()["taken"] == 0
    assert [line for line in survey() if line.startswith("serial adapter 0403:6001 at 3-")]


@pytest.mark.parametrize("commands", ["escpos", "cd5220"])
def test_it_tries_the_customers_display(bench: VirtualBench, commands: str) -> None:
    settings = LineDisplaySettings(commands, baud=115200)
    assert try_display(settings) == "The serial adapter is not connected."
    bench.plug_display(commands=commands)
    answer = try_display(settings)
    upper, lower = bench.display()["lines"]
    assert upper.startswith("Gapless ")
    assert lower == "éäñß??  EUR 1,234.50".replace("??", "l?")
    assert upper in answer
    assert lower in answer
