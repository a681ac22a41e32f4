"""Who may do what at the till's USB sockets: each interface by what it does, and nothing that was not asked for."""

import pytest

from appliance.card.pairing import pairing_rules
from tests.systemd.udev import Device, apply
from tests.systemd.units import SYSTEMD

HONEYWELL = {
    "idVendor": "0c2e",
    "idProduct": "0b61",
    "product": "Voyager 1450g",
    "serial": "A1",
    "devpath": "1.2",
}
DESK = {
    "idVendor": "046d",
    "idProduct": "c31c",
    "product": "USB Keyboard",
    "manufacturer": "Logitech",
    "devpath": "2",
}
KEYBOARD = ("03", "01", "01")


def plug(device: dict[str, str], *interfaces: tuple[str, str, str], paired: str = "") -> list[Device]:
    """What udev makes of a plug; an interface is its class, subclass and protocol."""
    hub = Device("usb", "usb1", {}, {"DEVTYPE": "usb_device"})
    kernel = f"1-{device.get('devpath', '1')}"
    listed = ":" + "".join(
        f"{''.join(interface)}:" for interface in interfaces
    )  # as udev's usb_id lists them
    plugged = Device("usb", kernel, dict(device), {"DEVTYPE": "usb_device", "ID_USB_INTERFACES": listed}, hub)
    _run(plugged, paired)
    found = []
    for number, (kind, sub, protocol) in enumerate(interfaces):
        attributes = {"bInterfaceClass": kind, "bInterfaceSubClass": sub, "bInterfaceProtocol": protocol}
        each = Device("usb", f"{kernel}:1.{number}", attributes, {"DEVTYPE": "usb_interface"}, plugged)
        _run(each, paired)
        found.append(each)
    return found


def _run(device: Device, paired: str) -> None:
    apply((SYSTEMD / "udev/58-till-scanner.rules").read_text("utf-8"), device)
    apply(paired, device)
    apply((SYSTEMD / "udev/60-till-usb.rules").read_text("utf-8"), device)
    apply((SYSTEMD / "udev/70-till-input.rules").read_text("utf-8"), device)


def is_let_in(interface: Device) -> bool:
    assert interface.written["authorized"] in ("0", "1")
    assert bool(interface.run) == (interface.written["authorized"] == "1"), "a driver is looked for"
    return interface.written["authorized"] == "1"


def event_of(interface: Device, **properties: str) -> Device:
    """The event node that an interface's driver makes, at the end of interface, hid, input, event."""
    hid = Device("hid", "0003:0C2E:0B61.0001", parent=interface)
    made = Device("input", "input7", parent=hid)
    event = Device("input", "event7", properties=dict(properties), parent=made)
    for each in (hid, made, event):
        _run(each, "")
    return event


@pytest.mark.parametrize(
    ("who", "interface", "role"),
    [
        ("a hub", ("09", "00", "00"), "hub"),
        ("a receipt printer", ("07", "01", "02"), "printer"),
        ("a stick", ("08", "06", "50"), "stick"),
        ("a serial scanner", ("02", "02", "01"), "serial"),
        ("data of nothing that is known", ("0a", "00", "00"), ""),
        ("a touch panel", ("03", "00", "00"), "panel"),
        ("a keyboard", KEYBOARD, ""),
        ("a network adapter that nobody asked for", ("02", "06", "00"), ""),
        ("a tethered telephone", ("e0", "01", "03"), ""),
        ("a wireless adapter", ("ff", "ff", "ff"), ""),
        ("a camera", ("0e", "01", "00"), ""),
        ("a microphone", ("01", "01", "00"), ""),
        ("something to be debugged", ("dc", "01", "01"), ""),
    ],
)
def test_each_interface_is_let_in_by_what_it_does(
    who: str, interface: tuple[str, str, str], role: str
) -> None:
    (found,) = plug(DESK, interface)
    assert found.properties["TILL_ROLE"] == role, who
    assert is_let_in(found) == bool(role), who


@pytest.mark.parametrize(
    ("vendor", "product", "is_known"),
    [
        ("0403", "6001", True),
        ("10c4", "ea60", True),
        ("0424", "ec00", True),
        ("0bda", "8153", True),
        ("0bda", "8812", False),
    ],
)
def test_of_what_has_no_class_only_the_usual_cables_and_wires_are_let_in(
    vendor: str, product: str, is_known: bool
) -> None:
    (found,) = plug({"idVendor": vendor, "idProduct": product}, ("ff", "00", "00"))
    assert is_let_in(found) == is_known


def test_the_data_of_a_serial_device_is_let_in_and_that_of_a_network_adapter_is_not() -> None:
    control, data = plug(DESK, ("02", "02", "01"), ("0a", "00", "00"))
    assert is_let_in(control)
    assert is_let_in(data)
    for kind in ("02", "06", "00"), ("02", "0d", "00"), ("e0", "01", "03"), ("02", "02", "ff"):
        control, data = plug(DESK, kind, ("0a", "00", "00"))
        assert is_let_in(data) == is_let_in(control)


@pytest.mark.parametrize(
    ("device", "interface", "stays"),
    [
        ({"idVendor": "0525", "idProduct": "a4a2"}, ("02", "02", "01"), False),
        ({"idVendor": "0424", "idProduct": "ec00"}, ("ff", "00", "00"), True),
    ],
)
def test_what_was_let_in_for_something_else_and_becomes_a_network_is_put_out(
    device: dict[str, str], interface: tuple[str, str, str], stays: bool
) -> None:
    (found,) = plug(device, interface)
    wire = Device("net", "enx1", parent=found)
    apply((SYSTEMD / "udev/71-till-screen-and-wifi.rules").read_text("utf-8"), wire)
    assert [run.split()[0] for run in wire.run] == ([] if stays else ["/usr/lib/gapless/usb-put-out"])


def test_a_network_that_is_not_on_usb_is_left_alone() -> None:
    wire = Device("net", "eth0", parent=Device("platform", "fd580000.ethernet"))
    apply((SYSTEMD / "udev/71-till-screen-and-wifi.rules").read_text("utf-8"), wire)
    assert not wire.run


def test_a_printer_that_is_a_keyboard_as_well_prints_and_types_nothing() -> None:
    printer, keyboard = plug(DESK, ("07", "01", "02"), KEYBOARD)
    assert is_let_in(printer)
    assert not is_let_in(keyboard)


def test_while_none_is_paired_a_scanner_is_known_by_its_maker() -> None:
    assert is_let_in(plug(HONEYWELL, KEYBOARD)[0])
    assert is_let_in(plug({"idVendor": "ffff", "product": "Barcode Reader"}, KEYBOARD)[0])
    assert not is_let_in(plug(DESK, KEYBOARD)[0])


@pytest.mark.parametrize("match", ["0c2e:0b61", "0C2E:0B61", "A1", "usb-3f980000.usb-1.2/input0"])
def test_once_one_is_paired_no_other_types(match: str) -> None:
    paired = pairing_rules(match)
    assert is_let_in(plug(HONEYWELL, KEYBOARD, paired=paired)[0])
    other = HONEYWELL | {"idProduct": "0b6a", "serial": "B2", "devpath": "1.3"}
    assert not is_let_in(plug(other, KEYBOARD, paired=paired)[0])


def test_a_keyboard_may_be_paired_as_the_scanner() -> None:
    assert is_let_in(plug(DESK, KEYBOARD, paired=pairing_rules("046d:c31c"))[0])


def test_the_kiosk_may_read_the_scanner_and_the_panel_and_no_other_input() -> None:
    (scanner,), (panel,), (mouse,) = (
        plug(HONEYWELL, KEYBOARD),
        plug(DESK, ("03", "00", "00")),
        plug(DESK, ("03", "01", "02")),
    )
    assert event_of(scanner, ID_INPUT_KEY="1", ID_INPUT_KEYBOARD="1").group == "input"
    assert event_of(panel, ID_INPUT_TOUCHSCREEN="1").group == "input"
    assert event_of(mouse, ID_INPUT_MOUSE="1").group == "root"


def test_a_panel_that_turns_out_to_type_is_put_out_again() -> None:
    (liar,) = plug(DESK, ("03", "00", "00"))
    assert is_let_in(liar)
    event = event_of(liar, ID_INPUT_TOUCHSCREEN="1", ID_INPUT_KEY="1", ID_INPUT_KEYBOARD="1")
    assert (event.group, event.mode) == ("root", "0600")
    assert [run.split()[0] for run in event.run] == ["/usr/lib/gapless/usb-put-out"]
    honest = event_of(plug(HONEYWELL, KEYBOARD)[0], ID_INPUT_KEY="1", ID_INPUT_KEYBOARD="1")
    assert not honest.run


def test_a_root_hub_lets_nothing_in_by_itself() -> None:
    hub = Device("usb", "usb2", {"idVendor": "1d6b"}, {"DEVTYPE": "usb_device"})
    _run(hub, "")
    assert hub.written["interface_authorized_default"] == "0"


def test_the_list_of_makers_is_that_of_the_driver() -> None:
    from drivers.input_matching import SCANNER_VENDORS, SCANNER_WORDS

    for vendor in SCANNER_VENDORS:
        assert is_let_in(plug({"idVendor": f"{vendor:04x}"}, KEYBOARD)[0])
    for word in SCANNER_WORDS:
        assert is_let_in(plug({"idVendor": "ffff", "manufacturer": f"{word.title()} Co"}, KEYBOARD)[0]), word


def test_only_the_boards_own_power_button_switches_off() -> None:
    board = Device("platform", "pwr_button", driver="gpio-keys")
    button = Device(
        "input", "event3", properties={"ID_INPUT_KEY": "1"}, parent=Device("input", "input3", parent=board)
    )
    _run(button, "")
    assert button.properties["SYSTEMD_WANTS"] == "till-power@%k.service"
    assert button.group == "root"
    keyboard = event_of(plug(DESK, KEYBOARD)[0], ID_INPUT_KEY="1", ID_INPUT_KEYBOARD="1")
    assert "SYSTEMD_WANTS" not in keyboard.properties
