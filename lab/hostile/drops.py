"""Requests that come drop by drop: the last drop of some never comes."""

from collections.abc import Iterator

from lab.hostile.request import END, HARMLESS, MARK, NONCE_PART, REFUSED, HostileRequest, get, post


def requests() -> Iterator[HostileRequest]:
    whole = get(b"/left", b"X: " + MARK)
    yield HostileRequest(
        whole[:1], HARMLESS, pieces=tuple(whole[place : place + 1] for place in range(1, len(whole)))
    )
    yield HostileRequest(
        whole[:9], REFUSED, may_be_silent=True, pieces=tuple(b"X-%d: x\r\n" % number for number in range(40))
    )
    yield HostileRequest(b"", REFUSED, may_be_silent=True, pieces=(b"\r",) * 20)
    form = post(b"/", NONCE_PART + END)
    ahead = form.index(b"\r\n\r\n") + 4
    yield HostileRequest(
        form[:ahead], REFUSED, pieces=tuple(form[place : place + 4] for place in range(ahead, len(form), 4))
    )
    yield HostileRequest(form[: ahead + 9], REFUSED, pieces=(b"-",) * 20)
