"""Kinds of tables, their limits, and the reasons of a refusal, for both sides of the sandbox."""

from enum import Enum
from typing import Final

MOST_FILE_BYTES: Final = 512 << 20
MOST_ROWS: Final = 1_000_000
MOST_COLUMNS: Final = 1_000
MOST_CELL_LETTERS: Final = 262_144
MOST_ROW_LETTERS: Final = 1 << 22
"""Of all cells of a row together: the program that holds keys takes in one row at a time."""

MOST_LINE_LETTERS: Final = 1 << 24
"""Of a line with what is around its cells, as the reader takes in one line at a time."""

MOST_UNPACKED_BYTES: Final = 256 << 20
"""Of all parts of a spreadsheet together, so that a small file that unpacks to a large one ends there."""

MOST_WRITTEN_BYTES: Final = 1 << 30
CPU_SECONDS: Final = 600


class TableKind(Enum):
    """The kinds of tables that are read, with the ending of their files."""

    CSV = ".csv"
    XLSX = ".xlsx"
    LINES = ".jsonl"
    EPCIS = ".json"
    EPCIS_LD = ".jsonld"
    ENTITIES = ".ftm.json"
    """Lines of FollowTheMoney, where a list of persons and firms is asked for."""


MOST_WHOLE_BYTES: Final = {TableKind.XLSX: 64 << 20, TableKind.EPCIS: 32 << 20, TableKind.EPCIS_LD: 32 << 20}
"""Of kinds that are not read line by line: what their reader has memory for."""

TABLES: Final = (TableKind.CSV, TableKind.XLSX, TableKind.LINES)
"""Kinds with names of columns in their first row, or names in each line."""


class TableFault(Enum):
    """The reason for which a table is refused, in words that follow the number of a line."""

    EMPTY = "the table has no row with names of columns"
    NOT_UTF8 = "text must be UTF-8, or UTF-16 with a byte order mark"
    NOT_CSV = "a row must be comma, semicolon or tab separated values, with each quotation mark closed"
    NOT_JSON = "each line must be one object of JSON"
    NOT_ENTITY = "each line must be one entity of FollowTheMoney: an id, a schema, and lists of texts as properties"
    COLUMN_WITHOUT_NAME = "each column must have a name"
    COLUMN_TWICE = "the names of columns must differ"
    CUT_OFF = (
        "the last row has fewer cells than there are columns, and no line break: the file may be cut off; if it is"
        " whole, put a line break at its end"
    )
    MORE_CELLS_THAN_COLUMNS = "a row must not have more cells than there are columns"
    TOO_MANY_COLUMNS = f"a row must have at most {MOST_COLUMNS:,} columns"
    TOO_MANY_ROWS = f"a table must have at most {MOST_ROWS:,} rows"
    CELL_TOO_LONG = f"a cell must have at most {MOST_CELL_LETTERS:,} letters"
    ROW_TOO_LONG = f"the cells of a row must have at most {MOST_ROW_LETTERS:,} letters together"
    UNPACKS_TOO_LARGE = f"a spreadsheet must unpack to at most {MOST_UNPACKED_BYTES >> 20:,} MB"
    NOT_XLSX = "this is no spreadsheet that can be read: it is damaged, encrypted, or of an older kind"
    DECLARES_ENTITIES = "a spreadsheet must not declare a document type or entities"
    NOT_EPCIS = "this is no EPCIS 2.0 document in JSON with a list of events"
    NOT_AN_EVENT = "an event of EPCIS must have a type, an action and lists of lots; line counts events"
    TOO_DEEP = "a document must not be nested deeper than 64 levels"
    NO_SUCH_SHEET = "the spreadsheet has no sheet with this number"


class Trouble(Exception):
    """A table is refused at this line; 0 stands for the whole file."""

    def __init__(self, fault: TableFault, line: int) -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.line = line
