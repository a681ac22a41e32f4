"""Sentences: words broken into lines that fit."""

from appliance.ui.theme import Look, Type


def wrap(look: Look, text: str, face: str, size: Type, width: float, most: int = 9) -> list[str]:
    """Break a text at its spaces into lines of at most `width` pixels.

    What does not fit into `most` lines is cut with an ellipsis; so is a single word that is too wide.
    """
    lines: list[str] = []
    for each in text.split():
        longer = f"{lines[-1]} {each}" if lines else each
        if lines and look.width_of(longer, face, size.px) <= width:
            lines[-1] = longer
        else:
            lines.append(each)
    if len(lines) > most:
        lines[most - 1 :] = [" ".join(lines[most - 1 :])]
    return [look.fit(line, face, size.px, int(width)) for line in lines]


def sentences(text: str) -> list[str]:
    """A text as its sentences, so that each can stand on a line of its own."""
    *firsts, last = text.split(". ")
    return [*(f"{each}." for each in firsts), last]


def balance(look: Look, text: str, face: str, size: Type) -> list[str]:
    """A short text on two lines of nearly the same width; three words or fewer stay on one."""
    words = text.split()
    if len(words) <= 3:
        return [text]

    def widest(at: int) -> int:
        halves = (" ".join(words[:at]), " ".join(words[at:]))
        return max(look.width_of(half, face, size.px) for half in halves)

    at = min(range(1, len(words)), key=widest)
    return [" ".join(words[:at]), " ".join(words[at:])]
