"""One length for all pages and one for their heads, so that an onlooker on the wire cannot tell them apart."""

PAGE_BYTES = 16 * 1024
PROGRESS_BYTES = 4 * 1024
"""Of the small frame that counts an upload: it is fetched every few seconds while one lasts."""

HEAD_BYTES = 1024
"""Of an answer's status and headers: with a cookie or without, 35 cells of tor carry both and the page."""

_BEGIN, _END = b"<!--", b"-->\n"


def padded(page: bytes, *, to_bytes: int = PAGE_BYTES) -> bytes:
    """``page`` (HTML) with a comment behind it, filled up to ``to_bytes``.

    A page that gives back a long text is longer: it goes to the next of twice, four times … that length.
    """
    wanted = to_bytes
    while wanted < len(page) + len(_BEGIN) + len(_END):
        wanted *= 2
    return page + _BEGIN + b" " * (wanted - len(page) - len(_BEGIN) - len(_END)) + _END


def fits(page: bytes) -> bool:
    """Whether ``page`` needs no more than the one usual length."""
    return len(page) + len(_BEGIN) + len(_END) <= PAGE_BYTES


def head_filling(so_far_bytes: int) -> str:
    """The line that brings the head of an answer, so far of this length with its last empty line, to the one length
    of all; a head that is longer goes to the next multiple of it."""
    name, end = "X-Fill: ", "\r\n"
    dots = -(so_far_bytes + len(name) + len(end)) % HEAD_BYTES
    return f"{name}{'.' * dots}{end}"
