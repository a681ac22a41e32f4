"""A setting that cannot be meant is named at start, with what is allowed."""

from pathlib import Path

import pytest

from appliance.settings import Settings, SettingsError, load, load_secrets


@pytest.fixture
def written(tmp_path: Path) -> Path:
    return tmp_path / "till.toml"


def read(path: Path, text: str) -> Settings:
    path.write_text(text, encoding="utf-8")
    return load(path)


def test_the_shipped_defaults_are_a_whole_till() -> None:
    settings = load(None)
    assert settings.till.series == "T1"
    assert settings.money.of.code == "EUR"
    assert settings.money.rounding_step_minor == 1
    assert settings.database == Path("/var/lib/till/till.db")


def test_the_owner_overrides_single_keys(written: Path) -> None:
    settings = read(written, '[money]\ncurrency = "CHF"\ncash_rounding = "0.05"\n[till]\nname = "Front"\n')
    assert settings.money.rounding_step_minor == 5
    assert settings.till.name == "Front"
    assert settings.till.time_zone == "Europe/Dublin"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[money]\ncash_roundign = "0.05"', "money.cash_roundign; did you mean cash_rounding?"),
        ("[shopp]\n", "[shopp]; did you mean shop?"),
        ("till = 3", "till must be a section"),
        ("[sound]\nvolume = 9", "sound.volume must be one of 0, 1, 2"),
        ('[sound]\nvolume = "4"', "sound.volume must be a whole number"),
        ("[screen]\nwidth = 1024", "800 and 480, or 1280 and 800"),
        ('[screen]\ntheme = "blue"', "screen.theme must be one of dark, light"),
        ('[till]\nseries = "t1"', "till.series must be a capital letter"),
        ('[till]\ntime_zone = "Dublin"', "not a time zone such as Europe/Dublin"),
        ('[money]\ncurrency = "XXX"', "'XXX' is not known"),
        ('[money]\ncash_rounding = "0.051"', "'0.051' is not an amount in EUR"),
        ('[money]\ncash_rounding = "0"', "an amount above zero"),
        ('[shop]\nurl = "holmandash.example"', "shop.url must begin with https://"),
        ("[shop]\npoll_seconds = 0", "shop.poll_seconds must be more than 0"),
        ("[printer]\ndrawer_pulse_ms = 10", "from 60 to 500"),
        ('[display]\nkind = "epson"', 'display.kind must be one of "", escpos, cd5220'),
        ("[display]\nbaud = 9601", "display.baud must be one of 1200, 2400"),
        ('[display]\ncode_page = "1256"', "display.code_page must be one of 437, 850"),
        ("[display]\ncode_page = 858", "display.code_page must be a text in quotes"),
        ('[status]\npage = "yes"', "status.page must be true or false"),
        ('[barcodes]\nrules = "21"', "barcodes.rules must be a list of texts"),
        ("[till", "till.toml"),
    ],
)
def test_a_slip_is_named_with_its_file_and_what_is_allowed(written: Path, text: str, words: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        read(written, text)
    assert words in str(refusal.value)
    assert str(written) in str(refusal.value)


def test_a_missing_file_is_named(written: Path) -> None:
    with pytest.raises(SettingsError, match="till.toml: No such file"):
        load(written)


def test_secrets_that_others_can_read_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "secrets.toml"
    path.write_text('key = "ck_1"\nsecret = "cs_1"\n')
    path.chmod(0o640)
    with pytest.raises(SettingsError, match=r"can be read by others \(mode 640\); it must be 600"):
        load_secrets(path)


def test_secrets_never_show_in_a_log(tmp_path: Path) -> None:
    path = tmp_path / "secrets.toml"
    path.write_text('key = "ck_1"\nsecret = "cs_1"\n')
    path.chmod(0o600)
    secrets = load_secrets(path)
    assert (secrets.key, secrets.secret) == ("ck_1", "cs_1")
    assert "ck_1" not in repr(secrets)
    assert "cs_1" not in repr(secrets)


@pytest.mark.parametrize(
    "text", ['key = "ck_1"\nsecret = ["cs_deep"]', 'key = "ck_1"\n"cs_deep" = "secret"', 'secret = "cs_deep"']
)
def test_a_slip_in_the_file_of_secrets_is_named_without_them(tmp_path: Path, text: str) -> None:
    path = tmp_path / "secrets.toml"
    path.touch(mode=0o600)
    path.write_text(text)
    with pytest.raises(SettingsError, match="must hold key and secret") as refused:
        load_secrets(path)
    assert "cs_deep" not in str(refused.value)


def test_what_is_held_back_from_the_web_is_read_as_rules(written: Path) -> None:
    safety = read(written, '[safety]\nhold_back = ["sku 612: 2", "category Candles: 1"]\nlearn = true').safety
    assert (safety.rules.skus, safety.rules.categories, safety.rules.learns) == (
        {"612": 2},
        {"candles": 1},
        True,
    )
    assert load(None).safety.rules.is_empty
    with pytest.raises(SettingsError, match=r"safety.hold_back: '612' is not a rule such as"):
        read(written, '[safety]\nhold_back = ["612"]')
