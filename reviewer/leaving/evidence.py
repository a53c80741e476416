"""Evidence packages: what staff chose, what would leave, and the package itself.

Choose, look at the preview, write. The preview is made of the same facts as the package.
"""

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from crypto.age.outside_recipient import Recipient
from crypto.age.x25519_file import ClassicalPublicKey
from crypto.keys.fingerprint import digit_groups
from reviewer.casebook.leaving import EVIDENCE, Departure
from reviewer.casebook.saved_folders import EVIDENCE_PACKAGE
from reviewer.cases.clean_export import files_of
from reviewer.cases.saving_place import remembered_folder, stays_in_memory
from reviewer.cases.shown_code import require_shown
from reviewer.cases.text_mask import TextMask, require_masks
from reviewer.clean_copy.children import Children
from reviewer.errors import NoCleanCopy, TracesStay
from reviewer.home.home import Home
from reviewer.leaving.evidence_choice import EvidenceChoice, require_whole
from reviewer.leaving.evidence_facts import ACT, EvidenceFacts, FileFact, LinkFact, TipFact, custody_of
from reviewer.leaving.leaving_files import LeavingFile, clean_copy, leaving_files, require_may_leave
from reviewer.leaving.own_keys import EvidencePublic, evidence_public, evidence_signing_key
from reviewer.leaving.package import SUMS, file_path, members_of, write_readable, write_sealed
from reviewer.leaving.passages import passages_of
from reviewer.leaving.readable_places import require_readable_place
from reviewer.leaving.report import report_pdf
from reviewer.leaving.tar_stream import Member
from system.atomic_files import whole_folder
from system.errors import ProgramError

_One = TypeVar("_One")


@dataclass(frozen=True, slots=True)
class Written:
    """The package that was written: the paths in it, and the key to compare."""

    paths: Sequence[str]
    key: EvidencePublic


@dataclass(frozen=True, slots=True)
class Gathered:
    """The facts of a package, and its ticked files."""

    facts: EvidenceFacts
    members: Sequence[Member]


def gather(home: Home, choice: EvidenceChoice, *, children: Children, today: dt.date) -> Gathered:
    """All that would leave. Nothing is written but the key of this home, where there is none yet.

    Raises:
        ProgramError: no tip, a tip twice, no receiver, an envelope that was not opened, a number that is none, or a
            word to mask that does not leave anyway.
        Quarantined: a ticked file is in quarantine; the attempt was counted.
        TracesStay: a clean copy was chosen, and of some ticked files none can be made.
        CutShort: the children were ended.
    """
    require_whole(choice)
    key = evidence_public(home, today=today)  # before the end of the log is read: it may add a line
    end = home.casebook.log.verify()
    tips: list[TipFact] = []
    members: list[Member] = []
    refused: list[tuple[str, NoCleanCopy]] = []
    mask = _mask(home, choice)
    for ticked in choice.tips:
        found = leaving_files(home, ticked.submission, children=children, today=today)
        facts: list[FileFact] = []
        for one in _ticked({each.number: each for each in found}, ticked.files, "files"):
            require_may_leave(home, ticked.submission, one, today=today)
            try:
                fact, member = _leaving(one, len(members) + 1, choice, mask, children)
            except NoCleanCopy as error:
                refused.append((one.file.name, error))
                continue
            facts.append(fact)
            members.append(member)
        passages = {each.number: each for each in passages_of(home, ticked.submission)}
        tips.append(
            TipFact(
                ticked.submission,
                home.casebook.handed_over.of(ticked.submission.envelope.sha256),
                custody_of(home, ticked.submission, exported=today),
                [
                    replace(one, text=mask.within(one.text))
                    for one in _ticked(passages, ticked.passages, "passages")
                ],
                facts,
            )
        )
    if refused:
        raise TracesStay(
            f"no clean copy can be made of {len(refused)} ticked files",
            refused=refused,
            clean=len(members),
            hint="untick them, or choose the files as they came",
        )
    facts_of_all = EvidenceFacts(
        home.organisation, choice.receiver, today, key, end.number, end.sha256, tips, links=_links(choice, mask)
    )
    facts_of_all = replace(facts_of_all, masked=len(mask.masked))
    if (added := choice.entities) is not None:
        facts_of_all = replace(facts_of_all, entity_file=added.file)
        members.append(Member.of_bytes(added.file.path, added.content))
    return Gathered(facts_of_all, members)


def write_evidence(
    home: Home,
    choice: EvidenceChoice,
    out: Path,
    *,
    to: Recipient | None,
    confirmed_readable: bool,
    children: Children,
    code: str | None = None,
    today: dt.date,
) -> Written:
    """Write the package to the new folder ``out``: sealed ``to`` a key, or readable.

    ``code`` is that of a preview in an earlier step. The line in the log comes before the
    folder: where none can be written, nothing leaves. A readable package is among the saved folders until it is
    destroyed.

    Raises:
        ProgramError: as :func:`gather`; readable without a confirmation, or at a place where it may not lie; or the
            code is not that of what would leave now.
    """
    if to is None:
        require_readable_place(home, out, confirmed=confirmed_readable)
    gathered = gather(home, choice, children=children, today=today)
    facts = gathered.facts
    require_shown(code, facts.code)
    report = report_pdf(facts, children=children)
    key = evidence_signing_key(home, today=today)
    members = members_of(facts, report=report, files=gathered.members, key=key)
    if to is not None:
        with whole_folder(out) as beside:
            write_sealed(beside, members, to=to)
            _record(home, choice, facts, members, to=to, today=today)
        return Written([one.path for one in members], facts.key)
    folder = out.absolute()
    with remembered_folder(
        home.casebook.saved_folders,
        choice.subject,
        folder,
        EVIDENCE_PACKAGE,
        is_in_memory=stays_in_memory(folder),
        today=today,
    ) as (beside, number):
        write_readable(beside, members)
        with home.casebook.changing():
            home.casebook.saved_folders.name_files(number, [one.path for one in members])
            _record(home, choice, facts, members, to=to, today=today)
    return Written([one.path for one in members], facts.key)


def leaving_texts(home: Home, choice: EvidenceChoice) -> list[str]:
    """The texts that leave: ticked passages, links, and the names of ticked files if these leave."""
    texts = [text for one in choice.links for text in one.texts()]
    for one in choice.tips:
        texts += [each.text for each in passages_of(home, one.submission) if each.number in one.passages]
        if choice.with_names:
            files = enumerate(files_of(home, one.submission), 1)
            texts += [file.name for number, (file, _read) in files if number in one.files]
    return texts


def recipient_words(to: Recipient | None) -> str:
    """A receiver's key on one short line: for the log, and the list of what left."""
    if to is None:
        return ""
    if isinstance(to, ClassicalPublicKey):
        return str(to)
    return "age1pq1… with SHA-256 " + digit_groups(hashlib.sha256(str(to).encode()).digest()[:8])


def _ticked(by_number: Mapping[int, _One], wanted: frozenset[int], what: str) -> list[_One]:
    if not wanted <= by_number.keys():
        raise ProgramError(f"{what} must be among the {len(by_number)} of the preview")
    return [by_number[number] for number in sorted(wanted)]


def _mask(home: Home, choice: EvidenceChoice) -> TextMask:
    """The words that are left out.

    Raises:
        ProgramError: one of them is in no text that leaves.
    """
    require_masks(leaving_texts(home, choice) if choice.masks else [], choice.masks)
    return TextMask(choice.masks)


def _links(choice: EvidenceChoice, mask: TextMask) -> list[LinkFact]:
    return [LinkFact(one.name, one.said(mask)) for one in choice.links]


def _leaving(
    one: LeavingFile, number: int, choice: EvidenceChoice, mask: TextMask, children: Children
) -> tuple[FileFact, Member]:
    name = mask.within(one.file.name) if choice.with_names else None
    if choice.clean:
        copy = clean_copy(one, children=children)
        member = Member.of_bytes(file_path(number, copy.kind.ending), copy.content)
    else:
        member = Member(file_path(number, one.file.name), one.file.length_bytes, one.file.sha256, one.read)
    fact = FileFact(
        member.path,
        member.sha256,
        member.length_bytes,
        one.file.sha256,
        choice.clean,
        one.words,
        one.trace_names,
        name,
    )
    return fact, member


def _record(
    home: Home,
    choice: EvidenceChoice,
    facts: EvidenceFacts,
    members: Sequence[Member],
    *,
    to: Recipient | None,
    today: dt.date,
) -> None:
    sums = next(one for one in members if one.path == SUMS)
    sealed = recipient_words(to)
    with home.casebook.changing():
        home.casebook.log.add(ACT, f"{choice.subject} for {facts.receiver}, {sealed or 'readable'}", today=today)
        if choice.noted is not None:  # behind the line whose number the custody has
            choice.noted()
        number = home.casebook.departures.add(
            Departure(
                today,
                EVIDENCE,
                facts.receiver,
                sealed,
                sums.sha256,
                sum(len(tip.passages) for tip in facts.tips),
                sum(len(tip.files) for tip in facts.tips),
                tips=tuple(tip.submission.envelope.sha256 for tip in facts.tips),
            )
        )
        if choice.entities is not None:
            choice.entities.noted(number)
