"""The words of the code: the trade's own, and tests that are sentences."""

import ast
from collections.abc import Iterator
from pathlib import Path

# "Store" is the platform, the file and the shop all at once; the others have one word in this trade: sale.
FOREIGN = {"store", "cart", "basket", "ticket"}
SENTENCE = 4


def test_no_class_or_function_is_named_with_a_foreign_word(texts: dict[Path, str]) -> None:
    found = [
        f"{path}:{node.lineno} {node.name}"
        for path, node in _definitions(texts, "appliance", "drivers")
        if FOREIGN & set(_words(node.name))
    ]
    assert found == []


def test_the_name_of_a_test_is_a_sentence(texts: dict[Path, str]) -> None:
    found = [
        f"{path}:{node.lineno} {node.name}"
        for path, node in _definitions(texts, "tests")
        if node.name.startswith("test_") and len(node.name.split("_")) <= SENTENCE
    ]
    assert found == []


def test_words_are_found_in_names_of_both_kinds() -> None:
    assert _words("CartLine") == ["cart", "line"]
    assert _words("restore_cart") == ["restore", "cart"]
    assert _words("InStoreCode") == _words("in_store_code") == ["code"]


def _definitions(
    texts: dict[Path, str], *folders: str
) -> Iterator[tuple[Path, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef]]:
    for path, text in texts.items():
        if path.suffix == ".py" and path.parts[0] in folders:
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                    yield path, node


def _words(name: str) -> list[str]:
    spaced = "".join(f" {letter}" if letter.isupper() else letter for letter in name.replace("_", " "))
    words = " ".join(spaced.lower().split())
    return words.replace("in store", "").split()  # "in-store code" is the trade's own term
