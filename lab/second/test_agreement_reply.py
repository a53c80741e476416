"""Replies with anything inside: both implementations say the same."""

from random import Random

import pytest

from crypto.keys.keys import SourceSecretKey
from crypto.submissions import reply
from lab.second import reply as second_reply
from lab.second import seal
from lab.second.agreement import ROWS, SECOND_KEYS, SEEDS, SLOTS, agreed
from lab.second.mutation import mutated


def first_reply(row: bytes) -> object:
    found = reply.open_reply(reply.ReplyRow.parse(row), key=SourceSecretKey(SEEDS[0]))
    return found.number, found.text, found.day


def second_reply_of(row: bytes) -> object:
    return second_reply.open_reply(second_reply.read_row(row), keys=SECOND_KEYS[:1])


def reply_number(random: Random) -> bytes:
    """The field of a number, mostly a sound one."""
    value = random.choice(
        (b"1", b"1", b"7", b"2147483647", b"2147483648", b"0", b"01", b"+1", b"", b"1\n", b"9" * 11)
    )
    name = random.choice((b"number", b"number", b"number", b"Number"))
    return b"F" + bytes([len(name)]) + len(value).to_bytes(4, "big") + name + value


def reply_content(random: Random, reply_id: bytes) -> bytes:
    text = "é" * random.choice((0, 1, 1024, 1025)) + random.choice(("", "a"))
    raw = text.encode()
    name = random.choice((b"text", b"text", b"text", b"Text", b"act"))
    frame = b"F" + bytes([len(name)]) + len(raw).to_bytes(4, "big") + name + raw
    before = reply_number(random)
    frames = random.choice((before + frame,) * 5 + (frame, frame + before, before + frame * 2, before * 2 + frame))
    head = b"TIPLINE\x1a\1\3" + reply_id + bytes(36) + (2026).to_bytes(2, "big") + b"\x30"
    head += (2026).to_bytes(2, "big") + b"\x0b\x19"
    count = frames.count(b"F")
    inside = sum(int.from_bytes(part[1:5], "big") for part in frames.split(b"F")[1:])
    end = b"Z" + count.to_bytes(4, "big") + bytes(4) + inside.to_bytes(8, "big")
    there = random.choice((0, 0, 0, 1))
    whole = head + frames + end + bytes([there]) + (bytes(32) + SECOND_KEYS[0].public) * there
    return whole + bytes(65_536 - len(whole))


@pytest.mark.parametrize("row", ROWS)
def test_of_replies_with_anything_inside_both_say_the_same(row: int) -> None:
    random = Random(f"reply {row}")
    header = seal.header(SLOTS[0])
    for _ in range(40):
        reply_id = random.randbytes(16)
        content = reply_content(random, reply_id)
        if random.random() < 0.5:
            content = mutated(random, content[:200], (b"F", b"Z", b"B")) + content[200:]
            content = (content + bytes(65_536))[:65_536]
        of_row = reply_id if random.random() < 0.9 else random.randbytes(16)
        raw = of_row + bytes(48) + header + seal.payload(content)
        agreed(lambda raw=raw: first_reply(raw), lambda raw=raw: second_reply_of(raw))
