"""Small spreadsheets, written part by part: sound ones, and each fault that a reader must refuse."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_LINKED = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
STYLES = (
    f'<styleSheet {_MAIN}><numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/><numFmt numFmtId="165"'
    ' formatCode="0.00&quot;days&quot;"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>'
    '<xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>'
)


def parts_of(sheet: str, *, shared: Sequence[str] = (), head: str = "") -> dict[str, str]:
    """The parts of a spreadsheet with one sheet, whose ``sheet`` is its rows; ``head`` stands before it."""
    texts = "".join(f"<si><t>{escape(one)}</t></si>" for one in shared)
    return {
        "[Content_Types].xml": "<Types/>",
        "xl/workbook.xml": f'<workbook {_MAIN} {_LINKED}><sheets><sheet name="a" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/>'
        "</Relationships>",
        "xl/styles.xml": STYLES,
        "xl/sharedStrings.xml": f"<sst {_MAIN}>{texts}</sst>",
        "xl/worksheets/sheet1.xml": f"{head}<worksheet {_MAIN}><sheetData>{sheet}</sheetData></worksheet>",
    }


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    """The file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return out.getvalue()


def texts_in_rows(rows: Sequence[Sequence[str]]) -> str:
    """Rows of texts that stand in their cells."""
    return "".join(
        f'<row r="{line}">'
        + "".join(f'<c t="inlineStr"><is><t>{escape(text)}</t></is></c>' for text in row)
        + "</row>"
        for line, row in enumerate(rows, 1)
    )


def unpacking_to(archive: bytes, size_bytes: int) -> bytes:
    """The same file, whose first part says that it unpacks to this number of bytes."""
    at = archive.index(b"PK\1\2") + 24
    return archive[:at] + size_bytes.to_bytes(4, "little") + archive[at + 4 :]
