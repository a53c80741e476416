"""Intake when space is short: files are refused before they are sent, and text gets in as long as it can."""

import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.organisation import TODAY, FixedClock
from tests.tipline.site_stage import Stage, Upload
from tipline.instance.site_settings import KIB, MIB, Limits, SiteSettings
from tipline.instance.turning_day import LATEST_SECONDS
from tipline.limits.circuit_counter import KEPT_SECONDS
from tipline.limits.upload_quota import SHORT_REQUEST_BYTES, TEXTS_OF_A_CIRCUIT_BYTES, UploadQuota
from tipline.pages.site import Site
from tipline.requests.circuit import NO_CIRCUIT, Circuit
from tipline.requests.nonce import Nonce
from tipline.requests.refusals import Reason, Refused

ONE, TWO, THREE = Circuit("one"), Circuit("two"), Circuit("three")
LIMITS = Limits(file_bytes=50 * MIB, request_bytes=90 * MIB, day_bytes=900 * MIB, text_reserve_bytes=10 * MIB)


class Disk:
    """A disk with so much room, and so much kept of each day."""

    def __init__(self, room_bytes: int, kept: dict[dt.date, int] | None = None) -> None:
        self.room_bytes = room_bytes
        self.kept = kept or {}
        self.clock = FixedClock()
        self.now = 0.0
        self.space = UploadQuota(
            limits=LIMITS,
            room_bytes=lambda: self.room_bytes,
            kept_bytes=self.kept_bytes,
            clock=self.clock,
            seconds=lambda: self.now,
        )

    def kept_bytes(self, day: dt.date, _longer_than_bytes: int) -> int:
        return self.kept.get(day, 0)


def refused(space: UploadQuota, announced_bytes: int, *, circuit: Circuit = NO_CIRCUIT) -> Reason:
    with pytest.raises(Refused) as caught:
        space.reserve(announced_bytes, circuit=circuit)
    return caught.value.reason


def test_what_is_told_is_the_least_of_limit_day_and_room() -> None:
    assert Disk(10_000 * MIB).space.for_files_bytes() == 90 * MIB
    assert Disk(10_000 * MIB, {TODAY: 855 * MIB}).space.for_files_bytes() == 32 * MIB
    assert Disk(55 * MIB).space.for_files_bytes() == 32 * MIB
    assert Disk(5 * MIB).space.for_files_bytes() == 0
    assert Disk(10_000 * MIB, {TODAY: 2_000 * MIB}).space.for_files_bytes() == 0


def test_what_others_send_shows_in_what_is_told_only_when_it_is_half_of_the_room() -> None:
    told = [Disk(room * MIB).space.for_files_bytes() for room in range(10, 200)]
    assert set(told) == {0, MIB // 2, *(MIB << power for power in range(7)), 90 * MIB}
    assert told == sorted(told)


def test_as_much_as_is_told_is_taken_and_a_byte_more_is_refused_before_it_begins() -> None:
    disk = Disk(55 * MIB)
    told = disk.space.for_files_bytes()
    assert refused(disk.space, told + 1) is Reason.NO_ROOM_FOR_FILES
    disk.space.reserve(told).release()
    assert disk.space.for_files_bytes() == told


@pytest.mark.parametrize("disk", [Disk(2 * MIB), Disk(10_000 * MIB, {TODAY: 5_000 * MIB})])
def test_text_gets_in_when_files_do_not(disk: Disk) -> None:
    disk.space.reserve(SHORT_REQUEST_BYTES).keep(0)
    assert refused(disk.space, SHORT_REQUEST_BYTES + 1) is Reason.NO_ROOM_FOR_FILES


def test_without_any_room_text_is_refused_too() -> None:
    assert refused(Disk(100).space, 101) is Reason.NO_ROOM


def test_the_next_day_has_its_own_share() -> None:
    disk = Disk(10_000 * MIB, {TODAY: 900 * MIB})
    assert disk.space.for_files_bytes() == 0
    disk.clock.day = TODAY + dt.timedelta(days=1)
    assert disk.space.for_files_bytes() == 90 * MIB


@pytest.mark.parametrize("ends", [True, False], ids=["kept", "released"])
def test_what_is_under_way_is_counted_until_it_ends_in_either_way(ends: bool) -> None:
    disk = Disk(100 * MIB)
    reservation = disk.space.reserve(40 * MIB)
    assert disk.space.for_files_bytes() == 32 * MIB
    if ends:
        reservation.keep(3)
    reservation.release()
    reservation.release()
    assert disk.space.for_files_bytes() == 64 * MIB


def test_a_refused_reservation_holds_nothing() -> None:
    disk = Disk(100 * MIB)
    assert refused(disk.space, 90 * MIB) is Reason.NO_ROOM_FOR_FILES
    assert disk.space.for_files_bytes() == 64 * MIB


def test_one_circuit_gets_half_of_what_is_left_at_most_and_leaves_the_other_half_to_others() -> None:
    disk = Disk(100 * MIB)  # 80 MiB of content, when all of it is free
    assert disk.space.for_files_bytes(ONE) == 32 * MIB
    held = [disk.space.reserve(size * MIB, circuit=ONE) for size in (20, 16, 4, 2)]
    assert disk.space.for_files_bytes(ONE) < SHORT_REQUEST_BYTES
    assert refused(disk.space, 2 * MIB, circuit=ONE) is Reason.NO_ROOM_FOR_FILES
    assert disk.space.for_files_bytes(TWO) == 16 * MIB
    held.append(disk.space.reserve(16 * MIB, circuit=TWO))
    assert disk.space.for_files_bytes(THREE) == 8 * MIB
    for arriving in held:
        arriving.release()
    assert disk.space.for_files_bytes(ONE) == 32 * MIB


def test_what_a_circuit_has_brought_counts_for_ten_minutes() -> None:
    disk = Disk(100 * MIB)
    disk.space.reserve(20 * MIB, circuit=ONE).keep(0)
    disk.kept[TODAY] = 20 * MIB
    disk.room_bytes = 80 * MIB
    assert disk.space.for_files_bytes(ONE) == 16 * MIB
    assert disk.space.for_files_bytes(TWO) == 16 * MIB
    disk.space.reserve(16 * MIB, circuit=ONE).keep(0)
    disk.room_bytes = 64 * MIB
    assert disk.space.for_files_bytes(ONE) == 4 * MIB
    assert disk.space.for_files_bytes(TWO) == 16 * MIB
    disk.now = KEPT_SECONDS + 1
    assert disk.space.for_files_bytes(ONE) == 16 * MIB


def test_text_of_a_circuit_that_holds_all_it_may_still_gets_in() -> None:
    disk = Disk(100 * MIB)
    disk.space.reserve(32 * MIB, circuit=ONE)
    disk.space.reserve(SHORT_REQUEST_BYTES, circuit=ONE).keep(0)


def test_one_circuit_gets_half_of_the_room_with_texts_too_however_many_it_sends() -> None:
    disk = Disk(100 * MIB)
    while disk.room_bytes and not is_full(disk, ONE):
        disk.room_bytes -= SHORT_REQUEST_BYTES
    assert 50 * MIB <= disk.room_bytes < 70 * MIB
    assert not is_full(disk, TWO)
    assert not is_full(disk, NO_CIRCUIT)
    disk.now = KEPT_SECONDS + 1
    assert not is_full(disk, ONE)


def test_the_first_text_of_a_circuit_gets_in_as_long_as_there_is_any_room() -> None:
    disk = Disk(SHORT_REQUEST_BYTES)
    assert not is_full(disk, ONE)
    assert is_full(disk, ONE)


def test_one_circuit_has_a_share_with_texts_however_much_room_there_is() -> None:
    disk = Disk(1_000_000 * MIB)
    sent = 0
    while not is_full(disk, ONE):
        sent += 1
    assert sent * (2 * SHORT_REQUEST_BYTES + 72 * KIB) <= TEXTS_OF_A_CIRCUIT_BYTES
    assert not is_full(disk, TWO)
    disk.now = KEPT_SECONDS + 1
    assert not is_full(disk, ONE)


def restarted(stage: Stage) -> UploadQuota:
    return Site(stage.store, stage.policy, settings=stage.settings, clock=stage.clock).quota


@pytest.fixture
def small_day(tmp_path: Path) -> Iterator[Stage]:
    """A real store with a day of 16 MiB for files."""
    limits = Limits(file_bytes=3 * MIB, request_bytes=4 * MIB, day_bytes=16 * MIB, text_reserve_bytes=0)
    stage = Stage(tmp_path, SiteSettings(limits=limits))
    yield stage
    stage.close()


def test_texts_take_nothing_of_the_day_of_files_also_after_a_restart(small_day: Stage) -> None:
    """Twenty thousand of the longest from one circuit had left no room for anyone's file until midnight."""
    longest = [Upload("a.bin", os.urandom(SHORT_REQUEST_BYTES - 1000))]
    small_day.browser.address = "fc00:dead:beef:4dad::0:1"
    assert [small_day.browser.send_tip("text", longest).status for _ in range(15)] == [200] * 15
    assert small_day.store.submissions.kept_bytes(TODAY) > 16 * MIB
    for space in (small_day.site.quota, restarted(small_day)):
        assert space.for_files_bytes() == 4 * MIB
    small_day.browser.address = "fc00:dead:beef:4dad::0:2"
    assert small_day.browser.send_tip("file", [Upload("b.bin", os.urandom(2 * MIB))]).status == 200


def test_files_count_as_long_as_they_are_here_those_of_before_a_restart_when_no_text_is_so_long(
    small_day: Stage,
) -> None:
    for size in (3 * MIB - 100_000, 3 * MIB - 100_000, 3 * MIB // 2, 3 * MIB // 2):
        small_day.browser.send_tip("file", [Upload("a.bin", os.urandom(size))])
    kept = {found.length: found.submission for found in small_day.store.submissions.waiting()}
    everything = small_day.store.submissions.kept_bytes(TODAY)
    assert small_day.site.quota._files_of_today.still_here_bytes() == everything
    assert restarted(small_day)._files_of_today.still_here_bytes() == everything - 2 * min(kept)
    small_day.store.submissions.delete(kept[max(kept)])
    assert small_day.site.quota._files_of_today.still_here_bytes() == everything - max(kept)
    small_day.clock.day = TODAY + dt.timedelta(days=1)
    left = everything - max(kept)
    assert small_day.site.quota._files_of_today.still_here_bytes() == left, "nothing turns at midnight"
    small_day.seconds_later += LATEST_SECONDS
    assert small_day.site.quota._files_of_today.still_here_bytes() == 0
    small_day.clock.day = TODAY
    small_day.site.quota._files_of_today.still_here_bytes()
    small_day.seconds_later += LATEST_SECONDS
    assert small_day.site.quota._files_of_today.still_here_bytes() > 0, "nor does a clock that jumps forget them"


def is_full(disk: Disk, circuit: Circuit) -> bool:
    """For one more text of this circuit; where it is not, that text is kept."""
    try:
        disk.space.reserve(SHORT_REQUEST_BYTES, circuit=circuit).keep(0)
    except Refused as refused:
        return refused.reason is Reason.NO_ROOM
    return False


def test_what_is_done_in_a_mailbox_counts_as_a_text_of_its_circuit(stage: Stage) -> None:
    stage.browser.address = "fc00:dead:beef:4dad::0:1"
    page = stage.browser.open_mailbox(stage.browser.send_tip("hello").words)
    stage.site.quota._room_bytes = lambda: 300 * KIB  # of which a message with nothing in it takes 72

    def say_safe() -> int:
        fields = [("nonce", Nonce.generate(of=stage.browser.cookies["s"]).digits()), ("how", "safe")]
        return stage.browser.post("/mailbox/how", fields).status

    assert page.status == 200
    assert [say_safe() for _ in range(4)] == [200, 200, 503, 503]
    stage.browser.address = "fc00:dead:beef:4dad::0:2"
    assert say_safe() == 200


@pytest.mark.parametrize("path", ["/", "/form/3"])
def test_a_form_says_beforehand_when_there_is_little_room_for_files(tmp_path: Path, path: str) -> None:
    limits = Limits(files=3, file_bytes=MIB, request_bytes=2 * MIB, day_bytes=256 * MIB, text_reserve_bytes=MIB)
    stage = Stage(tmp_path, SiteSettings(limits=limits))
    stage.site.quota._room_bytes = lambda: 64 * MIB
    assert "Photos can take minutes." in stage.browser.get(path).text
    assert "all of them together up to 2 MB." in stage.browser.get("/files").text
    stage.site.quota._room_bytes = lambda: MIB
    stage.site.quota.look()
    little = stage.browser.get(path).text
    assert "There is little room for files right now." in little
    assert "Photos can take minutes." not in little
    assert "all of them together up to 2 MB." not in stage.browser.get("/files").text
    stage.site.quota._room_bytes = lambda: 64 * MIB
    stage.site.quota.look()
    assert "Photos can take minutes." in stage.browser.get(path).text
    stage.close()


def test_a_mailbox_leads_to_the_page_that_says_beforehand_how_much_may_be_sent(stage: Stage) -> None:
    mailbox = stage.browser.open_mailbox(stage.browser.send_tip("hello").words)
    assert "Photos can take minutes." in mailbox.text
    files = stage.browser.post("/files", [("nonce", mailbox.form_nonce("/files"))])
    assert "all of them together up to 2 GB." in files.text


@pytest.mark.parametrize("path", ["/", "/form/3", "/return", "/questions"])
def test_a_page_never_waits_for_the_store_to_say_how_much_room_there_is(stage: Stage, path: str) -> None:
    def asked() -> int:
        raise AssertionError("a page asks the store")

    stage.site.quota._room_bytes = asked
    stage.site.quota._files_of_today.still_here_bytes = asked  # type: ignore[method-assign]
    assert stage.browser.get(path).status == 200
