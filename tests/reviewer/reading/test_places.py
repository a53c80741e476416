"""Places: towns and countries in the languages of the site; words and persons of the same name are none."""

from pathlib import Path

import pytest

from reviewer.atlas import packed_file
from reviewer.atlas.gazetteer import Gazetteer, gazetteer
from reviewer.atlas.packed_file import FileState, sections, state_of
from reviewer.reading.place_readings import place_of, reading_said
from reviewer.reading.places import places
from reviewer.reading.plain_text import PlainText
from reviewer.reading.reader import read_text

LINES = [
    line.partition("\t")[::2]
    for line in (Path(__file__).parent / "places.tsv").read_text(encoding="utf-8").splitlines()
]
"""A text, and the words and the likeliest reading of each place of it."""

BERLIN, FRANKFURT_MAIN, LONDON_CANADA = "geonames:2950159", "geonames:2925533", "geonames:6058560"


@pytest.mark.parametrize(("text", "wanted"), LINES)
def test_places_are_told_from_words_and_persons(text: str, wanted: str) -> None:
    plain = PlainText.of(text).text
    found = [f"{plain[first:end]}={readings[0]}" for first, end, readings in places(plain)]
    assert found == [one for one in wanted.split(";") if one]


def test_of_towns_with_one_name_all_are_readings_until_a_country_chooses() -> None:
    (found,) = read_text("she is in Frankfurt").findings
    assert len(found.readings) > 1
    assert found.readings[0] == FRANKFURT_MAIN
    (found,) = read_text("she is in London", near=["CA"]).findings
    assert found.readings == (LONDON_CANADA,)
    london, canada = read_text("she is in London, Canada").findings
    assert (london.readings, canada.readings) == ((LONDON_CANADA,), ("country:CA",))


def test_a_reading_names_a_town_with_its_country_or_a_country() -> None:
    town = place_of(BERLIN)
    assert town is not None
    assert not isinstance(town, str)
    assert (town.name, town.country, round(town.latitude), round(town.longitude)) == ("Berlin", "DE", 53, 13)
    assert place_of("country:DE") == "DE"
    assert [place_of(wrong) for wrong in ("geonames:1", "geonames:x", "geonames:99999999999", "")] == [None] * 4


def test_a_reading_is_said_as_a_person_says_it() -> None:
    said = {BERLIN: "Berlin, DE", "country:DE": "Germany", "2026-04-01/2026-04-30": "2026-04-01 to 2026-04-30"}
    said |= {
        "2026-04-01/2026-04-01": "2026-04-01",
        "example.org/2026": "example.org/2026",
        "geonames:1": "geonames:1",
    }
    assert {one: reading_said(one) for one in said} == said


def test_what_is_part_of_an_address_or_account_is_no_place() -> None:
    found = read_text("write to berlin@example.org, see www.example.org/paris, ask @hamburg_girl").findings
    assert [str(one.kind) for one in found] == ["email", "web", "handle"]


def test_without_its_file_the_gazetteer_is_empty_and_countries_are_still_read() -> None:
    assert len(gazetteer()) > 30_000
    assert state_of("no such file") is FileState.MISSING
    assert state_of("names.json") is FileState.CHANGED
    assert sections("names.json") is None
    empty = Gazetteer("no such file")
    assert (len(empty), empty.state, empty.find("berlin")) == (0, FileState.MISSING, None)
    assert (empty.longest_beginning("berlin"), empty.has_longer("new"), empty.by_id(2950159)) == ("", False, None)


def test_a_packed_file_gives_back_its_sections_and_no_more_than_its_limit() -> None:
    content = packed_file.packed({"one": b"12", "other": b""})
    assert content.startswith(packed_file.MAGIC)
    assert set(sections("places.bin") or {}) >= {"ids", "keys", "references"}


ADDRESSES = {
    "Sie wohnt in der Lindenstraße 12, Hamburg": ("Lindenstraße 12", "address:lindenstrasse 12"),
    "at 12 Linden Road, London": ("12 Linden Road", "address:12 linden road"),
    "calle Mayor 12": ("calle Mayor 12", "address:calle mayor 12"),
    "12 rue des Lilas": ("12 rue des Lilas", "address:12 rue des lilas"),
    "ул. Садовая, дом 12": ("ул. Садовая, дом 12", "address:ул садовая 12"),
    "شارع الحمرا 12": ("شارع الحمرا 12", "address:شارع الحمرا 12"),
}
NO_ADDRESSES = (
    "call 12 times on the road",
    "2 women on the street",
    "Die Weg 3 Tage",
    "20 girls in room 12 via Berlin",
)


@pytest.mark.parametrize("text", ADDRESSES)
def test_an_address_is_kept_as_text_with_its_number(text: str) -> None:
    first = read_text(text).findings[0]
    assert (text[first.first : first.end], *first.readings) == ADDRESSES[text]


@pytest.mark.parametrize("text", NO_ADDRESSES)
def test_a_number_beside_a_word_for_a_street_is_no_address(text: str) -> None:
    assert not any(reading.startswith("address:") for one in read_text(text).findings for reading in one.readings)
