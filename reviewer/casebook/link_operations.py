"""Which operations are about an entity, and which of them take each other's place.

Operations about findings and entities are found by two keys beside their tip: a *register*, the digest of what of
them one value counts, and the random ids of the entities that they name. Neither holds a word.
"""

import hashlib
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from crypto.keys.keys import PartyVerifyKey
from crypto.sharing.operation import Operation

if TYPE_CHECKING:
    from reviewer.casebook.database import CasebookDatabase

FINDING: Final = "finding"
ENTITY_NAME: Final = "entity-name"
ENTITY_CLOSED: Final = "entity-closed"
ENTITY_MASKED: Final = "entity-masked"
ROLE: Final = "role"
RELATION: Final = "relation"
LINK: Final = "link"
LINK_UNDONE: Final = "link-undone"
CONSENT: Final = "consent"
CONSENT_WITHDRAWN: Final = "consent-withdrawn"
REFERRAL: Final = "referral"

REGISTERS: Final[dict[str, tuple[str, ...]]] = {
    FINDING: ("tip", "at"),
    ENTITY_NAME: ("entity",),
    ENTITY_CLOSED: ("entity",),
    ENTITY_MASKED: ("entity",),
    ROLE: ("tip", "entity", "role"),
    RELATION: ("entity", "relation", "other"),
    LINK: ("decision",),
    LINK_UNDONE: ("undo",),
    CONSENT: ("consent",),
    CONSENT_WITHDRAWN: ("consent",),
    REFERRAL: ("referral",),
}
"""Of each kind, the parts that tell registers apart; ``tip`` is that of the operation."""

BY_ID: Final = (ENTITY_CLOSED, ENTITY_MASKED, LINK, LINK_UNDONE)
"""Kinds that protect by the id of an entity: they take effect also where their tip is not here."""

ENTITY, ENTITY_KIND, OTHER, OTHER_TIP = "entity", "entity-kind", "other", "other-tip"
BECAUSE: Final = "because"
PEOPLE: Final = frozenset({"person", "organisation"})
"""The kinds of entities to whom others belong, and who can be harmed."""
_ID_BYTES: Final = 16
_ID_LABEL: Final = b"tipline/v1/id-by-author\0"


def register_of(operation: Operation) -> bytes:
    """The register of an operation of one of these kinds: 32 bytes."""
    return register(operation.kind, operation.tip, {name: operation.text(name) for name in operation.content})


def register(kind: str, tip: bytes | None, content: dict[str, str]) -> bytes:
    """The same before there is an operation."""
    parts = [kind]
    parts += [tip.hex() if tip and part == "tip" else content.get(part, "") for part in REGISTERS[kind]]
    return hashlib.sha256("\0".join(parts).encode()).digest()


def entity_ids(operation: Operation) -> list[bytes]:
    """The ids of the entities that an operation names; none where they have no such form."""
    return [one for one in (id_of(operation.text(part)) for part in (ENTITY, OTHER)) if one is not None]


def id_of(untrusted_text: str, *, length_bytes: int = _ID_BYTES) -> bytes | None:
    """The bytes of an id in lower-case hex digits, or None."""
    try:
        found = bytes.fromhex(untrusted_text)
    except ValueError:
        return None
    return found if len(found) == length_bytes and found.hex() == untrusted_text else None


def id_by_author(author: PartyVerifyKey, said_id: bytes) -> bytes:
    """The id (16 bytes) here of a thing that an author named by ``said_id``.

    Two authors can say one id; so neither can take the place of what the other named.
    """
    return hashlib.sha256(_ID_LABEL + author.to_bytes() + said_id).digest()[:_ID_BYTES]


class LinkOperations:
    """The index over operations; each method is a part of the caller's change."""

    def __init__(self, small: "CasebookDatabase") -> None:
        self._small = small

    def note(self, operation: Operation) -> None:
        """Index an operation that was kept; its content goes at once where what it names was forgotten here."""
        if operation.kind not in REGISTERS:
            return
        other_tip = id_of(operation.text(OTHER_TIP), length_bytes=32)
        self._small.run(
            "INSERT OR IGNORE INTO link_operations VALUES (?, ?, ?)",
            (operation.sha256, register_of(operation), other_tip),
        )
        for entity in entity_ids(operation):
            self._small.run(
                "INSERT OR IGNORE INTO link_operation_entities VALUES (?, ?, ?)",
                (entity, operation.kind, operation.sha256),
            )
        if self._is_gone(operation, other_tip):
            self._erase("sha256 = ?", operation.sha256)

    def entities_of_tip(self, tip: bytes) -> list[bytes]:
        """The entities that findings in a tip were kept for, by what is shared."""
        rows = self._small.rows(
            "SELECT DISTINCT entity_id FROM link_operation_entities WHERE kind = ?"
            " AND operation IN (SELECT sha256 FROM operations WHERE tip = ? AND kind = ?)",
            (FINDING, tip, FINDING),
        )
        return [bytes(row[0]) for row in rows]

    def erase_of_other_tip(self, tip: bytes) -> None:
        """Destroy the content of operations that are about two tips, of which this one goes."""
        self._erase("sha256 IN (SELECT operation FROM link_operations WHERE other_tip = ?)", tip)

    def erase_if_ended(self, entities: Iterable[bytes]) -> None:
        """Destroy the content of all operations about entities for which no finding is kept any more."""
        for entity in entities:
            lives = self._small.row(
                "SELECT 1 FROM link_operation_entities AS e JOIN operations ON sha256 = e.operation"
                " WHERE e.entity_id = ? AND e.kind = ? AND body IS NOT NULL AND NOT EXISTS"
                " (SELECT 1 FROM operations_replaced JOIN operations AS later"
                " ON later.sha256 = operations_replaced.operation"
                " WHERE operations_replaced.replaced = e.operation AND later.kind = e.kind) LIMIT 1",
                (entity, FINDING),
            )
            if lives is None:
                self._erase_naming(entity)

    def forget(self, entity: bytes) -> None:
        """Destroy the content of all operations about an entity, those to come too."""
        self._small.run("INSERT OR IGNORE INTO entities_gone VALUES (?)", (entity,))
        self._erase_naming(entity)

    def taken_from(self, entity: bytes) -> list[bytes]:
        """The registers of findings that were kept for an entity, and by an operation in force are no more."""
        rows = self._small.rows(
            "SELECT DISTINCT r.register FROM link_operation_entities AS e"
            " JOIN link_operations AS r ON r.operation = e.operation WHERE e.entity_id = ?1 AND e.kind = ?2"
            " AND EXISTS (SELECT 1 FROM link_operations AS later JOIN operations ON sha256 = later.operation"
            " WHERE later.register = r.register AND body IS NOT NULL AND NOT EXISTS (SELECT 1"
            " FROM link_operation_entities AS n WHERE n.operation = later.operation AND n.entity_id = ?1))"
            " ORDER BY 1",
            (entity, FINDING),
        )
        return [bytes(row[0]) for row in rows]

    def has_erased(self, entity: bytes) -> bool:
        """True if the content of an operation about an entity was destroyed."""
        row = self._small.row(
            "SELECT 1 FROM operations WHERE body IS NULL AND sha256 IN"
            " (SELECT operation FROM link_operation_entities WHERE entity_id = ?) LIMIT 1",
            (entity,),
        )
        return row is not None

    def is_forgotten(self, entity: bytes) -> bool:
        """True if this entity was forgotten here."""
        return self._small.row("SELECT 1 FROM entities_gone WHERE entity_id = ?", (entity,)) is not None

    def _is_gone(self, operation: Operation, other_tip: bytes | None) -> bool:
        if any(self.is_forgotten(one) for one in entity_ids(operation)):
            return True
        found = self._small.row("SELECT 1 FROM operations_gone WHERE tip = ?", (other_tip,))
        return other_tip is not None and found is not None

    def _erase_naming(self, entity: bytes) -> None:
        self._erase("sha256 IN (SELECT operation FROM link_operation_entities WHERE entity_id = ?)", entity)

    def _erase(self, which: str, value: bytes) -> None:
        self._small.run(
            f"UPDATE operations SET body = NULL, is_applied = 1 WHERE {which} AND body IS NOT NULL",  # noqa: S608
            (value,),
        )
