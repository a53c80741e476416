"""Files of each kind that can be looked at, made here: none shows a person."""

import io
import zipfile
from collections.abc import Sequence

_FONTS = "/Resources << /Font << /F1 3 0 R >> >>"


def pdf(pages: int, *, extra: str = "") -> bytes:
    """A PDF with a red square and its number on each page; ``extra`` goes into the catalogue."""
    kids = " ".join(f"{4 + 2 * place} 0 R" for place in range(pages))
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {extra} >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for place in range(pages):
        drawn = f"BT /F1 40 Tf 60 700 Td (Page {place + 1}) Tj ET 0.8 0.1 0.1 rg 60 100 400 400 re f"
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {5 + 2 * place} 0 R {_FONTS} >>",
            f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream",
        ]
    file, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(file))
        file += f"{number} 0 obj\n{content}\nendobj\n".encode("ascii")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    return file + (
        f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
        f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(file)}\n%%EOF\n"
    ).encode("ascii")


def zipped(entries: Sequence[tuple[str, str | bytes]]) -> bytes:
    """A ZIP archive; the first entry is not packed, as OpenDocument wants it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for place, (name, content) in enumerate(entries):
            archive.writestr(name, content, None if place else zipfile.ZIP_STORED)
    return packed.getvalue()


EMAIL = (
    b"From: =?utf-8?q?A_Friend?= <friend@example.org>\r\nTo: desk@example.org\r\n"
    b"Date: Mon, 2 Nov 2026 09:00:00 +0000\r\n"
    b"Subject: =?utf-8?b?w5xiZXIgZGFzIEhhdXM=?=\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/mixed; boundary="x"\r\n\r\n--x\r\nContent-Type: text/plain; charset=koi8-r\r\n\r\n'
    + "Дом у реки".encode("koi8-r")
    + b'\r\n--x\r\nContent-Type: text/html\r\n\r\n<p>In <b>HTML</b><script>x()</script><img src="http://203.0.113.5/a">'
    b"\r\n--x\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=plan.pdf\r\n"
    b"Content-Transfer-Encoding: base64\r\n\r\nJVBERg==\r\n--x--\r\n"
)
