"""Lists, tips and chains of invented factories, for tests of flags, traces and pages."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

from crypto.questions.builtin_questionnaires import builtin_files, read_questionnaire
from tests.fakes_server import a_mailbox
from tests.reviewer.desk_stage import Desk

HUB = """os_id,name,address,country_code
QQ2026001AAAA1,Quillon Garments Ltd.,"Plot 6, Marrow Road, Vessby",BD
QQ2026001BBBB2,Ostrava Pelt Works,"12 Tannery Lane, Vessby",BD
"""
QUILLON, PELT = "F-1", "F-2"
ORIGIN = ("--publisher", "Invented Lists", "--licence", "CC0")
MAPS = {
    "suppliers": (
        'name = "Factory"\naddress = "Street"\ncountry = "Land"\ngoods = "Makes"\nbuyer_name = "Example Brand"\n'
    ),
    "uflpa": 'name = "Factory"\naddress = "Street"\ncountry = "Land"\n',
    "us-goods": 'good = "Good"\ncountry = "Land"\nchild = "Child"\nforced = "Forced"\n',
}
GOODS = "Good,Land,Child,Forced\nGarments,BD,X,X\nLeather,BD,X,\nBamboo,MM,,X\n"
NAMED = "Factory,Street,Land\n{name},{street},BD\n"


class ChainDesk:
    """A desk with one list of two factories, F-1 and F-2."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._sent = 0
        self.bring("os-hub", HUB)

    def bring(self, kind: str, content: str | bytes, *, ending: str = "csv", edition: str = "2026-11") -> str:
        """Import a list; its name, as L-2."""
        told: dict[str, Any] = self.desk.json(*self.importing(kind, content, ending=ending, edition=edition))
        return str(told["list"])

    def importing(
        self, kind: str, content: str | bytes, *, ending: str = "csv", edition: str = "2026-11"
    ) -> tuple[str | Path, ...]:
        """The command that imports a list."""
        path = self.desk.folder / f"{kind}.{ending}"
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        options: tuple[str | Path, ...] = ()
        if kind in MAPS:
            columns = self.desk.folder / f"{kind}.toml"
            columns.write_text(MAPS[kind], encoding="utf-8")
            options = ("--columns", columns)
        return ("supply", "import", self.desk.home, path, "--kind", kind, *options, *ORIGIN, "--edition", edition)

    def tips(self, *ticks: tuple[str, ...], mailbox: int | None = None, words: str = "") -> list[str]:
        """Tips from the questionnaire "work" with these ticks; each from a mailbox of its own, or all from one."""
        form = read_questionnaire(builtin_files()["work"])
        envelopes = []
        for some in ticks:
            self._sent += 1
            fields = [("text", words or f"Letter {self._sent}"), ("door", "work"), ("questions", form.sha256.hex())]
            fields += [("q:supplier", "Quillon Garments"), ("q:site", "Marrow Road, Vessby")]
            # A browser sends the ticks in the order of the form.
            offered = next(one.choices for one in form.questions() if one.key == "signs")
            fields += [("q:signs", one) for one in offered if one in some]
            keys = a_mailbox(mailbox or self._sent)
            envelopes.append(
                self.desk.server.seal(fields=fields, mailbox=keys, submission_id=self._sent.to_bytes(16, "big"))
            )
        return self.desk.take_in(*envelopes)

    def link(self, tip: str, facility: str = QUILLON) -> None:
        told = self.desk.json("supply", "link", self.desk.home, tip, facility, "--because", "names the gate")
        assert (told["tip"], told["facility"]) == (tip, facility)

    def same(self, one: str, other: str) -> None:
        told = self.desk.json("supply", "decide", self.desk.home, one, other, "same", "--because", "seen there")
        assert (told["facilities"], told["answer"]) == ([one, other], "same")

    def why(self, facility: str = QUILLON) -> dict[str, Any]:
        told: dict[str, Any] = self.desk.json("supply", "why", self.desk.home, facility)
        return told

    def weighed(self, facility: str = QUILLON) -> tuple[str, int]:
        told = self.why(facility)
        return told["level"], told["points"]

    def levels(self) -> list[tuple[str, str, int]]:
        told = self.desk.json("supply", "flags", self.desk.home)["places"]
        return [(one["facility"], one["level"], one["points"]) for one in told]


def steps_csv(*rows: str) -> str:
    """A table of steps."""
    return "\n".join(["step,kind,day,place,side,lot,quantity,unit,document,valid_until", *rows]) + "\n"


def epcis(*events: dict[str, Any], context: object = None) -> str:
    """An EPCIS 2.0 document with these events."""
    own = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
    return json.dumps(
        {
            "@context": [own] if context is None else [own, context],
            "type": "EPCISDocument",
            "schemaVersion": "2.0",
            "creationDate": dt.date(2026, 3, 1).isoformat() + "T00:00:00Z",
            "epcisBody": {"eventList": list(events)},
        }
    )


def made(name: str, taken: str, given: str, *, went_in: float = 100, came_out: float = 90) -> dict[str, Any]:
    """A transformation of one lot into another."""
    return {
        "type": "TransformationEvent",
        "eventID": name,
        "eventTime": "2026-03-02T10:00:00Z",
        "eventTimeZoneOffset": "+06:00",
        "bizLocation": {"id": QUILLON},
        "inputQuantityList": [{"epcClass": taken, "quantity": went_in, "uom": "KGM"}],
        "outputQuantityList": [{"epcClass": given, "quantity": came_out, "uom": "KGM"}],
    }


def grown(name: str, lot: str, *, quantity: float = 100) -> dict[str, Any]:
    """A lot that comes from a field."""
    return {
        "type": "ObjectEvent",
        "eventID": name,
        "action": "ADD",
        "eventTime": "2026-03-01T10:00:00Z",
        "eventTimeZoneOffset": "+06:00",
        "quantityList": [{"epcClass": lot, "quantity": quantity, "uom": "KGM"}],
    }
