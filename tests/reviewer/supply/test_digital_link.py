"""GS1 Digital Links: the keys of an address by GS1's rules, and a code for each way to break them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.supply.application_identifiers import identifiers
from reviewer.supply.digital_link import BadLink, LinkFault, parse_digital_link

# Numbers that begin with 952 and 950 are kept for examples by GS1.
GTIN, GLN, SSCC = "09506000134352", "9506000134369", "095060001343520000"
PRODUCT = f"https://example.org/01/{GTIN}"


@pytest.mark.parametrize(
    ("address", "keys"),
    [
        (PRODUCT, {"gtin": GTIN}),
        (f"HTTP://EXAMPLE.ORG:8080/shop/00/x/01/{GTIN}", {"gtin": GTIN}),
        (f"{PRODUCT}/22/2A/10/ABC%2F1/21/xY?17=280229", {"gtin": GTIN, "lot": "ABC/1", "serial": "xY"}),
        ("https://example.org/01/9506000134352", {"gtin": GTIN}),
        ("https://example.org/01/96385074", {"gtin": "00000096385074"}),
        ("https://example.org/01/036000291452", {"gtin": "00036000291452"}),
        (f"https://[2001:db8::1]/00/{SSCC}", {"sscc": SSCC}),
        (f"https://example.org/414/{GLN}/254/32a", {"gln": GLN}),
        (f"https://example.org/417/{GLN}", {"gln": GLN}),
        (f"{PRODUCT}?414={GLN}&linkType=all&flag#01", {"gtin": GTIN, "gln": GLN}),
        (f"{PRODUCT}/235/t%2Bx?10=L%2E1", {"gtin": GTIN, "lot": "L.1"}),
        (f"https://example.org/8006/{GTIN}0102/21/7", {"serial": "7"}),
        ("https://example.org/8013/1987654Ad4X4bL5ttr2310c2K", {}),
    ],
)
def test_the_keys_of_an_address_are_read_from_any_host_path_and_query(address: str, keys: dict[str, str]) -> None:
    assert parse_digital_link(address).to_json() == keys


@pytest.mark.parametrize(
    ("address", "fault"),
    [
        (PRODUCT + "0" * 8192, LinkFault.TOO_LONG),
        (f"{PRODUCT}/10/a b", LinkFault.NOT_A_URI),
        (f"{PRODUCT}/10/ä", LinkFault.NOT_A_URI),
        (f"HtTps://example.org/01/{GTIN}", LinkFault.NOT_HTTP),
        (f"urn:01/{GTIN}", LinkFault.NOT_HTTP),
        (f"https:///01/{GTIN}", LinkFault.NO_HOST),
        ("https://example.org", LinkFault.NO_HOST),
        (f"https://example.org/gtin/{GTIN}", LinkFault.NO_KEY),
        (f"https://example.org/1/{GTIN}", LinkFault.NO_KEY),
        (f"https://example.org/10/abc?01={GTIN}", LinkFault.NO_KEY),
        (f"{PRODUCT}?1234=5", LinkFault.UNKNOWN_IDENTIFIER),
        (f"{PRODUCT}/10/", LinkFault.EMPTY_VALUE),
        (f"{PRODUCT}?17=", LinkFault.EMPTY_VALUE),
        (f"{PRODUCT}/10/%4", LinkFault.BAD_ESCAPE),
        (f"{PRODUCT}/10/%00", LinkFault.BAD_VALUE),
        (f"{PRODUCT}/10/%E4", LinkFault.BAD_VALUE),
        (f"{PRODUCT}/10/{'a' * 21}", LinkFault.BAD_VALUE),
        (f"{PRODUCT}?17=261301", LinkFault.BAD_VALUE),
        (f"{PRODUCT}?17=270229", LinkFault.BAD_VALUE),
        (f"https://example.org/8006/{GTIN}0302", LinkFault.BAD_VALUE),
        ("https://example.org/8013/1987654Ad4X4bL5ttr2310c2L", LinkFault.BAD_VALUE),
        ("https://example.org/01/950600013435", LinkFault.BAD_CHECK_DIGIT),
        ("https://example.org/01/0950600013435", LinkFault.BAD_CHECK_DIGIT),
        ("https://example.org/01/095060001343521", LinkFault.BAD_VALUE),
        (f"https://example.org/00/{SSCC[:-1]}9", LinkFault.BAD_CHECK_DIGIT),
        (f"{PRODUCT}/21/a/10/b", LinkFault.BAD_ORDER),
        (f"{PRODUCT}/10/a/10/b", LinkFault.BAD_ORDER),
        (f"https://example.org/00/{SSCC}/10/a", LinkFault.BAD_ORDER),
        (f"{PRODUCT}?10=a", LinkFault.BELONGS_IN_PATH),
        (f"https://example.org/00/{SSCC}?21=a", LinkFault.NOT_AN_ATTRIBUTE),
        (f"{PRODUCT}?17=261231&17=261231", LinkFault.TWICE),
        (f"https://example.org/00/{SSCC}?10=a", LinkFault.MISSING_PARTNER),
        (f"{PRODUCT}?37=2&02={GTIN}", LinkFault.FORBIDDEN_PARTNER),
    ],
)
def test_an_address_that_breaks_a_rule_is_refused_by_a_code(address: str, fault: LinkFault) -> None:
    with pytest.raises(BadLink) as refused:
        parse_digital_link(address)
    assert refused.value.fault is fault


@given(
    st.text(max_size=60) | st.from_regex(r"https://a/(01|00|414)/[0-9]{8,18}(/1[0-2]/[%a-zA-Z0-9]{0,9})?(\?.*)?")
)
def test_any_text_is_read_or_refused_by_a_code(text: str) -> None:
    try:
        keys = parse_digital_link(text).to_json()
    except BadLink:
        return
    assert keys or text.startswith(("https://", "http://", "HTTPS://", "HTTP://"))
    assert set(keys) <= {"gtin", "lot", "serial", "sscc", "gln"}


def test_each_row_of_identifiers_can_be_used() -> None:
    assert len(identifiers()) > 400
    assert all(one.pattern.groups == len(one.tests) for one in identifiers().values())
