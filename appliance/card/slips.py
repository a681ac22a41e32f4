"""What is wrong with a line that is no TOML: what people type, and the sentence that puts it right.

No sentence repeats what may be a secret.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

_SECRET: Final = re.compile("key|secret|pass|pin", re.IGNORECASE)
"""In the name of a setting: its value is never repeated, misspelt or not."""
_A_SECRET: Final = re.compile(r"c[ks]_", re.IGNORECASE)
_CURLY: Final = "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\u2018\u2019\u201a\u201b\u2039\u203a`\u00b4"
_BLANKS: Final = re.compile(
    "[\u00a0\u2000-\u200f\u202f\u2028\u2029\u2060\u3000\ufeff\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
)
_NOT_ALLOWED: Final = re.compile(r"^(yes|no|on|off|true|false)$", re.IGNORECASE)
_YES: Final = frozenset({"yes", "on", "true"})
_SHOWN: Final = 40


def may_be_secret(key: str, text: str) -> bool:
    """Whether a value must not be repeated on the screen."""
    return bool(_SECRET.search(key) or _A_SECRET.search(text))


Rule = Callable[[str, str], str]
"""From key and value as typed to the sentence, "" if it is not that."""


def slip_of_value(key: str, value: str, *, is_text: bool) -> str:
    """Why what stands behind ``key =`` is no value.

    Args:
        key: as typed.
        value: the rest of the line, or of the lines.
        is_text: the key takes a text, so what looks like a number or a choice only lacks its quotes.
    """
    value = value.strip(" \t\r\n")
    rules = _RULES if is_text else (*_RULES, _choice, _number)
    return next(filter(None, (rule(key, value) for rule in (*rules, _bare_text))))


def slip_of_line(line: str, section: str) -> str:
    """Why a line is neither a section nor a setting."""
    words = line.strip(" \t\r")
    if _BLANKS.search(words):
        return _invisible("", words)
    if words[0] in ";%'-" or words.startswith(("//", "rem ", "REM ")):
        return "a remark begins with #. Put # before this line."
    if found := re.match(r"([A-Za-z_][\w-]*)\s*(:=?|=>|==)\s*", words):
        return f"between a name and its value stands =, so: {_written(found[1], _bare(words[found.end() :]))}"
    if found := re.match(r"([A-Za-z_]\w*)((\s+\w+)+)\s*=", words):
        name = re.sub(r"\s+", "_", found[1] + found[2])
        return f"a name has no blanks in it. Write {name} = ..."
    if words[0] in _CURLY + '"':
        return "this line belongs to no setting. If it is the rest of the line above, join the two."
    if re.fullmatch(r"\w+", words):
        return f"{words} has no = and no value behind it. {_shown(words)}"
    example = 'name = "value"' if not section else f'name = "value", under [{section}]'
    return f"this line cannot be understood. A setting is written {example}; a remark begins with #."


def slip_of_section(line: str) -> tuple[str, str]:
    """Why a line that begins with a bracket is no section: the section that was most likely meant, and a sentence."""
    name = re.sub(r"[^A-Za-z0-9_-]", "", line.partition("#")[0])
    if line.startswith("[["):
        return name, f"a section has one bracket on each side: [{name}]"
    return name, f"the name of a section stands alone between [ and ], so: [{name}]"


def _nothing(key: str, value: str) -> str:
    return f"there is nothing behind {key} =. {_shown(key)}" if not value or value[0] == "#" else ""


def _curly(key: str, value: str) -> str:
    if value[0] not in _CURLY:
        return ""
    inside = value.partition(" #")[0].strip().strip(_CURLY + '"')
    return f"the quotes are curly ones, as from a mail. Type straight quotes: {_written(key, inside)}"


def _half_curly(key: str, value: str) -> str:
    if value[0] in "\"'" and value.count(value[0]) == 1 and value[-1] in _CURLY:
        return f"the last quote is a curly one. Type straight quotes: {_written(key, value[1:-1])}"
    return ""


def _invisible(_key: str, value: str) -> str:
    found = _BLANKS.search(value)
    return "there is an invisible sign in this line, as from a web page. Type the line anew." if found else ""


def _quoted(key: str, value: str) -> str:
    quote = value[0]
    if quote not in "\"'" or value.startswith(quote * 3):
        return ""
    inside = value[1:].partition(quote)
    if not inside[1]:
        words = value[1:].partition(" #")[0].rstrip()
        return f"the text has no quote at its end. Write {_written(key, words)}"
    if "\\" in value and quote == '"':
        return rf"a backslash \ in a text is typed twice: \\. {_shown(key)}"
    return f"there is something behind the quote that ends the text. {_shown(key)}"


def _long(key: str, value: str) -> str:
    if value.startswith(('"""', "'''")):
        return f"the text begins with three quotes and never ends. {_shown(key)}"
    return ""


def _doubled(key: str, value: str) -> str:
    return f"one = is enough: {_written(key, _bare(value[1:]))}" if value[0] == "=" else ""


def _list(key: str, value: str) -> str:
    if value[0] != "[":
        return ""
    if any(sign in value for sign in _CURLY) and '"' not in value:
        return f'the quotes are curly ones. Type straight quotes: {key} = ["...", "..."]'
    missing = "has no ] at its end" if "]" not in value else "is not written as one"
    return f'the list {missing}. Write {key} = ["...", "..."]'


def _choice(key: str, value: str) -> str:
    word = value.partition("#")[0].strip()
    if not _NOT_ALLOWED.match(word):
        return ""
    return f"{word} is not known here. Write {key} = {'true' if word.lower() in _YES else 'false'}"


def _number(key: str, value: str) -> str:
    word = value.partition("#")[0].strip()
    if re.fullmatch(r"\d+,\d+", word) and not may_be_secret(key, word):
        return f"a number is written with a point, not a comma: {key} = {word.replace(',', '.')}"
    if re.fullmatch(r"0\d+", word):
        return f"a number does not begin with 0: {key} = {int(word)}"
    found = re.fullmatch(r"([\d.]+)\s*([^\d\s.,:/-]{1,8})", word)
    if found and not may_be_secret(key, word):
        return f"write the number alone: {key} = {found[1]}"
    return ""


def _bare_text(key: str, value: str) -> str:
    text = _bare(value)
    if re.fullmatch(r"\d+,\d+", text):
        text = text.replace(",", ".")
    return f"a text stands in quotes: {_written(key, text)}"


_RULES: Final[tuple[Rule, ...]] = (
    _nothing,
    _half_curly,
    _curly,
    _invisible,
    _long,
    _quoted,
    _list,
    _doubled,
)


def _bare(value: str) -> str:
    return re.split(r"\s#", value)[0].strip().strip(_CURLY + "\"'")


def _written(key: str, text: str) -> str:
    """How a setting is written, with its own text where that is no secret."""
    if may_be_secret(key, text) or not text or len(text) > _SHOWN or '"' in text or "\\" in text:
        return f'{key} = "..."'
    return f'{key} = "{text}"'


def _shown(key: str) -> str:
    return f'Write {key} = "..."'
