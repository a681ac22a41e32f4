"""What technicians type, and the sentence that each mistake gets: the words are the test."""

from __future__ import annotations

import pytest

from appliance.card.checking import Draft, check
from appliance.card.lines import read_lines
from appliance.card.problems import Problem
from appliance.card.typed import decode
from appliance.settings.of_the_card import WANTED
from tests.card.card import KEY, SECRET, filled_in


def checked(text: str | bytes) -> Draft:
    typed = decode(text.encode() if isinstance(text, str) else text)
    draft = check(read_lines(typed.text), empty_is_unset=WANTED)
    draft.problems += typed.problems
    return draft


def told(text: str | bytes) -> list[str]:
    return [each.sentence for each in sorted(checked(text).problems)]


MISTAKES = {
    # how values are written
    "[receipt]\nname = Holm": 'Line 2: a text stands in quotes: name = "Holm"',
    "[receipt]\nname = Holm & Ash   # the shop": 'Line 2: a text stands in quotes: name = "Holm & Ash"',
    "[receipt]\nname = “Holm”": (
        'Line 2: the quotes are curly ones, as from a mail. Type straight quotes: name = "Holm"'
    ),
    "[receipt]\nname = „Holm“": (
        'Line 2: the quotes are curly ones, as from a mail. Type straight quotes: name = "Holm"'
    ),
    "[receipt]\nname = «Holm»": (
        'Line 2: the quotes are curly ones, as from a mail. Type straight quotes: name = "Holm"'
    ),
    '[receipt]\nname = "Holm”': 'Line 2: the last quote is a curly one. Type straight quotes: name = "Holm"',
    '[receipt]\nname = "Holm': 'Line 2: the text has no quote at its end. Write name = "Holm"',
    '[receipt]\nname = "Holm" & Ash': (
        'Line 2: there is something behind the quote that ends the text. Write name = "..."'
    ),
    '[receipt]\nname = "C:\\new"\nstrapline = "C:\\data"': (
        'Line 3: a backslash \\ in a text is typed twice: \\\\. Write strapline = "..."'
    ),
    "[receipt]\nname =": 'Line 2: there is nothing behind name =. Write name = "..."',
    "[receipt]\nname = # the shop": 'Line 2: there is nothing behind name =. Write name = "..."',
    '[receipt]\nname =\u00a0"Holm"': (
        "Line 2: there is an invisible sign in this line, as from a web page. Type the line anew."
    ),
    '[receipt]\nname\u00a0= "Holm"': (
        "Line 2: there is an invisible sign in this line, as from a web page. Type the line anew."
    ),
    '[receipt]\nname = """Holm': 'Line 2: the text begins with three quotes and never ends. Write name = "..."',
    "[safety]\nlearn = yes": "Line 2: yes is not known here. Write learn = true",
    "[safety]\nlearn = False": "Line 2: False is not known here. Write learn = false",
    "[money]\ncash_rounding = 0,05": 'Line 2: a text stands in quotes: cash_rounding = "0.05"',
    "[approval]\ndiscount_percent = 10 %": "Line 2: write the number alone: discount_percent = 10",
    "[backup]\nhour = 03": "Line 2: a number does not begin with 0: hour = 3",
    '[barcodes]\nrules = ["a", "b"\n[sound]\nvolume = 3': (
        'Line 2: the list has no ] at its end. Write rules = ["...", "..."]'
    ),
    "[barcodes]\nrules = [“a”]": 'Line 2: the quotes are curly ones. Type straight quotes: rules = ["...", "..."]',
    # how lines and sections are written
    "[receipt]\nname: Holm": 'Line 2: between a name and its value stands =, so: name = "Holm"',
    '[receipt]\nname == "Holm"': 'Line 2: one = is enough: name = "Holm"',
    "[printer]\nstall_seconds = 10,5": (
        "Line 2: a number is written with a point, not a comma: stall_seconds = 10.5"
    ),
    "[receipt]\nthanks = Yes": 'Line 2: a text stands in quotes: thanks = "Yes"',
    "[receipt]\n; a remark": "Line 2: a remark begins with #. Put # before this line.",
    "[receipt]\n// a remark": "Line 2: a remark begins with #. Put # before this line.",
    '[till]\ntime zone = "Europe/Dublin"': "Line 2: a name has no blanks in it. Write time_zone = ...",
    "[receipt]\nname": 'Line 2: name has no = and no value behind it. Write name = "..."',
    '[receipt]\nname = "Holm"\n"& Ash"': (
        "Line 3: this line belongs to no setting. If it is the rest of the line above, join the two."
    ),
    "[receipt]\nplease call us": (
        'Line 2: this line cannot be understood. A setting is written name = "value", under [receipt]; a remark '
        "begins with #."
    ),
    'name = "Holm"': "Line 1: name stands before the first section. Put it under its own, such as [till] or [shop].",
    "[receipt": "Line 1: the name of a section stands alone between [ and ], so: [receipt]",
    "[[receipt]]": "Line 1: a section has one bracket on each side: [receipt]",
    '[receipt]\nname = "a"\n[till]\nname = "b"\n[receipt]\nweb = "c"': (
        "Line 5: [receipt] is there twice, first in line 1. Put these lines under that one."
    ),
    '[receipt]\nname = "a"\nweb = ""\nname = "b"': (
        "Line 4: name is there twice, first in line 2. Take one of them out."
    ),
    # what there is
    "[recipt]": "Line 1: there is no section [recipt]. Did you mean receipt?",
    '[receipt]\nnmae = "Holm"': "Line 2: there is no nmae in [receipt]. Did you mean name?",
    '[till]\nurl = "https://shop.example"': "Line 2: there is no url in [till]. It belongs under [shop].",
    '[till]\ndata = "/home"': (
        "Line 2: till.data is not typed here: the journal has its own place on the card. Take it out."
    ),
    '[shop]\nsecrets_file = "x"': (
        "Line 2: shop.secrets_file is not typed here: key and secret are typed as shop.key and shop.secret. Take it "
        "out."
    ),
    # what is allowed
    '[sound]\nvolume = "4"': "Line 2: sound.volume must be a whole number, not '4'.",
    "[receipt]\nname = 4": "Line 2: receipt.name must be a text in quotes, not 4.",
    "[sound]\nvolume = 9": "Line 2: sound.volume must be one of 0, 1, 2, 3, 4, 5, 6, not 9.",
    '[till]\ntime_zone = "Dublin"': "Line 2: till.time_zone 'Dublin' is not a time zone such as Europe/Dublin.",
    '[till]\nseries = "t1"': (
        "Line 2: till.series must be a capital letter and up to 7 letters or digits, such as T1."
    ),
    '[shop]\nurl = "shop.example"': "Line 2: shop.url must begin with https:// (or http:// on a test bench).",
    '[money]\ncurrency = "EURO"': (
        "Line 2: money: Currency 'EURO' is not known. Known: AED, CHF, EUR, GBP, JPY, KWD, SEK, USD."
    ),
    "[screen]\nwidth = 1024\nheight = 600": (
        "Line 2: screen.width and screen.height must be 800 and 480, or 1280 and 800."
    ),
    # the card's own
    f'[shop]\nkey = "{SECRET}"\nsecret = "{KEY}"': (
        "Line 2: key and secret are the wrong way round: the key begins with ck_, the secret with cs_."
    ),
    f'[shop]\nkey = "{KEY}"\nsecret = ""': "Line 3: key and secret belong together: type both of them.",
    f'[shop]\nkey = "Consumer key: {KEY}"\nsecret = "{SECRET}"': (
        "Line 2: shop.key begins with ck_ and has no blanks in it. Copy it from the online shop again."
    ),
    '[network]\nwifi_name = "Laden"\nwifi_password = "short"\nwifi_country = "IE"': (
        "Line 3: a Wi-Fi password has 8 to 63 letters, digits or signs, without accents."
    ),
    '[network]\nwifi_name = "Laden"': (
        'Line 2: Wi-Fi needs the country in two capital letters: wifi_country = "IE"'
    ),
    '[network]\nwifi_password = "hunter2hunter"': (
        "Line 2: there is a Wi-Fi password, so the name of the Wi-Fi is needed too: fill in wifi_name."
    ),
    '[network]\naddress = "192.168.1.50"': (
        'Line 2: the size of the network is missing behind the address: "192.168.1.50/24" in most shops.'
    ),
    '[network]\naddress = "192.168.1.500/24"': 'Line 2: "192.168.1.500/24" is no address such as "192.168.1.50/24".',
    '[network]\naddress = "192.168.1.50/24"\ngateway = "192.168.2.1"\ndns = "192.168.2.1"': (
        "Line 3: the router 192.168.2.1 is not in the network of 192.168.1.50/24."
    ),
    '[network]\naddress = "192.168.1.50/24"\ngateway = "192.168.1.1"': (
        'Line 2: a fixed address needs a name server, most often the router: dns = "192.168.1.1"'
    ),
    '[network]\ngateway = "192.168.1.1"': (
        "Line 2: gateway and dns belong to a fixed address: fill in address, or empty them all."
    ),
    '[card]\nhostname = "Till 1"': 'Line 2: a host name has small letters, digits and - only, such as "till-1".',
    '[card]\nlanguage = "ga"': 'Line 2: "ga" is not spoken here yet. Known: "en".',
    '[staff]\nmanager = "Ciarán"\nmanager_pin = "12345"': (
        "Line 3: a PIN has four digits, no more and no less."
    ),
    '[staff]\nmanager = "Ciarán"\nmanager_pin = 2580': (
        'Line 3: staff.manager_pin stands in quotes: manager_pin = "..."'
    ),
    '[staff]\nmanager = "Ciarán"\nmanager_pin = 0580': (
        'Line 3: a text stands in quotes: manager_pin = "..."'
    ),
    '[staff]\nmanager_pin = "2580"': (
        "Line 2: there is a PIN, so the manager's name is needed too: fill in manager."
    ),
    # the file
    '[receipt]\nname = "Caf\u00e9"'.encode("cp1252"): (
        "Line 2: a letter in this line is not saved as UTF-8. Save the file once more, with the encoding UTF-8."
    ),
    b"{\\rtf1\\ansi [receipt]}": (
        "till.toml was saved by a word processor. Type it anew with a plain editor, such as Notepad, and save it as "
        "text."
    ),
    b"PK\x03\x04\x14": (
        "till.toml was saved by a word processor. Type it anew with a plain editor, such as Notepad, and save it as "
        "text."
    ),
    b'[receipt]\nname = "Holm"\n' + bytes(512): (
        "till.toml is damaged: a part of it is empty. Copy it to the card once more."
    ),
    b"#" * 70_000: (
        "till.toml is far too long to be one. Type it anew with a plain editor, such as Notepad, and save it as text."
    ),
}


@pytest.mark.parametrize(("text", "sentence"), MISTAKES.items(), ids=range(len(MISTAKES)))
def test_each_mistake_gets_one_sentence_that_puts_it_right(text: str | bytes, sentence: str) -> None:
    assert told(text) == [sentence]


def test_there_is_a_sentence_for_more_kinds_of_mistakes_than_anybody_remembers() -> None:
    assert len(MISTAKES) >= 60


def test_all_mistakes_of_a_file_are_told_at_once() -> None:
    text = (
        filled_in().replace('"dark"', '"blue"').replace("volume = 4", "volume = yes").replace('"us"', "“us”")
    )
    assert [sentence.partition(":")[0] for sentence in told(text)] == ["Line 47", "Line 51", "Line 55"]


@pytest.mark.parametrize("text", MISTAKES, ids=range(len(MISTAKES)))
def test_no_sentence_repeats_a_secret(text: str | bytes) -> None:
    for sentence in told(text):
        for secret in (KEY, SECRET, "hunter2hunter", "2580", "0580", "12345"):
            assert secret not in sentence


@pytest.mark.parametrize(
    "line",
    [
        f"secret = {SECRET}",
        f"secret: {SECRET}",
        f"Secret = “{SECRET}”",
        f"secrett = {SECRET}",
        f'secret = "{SECRET}',
        "wifi_pasword = cs_12,34",
        "manager_pin = 25,80",
        "manager_pin = 2580x",
        "manager_pin: 2580",
    ],
)
def test_a_secret_that_was_mistyped_is_not_repeated_either(line: str) -> None:
    (sentence,) = told(f"[shop]\n{line}")
    for secret in (SECRET, "2580", "25,80", "12,34"):
        assert secret not in sentence


@pytest.mark.parametrize(
    "saved",
    [
        filled_in().encode(),
        filled_in().replace("\n", "\r\n").encode(),
        filled_in().replace("\n", "\r").encode(),
        filled_in().encode("utf-8-sig"),
        filled_in().encode("utf-16"),
        filled_in().replace(" = ", "\t=\t").encode(),
        filled_in().replace("\n[", "\n   [").encode(),
        filled_in().rstrip().encode(),
    ],
    ids=["plain", "Windows", "old Mac", "BOM", "UTF-16", "tabs", "indented", "no last line end"],
)
def test_how_an_editor_saves_a_file_is_no_mistake(saved: bytes) -> None:
    draft = checked(saved)
    assert draft.problems == []
    assert draft.till["receipt"]["name"] == "Holm & Ash"
    assert draft.card["staff"]["manager"] == "Ciarán"


def test_problems_come_in_the_order_of_their_lines() -> None:
    assert sorted([Problem(9, "b", "x"), Problem(2, "z", "x"), Problem(0, "", "x")])[0].line == 0
