"""Passages of a text, sealed for a translator outside of the team, and the translation that returns.

Only the passages that were chosen leave, with chosen words masked; no id, day, mailbox or name of a file does.
What returns is untrusted text, which is put beside the source's.
"""

import datetime as dt
import io
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from crypto.age.age_armor import BEGIN, unarmored
from crypto.age.envelope import EnvelopeWriter, open_envelope
from crypto.age.x25519_file import (
    SECRET_PREFIX,
    ClassicalPublicKey,
    ClassicalSecretKey,
    open_classical,
    seal_classical,
)
from crypto.errors import CryptoError
from crypto.keys.keys import HYBRID_SECRET_PREFIX, HybridPublicKey, HybridSecretKey
from reviewer.casebook.submission import Submission
from reviewer.casebook.translators import TranslatorOrder
from reviewer.cases.text_mask import TextMask, require_masks
from reviewer.cases.text_parts import find_part
from reviewer.cases.translating import TRANSLATION_BYTES, add_translation
from reviewer.cases.translator_keys import find_translator, translator_key
from reviewer.home.home import Home
from reviewer.languages.text_language import language_name, reads_like
from system.atomic_files import write_whole
from system.errors import ProgramError
from system.given_files import read_beginning

AGE_MAGIC: Final = b"age-encryption.org/v1\n"
MOST_PASSAGES: Final = 200
_SENTENCE: Final = re.compile(r"[^\n.!?…؟۔।。！？]+(?:[.!?…؟۔।。！？]+[\"'”’»)\]」』）]*|\n|$)|[.!?…]+")
_RETURN_BYTES: Final = 4 * TRANSLATION_BYTES


@dataclass(frozen=True, slots=True)
class OrderText:
    """The passages for the translator; ``masked`` are the words behind the marks, in order."""

    text: str = field(repr=False)
    masked: Sequence[str] = field(repr=False)
    passages: Sequence[int]


def passages_of(text: str) -> list[str]:
    """The sentences and lines of a text that can be chosen, at most 200; the last one holds the rest."""
    found = [piece.strip() for piece in _SENTENCE.findall(text) if piece.strip()]
    return [
        *found[: MOST_PASSAGES - 1],
        *(["\n".join(found[MOST_PASSAGES - 1 :])] if len(found) >= MOST_PASSAGES else []),
    ]


def order_text(text: str, *, passages: Sequence[int], masks: Sequence[str]) -> OrderText:
    """The chosen passages (numbers from 1), in which every word of ``masks`` is a mark.

    Raises:
        ProgramError: no passage, or a number of none.
    """
    known = passages_of(text)
    numbers = sorted(set(passages))
    if not numbers or not 1 <= numbers[0] <= numbers[-1] <= len(known):
        raise ProgramError(f"choose at least one passage, by numbers from 1 to {len(known)}")
    mask = TextMask(masks)
    shown = [f"({number}) {mask.within(known[number - 1])}" for number in numbers]
    return OrderText("\n\n".join(shown), mask.masked, numbers)


def seal_order(
    home: Home,
    submission: Submission,
    part: str | None,
    *,
    translator: str,
    passages: Sequence[int],
    masks: Sequence[str],
    noted: Callable[[], None] | None = None,
    out: Path,
    today: dt.date,
) -> TranslatorOrder:
    """Seal passages of one text to a translator's key and write them to ``out``.

    ``noted`` is called in the transaction that keeps the order.

    Raises:
        ProgramError: as :func:`order_text`; a word to mask that is not there; no such text or translator, a key
            that was not compared, or a file that cannot be written: then nothing is kept.
    """
    found = find_part(home, submission, part)
    person = find_translator(home, translator)
    if person.compared_day is None:
        raise ProgramError(
            "the key of this translator was not compared by telephone yet",
            hint="tipline-review translators compared HOME NAME LETTERS",
        )
    require_masks([found.text], masks)
    chosen = order_text(found.text, passages=passages, masks=masks)
    if out.exists() or out.is_symlink():
        # Any age file begins the same way, and another person's would be lost.
        raise ProgramError("there is a file of this name already", hint="name a new file; nothing was sealed")
    recipient = translator_key(person.recipient)
    key = HybridSecretKey.generate() if isinstance(recipient, HybridPublicKey) else ClassicalSecretKey.generate()
    kept = json.dumps({"numbers": list(chosen.passages), "masked": list(chosen.masked)})
    with home.casebook.changing():
        number = home.casebook.translator_orders.add(
            submission.number,
            found.key,
            translator=person.name,
            passages=kept,
            identity=key.reveal(),
            today=today,
        )
        home.casebook.log.add("sealed for a translator", f"{submission.short_id}, order {number}", today=today)
        if noted is not None:
            noted()
        letter = order_letter(chosen, number=number, tag=reads_like(found.text), key=str(key.public_key()))
        write_whole(out, _sealed(letter.encode(errors="replace"), recipient))
    order = home.casebook.translator_orders.find(number)
    if order is None:
        raise RuntimeError("an order that was kept is there")
    return order


def order_letter(chosen: OrderText, *, number: int | None, tag: str, key: str) -> str:
    """The file that the translator opens: request, passages, and how to return the translation.

    ``number`` is None in a preview: an order gets its number when it is sealed.
    """
    marks = (
        "Words like [#1] are left out on purpose. Keep these marks where they belong.\n" if chosen.masked else ""
    )
    return (
        f"Order {number or '…'}. It reads like: {language_name(tag)}.\n"
        "Please translate what stands below. Keep the numbers. Add nothing, and leave nothing out.\n"
        f"{marks}\n{chosen.text}\n\n"
        "Write the translation into a text file, translation.txt. Seal it with this key, which is for this order"
        f" only:\n\n    age -r {key} -o translation.age translation.txt\n\n"
        "Send translation.age back, and delete this file and yours.\n"
    )


def take_return(home: Home, number: int, path: Path, *, today: dt.date) -> TranslatorOrder:
    """Put the translation that returned beside its text, and forget the order's key.

    The file is sealed to the order's key, or plain text.

    Raises:
        ProgramError: no such order, returned already, or a file that is neither; nothing changes then.
    """
    order = home.casebook.translator_orders.find(number)
    if order is None:
        raise ProgramError("there is no order of this number")
    if order.identity is None:
        raise ProgramError("the translation of this order has returned already")
    text = _opened(_read(path), order.identity)
    (submission,) = home.casebook.overview.some([order.submission])
    with home.casebook.changing():
        add_translation(
            home, submission, order.part, text, author=order.translator, today=today, is_from_outside=True
        )
        home.casebook.translator_orders.mark_returned(number, today=today)
        home.casebook.log.add("translation returned", f"{submission.short_id}, order {number}", today=today)
    return order


def masked_words(order: TranslatorOrder) -> list[str]:
    """The words behind the marks of an order, in order: the first one stands behind [#1]."""
    return [str(word) for word in json.loads(order.passages)["masked"]]


def _sealed(content: bytes, recipient: ClassicalPublicKey | HybridPublicKey) -> bytes:
    if isinstance(recipient, ClassicalPublicKey):
        return seal_classical(content, to=recipient)
    pieces: list[bytes] = []
    writer = EnvelopeWriter(pieces.append, to=[recipient])
    writer.write(content)
    writer.finish()
    return b"".join(pieces)


def _read(path: Path) -> bytes:
    raw = read_beginning(path, _RETURN_BYTES)
    if len(raw) > _RETURN_BYTES:
        raise ProgramError(f"a translation must have at most {TRANSLATION_BYTES:,} bytes")
    return raw


def _opened(untrusted_bytes: bytes, identity: str) -> str:
    content = untrusted_bytes
    if untrusted_bytes.lstrip().startswith((AGE_MAGIC.split(b"/")[0], BEGIN)):
        try:
            content = _content(untrusted_bytes, identity)
        except CryptoError as error:
            raise ProgramError(
                f"the file is not sealed to the key of this order, or was changed: {error}",
                hint="each order has a key of its own; nothing was changed",
            ) from error
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise ProgramError("a translation must be a text file in UTF-8") from error


def _content(untrusted_bytes: bytes, identity: str) -> bytes:
    source = unarmored(io.BytesIO(untrusted_bytes))
    if identity.lower().startswith(f"{HYBRID_SECRET_PREFIX}1"):
        return open_envelope(source, keys=[HybridSecretKey.parse(identity)]).read()
    if not identity.lower().startswith(f"{SECRET_PREFIX}1"):
        raise RuntimeError("the key of an order is of one of two kinds")
    return open_classical(source, key=ClassicalSecretKey.parse(identity), limit_bytes=_RETURN_BYTES)
