"""EPCIS 2.0 in JSON as rows of text, read only in a process that is shut in. Nothing is fetched.

One row stands for each lot of an event, and one for an event without any. Vocabularies of other makers are not
looked up: their fields are named as left out, and stand in the event as it came.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from reviewer.viewers.table_faults import TableFault, Trouble
from reviewer.viewers.table_text import decoded

MOST_DEPTH: Final = 64
_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)
"""A text that does not end reaches to the end of the file, so that no part of it is read twice."""
_OWN_CONTEXT: Final = "https://ref.gs1.org/standards/epcis/"
_OBJECT_KINDS: Final = {"ADD": ("origin", "out"), "OBSERVE": ("move", "at"), "DELETE": ("end", "in")}
_GROUP_KINDS: Final = {
    "AggregationEvent": ("pack", "unpack"),
    "AssociationEvent": ("join", "part"),
}
_USED: Final = frozenset({"type", "eventID", "eventTime", "action", "bizLocation", "readPoint", "errorDeclaration"})
_LOTS: Final = {
    "ObjectEvent": ("epcList", "quantityList"),
    "TransactionEvent": ("epcList", "quantityList", "parentID"),
    "AggregationEvent": ("parentID", "childEPCs", "childQuantityList"),
    "AssociationEvent": ("parentID", "childEPCs", "childQuantityList"),
    "TransformationEvent": ("inputEPCList", "inputQuantityList", "outputEPCList", "outputQuantityList"),
}
_DOCUMENTS: Final = ("bizTransactionList", "certificationInfo")

Lot = tuple[str, str, str, str]
"""Side, lot, quantity and unit."""


def epcis_rows(untrusted_file: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows, each with the number of its event, from 1.

    Raises:
        Trouble: it is no such document, or it is nested too deep.
    """
    text = decoded(untrusted_file)
    _require_flat(text)
    try:
        document = json.loads(text, parse_constant=_refuse, object_pairs_hook=_each_once)
    except (ValueError, RecursionError):
        raise Trouble(TableFault.NOT_EPCIS, 0) from None
    foreign = _foreign_contexts(document)
    for number, event in enumerate(_events(document), 1):
        yield from ((number, row) for row in _rows(number, event, foreign))


def _require_flat(text: str) -> None:
    depth = 0
    for found in _TOKEN.finditer(text):
        letter = found.group()
        if letter in ("[", "{"):
            depth += 1
            if depth > MOST_DEPTH:
                raise Trouble(TableFault.TOO_DEEP, 1 + text.count("\n", 0, found.start()))
        elif letter in ("]", "}"):
            depth -= 1


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def _refuse(_constant: str) -> object:
    raise ValueError


def _events(document: Any) -> list[Any]:
    if not isinstance(document, dict):
        raise Trouble(TableFault.NOT_EPCIS, 0)
    if document.get("type") in _LOTS:
        return [document]
    body = document.get("epcisBody")
    if isinstance(body, dict):
        results = body.get("queryResults")
        inner = results.get("resultsBody") if isinstance(results, dict) else body
        if isinstance(inner, dict):
            events = inner.get("eventList", [inner["event"]] if "event" in inner else None)
            if isinstance(events, list):
                return events
    raise Trouble(TableFault.NOT_EPCIS, 0)


def _foreign_contexts(document: Any) -> list[str]:
    """Contexts of other makers: they are named, and never fetched."""
    found = document.get("@context", []) if isinstance(document, dict) else []
    some = found if isinstance(found, list) else [found]
    named = [one if isinstance(one, str) else json.dumps(one) for one in some]
    return [f"@context {one}" for one in named if not one.startswith(_OWN_CONTEXT)]


def _rows(number: int, event: Any, foreign: list[str]) -> Iterator[dict[str, str]]:
    if not isinstance(event, dict) or event.get("type") not in _LOTS:
        raise Trouble(TableFault.NOT_AN_EVENT, number)
    kind, lots = _lots(number, event)
    raw = json.dumps(event, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(raw.encode("utf-8", "surrogatepass")).hexdigest()
    used = {*_USED, *_LOTS[event["type"]], *_DOCUMENTS}
    left_out = [*foreign, *sorted(name for name in event if name not in used)]
    whole = {
        "step": _text(event.get("eventID")) or f"sha256:{digest}",
        "kind": kind,
        "day": _text(event.get("eventTime"))[:10],
        "place": _place(event),
        "document": " ".join(_documents(event)),
        "struck": _declared(event),
        "left_out": ", ".join(left_out),
        "raw": raw,
    }
    for side, lot, quantity, unit in lots or [("", "", "", "")]:
        yield whole | {"side": side, "lot": lot, "quantity": quantity, "unit": unit}
        whole = {"step": whole["step"]}


def _lots(number: int, event: Mapping[str, Any]) -> tuple[str, list[Lot]]:
    action, kind = event.get("action"), event["type"]
    if kind == "TransformationEvent":
        return "make", [
            *_some(number, event, "in", "inputEPCList", "inputQuantityList"),
            *_some(number, event, "out", "outputEPCList", "outputQuantityList"),
        ]
    if not isinstance(action, str) or action not in _OBJECT_KINDS:
        raise Trouble(TableFault.NOT_AN_EVENT, number)
    parent = _text(event.get("parentID"))
    if kind in _GROUP_KINDS:
        together, apart = _GROUP_KINDS[kind]
        names = ("childEPCs", "childQuantityList")
        if action == "OBSERVE":
            return "move", [*([("at", parent, "", "")] if parent else []), *_some(number, event, "at", *names)]
        is_apart = action == "DELETE"
        children = _some(number, event, "out" if is_apart else "in", *names)
        whole = [("in" if is_apart else "out", parent, "", "")] if parent else []
        return apart if is_apart else together, [*children, *whole]
    if kind == "TransactionEvent":
        lots = _some(number, event, "at", "epcList", "quantityList")
        return "sell", [*([("at", parent, "", "")] if parent else []), *lots]
    word, side = _OBJECT_KINDS[action]
    return word, _some(number, event, side, "epcList", "quantityList")


def _some(number: int, event: Mapping[str, Any], side: str, single: str, amounts: str) -> list[Lot]:
    found: list[Lot] = []
    for one in _list(number, event.get(single, [])):
        if not isinstance(one, str):
            raise Trouble(TableFault.NOT_AN_EVENT, number)
        found.append((side, one, "1", "items"))
    for one in _list(number, event.get(amounts, [])):
        if not isinstance(one, dict) or not isinstance(one.get("epcClass"), str):
            raise Trouble(TableFault.NOT_AN_EVENT, number)
        quantity = one.get("quantity", "")
        if isinstance(quantity, bool) or not isinstance(quantity, (int, float, str)):
            raise Trouble(TableFault.NOT_AN_EVENT, number)
        unit = _text(one.get("uom")) or ("items" if quantity != "" else "")
        found.append((side, one["epcClass"], str(quantity), unit))
    return found


def _list(number: int, value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise Trouble(TableFault.NOT_AN_EVENT, number)
    return value


def _place(event: Mapping[str, Any]) -> str:
    for name in ("bizLocation", "readPoint"):
        place = event.get(name)
        if isinstance(place, dict) and (found := _text(place.get("id"))):
            return found
    return ""


def _documents(event: Mapping[str, Any]) -> Iterator[str]:
    for name in _DOCUMENTS:
        value = event.get(name, [])
        for one in value if isinstance(value, list) else [value]:
            text = _text(one.get("bizTransaction")) if isinstance(one, dict) else _text(one)
            if text:
                yield text


def _declared(event: Mapping[str, Any]) -> str:
    """The reason of an error declaration; such an event strikes out the one with the same name."""
    declaration = event.get("errorDeclaration")
    if declaration is None:
        return ""
    return (_text(declaration.get("reason")) if isinstance(declaration, dict) else "") or "declared as an error"


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
