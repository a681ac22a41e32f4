"""Setting a new till up by touch: what its pages stand on. Only a new till loads this."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

from appliance.kiosk.devices import FONTS, target_of
from appliance.kiosk.papers import Papers, mapping, read
from appliance.machine.countries import read_countries
from appliance.receipts.trial_slip import slip
from appliance.settings import known_keys
from appliance.settings.of_the_card import SECRETS, WANTED, wrong_in
from appliance.till.questions import PRINTER, SHOP_NAME, TILL_NAME, WIDTH
from appliance.till.setting_up import Around, FoundPrinter, SettingUp
from drivers.devices import DeviceError
from drivers.printer_usb import UsbReceiptPrinter
from drivers.survey import plugged_printers


def build_setting_up(papers: Papers, said: Mapping[str, Any]) -> SettingUp:
    """What the pages work on.

    Args:
        papers: its files.
        said: by the set-up: what is right in the technician's file, and what need not be typed any more.
    """
    have = mapping(said.get("have"))
    return SettingUp(
        Around(
            wrong=wrong_in,
            secrets=SECRETS,
            wanted=frozenset(WANTED),
            begin=_sections(said.get("typed")),
            draft={} if papers.draft is None else _sections(read(papers.draft)),
            defaults=known_keys(),
            keep=papers.keep,
            give=papers.give,
            outcome=papers.outcome,
            countries=read_countries(),
            has_key=have.get("shop_key") is True,
            has_manager=have.get("manager") is True,
            has_wifi=mapping(said.get("network")).get("wifi") is True,
        )
    )


def found_printers() -> list[FoundPrinter]:
    """What is plugged in, and how the settings mean it: by its serial number, and else by its place."""
    return [
        FoundPrinter(each.name or "Receipt printer", each.serial or each.place) for each in plugged_printers()
    ]


def print_slip(setting_up: SettingUp, tell: Callable[[str], None]) -> None:
    """Print a slip on a thread of its own, and tell (there) "" or why not."""
    value = setting_up.value
    target, dots = target_of(value(PRINTER)), int(value(WIDTH))
    document = slip(value(SHOP_NAME), value(TILL_NAME))

    def work() -> None:
        from drivers.printer_raster import ReceiptRaster  # noqa: PLC0415  # pictures, fonts: not before the first frame

        printer = UsbReceiptPrinter(ReceiptRaster(FONTS, dots), target)
        try:
            printer.print(document, "test slip")
            refusal = ""
        except DeviceError as error:
            refusal = str(error)
        finally:
            printer.close()
        tell(refusal)

    threading.Thread(target=work, name="test slip", daemon=True).start()


def _sections(found: object) -> dict[str, dict[str, Any]]:
    return {section: keys for section, keys in mapping(found).items() if isinstance(keys, dict)}
