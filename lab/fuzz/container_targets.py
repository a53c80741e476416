"""Targets inside envelopes: heads and frames of a container, the row of a reply."""

from collections.abc import Iterator

from crypto.submissions import container_head, container_reader, reply
from lab.fuzz import container_inputs
from lab.fuzz.seeds import OURS, again, seeds_of
from lab.fuzz.target import Target, same


def _reply_row(untrusted_input: bytes) -> None:
    # Whole rows are long: the input is the beginning of one, or has another length.
    raw = untrusted_input[1:]
    if untrusted_input[:1] == b"\1":
        raw += bytes(max(0, reply.ROW_BYTES - len(raw)))
    same(reply.ReplyRow.parse(raw).to_bytes(), raw)


def targets() -> Iterator[Target]:
    frames = container_inputs.FrameReader()
    seeds = seeds_of("container", "container")
    yield Target(
        "frames",
        frames.run,
        OURS,
        (container_reader,),
        [bytes([mode]) + seed[:600].rstrip(b"\0") for seed in seeds for mode in (0, 3)],
        (b"F", b"B", b"D", b"E", b"Z", b"TIPLINE\x1a\x01", b"\0" * 8, b"\xff" * 4),
        invent=container_inputs.invent,
        reached=lambda: frames.deep,
        least_reached=0.2,
    )
    yield Target(
        "head",
        again(container_head.Head.parse),
        OURS,
        (container_head,),
        [seed[: container_head.HEAD_BYTES] for seed in seeds],
    )
    yield Target(
        "reply_row", _reply_row, OURS, (reply.ReplyRow.parse,), [b"\0" + b"\x44" * 80, b"\1" + b"\x44" * 80]
    )
