"""A relay by itself: what it keeps, what it posts, and its named alarms."""

import datetime as dt

import pytest

from crypto.beacon.day_mark import frame_of
from crypto.beacon.relay_post import POST_BYTES, OpenedPost, open_post
from crypto.beacon.rotating_id import ButtonSeed, Meaning
from crypto.beacon.sighting import MOST_IDS
from relay.heard import MOST_WAITING, HeardIds
from relay.relay import Relay, RelayAlarm, RelayPost
from tests.relay.place_of_tests import DUTY, MARK_KEY, NOON, SECRETS, SetClock, day_of, frame, keys, relay


def opened(post: RelayPost) -> OpenedPost:
    return open_post(post.sealed, keys=DUTY[:1], key_of=lambda number, week: SECRETS[number].of_week(week))


def ids_of(post: RelayPost) -> list[bytes]:
    return [one.button_id for one in opened(post).sighting.ids]


def junk(number: int) -> bytes:
    return frame_of(MARK_KEY.mark_of(day_of(NOON)), b"junk" + number.to_bytes(4, "big"))


def test_a_press_is_in_the_next_post_until_the_server_has_answered_and_in_none_after() -> None:
    clock = SetClock()
    one = relay(3, clock)
    one.take_frame(frame(NOON), rssi=-70)
    one.take_frame(frame(NOON), rssi=-60)
    first, again = one.next_post(), one.next_post()
    assert ids_of(first) == ids_of(again) == [frame(NOON)[18:]]
    (heard,) = opened(first).sighting.ids
    assert (heard.count, heard.rssi, heard.first) == (2, -60, NOON)
    one.confirm(again)
    assert ids_of(one.next_post()) == []


def test_a_cover_and_a_press_have_one_length_and_the_cover_has_a_copy_too() -> None:
    one = relay(3, SetClock())
    cover = one.next_post()
    one.take_frame(frame(NOON), rssi=-70)
    press = one.next_post()
    assert len(cover.sealed) == len(press.sealed) == POST_BYTES
    assert opened(cover).copy
    assert opened(press).copy


def test_an_id_that_is_heard_again_after_its_post_is_posted_again() -> None:
    clock = SetClock()
    one = relay(3, clock)
    one.take_frame(frame(NOON), rssi=-70)
    post = one.next_post()
    clock.seconds += 5
    one.take_frame(frame(NOON), rssi=-65)
    one.confirm(post)
    (heard,) = opened(one.next_post()).sighting.ids
    assert (heard.count, heard.last) == (1, NOON + 5)


@pytest.mark.parametrize("minutes", [-30, 30])
def test_a_button_whose_clock_is_off_by_half_an_hour_is_heard_over_midnight(minutes: int) -> None:
    midnight = NOON + 43_200
    for at in (midnight - 1, midnight):
        one = relay(3, SetClock(at))
        one.take_frame(frame(at + 60 * minutes), rssi=-70)
        assert len(ids_of(one.next_post())) == 1


def test_frames_of_other_devices_are_counted_and_broken_ones_under_our_mark_apart() -> None:
    one = relay(3, SetClock())
    for raw in (
        b"",
        b"\x02\x01\x06",
        b"\x05\x09ab",
        bytes(31),
        bytes(40),
        frame(NOON)[:-1],
        frame(NOON + 3 * 86_400),
    ):
        one.take_frame(raw, rssi=-70)
    mark = MARK_KEY.mark_of(day_of(NOON))
    for data in (b"", bytes(8), bytes(9)):
        one.take_service_data({mark: data}, rssi=-70)
    tomorrow = MARK_KEY.mark_of(day_of(NOON + 86_400))
    one.take_service_data({mark: frame(NOON)[18:], tomorrow: frame(NOON)[18:]}, rssi=-70)
    for parts in ({bytes(16): bytes(range(8))}, {}):
        one.take_service_data(parts, rssi=-70)
    found = opened(one.next_post()).sighting
    assert (found.ids, found.frames, found.refused) == ((), 13, 5)
    one.take_service_data({bytes(16): bytes(range(8)), mark: frame(NOON)[18:]}, rssi=-70)
    assert ids_of(one.next_post()) == [frame(NOON)[18:]]


def test_of_more_ids_than_fit_a_new_press_comes_before_junk_that_was_posted_and_the_post_says_flooded() -> None:
    one = relay(3, SetClock())
    for number in range(MOST_IDS):
        one.take_frame(junk(number), rssi=-40)
    one.confirm(one.next_post())
    for number in range(MOST_IDS + 1):
        for _ in range(5):
            one.take_frame(junk(number), rssi=-40)
    one.take_frame(frame(NOON), rssi=-90)
    post = one.next_post()
    assert frame(NOON)[18:] in ids_of(post)[:2]
    assert len(post.ids) == MOST_IDS
    assert opened(post).sighting.is_flooded
    assert RelayAlarm.FLOODED in one.alarms()


def test_memory_stays_bounded_and_a_button_outlasts_junk_that_is_heard_less_often() -> None:
    heard = HeardIds()
    for _ in range(3):
        heard.hear(b"a button", at=NOON, rssi=-80)
    for number in range(1, MOST_WAITING + 100):
        heard.hear(number.to_bytes(8, "big"), at=NOON, rssi=-40)
    assert len(heard) == MOST_WAITING
    chosen = heard.choose(now=NOON)
    assert chosen.ids[0].button_id == b"a button"
    heard.confirm(chosen.ids, now=NOON)
    assert heard.choose(now=NOON + 86_401).ids == ()
    assert len(heard) == 0


def test_each_named_alarm_stands_while_its_cause_does() -> None:
    clock = SetClock()
    one = relay(3, clock)
    assert one.alarms() == []
    clock.seconds += 601
    assert one.alarms() == [RelayAlarm.DEAF, RelayAlarm.CANNOT_POST]
    one.take_frame(b"", rssi=0)
    one.confirm(one.next_post())
    assert one.alarms() == []
    one.renew(keys(3))
    assert one.alarms() == [RelayAlarm.MARKS_END]
    one.renew(keys(4))
    assert one.alarms() == []
    one.renew(keys(1))
    one.take_frame(b"", rssi=0)
    assert opened(one.next_post()).sighting.frames == 0
    one.renew(keys(2))
    one.take_frame(b"", rssi=0)
    assert opened(one.next_post()).sighting.frames == 1
    one.renew(keys(with_intake=False))
    assert one.alarms() == [RelayAlarm.INTAKE_KEYS_END]
    assert opened(one.next_post()).copy is None
    clock.seconds -= 3600
    one.renew(keys())
    assert one.alarms() == [RelayAlarm.CLOCK]


def test_two_relays_and_two_runs_never_share_a_place_in_the_count_of_posts() -> None:
    clock = SetClock()
    runs: list[Relay] = [relay(3, clock), relay(3, clock), relay(5, clock)]
    places = set()
    for one in runs:
        for _ in range(3):
            found = opened(one.next_post()).sighting
            places.add((found.relay, found.run, found.number))
    assert len(places) == 9


def test_another_button_and_another_meaning_are_other_ids_in_one_post() -> None:
    one = relay(3, SetClock())
    for seed in (ButtonSeed(bytes(32)), ButtonSeed(bytes([1]) * 32)):
        for meaning in Meaning:
            one.take_frame(frame(NOON, meaning, seed=seed), rssi=-70)
    assert len(set(ids_of(one.next_post()))) == 10


def test_marks_of_the_days_around_today_are_the_only_ones_that_a_relay_listens_for() -> None:
    today = dt.date(2026, 11, 25)
    around = keys().marks_around(today)
    assert around == [MARK_KEY.mark_of(today + dt.timedelta(days=one)) for one in (-1, 0, 1)]
