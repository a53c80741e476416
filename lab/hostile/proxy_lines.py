"""The line that tor puts before a request, from someone who is not tor."""

from collections.abc import Iterator

from lab.hostile.request import BAD_REQUEST, MARK, HostileRequest, get

LINE = b"PROXY TCP6 fc00:dead:beef:4dad::0:26 ::1 38 80\r\n"
_SECOND_VERSION = b"\r\n\r\n\x00\r\nQUIT\n"
WRONG = (
    b"PROXY\r\n",
    b"PROXY \r\n",
    b"PROXY TCP6\r\n",
    b"PROXY TCP4 127.0.0.1 127.0.0.1 1\r\n",
    b"PROXY TCP4 127.0.0.1 127.0.0.1 1 80 90\r\n",
    b"PROXY TCP4 256.0.0.1 127.0.0.1 1 80\r\n",
    b"PROXY TCP4 ::1 ::1 1 80\r\n",
    b"PROXY TCP6 127.0.0.1 127.0.0.1 1 80\r\n",
    b"PROXY TCP6 ::1 ::1 99999 80\r\n",
    b"PROXY TCP6 ::1 ::1 -1 80\r\n",
    b"PROXY TCP6 ::1 ::1 x 80\r\n",
    b"PROXY TCP6 ::1%eth0 ::1 1 80\r\n",
    b"PROXY TCP6 " + MARK + b" ::1 1 80\r\n",
    b"PROXY UDP4 127.0.0.1 127.0.0.1 1 80\r\n",
    b"PROXY TCP7 ::1 ::1 1 80\r\n",
    b"PROXY TCP6 " + b"0" * 500 + b" ::1 1 80\r\n",
    b"PROXY  TCP6 ::1 ::1 1 80\r\n",
    b"PROXY\tTCP6\t::1\t::1\t1\t80\r\n",
    b"proxy TCP6 ::1 ::1 1 80\r\n",
    b"PROXY TCP6 ::1 ::1 1 80\n",
    b"PROXY TCP6 ::1 ::1 \xd9\xa1 80\r\n",
    b"PROXY TCP6 \xff\xfe ::1 1 80\r\n",
    LINE + LINE,
    LINE + b"PROXY UNKNOWN\r\n",
    b" " + LINE,
    b"\x00" + LINE,
    LINE.replace(b"::1 38", b"::1\x0038"),
)


def requests() -> Iterator[HostileRequest]:
    for line in WRONG:
        yield HostileRequest(line + get(), BAD_REQUEST, bare=True, may_be_silent=True)
        yield HostileRequest(line, BAD_REQUEST, bare=True, may_be_silent=True)
    for command in (0x20, 0x21, 0x31, 0xFF):
        for family in (0x00, 0x11, 0x21, 0x31, 0xFF):
            for length in (0, 12, 36, 0xFFFF):
                said = _SECOND_VERSION + bytes((command, family)) + length.to_bytes(2) + bytes(min(length, 36))
                yield HostileRequest(said + get(), BAD_REQUEST, bare=True, may_be_silent=True)
    for cut in range(1, len(LINE)):
        yield HostileRequest(LINE[:cut], BAD_REQUEST, bare=True, may_be_silent=True)
