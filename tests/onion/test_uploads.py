"""When an address counts as published, by tor's news of its uploads; the clock is the test's own."""

from onion.uploads import Uploads

SETTLE = 3.0


class Told:
    """Uploads, and the moment of the last news of them."""

    def __init__(self) -> None:
        self.uploads = Uploads()
        self.now = 0.0

    def at(self, now: float, action: str, directory: str, descriptor: str | None = None) -> "Told":
        self.now = now
        self.uploads.note(action, directory, descriptor, now)
        return self

    def begins(self, now: float, descriptor: str, *directories: str) -> "Told":
        for directory in directories:
            self.at(now, "UPLOAD", directory, descriptor)
        return self

    def is_settled(self, now: float) -> bool:
        return self.uploads.is_settled(now, settle_seconds=SETTLE)

    def may_be_late(self, now: float, *, deadline: float) -> bool:
        return self.uploads.may_be_late(deadline, now, settle_seconds=SETTLE)


def test_nothing_is_published_before_a_directory_has_taken_something() -> None:
    told = Told()
    assert not told.is_settled(1000)
    told.begins(0, "today", "a", "b").at(1, "FAILED", "a").at(1, "FAILED", "b")
    assert not told.is_settled(1000)


def test_both_periods_at_every_directory_are_published_at_once() -> None:
    told = Told().begins(0, "today", "a").begins(0, "tomorrow", "a", "b")
    told.at(1, "UPLOADED", "a").at(1, "UPLOADED", "a")
    assert not told.is_settled(1), "one is under way"
    told.at(1, "UPLOADED", "b")
    assert told.is_settled(1)
    assert told.uploads.directories == 3


def test_one_period_alone_is_waited_beside_for_three_seconds() -> None:
    told = Told().begins(0, "today", "a").at(1, "UPLOADED", "a")
    assert not told.is_settled(4)
    assert told.is_settled(4.1)


def test_the_wait_begins_again_with_each_new_descriptor() -> None:
    told = Told().begins(0, "today", "a").at(1, "UPLOADED", "a").begins(3.5, "tomorrow", "b")
    assert not told.is_settled(6.5)
    told.at(6.5, "UPLOADED", "b")
    assert told.is_settled(6.5)


def test_the_same_descriptor_sent_once_more_does_not_begin_the_wait_again() -> None:
    told = Told().begins(0, "today", "a").at(1, "UPLOADED", "a").begins(3.5, "today", "a", "b")
    assert told.is_settled(4.5)


def test_a_period_whose_uploads_all_failed_does_not_count_as_published() -> None:
    told = Told().begins(0, "today", "a").begins(0, "tomorrow", "b", "c").at(1, "UPLOADED", "a")
    told.at(1, "FAILED", "b").at(1, "FAILED", "c")
    assert not told.is_settled(1.1), "of tomorrow's no one has one"
    told.begins(2, "tomorrow", "c").at(2.1, "UPLOADED", "c")
    assert told.is_settled(2.1)
    assert told.uploads.directories == 2


def test_a_failed_upload_ends_its_own_wait_and_nobody_else_s() -> None:
    told = Told().begins(0, "today", "a", "b").begins(0, "tomorrow", "a")
    told.at(1, "UPLOADED", "a").at(1, "UPLOADED", "a").at(1, "FAILED", "b")
    assert told.is_settled(1)
    assert told.uploads.directories == 2


def test_an_upload_that_nobody_saw_begin_is_of_before_and_does_not_count() -> None:
    told = Told().at(0, "UPLOADED", "a").at(0, "UPLOADED", "b").begins(1, "today", "a")
    assert told.uploads.directories == 0
    assert not told.is_settled(1000)
    told.at(2, "UPLOADED", "a").at(2, "UPLOADED", "c")
    assert told.uploads.directories == 1


def test_an_upload_that_tor_gave_up_for_a_newer_one_to_the_same_directory_is_not_waited_for() -> None:
    told = Told().begins(0, "today", "a").begins(0, "tomorrow", "b").begins(1, "today", "a")
    told.at(2, "UPLOADED", "a").at(2, "UPLOADED", "b")
    assert told.is_settled(2)


def test_what_begins_just_before_the_deadline_gets_its_seconds_and_no_more() -> None:
    told = Told()
    assert not told.may_be_late(120.1, deadline=120)
    told.begins(119, "today", "a")
    assert told.may_be_late(122, deadline=120)
    assert not told.may_be_late(122.1, deadline=120)
    told.begins(121, "tomorrow", "b")
    assert not told.may_be_late(122.1, deadline=120), "what begins afterwards is too late"


def test_what_is_out_at_the_deadline_is_published_once_it_has_settled() -> None:
    told = Told().begins(119, "today", "a").at(119.5, "UPLOADED", "a")
    assert told.may_be_late(122, deadline=120)
    assert not told.is_settled(122)
    assert told.is_settled(122.6)


def test_other_news_of_tor_s_is_no_upload() -> None:
    told = Told().begins(0, "today", "a").at(0.1, "CREATED", "a", "today").at(0.2, "REQUESTED", "a", "today")
    assert told.uploads.directories == 0
    assert not told.is_settled(1000)
