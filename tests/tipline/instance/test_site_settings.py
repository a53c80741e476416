"""Settings of an operator in ``site.toml``; mistakes are named by their key."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from tests.tipline.site_stage import Stage
from tipline.instance.site_settings import (
    DEFAULT_NUMBERS,
    MIB,
    EmergencyNumber,
    Limits,
    SettingsError,
    SiteSettings,
)


def load(tmp_path: Path, text: str) -> SiteSettings:
    path = tmp_path / "site.toml"
    path.write_text(text, encoding="utf-8")
    return SiteSettings.load(path)


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert SiteSettings.load(tmp_path / "site.toml") == SiteSettings()


def test_every_line_is_optional_and_taken_as_written(tmp_path: Path) -> None:
    settings = load(
        tmp_path,
        """
        name = "Open ears"
        name_look = "hidden"
        leave_url = "https://weather.example/"
        left_page = "tea"
        who_we_are = "shelter"
        tells_others = "must-report"
        not_the_police = true
        quiet_words = true
        reading_hours = "Mondays"
        emergency_numbers = [
            { place = "Here", number = "112" },
            { place = "There", number = "1", silent = "2", condition = "register first" },
        ]
        [limits]
        files = 3
        """,
    )
    assert settings == SiteSettings(
        name="Open ears",
        name_look="hidden",
        leave_url="https://weather.example/",
        left_page="tea",
        who_we_are="shelter",
        tells_others="must-report",
        not_the_police=True,
        quiet_words=True,
        reading_hours="Mondays",
        emergency_numbers=(
            EmergencyNumber("Here", "112"),
            EmergencyNumber("There", "1", silent="2", condition="register first"),
        ),
        limits=Limits(files=3),
    )
    assert load(tmp_path, "name = ''").emergency_numbers == DEFAULT_NUMBERS
    assert load(tmp_path, "emergency_numbers = []").emergency_numbers == ()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("name = [", "site.toml must be TOML"),
        (f"name = {'9' * 5000}", "site.toml must be TOML"),
        ("nmae = 'x'", "nmae is not a setting"),
        ("name = 5", "name must be a text"),
        (f"name = '{'x' * 61}'", "name must be a text of at most 60"),
        ("leave_url = 'javascript:x'", "leave_url must begin"),
        (f"leave_url = 'https://{'x' * 64}.example/'", "leave_url must begin"),
        ("leave_url = 'https://.example/'", "leave_url must begin"),
        ("leave_url = 'https://weather.example/a b'", "leave_url must begin"),
        (f"leave_url = 'https://weather.example/{'x' * 97}'", "leave_url must be a text of at most 120"),
        ("name_look = 'loud'", "name_look must be one of quiet, strong, hidden"),
        ("name_look = 5", "name_look must be one of"),
        (f"emergency_numbers = {[{'place': 'x', 'number': '1'}] * 25}".replace("': ", "' = "), "at most 24"),
        ("limits = 5", "limits must be a table"),
        ("[limits]\nfile = 5", "limits.file is not a setting"),
        ("[limits]\nfiles = true", "limits.files must be a whole number"),
        ("[limits]\nfiles = -1", "limits.files must be a whole number"),
        ("[limits]\ntext_characters = 65_001", "limits.text_characters must be"),
        ("[limits]\nfile_bytes = 3_000_000_000", "must not be greater than limits.request_bytes"),
        ("emergency_numbers = '112'", "emergency_numbers must be a list"),
        ("emergency_numbers = [{ place = 'x' }]", "must have place and number"),
        ("emergency_numbers = [{ place = 'x', number = 112 }]", "number must be a text"),
        ("emergency_numbers = [{ place = 'x', number = '1', x = '2' }]", "and nothing else"),
        (
            "emergency_numbers = [{ place = 'x', number = '1', condition = 'register first' }]",
            "must stand beside a silent number",
        ),
        ("left_page = 'cake'", "left_page must be one of tea, rice, plants, bread"),
        ("who_we_are = 'police'", "who_we_are must be one of aid-organisation, helpline"),
        ("tells_others = 'no-one'", "tells_others must be one of only-if-you-agree"),
        ("not_the_police = 'yes'", "not_the_police must be true or false"),
        ("quiet_words = 1", "quiet_words must be true or false"),
    ],
)
def test_a_mistake_is_named_by_its_key(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(SettingsError, match=named):
        load(tmp_path, text)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match="UTF-8"):
        SiteSettings.load(tmp_path / "site.toml")


def section(heading: str) -> str:
    """The text under one heading of docs/operate/site.md."""
    page = (Path(__file__).parents[3] / "docs" / "operate" / "site.md").read_text(encoding="utf-8")
    return page.split(f"\n## {heading}\n")[1].split("\n## ")[0]


def test_the_page_about_the_site_names_every_setting_and_every_address(stage: Stage) -> None:
    named = set(re.findall(r"^\| `([a-z_.]+)` \|", section("`DIR/site.toml`"), re.MULTILINE))
    top = {one.name for one in fields(SiteSettings)} - {"limits"}
    assert named == top | {f"limits.{one.name}" for one in fields(Limits)}
    addresses = dict(re.findall(r"^\| `(/[^`]*)` \| ([A-Z, ]+) \|", section("Addresses"), re.MULTILINE))
    rules = stage.site.app.url_map.iter_rules()
    routes: dict[str, set[str]] = {}
    for rule in rules:
        routes.setdefault(rule.rule, set()).update((rule.methods or set()) - {"HEAD"})
    assert {address: set(methods.split(", ")) for address, methods in addresses.items()} == routes


def test_the_example_on_the_page_about_the_site_is_good(tmp_path: Path) -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", section("`DIR/site.toml`"), re.DOTALL)
    assert load(tmp_path, example).limits.file_bytes == 500 * MIB
