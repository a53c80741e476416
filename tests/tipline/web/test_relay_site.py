"""The relays' service of the web process, and its ring of sealed posts."""

import io
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from duty.line import Fetched, FetchPlace, parse_answer
from onion.runtime_dir import RuntimeDir
from system.clock import SYSTEM_CLOCK, today
from tests.tipline.served import ServedFolder, raw, status_of
from tipline.machine.listener import ListenAddress
from tipline.store.events import Event
from tipline.store.relay_ring import POST_BYTES, POSTS_A_DAY, RelayRing, keep_count
from tipline.web.relay_site import NOTE_BYTES, RelaySite

POST = b"POST /post HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n"
FETCH = b"POST /fetch?machine=%d%s HTTP/1.1\r\nHost: x\r\nContent-Length: 5264\r\n\r\n"
NOTE = bytes([7]) * NOTE_BYTES
PLENTY = 1 << 40


@pytest.fixture(scope="module")
def sockets(served: ServedFolder) -> Iterator[Path]:
    """The folder of three sockets of one web process: ``s`` for sources, ``c`` for couriers, ``r`` for relays."""
    with (
        RuntimeDir(Path("/" + "x" * 200)) as folder,
        served.web(
            courier=folder.path / "c", relays=folder.path / "r", public=ListenAddress(folder.path / "s", None)
        ),
    ):
        yield folder.path


def asked(query: bytes = b"", *, machine: int = 1, note: bytes = NOTE) -> bytes:
    """A fetch of a duty machine."""
    return FETCH % (machine, query) + note


def fetched(answer: bytes) -> tuple[bytes, int, list[bytes]]:
    """The name of the ring, the highest number, and the posts of an answer."""
    body = answer.partition(b"\r\n\r\n")[2]
    posts = [body[at : at + POST_BYTES] for at in range(32 + NOTE_BYTES, len(body), POST_BYTES)]
    return body[:8], int.from_bytes(body[8:16], "big"), posts


def test_a_post_is_answered_with_204_and_fetched_as_it_came_on_the_relays_socket_only(sockets: Path) -> None:
    sent = [secrets.token_bytes(POST_BYTES) for _ in range(3)]
    answers = {raw(sockets / "r", POST % POST_BYTES + one) for one in sent}
    assert len(answers) == 1
    assert {status_of(answer) for answer in answers} == {204}
    ring, highest, posts = fetched(raw(sockets / "r", asked()))
    assert posts[-3:] == sent
    behind = b"&ring=%s&after=%d" % (ring.hex().encode(), highest - 1)
    assert fetched(raw(sockets / "r", asked(behind))) == (ring, highest, sent[2:])
    newest = b"&ring=%s&after=%d" % (ring.hex().encode(), highest)
    assert fetched(raw(sockets / "r", asked(newest))) == (ring, highest, [])
    for socket in ("s", "c"):
        assert status_of(raw(sockets / socket, asked())) in {403, 404}


@pytest.mark.parametrize(
    "request_",
    [
        POST % (POST_BYTES - 1) + bytes(POST_BYTES - 1),
        POST % (POST_BYTES + 1) + bytes(POST_BYTES + 1),
        POST % 0,
        b"POST /post HTTP/1.1\r\nHost: x\r\n\r\n",
        b"PUT /post HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello",
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        asked(machine=3),
        asked(note=NOTE[:-1])[:-1].replace(b"5264", b"5262"),
        b"POST /posts HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello",
    ],
    ids=(
        "short",
        "long",
        "empty",
        "without a length",
        "another method",
        "another page",
        "machine 3",
        "a short note",
        "post to posts",
    ),
)
def test_whatever_else_comes_gets_the_same_answer_and_is_not_kept(sockets: Path, request_: bytes) -> None:
    before = fetched(raw(sockets / "r", asked()))
    good = raw(sockets / "r", POST % POST_BYTES + bytes(POST_BYTES))
    assert raw(sockets / "r", request_) == good
    after = fetched(raw(sockets / "r", asked()))
    assert (len(after[2]), after[1]) == (len(before[2]) + 1, before[1] + 1)


@pytest.mark.parametrize(
    "query",
    [
        b"&after=5",
        b"&ring=00&after=5",
        b"&ring=%s&after=-1",
        b"&ring=%s&after=x",
        b"&ring=%s&after=999999999999",
        b"&ring=%s",
    ],
)
def test_a_question_about_another_ring_or_without_a_number_of_it_gets_the_ring(sockets: Path, query: bytes) -> None:
    ring, _, posts = fetched(raw(sockets / "r", asked()))
    query_ = query.replace(b"%s", ring.hex().encode())
    assert fetched(raw(sockets / "r", asked(query_)))[2] == posts


def test_a_duty_machine_gets_the_last_note_of_the_other_one_with_each_fetch(sockets: Path) -> None:
    def told(machine: int, note: bytes) -> bytes:
        body = raw(sockets / "r", asked(machine=machine, note=note)).partition(b"\r\n\r\n")[2]
        return body[32 : 32 + NOTE_BYTES]

    first, second = bytes([1]) * NOTE_BYTES, bytes([2]) * NOTE_BYTES
    told(1, first)
    assert told(2, second) == first
    assert told(1, NOTE) == second
    assert told(2, second) == NOTE


def test_a_post_outlives_the_web_process_and_a_full_ring_says_when_an_unfetched_one_made_room(
    tmp_path: Path,
) -> None:
    site = ServedFolder(tmp_path / "site")
    keep_count(site.folder.store, 0)
    sent = [secrets.token_bytes(POST_BYTES) for _ in range(8)]
    with RelayRing(site.folder.store, site.key) as ring:
        lost = [ring.put(one, room=4) for one in sent[:5]]
        assert lost == [False, False, False, False, True]
        name = ring.state().name
        ring.note_fetched(5, on=today())
        assert [ring.put(one, room=4) for one in sent[5:]] == [False, False, False]
    with RelayRing(site.folder.store, site.key) as again:
        assert [post for _number, post in again.after(0, most=64)] == sent[4:]
        state = again.state()
        assert (state.name, state.newest, state.waiting, state.fetched) == (name, 8, 3, 5)
        again.note_fetched(99, on=today())
        again.note_fetched(1, on=today())
        assert again.state().fetched == 8
    stored = (site.folder.store / "relays.db").read_bytes()
    assert not any(post[:64] in stored for post in sent)


def test_the_newest_posts_come_first_and_each_comes_once_while_others_arrive(tmp_path: Path) -> None:
    site, place, got = ServedFolder(tmp_path / "site"), FetchPlace(), []

    def fetch(app: RelaySite) -> Fetched:
        query = f"machine=1&ring={place.ring}&after={place.after}&low={place.low}&high={place.high}"
        body = {"CONTENT_LENGTH": str(NOTE_BYTES), "wsgi.input": io.BytesIO(NOTE), "QUERY_STRING": query}
        answer = app({"REQUEST_METHOD": "POST", "PATH_INFO": "/fetch", **body}, lambda *_: None)  # type: ignore[arg-type,return-value]
        found = parse_answer(b"".join(answer))
        assert found is not None
        return found

    with RelayRing(site.folder.store, site.key) as ring:
        app = RelaySite(
            ring, site.folder.store, SYSTEM_CLOCK, note=[].append, spare_bytes=lambda: PLENTY, kept_bytes=0
        )
        sent = [number.to_bytes(2, "big") * (POST_BYTES // 2) for number in range(1, 161)]
        for one in sent[:140]:
            ring.put(one, room=1000)
        waiting = sent[140:]
        while not (found := fetch(app)).place.is_whole:
            assert found.posts[-1] == max(one for one in sent if one not in waiting)
            assert ring.state().fetched == 0
            got += found.posts
            place = found.place
            for one in waiting[:10]:
                ring.put(one, room=1000)
            del waiting[:10]
        got += found.posts
        assert sorted(got) == sent
        place = found.place
        assert place == FetchPlace(ring.state().name.hex(), 160)
        assert fetch(app).posts == ()
        assert ring.state().fetched == 160
        # More than one answer holds came at once: what was had between is sent again, and none is passed over.
        place, got = FetchPlace(place.ring, 10, 30, 40), []
        while not (found := fetch(app)).place.is_whole:
            got += found.posts
            place = found.place
        assert {*got, *found.posts} >= set(sent[10:29] + sent[40:])


def posted(app: RelaySite) -> str:
    """Bring a post; the status of the answer."""
    statuses = []

    def started(status: str, _headers: object) -> object:
        statuses.append(status.split(" ", maxsplit=1)[0])
        return None

    body = {"CONTENT_LENGTH": str(POST_BYTES), "wsgi.input": io.BytesIO(bytes(POST_BYTES))}
    app({"REQUEST_METHOD": "POST", "PATH_INFO": "/post", **body}, started)  # type: ignore[arg-type]
    return statuses[0]


def insert(ring: RelayRing, numbers: Iterable[int]) -> None:
    with ring._database.transaction() as rows:
        query = "INSERT INTO posts (number, sealed) VALUES (?, zeroblob(12288))"
        rows.executemany(query, [(number,) for number in numbers])


def test_an_overwritten_post_is_noted_once_the_ring_is_full_and_a_full_disk_is_no_204(tmp_path: Path) -> None:
    site, noted = ServedFolder(tmp_path / "site"), []
    with RelayRing(site.folder.store, site.key) as ring:
        app = RelaySite(
            ring, site.folder.store, SYSTEM_CLOCK, note=noted.append, spare_bytes=lambda: PLENTY, kept_bytes=0
        )
        assert posted(app) == "204"
        insert(ring, [POSTS_A_DAY])
        assert noted == []
        assert posted(app) == "204"
        assert noted == [Event.POST_OVERWRITTEN]
    assert posted(app) == "503"


def test_tips_come_before_posts_where_the_disk_has_little_room_and_what_was_not_fetched_stays(
    tmp_path: Path,
) -> None:
    site, noted, spare = ServedFolder(tmp_path / "site"), [], [0]

    def kept() -> list[int]:
        return [number for number, _post in ring.after(0, most=64)]

    with RelayRing(site.folder.store, site.key) as ring:
        app = RelaySite(
            ring,
            site.folder.store,
            SYSTEM_CLOCK,
            note=noted.append,
            spare_bytes=lambda: spare[0],
            kept_bytes=PLENTY // 2,
        )
        assert posted(app) == "503"
        # Where nothing was fetched, it may use what is kept for texts.
        spare[0] = PLENTY // 4
        assert (posted(app), [*map(str, noted)]) == ("204", [Event.POSTS_MADE_WAY] * 2)
        insert(ring, range(2, 32))
        assert (posted(app), kept()) == ("204", [*range(1, 33)])
        spare[0] = 0
        assert (posted(app), kept()) == ("503", [*range(1, 33)])
        ring.note_fetched(5, on=today())
        # Above 30 posts, those of ten minutes, two make way for one.
        assert ([posted(app), posted(app)], kept()) == (["204", "204"], [*range(5, 35)])
        spare[0] = PLENTY // 4
        assert (posted(app), kept()) == ("204", [*range(6, 36)])
        assert (posted(app), kept()) == ("204", [*range(6, 37)])
        assert {*noted} == {Event.POSTS_MADE_WAY}
        noted.clear()
        spare[0] = PLENTY
        assert (posted(app), kept()) == ("204", [*range(6, 38)])
        # A relay that is removed leaves room, a little with each post.
        ring.note_fetched(37, on=today())
        assert not ring.put(bytes(POST_BYTES), room=3)
        assert kept() == [36, 37, 38]
        assert noted == []
