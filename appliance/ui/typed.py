"""What a key of an on-screen keyboard makes of a text."""

from appliance.ui.widgets.pad import BACKSPACE


def typed(text: str, key: str, longest: int) -> str:
    """The text after a key: BACKSPACE takes its last letter; no space comes first, and it never grows too long."""
    if key == BACKSPACE:
        return text[:-1]
    if len(text) >= longest or (key == " " and not text):
        return text
    return text + key
