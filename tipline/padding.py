"""One length for all pages, so that an onlooker on the wire cannot tell one from another."""

PAGE_BYTES = 16 * 1024
_BEGIN, _END = b"<!--", b"-->\n"


def padded(page: bytes) -> bytes:
    """``page`` (HTML) with a comment behind it, filled up to ``PAGE_BYTES``.

    A page that gives back a long text is longer: it goes to the next of twice, four times … that length.
    """
    wanted = PAGE_BYTES
    while wanted < len(page) + len(_BEGIN) + len(_END):
        wanted *= 2
    return page + _BEGIN + b" " * (wanted - len(page) - len(_BEGIN) - len(_END)) + _END


def fits(page: bytes) -> bool:
    """Whether ``page`` needs no more than the one usual length."""
    return len(page) + len(_BEGIN) + len(_END) <= PAGE_BYTES
