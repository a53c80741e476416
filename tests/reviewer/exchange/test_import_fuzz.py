"""Whatever lies on the stick: refused by kind, or taken in whole; never anything else, and never half."""

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reviewer.errors import BundleRefused
from reviewer.exchange.import_result import ImportReport
from reviewer.exchange.take_in import FileImporter
from reviewer.home.home import open_home
from reviewer.terminal.secret_entry import SecretEntry
from system.clock import today
from tests.fakes_server import file_of
from tests.reviewer.desk_stage import Desk

# The home is the same until an example brings something: that refusals leave no trace in it is part of the claim.
FUZZED = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


def _take_in(desk: Desk, path: Path) -> ImportReport:
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        return FileImporter(home, today=today(), progress=lambda _count: None).read(path)


@FUZZED
@given(st.binary(max_size=300), st.booleans())
def test_arbitrary_bytes_are_refused_by_kind(desk: Desk, raw: bytes, with_head: bool) -> None:
    path = desk.folder / "stick"
    path.write_bytes(file_of()[:9] + raw if with_head else raw)
    try:
        brought = _take_in(desk, path)
    except BundleRefused:
        return
    assert all(refusal.kind in {"malformed", "newer"} for refusal in brought.refusals)
    assert brought.opened == []
    assert brought.broken_off is None


@FUZZED
@given(st.data())
def test_a_harmed_file_is_taken_in_whole_or_refused_whole(desk: Desk, data: st.DataObject) -> None:
    stick, furnished = desk.folder / "whole", desk.folder / "furnished"
    if not stick.exists():
        shutil.copytree(desk.home, furnished)
        stick.write_bytes(file_of(desk.server.submissions(desk.server.seal(), b"not an envelope")))
    raw = bytearray(stick.read_bytes())
    kind = data.draw(st.sampled_from(["flip", "cut", "insert"]))
    place = data.draw(st.integers(0, len(raw) - 1))
    if kind == "flip":
        raw[place] ^= data.draw(st.integers(1, 255))
    elif kind == "cut":
        del raw[place:]
    else:
        raw[place:place] = data.draw(st.binary(min_size=1, max_size=20))
    path = desk.folder / "stick"
    path.write_bytes(raw)
    try:
        brought = _take_in(desk, path)
    except BundleRefused:
        brought = ImportReport()
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        here = len(home.casebook.submissions.all())
    unopened = len(list((desk.home / "unopened").iterdir()))
    if here:
        # What was taken in is known from then on: the next example would show nothing.
        shutil.rmtree(desk.home)
        shutil.copytree(furnished, desk.home)
    assert here in (0, 2)
    assert here == 2 or not brought.bundles
    assert brought.broken_off is None
    assert unopened == here // 2


def test_the_unharmed_file_is_taken_in(desk: Desk) -> None:
    path = desk.write(desk.server.submissions(desk.server.seal(), b"not an envelope"))
    brought = _take_in(desk, path)
    assert (len(brought.opened), len(brought.unopenable), brought.refusals) == (1, 1, [])


@pytest.mark.parametrize("head", [b"TIPLINF\x1a\x02", b"TIPLINF\x1a\x00", b"TIPLINB\x1a\x01"])
def test_another_format_or_version_is_named(desk: Desk, head: bytes) -> None:
    path = desk.folder / "stick"
    path.write_bytes(head + bytes(100))
    (refusal,) = _take_in(desk, path).refusals
    assert refusal.kind == ("newer" if head[-1] == 2 else "malformed")
