"""Writing settings as TOML: sections of texts, numbers, booleans and lists of texts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any


def to_toml(sections: Mapping[str, Mapping[str, Any]], head: str = "") -> str:
    """The sections, in their order."""
    blocks = [f"# {head}\n"] if head else []
    for section, keys in sections.items():
        rows = "".join(f"{key} = {to_value(value)}\n" for key, value in keys.items())
        blocks.append(f"[{section}]\n{rows}")
    return "\n".join(blocks)


def to_value(value: Any) -> str:
    """One value: text, path, number, boolean, or a list of them."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | PurePath):
        return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, list):
        return f"[{', '.join(map(to_value, value))}]"
    return repr(value)
