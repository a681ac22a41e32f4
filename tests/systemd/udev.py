"""As much of udev's rule language as the card's rules use, to ask them about devices that no test machine has.

That the kernel and udev themselves do what is said here was seen on a card's system (image/verify).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

TOKEN = re.compile(r'(\w+)(?:\{([^}]*)\})?\s*(==|!=|\+=|:=|=)\s*"([^"]*)"')


@dataclass
class Device:
    """A device as udev sees it; what rules did to it is found in `properties`, `written`, `run`, `group`, `mode`."""

    subsystem: str
    kernel: str
    attributes: dict[str, str] = field(default_factory=dict)
    properties: dict[str, str] = field(default_factory=dict)
    parent: "Device | None" = None
    action: str = "add"
    written: dict[str, str] = field(default_factory=dict)
    run: list[str] = field(default_factory=list)
    driver: str = ""
    group: str = ""
    mode: str = ""

    def line(self) -> "Iterable[Device]":
        """Itself and what it hangs on."""
        device: Device | None = self
        while device is not None:
            yield device
            device = device.parent


def apply(text: str, device: Device) -> None:
    """Run the rules of a file over a device."""
    label = ""
    for raw in text.replace("\\\n", "").splitlines():
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        tokens = TOKEN.findall(line)
        rest = TOKEN.sub("", line).replace(",", "").strip()
        assert not rest, f"not understood: {rest!r} in {line!r}"
        if label:
            label = "" if ("LABEL", "", "=", label) in tokens else label
            continue
        label = _rule(tokens, device)
    assert not label, f"no LABEL {label}"


def _rule(tokens: list[tuple[str, str, str, str]], device: Device) -> str:
    """One line; returns where it jumps to. All that looks upward must hold for one and the same device.

    As udev does, whatever the order in the line: first all that it asks, then what it imports, then what it sets.
    """
    upward = [token for token in tokens if token[0] in ("ATTRS", "DRIVERS", "KERNELS", "SUBSYSTEMS")]
    if upward and not any(all(_holds(token, each) for token in upward) for each in device.line()):
        return ""
    asked = [token for token in tokens if token[2] in ("==", "!=") and token not in upward]
    if not all(_holds(token, device) for token in asked):
        return ""
    done = [token for token in tokens if token[2] not in ("==", "!=")]
    for key, name, _operator, value in sorted(done, key=lambda token: token[0] != "IMPORT"):
        if key == "IMPORT":
            _import(name, value, device)
        elif key == "GOTO":
            return value
        else:
            _do(key, name, value, device)
    return ""


def _holds(token: tuple[str, str, str, str], device: Device) -> bool:
    key, name, operator, pattern = token
    found = {
        "ACTION": device.action,
        "KERNEL": device.kernel,
        "KERNELS": device.kernel,
        "SUBSYSTEM": device.subsystem,
        "SUBSYSTEMS": device.subsystem,
        "ENV": device.properties.get(name, ""),
        "ATTR": device.attributes.get(name),
        "ATTRS": device.attributes.get(name),
        "DRIVERS": device.driver,
    }[key]
    is_match = found is not None and any(fnmatchcase(found, each) for each in pattern.split("|"))
    return is_match if operator == "==" else not is_match


def _import(kind: str, name: str, device: Device) -> None:
    assert kind == "parent"
    if device.parent is not None and name in device.parent.properties:
        device.properties[name] = device.parent.properties[name]


def _do(key: str, name: str, value: str, device: Device) -> None:
    if key == "ENV":
        device.properties[name] = value
    elif key == "ATTR":
        device.written[name] = value
    elif key == "RUN":
        device.run.append(value)
    elif key in ("GROUP", "MODE"):
        setattr(device, key.lower(), value)
    else:
        assert key in ("LABEL", "TAG"), key
