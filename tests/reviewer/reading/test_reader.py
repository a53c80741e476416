"""Findings in a text besides telephone numbers, and the places of findings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.reading.finding import FindingKind
from reviewer.reading.reader import MOST_FINDINGS, MOST_LETTERS, read_text

READ = {
    "write to Anna.Bakker@Example.org": ("email", "Anna.Bakker@Example.org", "anna.bakker@example.org"),
    "anna (at) example (dot) org": ("email", "anna (at) example (dot) org", "anna@example.org"),
    "see https://www.Example.org/ads/12?x=1.": (
        "web",
        "https://www.Example.org/ads/12?x=1",
        "example.org/ads/12?x=1",
    ),
    "on t.me/some_one now": ("handle", "t.me/some_one", "telegram:some_one"),
    "instagram.com/some.one/": ("handle", "instagram.com/some.one/", "instagram:some.one"),
    "ask @Other_Name.": ("handle", "@Other_Name", "@other_name"),
    "insta: girl_22": ("handle", "insta: girl_22", "instagram:girl_22"),
    "DE89 3704 0044 0532 0130 00": ("iban", "DE89 3704 0044 0532 0130 00", "DE89370400440532013000"),
    "to gb29nwbk60161331926819.": ("iban", "gb29nwbk60161331926819", "GB29NWBK60161331926819"),
    "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4": (
        "crypto",
        "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
        "btc:bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
    ),
    "0x52908400098527886E0F7030069857D2E4169EE7": (
        "crypto",
        "0x52908400098527886E0F7030069857D2E4169EE7",
        "eth:0x52908400098527886e0f7030069857d2e4169ee7",
    ),
    "the ship IMO 9074729": ("ship", "IMO 9074729", "imo:9074729"),
    "a car B-AB 1234 waits": ("plate", "B-AB 1234", "BAB1234"),
    "plate number 1234 BBB": ("plate", "1234 BBB", "1234BBB"),
    "номер машины А123ВС 77": ("plate", "А123ВС 77", "А123ВС77"),
    "VIN 1M8GDM9AXKP042788": ("plate", "1M8GDM9AXKP042788", "vin:1M8GDM9AXKP042788"),
    "her passport no: C01X00T47": ("document", "C01X00T47", "C01X00T47"),
}
WITHOUT_FINDING = (
    "DE89 3704 0044 0532 0130 01",
    "IMO 9074728",
    "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5",
    "They locked us in. instagram is down and my name is not @ home",
    "",
)


@pytest.mark.parametrize("text", READ)
def test_each_kind_is_found_with_its_normal_form(text: str) -> None:
    (found,) = read_text(text, regions=["DE"]).findings
    assert (found.kind.value, text[found.first : found.end], *found.readings) == READ[text]


@pytest.mark.parametrize("text", WITHOUT_FINDING)
def test_a_wrong_checksum_and_plain_prose_hold_nothing(text: str) -> None:
    assert list(read_text(text, regions=["DE"]).findings) == []


def test_places_count_code_points_of_the_text_as_it_was_written() -> None:
    text = "👩‍👧 \u202ex\u202c ０１５１ ２３４５６７８９ 😀 anna@example.org"
    phone, mail = read_text(text, regions=["DE"]).findings
    assert text[phone.first : phone.end] == "０１５１ ２３４５６７８９"
    assert text[mail.first : mail.end] == "anna@example.org"


def test_a_longer_text_is_refused_and_more_findings_than_the_limit_are_told() -> None:
    with pytest.raises(ValueError, match="1,048,576 letters"):
        read_text("a" * (MOST_LETTERS + 1))
    reading = read_text("a1@example.org " * (MOST_FINDINGS + 1))
    assert (len(reading.findings), reading.has_more) == (MOST_FINDINGS, True)


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("0123456789+-@.oO l|/")), max_size=200))
def test_whatever_a_text_holds_its_findings_lie_inside_of_it_and_do_not_overlap(text: str) -> None:
    end = 0
    for found in read_text(text, regions=["DE", "US"]).findings:
        assert end <= found.first
        assert found.length > 0
        assert found.readings
        assert isinstance(found.kind, FindingKind)
        end = found.end
    assert end <= len(text)
