"""Lists of persons, firms and digests from a medium: shown first, then kept whole, or not at all.

A process without keys reads the file (reviewer/viewers/tables.py). Entries are compared with the findings that are
here in the same step.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from reviewer.casebook.imported_tables import ImportedTable
from reviewer.casebook.kept_figures import TABLE_KIND
from reviewer.casebook.known_digests import MD5_BYTES, SHA1_BYTES, SHA256_BYTES
from reviewer.casebook.listed_entities import SOUGHT_KIND, WATCHED
from reviewer.cases.digest_list import screen_known
from reviewer.errors import TableRefused
from reviewer.home.home import Home
from reviewer.lists.list_comparing import NamesHere, named_keys
from reviewer.lists.list_entries import ORGANISATION, OTHER, PERSON, BadEntry, ListEntry, entry_of_row, guessed
from reviewer.lists.money_entries import entry_of_line, paper_numbers, require_schema
from reviewer.lists.open_sums import OpenSums, guessed_figures
from reviewer.viewers.tables import OpenTable, TableProvenance
from system.errors import ProgramError

ACCUSED, AGENCIES, DIGESTS = "accused", "agencies", "digests"
KINDS: Final = (ACCUSED, AGENCIES, SOUGHT_KIND, DIGESTS, TABLE_KIND)
MOST_ENTRIES: Final = 300_000
SHOWN_ENTRIES: Final = 5
FIGURES, ROWS_LEFT_OUT = "figures", "rows that do not count"
_LINES: Final = frozenset({".json", ".jsonl"})
_NAMES_KIND: Final[Mapping[str, str]] = {ACCUSED: PERSON, AGENCIES: ORGANISATION, SOUGHT_KIND: PERSON}
_LONGEST_ID: Final = 300
_DIGEST: Final = re.compile(r"[0-9A-Fa-f]+")
_DIGEST_LETTERS: Final = {2 * MD5_BYTES, 2 * SHA1_BYTES, 2 * SHA256_BYTES}


@dataclass(frozen=True, slots=True)
class ListChoice:
    """A list as staff describe it. ``columns`` says what each column is read as; None: by its heading.

    ``only`` has the rows of an open table that count, by column.
    """

    kind: str
    has_lines: bool
    columns: Mapping[str, str] | None = None
    regions: Sequence[str] = ()
    only: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        kind: str,
        path: Path,
        columns: Mapping[str, str] | None = None,
        *,
        regions: Sequence[str],
        only: Mapping[str, str] | None = None,
    ) -> "ListChoice":
        """For a file of this name; ``regions`` are those of numbers without a country code.

        Raises:
            ProgramError: there is no such kind, or conditions were given for a list of entries.
        """
        if kind not in KINDS:
            raise ProgramError(f"the kind of a list must be one of: {', '.join(KINDS)}")
        if only and kind != TABLE_KIND:
            raise ProgramError("only an open table can have conditions: every entry of a list counts")
        has_lines = path.suffix.lower() in _LINES and kind not in (DIGESTS, TABLE_KIND)
        return cls(kind, has_lines, columns, regions, only or {})


@dataclass(slots=True)
class ListPreview:
    """A list before it is imported: counts, what each column is read as, and the first entries."""

    rows: int = 0
    entries: Counter[str] = field(default_factory=Counter)
    identifiers: int = 0
    columns: Mapping[str, str] = field(default_factory=dict, repr=False)
    not_kept: Counter[str] = field(default_factory=Counter)
    """By the schema of FollowTheMoney, or empty for an entry without name and number."""

    first: list[ListEntry] = field(default_factory=list, repr=False)
    sums: OpenSums | None = field(default=None, repr=False)
    """Of an open table, which has no entries."""

    @property
    def unread(self) -> list[str]:
        """The columns that are not read."""
        return [column for column, reads_as in self.columns.items() if not reads_as]


@dataclass(frozen=True, slots=True)
class ImportedList:
    """A list that was kept: its number, its entries, hits and questions, and contents in quarantine."""

    number: int
    is_sought: bool
    rows: int
    entries: int
    hits: int
    questions: int
    quarantined: Sequence[bytes] = ()


def preview_list(table: OpenTable, choice: ListChoice) -> ListPreview:
    """Read every row as at the import, and keep nothing.

    Raises:
        TableRefused: a row is no entry, which is named by its line, or there is none.
    """
    shown = ListPreview()
    if choice.kind == DIGESTS:
        for _digest in _digests(table, shown):
            shown.entries[DIGESTS] += 1
    elif choice.kind == TABLE_KIND:
        shown.entries[FIGURES] = len(_sums(table, choice, shown).figures)
    else:
        for _line, entry in _entries(table, choice, shown):
            shown.entries[entry.kind] += 1
            shown.identifiers += len(entry.identifiers)
            if len(shown.first) < SHOWN_ENTRIES:
                shown.first.append(entry)
    _require_some(shown)
    return shown


def import_watched(
    home: Home, table: OpenTable, choice: ListChoice, provenance: TableProvenance, *, today: dt.date
) -> ImportedList:
    """Keep a list and compare it with the findings that are here: all of it, or nothing.

    Raises:
        TableRefused: a row is no entry, which is named by its line; or the same sheet is here as this kind.
        ProgramError: publisher, licence or version is missing.
    """
    casebook = home.casebook
    if not all(one.strip() for one in (provenance.publisher, provenance.licence, provenance.version)):
        raise ProgramError("a list must have a publisher, a licence and a version: each hit shows them")
    for one in casebook.listed.all():
        if (one.table.sha256, one.table.sheet) == (table.sha256, provenance.sheet):
            raise TableRefused(f"this sheet is here already as {one.name}", hint="tipline-review lists HOME")
    shown = ListPreview()
    with casebook.changing():
        before = casebook.listed.newest()
        number = casebook.listed.add_list(choice.kind, _origin(provenance, rows=0))
        if choice.kind == DIGESTS:
            entries = _keep_digests(home, table, number, shown, today=today)
        elif choice.kind == TABLE_KIND:
            figures = _sums(table, choice, shown).figures
            casebook.open_figures.put(number, figures)
            entries = len(figures)
        else:
            entries = _keep_entries(home, table, choice, number, shown)
            casebook.list_matches.note_all_compared(before, number)
        _require_some(shown)
        casebook.listed.note_rows(number, shown.rows)
        casebook.log.add("list imported", f"L-{number}, {shown.rows} rows", today=today)
    hits, questions = casebook.list_matches.count_of_list(number)
    quarantined = screen_known(home, today=today) if choice.kind == DIGESTS else []
    return ImportedList(number, choice.kind == SOUGHT_KIND, shown.rows, entries, hits, questions, quarantined)


def _keep_entries(home: Home, table: OpenTable, choice: ListChoice, number: int, shown: ListPreview) -> int:
    listed, names_here = home.casebook.listed, NamesHere(home)
    count = 0
    for line, entry in _entries(table, choice, shown):
        count += 1
        named = named_keys(entry.names) if entry.kind != OTHER else {}
        keys = frozenset().union(*named.values())
        kept = listed.add(number, line, entry.kind, entry.names, entry.facts, entry.identifiers, sorted(keys))
        names_here.compare(kept, named)
    home.casebook.list_matches.add_equal_identifiers(number)
    names_here.keep()
    return count


def _keep_digests(home: Home, table: OpenTable, number: int, shown: ListPreview, *, today: dt.date) -> int:
    count = 0
    for digest in _digests(table, shown):
        home.casebook.listed.add_digest(number, digest)
        count += home.casebook.known_digests.add([digest], today=today)
    return count


def _entries(table: OpenTable, choice: ListChoice, shown: ListPreview) -> Iterator[tuple[int, ListEntry]]:
    """Line and entry of each row that is kept; the counts of ``shown`` grow meanwhile."""
    papers = _papers(table) if choice.has_lines else {}
    ids: set[str] = set()
    for row in table.rows():
        shown.rows += 1
        try:
            if choice.has_lines:
                entry = entry_of_line(row.cells, papers.get(row.cells["id"], ()), regions=choice.regions)
                if entry is None:
                    shown.not_kept[row.cells["schema"]] += 1
            else:
                if not shown.columns:
                    shown.columns = _columns(list(row.cells), choice)
                kind = _NAMES_KIND[choice.kind]
                entry = entry_of_row(row.cells, shown.columns, kind=kind, regions=choice.regions)
            if entry is not None:
                _require_new(entry.source_id, ids)
        except BadEntry as error:
            raise TableRefused(f"line {row.line}: {error}", hint="nothing was changed") from error
        if shown.rows - sum(shown.not_kept.values()) > MOST_ENTRIES:
            raise TableRefused(f"line {row.line}: a list must have at most {MOST_ENTRIES:,} entries")
        if entry is not None:
            yield row.line, entry


def _require_new(source_id: str, ids: set[str]) -> None:
    if len(source_id) > _LONGEST_ID:
        raise BadEntry(f"an id must have at most {_LONGEST_ID} letters")
    if source_id and source_id in ids:
        raise BadEntry("the id must be on one line only")
    ids.add(source_id)


def _sums(table: OpenTable, choice: ListChoice, shown: ListPreview) -> OpenSums:
    """The sums of an open table; the counts of ``shown`` grow meanwhile."""
    counted = 0
    for row in table.rows():
        shown.rows += 1
        try:
            if shown.sums is None:
                shown.columns = _columns(list(row.cells), choice)
                shown.sums = OpenSums(shown.columns, choice.only)
            counted += shown.sums.add(row.cells)
        except BadEntry as error:
            raise TableRefused(f"line {row.line}: {error}", hint="nothing was changed") from error
    if shown.sums is None or not counted:
        raise TableRefused("the table has no row that counts", hint="nothing was changed")
    shown.not_kept = +Counter({**shown.sums.left_out, ROWS_LEFT_OUT: shown.rows - counted})
    return shown.sums


def _papers(table: OpenTable) -> dict[str, list[str]]:
    """The numbers of passports by the id of their holder, of the whole list."""
    found: dict[str, list[str]] = {}
    count = 0
    for row in table.rows():
        try:
            require_schema(row.cells)
            numbers = paper_numbers(row.cells)
        except BadEntry as error:
            raise TableRefused(f"line {row.line}: {error}", hint="nothing was changed") from error
        if (count := count + len(numbers)) > MOST_ENTRIES:
            raise TableRefused(f"line {row.line}: a list must have at most {MOST_ENTRIES:,} numbers of papers")
        for one in numbers:
            found.setdefault(one.holder, []).append(one.number)
    return found


def _columns(names: Sequence[str], choice: ListChoice) -> dict[str, str]:
    """All columns, each with the kind that it is read as; empty for one that is not read.

    Raises:
        BadEntry: a column that staff named is missing.
    """
    by_heading = guessed_figures if choice.kind == TABLE_KIND else guessed
    wanted = by_heading(names) if choice.columns is None else choice.columns
    if missing := [column for column in wanted if column not in names]:
        raise BadEntry(f"there is no column {missing[0]!r}")
    if not any(wanted.values()):
        raise BadEntry("no column has a known heading: say which one holds the name")
    return {column: wanted.get(column, "") for column in names}


def _digests(table: OpenTable, shown: ListPreview) -> Iterator[bytes]:
    """Each digest of a table, also one that stands where a heading would."""
    for row in table.rows():
        texts = [*row.cells, *row.cells.values()] if not shown.rows else list(row.cells.values())
        shown.rows += 1
        cells = [one for one in texts if len(one) in _DIGEST_LETTERS and _DIGEST.fullmatch(one)]
        if not cells:
            raise TableRefused(f"line {row.line}: a row must hold an MD5, SHA-1 or SHA-256 in hex digits")
        yield from map(bytes.fromhex, cells)


def _require_some(shown: ListPreview) -> None:
    if shown.sums is None and not shown.rows - sum(shown.not_kept.values()):
        raise TableRefused("the list has no entry that could be kept", hint="nothing was changed")


def _origin(provenance: TableProvenance, *, rows: int) -> ImportedTable:
    return ImportedTable(
        *(0, WATCHED, provenance.file_name, provenance.sha256, provenance.sheet, provenance.publisher),
        *(provenance.licence, provenance.version, rows, provenance.day),
    )
