"""Likeness of facilities: same by rule only, a question else, and no number is ever overlooked."""

import re
import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reviewer.supply.facility import BadFacility, Facility, FacilityFault
from reviewer.supply.facility_likeness import FacilityReason, FacilityVerdict, compare_facilities

NAME, ADDRESS = "Línea Tex S.A. de C.V. Unit 6", "Plot 12-14, Añil Road, Sector 3, Oldtown 4021"
WORDS = st.text(st.sampled_from("ab éÀß-.,/0123٣９½²կ王कि"), max_size=24)


def facility(name: str = NAME, address: str = ADDRESS, country: str = "MX") -> Facility:
    return Facility.parse({"name": name, "address": address, "country": country})


def verdict(name: str = NAME, address: str = ADDRESS, country: str = "MX") -> FacilityVerdict:
    return compare_facilities(facility(), facility(name, address, country)).verdict


@pytest.mark.parametrize(
    ("name", "address"),
    [
        (NAME.upper(), ADDRESS.lower()),
        (unicodedata.normalize("NFD", NAME), "Plot 12 / 14 Anil Road; Sector 3 (Oldtown) 4021"),
        ("linea-tex sa de cv, unit 6", "PLOT 12 14 AÑIL ROAD SECTOR 3 OLDTOWN 4021"),
        ("Línea Tex S.A. de C.V. Unit ６", ADDRESS.replace("3", "٣")),
    ],
)
def test_case_accents_punctuation_blanks_and_the_script_of_digits_make_no_other_facility(
    name: str, address: str
) -> None:
    assert verdict(name, address) is FacilityVerdict.SAME


@pytest.mark.parametrize(
    ("name", "address", "country"),
    [
        (NAME.replace("6", "10"), ADDRESS, "MX"),
        (NAME.replace(" Unit 6", ""), ADDRESS, "MX"),
        (NAME, ADDRESS.replace("12-14", "1214"), "MX"),
        (NAME, ADDRESS.replace("12-14", "12"), "MX"),
        (NAME, ADDRESS.replace("3", "3²"), "MX"),
        (NAME, ADDRESS.replace("12-14", "12-14A"), "MX"),
        (NAME.replace("Línea", "Lineo"), ADDRESS, "MX"),
        (NAME.replace("S.A. de C.V.", "Ltd"), ADDRESS, "MX"),
        (NAME, "", "MX"),
        (NAME, ADDRESS, "GT"),
    ],
)
def test_another_number_word_legal_form_or_country_and_a_missing_address_are_asked(
    name: str, address: str, country: str
) -> None:
    assert verdict(name, address, country) is FacilityVerdict.ASK


def test_an_alike_name_and_address_with_other_numbers_are_asked_and_a_name_in_another_script_is_alike() -> None:
    assert verdict(NAME.replace("6", "7"), ADDRESS.replace("12-14", "90")) is FacilityVerdict.ASK
    compared = compare_facilities(facility("河口服装有限公司", ""), facility("Hekou Fuzhuang Youxian Gongsi", ""))
    assert FacilityReason.ALIKE_NAME in compared.reasons


def test_strangers_are_different_and_a_country_that_is_not_known_contradicts_none() -> None:
    assert verdict("Ocher Brickworks", "9 Quarry Lane, Newtown") is FacilityVerdict.DIFFERENT
    assert verdict(country="") is FacilityVerdict.SAME


@given(WORDS, WORDS, WORDS, WORDS, st.sampled_from(["", "BD", "IN"]))
def test_a_comparison_is_symmetric_bounded_quotes_nothing_and_never_same_when_a_number_differs(
    name: str, address: str, other_name: str, other_address: str, country: str
) -> None:
    assume(any(map(str.isalnum, name)) and any(map(str.isalnum, other_name)))
    one, other = facility(name, address, country), facility(other_name, other_address, "BD")
    compared = compare_facilities(one, other)
    assert compared == compare_facilities(other, one)
    assert 0 <= compared.score <= 1
    assert all(re.fullmatch("[a-z-]+", reason) for reason in compared.reasons)
    if compared.verdict is FacilityVerdict.SAME:
        assert [numbers(one.name), numbers(one.address)] == [numbers(other.name), numbers(other.address)]


def numbers(text: str) -> list[str]:
    plain = "".join(str(unicodedata.decimal(letter, letter)) for letter in text)
    return re.findall("[0-9]+", unicodedata.normalize("NFKC", re.sub("([½²])", r" \1 ", plain)))


def test_reasons_name_the_number_that_differs_and_the_name_that_is_the_same() -> None:
    compared = compare_facilities(facility(), facility(address=ADDRESS.replace("4021", "4022")))
    assert {FacilityReason.SAME_NAME, FacilityReason.ALIKE_ADDRESS, FacilityReason.OTHER_NUMBER} == set(
        compared.reasons
    )


@pytest.mark.parametrize(
    ("untrusted", "fault"),
    [
        (["a"], FacilityFault.NOT_AN_OBJECT),
        ({"name": "A", "address": ""}, FacilityFault.MISSING_KEY),
        ({"name": "A", "address": "", "country": "", "city": ""}, FacilityFault.UNKNOWN_KEY),
        ({"name": "A", "address": None, "country": ""}, FacilityFault.NOT_A_TEXT),
        ({"name": "A" * 1001, "address": "", "country": ""}, FacilityFault.FIELD_TOO_LONG),
        ({"name": " - ", "address": "", "country": ""}, FacilityFault.NO_NAME),
        ({"name": "A", "address": "", "country": "ZZ"}, FacilityFault.BAD_COUNTRY),
    ],
)
def test_what_is_no_facility_is_refused_by_a_code(untrusted: object, fault: FacilityFault) -> None:
    with pytest.raises(BadFacility) as refused:
        Facility.parse(untrusted)
    assert refused.value.fault is fault
