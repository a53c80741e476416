"""Vectors of ``docs/formats/shared.md``: what stands inside of the envelope. Nothing in them is random."""

import json
from hashlib import sha256
from typing import Any

from nacl.signing import SigningKey

from tests.vectors.book import BAD_SIGNATURE, MALFORMED, NEWER, OPENS, VectorBook, plain, text
from tests.vectors.make_party import sign_text, written

ITEM_LABEL, OPERATION_LABEL = b"tipline/v1/shared-item\0", b"tipline/v1/shared-operation\0"
BEGINNING, INSIDE = b"TIPLINE\x1a\x02\x06", 262_144
SENDER, COLLEAGUE = 1, 2
RUN, OTHER_RUN = "5f" * 16, "60" * 16
TIP, OLD = "7a" * 32, "7b" * 32
HEAD = 110


def operation(*, signer: int = SENDER, **change: Any) -> list[Any]:
    body = {
        "author": sign_text(signer),
        "content": {"text": "Please call me on Monday."},
        "counter": 7,
        "day": "2026-11-25",
        "kind": "note",
        "number": 3,
        "replaces": [],
        "run": RUN,
        "tip": TIP,
    } | change
    signature = SigningKey(bytes([signer]) * 32).sign(OPERATION_LABEL + written(body)).signature
    return [body, signature.hex()]


def document(**change: Any) -> dict[str, Any]:
    return {
        "day": "2026-11-25",
        "erased": [],
        "format": "tipline-shared",
        "format_version": 1,
        "heard": [],
        "number": 1,
        "operations": [],
        "run": RUN,
        "week": "2026-W48",
    } | change


def signed(raw: bytes, *, label: bytes = ITEM_LABEL, length: int | None = None) -> bytes:
    key = SigningKey(bytes([SENDER]) * 32)
    said = len(raw) if length is None else length
    return BEGINNING + key.verify_key.encode() + key.sign(label + raw).signature + said.to_bytes(4, "big") + raw


def item(**change: Any) -> bytes:
    return signed(written(document(**change)))


def fill() -> None:
    book = VectorBook("shared")

    def add(name: str, outcome: str, raw: bytes, *, padding: int | None = None, end: bytes = b"") -> None:
        zeros = INSIDE - len(raw) - len(end) if padding is None else padding
        pieces = [{"hex": raw[:HEAD].hex()}, *([text(raw[HEAD:])] if raw[HEAD:] else [])]
        pieces += [plain(b"\0", zeros)] if zeros else []
        pieces += [plain(end)] if end else []
        told: dict[str, Any] = {"inside": pieces}
        if outcome == OPENS:
            found = json.loads(raw[HEAD:])
            told["sender"] = sign_text(SENDER)
            told |= {part: found[part] for part in ("run", "number", "week", "day", "heard", "erased")}
            told["operations"] = [sha256(written(body)).hexdigest() for body, _ in found["operations"]]
        book.add_fixed(name, outcome, told)

    sound = item(operations=[operation()])
    add("item_of_one_note", OPENS, sound)
    add("item_with_nothing_to_say", OPENS, item())
    for name, outcome, raw in _items():
        add(name, outcome, raw)
    add("magic_of_a_bundle", MALFORMED, b"TIPLINB\x1a" + sound[8:])
    add("version_1", MALFORMED, sound[:8] + b"\1" + sound[9:])
    add("version_3", NEWER, sound[:8] + b"\3" + sound[9:])
    add("kind_7", NEWER, sound[:9] + b"\7" + sound[10:])
    add("padding_not_zero", MALFORMED, sound, end=b"\1")
    add("padding_short", MALFORMED, sound, padding=INSIDE - len(sound) - 1)
    add("padding_long", MALFORMED, sound, padding=INSIDE - len(sound) + 1)
    add("document_too_long", MALFORMED, sound[: HEAD - 4] + b"\0\4\0\0" + sound[HEAD:])
    add("document_cut", BAD_SIGNATURE, sound[: HEAD - 4] + b"\0\0\0\x20" + sound[HEAD:])
    add("signature_with_a_bit_flipped", BAD_SIGNATURE, sound[:60] + bytes([sound[60] ^ 1]) + sound[61:])
    add("signature_under_another_label", BAD_SIGNATURE, signed(written(document()), label=OPERATION_LABEL))
    add("signature_of_a_colleague", BAD_SIGNATURE, sound[:10] + bytes.fromhex(sign_text(COLLEAGUE)) + sound[42:])
    book.save()


def _items() -> list[tuple[str, str, bytes]]:
    one, two = operation(), operation(number=4, counter=8, kind="owner", content={"owner": sign_text(SENDER)})
    other = operation(signer=COLLEAGUE, run=OTHER_RUN)
    heard = [[key, RUN, 3, 3] for key in sorted((sign_text(SENDER), sign_text(COLLEAGUE)))]
    erased = [[RUN, 1, OLD], [RUN, 2, OLD]]
    forged = [one[0] | {"kind": "owner"}, one[1]]
    in_order = sorted((one, other), key=lambda each: each[0]["author"])
    return [
        ("item_of_two_operations", OPENS, item(operations=[one, two])),
        ("item_with_an_operation_of_a_colleague", OPENS, item(operations=in_order)),
        ("item_with_what_was_heard", OPENS, item(heard=heard)),
        ("item_with_what_was_erased", OPENS, item(erased=erased)),
        ("format_of_a_party", MALFORMED, item(format="tipline-party")),
        ("format_version_2", NEWER, item(format_version=2)),
        ("field_unknown", MALFORMED, item(more=1)),
        ("number_0", MALFORMED, item(number=0)),
        ("run_short", MALFORMED, item(run=RUN[2:])),
        ("week_54", MALFORMED, item(week="2026-W54")),
        ("day_31_of_november", MALFORMED, item(day="2026-11-31")),
        ("operations_in_another_order", MALFORMED, item(operations=[two, one])),
        ("operations_same_twice", MALFORMED, item(operations=[one, one])),
        ("operation_without_signature", MALFORMED, item(operations=[one[:1]])),
        ("operation_changed", BAD_SIGNATURE, item(operations=[forged])),
        ("item_of_a_case", OPENS, item(operations=_case())),
        ("operation_of_an_unknown_kind", OPENS, item(operations=[operation(kind="later")])),
        ("operation_kind_in_capitals", MALFORMED, item(operations=[operation(kind="Note")])),
        ("operation_kind_empty", MALFORMED, item(operations=[operation(kind="")])),
        ("operation_number_0", MALFORMED, item(operations=[operation(number=0)])),
        ("operation_counter_0", MALFORMED, item(operations=[operation(counter=0)])),
        ("operation_without_tip", OPENS, item(operations=[operation(tip=None)])),
        ("operation_tip_short", MALFORMED, item(operations=[operation(tip=TIP[2:])])),
        ("operation_field_unknown", MALFORMED, item(operations=[operation(more=1)])),
        ("operation_replaces_two", OPENS, item(operations=[operation(replaces=[TIP, OLD])])),
        ("operation_replaces_in_another_order", MALFORMED, item(operations=[operation(replaces=[OLD, TIP])])),
        ("operation_replaces_17", MALFORMED, item(operations=[operation(replaces=_digests(17))])),
        ("content_of_every_kind", OPENS, item(operations=[operation(content=_EVERY_KIND)])),
        ("content_nested", MALFORMED, item(operations=[operation(content={"one": {"two": 2}})])),
        ("content_list_of_numbers", MALFORMED, item(operations=[operation(content={"one": [1]})])),
        ("content_name_in_capitals", MALFORMED, item(operations=[operation(content={"One": 1})])),
        ("content_of_17_parts", MALFORMED, item(operations=[operation(content=_parts(17))])),
        ("content_of_16_parts", OPENS, item(operations=[operation(content=_parts(16))])),
        ("heard_in_another_order", MALFORMED, item(heard=heard[::-1])),
        ("heard_highest_below_through", MALFORMED, item(heard=[[*heard[0][:2], 3, 2]])),
        ("heard_with_a_gap", OPENS, item(heard=[[*heard[0][:2], 3, 5]])),
        ("heard_with_a_gap_of_none", MALFORMED, item(heard=[[*heard[0][:2], 3, 4]])),
        ("erased_in_another_order", MALFORMED, item(erased=erased[::-1])),
        ("erased_number_0", MALFORMED, item(erased=[[RUN, 0, OLD]])),
        *(
            (f"operation_{name}", OPENS, item(operations=[operation(kind=kind, tip=tip, content=content)]))
            for name, kind, tip, content in (*_LINKS, *_PARTS)
        ),
    ]


def _case() -> list[list[Any]]:
    """A case is opened, gets a tip and a note, and becomes part of another one."""
    case, other = "61" * 16, "62" * 16
    said: list[tuple[str, str | None, dict[str, Any]]] = [
        ("case", None, {"case": case, "name": "The farm", "split-from": None}),
        ("case-tip", TIP, {"case": case, "from": None}),
        ("case-note", None, {"case": case, "text": "Ask the harbour office."}),
        ("case-merged", None, {"case": case, "into": other}),
    ]
    return [
        operation(number=place + 1, counter=place + 1, kind=kind, tip=tip, content=content)
        for place, (kind, tip, content) in enumerate(said)
    ]


_EVERY_KIND = {"a": "text\n", "b": 1, "c": True, "d": None, "e": ["one", ""]}


def _parts(count: int) -> dict[str, int]:
    return {f"part-{place:02}": place for place in range(count)}


def _digests(count: int) -> list[str]:
    return [f"{place:064x}" for place in range(count)]


_ENTITY, _OTHER, _DECISION = "e1" * 16, "e2" * 16, "d1" * 16
_PAIR = {"entity": _ENTITY, "other": _OTHER, "other-tip": OLD, "because": "one number", "program": "0.1.0"}
_SAID = {"entity": _ENTITY, "said-by": "herself", "said-on": "2026-11-24"}
_LINKS: list[tuple[str, str, str | None, dict[str, Any]]] = [
    (
        "finding_kept",
        "finding",
        TIP,
        {
            "at": "field 0 12 15",
            "state": "kept",
            "kind": "phone",
            "entity": _ENTITY,
            "entity-kind": "phone",
            "reader": 1,
        },
    ),
    (
        "finding_dismissed_inside_of_a_sealed_file",
        "finding",
        TIP,
        {
            "at": "inside-field 1.0 12 15",
            "state": "dismissed",
            "kind": "phone",
            "entity": None,
            "entity-kind": None,
            "reader": 1,
        },
    ),
    ("entity_name", "entity-name", TIP, {"entity": _ENTITY, "name": "the driver"}),
    ("entity_closed", "entity-closed", TIP, {"entity": _ENTITY, "closed": True}),
    ("entity_masked", "entity-masked", TIP, {"entity": _ENTITY, "masked": True, "because": ""}),
    ("role", "role", TIP, {"entity": _ENTITY, "role": "harmed", "said": True, "because": ""}),
    (
        "relation",
        "relation",
        TIP,
        {
            "entity": _ENTITY,
            "relation": "uses",
            "other": _OTHER,
            "other-tip": OLD,
            "said": True,
            "at": "field 0 12 15",
            "since": "2026-03-01",
            "until": None,
        },
    ),
    (
        "link",
        "link",
        TIP,
        {"decision": _DECISION, "verdict": "same", "against": "", "passages": [f"{TIP} phone field 0 12 15"]}
        | _PAIR,
    ),
    ("link_undone", "link-undone", TIP, {"undo": "d2" * 16, "decision": _DECISION} | _PAIR),
    (
        "deletion_of_an_entity",
        "deletion-entity",
        None,
        {"proposal": "a1" * 16, "entities": [_ENTITY], "passages": [f"{TIP} phone field 0 12 15"]},
    ),
    ("deletion_of_an_entity_held", "deletion-entity-held", None, {"proposal": "a1" * 16}),
    (
        "consent",
        "consent",
        None,
        {"consent": "c1" * 16, "receiver": "Shelter North", "purpose": "a bed", "knows": ["c0" * 16]} | _SAID,
    ),
    ("consent_withdrawn", "consent-withdrawn", None, {"consent": "c2" * 16} | _SAID),
    (
        "referral",
        "referral",
        None,
        {
            "referral": "c3" * 16,
            "entity": _ENTITY,
            "receiver": "Shelter North",
            "left-on": "2026-11-25",
            "properties": "name, alias",
        },
    ),
]
_PARTS: list[tuple[str, str, str | None, dict[str, Any]]] = [
    (
        "deletion_of_a_file",
        "deletion-file",
        TIP,
        {"proposal": "a2" * 16, "reason": "harm", "file": 3},
    ),
    (
        "deletion_of_an_answer",
        "deletion-answer",
        TIP,
        {"proposal": "a3" * 16, "reason": "asked", "reply": "b1" * 16},
    ),
]
