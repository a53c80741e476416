"""Column maps and identifiers: nothing is guessed, and a damaged identifier is refused."""

import pytest

from reviewer.supply.facility_columns import BadColumnMap, BadRow, FacilityColumns

COLUMNS = FacilityColumns("Name", identifiers={"gln": "GLN", "lei": "LEI", "tax": "Tax"})
CELLS = {"Name": "Quillon", "GLN": "", "LEI": "", "Tax": ""}


def test_sound_identifiers_are_read_in_one_spelling_and_cells_that_say_nothing_are_none() -> None:
    cells = CELLS | {"GLN": "4000001 000005", "Tax": "n/a"}
    cells["LEI"] = with_check_digits("00QQ00INVENTED000X")
    assert COLUMNS.read(cells).identifiers == {"gln": "4000001000005", "lei": cells["LEI"]}
    assert COLUMNS.read(CELLS | {"GLN": "-", "LEI": "unknown"}).identifiers == {}


def with_check_digits(eighteen: str) -> str:
    number = int("".join(str(int(letter, 36)) for letter in f"{eighteen}00"))
    return f"{eighteen}{98 - number % 97:02}"


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("GLN", "4000001000006", "gln must be a whole identifier"),
        ("GLN", "4,00E+12", "gln was damaged by a spreadsheet"),
        ("Tax", "1.2E+9", "tax was damaged by a spreadsheet"),
        ("LEI", with_check_digits("00QQ00INVENTED000X")[:-1] + "X", "lei must be a whole identifier"),
        ("Tax", "1" * 101, "tax must have at most 100 letters"),
    ],
)
def test_a_damaged_identifier_is_refused(column: str, value: str, said: str) -> None:
    with pytest.raises(BadRow, match=said) as refused:
        COLUMNS.read(CELLS | {column: value})
    assert value not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name =", "must be TOML"),
        ("address = 'a'", "which column is the name"),
        ("name = 'a'\nplace = 'b'", "must not have the key place"),
        ("name = 'a'\n[identifiers]\nduns = 'b'", "must not have the key duns"),
        ("name = 'a'\naddress = [1]", "address must be names of columns"),
        ("name = 1", "name must be the name of a column"),
        ("name = 'a'\ncountries = 'b'", "must be lines as"),
    ],
)
def test_a_column_map_with_a_fault_says_what_it_must_have(text: str, said: str) -> None:
    with pytest.raises(BadColumnMap, match=said):
        FacilityColumns.parse(text)
