"""What is plugged in, what to type to pair it, and how it is: the technician's test of the devices."""

from __future__ import annotations

import argparse

from appliance.settings import load
from drivers.__main__ import read_scans, report, try_display
from drivers.line_display_serial import LineDisplaySettings
from drivers.serial_port import SerialTarget


def options(parser: argparse.ArgumentParser) -> None:
    """What may be given."""
    parser.add_argument("--scan", action="store_true", help="then show each scan, until Ctrl+C")
    parser.add_argument(
        "--display", action="store_true", help="then write a test text on the customer's display"
    )


def run(arguments: argparse.Namespace) -> int:
    """List the devices. One that the running till holds is listed too, as in use."""
    for line in report():
        print(line, flush=True)
    if arguments.display:
        how = load(arguments.settings).display
        if how.kind:
            target = SerialTarget(how.match)
            print(try_display(LineDisplaySettings(how.kind, target, how.baud, how.code_page)), flush=True)
        else:
            print("The settings name no customer's display: [display] kind is empty.", flush=True)
    if arguments.scan:
        read_scans(load(arguments.settings).scanner.layout)
    return 0
