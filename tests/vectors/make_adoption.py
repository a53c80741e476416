"""Vectors of ``docs/formats/manifest.md``, section "Adopting": ways along signed manifests that lie in one file."""

import datetime as dt
import hashlib
from typing import Any

from nacl.signing import SigningKey

from tests.vectors.book import (
    BAD_SIGNATURE,
    EXPIRED,
    FORKED,
    HERE,
    NOT_FOR_US,
    OPENS,
    OUT_OF_ORDER,
    ROLLED_BACK,
    TOO_EARLY,
    Piece,
    VectorBook,
    part_of,
)
from tests.vectors.make_manifest import fields, keys
from tests.vectors.make_minisign import ROOT, signature_file
from tests.vectors.make_party import entry, sign_text, written

FILE = "adoption_manifests.bin"
FIRST_DAY = dt.date(2026, 11, 25)
OTHER_ROOT = SigningKey(bytes([78]) * 32)
TODAY = "2026-12-01"
OWN = sign_text(30)
"""The signature key of the one server that the manifests list."""


class SignedFiles:
    """Manifests and signatures, one after another in the file beside the books, by name."""

    def __init__(self) -> None:
        self.raw: dict[str, bytes] = {}
        self._all = b""
        self._places: dict[str, list[list[Piece]]] = {}

    def add(self, name: str, *, by: SigningKey = ROOT, signed: bytes | None = None, **changed: Any) -> None:
        """A manifest; ``signed`` are the bytes that the signature is over, where they are not its own."""
        raw = written(fields(**changed))
        self.raw[name] = raw
        self._places[name] = []
        for part in (raw, signature_file(signed or raw, key=by, comment=b"a manifest")):
            self._places[name].append([part_of(FILE, len(self._all), len(self._all) + len(part))])
            self._all += part

    def pieces(self, name: str) -> list[list[Piece]]:
        """Manifest and signature, as a book tells them."""
        return self._places[name]

    def sha256(self, name: str) -> str:
        return hashlib.sha256(self.raw[name]).hexdigest()

    def save(self) -> None:
        path = HERE / FILE
        assert not path.exists() or path.read_bytes().startswith(self._all), f"{FILE} has changed"
        path.write_bytes(self._all)


def fill() -> None:
    files = _chain()
    _days(files)
    files.save()
    _adoption(files)
    _keys_of_a_day(files)


def _chain() -> SignedFiles:
    """Versions 1 to 6, each issued a day after the one before, and others that go wrong at one of them."""
    files = SignedFiles()

    def add(name: str, version: int, after: str | None, **changed: Any) -> None:
        issued = FIRST_DAY + dt.timedelta(version)
        known = {"issued": issued.isoformat(), "version": version, **changed}
        files.add(name, previous=files.sha256(after) if after else None, **known)

    add("1", 1, None)
    for version in range(2, 7):
        add(str(version), version, str(version - 1))
    argon2 = fields()["argon2"]
    add("3 of one day", 3, "2", expires="2026-11-28")
    add("4 after 3 of one day", 4, "3 of one day")
    add("3 with other bytes", 3, "2", organisation="Another Watch")
    add("4 after another", 4, "3 with other bytes")
    add("4 with another salt", 4, "3", argon2={**argon2, "salt": "AAECAwQFBgcICQoLDA0OEA=="})
    add("4 with other memory", 4, "3", argon2={**argon2, "memory_kib": 131072})
    add("4 with other passes", 4, "3", argon2={**argon2, "passes": 4})
    add("4 with other lanes", 4, "3", argon2={**argon2, "lanes": 2})
    add("4 to the day", 4, "3", expires=TODAY)
    add("4 to the day before", 4, "3", expires="2026-11-30")
    add("4 of tomorrow", 4, "3", issued="2026-12-02")
    add("4 of the day after", 4, "3", issued="2026-12-03")
    add("4 without servers", 4, "3", servers=[])
    add("4 with another server", 4, "3", servers=[entry("server-1", 31)])
    add("4 by another root", 4, "3", by=OTHER_ROOT)
    add("4 with the signature of 3", 4, "3", signed=files.raw["3"])
    return files


def _adoption(files: SignedFiles) -> None:
    book = VectorBook("adoption")

    def add(
        name: str, outcome: str, run: list[str], *, at: str | None = "3", seen: int = 0, today: str = TODAY
    ) -> None:
        told: dict[str, Any] = {
            "root": ROOT.verify_key.encode().hex(),
            "own": OWN,
            "current": None if at is None else files.pieces(at),
            "run": [files.pieces(one) for one in run],
            "highest_seen": seen,
            "today": today,
        }
        if outcome == OPENS:
            last = max(run, key=lambda one: int(one.split()[0]))
            told |= {"version": int(last.split()[0]), "sha256": files.sha256(last)}
        book.add_fixed(name, outcome, told)

    add("run_of_the_next", OPENS, ["4"])
    add("run_of_several_that_were_missed", OPENS, ["4", "5", "6"])
    add("run_in_another_order", OPENS, ["6", "4", "5"])
    add("run_with_one_of_them_twice", OPENS, ["4", "4"])
    add("run_from_before_the_one_at_hand", OPENS, ["1", "2", "3", "4"])
    add("run_that_ends_with_the_one_at_hand", OPENS, ["3"])
    add("run_on_a_machine_that_has_none", OPENS, ["3", "4"], at=None)
    add("run_over_one_that_is_past_its_last_day", OPENS, ["3 of one day", "4 after 3 of one day"], at="2")
    add("run_from_one_that_is_past_its_last_day", OPENS, ["4 after 3 of one day"], at="3 of one day")
    add("run_to_the_highest_version_seen", OPENS, ["4"], seen=4)
    add("run_with_a_gap_after_the_one_at_hand", OUT_OF_ORDER, ["5"])
    add("run_with_a_gap_further_on", OUT_OF_ORDER, ["4", "6"])
    add("run_with_a_gap_before_the_one_at_hand", OUT_OF_ORDER, ["1", "3", "4"])
    add("run_with_a_gap_on_a_machine_that_has_none", OUT_OF_ORDER, ["3", "5"], at=None)
    add("run_that_ends_before_the_one_at_hand", ROLLED_BACK, ["2"])
    add("run_that_ends_before_the_highest_version_seen", ROLLED_BACK, ["4"], seen=5)
    add("run_below_the_highest_seen_on_a_machine_that_has_none", ROLLED_BACK, ["4"], at=None, seen=5)
    add("version_at_hand_with_other_bytes", FORKED, ["3 with other bytes"])
    add("version_twice_in_the_run", FORKED, ["3", "3 with other bytes"], at=None)
    add("version_below_the_one_at_hand_forked", FORKED, ["3 with other bytes", "4"], at="3")
    add("previous_of_another", FORKED, ["4 after another"])
    add("salt_changed", FORKED, ["4 with another salt"])
    add("memory_changed", FORKED, ["4 with other memory"])
    add("passes_changed", FORKED, ["4 with other passes"])
    add("lanes_changed", FORKED, ["4 with other lanes"])
    add("expires_today", OPENS, ["4 to the day"])
    add("expires_yesterday", EXPIRED, ["4 to the day before"])
    add("issued_tomorrow", OPENS, ["4 of tomorrow"])
    add("issued_the_day_after_tomorrow", TOO_EARLY, ["4 of the day after"])
    add("clock_a_year_behind", TOO_EARLY, ["4"], today="2025-12-01")
    add("clock_a_year_ahead", EXPIRED, ["4"], today="2027-12-01")
    add("server_listed_no_more", NOT_FOR_US, ["4 without servers"])
    add("server_under_another_key", NOT_FOR_US, ["4 with another server"])
    add("signature_by_another_root", BAD_SIGNATURE, ["4 by another root"])
    add("signature_of_another_version", BAD_SIGNATURE, ["4 with the signature of 3"])
    book.save()


def _days(files: SignedFiles) -> None:
    weeks = [{"keys": keys(40 + 4 * place), "week": f"2026-W{48 + place}"} for place in range(3)]
    quarters = [{"keys": keys(60), "quarter": "2026-Q4"}, {"keys": keys(64), "quarter": "2027-Q1"}]
    files.add("three weeks", intake=weeks, sealed=quarters, expires="2027-12-01")
    files.add("a week missing", intake=[weeks[0], weeks[2]], expires="2027-12-01")
    files.add("no weeks", expires="2027-12-01")
    files.add("short", intake=weeks, sealed=quarters, expires="2026-12-06")


def _keys_of_a_day(files: SignedFiles) -> None:
    book = VectorBook("keys_of_a_day")

    def add(name: str, outcome: str, manifest: str, today: str, *, of: str = "intake", found: str = "") -> None:
        raw, signature = files.pieces(manifest)
        told = {
            "root": ROOT.verify_key.encode().hex(),
            "manifest": raw,
            "signature": signature,
            "keys": of,
            "today": today,
        }
        book.add_fixed(name, outcome, told | ({"found": found} if found else {}))

    three, missing, none, short = "three weeks", "a week missing", "no weeks", "short"
    add("week_on_a_day_of_its_own", OPENS, three, "2026-11-25", found="2026-W48")
    add("week_on_its_sunday", OPENS, three, "2026-11-29", found="2026-W48")
    add("week_gives_way_on_the_monday_of_the_next", OPENS, three, "2026-11-30", found="2026-W49")
    add("week_on_its_ninth_day_where_no_newer_is_valid", OPENS, missing, "2026-12-01", found="2026-W48")
    add("week_on_its_tenth_day", EXPIRED, missing, "2026-12-02")
    add("week_not_begun_yet", EXPIRED, missing, "2026-12-06")
    add("week_begins_on_its_monday", OPENS, missing, "2026-12-07", found="2026-W50")
    add("week_last_of_all_on_its_ninth_day", OPENS, three, "2026-12-15", found="2026-W50")
    add("week_last_of_all_on_its_tenth_day", EXPIRED, three, "2026-12-16")
    add("week_of_none", EXPIRED, none, "2026-11-25")
    add("manifest_on_the_day_before_its_issue", OPENS, three, "2026-11-24", found="2026-W48")
    add("manifest_two_days_before_its_issue", TOO_EARLY, three, "2026-11-23")
    add("manifest_on_its_last_day", OPENS, short, "2026-12-06", found="2026-W49")
    add("manifest_after_its_last_day", EXPIRED, short, "2026-12-07")
    add("clock_a_year_behind", TOO_EARLY, three, "2025-11-25")
    add("quarter_on_its_last_day", OPENS, three, "2026-12-31", of="sealed", found="2026-Q4")
    add("quarter_gives_way_on_the_first_day_of_the_next", OPENS, three, "2027-01-01", of="sealed", found="2027-Q1")
    add("quarter_last_of_all_on_its_last_day", OPENS, three, "2027-03-31", of="sealed", found="2027-Q1")
    add("quarter_after_the_last_of_all", EXPIRED, three, "2027-04-01", of="sealed")
    add("quarter_of_none", EXPIRED, none, "2026-11-25", of="sealed")
    add("quarter_of_a_manifest_after_its_last_day", EXPIRED, short, "2026-12-07", of="sealed")
    book.save()
